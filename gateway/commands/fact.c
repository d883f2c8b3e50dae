/*
 * fact - what staff know of a unit and no text says.
 *
 * `set` adds a row that holds from a day on, or for a year; it goes to whoever
 * writes. Many at once come as lines of a file. `list` and `names` read.
 */
#include "gateway/store/fact.h"
#include "gateway/store/lineage.h"

#include "config/figures.h"
#include "config/nearest.h"
#include "gateway/commands/command.h"

#include <stdio.h>

#define FACTS_MAX ((size_t)20000) /* in one file */
#define FILE_MAX ((size_t)4 << 20)

struct ask {
	const struct command_line *line;
	const struct settings *set;
	struct arena *a;
	struct jdoc *rows; /* to be set */
	day_t today;
};

static int wrong(const char *what, struct str value, const char *right)
{
	fprintf(stderr, "bantin fact: %s '" STR_FMT "'; %s\n", what,
		STR_ARG(value), right);
	return EXIT_USAGE;
}

/* ---- what the line says ---- */

static int read_name(struct str name, enum fact *ret)
{
	struct nearest near;
	struct buf advice;

	*ret = fact_parse(name);
	if (*ret != FACT_N)
		return EXIT_FINE;
	buf_init(&advice, 4000);
	nearest_begin(&near, name);
	for (int f = 0; f < FACT_N; f++)
		nearest_offer(&near, str_of(fact_str((enum fact)f)));
	nearest_advise(&near, &advice);
	(void)wrong("no fact", name, buf_z(&advice));
	buf_release(&advice);
	return EXIT_USAGE;
}

/* A day for what is dated, a year for what is yearly; else those of today. */
static int read_since(
	const struct ask *k, enum fact f, struct str given, struct str *ret)
{
	struct day_text today = day_iso(k->today);
	int64_t year;

	if (fact_span(f) == FACT_DATED) {
		*ret = given.n > 0 ? given : arena_str(k->a, str_of(today.z));
		return day_parse(*ret) != DAY_NONE
			       ? EXIT_FINE
			       : wrong("it holds from a day on, not", given,
					 "--since 2026-11-05");
	}
	*ret = given.n > 0 ? given
			   : arena_str(k->a, str_part(str_of(today.z), 0, 4));
	if (ret->n == 4 && str_to_i64(*ret, &year) == 0 && year >= 1970)
		return EXIT_FINE;
	return wrong("it is of a year, not", given, "--period 2026");
}

static int64_t scale_of(const struct ask *k, enum fact f, struct str since)
{
	struct figure_chain none = {NULL, 0};
	int64_t scale = 2;
	struct str last = arena_printf(k->a, STR_FMT "-12-31", STR_ARG(since));

	if (fact_type(f) == FACT_LEVEL &&
		!figure_get(k->set->config, FIGURE_RATING_SCALE, &none,
			day_parse(last), &scale))
		scale = 2;
	return scale;
}

/* unit, name, value, since. */
static int add(struct ask *k, const struct str *v)
{
	struct err err = {""};
	struct str since, value;
	struct fact_typed typed;
	struct jdoc *row;
	enum fact f;
	int status = read_name(v[1], &f);

	if (status == EXIT_FINE)
		status = read_since(k, f, v[3], &since);
	if (status != EXIT_FINE)
		return status;
	typed = (struct fact_typed){f, v[2], scale_of(k, f, since)};
	if (fact_value(&typed, k->a, &value, &err) != 0) {
		fprintf(stderr, "bantin fact: %s takes %s\n", fact_str(f),
			err.text);
		return EXIT_USAGE;
	}
	row = jdoc_object();
	jdoc_set_str(row, "unit", v[0]);
	jdoc_set_str(row, "fact", v[1]);
	jdoc_set_str(row, "value", value);
	jdoc_set_str(row, "since", since);
	jdoc_push(k->rows, row);
	return EXIT_FINE;
}

static int read_line(struct ask *k)
{
	const struct command_line *line = k->line;
	const char *since = command_value(line, "--since");
	const char *period = command_value(line, "--period");
	const char *n = command_value(line, "--n");
	const char *d = command_value(line, "--d");
	struct str v[4] = {{NULL, 0}};

	if (line->argc < 3 + (n == NULL) || line->argc > 4 ||
		(n == NULL) != (d == NULL) || (n != NULL && line->argc == 4))
		return wrong("not a fact:", str_of(line->argv[line->argc - 1]),
			"set UNIT NAME VALUE, or set UNIT NAME --n 3 --d 4");
	if (since != NULL && period != NULL)
		return wrong("--since and --period", str_of(period),
			"give one of them");
	v[0] = str_of(line->argv[1]);
	v[1] = str_of(line->argv[2]);
	v[2] = n == NULL ? str_of(line->argv[3])
			 : arena_printf(k->a, "%s/%s", n, d);
	v[3] = str_of(since != NULL ? since : period);
	return add(k, v);
}

/* UNIT,NAME,VALUE[,SINCE], a line each; a heading may stand above. */
static int read_file(struct ask *k, const char *path)
{
	struct str rest, text;
	struct err err = {""};
	int number = 0;

	if (config_read_file(path, FILE_MAX, k->a, &rest, &err) != 0) {
		fprintf(stderr, "bantin fact: %s\n", err.text);
		return EXIT_WRONG;
	}
	while (str_next(&rest, '\n', &text)) {
		struct str v[4] = {{NULL, 0}}, cells = str_trim(text);
		int n = 0;

		number++;
		if (cells.n == 0 || str_starts(cells, STR("unit,")))
			continue;
		while (n < 4 && str_next(&cells, ',', &v[n]))
			v[n] = str_trim(v[n]), n++;
		if (n < 3 || cells.p != NULL || add(k, v) != EXIT_FINE) {
			fprintf(stderr,
				"%s:%d:1: no fact; UNIT,NAME,VALUE,SINCE\n",
				path, number);
			return EXIT_WRONG;
		}
	}
	return EXIT_FINE;
}

static int set(struct ask *k)
{
	const char *file = command_value(k->line, "--file");
	struct jdoc *r, *answer;
	struct err err = {""};
	struct str error;
	int64_t n = 0;
	int status;

	k->rows = jdoc_array();
	status = file != NULL ? read_file(k, file) : read_line(k);
	if (status == EXIT_FINE && jdoc_len(k->rows) > FACTS_MAX)
		status = wrong("too many facts in", str_of(file), "20000");
	if (status != EXIT_FINE) {
		jdoc_free(k->rows);
		return status;
	}
	r = jdoc_object();
	jdoc_set(r, "rows", k->rows);
	answer = command_write(k->line, k->set, r, &err);
	error = answer != NULL ? jdoc_str(jdoc_at(answer, "error"))
			       : str_of(err.text);
	if (error.p != NULL)
		fprintf(stderr, "bantin fact: " STR_FMT "\n", STR_ARG(error));
	else if (jdoc_int(jdoc_at(answer, "kept"), &n))
		printf("%lld kept\n", (long long)n);
	status = error.p == NULL ? EXIT_FINE : EXIT_WRONG;
	jdoc_free(answer);
	return status;
}

/* ---- looking ---- */

static int names(void)
{
	static const char *const takes[] = {[FACT_YES] = "yes or no",
		[FACT_COUNT] = "a number",
		[FACT_SHARE] = "n of d",
		[FACT_LEVEL] = "level 1 to 4",
		[FACT_GRADE] = "a word"};

	for (int i = 0; i < FACT_N; i++) {
		enum fact f = (enum fact)i;

		printf("%-20s %-12s %-8s %s\n", fact_str(f),
			takes[fact_type(f)],
			fact_span(f) == FACT_YEARLY ? "a year" : "from on",
			fact_help(f));
	}
	return EXIT_FINE;
}

static void show(const struct ask *k, const struct fact_row *r)
{
	int offset = (int)k->set->config->utc_offset * 60;
	struct day_text said = day_iso(day_of_ms(r->said_at, offset));
	struct str since = r->since.n > 0 ? r->since : str_of(said.z);
	struct jdoc *v;

	if (command_value(k->line, "--json") == NULL) {
		printf(STR_FMT "  " STR_FMT "  " STR_FMT "  " STR_FMT
			       "  %s %s\n",
			STR_ARG(r->unit), STR_ARG(r->fact), STR_ARG(r->value),
			STR_ARG(since), r->message != 0 ? "sms" : "staff",
			said.z);
		return;
	}
	v = jdoc_object();
	jdoc_set_str(v, "unit", r->unit);
	jdoc_set_str(v, "fact", r->fact);
	jdoc_set_str(v, "value", r->value);
	jdoc_set_str(v, "since", since);
	jdoc_set_str(v, "said_on", str_of(said.z));
	if (r->message != 0)
		jdoc_set_int(v, "message", r->message);
	printf(STR_FMT "\n", STR_ARG(jdoc_print(v, k->a)));
	jdoc_free(v);
}

static int list(const struct ask *k)
{
	const char *path = arena_z(k->a, k->set->config->database);
	struct str unit = {NULL, 0};
	struct fact_rows rows;
	struct err err = {""};
	struct store *s = store_open(path, STORE_READ, &err);
	int rc;

	if (s == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_WRONG;
	}
	if (k->line->argc > 1)
		unit = str_of(k->line->argv[1]);
	rc = unit.p != NULL ? lineage_named(s, unit, k->a, &unit) : 1;
	if (rc == 0)
		fprintf(stderr, "bantin fact: there is no unit '" STR_FMT "'\n",
			STR_ARG(unit));
	rc = rc > 0 ? fact_list(s, unit, k->a, &rows) : rc == 0 ? 1 : -1;
	if (rc < 0)
		fprintf(stderr, "%s\n", store_error(s));
	store_close(s);
	for (size_t i = 0; rc == 0 && i < rows.n; i++)
		show(k, &rows.v[i]);
	return rc == 0 ? EXIT_FINE : EXIT_WRONG;
}

static int run(const struct command_line *line)
{
	struct ask k = {.line = line};
	const char *what = line->argv[0];
	struct settings *set_;
	int status = EXIT_WRONG;

	if (strcmp(what, "names") == 0)
		return names();
	set_ = command_settings(line);
	k.set = set_;
	k.a = arena_new(65536);
	if (set_ != NULL) {
		k.today = day_of_ms(clock_wall_ms(line->clock),
			(int)set_->config->utc_offset * 60);
		if (strcmp(what, "set") == 0)
			status = set(&k);
		else if (strcmp(what, "list") == 0)
			status = list(&k);
		else
			status = wrong("not", str_of(what), "set, list, names");
	}
	settings_unref(set_);
	arena_free(k.a);
	return status;
}

/* ---- the writer's side ---- */

static int put(struct store *s, const struct jdoc *row, int64_t now_ms,
	struct arena *a, struct err *why)
{
	struct fact_entry e = {
		.unit = jdoc_str(jdoc_at(row, "unit")),
		.fact = fact_parse(jdoc_str(jdoc_at(row, "fact"))),
		.value = jdoc_str(jdoc_at(row, "value")),
		.since = jdoc_str(jdoc_at(row, "since")),
	};

	if (e.fact != FACT_N && e.value.n > 0 && e.since.n > 0)
		return fact_put(s, &e, now_ms, a, why);
	(void)err_set(why, "not a fact");
	return 0;
}

static int apply(struct store *s, const struct settings *set_,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	const struct jdoc *rows = jdoc_at(request, "rows");
	struct arena *a = arena_new(4096);
	struct err why = {""};
	size_t n = jdoc_len(rows);
	int rc = 1;

	(void)set_;
	for (size_t i = 0; i < n && rc > 0; i++)
		rc = put(s, jdoc_item(rows, i), now_ms, a, &why);
	if (rc == 0)
		jdoc_set_str(answer, "error", str_of(why.text));
	jdoc_set_int(answer, "kept", (int64_t)n);
	arena_free(a);
	return rc > 0 ? 0 : -1;
}

static const struct command_option options[] = {
	{"--since", "DAY", "set: the day from which on it holds (today)"},
	{"--period", "YEAR", "set: the year of a yearly one (this year)"},
	{"--n", "N", "set: of a share, how many"},
	{"--d", "D", "set: of a share, of how many"},
	{"--file", "FILE",
		"set: one a line, UNIT,NAME,VALUE,SINCE; all of them, or none"},
	{"--json", NULL, "list: a line of JSON each"},
	{0},
};

const struct command command_fact = {
	.name = "fact",
	.operands = "set|list|names [UNIT] [NAME] [VALUE]",
	.min_operands = 1,
	.max_operands = 4,
	.summary = "what staff know of a unit and no text says",
	.help = "set MG07 has_committee yes --since 2026-11-01 adds a fact "
		"that "
		"holds from that day on; set MG target_admissions 15 --period "
		"2026 one of a year; set MG cadres_qualified --n 412 --d 419 "
		"a share, of which nobody types the percentage. Nothing is "
		"changed: of several the last that holds on a day counts, and "
		"what was reported before stays. A year's rating takes the "
		"words of the scale that held then (rating.scale of the "
		"figures): htxsnv, httnv, htnv, khtnv; until 2017 tsvm, "
		"httnv, htnv, yeu_kem. Texts say some of them, too (MG07 da "
		"bau chi uy). list shows what was ever said, by whom and "
		"when; names what there is. They are counted in `bantin "
		"report indicators`.",
	.options = options,
	.run = run,
	.apply = apply,
};
