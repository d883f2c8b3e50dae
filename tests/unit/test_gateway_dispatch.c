/*
 * dispatch: every verdict, lane and kind of provider → the row's next state;
 * when it is tried again; what is built of a row.
 */
#include "gateway/dispatch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define T0 INT64_C(1793968200000)
#define BASE_S INT64_C(10)
#define MAX_S INT64_C(600)
#define ATTEMPTS 5

static const struct config cfg = {
	.outbox = {.retry_base_s = BASE_S,
		.retry_max_s = MAX_S,
		.retry_after_max_s = 7200,
		.max_attempts = ATTEMPTS},
};

static struct outbox_result judge(bool takes_our_id,
	const struct outbox_row *row, struct provider_verdict v)
{
	const struct provider p = {.name = "p", .takes_our_id = takes_our_id};
	const struct channel c = {.name = STR("demo"), .provider = &p};
	struct outbox_result r = {.state = OUTBOX_STATE_N, .at_ms = T0};

	dispatch_judge(&c, &cfg, row, &v, &r);
	assert_int_equal(r.id, row->id);
	assert_true(str_is(r.channel, "demo"));
	assert_true(str_eq(r.ref, v.ref));
	assert_true(str_eq(r.why, v.why));
	return r;
}

static int64_t wait_ms(int64_t id, int attempts, enum provider_verdict_kind k,
	int64_t retry_after_s)
{
	struct outbox_row row = {
		.id = id, .attempts = attempts, .lane = STR("bulk")};
	struct outbox_result r = judge(false, &row,
		(struct provider_verdict){
			.kind = k, .retry_after_s = retry_after_s});

	return r.due_at - T0;
}

#define Q OUTBOX_QUEUED
#define S OUTBOX_SENT
#define F OUTBOX_FAILED
#define U OUTBOX_UNSURE

static void every_verdict_lane_and_provider(void **state)
{
	static const struct {
		const char *lane;
		enum provider_verdict_kind kind;
		bool takes_our_id;
		enum outbox_state first, last; /* attempt */
	} t[] = {
		{"reply", PROVIDER_OK, false, S, S},
		{"bulk", PROVIDER_OK, true, S, S},
		{"reply", PROVIDER_PERMANENT, false, F, F},
		{"bulk", PROVIDER_PERMANENT, true, F, F},
		{"reply", PROVIDER_TEMPORARY, false, Q, F},
		{"urgent", PROVIDER_TEMPORARY, false, Q, F},
		{"bulk", PROVIDER_TEMPORARY, true, Q, F},
		/* its own valid_until ends it, not the count */
		{"reply", PROVIDER_THROTTLED, false, Q, Q},
		{"urgent", PROVIDER_THROTTLED, true, Q, Q},
		{"bulk", PROVIDER_THROTTLED, false, Q, Q},
		/* again only where a second one is harmless */
		{"reply", PROVIDER_UNKNOWN, false, Q, U},
		{"reply", PROVIDER_UNKNOWN, true, Q, U},
		{"urgent", PROVIDER_UNKNOWN, true, Q, U},
		{"bulk", PROVIDER_UNKNOWN, true, Q, U},
		{"urgent", PROVIDER_UNKNOWN, false, U, U},
		{"bulk", PROVIDER_UNKNOWN, false, U, U},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v = {
			.kind = t[i].kind,
			.retry_after_s = -1,
			.ref = STR("r1"),
			.why = STR("because"),
		};
		struct outbox_row row = {
			.id = 7, .attempts = 1, .lane = str_of(t[i].lane)};
		struct outbox_result r = judge(t[i].takes_our_id, &row, v);

		assert_int_equal(r.state, t[i].first);
		if (r.state == OUTBOX_QUEUED)
			assert_true(r.due_at > T0);
		row.attempts = ATTEMPTS - 1;
		assert_int_equal(
			judge(t[i].takes_our_id, &row, v).state, t[i].first);
		for (row.attempts = ATTEMPTS; row.attempts < ATTEMPTS + 3;
			row.attempts++)
			assert_int_equal(
				judge(t[i].takes_our_id, &row, v).state,
				t[i].last);
	}
	/* Refused at last, but an earlier try may have arrived. */
	assert_int_equal(
		judge(true,
			&(struct outbox_row){
				.attempts = ATTEMPTS, .bound = true},
			(struct provider_verdict){.kind = PROVIDER_TEMPORARY})
			.state,
		U);
}

static void back_off_grows_to_its_cap(void **state)
{
	int64_t nominal = BASE_S * 1000;

	(void)state;
	for (int attempt = 1; attempt < 1000; attempt++) {
		for (int64_t id = 1; id <= 20; id++) {
			int64_t w =
				wait_ms(id, attempt, PROVIDER_THROTTLED, -1);

			assert_in_range(w, nominal * 3 / 4, nominal * 5 / 4);
			/* "Longest wait between two attempts." */
			assert_true(w <= MAX_S * 1000);
		}
		nominal *= nominal < MAX_S * 1000 ? 2 : 1;
		if (nominal > MAX_S * 1000)
			nominal = MAX_S * 1000;
	}
}

/* A crowd that failed together does not come back together. */
static void back_off_is_spread_and_repeatable(void **state)
{
	int in_tenth[10] = {0};
	const int64_t from = BASE_S * 1000 * 3 / 4, span = BASE_S * 1000 / 2;

	(void)state;
	for (int64_t id = 1; id <= 1000; id++) {
		int64_t w = wait_ms(id, 1, PROVIDER_TEMPORARY, -1);
		int64_t tenth = (w - from) * 10 / span;

		assert_int_equal(w, wait_ms(id, 1, PROVIDER_TEMPORARY, -1));
		in_tenth[tenth < 10 ? tenth : 9]++;
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(in_tenth[i], 50, 200);
}

static void retry_after_is_honoured(void **state)
{
	static const enum provider_verdict_kind kind[] = {
		PROVIDER_TEMPORARY, PROVIDER_THROTTLED};

	(void)state;
	for (int i = 0; i < 2; i++) {
		int64_t own = wait_ms(3, 1, kind[i], -1);

		assert_int_equal(wait_ms(3, 1, kind[i], 3600), 3600000);
		/* of a year, as much as we bear */
		assert_int_equal(wait_ms(3, 1, kind[i], 31536000), 7200000);
		/* never sooner than our own back-off */
		assert_int_equal(wait_ms(3, 1, kind[i], 1), own);
		assert_int_equal(wait_ms(3, 1, kind[i], 0), own);
	}
}

/* ---- channels and calls, with the real settings ---- */

static struct settings *settings_of(const char *channels)
{
	struct diags *d = diags_new();
	char text[4096];
	struct settings *s;
	struct buf b;

	snprintf(text, sizeof(text), "database: x.db\nchannels:\n%s", channels);
	s = settings_load_text(STR("test.yaml"), str_of(text), d);
	buf_init(&b, 65536);
	d->warned_n = 0; /* its tokens can be guessed */
	diags_print(d, &b);
	assert_string_equal(buf_z(&b), "");
	buf_release(&b);
	diags_free(d);
	assert_non_null(s);
	return s;
}

#define TOKEN "0123456789abcdef0123456789abcdef"
#define INBOUND                                                                \
	"    inbound: {source: json, id: id, from: from, to: to, "             \
	"text: text}\n"
#define OUTBOUND                                                               \
	"    outbound: {method: POST, url: \"http://127.0.0.1:1/s\", "         \
	"type: application/json, body: '{\"id\":\"{id}\",\"to\":\"{to}\","     \
	"\"text\":\"{text}\"}', accept: [200]}\n"

#define ONE_THAT_SENDS(name, more)                                             \
	"  - name: " name "\n    provider: generic\n    token: " TOKEN         \
	"\n" INBOUND OUTBOUND more
#define ONE_THAT_HEARS(name)                                                   \
	"  - name: " name "\n    provider: generic\n    token: " TOKEN         \
	"\n" INBOUND

static void a_text_leaves_by_the_first_that_can(void **state)
{
	static const struct {
		const char *channel, *to, *leaves_by;
		bool one_away, two_away, bound;
	} t[] = {
		{"in-only", "+84900000007", "one", 0, 0, 0},
		{"one", "+84900000007", "one", 0, 0, 0},
		{"two", "+84900000007", "two", 0, 0, 0},
		{"gone", "+84900000007", "one", 0, 0, 0},
		{NULL, "+84900000007", "one", 0, 0, 0},
		/* only three reaches short codes, nobody a name */
		{"one", "8088", "three", 0, 0, 0},
		{NULL, "8088", "three", 0, 0, 0},
		{"one", "+4912345", NULL, 0, 0, 0},
		{"one", "VIETTEL", NULL, 0, 0, 0},
		/* failover, and its end */
		{"one", "+84900000007", "two", 1, 0, 0},
		{"gone", "+84900000007", "two", 1, 0, 0},
		{"two", "+84900000007", "one", 0, 1, 0},
		{"one", "+84910000007", "one", 1, 0, 0},
		{"two", "+84900000007", "two", 1, 1, 0},
		/* never what may have been sent */
		{"one", "+84900000007", "one", 1, 0, 1},
		{"two", "+84900000007", "two", 1, 1, 1},
	};
	struct settings *s = settings_of(ONE_THAT_HEARS("in-only")
			ONE_THAT_SENDS("one", "    reaches: [+84]\n")
				ONE_THAT_SENDS("two", "    reaches: [+8490]\n")
					ONE_THAT_SENDS("three",
						"    reaches: ['80']\n"));

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const bool away[] = {
			false, t[i].one_away, t[i].two_away, false};
		struct dispatch_view view = {.settings = s, .away = away};
		struct outbox_row row = {
			.channel = str_of(t[i].channel),
			.to = str_of(t[i].to),
			.bound = t[i].bound,
		};
		const struct channel *c = dispatch_channel(&view, &row);

		if (t[i].leaves_by == NULL
				? c != NULL
				: c == NULL || !str_is(c->name, t[i].leaves_by))
			fail_msg("%zu: by " STR_FMT, i,
				STR_ARG(c != NULL ? c->name : STR("none")));
	}
	settings_unref(s);
}

static const struct {
	const char *lane, *channel, *to;
	size_t by;
	int64_t late_h;
	bool bound;
	enum outbox_fate fate;
	enum outbox_state ends;
	const char *given;
} decisions[] = {
	{"reply", "one", "+84900000007", 0, 0, 0, OUTBOX_TAKE, 0, NULL},
	{"reply", "two", "+84900000007", 0, 0, 0, OUTBOX_LEAVE, 0, NULL},
	/* one is away: its texts leave by two, or probe it */
	{"bulk", "one", "+84900000007", 1, 0, 0, OUTBOX_TAKE, 0, NULL},
	{"bulk", "one", "+84900000007", 1, 0, 1, OUTBOX_LEAVE, 0, NULL},
	{"bulk", "one", "+84910000007", 1, 0, 0, OUTBOX_LEAVE, 0, NULL},
	{"bulk", "one", "+84900000007", 0, 0, 0, OUTBOX_TAKE, 0, NULL},
	/* two does not reach it, as it stands now */
	{"bulk", "two", "+84910000007", 1, 0, 0, OUTBOX_GIVE, 0, "one"},
	{"reply", "two", "VIETTEL", 1, 0, 0, OUTBOX_END, OUTBOX_FAILED, NULL},
	/* maybe sent by one that is gone, or sends no more */
	{"bulk", "gone", "+84900000007", 1, 0, 1, OUTBOX_END, OUTBOX_UNSURE,
		NULL},
	{"bulk", "gone", "+84900000007", 1, 0, 0, OUTBOX_TAKE, 0, NULL},
	{"bulk", "hears", "+84900000007", 1, 0, 1, OUTBOX_END, OUTBOX_UNSURE,
		NULL},
	/* by class: 12 h, 24 h, never */
	{"urgent", "two", "+84900000007", 1, 12, 0, OUTBOX_TAKE, 0, NULL},
	{"urgent", "two", "+84900000007", 1, 13, 0, OUTBOX_END, OUTBOX_HELD,
		NULL},
	{"bulk", "two", "+84900000007", 1, 24, 0, OUTBOX_TAKE, 0, NULL},
	{"bulk", "two", "+84900000007", 1, 25, 0, OUTBOX_END, OUTBOX_HELD,
		NULL},
	{"reply", "two", "+84900000007", 1, 500, 0, OUTBOX_TAKE, 0, NULL},
};

static void a_claim_decides(void **state)
{
	struct settings *s =
		settings_of(ONE_THAT_SENDS("one", "    reaches: [+84]\n")
				ONE_THAT_SENDS("two", "    reaches: [+8490]\n")
					ONE_THAT_HEARS("hears"));
	const bool away[] = {true, false, false};

	(void)state;
	s->config->window_from = 0;
	s->config->window_to = 1440;
	for (size_t i = 0; i < sizeof(decisions) / sizeof(decisions[0]); i++) {
		struct dispatch_view view = {
			s, away, &s->channels[decisions[i].by], T0};
		struct outbox_row row = {
			.lane = str_of(decisions[i].lane),
			.channel = str_of(decisions[i].channel),
			.to = str_of(decisions[i].to),
			.bound = decisions[i].bound,
			.planned_at = T0 - decisions[i].late_h * 3600000,
		};
		struct outbox_decision d = {.fate = OUTBOX_TAKE};

		dispatch_decide(&view, &row, &d);
		if (d.fate != decisions[i].fate ||
			d.state != decisions[i].ends ||
			(d.fate == OUTBOX_END) != (d.why != NULL))
			fail_msg("%zu: fate %d state %d", i, d.fate, d.state);
		if (decisions[i].given != NULL)
			assert_true(str_is(d.channel, decisions[i].given));
	}
	settings_unref(s);
}

/* What was due in the night is late from the morning on. */
static void lateness_begins_with_the_window(void **state)
{
	const int64_t hour = 3600000;
	struct settings *s = settings_of(ONE_THAT_SENDS("one", ""));
	const bool away[] = {false};
	struct dispatch_view view = {s, away, &s->channels[0], 0};
	struct outbox_row row = {
		.lane = STR("urgent"),
		.channel = STR("one"),
		.to = STR("+84900000007"),
		.planned_at = T0 + 2 * hour, /* 21:30 */
	};
	struct outbox_decision d = {.fate = OUTBOX_TAKE};

	(void)state;
	view.now_ms = T0 + 23 * hour; /* 18:30, of 07:00 */
	dispatch_decide(&view, &row, &d);
	assert_int_equal(d.fate, OUTBOX_TAKE);
	view.now_ms += hour;
	dispatch_decide(&view, &row, &d);
	assert_int_equal(d.fate, OUTBOX_END);
	assert_int_equal(d.state, OUTBOX_HELD);
	settings_unref(s);
}

static void who_may_try_what_was_refused(void **state)
{
	struct settings *s = settings_of(ONE_THAT_SENDS("one", "")
			ONE_THAT_SENDS("two", "    reaches: [+8490]\n")
				ONE_THAT_SENDS("three", ""));
	struct arena *a = arena_new(1024);
	struct outbox_row row = {.to = STR("+84910000007")};
	struct outbox_result r = {.state = OUTBOX_FAILED};

	(void)state;
	dispatch_others(s, &s->channels[0], &row, a, &r);
	assert_int_equal(r.others_n, 1);
	assert_true(str_is(r.others[0], "three"));
	row.bound = true;
	dispatch_others(s, &s->channels[0], &row, a, &r);
	assert_int_equal(r.others_n, 0);
	arena_free(a);
	settings_unref(s);
}

static int build(const struct settings *s, size_t channel,
	const struct outbox_row *row, struct arena *a,
	struct provider_call *ret)
{
	const struct dispatch d = {
		.channel = &s->channels[channel], .row = row, .now_ms = T0};
	struct provider_outgoing o = dispatch_outgoing(&d, a);
	struct err err;

	return dispatch_build(&d, &o, a, ret, &err);
}

static void a_call_holds_id_and_folded_text(void **state)
{
	struct settings *s = settings_of(
		"  - name: one\n    provider: generic\n    token: " TOKEN
		"\n" INBOUND OUTBOUND "    fold: fold\n"
		"  - name: two\n    provider: generic\n    token: " TOKEN
		"\n" INBOUND OUTBOUND "    fold: keep\n");
	struct arena *a = arena_new(4096);
	struct outbox_row row = {
		.id = 42,
		.to = STR("+84900000007"),
		.text = STR("Đã nhận"),
		.valid_until = T0 + 60000,
		.created_at = 0x1a2b3c,
	};
	struct provider_call call;

	(void)state;
	assert_int_equal(build(s, 0, &row, a, &call), 0);
	assert_string_equal(call.method, "POST");
	assert_true(str_is(call.body, "{\"id\":\"o42.1a2b3c\","
				      "\"to\":\"+84900000007\","
				      "\"text\":\"Da nhan\"}"));
	row.dedupe_key = STR("run1-9");
	assert_int_equal(build(s, 1, &row, a, &call), 0);
	assert_true(str_find(call.body, STR("\"run1-9.1a2b3c\""), 0) > 0);
	/* The same row of a database that began anew is another text. */
	row.created_at++;
	assert_int_equal(build(s, 1, &row, a, &call), 0);
	assert_true(str_find(call.body, STR("\"run1-9.1a2b3d\""), 0) > 0);
	assert_true(str_find(call.body, STR("\"Đã nhận\""), 0) > 0);
	arena_free(a);
	settings_unref(s);
}

/* Reports are asked for where one could be read, and nowhere else. */
static void a_report_has_an_address(void **state)
{
	static const struct {
		const char *base, *key, *want;
		size_t channel;
	} t[] = {
		{"http://127.0.0.1:8080", NULL,
			"http://127.0.0.1:8080/dlr/one/" TOKEN "?o=o42.1a2b3c",
			0},
		{"https://sms.example.vn/", "m17:reply:0",
			"https://sms.example.vn/dlr/one/" TOKEN
			"?o=m17%3Areply%3A0.1a2b3c",
			0},
		{"https://sms.example.vn", "a&b +",
			"https://sms.example.vn/dlr/two?o=a%26b%20%2B.1a2b3c",
			1},
		{"http://127.0.0.1:8080", NULL, NULL, 2},
		{"", NULL, NULL, 0},
	};
	struct settings *s = settings_of(
		"  - name: one\n    provider: smsgate\n    token: " TOKEN
		"\n  - name: two\n    provider: smsgate\n"
		"    signing_key: 0123456789\n"
		"  - name: three\n    provider: console\n    token: " TOKEN
		"\n");
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct outbox_row row = {
			.id = 42,
			.created_at = 0x1a2b3c,
			.text = STR("Da nhan"),
			.dedupe_key = str_of(t[i].key),
		};
		const struct dispatch d = {
			.channel = &s->channels[t[i].channel],
			.row = &row,
			.now_ms = T0,
			.base_url = str_of(t[i].base),
		};
		struct provider_outgoing o = dispatch_outgoing(&d, a);

		assert_int_equal(o.segments, 1);
		if (t[i].want == NULL)
			assert_null(o.report_url.p);
		else
			assert_string_equal(
				arena_z(a, o.report_url), t[i].want);
	}
	arena_free(a);
	settings_unref(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_has_an_address),
		cmocka_unit_test(every_verdict_lane_and_provider),
		cmocka_unit_test(back_off_grows_to_its_cap),
		cmocka_unit_test(back_off_is_spread_and_repeatable),
		cmocka_unit_test(retry_after_is_honoured),
		cmocka_unit_test(a_text_leaves_by_the_first_that_can),
		cmocka_unit_test(a_claim_decides),
		cmocka_unit_test(lateness_begins_with_the_window),
		cmocka_unit_test(who_may_try_what_was_refused),
		cmocka_unit_test(a_call_holds_id_and_folded_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
