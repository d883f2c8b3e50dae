/*
 * report - what do the records of a month come to?
 *
 * Reads the database beside a running `serve`: directly, each query within
 * the reader's two seconds, and if one of them needs longer, once more from a
 * private copy, so that the log of the file is never held for long. Counting
 * is the store's (tally.h), printing gateway/print.h's.
 */
#include "config/nearest.h"
#include "gateway/commands/command.h"
#include "gateway/print.h"
#include "gateway/store/lineage.h"
#include "gateway/store/tally.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ADVICE_MAX 2000

enum format { TEXT, CSV, XLSX, JSON, FORMATS };

static const char *const format_names[] = {
	[TEXT] = "text", [CSV] = "csv", [XLSX] = "xlsx", [JSON] = "json"};

struct report {
	const struct command_line *line;
	struct arena *a;
	struct settings *set;
	struct tally_ask ask;
	enum format format;
	const char *file; /* NULL: stdout */
};

static int wrong(const char *what, const char *value, const char *right)
{
	fprintf(stderr, "bantin report: %s '%s'; %s\n", what, value, right);
	return EXIT_USAGE;
}

/* ---- what the line asks for ---- */

static int read_kind(struct report *r)
{
	const char *name = r->line->argv[0];
	struct nearest near;
	struct buf advice;

	r->ask.kind = tally_parse(str_of(name));
	if (r->ask.kind != TALLY_N)
		return EXIT_FINE;
	buf_init(&advice, ADVICE_MAX);
	nearest_begin(&near, str_of(name));
	for (int i = 0; i < TALLY_N; i++)
		nearest_offer(&near, str_of(tally_str((enum tally)i)));
	nearest_advise(&near, &advice);
	(void)wrong("no report", name, buf_z(&advice));
	buf_release(&advice);
	return EXIT_USAGE;
}

static int read_format(struct report *r)
{
	const char *name = command_value(r->line, "--format");
	bool json = command_value(r->line, "--json") != NULL;

	if (name == NULL)
		name = format_names[json ? JSON : TEXT];
	else if (json && strcmp(name, "json") != 0)
		return wrong("--json and --format", name, "give one of them");
	while (r->format < FORMATS &&
		strcmp(name, format_names[r->format]) != 0)
		r->format++;
	if (r->format == FORMATS)
		return wrong("no format", name, "text, csv, xlsx or json");
	r->file = command_value(r->line, "-o");
	if (r->format == XLSX && r->file == NULL && isatty(STDOUT_FILENO) != 0)
		return wrong("a terminal shows no", name,
			"name a file: -o report.xlsx");
	return EXIT_FINE;
}

static int read_rest(struct report *r)
{
	const char *unit = command_value(r->line, "--unit");
	const char *as_of = command_value(r->line, "--as-of");

	r->ask.now_ms = clock_wall_ms(r->line->clock);
	r->ask.unit = str_of(unit);
	r->ask.texts = command_value(r->line, "--texts") != NULL;
	if (r->ask.texts && r->ask.kind != TALLY_OPINIONS)
		return wrong("--texts goes with opinions, not",
			r->line->argv[0], "leave it out");
	if (as_of == NULL)
		return EXIT_FINE;
	if (r->ask.kind == TALLY_VOTES || r->ask.kind == TALLY_AUDIT)
		return wrong("--as-of does not go with", r->line->argv[0],
			"its chain is counted as it is");
	r->ask.as_of = day_parse(str_of(as_of));
	return r->ask.as_of > 0 ? EXIT_FINE
				: wrong("no day", as_of, "write 2026-11-30");
}

/* The month of the day of counting, in the configuration's time, when none is
 * given. */
static int read_period(struct report *r)
{
	const char *given = command_value(r->line, "--period");
	int offset_min = (int)r->set->config->utc_offset * 60;
	day_t today = day_of_ms(r->ask.now_ms, offset_min);
	struct ymd d = day_ymd(r->ask.as_of != 0 ? r->ask.as_of : today);

	if (r->ask.as_of > today)
		return wrong("nobody can know how it stands on",
			command_value(r->line, "--as-of"), "leave it out");
	r->ask.period = given != NULL
				? str_of(given)
				: arena_printf(r->a, "%04d-%02d", d.y, d.m);
	if (table_period(r->ask.period, &r->ask.from, &r->ask.to) == 0)
		return EXIT_FINE;
	return wrong("no period", given, "write 2026-11, 2026-Q4 or 2026");
}

/* ---- counting ---- */

/* Codes that a person may have meant, kept until the advice is given. */
struct offers {
	struct nearest near;
	struct arena *a;
};

static void offer(void *arg, struct str code)
{
	struct offers *o = arg;

	nearest_offer(&o->near, arena_str(o->a, code));
}

static int no_unit(const struct report *r, struct store *s)
{
	struct offers o = {.a = r->a};
	struct buf advice;
	int rc;

	buf_init(&advice, (size_t)1 << 20);
	nearest_begin(&o.near, r->ask.unit);
	rc = tally_codes(s, offer, &o);
	nearest_advise(&o.near, &advice);
	fprintf(stderr, "bantin report: there is no unit '" STR_FMT "'; %s\n",
		STR_ARG(r->ask.unit),
		rc < 0 || advice.n > ADVICE_MAX ? "`import` loads units"
						: buf_z(&advice));
	buf_release(&advice);
	return EXIT_WRONG;
}

static int count_in(
	struct report *r, enum store_mode mode, struct table *t, bool *ret_slow)
{
	const char *path = arena_z(r->a, r->set->config->database);
	struct err err;
	struct store *s = store_open(path, mode, &err);
	int status = EXIT_FINE, rc;

	*ret_slow = false;
	if (s == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_WRONG;
	}
	rc = r->ask.unit.p == NULL
		     ? 1
		     : lineage_named(s, r->ask.unit, r->a, &r->ask.unit);
	if (rc >= 0)
		rc = tally_count(s, &r->ask, r->a, t);
	*ret_slow = rc < 0 && store_was_interrupted(s);
	if (rc == 0)
		status = no_unit(r, s);
	else if (rc < 0)
		status = EXIT_WRONG;
	if (rc < 0 && !*ret_slow)
		fprintf(stderr, "%s\n", store_error(s));
	store_close(s);
	return status;
}

/* What tells of persons is shown when it stands in the audit that it was: the
 * words of opinions, and who is away, where a unit may have one. */
static int audit(const struct report *r)
{
	struct command_reading reads = {.unit = r->ask.unit};

	if (r->ask.texts)
		reads.what = "report opinions --texts";
	else if (r->ask.kind == TALLY_AWAY)
		reads.what = "report away";
	else
		return EXIT_FINE;
	return command_must_read(r->line, r->set, &reads);
}

static int count(struct report *r, struct table *t)
{
	bool slow;
	int status = count_in(r, STORE_READ, t, &slow);

	return slow ? count_in(r, STORE_COPY, t, &slow) : status;
}

/* ---- printing ---- */

/* A terminal's own, else what COLUMNS says; 0: nobody's. */
static int columns_of(FILE *to)
{
	const char *said = getenv("COLUMNS");
	struct winsize w;
	int64_t n;

	if (isatty(fileno(to)) != 0 && ioctl(fileno(to), TIOCGWINSZ, &w) == 0 &&
		w.ws_col > 0)
		return w.ws_col;
	if (said != NULL && str_to_i64(str_of(said), &n) == 0 && n >= 20 &&
		n <= 1000)
		return (int)n;
	return 0;
}

static int print(const struct report *r, const struct table *t, FILE *to,
	struct err *err)
{
	static print_fn *const printers[] = {
		[CSV] = print_csv, [XLSX] = print_xlsx, [JSON] = print_json};

	if (r->format == TEXT)
		print_text(t, columns_of(to), to);
	else if (printers[r->format](t, to, err) != 0)
		return -1;
	if (fflush(to) != 0 || ferror(to) != 0)
		return err_set(err, "%s: %s",
			r->file != NULL ? r->file : "stdout", strerror(errno));
	return 0;
}

/* A file is whole or not there: made beside its name, then given it. */
static int print_to_file(
	const struct report *r, const struct table *t, struct err *err)
{
	const char *made = arena_printf(r->a, "%s.part%c", r->file, '\0').p;
	FILE *to = fopen(made, "wbe");
	int rc;

	if (to == NULL)
		return err_set(err, "%s: %s", made, strerror(errno));
	rc = print(r, t, to, err);
	if (fclose(to) != 0 && rc == 0)
		rc = err_set(err, "%s: %s", made, strerror(errno));
	if (rc == 0 && rename(made, r->file) != 0)
		rc = err_set(err, "%s: %s", r->file, strerror(errno));
	if (rc != 0)
		(void)unlink(made);
	return rc;
}

static int make(struct report *r)
{
	int status = read_period(r);
	struct err err = {""};
	struct table t;
	int rc;

	if (status == EXIT_FINE)
		status = audit(r);
	if (status == EXIT_FINE)
		status = count(r, &t);
	if (status != EXIT_FINE)
		return status;
	rc = r->file != NULL ? print_to_file(r, &t, &err)
			     : print(r, &t, stdout, &err);
	if (rc != 0)
		fprintf(stderr, "bantin report: %s\n", err.text);
	for (size_t i = 0; i < t.faults_n; i++)
		fprintf(stderr, "bantin report: " STR_FMT "\n",
			STR_ARG(t.faults[i]));
	return rc == 0 && t.faults_n == 0 ? EXIT_FINE : EXIT_WRONG;
}

static int run(const struct command_line *line)
{
	struct report r = {.line = line, .a = arena_new(65536)};
	int status = read_kind(&r);

	if (status == EXIT_FINE)
		status = read_format(&r);
	if (status == EXIT_FINE)
		status = read_rest(&r);
	if (status == EXIT_FINE) {
		r.set = command_settings(line);
		r.ask.config = r.set != NULL ? r.set->config : NULL;
		status = r.set != NULL ? make(&r) : EXIT_WRONG;
		settings_unref(r.set);
	}
	arena_free(r.a);
	return status;
}

static const struct command_option options[] = {
	{"--unit", "CODE", "only this unit and all below it"},
	{"--period", "PERIOD", "2026-11, 2026-Q4 or 2026 (this month)"},
	{"--format", "FORMAT", "text, csv, xlsx or json (text)"},
	{"-o", "FILE", "write to FILE"},
	{"--as-of", "DAY", "as it stood at the end of DAY (today)"},
	{"--texts", NULL, "opinions: with what was written"},
	{"--json", NULL, "the same as --format json"},
	{0},
};

const struct command command_report = {
	.name = "report",
	.operands = "meetings|attendance|away|votes|opinions|traffic|"
		    "indicators|audit",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "count the records of a month",
	.help = "Counts what is recorded of a period, for each unit, for each "
		"unit with all below it (row subtree) and in all. Rates are "
		"numerator, denominator and the percentage of these sums. "
		"meetings: planned, held, reported, in time, or why not. "
		"attendance: gross (of the total), net (without who is exempt "
		"and did not come), home (without who is away, too), and the "
		"score band by the figures that held on the meeting's day. "
		"away: who is away, by province, and answers to invitations. "
		"votes: each item, counted anew from its chain of ballots, "
		"with the room's votes and the remote ones apart; what was "
		"touched by hand is named, and the status is 1. "
		"opinions: open and answered, by topic. "
		"traffic: texts in and out, how they were read, segments and "
		"cost. indicators: every figure of the unit and all below it, "
		"one a row: numerator, denominator and percentage, of the "
		"period, of its last day or of its year; what nobody has "
		"said (`bantin fact`) is told as not known, and is no \"no\". "
		"audit: how often staff looked at data of people or changed "
		"it, and whether the chain of the audit holds: the first row "
		"that does not is named, and the status is 1. "
		"Units stand in today's tree: what a merged unit reported "
		"keeps its unit and counts in the one that it became. --as-of "
		"counts what was recorded by then, in the tree of that day; "
		"registry files leave no history, and opinions count as "
		"answered or not by today. A terminal that is too narrow for "
		"the table gets a "
		"paragraph for each row. Reads beside a running serve.",
	.options = options,
	.run = run,
	.apply = command_reading_apply,
};
