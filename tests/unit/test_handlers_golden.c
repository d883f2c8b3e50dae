/*
 * test_handlers_golden - (message, reading, context) in, outcome out.
 *
 * Cases are blocks of tests/golden/handlers/NAME.txt, parted by blank lines.
 * Lines say what is given, `> ` lines what must come of it; README.txt beside
 * them tells how to add one. GOLDEN_WRITE=1 rewrites the `> ` lines.
 */
#include "tests/unit/handlers_rig.h"

#include "gateway/base/buf.h"
#include "parsers/segment.h"

#include <dirent.h>

#define GOLDEN_DIR "tests/golden/handlers"
#define FILE_MAX ((size_t)1 << 20)

/* One `name=value` as a member of a JSON object. */
static void put_member(struct buf *json, struct str name, struct str value)
{
	enum field id = field_parse(name);
	bool bare = value.n > 0 && (value.p[0] == '[' || value.p[0] == '{');

	if (id < FIELD_N && (field_type(id) == FIELD_T_INT ||
				    field_type(id) == FIELD_T_BOOL))
		bare = true;
	buf_putf(json, "%s\"" STR_FMT "\":%s" STR_FMT "%s",
		json->n > 1 ? "," : "", STR_ARG(name), bare ? "" : "\"",
		STR_ARG(value), bare ? "" : "\"");
}

/* "unit=MG07 total=47", or a JSON object. */
static void take_fields(struct world *w, struct str text, struct fields *ret)
{
	struct str rest = str_trim(text);
	struct str word;
	struct buf json;
	struct jdoc *doc;
	struct err err;
	ptrdiff_t eq;

	buf_init(&json, FILE_MAX);
	if (rest.n > 0 && rest.p[0] == '{') {
		buf_put(&json, rest);
	} else {
		buf_putc(&json, '{');
		while (rest.n > 0 && str_next(&rest, ' ', &word)) {
			eq = str_find_byte(word, '=', 0);
			assert_true(eq > 0);
			put_member(&json, str_part(word, 0, (size_t)eq),
				str_from(word, (size_t)eq + 1));
		}
		buf_putc(&json, '}');
	}
	doc = jdoc_parse(arena_str(w->arena, buf_str(&json)), &err);
	if (doc == NULL || fields_from_json(doc, w->arena, ret, &err) != 0)
		fail_msg("%s: %s", buf_z(&json), err.text);
	jdoc_free(doc);
	buf_release(&json);
}

static void take_report(
	struct world *w, struct str text, struct report_ref *r, int id)
{
	*r = (struct report_ref){
		.report_id = id, .meeting_id = (int64_t)id * 10, .version = 1};
	take_fields(w, text, &r->fields);
	if (!field_has(&r->fields, FIELD_KIND))
		field_set_text(&r->fields, FIELD_KIND, STR("regular"));
	r->unit = field_text(&r->fields, FIELD_UNIT);
	r->kind = field_text(&r->fields, FIELD_KIND);
	r->date = (day_t)field_int(&r->fields, FIELD_DATE, DAY_NONE);
}

static void on_who(struct world *w, struct str rest)
{
	assert_true(world_who(w, rest));
}

static void on_text(struct world *w, struct str rest)
{
	w->message.text = rest;
}

static void on_language(struct world *w, struct str rest)
{
	w->context.language = rest;
}

/* A text that is read by the shipped rules, once all else is given. */
static void on_sms(struct world *w, struct str rest)
{
	w->message.text = rest;
}

/* INTENT FIELDS */
static void on_read(struct world *w, struct str rest)
{
	struct str name;

	assert_true(str_next(&rest, ' ', &name));
	w->reading.intent = intent_parse(name);
	assert_true(w->reading.intent < INTENT_N);
	if (rest.p != NULL)
		take_fields(w, rest, &w->reading.fields);
}

static void on_doubt(struct world *w, struct str rest)
{
	w->reading.problem = problem_parse(rest);
	assert_true(w->reading.problem < PROBLEM_N);
}

/* QUESTION [PROBLEM [TRIES [INTENT FIELDS]]], newest first */
static void on_open(struct world *w, struct str rest)
{
	size_t i = w->context.pending_n++;
	struct pending *q = &w->pending[i];
	struct str word;
	int64_t tries = 0;

	*q = (struct pending){.id = (int64_t)i + 1,
		.subject = 5,
		.message = 70,
		.said = STR("h\xE1\xBB\x8Dp 5-11, 47")};
	assert_true(str_next(&rest, ' ', &word));
	q->question = question_parse(word);
	assert_true(q->question < QUESTION_N);
	if (q->question == QUESTION_INVITE)
		q->subject = 9;
	if (!str_next(&rest, ' ', &word))
		return;
	q->problem = str_is(word, "-") ? PROBLEM_NONE : problem_parse(word);
	assert_true(q->problem < PROBLEM_N);
	assert_true(str_next(&rest, ' ', &word));
	assert_int_equal(str_to_i64(word, &tries), 0);
	q->tries = (int)tries;
	assert_true(str_next(&rest, ' ', &word));
	q->intent = intent_parse(word);
	assert_true(q->intent < INTENT_N);
	memset(&w->partial[i], 0, sizeof(w->partial[i]));
	take_fields(w, rest, &w->partial[i]);
	q->partial = &w->partial[i];
}

static void on_last(struct world *w, struct str rest)
{
	take_report(w, rest, &w->last, 5);
	w->context.last_report = &w->last;
}

static void on_same(struct world *w, struct str rest)
{
	take_report(w, rest, &w->same, 6);
}

static void on_cancelled(struct world *w, struct str rest)
{
	on_same(w, rest);
	w->context.same_report_cancelled = true;
}

static void on_meeting(struct world *w, struct str rest)
{
	struct fields f = {.has = {0}};

	take_fields(w, rest, &f);
	w->meeting = (struct meeting_ref){.id = 9,
		.unit_id = 7,
		.unit = field_text(&f, FIELD_UNIT),
		.date = (day_t)field_int(&f, FIELD_DATE, DAY_NONE),
		.time = (int)field_int(&f, FIELD_TIME, -1)};
	w->context.pending_meeting = &w->meeting;
}

/* How many items are open to vote. */
static void on_items(struct world *w, struct str rest)
{
	int64_t n;

	assert_int_equal(str_to_i64(rest, &n), 0);
	assert_true(n <= 4);
	for (int i = 0; i < n; i++)
		w->items[i] = i + 1;
	w->context.vote_items = w->items;
	w->context.vote_items_n = (size_t)n;
}

static void on_opted_out(struct world *w, struct str rest)
{
	(void)rest;
	w->context.opted_out = true;
}

static const struct given {
	const char *word;
	void (*take)(struct world *w, struct str rest);
} givens[] = {
	{"who", on_who},
	{"text", on_text},
	{"sms", on_sms},
	{"language", on_language},
	{"read", on_read},
	{"doubt", on_doubt},
	{"open", on_open},
	{"last", on_last},
	{"same", on_same},
	{"cancelled", on_cancelled},
	{"meeting", on_meeting},
	{"items", on_items},
	{"opted_out", on_opted_out},
};

static void take_line(struct world *w, struct str line)
{
	struct str rest = line;
	struct str word;

	if (line.n == 0 || line.p[0] == '#' || line.p[0] == '>')
		return;
	assert_true(str_next(&rest, ' ', &word));
	for (size_t i = 0; i < sizeof(givens) / sizeof(givens[0]); i++) {
		if (!str_is(word, givens[i].word))
			continue;
		givens[i].take(w, rest);
		return;
	}
	fail_msg("unknown line: " STR_FMT, STR_ARG(line));
}

/* A reply is one segment, but where several reports are listed. */
static void check_length(struct world *w, struct str line)
{
	for (size_t i = 0; i < w->outcome.n; i++) {
		const struct reply *r = &w->outcome.v[i].reply;
		struct str text;

		if (r->key == NULL || strcmp(r->key, "report_many") == 0 ||
			strcmp(r->key, "attendance_differs") == 0)
			continue;
		text = render_reply(
			w->replies, r, w->context.language, w->arena);
		if (segment_count(text).n > 1)
			fail_msg(STR_FMT ": over one segment: " STR_FMT,
				STR_ARG(line), STR_ARG(text));
	}
}

/* Runs the block and puts it, with what came of it, into `out`. */
static void run_block(struct world *w, struct str block, struct buf *out)
{
	struct str rest = block;
	struct str first = {NULL, 0};
	struct str line;
	bool has_case = false;
	bool by_rules = false;

	world_begin(w);
	memset(&w->same, 0, sizeof(w->same));
	while (str_next(&rest, '\n', &line)) {
		if (first.p == NULL)
			first = line;
		take_line(w, line);
		by_rules = by_rules || str_starts(line, STR("sms "));
		has_case =
			has_case || by_rules || str_starts(line, STR("read "));
		if (line.n > 0 && line.p[0] != '>')
			buf_putf(out, STR_FMT "\n", STR_ARG(line));
	}
	if (!has_case)
		return;
	if (by_rules)
		world_read(w);
	world_run(w);
	check_length(w, first);
	world_print(w, out);
}

static void run_file(struct world *w, const char *path)
{
	struct arena *a = arena_new(65536);
	struct buf out;
	struct err err;
	struct str text;
	size_t at = 0;
	ptrdiff_t end;
	FILE *f;

	assert_int_equal(config_read_file(path, FILE_MAX, a, &text, &err), 0);
	buf_init(&out, FILE_MAX);
	while (at < text.n) {
		end = str_find(text, STR("\n\n"), at);
		if (end < 0)
			end = (ptrdiff_t)text.n - 1;
		if (at > 0)
			buf_putc(&out, '\n');
		run_block(w, str_part(text, at, (size_t)end - at), &out);
		at = (size_t)end + 2;
	}
	if (getenv("GOLDEN_WRITE") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(out.p, 1, out.n, f), out.n);
		assert_int_equal(fclose(f), 0);
	} else if (!str_eq(buf_str(&out), text)) {
		print_message("%s: what came of it:\n%s", path, buf_z(&out));
		fail_msg("%s differs; run with GOLDEN_WRITE=1, look at the "
			 "difference",
			path);
	}
	buf_release(&out);
	arena_free(a);
}

static void test_files(void **state)
{
	struct world *w = world_new();
	DIR *dir = opendir(GOLDEN_DIR);
	char path[400];
	const struct dirent *e;
	int n = 0;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		if (!str_ends(str_of(e->d_name), STR(".txt")) ||
			strcmp(e->d_name, "README.txt") == 0)
			continue;
		(void)snprintf(
			path, sizeof(path), "%s/%s", GOLDEN_DIR, e->d_name);
		run_file(w, path);
		n++;
	}
	assert_true(n > 0);
	closedir(dir);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_files)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
