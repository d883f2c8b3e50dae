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

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return *seed >> 33;
}

static const char *word(uint64_t n)
{
	static const char *const words[] = {"MG07", "MG08", "away", "returned",
		"transfer_in", "deceased", "admitted", "yes", "no", "for",
		"secretary", "done", "blocked", "weather", "denunciation",
		"Binh Duong", "0912345678", "access", ""};

	return words[n % (sizeof(words) / sizeof(words[0]))];
}

/* Some value of the field's type, sensible or not. */
static void give_any(struct fields *f, enum field id, uint64_t n)
{
	static const int numbers[] = {3, 12, 3, 48, -1, 2147483647};
	static const struct str texts_v[] = {
		{"Xom", 3}, {"Quang Thi Xom", 13}, {"", 0}};
	static const struct field_map_entry map[] = {
		{1, {"for", 3}}, {7, {"", 0}}};

	switch (field_type(id)) {
	case FIELD_T_TEXT:
		field_set_text(f, id, str_of(word(n)));
		break;
	case FIELD_T_INTS:
		field_set_ints(f, id, numbers + n % 3, n % 4);
		break;
	case FIELD_T_TEXTS:
		field_set_texts(f, id, texts_v, n % 4);
		break;
	case FIELD_T_MAP:
		field_set_map(f, id, map, n % 3);
		break;
	case FIELD_T_ITEMS:
		break;
	case FIELD_T_DAY:
	case FIELD_T_PERIOD:
		field_set_int(f, id, day_of(2026, 11, 1) + (int)(n % 20));
		break;
	default:
		field_set_int(f, id, (int64_t)(n % 50));
	}
}

/* Fields in any company: nothing breaks, and the promises hold. */
static void test_records(void **state)
{
	struct world *w = world_new();
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 40000; i++) {
		const char *who = people[next(&seed) % 8];

		begin(w, who, i & 1);
		w->reading.intent = (enum intent)(next(&seed) % INTENT_N);
		w->message.text = str_of(texts[next(&seed) % 6]);
		for (int k = 0; k < 5; k++) {
			enum field id = (enum field)(next(&seed) % FIELD_N);

			give_any(&w->reading.fields, id, next(&seed));
		}
		if ((i & 6) == 6) {
			ask(w, (int)(next(&seed) % INTENT_N),
				(int)(next(&seed) % PROBLEM_N), 3);
			w->partial[0] = w->reading.fields;
			w->reading.fields = (struct fields){.has = {0}};
		}
		run_one(w, who);
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
		cmocka_unit_test(test_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
