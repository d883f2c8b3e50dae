/*
 * parse - how long does it take to read one text?
 *
 * Loads the shipped rules, the test registry and the corpus, puts together
 * each message's context once, then times scan_text and read_message alone,
 * as the loop and the writer run them. What a text costs is the median of its
 * rounds, which go through the whole corpus in turn; printed are the median,
 * the ninth decile, the worst and the mean of all texts, in microseconds.
 */
#include "gateway/commands/command.h"
#include "gateway/parse_line.h"
#include "gateway/store/registry.h"
#include "parsers/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MESSAGES_MAX 4096
#define FILE_MAX ((size_t)64 << 20)
#define ROUNDS_MAX 200

struct bench {
	struct parse_line line; /* settings, store */
	struct arena *arena;    /* contexts live here */
	struct context contexts[MESSAGES_MAX];
	struct str texts[MESSAGES_MAX];
	size_t n;
	uint32_t ns[MESSAGES_MAX][ROUNDS_MAX];
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

static void load_corpus(struct bench *b, const char *dir, const char *name)
{
	struct str rest = file(b, dir, name), text;

	while (str_next(&rest, '\n', &text))
		if (str_trim(text).n > 0 && b->n < MESSAGES_MAX)
			load_line(b, text);
	if (b->n == 0)
		fail("the corpus is empty");
}

static int64_t now_ns(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		fail("there is no clock");
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void run_round(struct bench *b, struct arena *a, size_t round)
{
	const struct ruleset *rules = b->line.settings->rules;
	struct reading reading;

	for (size_t i = 0; i < b->n; i++) {
		const int64_t start = now_ns();

		read_message(scan_text(rules, b->texts[i], a), &b->contexts[i],
			a, &reading);
		arena_reset(a);
		b->ns[i][round] = (uint32_t)(now_ns() - start);
	}
}

static int by_time(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static double us(const uint32_t *ns, size_t i)
{
	return ns[i] / 1e3;
}

static void measure(struct bench *b, size_t rounds)
{
	struct arena *a = arena_new(65536);
	uint32_t ns[MESSAGES_MAX];
	double sum = 0;

	for (size_t i = 0; i < rounds; i++)
		run_round(b, a, i);
	for (size_t i = 0; i < b->n; i++) {
		qsort(b->ns[i], rounds, sizeof(b->ns[i][0]), by_time);
		ns[i] = b->ns[i][rounds / 2];
		sum += ns[i];
	}
	qsort(ns, b->n, sizeof(ns[0]), by_time);
	printf("{\"us_per_message\":%.2f,\"p90_us\":%.2f,\"max_us\":%.2f,"
	       "\"mean_us\":%.2f,\"messages\":%zu}\n",
		us(ns, b->n / 2), us(ns, b->n * 9 / 10), us(ns, b->n - 1),
		sum / 1e3 / (double)b->n, b->n);
	arena_free(a);
}

int main(int argc, char **argv)
{
	struct settings *set;
	struct diags *d;
	struct bench *b;
	int64_t rounds = ROUNDS_MAX;

	if (argc < 3 || argc > 4 ||
		(argc == 4 && str_to_i64(str_of(argv[3]), &rounds) != 0) ||
		rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: parse REGISTRY CORPUS [ROUNDS]\n");
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
	load_corpus(b, argv[2], "messages.jsonl");
	load_corpus(b, argv[2], "field.jsonl");
	load_corpus(b, argv[2], "second.jsonl");
	measure(b, (size_t)rounds);
	store_close(b->line.store);
	settings_unref(set);
	arena_free(b->arena);
	diags_free(d);
	free(b);
	return 0;
}
