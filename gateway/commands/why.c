/*
 * why - what is the whole story of one text?
 *
 * N is a message that came in, oN a text that went out (or waits). Reads the
 * database beside a running server.
 */
#include "gateway/commands/command.h"
#include "gateway/store/story.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)
#define DEPTH_MAX 6

struct printer {
	struct arena *arena;
	int depth;
};

static void print_value(
	struct printer *p, struct str name, const struct jdoc *v);

static void print_member(void *arg, struct str key, const struct jdoc *value)
{
	print_value(arg, key, value);
}

static void print_list(
	struct printer *p, struct str name, const struct jdoc *list)
{
	for (size_t i = 0; i < jdoc_len(list); i++)
		print_value(p, name, jdoc_item(list, i));
}

/* Instants are stored in milliseconds; people read local-free ISO. */
static struct str text_of(
	struct printer *p, struct str name, const struct jdoc *v)
{
	int64_t ms;

	if (str_ends(name, STR("_at")) && jdoc_int(v, &ms)) {
		struct instant_text t = instant_iso(ms);

		return arena_str(p->arena, str_of(t.z));
	}
	return jdoc_text(v, p->arena);
}

static void print_value(
	struct printer *p, struct str name, const struct jdoc *v)
{
	struct str text = text_of(p, name, v);

	if (jdoc_is_array(v)) {
		print_list(p, name, v);
	} else if (jdoc_is_object(v) && p->depth < DEPTH_MAX) {
		printf("%*s" STR_FMT "\n", p->depth * 2, "", STR_ARG(name));
		p->depth++;
		jdoc_each(v, print_member, p);
		p->depth--;
	} else if (text.p != NULL) {
		printf("%*s%-14.*s " STR_FMT "\n", p->depth * 2, "",
			(int)name.n, name.p, STR_ARG(text));
	}
}

static void print_story(const struct jdoc *story, struct str name, bool json)
{
	struct printer p = {.arena = arena_new(16384)};
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

static int tell(struct store *s, const char *id, bool json)
{
	bool out = id[0] == 'o';
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
	print_story(story, out ? STR("text") : STR("message"), json);
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
		status = tell(s, line->argv[0],
			command_value(line, "--json") != NULL);
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
		"what it stored, what went back, and each attempt to send. "
		"Phone numbers are masked.",
	.options = options,
	.run = run,
};
