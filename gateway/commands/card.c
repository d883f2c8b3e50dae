/*
 * card - one page for a secretary: what to text, and what comes back?
 *
 * The texts are the rules' own examples. Each is read and answered while the
 * page is made, as the gateway would; one that would be asked back, or is not
 * done yet, does not get on it. A table says which rules are shown, in which
 * order, under which words. HTML for paper, or plain text.
 */
#include "gateway/base/embed.h"
#include "gateway/commands/command.h"
#include "gateway/parse_line.h"
#include "parsers/ruleset_examples.h"

#include <stdio.h>
#include <stdlib.h>

EMBED(card_css, "gateway/commands/card.css");

#define OUTPUT_MAX ((size_t)1 << 20)

/* One thing that can be texted. */
struct topic {
	const char *rule;
	const char *title;
	const char *help; /* NULL: the example says it all */
	bool answer;      /* show what comes back */
};

/* The first is the report that all others speak of. */
static const struct topic topics[] = {
	{"report", "Họp xong, báo cáo ngay",
		"Mã bản, ngày họp, rồi TS tổng số, CM có mặt, VP vắng có "
		"phép, VK vắng không phép. CM + VP + VK phải bằng TS. "
		"Đổi ngày và các số theo bản mình.",
		true},
	{"ack", "Máy trả lời đúng thì soạn", NULL, false},
	{"correction", "Máy trả lời sai thì soạn SUA và số đúng", NULL, true},
	{"query_report", "Xem lại báo cáo", NULL, false},
	{"cancel", "Hủy báo cáo", NULL, false},
	{"announce_cell", "Báo lịch họp", NULL, false},
	{"postpone", "Hoãn họp", NULL, false},
	{"attendance", "Điểm danh theo số thứ tự", NULL, false},
	{"help", "Quên cách soạn", NULL, false},
	{"opt_out", "Không muốn nhận tin nữa", NULL, false},
};

#define TOPICS_N (sizeof(topics) / sizeof(topics[0]))

/* A topic whose example was read as it should be. */
struct shown {
	const struct topic *topic;
	struct str text, reply;
};

struct card {
	struct parse_line line;
	struct arena *arena; /* the card's; line.arena is one text's */
	struct str unit;     /* absent: as in the examples */
	struct str example_unit;
	struct fields report; /* of the first topic */
	struct fields plan;   /* the meeting that is announced */
	struct shown v[TOPICS_N];
	size_t n;
	struct buf out;
};

/* ---- what is on it ---- */

/* The example with the secretary's own code in place of its own. */
static struct str own_text(const struct card *c, struct str text)
{
	ptrdiff_t at =
		c->example_unit.n > 0 ? str_find(text, c->example_unit, 0) : -1;

	if (c->unit.p == NULL || at < 0)
		return text;
	return arena_printf(c->arena, STR_FMT STR_FMT STR_FMT,
		STR_ARG(str_part(text, 0, (size_t)at)), STR_ARG(c->unit),
		STR_ARG(str_from(text, (size_t)at + c->example_unit.n)));
}

static struct jdoc *input_of(
	const struct card *c, const struct ruleset_example *e, struct str text)
{
	struct jdoc *in = jdoc_object();

	jdoc_set_str(in, "text", text);
	if (e->question != QUESTION_NONE)
		jdoc_set_str(in, "question", str_of(question_str(e->question)));
	if (c->n > 0)
		jdoc_set(in, "last_report", fields_to_json(&c->report));
	/* Only a meeting that is announced can be put off. */
	if (e->intent == INTENT_MEETING_POSTPONE)
		jdoc_set(in, "pending_meeting", fields_to_json(&c->plan));
	return in;
}

/* Is it done, and not only understood? */
static bool is_done(const struct parse_line *p)
{
	for (size_t i = 0; i < p->outcome.n; i++) {
		const char *key = p->outcome.v[i].reply.key;

		if (key != NULL && strcmp(key, "not_yet") == 0)
			return false;
	}
	return !p->outcome.clarify;
}

/* The example is read; false: it may not be shown. */
static bool try_text(
	struct card *c, const struct ruleset_example *e, struct str text)
{
	struct jdoc *in = input_of(c, e, text);
	struct err err;
	bool fine = parse_line_run(&c->line, in, &err) == 0 &&
		    c->line.outcome.intent == e->intent && is_done(&c->line);

	jdoc_free(in);
	return fine;
}

/* What later topics speak of: the report, and the code that it names. */
static void keep_report(struct card *c)
{
	const struct fields *f = &c->line.outcome.fields;

	c->report = *f;
	field_set_text(&c->report, FIELD_UNIT,
		arena_str(c->arena, field_text(f, FIELD_UNIT)));
	field_set_text(&c->report, FIELD_KIND,
		arena_str(c->arena, field_text(f, FIELD_KIND)));
}

static void keep_plan(struct card *c)
{
	const struct fields *f = &c->line.outcome.fields;

	field_set_text(&c->plan, FIELD_UNIT,
		arena_str(c->arena, field_text(f, FIELD_UNIT)));
	field_set_int(&c->plan, FIELD_DATE, field_int(f, FIELD_DATE, 0));
	field_set_int(&c->plan, FIELD_TIME, field_int(f, FIELD_TIME, 0));
}

/* People write letters and figures; the rest is harder to find. */
static bool is_plain(struct str text)
{
	return text.n > 0 && strchr("?!.,", text.p[0]) == NULL;
}

static bool add_example(
	struct card *c, const struct topic *t, const struct ruleset_example *e)
{
	struct str text;

	if (c->n == 0 && try_text(c, e, e->text))
		c->example_unit = arena_str(c->arena,
			field_text(&c->line.outcome.fields, FIELD_UNIT));
	text = own_text(c, e->text);
	if (!is_plain(text) || !try_text(c, e, text))
		return false;
	if (c->n == 0)
		keep_report(c);
	if (e->intent == INTENT_MEETING_ANNOUNCE)
		keep_plan(c);
	c->v[c->n++] = (struct shown){t, arena_str(c->arena, text),
		arena_str(c->arena, c->line.reply)};
	return true;
}

/* The first of the rule's examples that is taken; perhaps none. */
static void add(struct card *c, const struct topic *t)
{
	const struct ruleset *rs = c->line.settings->rules;
	struct ruleset_example e;
	bool added = false;

	for (size_t i = 0; !added; i++) {
		if (!ruleset_example(rs, str_of(t->rule), i, &e))
			return;
		added = add_example(c, t, &e);
		arena_reset(c->line.arena);
	}
}

/* ---- how it looks ---- */

static void put_html(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<')
			buf_putz(b, "&lt;");
		else if (s.p[i] == '&')
			buf_putz(b, "&amp;");
		else
			buf_putc(b, s.p[i]);
	}
}

static void put_element(
	struct buf *b, const char *tag, const char *before, struct str text)
{
	buf_putf(b, "<p class=%s>%s", tag, before);
	put_html(b, text);
	buf_putz(b, "</p>\n");
}

/* The number to text to; dots to write on where none is configured. */
static struct str number_of(const struct settings *set)
{
	for (size_t i = 0; i < set->channels_n; i++) {
		const struct option_list *own =
			&set->channels[i].config->numbers;

		if (own->n > 0)
			return *(const struct str *)own->v;
	}
	return STR(". . . . . . . . . . . . . . . .");
}

static const char foot[] =
	"Viết hoa, viết thường, có dấu hay không dấu đều được. "
	"Viết sai thì máy hỏi lại, không mất gì.";

static void html(struct card *c)
{
	struct buf *b = &c->out;

	buf_putz(b, "<!DOCTYPE html>\n<html lang=vi>\n<meta charset=utf-8>\n"
		    "<title>Nhắn tin báo cáo họp</title>\n<style>\n");
	buf_put(b, EMBEDDED(card_css));
	buf_putz(b, "</style>\n<h1>Nhắn tin báo cáo họp</h1>\n");
	put_element(b, "to", "Gửi tới số: ", number_of(c->line.settings));
	for (size_t i = 0; i < c->n; i++) {
		const struct shown *s = &c->v[i];

		buf_putf(b, "<section%s>\n<h2>%s</h2>\n",
			s->topic->answer ? "" : " class=row", s->topic->title);
		put_element(b, "send", "", s->text);
		if (s->topic->help != NULL)
			put_element(b, "help", "", str_of(s->topic->help));
		if (s->topic->answer && s->reply.n > 0)
			put_element(b, "back", "Máy trả lời: ", s->reply);
		buf_putz(b, "</section>\n");
	}
	buf_putf(b, "<footer>%s</footer>\n</html>\n", foot);
}

static void plain(struct card *c)
{
	struct buf *b = &c->out;

	buf_putf(b, "NHẮN TIN BÁO CÁO HỌP\nGửi tới số: " STR_FMT "\n",
		STR_ARG(number_of(c->line.settings)));
	for (size_t i = 0; i < c->n; i++) {
		const struct shown *s = &c->v[i];

		buf_putf(b, "\n%s\n    " STR_FMT "\n", s->topic->title,
			STR_ARG(s->text));
		if (s->topic->help != NULL)
			buf_putf(b, "  %s\n", s->topic->help);
		if (s->topic->answer && s->reply.n > 0)
			buf_putf(b, "  Máy trả lời: " STR_FMT "\n",
				STR_ARG(s->reply));
	}
	buf_putf(b, "\n%s\n", foot);
}

static int make(struct card *c, bool as_text)
{
	for (size_t i = 0; i < TOPICS_N; i++) {
		add(c, &topics[i]);
		if (c->n == 0) {
			fprintf(stderr, "bantin card: the rules have no "
					"example of a report that is read "
					"without a question\n");
			return EXIT_WRONG;
		}
	}
	(as_text ? plain : html)(c);
	fputs(buf_z(&c->out), stdout);
	return EXIT_FINE;
}

static int run(const struct command_line *line)
{
	struct settings *set = command_settings(line);
	struct card *c = calloc(1, sizeof(*c));
	int status = EXIT_WRONG;

	if (set != NULL && c != NULL) {
		c->arena = arena_new(16384);
		buf_init(&c->out, OUTPUT_MAX);
		c->unit = str_of(command_value(line, "--unit"));
		c->line.settings = set;
		c->line.arena = arena_new(65536);
		c->line.now_ms = day_to_ms(ruleset_today(set->rules), 20 * 60,
			(int)set->config->utc_offset * 60);
		status = make(c, command_value(line, "--text") != NULL);
		arena_free(c->line.arena);
		buf_release(&c->out);
		arena_free(c->arena);
	}
	free(c);
	settings_unref(set);
	return status;
}

static const struct command_option options[] = {
	{"--text", NULL, "plain text instead of HTML"},
	{"--unit", "CODE", "with this unit's code in the examples"},
	{0},
};

const struct command command_card = {
	.name = "card",
	.summary = "make the one-page guide for secretaries",
	.help = "Prints one page in Vietnamese, to be printed on A5 (or A4): "
		"the number to text to (the first channel's number), what to "
		"text, and what comes back. The texts are the examples of the "
		"rules; each is read and answered while the page is made, and "
		"left out if it would not be taken.",
	.options = options,
	.run = run,
};
