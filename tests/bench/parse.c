/*
 * parse - how long does it take to read one text?
 *
 * Loads the shipped rules, the test registry and the corpus, puts together
 * each message's context once, then times scan_text and read_message alone,
 * as the loop and the writer run them. Prints the mean over the corpus of the
 * best round, and of the median round, in microseconds a message.
 */
#include "gateway/commands/command.h"
#include "gateway/parse_line.h"
#include "gateway/store/registry.h"
#include "parsers/read.h"

#include <stdio.h>
#include <stdlib.h>

#define MESSAGES_MAX 4096
#define FILE_MAX ((size_t)64 << 20)
#define ROUNDS 200

struct bench {
	struct parse_line line; /* settings, store */
	struct arena *arena;    /* contexts live here */
	struct context contexts[MESSAGES_MAX];
	struct str texts[MESSAGES_MAX];
	size_t n;
};

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "parse: %s\n", what);
	exit(1);
}

static struct str file(struct bench *b, const char *dir, const char *name)
{
	struct str path = arena_printf(b->arena, "%s/%s%c", dir, name, '\0');
	struct str text;
	struct err err;

	if (config_read_file(path.p, FILE_MAX, b->arena, &text, &err) != 0)
		fail(err.text);
	return text;
}

static void load_registry(struct bench *b, const char *dir)
{
	const struct registry_files f = {
		.units = file(b, dir, "units.csv"),
		.members = file(b, dir, "members.csv"),
		.roles = file(b, dir, "roles.csv"),
		.dir = str_of(dir),
	};
	struct diags *d = diags_new();
	struct registry_counts n;
	struct err err;

	b->line.store = store_open("", STORE_MEMORY, &err);
	if (b->line.store == NULL)
		fail(err.text);
	if (store_begin(b->line.store) != 0 ||
		registry_import(b->line.store, &f, clock_wall_ms(&clock_system),
			&n, d) != 0 ||
		store_commit(b->line.store) != 0)
		fail("the registry cannot be imported");
	diags_free(d);
}

/* One corpus line; its context stays in the arena. */
static void load_line(struct bench *b, struct str text)
{
	struct err err;
	struct jdoc *doc = jdoc_parse(text, &err);
	const struct jdoc *in = doc != NULL ? jdoc_at(doc, "in") : NULL;

	if (in == NULL || parse_line_run(&b->line, in, &err) != 0)
		fail("a corpus line cannot be read");
	b->texts[b->n] = arena_str(b->arena, jdoc_str(jdoc_at(in, "text")));
	b->contexts[b->n++] = b->line.context;
	jdoc_free(doc);
}

static void load_corpus(struct bench *b, const char *dir)
{
	struct str rest = file(b, dir, "messages.jsonl"), text;

	while (str_next(&rest, '\n', &text))
		if (str_trim(text).n > 0 && b->n < MESSAGES_MAX)
			load_line(b, text);
	if (b->n == 0)
		fail("the corpus is empty");
}

/* Nanoseconds that the whole corpus took. */
static int64_t round_ns(struct bench *b, struct arena *a)
{
	const int64_t start = clock_mono_us(&clock_system);
	struct reading reading;
	size_t i;

	for (i = 0; i < b->n; i++) {
		struct scan *s =
			scan_text(b->line.settings->rules, b->texts[i], a);

		read_message(s, &b->contexts[i], a, &reading);
		arena_reset(a);
	}
	return (clock_mono_us(&clock_system) - start) * 1000;
}

static int by_time(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void measure(struct bench *b)
{
	struct arena *a = arena_new(65536);
	const size_t half = ROUNDS / 2;
	int64_t ns[ROUNDS];
	size_t i;

	for (i = 0; i < ROUNDS; i++)
		ns[i] = round_ns(b, a);
	qsort(ns, ROUNDS, sizeof(ns[0]), by_time);
	printf("{\"us_per_message\":%.2f,\"best_us\":%.2f,\"messages\":%zu}\n",
		(double)ns[half] / 1e3 / (double)b->n,
		(double)ns[0] / 1e3 / (double)b->n, b->n);
	arena_free(a);
}

int main(int argc, char **argv)
{
	struct settings *set;
	struct diags *d;
	struct bench *b;

	if (argc != 3) {
		fprintf(stderr, "usage: parse REGISTRY CORPUS\n");
		return 2;
	}
	b = calloc(1, sizeof(*b));
	if (b == NULL)
		fail("no memory");
	d = diags_new();
	set = settings_load_text(
		STR("bench"), STR("database: ':memory:'\n"), d);
	if (set == NULL)
		fail("the shipped settings cannot be loaded");
	b->arena = arena_new((size_t)1 << 20);
	b->line.settings = set;
	b->line.arena = b->arena;
	b->line.now_ms = clock_wall_ms(&clock_system);
	load_registry(b, argv[1]);
	load_corpus(b, argv[2]);
	measure(b);
	store_close(b->line.store);
	settings_unref(set);
	arena_free(b->arena);
	diags_free(d);
	free(b);
	return 0;
}
