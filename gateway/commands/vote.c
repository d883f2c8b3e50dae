/*
 * vote - what is put to the vote, and does its chain of ballots hold?
 *
 * `list` is vote_list.c. `open` puts a further item of an announced meeting to
 * the vote and `close` ends one now; both go to whoever writes. What is voted
 * in secret is refused.
 */
#include "gateway/commands/vote_parts.h"
#include "gateway/errands.h"
#include "gateway/store/votes.h"
#include "parsers/segment.h"

#include <ctype.h>
#include <stdio.h>

#define QUESTION_MAX ((size_t)300)
#define MINUTE_MS INT64_C(60000)

static int wrong(const char *what, const char *value, const char *right)
{
	fprintf(stderr, "bantin vote: %s '%s'; %s\n", what, value, right);
	return EXIT_USAGE;
}

/* ---- asking for a change ---- */

static bool has_word(struct str text, struct str word, struct arena *a)
{
	struct str padded = arena_printf(a, " " STR_FMT " ", STR_ARG(text));

	return str_find(padded, arena_printf(a, " " STR_FMT " ", STR_ARG(word)),
		       0) >= 0;
}

/* Lower case without diacritics, anything else as a blank. */
static struct str plain(struct str s, struct arena *a)
{
	struct str ascii = segment_ascii(s, a);
	char *z = arena_z(a, ascii);

	for (size_t i = 0; i < ascii.n; i++)
		z[i] = (char)(isalnum((unsigned char)z[i]) != 0
				      ? tolower((unsigned char)z[i])
				      : ' ');
	return (struct str){z, ascii.n};
}

/* The word that says that it is voted in secret; absent: none. */
static struct str secret_word(const struct vote_ask *k, const char *question)
{
	const struct option_list *l = &k->set->config->vote.refused;
	const struct str *words = l->v;
	struct str text = plain(str_of(question), k->arena);

	for (size_t i = 0; question != NULL && i < l->n; i++)
		if (has_word(text, words[i], k->arena))
			return words[i];
	return (struct str){NULL, 0};
}

/* "2026-11-08 19:00", local; 0: it is none. */
static int64_t instant_of(const struct vote_ask *k, const char *z)
{
	struct str date, rest = str_of(z);
	day_t day;
	int minute;

	str_next(&rest, ' ', &date);
	day = day_parse(date);
	minute = minute_parse(rest);
	if (day == DAY_NONE || minute < 0)
		return 0;
	return day_to_ms(day, minute, (int)k->set->config->utc_offset * 60);
}

static int read_meeting(const struct vote_ask *k, struct jdoc *request)
{
	const char *unit = command_value(k->line, "--unit");
	const char *on = command_value(k->line, "--meeting");

	if (unit == NULL || on == NULL || day_parse(str_of(on)) == DAY_NONE)
		return wrong("no meeting", on != NULL ? on : "",
			"say --unit MG07 --meeting 2026-11-08");
	jdoc_set_str(request, "unit", str_of(unit));
	jdoc_set_str(request, "meeting", str_of(on));
	return EXIT_FINE;
}

static int read_open(const struct vote_ask *k, struct jdoc *request)
{
	const char *question = command_value(k->line, "--question");
	const char *share = command_value(k->line, "--threshold");
	const char *closes = command_value(k->line, "--closes");
	struct str word = secret_word(k, question);

	if (question == NULL || strlen(question) > QUESTION_MAX ||
		!str_is_utf8(str_of(question)))
		return wrong("no question", "", "--question, 300 bytes");
	if (command_value(k->line, "--secret") != NULL || word.p != NULL)
		return wrong("not by SMS:",
			word.p != NULL ? arena_z(k->arena, word) : "secret",
			"what is voted in secret is voted in the room");
	if (share != NULL && strcmp(share, "1/2") != 0 &&
		strcmp(share, "2/3") != 0)
		return wrong("no threshold", share, "1/2 (more than) or 2/3");
	if (closes != NULL && instant_of(k, closes) == 0)
		return wrong("no time", closes, "as \"2026-11-08 19:00\"");
	jdoc_set_str(request, "question", str_of(question));
	jdoc_set_str(
		request, "threshold", str_of(share != NULL ? share : "1/2"));
	if (closes != NULL)
		jdoc_set_int(request, "closes", instant_of(k, closes));
	return EXIT_FINE;
}

static int read_close(const struct vote_ask *k, struct jdoc *request)
{
	const char *item = command_value(k->line, "--item");
	int64_t no;

	if (item == NULL || str_to_i64(str_of(item), &no) != 0 || no < 1)
		return wrong("no item", item != NULL ? item : "", "--item 1");
	jdoc_set_int(request, "item", no);
	return EXIT_FINE;
}

static int act(const struct vote_ask *k, bool open)
{
	struct jdoc *request = jdoc_object(), *answer;
	struct err err = {""};
	struct str error;
	int64_t no = 0;
	int status = read_meeting(k, request);

	if (status == EXIT_FINE)
		status = open ? read_open(k, request) : read_close(k, request);
	if (status != EXIT_FINE) {
		jdoc_free(request);
		return status;
	}
	answer = command_write(k->line, k->set, request, &err);
	error = answer != NULL ? jdoc_str(jdoc_at(answer, "error"))
			       : str_of(err.text);
	if (error.p != NULL)
		fprintf(stderr, "bantin vote: " STR_FMT "\n", STR_ARG(error));
	else if (jdoc_int(jdoc_at(answer, "item"), &no))
		printf("BQ%lld is %s\n", (long long)no,
			open ? "open" : "closed");
	status = error.p == NULL ? EXIT_FINE : EXIT_WRONG;
	jdoc_free(answer);
	return status;
}

static int run(const struct command_line *line)
{
	struct vote_ask k = {
		.line = line,
		.arena = arena_new(65536),
		.json = command_value(line, "--json") != NULL,
	};
	const char *what = line->argc > 0 ? line->argv[0] : "list";
	struct settings *set = command_settings(line);
	int status = EXIT_WRONG;

	k.set = set;
	if (set != NULL)
		status = strcmp(what, "list") == 0   ? vote_list(&k)
			 : strcmp(what, "open") == 0 ? act(&k, true)
			 : strcmp(what, "close") == 0
				 ? act(&k, false)
				 : wrong("no such act", what,
					   "list, open or close");
	settings_unref(set);
	arena_free(k.arena);
	return status;
}

/* ---- the writer's side ---- */

struct change {
	struct store *s;
	const struct settings *set;
	const struct jdoc *request;
	struct arena *arena;
	struct jdoc *answer;
	struct votes_clock clock;
	struct agenda_meeting meeting;
};

static int refuse(struct change *c, const char *why)
{
	jdoc_set_str(c->answer, "error", str_of(why));
	return -1;
}

/* A meeting to come; only that can be voted on from afar. */
static int find_meeting(struct change *c)
{
	struct str unit = jdoc_str(jdoc_at(c->request, "unit"));
	day_t day = day_parse(jdoc_str(jdoc_at(c->request, "meeting")));
	int64_t id;
	int rc = day != DAY_NONE ? votes_meeting(c->s, unit, day, &id) : 0;

	if (rc > 0)
		rc = agenda_meeting(c->s, id, c->arena, &c->meeting);
	if (rc < 0)
		return -1;
	if (rc == 0 || !str_is(c->meeting.state, "announced"))
		return refuse(c, "no such meeting is announced");
	return 0;
}

static int apply_open(struct change *c)
{
	struct votes_opening o = {
		.meeting_id = c->meeting.id,
		.unit_id = c->meeting.unit_id,
		.question = jdoc_str(jdoc_at(c->request, "question")),
		.threshold = jdoc_str(jdoc_at(c->request, "threshold")),
		.closes_at = votes_start_ms(c->meeting.day, c->meeting.minute,
			c->clock.utc_offset_min),
		.source = "staff",
		.clock = &c->clock,
	};
	struct vote_row row;
	int64_t id;

	o.own_time = jdoc_int(jdoc_at(c->request, "closes"), &o.closes_at);
	if (o.closes_at != 0 && o.closes_at <= c->clock.now_ms)
		return refuse(c, "its closing is over");
	if (votes_open(c->s, &o, c->arena, &id) != 0 ||
		votes_row(c->s, id, c->arena, &row) <= 0)
		return -1;
	jdoc_set_int(c->answer, "item", row.item.no);
	return 0;
}

static int apply_close(struct change *c)
{
	struct vote_rows rows;
	int64_t no = 0;

	if (!jdoc_int(jdoc_at(c->request, "item"), &no) ||
		votes_of_meeting(c->s, c->meeting.id, c->arena, &rows) != 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++) {
		if (rows.v[i].item.no != no)
			continue;
		if (rows.v[i].item.closed_at != 0)
			return refuse(c, "it is closed already");
		jdoc_set_int(c->answer, "item", no);
		return votes_close(c->s, rows.v[i].item.id, c->clock.now_ms,
			true, c->arena);
	}
	return refuse(c, "the meeting has no such item");
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct change c = {
		.s = s,
		.set = set,
		.request = request,
		.arena = arena_new(16384),
		.answer = answer,
		.clock = {.now_ms = now_ms,
			.utc_offset_min = (int)set->config->utc_offset * 60,
			.late_ms = set->config->vote.late_min * MINUTE_MS},
	};
	struct errands_input in = {
		.settings = (struct settings *)set,
		.arena = c.arena,
		.now_ms = now_ms,
	};
	int rc = find_meeting(&c);

	if (rc == 0)
		rc = jdoc_at(request, "question") != NULL ? apply_open(&c)
							  : apply_close(&c);
	if (rc == 0)
		rc = errands_plan_votes(s, &in, c.meeting.id);
	arena_free(c.arena);
	return rc;
}

static const struct command_option options[] = {
	{"--unit", "CODE", "the unit that meets"},
	{"--meeting", "DATE", "the day of its meeting, as 2026-11-08"},
	{"--question", "TEXT", "open: what is put to the vote"},
	{"--threshold", "SHARE",
		"open: 1/2 (more than; the default), or 2/3 (at least): to "
		"admit, to make official"},
	{"--closes", "TIME",
		"open: \"2026-11-08 19:00\"; else when the meeting begins"},
	{"--item", "N", "close: its number"},
	{"--secret", NULL, "open: refused, it is not for SMS"},
	{"--json", NULL, "print JSON, a line an item"},
	{0},
};

const struct command command_vote = {
	.name = "vote",
	.operands = "[list|open|close]",
	.max_operands = 1,
	.summary = "what is put to the vote, and whether its ballots hold",
	.help = "list (also alone) shows each item with the votes of the room "
		"and the remote ones, for/against/abstain, and the share; "
		"whether remote votes add up says remote_votes_count. It "
		"counts anew from the ballots, which are chained by SHA-256, "
		"and names each that was changed, taken out or put in by "
		"hand; then the status is 1. open puts a further item of an "
		"announced meeting to the vote (BQ2, BQ3 ...): who may vote "
		"is the unit's roll at that moment. close ends one now. Both "
		"go to the running serve. Elections, discipline and whatever "
		"else is voted in secret are refused (vote.refused).",
	.options = options,
	.run = run,
	.apply = apply,
};
