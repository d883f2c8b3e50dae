/*
 * why - what is the whole story of one text?
 *
 * N is a message that came in, oN a text that went out (or waits). Reads the
 * database beside a running server.
 */
#include "gateway/commands/command.h"
#include "gateway/commands/term.h"
#include "gateway/local.h"
#include "gateway/model/day.h"
#include "gateway/store/queue.h"
#include "gateway/store/story.h"
#include "gateway/waiting.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)
#define DEPTH_MAX 6
#define SOON_MS 1000 /* not worth a word */
#define LINE_MAX ((size_t)1 << 16)

struct printer {
	struct arena *arena;
	int depth;
	int offset_min;
	int64_t first_ms; /* the story's first instant; 0: not met yet */
};

static void print_value(
	struct printer *p, struct str name, const struct jdoc *v);

static void print_member(void *arg, struct str key, const struct jdoc *value)
{
	print_value(arg, key, value);
}

/* Instants in local time, and how long after the first of them. */
static struct str text_of(struct printer *p, const struct jdoc *v)
{
	struct str text = jdoc_text(v, p->arena);
	struct local_text at, span;
	int64_t ms;

	if (!str_ends(text, STR("Z")) || instant_parse(text, &ms) != 0)
		return text;
	at = local_full(ms, p->offset_min);
	if (p->first_ms == 0)
		p->first_ms = ms;
	if (ms - p->first_ms < SOON_MS && p->first_ms - ms < SOON_MS)
		return arena_str(p->arena, str_of(at.z));
	span = local_span(
		ms > p->first_ms ? ms - p->first_ms : p->first_ms - ms);
	return arena_printf(p->arena, "%s (%s%s)", at.z,
		ms > p->first_ms ? "+" : "-", span.z);
}

/* A row of a list as one paragraph: its values, named where that helps. */
struct paragraph {
	struct printer *p;
	struct buf b;
};

static void add_member(void *arg, struct str key, const struct jdoc *value)
{
	struct paragraph *g = arg;
	struct str text = text_of(g->p, value);
	bool plain = str_is(key, "at") || str_is(key, "channel") ||
		     str_is(key, "verdict") || str_is(key, "state") ||
		     str_is(key, "why") || str_is(key, "what");

	if (text.p == NULL)
		return;
	if (buf_str(&g->b).n > 0)
		buf_putz(&g->b, str_is(key, "why") ? ": " : plain ? " " : ", ");
	if (!plain) {
		buf_put(&g->b, key);
		buf_putz(&g->b, " ");
	}
	buf_put(&g->b, text);
}

static void print_line(struct printer *p, struct str name, struct str text)
{
	printf("%*s%-13.*s ", p->depth * 2, "", (int)name.n, name.p);
	term_wrap(stdout, text, p->depth * 2 + 14);
}

static bool is_deep(const struct jdoc *v)
{
	return jdoc_at(v, "tries") != NULL;
}

static void print_list(
	struct printer *p, struct str name, const struct jdoc *list)
{
	for (size_t i = 0; i < jdoc_len(list); i++) {
		const struct jdoc *v = jdoc_item(list, i);
		struct paragraph g = {.p = p};

		if (is_deep(v) || !jdoc_is_object(v)) {
			print_value(p, name, v);
			continue;
		}
		buf_init(&g.b, LINE_MAX);
		jdoc_each(v, add_member, &g);
		print_line(p, name, buf_str(&g.b));
		buf_release(&g.b);
	}
}

static void print_value(
	struct printer *p, struct str name, const struct jdoc *v)
{
	struct str text = text_of(p, v);

	if (jdoc_is_array(v)) {
		print_list(p, name, v);
	} else if (jdoc_is_object(v) && p->depth < DEPTH_MAX) {
		printf("%*s" STR_FMT "\n", p->depth * 2, "", STR_ARG(name));
		p->depth++;
		jdoc_each(v, print_member, p);
		p->depth--;
	} else if (text.p != NULL) {
		print_line(p, name, text);
	}
}

static void print_story(const struct jdoc *story, struct str name,
	const struct settings *set, bool json)
{
	struct printer p = {
		.arena = arena_new(16384),
		.offset_min = (int)set->config->utc_offset * 60,
	};
	struct buf b;

	if (json) {
		buf_init(&b, OUTPUT_MAX);
		jdoc_write(story, &b);
		puts(buf_z(&b));
		buf_release(&b);
	} else {
		print_value(&p, name, story);
	}
	arena_free(p.arena);
}

/* What becomes of a queued text next, as `bantin queue` says it; NULL. */
static struct jdoc *next_of(const struct waiting_view *v, struct store *s,
	int64_t id, struct arena *a)
{
	struct queue_row r;
	struct waiting w;

	if (queue_row(s, id, a, &r) <= 0 || r.row.state != OUTBOX_QUEUED ||
		waiting_of(v, s, &r.row, &w) < 0)
		return NULL;
	return waiting_json(v, &w, a);
}

/* Members that tell what comes next, for each text that waits: `next`. */
static struct jdoc *foretell(const struct command_line *line,
	struct settings *set, struct store *s, const struct jdoc *story)
{
	struct arena *a = arena_new(16384);
	struct jdoc *channels = command_channels(set), *all = jdoc_array();
	const struct jdoc *texts = jdoc_at(story, "texts");
	struct waiting_view v;
	size_t n = texts != NULL ? jdoc_len(texts) : 1;

	waiting_view(&v, set, channels, a, clock_wall_ms(line->clock));
	for (size_t i = 0; i < n; i++) {
		const struct jdoc *text =
			texts != NULL ? jdoc_item(texts, i) : story;
		struct jdoc *next;
		int64_t id = 0;

		(void)jdoc_int(jdoc_at(text, "outbox"), &id);
		next = next_of(&v, s, id, a);
		if (next == NULL)
			continue;
		jdoc_set_int(next, "outbox", id);
		jdoc_push(all, next);
	}
	jdoc_free(channels);
	arena_free(a);
	return all;
}

/* What people wrote, and what was made of it or said to them. */
static void copy_rest(void *arg, struct str key, const struct jdoc *value);

static struct jdoc *copy_without(const struct jdoc *v)
{
	struct jdoc *to;

	if (jdoc_is_object(v)) {
		to = jdoc_object();
		jdoc_each(v, copy_rest, to);
	} else if (jdoc_is_array(v)) {
		to = jdoc_array();
		for (size_t i = 0; i < jdoc_len(v); i++)
			jdoc_push(to, copy_without(jdoc_item(v, i)));
	} else {
		to = jdoc_copy(v);
	}
	return to;
}

static void copy_rest(void *arg, struct str key, const struct jdoc *value)
{
	static const char *const said[] = {"text", "fields", "error",
		"withheld", "what", "said", "from", "to", "key"};
	char name[64];

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (str_is(key, said[i]))
			return;
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(key));
	jdoc_set(arg, name, copy_without(value));
}

/* Takes story. */
static struct jdoc *without_texts(struct jdoc *story)
{
	struct jdoc *v = copy_without(story);

	jdoc_free(story);
	return v;
}

static int tell(
	const struct command_line *line, struct settings *set, struct store *s)
{
	const char *id = line->argv[0];
	bool json = command_value(line, "--json") != NULL;
	bool out = id[0] == 'o';
	struct command_reading reads = {.what = "why"};
	struct jdoc *story;
	int64_t n;

	if (str_to_i64(str_of(id + out), &n) != 0 || n <= 0) {
		fprintf(stderr,
			"bantin why: '%s' is no id; give a message's number, "
			"or o and an outbox row's\n",
			id);
		return EXIT_USAGE;
	}
	story = out ? story_of_outbox(s, n) : story_of_message(s, n);
	if (story == NULL) {
		fprintf(stderr, "bantin why: there is no %s %lld\n",
			out ? "outbox row" : "message", (long long)n);
		return EXIT_WRONG;
	}
	reads.message = out ? 0 : n;
	reads.outbox = out ? n : 0;
	if (!command_may_read(line, set, &reads))
		story = without_texts(story);
	jdoc_set(story, "next", foretell(line, set, s, story));
	print_story(story, out ? STR("text") : STR("message"), set, json);
	jdoc_free(story);
	return EXIT_FINE;
}

static int run(const struct command_line *line)
{
	struct settings *set = command_settings(line);
	struct arena *a = arena_new(4096);
	struct store *s = NULL;
	struct err err;
	int status = EXIT_WRONG;

	if (set != NULL) {
		s = store_open(
			arena_z(a, set->config->database), STORE_READ, &err);
		if (s == NULL)
			fprintf(stderr, "%s\n", err.text);
	}
	if (s != NULL) {
		status = tell(line, set, s);
		store_close(s);
	}
	arena_free(a);
	settings_unref(set);
	return status;
}

static const struct command_option options[] = {
	{"--json", NULL, "print one JSON object"},
	{0},
};

const struct command command_why = {
	.name = "why",
	.operands = "ID",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "tell the whole story of one text",
	.help = "ID is the number of a message that came in, or o and the "
		"number of an outbox row (o7). Tells how the text was read, "
		"what it stored, which question it settled, what went back, "
		"each attempt to send, each report, and, of what still waits, "
		"what comes next and why. Times are local, with how long "
		"after the first. Phone numbers are masked. That it was asked "
		"is a row of the audit; when that cannot be written, as while "
		"the disk is full, texts are left out.",
	.options = options,
	.run = run,
	.apply = command_reading_apply,
};
