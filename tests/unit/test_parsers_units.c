/*
 * Units of the sender whose code is a label too (CT03, TS12), or whose name is
 * made of known words, win in the place of a unit, or are asked.
 */
#include "config/config.h"
#include "parsers/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define UNIT(c, n)                                                             \
	{                                                                      \
		.id = 1, .code = {c, sizeof(c) - 1},                           \
		.name = {n, sizeof(n) - 1}, .roll = 12, .own = true,           \
		.in_scope = true                                               \
	}

static const struct unit_ref units[] = {
	UNIT("CM05", "Bó"),
	UNIT("CT03", "Co Líu"),
	UNIT("DV12", "Kéo Ca"),
	UNIT("NQ01", "Có"),
	UNIT("TS12", "Huổi Ngà"),
};

#define UNITS_N (sizeof(units) / sizeof(units[0]))
#define EVERY (-1)

static const struct reads {
	const char *text;
	int own; /* the sender's only unit, or EVERY of them is */
	const char *unit, *problem;
} reads[] = {
	{"HOP CT03 5/11 TS12 CM10 VP2 VK0", EVERY, "CT03", ""},
	{"HOP CT 03 5/11 TS12 CM10 VP2 VK0", EVERY, "CT03", ""},
	{"bao cao hop NQ01 5/11 TS12 CM10 VP2 VK0 NQ11", 3, "NQ01", ""},
	{"HOP TS12 5/11 CM10 VP2 VK0", 4, "TS12", ""},
	{"HOP CM05 5/11 TS12 CM10 VP2 VK0", 0, "CM05", ""},
	{"XEM NQ01", EVERY, "NQ01", ""},
	{"LICH CT03 8/11 19h30", EVERY, "CT03", ""},
	/* figures stay figures */
	{"HOP 5/11 TS12 CM05 VP7 VK0", 0, "CM05", ""},
	{"HOP 5/11 TS12 CM10 VP2 VK0 CT03", 1, "CT03", ""},
	{"HOP TS47 CM10 5/11", 4, "TS12", ""},
	{"SUA CM05 VP3", 0, "", "ambiguous"},
	/* a sister's code is no figure */
	{"HOP NQ02 5/11 TS12 CM10 VP2 VK0", 3, "", "unit_unknown"},
	/* as a unit it says nothing: then it is asked */
	{"DV12 VE", 2, "", "ambiguous"},
	{"keo ca hop toi 3/11 ts12 cm11 vp1 vk0", 2, "DV12", ""},
	{"Chi bộ Co Líu họp 3/11 ts12 cm11 vp1 vk0", 1, "CT03", ""},
	{"ban co hop 3/11 ts12 cm11 vp1 vk0", EVERY, "NQ01", ""},
	{"co hop 3/11 ts12 cm11 vp1 vk0", EVERY, "", "missing_unit"},
};

static void test_units(void **state)
{
	const struct ruleset *rs = *state;
	struct arena *a = arena_new(1 << 16);

	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		const struct reads *t = &reads[i];
		struct context c = {.today = day_parse(STR("2026-11-06")),
			.has_registry = true,
			.sender_known = true,
			.units = t->own == EVERY ? units : &units[t->own],
			.units_n = t->own == EVERY ? UNITS_N : 1};
		struct reading r;

		arena_reset(a);
		read_message(scan_text(rs, str_of(t->text), a), &c, a, &r);
		if (!str_is(field_text(&r.fields, FIELD_UNIT), t->unit) ||
			strcmp(problem_str(r.problem), t->problem) != 0)
			fail_msg("%s: unit '" STR_FMT "' %s", t->text,
				STR_ARG(field_text(&r.fields, FIELD_UNIT)),
				problem_str(r.problem));
	}
	arena_free(a);
}

static int setup(void **state)
{
	struct diags *d = diags_new();

	*state = ruleset_load(
		STR("config/rules.yaml"), config_shipped_rules(), d);
	diags_free(d);
	return *state == NULL;
}

static int teardown(void **state)
{
	ruleset_unref(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
