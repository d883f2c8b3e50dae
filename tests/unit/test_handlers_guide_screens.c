/*
 * test_handlers_guide_screens - pages, cutting, and what `bantin check` finds.
 *
 * Whoever has many units turns pages; what a number means is what stood
 * behind it. A text is cut between words. Files of forms that cannot be shown
 * on a telephone are faults where they say so.
 */
#include "config/config.h"
#include "handlers/guide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>

#define UNITS 20

struct rig {
	struct arena *arena;
	struct diags *diags;
	struct config *config;
	struct replies *replies;
	struct menus *menus;
	struct context context;
	struct unit_ref units[UNITS];
	struct role_ref role;
	struct guide_input in;
	struct guide_state state;
	struct guide_step step;
};

static int setup(void **state)
{
	/* Not cmocka's: it must not be let go of inside of a test. */
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->arena = arena_new(65536);
	r->diags = diags_new();
	r->config = config_default();
	r->replies = replies_load(STR("vi"), config_shipped_replies("vi"),
		STR("en"), config_shipped_replies("en"), r->diags);
	r->menus =
		menus_load(STR("menus.yaml"), config_shipped_menus(), r->diags);
	assert_non_null(r->menus);
	for (int i = 0; i < UNITS; i++)
		r->units[i] = (struct unit_ref){.id = i + 1,
			.code = arena_printf(r->arena, "QN-MG-%04d", i),
			.own = true,
			.in_scope = true};
	r->role = (struct role_ref){.role = ROLE_SECRETARY};
	r->context = (struct context){.has_registry = true,
		.sender_known = true,
		.language = STR("vi"),
		.today = day_of(2026, 11, 6),
		.roles = &r->role,
		.roles_n = 1,
		.units = r->units,
		.units_n = UNITS};
	r->in = (struct guide_input){.menus = r->menus,
		.replies = r->replies,
		.config = r->config,
		.context = &r->context,
		.arena = r->arena};
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct rig *r = *state;

	menus_free(r->menus);
	replies_free(r->replies);
	config_free(r->config);
	diags_free(r->diags);
	arena_free(r->arena);
	free(r);
	return 0;
}

static void answer(struct rig *r, const char *key)
{
	guide_answer(&r->in, str_of(key), &r->state, &r->step);
}

static bool shows(const struct rig *r, const char *text)
{
	return str_find(r->step.screen, str_of(text), 0) >= 0;
}

/* ---- pages ---- */

static void test_every_choice_is_reached(void **state)
{
	struct rig *r = *state;
	int page = 0, seen = 0;

	guide_begin(&r->in, &r->state, &r->step);
	answer(r, "1");
	for (;;) {
		char line[40];
		int on_page = 0;

		assert_true(guide_fits(r->step.screen));
		for (int i = 1; i <= 8; i++) {
			(void)snprintf(line, sizeof(line), "\n%d QN-MG-%04d\n",
				i, seen + on_page);
			on_page += shows(r, line);
		}
		assert_true(on_page > 0);
		seen += on_page;
		page++;
		if (!shows(r, "9 tiep"))
			break;
		answer(r, "9");
		assert_int_equal(r->state.misses, 0);
	}
	assert_int_equal(seen, UNITS);
	assert_true(page >= 3);
	answer(r, "9");
	assert_int_equal(r->state.misses, 1);
}

static void test_a_number_means_what_stood_there(void **state)
{
	struct rig *r = *state;

	guide_begin(&r->in, &r->state, &r->step);
	answer(r, "1");
	answer(r, "9");
	assert_true(shows(r, "\n2 QN-MG-0009\n"));
	answer(r, "2");
	assert_true(str_is(r->state.v[0].value, "QN-MG-0009"));
	assert_true(shows(r, "QN-MG-0009. Ngay hop?"));
}

static void test_zero_turns_back_before_it_goes_back(void **state)
{
	struct rig *r = *state;

	guide_begin(&r->in, &r->state, &r->step);
	answer(r, "1");
	answer(r, "9");
	answer(r, "0");
	assert_true(shows(r, "\n1 QN-MG-0000\n"));
	answer(r, "9");
	answer(r, "00");
	assert_true(shows(r, "Chon so:"));
}

/* What is above the choices moves none of them to another page. */
static void test_pages_stay_below_a_reason(void **state)
{
	struct rig *r = *state;

	guide_begin(&r->in, &r->state, &r->step);
	answer(r, "1");
	answer(r, "9");
	answer(r, "xx");
	assert_int_equal(r->state.misses, 1);
	assert_true(shows(r, "Khong co ma do."));
	assert_true(shows(r, "\n2 QN-MG-0009\n"));
	answer(r, "2");
	assert_true(str_is(r->state.v[0].value, "QN-MG-0009"));
}

static void test_by_sms_pages_are_one_segment(void **state)
{
	struct rig *r = *state;

	r->in.way = GUIDE_SMS;
	guide_begin(&r->in, &r->state, &r->step);
	answer(r, "1");
	assert_true(r->step.screen.n <= 160);
	assert_true(shows(r, ", 9 tiep, 0 lui"));
	answer(r, "9");
	assert_true(r->step.screen.n <= 160);
	answer(r, "QN-MG-0019");
	assert_true(str_is(r->state.v[0].value, "QN-MG-0019"));
}

/* Staff may type a name; one that several units have, or one of others' units,
 * is no code. */
static void test_a_unit_by_its_name(void **state)
{
	struct rig *r = *state;
	struct unit_match match[] = {{STR("gion"), r->units, 1},
		{STR("na pan"), r->units, 2}, {STR("xa kia"), &r->units[3], 1}};

	r->role.role = ROLE_STAFF;
	r->units[3].in_scope = false;
	r->context.units_n = 0;
	r->context.matches = match;
	r->context.matches_n = 3;
	guide_begin(&r->in, &r->state, &r->step);
	answer(r, "1");
	answer(r, "Na Pan");
	assert_true(shows(r, "Khong co ma do."));
	answer(r, "xa kia");
	assert_true(shows(r, "Khong co ma do."));
	answer(r, "Gi\xC3\xB4n");
	assert_true(str_is(r->state.v[0].value, "QN-MG-0000"));
}

/* ---- states from elsewhere ---- */

/* The form was another when this was kept: what it has not is forgotten. */
static void test_a_state_of_another_form(void **state)
{
	struct rig *r = *state;

	r->state = (struct guide_state){.form = STR("report"),
		.at = STR("gone"),
		.v = {{STR("gone"), STR("5")},
			{STR("unit"), STR("QN-MG-0003")}},
		.n = 2};
	guide_resume(&r->in, &r->state, &r->step);
	assert_int_equal(r->state.n, 1);
	assert_true(shows(r, "QN-MG-0003. Ngay hop?"));
	r->state.at = STR("gone");
	answer(r, "1");
	assert_true(shows(r, "QN-MG-0003. Ngay hop?"));
	r->state.form = STR("gone");
	answer(r, "1");
	assert_true(shows(r, "Chon so:"));
	assert_int_equal(r->state.misses, 1);
}

static void test_a_text_that_is_too_long(void **state)
{
	struct rig *r = *state;
	char text[GUIDE_INPUT_MAX + 2];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	guide_begin(&r->in, &r->state, &r->step);
	answer(r, "7");
	answer(r, text);
	assert_true(shows(r, "Dai qua"));
	answer(r, text + 1);
	assert_int_equal(r->step.next, GUIDE_IS_FULL);
	assert_int_equal(r->step.said.n, GUIDE_INPUT_MAX + strlen("YK "));
}

/* ---- cutting ---- */

static void test_cut(void **state)
{
	struct rig *r = *state;
	char text[400];
	struct str s;

	memset(text, 'a', 182);
	assert_true(guide_fits((struct str){text, 182}));
	assert_false(guide_fits((struct str){text, 183}));
	s = guide_cut((struct str){text, 182}, r->arena);
	assert_int_equal(s.n, 182);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 10 == 9 ? ' ' : 'b';
	s = guide_cut((struct str){text, sizeof(text)}, r->arena);
	assert_true(guide_fits(s));
	assert_true(str_ends(s, STR("bbbbbbbbb...")));
	assert_true(s.n > 170);
}

static void test_cut_keeps_what_fits_without_marks(void **state)
{
	struct rig *r = *state;
	struct str long_vi =
		STR("Đã nhận báo cáo họp của đơn vị, các số đã khớp với "
		    "danh sách. Đúng thì trả lời 1, sai thì soạn SUA");
	struct str s;

	assert_false(guide_fits(long_vi));
	s = guide_cut(long_vi, r->arena);
	assert_true(guide_fits(s));
	assert_true(str_starts(s, STR("Da nhan bao cao")));
	assert_true(str_ends(s, STR("soan SUA")));
	assert_true(guide_fits(STR("Đã nhận báo cáo")));
}

static void test_call(void **state)
{
	struct rig *r = *state;

	assert_true(guide_is_call(r->menus, STR("menu")));
	assert_true(guide_is_call(r->menus, STR(" menu ")));
	assert_false(guide_is_call(r->menus, STR("menu hop")));
	assert_false(guide_is_call(r->menus, STR("")));
}

/* ---- bantin check ---- */

/* The shipped file with one piece exchanged, loaded and checked. */
static void check_changed(struct rig *r, const char *from, const char *to)
{
	struct str file = config_shipped_menus();
	ptrdiff_t at = str_find(file, str_of(from), 0);
	struct menus *m;

	assert_true(at >= 0);
	m = menus_load(STR("menus.yaml"),
		arena_printf(r->arena, STR_FMT "%s" STR_FMT,
			STR_ARG(str_part(file, 0, (size_t)at)), to,
			STR_ARG(str_from(file, (size_t)at + strlen(from)))),
		r->diags);
	assert_non_null(m);
	guide_check(m, r->replies, r->config, r->diags);
	menus_free(m);
}

static void test_shipped_screens_fit(void **state)
{
	struct rig *r = *state;

	guide_check(r->menus, r->replies, r->config, r->diags);
	assert_int_equal(r->diags->n, 0);
}

static void test_check_finds(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} cases[] = {
		{"VP: vang co phep?",
			"VP: may nguoi vang mat trong buoi hop nay da xin "
			"phep va duoc nguoi chu tri dong y cho vang, ke ca "
			"nguoi om dau va nguoi di lam xa nha, da bao truoc",
			"characters over USSD"},
		{"\"Da thoat. Can thi goi lai\"", "\"Chi bộ đã thoát\"",
			"no text may hold"},
		{"y kien cua ban?", "Bí thư: ý kiến?", "no text may hold"},
		{"\"Hien khong co loi moi nao.\"",
			"\"Hiện không có lời mời nào, xin xem lại lịch họp "
			"tháng này rồi hãy trả lời nhé.\"",
			"(not plain GSM-7)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig *r = *state;
		struct buf b;

		check_changed(r, cases[i].from, cases[i].to);
		buf_init(&b, 1 << 20);
		diags_print(r->diags, &b);
		if (str_find(buf_str(&b), str_of(cases[i].says), 0) < 0)
			fail_msg("%s: not said: %s", buf_z(&b), cases[i].says);
		assert_int_equal(r->diags->n, 1);
		assert_true(r->diags->v[0].line > 1);
		buf_release(&b);
		assert_int_equal(teardown(state), 0);
		assert_int_equal(setup(state), 0);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_every_choice_is_reached),
		TEST(test_a_number_means_what_stood_there),
		TEST(test_zero_turns_back_before_it_goes_back),
		TEST(test_pages_stay_below_a_reason),
		TEST(test_by_sms_pages_are_one_segment),
		TEST(test_a_unit_by_its_name),
		TEST(test_a_state_of_another_form),
		TEST(test_a_text_that_is_too_long),
		TEST(test_cut),
		TEST(test_cut_keeps_what_fits_without_marks),
		TEST(test_call),
		TEST(test_shipped_screens_fit),
		TEST(test_check_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
