/*
 * Any sequence of dials, keys, repeats, hang-ups and texts, from a fixed seed:
 * each hop ends in a screen that fits, a phone never has two sessions that are
 * open, no session stays open for ever, and each screen's text is stored once.
 */
#include "tests/unit/intake_rig.h"

#include "gateway/errands.h"
#include "gateway/store/sql.h"
#include "gateway/talk.h"
#include "handlers/guide.h"

#define ROUNDS 250
#define HOPS 20

static const char *const phones[] = {SECRETARY, "+84900000017", "+84900000901",
	"+84900000904", "+84900000112", "+84900000115", STRANGER};
static const char *const keys[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9",
	"0", "00", "000", "47", "35", "10", "5*11", "31/2", "MG07",
	"BINH DUONG", "3 12", "", "*", "#", "HUY", "TC", "duong hong \xc3\xa1",
	"1*2*47*35", "TS47 CM35 VP10 VK2", "99999999999999999999"};
static const char *const report[] = {"1", "2", "47", "35", "10", "2"};
#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

struct any {
	struct rig *r;
	uint32_t seed;
	int sessions;
	size_t at;           /* in report */
	struct ussd_hop hop; /* the last */
	struct str screen;   /* that it was shown */
	bool open;
};

static uint32_t draw(struct any *x, uint32_t below)
{
	x->seed = x->seed * 1664525U + 1013904223U;
	return (x->seed >> 8) % below;
}

static int64_t count(const struct any *x, const char *sql)
{
	sqlite3_stmt *st;
	int64_t n = -1;

	assert_int_equal(
		sqlite3_prepare_v2(x->r->s->db, sql, -1, &st, NULL), SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void do_hop(struct any *x)
{
	struct talk_input in = {
		.settings = x->r->set,
		.hop = &x->hop,
		.channel = STR("demo"),
		.arena = x->r->a,
		.budget = x->r->budget,
		.now_ms = x->r->now_ms += 1000,
	};
	struct talk_result ret;

	assert_int_equal(talk_hop(x->r->s, &in, &ret), 0);
	if (x->hop.event == USSD_ENDED) {
		assert_int_equal(ret.screen.text.n, 0);
		x->open = false;
		return;
	}
	assert_true(ret.screen.text.n > 0);
	assert_true(guide_fits(ret.screen.text));
	x->screen = ret.screen.text;
	x->open = ret.screen.more;
}

static void dial(struct any *x, const char *phone)
{
	x->hop = (struct ussd_hop){
		.event = USSD_HOP,
		.session = arena_printf(x->r->a, "s%d", ++x->sessions),
		.phone = str_of(phone),
		.fresh = true,
		.input = STR(""),
		.cumulative = draw(x, 2) == 0,
	};
	if (draw(x, 4) == 0)
		x->hop.input = str_of(keys[draw(x, COUNT(keys))]);
	x->hop.sequence = x->hop.cumulative ? 0 : 1;
	x->at = 0;
	do_hop(x);
}

/* Mostly the way to a report, so that some get there. */
static const char *next_key(struct any *x)
{
	if (draw(x, 8) == 0)
		return keys[draw(x, COUNT(keys))];
	return report[x->at++ % COUNT(report)];
}

static void key(struct any *x)
{
	struct str typed = str_of(next_key(x));

	x->hop.fresh = false;
	if (x->hop.cumulative && x->hop.input.n > 0)
		typed = arena_printf(x->r->a, STR_FMT "*" STR_FMT,
			STR_ARG(x->hop.input), STR_ARG(typed));
	x->hop.input = typed;
	x->hop.sequence += !x->hop.cumulative;
	do_hop(x);
}

/* The same request: the same screen, and nothing else has changed. */
static void repeat(struct any *x)
{
	static const char all[] = "SELECT (SELECT count(*) FROM message) * "
				  "1000 + (SELECT count(*) FROM outbox)";
	struct str screen = x->screen;
	int64_t rows = count(x, all);

	do_hop(x);
	assert_true(str_eq(screen, x->screen));
	assert_int_equal(count(x, all), rows);
}

static void step(struct any *x, const char *phone)
{
	uint32_t what = draw(x, 16);

	if (what == 0 || !x->open) {
		dial(x, phone);
	} else if (what == 1) {
		x->hop.event = USSD_ENDED;
		do_hop(x);
	} else if (what == 2) {
		x->r->now_ms += MINUTE * 2;
		text(x->r, phone, keys[draw(x, COUNT(keys))]);
	} else if (what == 3) {
		text(x->r, phone, "MENU");
	} else if (what < 6) {
		repeat(x);
	} else {
		key(x);
	}
}

static void end_of_round(struct any *x)
{
	struct errands_input in = {.settings = x->r->set, .arena = x->r->a};
	struct errands_result done;

	in.now_ms = x->r->now_ms += HOUR;
	assert_int_equal(errands_run(x->r->s, &in, &done), 0);
	take(x->r);
	assert_true(count(x, "SELECT coalesce(max(n), 0) FROM (SELECT "
			     "count(*) AS n FROM session "
			     "WHERE state IN ('open', 'dropped') "
			     "GROUP BY phone)") <= 1);
	assert_int_equal(count(x, "SELECT count(*) FROM session "
				  "WHERE way = 'ussd' AND state = 'open' "
				  "AND (answers <> '[]' OR asked <> 0)"),
		0);
}

static void test_any(void **state)
{
	struct any x = {.r = *state, .seed = 7};

	for (int i = 0; i < ROUNDS; i++) {
		const char *phone = phones[draw(&x, COUNT(phones))];

		x.open = false;
		for (int k = 0; k < HOPS; k++)
			step(&x, phone);
		end_of_round(&x);
	}
	assert_true(count(&x, "SELECT count(*) FROM meeting_report") > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_any, set_up, tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
