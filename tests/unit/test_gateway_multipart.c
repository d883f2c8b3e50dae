/*
 * multipart: parts of long texts in every order and number come to the same
 * one message; what never comes whole is told to its sender once.
 */
#include "gateway/multipart.h"

#include "gateway/store/parts.h"
#include "gateway/store/registry.h"
#include "gateway/store/sql.h"
#include "gateway/store/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define EVENING INT64_C(1793968200000) /* 2026-11-06 19:30 in Vietnam */
#define MINUTE INT64_C(60000)
#define LIMIT (10 * MINUTE) /* inbound.parts_s */
#define SECRETARY "+84900000007"

static const char config_text[] =
	"database: x.db\n"
	"budget: {replies_per_hour: 3, unknown_per_day: 1}\n"
	"channels:\n"
	"  - {name: demo, provider: console,\n"
	"     token: 0123456789abcdef0123456789abcdef}\n"
	"  - {name: other, provider: console,\n"
	"     token: 0123456789abcdef0123456789abcdee}\n";

struct rig {
	struct store *s;
	struct arena *a;
	struct settings *set;
	struct budget *budget;
	int64_t now_ms;
	int ids;
	uint32_t seed;
	struct intake_result r; /* of the last part */
};

static struct str file(struct arena *a, const char *path)
{
	struct err err = {""};
	struct str s = {NULL, 0};

	assert_int_equal(config_read_file(path, 1 << 20, a, &s, &err), 0);
	return s;
}

static void import(struct rig *r, struct diags *d)
{
	struct registry_files f = {
		.units = file(r->a, "tests/data/registry/units.csv"),
		.members = file(r->a, "tests/data/registry/members.csv"),
		.roles = file(r->a, "tests/data/registry/roles.csv"),
		.dir = STR("tests/data/registry"),
	};
	struct registry_counts n;

	assert_int_equal(registry_import(r->s, &f, EVENING, &n, d), 0);
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct diags *d = diags_new();
	struct err err = {""};

	r->a = arena_new(1 << 16);
	r->s = store_open(NULL, STORE_MEMORY, &err);
	assert_non_null(r->s);
	assert_int_equal(store_begin(r->s), 0);
	import(r, d);
	r->set = settings_load_text(STR("test.yaml"), str_of(config_text), d);
	assert_non_null(r->set);
	diags_free(d);
	r->budget = budget_new();
	r->now_ms = EVENING;
	r->seed = 20261105;
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	store_rollback(r->s);
	store_close(r->s);
	settings_unref(r->set);
	budget_free(r->budget);
	arena_free(r->a);
	test_free(r);
	return 0;
}

static uint32_t chance(struct rig *r, uint32_t below)
{
	r->seed = r->seed * 1664525 + 1013904223;
	return (r->seed >> 16) % below;
}

static int64_t value(struct rig *r, const char *sql)
{
	sqlite3_stmt *st;
	int64_t v;

	assert_int_equal(sqlite3_prepare_v2(r->s->db, sql, -1, &st, NULL), 0);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

static int64_t texts(struct rig *r, struct str text)
{
	sqlite3_stmt *st;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(r->s->db,
				 "SELECT count(*) FROM message WHERE text = ?",
				 -1, &st, NULL),
		0);
	sqlite3_bind_text(st, 1, text.p, (int)text.n, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static struct message part(
	struct rig *r, const char *ref, int no, int total, const char *text)
{
	return (struct message){
		.channel = STR("demo"),
		.provider_id = arena_printf(r->a, "p%d", ++r->ids),
		.from = STR(SECRETARY),
		.to = STR("+84888000111"),
		.text = str_of(text),
		.sent_at = r->now_ms,
		.received_at = r->now_ms,
		.part_ref = str_of(ref),
		.part_no = no,
		.part_total = total,
	};
}

static struct intake_input input(struct rig *r)
{
	return (struct intake_input){
		.settings = r->set,
		.arena = r->a,
		.budget = r->budget,
		.now_ms = r->now_ms,
	};
}

static void take(struct rig *r, const struct message *m)
{
	struct intake_input in = input(r);

	in.message = m;
	assert_true(message_is_part(m));
	assert_int_equal(multipart_take(r->s, &in, &r->r), 0);
}

static void came(
	struct rig *r, const char *ref, int no, int total, const char *text)
{
	struct message m = part(r, ref, no, total, text);

	take(r, &m);
}

static struct multipart_reaped reap(struct rig *r)
{
	struct intake_input in = input(r);
	struct multipart_reaped done;

	assert_int_equal(multipart_reap(r->s, &in, 100, &done), 0);
	return done;
}

#define PARTS 4

/* The nth order of 0 … PARTS - 1. */
static void order(int nth, int v[PARTS])
{
	bool used[PARTS] = {false};

	for (int i = 0; i < PARTS; i++) {
		int fact = 1, skip, k = 0;

		for (int j = 2; j < PARTS - i; j++)
			fact *= j;
		skip = nth / fact;
		nth %= fact;
		while (used[k] || skip-- > 0)
			k++;
		used[k] = true;
		v[i] = k;
	}
}

/* By the same id again, or by another one. */
static void again(struct rig *r, const struct message *m)
{
	struct message same = *m;

	if (chance(r, 2) == 0)
		same.provider_id = arena_printf(r->a, "p%d", ++r->ids);
	take(r, &same);
	assert_true(r->r.put == INBOUND_REPEAT || r->r.put == INBOUND_PART);
	assert_int_equal(r->r.queued, 0);
}

static void every_order_and_repeat_is_one_text(void **state)
{
	struct rig *r = *state;
	struct message m[PARTS];
	int v[PARTS];

	for (int nth = 0; nth < 24; nth++) {
		struct str ref = arena_printf(r->a, "%02x%c", nth, '\0');
		struct str whole = STR("");

		for (int i = 0; i < PARTS; i++) {
			m[i] = part(r, ref.p, i + 1, PARTS, "");
			m[i].text = arena_printf(r->a, "YK %d so %d ", nth, i);
			whole = arena_printf(r->a, STR_FMT STR_FMT,
				STR_ARG(whole), STR_ARG(m[i].text));
		}
		order(nth, v);
		for (int i = 0; i < PARTS; i++) {
			assert_int_equal(texts(r, whole), 0);
			take(r, &m[v[i]]);
			again(r, &m[v[chance(r, (uint32_t)i + 1)]]);
		}
		for (int i = 0; i < PARTS; i++)
			again(r, &m[i]);
		assert_int_equal(texts(r, whole), 1);
		r->now_ms += MINUTE;
	}
	assert_int_equal(value(r, "SELECT count(*) FROM message"), 24);
	assert_int_equal(value(r, "SELECT count(*) FROM multipart "
				  "WHERE message IS NULL"),
		0);
	assert_int_equal(reap(r).n, 0);
}

/* The whole report in parts does what it would in one. */
static void a_whole_text_is_handled(void **state)
{
	struct rig *r = *state;

	came(r, "a1", 2, 2, "35 10 2");
	assert_int_equal(r->r.put, INBOUND_PART);
	assert_int_equal(value(r, "SELECT count(*) FROM message"), 0);
	came(r, "a1", 1, 2, "HOP 5/11 47 ");
	assert_int_equal(r->r.put, INBOUND_NEW);
	assert_int_equal(r->r.intent, INTENT_MEETING_REPORT);
	assert_int_equal(r->r.queued, 1);
	assert_int_equal(value(r, "SELECT present FROM meeting_report"), 35);
	/* its id and time are those of the first part */
	assert_int_equal(value(r, "SELECT provider_id = 'p2' FROM message"), 1);
}

#define SENDERS 6
#define EACH 3

/* Shuffled without regard for anything. */
static void senders_do_not_mix(void **state)
{
	struct rig *r = *state;
	struct message m[SENDERS * EACH * PARTS], swap;
	size_t n = 0;

	for (int s = 0; s < SENDERS; s++)
		for (int t = 0; t < EACH; t++)
			for (int i = 0; i < 2 + (s + t) % 3; i++, n++) {
				m[n] = part(r, "", i + 1, 2 + (s + t) % 3, "");
				m[n].part_ref = arena_printf(r->a, "%d", t);
				m[n].from =
					arena_printf(r->a, "+8490000080%d", s);
				m[n].text = arena_printf(
					r->a, "%d.%d.%d ", s, t, i);
			}
	for (size_t i = n; i-- > 1;) {
		size_t k = chance(r, (uint32_t)i + 1);

		swap = m[i];
		m[i] = m[k];
		m[k] = swap;
	}
	for (size_t i = 0; i < n; i++)
		take(r, &m[i]);
	assert_int_equal(
		value(r, "SELECT count(*) FROM message"), SENDERS * EACH);
	assert_int_equal(texts(r, STR("0.0.0 0.0.1 ")), 1);
	assert_int_equal(texts(r, STR("5.2.0 5.2.1 5.2.2 ")), 1);
	assert_int_equal(texts(r, STR("4.0.0 4.0.1 4.0.2 ")), 1);
}

static void what_never_comes_is_asked_for_once(void **state)
{
	struct rig *r = *state;
	struct jdoc *story;

	came(r, "07", 1, 3, "HOP 5/11 47 ");
	came(r, "07", 3, 3, " 2");
	r->now_ms += LIMIT - 1;
	assert_int_equal(reap(r).n, 0);
	r->now_ms++;
	assert_int_equal(reap(r).queued, 1);
	assert_int_equal(reap(r).n, 0);
	assert_int_equal(value(r, "SELECT count(*) FROM message WHERE "
				  "text = 'HOP 5/11 47  2' AND state = 'asked' "
				  "AND intent IS NULL"),
		1);
	assert_int_equal(value(r, "SELECT count(*) FROM meeting_report"), 0);
	/* too late: linked, and that is all */
	r->now_ms += MINUTE;
	came(r, "07", 2, 3, "35 10");
	assert_int_equal(r->r.put, INBOUND_PART);
	assert_int_equal(r->r.id, value(r, "SELECT id FROM message"));
	assert_int_equal(r->r.queued, 0);
	story = story_of_message(r->s, r->r.id);
	assert_int_equal(jdoc_len(jdoc_at(story, "parts")), 3);
	assert_true(str_is(jdoc_str(jdoc_at(story, "error")),
		"incomplete: 2 of 3 parts came"));
	jdoc_free(story);
}

/* A phone whose reference comes round: the words tell two texts apart. */
static void a_reference_that_comes_round(void **state)
{
	struct rig *r = *state;

	came(r, "00", 1, 2, "HOP 4/11 47 ");
	r->now_ms += MINUTE;
	came(r, "00", 1, 2, "HOP 5/11 47 ");
	assert_int_equal(r->r.incomplete, 1);
	assert_int_equal(r->r.queued, 1);
	came(r, "00", 2, 2, "35 10 2");
	assert_int_equal(r->r.put, INBOUND_NEW);
	assert_int_equal(texts(r, STR("HOP 5/11 47 35 10 2")), 1);
	assert_int_equal(texts(r, STR("HOP 4/11 47 ")), 1);
	/* the same words again, later: another text */
	r->now_ms += LIMIT + MINUTE;
	came(r, "00", 1, 2, "HOP 5/11 47 ");
	came(r, "00", 2, 2, "35 10 2");
	assert_int_equal(r->r.put, INBOUND_NEW);
	assert_int_equal(texts(r, STR("HOP 5/11 47 35 10 2")), 2);
}

/* The server was away; times that are far apart are two texts. */
static void parts_of_other_times_are_not_joined(void **state)
{
	struct rig *r = *state;
	struct message b = part(r, "00", 2, 2, "35 10 2");

	b.sent_at -= LIMIT + 1;
	take(r, &b);
	came(r, "00", 1, 2, "HOP 5/11 47 ");
	assert_int_equal(r->r.put, INBOUND_PART);
	assert_int_equal(r->r.incomplete, 1);
	assert_int_equal(value(r, "SELECT count(*) FROM meeting_report"), 0);
}

static void too_many_end_the_oldest(void **state)
{
	struct rig *r = *state;
	static const char *const ref[] = {"1", "2", "3", "4", "5"};

	for (int i = 0; i < PARTS_OPEN_SENDER; i++) {
		came(r, ref[i], 1, 2, "HOP ");
		assert_int_equal(r->r.incomplete, 0);
	}
	came(r, ref[PARTS_OPEN_SENDER], 1, 2, "HOP ");
	assert_int_equal(r->r.incomplete, 1);
	assert_int_equal(value(r, "SELECT count(*) FROM multipart "
				  "WHERE message IS NULL"),
		PARTS_OPEN_SENDER);
	assert_int_equal(value(r, "SELECT message IS NOT NULL FROM multipart "
				  "WHERE ref = '1'"),
		1);
}

/* A text that no reader would take whole ends with its first part. */
static void too_long_is_asked_for_shorter(void **state)
{
	struct rig *r = *state;

	for (int no = PARTS_TOTAL_MAX + 1; no > 0; no--)
		came(r, "ff", no, PARTS_TOTAL_MAX + 1, "dai ");
	assert_int_equal(value(r, "SELECT count(*) FROM message"), 1);
	assert_int_equal(value(r, "SELECT count(*) FROM outbox"), 1);
	assert_int_equal(value(r, "SELECT count(*) FROM message_part"),
		PARTS_TOTAL_MAX + 1);
}

static void machines_and_the_budget_are_heeded(void **state)
{
	static const char *const ref[] = {"1", "2", "3", "4"};
	static const char *const text[] = {"HOP", "DD", "SUA", "YK"};
	struct rig *r = *state;
	struct message m = part(r, "1", 1, 2, "Quy khach ");

	m.from = STR("VIETTEL");
	take(r, &m);
	for (int i = 0; i < 4; i++)
		came(r, ref[i], 1, 2, text[i]);
	r->now_ms += LIMIT;
	assert_int_equal(reap(r).queued, 3); /* replies_per_hour */
	assert_int_equal(value(r, "SELECT count(*) FROM message "
				  "WHERE state = 'ignored'"),
		2);
	came(r, "09", 1, 2, "HOP");
	r->now_ms -= LIMIT + 1; /* the clock was set back */
	assert_int_equal(reap(r).n, 1);
}

/* In parts by both: still one SMS. */
static void one_text_by_two_routes_is_one(void **state)
{
	struct rig *r = *state;
	struct message m;

	for (int no = 1; no <= 2; no++) {
		came(r, "01", no, 2, no == 1 ? "HOP 5/11 47 " : "35 10 2");
		m = part(r, "01", no, 2, no == 1 ? "HOP 5/11 47 " : "35 10 2");
		m.channel = STR("other");
		take(r, &m);
	}
	assert_int_equal(r->r.put, INBOUND_DUPLICATE);
	assert_int_equal(value(r, "SELECT count(*) FROM outbox"), 1);
}

static void what_cannot_be_a_part_is_a_text(void **state)
{
	static const struct {
		const char *ref;
		int no, total;
		size_t n;
		bool want;
	} t[] = {
		{"1", 1, 2, 10, true},
		{"1", 255, 255, 1000, true},
		{"1", 2, 2, 0, true},
		{"", 1, 2, 10, false},
		{"1", 0, 2, 10, false},
		{"1", 3, 2, 10, false},
		{"1", -1, 2, 10, false},
		{"1", 1, 1, 10, false},
		{"1", 1, 0, 10, false},
		{"1", 1, 256, 10, false},
		{"1", 1, 2, 1001, false},
	};
	static const char text[1001];

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct message m = {
			.text = {text, t[i].n},
			.part_ref = str_of(t[i].ref),
			.part_no = t[i].no,
			.part_total = t[i].total,
		};

		if (message_is_part(&m) != t[i].want)
			fail_msg("case %zu", i);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_order_and_repeat_is_one_text),
		TEST(a_whole_text_is_handled),
		TEST(senders_do_not_mix),
		TEST(what_never_comes_is_asked_for_once),
		TEST(a_reference_that_comes_round),
		TEST(parts_of_other_times_are_not_joined),
		TEST(too_many_end_the_oldest),
		TEST(too_long_is_asked_for_shorter),
		TEST(machines_and_the_budget_are_heeded),
		TEST(one_text_by_two_routes_is_one),
		cmocka_unit_test(what_cannot_be_a_part_is_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
