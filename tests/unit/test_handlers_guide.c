/*
 * test_handlers_guide - led conversations, step by step.
 *
 * Blocks of tests/golden/guide/NAME.txt, parted by blank lines: who talks in
 * which situation, then what they do, and below each `> ` what is shown (a
 * new line is a |). A form that is full is read by the shipped rules and
 * handled, so that the text it says is seen to mean what was answered.
 * GOLDEN_WRITE=1 rewrites the `> ` lines.
 */
#include "tests/unit/handlers_rig.h"

#include "gateway/base/buf.h"
#include "handlers/guide.h"

#include <dirent.h>

#define GOLDEN_DIR "tests/golden/guide"
#define FILE_MAX ((size_t)1 << 20)

struct talk {
	struct world *world;
	struct menus *menus;
	struct guide_input in;
	struct guide_state state;
	struct guide_step step;
	struct buf *out;
};

static struct menus *shipped(void)
{
	struct diags *d = diags_new();
	struct menus *m = menus_load(STR("menus"), config_shipped_menus(), d);

	assert_non_null(m);
	diags_free(d);
	return m;
}

static void put_screen(struct talk *t, struct str screen)
{
	struct str line;

	for (bool more = false; str_next(&screen, '\n', &line); more = true)
		buf_putf(t->out, "%s" STR_FMT, more ? "|" : "", STR_ARG(line));
}

/* What the form says, read and handled like any text of theirs. */
static void handle(struct talk *t)
{
	struct world *w = t->world;

	w->message.text = t->step.said;
	memset(&w->reading, 0, sizeof(w->reading));
	memset(&w->outcome, 0, sizeof(w->outcome));
	w->outcome.arena = w->arena;
	world_read(w);
	world_run(w);
	world_print(w, t->out);
}

static void put_step(struct talk *t)
{
	static const char *const name[] = {"asks", "says", "full", "speaks"};
	const struct guide_step *s = &t->step;

	buf_putf(t->out, "> %s", name[s->next]);
	if (t->state.misses > 0)
		buf_putf(t->out, " (missed %d)", t->state.misses);
	buf_putz(t->out, ": ");
	put_screen(t, s->next == GUIDE_IS_FULL ? s->said : s->screen);
	if (s->next == GUIDE_SPEAKS)
		buf_putf(t->out, " (" STR_FMT ")", STR_ARG(s->language));
	buf_putc(t->out, '\n');
	assert_true(guide_fits(s->screen));
	if (s->next == GUIDE_IS_FULL)
		handle(t);
}

static void on_who(struct talk *t, struct str rest)
{
	assert_true(world_who(t->world, rest));
}

static void on_way(struct talk *t, struct str rest)
{
	t->in.way = str_is(rest, "sms") ? GUIDE_SMS : GUIDE_USSD;
}

static void on_language(struct talk *t, struct str rest)
{
	t->world->context.language = rest;
}

static void on_invited(struct talk *t, struct str rest)
{
	struct world *w = t->world;

	(void)rest;
	w->pending[0] = (struct pending){
		.id = 1, .question = QUESTION_INVITE, .subject = 9};
	w->context.pending_n = 1;
	w->meeting = (struct meeting_ref){.id = 9,
		.unit_id = 7,
		.unit = STR("MG07"),
		.date = day_of(2026, 11, 8),
		.time = 19 * 60 + 30};
	w->context.pending_meeting = &w->meeting;
}

static void on_closed(struct talk *t, struct str rest)
{
	(void)rest;
	t->world->context.pending_n = 0;
	t->world->context.vote_items_n = 0;
}

/* How many items are open to vote. */
static void on_items(struct talk *t, struct str rest)
{
	struct context *c = &t->world->context;

	on_invited(t, rest);
	t->world->pending[0].question = QUESTION_VOTE;
	for (int i = 0; i < 4; i++)
		t->world->items[i] = i + 1;
	c->vote_items = t->world->items;
	c->vote_items_n = (size_t)(rest.p[0] - '0');
}

/* The phone speaks for one more member of MG07. */
static void on_also(struct talk *t, struct str rest)
{
	int64_t no;

	assert_int_equal(str_to_i64(rest, &no), 0);
	world_role(t->world, ROLE_MEMBER, 7, (int)no);
}

static void on_members(struct talk *t, struct str rest)
{
	(void)rest;
	t->world->context.members = t->world->members;
	t->world->context.members_n = 47;
}

static void on_begin(struct talk *t, struct str rest)
{
	(void)rest;
	guide_begin(&t->in, &t->state, &t->step);
	put_step(t);
}

static void on_resume(struct talk *t, struct str rest)
{
	(void)rest;
	guide_resume(&t->in, &t->state, &t->step);
	put_step(t);
}

static void on_show(struct talk *t, struct str rest)
{
	(void)rest;
	guide_show(&t->in, &t->state, &t->step);
	put_step(t);
}

static void on_key(struct talk *t, struct str rest)
{
	guide_answer(&t->in, rest, &t->state, &t->step);
	put_step(t);
}

/* Several, of which only the last one's screen is looked at. */
static void on_keys(struct talk *t, struct str rest)
{
	struct str key;

	while (rest.n > 0 && str_next(&rest, ' ', &key))
		guide_answer(&t->in, key, &t->state, &t->step);
	put_step(t);
}

static void on_partial(struct talk *t, struct str rest)
{
	struct str said = guide_partial(&t->in, &t->state);

	(void)rest;
	buf_putf(t->out, "> left: " STR_FMT "\n", STR_ARG(said));
	if (said.n == 0)
		return;
	t->step.said = said;
	handle(t);
}

static const struct line {
	const char *word;
	void (*run)(struct talk *t, struct str rest);
} lines[] = {
	{"who", on_who},
	{"way", on_way},
	{"language", on_language},
	{"invited", on_invited},
	{"closed", on_closed},
	{"items", on_items},
	{"also", on_also},
	{"members", on_members},
	{"begin", on_begin},
	{"resume", on_resume},
	{"show", on_show},
	{"key", on_key},
	{"keys", on_keys},
	{"partial", on_partial},
};

static void run_line(struct talk *t, struct str line)
{
	struct str rest = line, word;

	if (line.n == 0 || line.p[0] == '>')
		return;
	buf_putf(t->out, STR_FMT "\n", STR_ARG(line));
	if (line.p[0] == '#')
		return;
	assert_true(str_next(&rest, ' ', &word));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (str_is(word, lines[i].word)) {
			lines[i].run(t, rest);
			return;
		}
	fail_msg("unknown line: " STR_FMT, STR_ARG(line));
}

static void run_block(struct talk *t, struct str block)
{
	struct str line;

	world_begin(t->world);
	memset(&t->world->last, 0, sizeof(t->world->last));
	memset(&t->world->same, 0, sizeof(t->world->same));
	t->state = (struct guide_state){.form = STR(""), .at = STR("")};
	t->in = (struct guide_input){.menus = t->menus,
		.replies = t->world->replies,
		.config = t->world->config,
		.context = &t->world->context,
		.arena = t->world->arena};
	while (str_next(&block, '\n', &line))
		run_line(t, line);
}

static void compare(const char *path, struct str text, const struct buf *out)
{
	FILE *f;

	if (getenv("GOLDEN_WRITE") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(out->p, 1, out->n, f), out->n);
		assert_int_equal(fclose(f), 0);
	} else if (!str_eq(buf_str(out), text)) {
		print_message("%s: what came of it:\n" STR_FMT, path,
			STR_ARG(buf_str(out)));
		fail_msg("%s differs; run with GOLDEN_WRITE=1, look at the "
			 "difference",
			path);
	}
}

static void run_file(struct talk *t, const char *path)
{
	struct arena *a = arena_new(65536);
	struct str text;
	struct buf out;
	struct err err;
	size_t at = 0;

	assert_int_equal(config_read_file(path, FILE_MAX, a, &text, &err), 0);
	buf_init(&out, FILE_MAX);
	t->out = &out;
	while (at < text.n) {
		ptrdiff_t end = str_find(text, STR("\n\n"), at);

		if (end < 0)
			end = (ptrdiff_t)text.n - 1;
		if (at > 0)
			buf_putc(&out, '\n');
		run_block(t, str_part(text, at, (size_t)end - at));
		at = (size_t)end + 2;
	}
	compare(path, text, &out);
	t->out = NULL;
	buf_release(&out);
	arena_free(a);
}

static void test_files(void **state)
{
	struct talk t = {.world = world_new(), .menus = shipped()};
	DIR *dir = opendir(GOLDEN_DIR);
	char path[400];
	const struct dirent *e;
	int n = 0;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		if (!str_ends(str_of(e->d_name), STR(".txt")))
			continue;
		(void)snprintf(
			path, sizeof(path), "%s/%s", GOLDEN_DIR, e->d_name);
		run_file(&t, path);
		n++;
	}
	assert_true(n > 0);
	closedir(dir);
	menus_free(t.menus);
	world_free(t.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_files)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
