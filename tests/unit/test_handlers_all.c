/*
 * test_handlers_all - what holds for every intent, problem, sender, question.
 *
 * Runs all combinations and checks the promises that no single case can show:
 * a text that is asked back stores nothing, a problem is always asked, nobody
 * without the role stores or learns anything, every text renders.
 */
#include "tests/unit/handlers_rig.h"

static const char *const people[] = {"secretary", "two_units", "deputy",
	"staff", "overseer", "member", "unknown", "nobody"};

static const char *const texts[] = {"1", "2", "9", "35", "dung roi", ""};

static void give_fields(struct world *w, struct fields *f, unsigned bits)
{
	*f = (struct fields){.has = {0}};
	(void)w;
	if (bits & 1)
		field_set_text(f, FIELD_UNIT, STR("MG07"));
	if (bits & 2)
		field_set_int(f, FIELD_DATE, day_of(2026, 11, 5));
	if (bits & 4)
		field_set_int(f, FIELD_PRESENT, 35);
	if (bits & 8)
		field_set_int(f, FIELD_TOTAL, 47);
	if (bits & 16)
		field_set_int(f, FIELD_EXCUSED, 10);
	if (bits & 32)
		field_set_int(f, FIELD_UNEXCUSED, 2);
}

static void give_last(struct world *w)
{
	w->last = (struct report_ref){.meeting_id = 50,
		.report_id = 5,
		.unit = STR("MG07"),
		.kind = STR("regular"),
		.date = day_of(2026, 11, 5),
		.version = 1};
	give_fields(w, &w->last.fields, 63);
	w->context.last_report = &w->last;
}

static bool may_store(const char *who)
{
	return strcmp(who, "overseer") != 0 && strcmp(who, "member") != 0 &&
	       strcmp(who, "unknown") != 0;
}

static void check_effect(
	struct world *w, const struct effect *e, const char *who)
{
	const struct outcome *o = &w->outcome;

	if (e->kind == EFFECT_REPORT || e->kind == EFFECT_VOID) {
		assert_false(o->clarify);
		assert_true(may_store(who));
	}
	if (e->kind == EFFECT_REPORT) {
		assert_true(e->unit_id != 0);
		assert_true(field_has(e->fields, FIELD_DATE));
		assert_true(field_has(e->fields, FIELD_UNEXCUSED));
	}
	if (e->kind == EFFECT_RECORD) {
		assert_false(o->clarify);
		assert_true(strcmp(who, "unknown") != 0);
		assert_true(strcmp(who, "nobody") != 0);
		assert_non_null(e->fields);
	}
	if (e->reply.key == NULL)
		return;
	for (int i = 0; i < 2; i++) {
		struct str text = render_reply(w->replies, &e->reply,
			i == 0 ? STR("vi") : STR("en"), w->arena);

		assert_true(text.n > 0);
		if (strcmp(who, "unknown") == 0)
			assert_true(str_find(text, STR("MG"), 0) < 0);
	}
}

static void run_one(struct world *w, const char *who)
{
	const struct outcome *o = &w->outcome;
	int to_sender = 0;

	world_run(w);
	if (o->problem != PROBLEM_NONE)
		assert_true(o->clarify);
	for (size_t i = 0; i < o->n; i++) {
		check_effect(w, &o->v[i], who);
		to_sender += o->v[i].kind == EFFECT_REPLY ||
			     o->v[i].kind == EFFECT_ASK;
	}
	assert_true(to_sender <= 1);
}

static void begin(struct world *w, const char *who, bool last)
{
	world_begin(w);
	memset(&w->same, 0, sizeof(w->same));
	assert_true(world_who(w, str_of(who)));
	if (last)
		give_last(w);
}

static void test_readings(void **state)
{
	struct world *w = world_new();

	(void)state;
	for (size_t who = 0; who < sizeof(people) / sizeof(people[0]); who++)
		for (int intent = 0; intent < INTENT_N; intent++)
			for (int p = 0; p < PROBLEM_N * 4; p++) {
				begin(w, people[who], p & 1);
				w->reading.intent = (enum intent)intent;
				w->reading.problem = (enum problem)(p / 4);
				give_fields(
					w, &w->reading.fields, p & 2 ? 63 : 1);
				run_one(w, people[who]);
			}
	world_free(w);
}

/* Each set of figures alone: stored only when it is whole. */
static void test_figures(void **state)
{
	struct world *w = world_new();

	(void)state;
	for (size_t who = 0; who < sizeof(people) / sizeof(people[0]); who++)
		for (unsigned bits = 0; bits < 64; bits++) {
			begin(w, people[who], false);
			w->reading.intent = INTENT_MEETING_REPORT;
			give_fields(w, &w->reading.fields, bits);
			run_one(w, people[who]);
		}
	world_free(w);
}

static void ask(struct world *w, int intent, int problem, unsigned bits)
{
	w->pending[0] = (struct pending){.id = 1,
		.question = problem == PROBLEM_KEYWORD_TYPO
				    ? QUESTION_CONFIRM_KEYWORD
				    : QUESTION_MISSING,
		.intent = (enum intent)intent,
		.problem = (enum problem)problem,
		.tries = (int)(bits % 2),
		.partial = &w->partial[0]};
	give_fields(w, &w->partial[0], bits);
	w->context.pending_n = 1;
}

/* A bare answer to every question that might be open. */
static void test_answers(void **state)
{
	static const enum intent read_as[] = {
		INTENT_ACK, INTENT_UNKNOWN, INTENT_OTHER, INTENT_CONFIRM};
	struct world *w = world_new();

	(void)state;
	for (int i = 0; i < 8 * 6 * 4; i++)
		for (int intent = 0; intent < INTENT_N; intent++)
			for (int p = 0; p < PROBLEM_N; p++) {
				begin(w, people[i % 8], p & 1);
				w->message.text = str_of(texts[i / 8 % 6]);
				w->reading.intent = read_as[i / 48];
				ask(w, intent, p, (unsigned)(i * 7 + p) % 64);
				run_one(w, people[i % 8]);
			}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
