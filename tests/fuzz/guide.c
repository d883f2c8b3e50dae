/*
 * guide: any inputs in any order, of any caller: each ends in a screen that
 * fits, or in a text that is read; a report that a form says is read as the
 * figures that were typed; who leaves leaves nothing behind.
 */
#include "tests/fuzz/fuzz.h"

#include "handlers/guide.h"
#include "parsers/read.h"
#include "parsers/scan.h"
#include "parsers/segment.h"

#define UNITS 12
#define ITEMS 12
#define STEPS 60
#define NOW_MS INT64_C(1793968200000) /* 2026-11-06T19:30+07:00 */

struct caller {
	struct arena *arena;
	struct context context;
	struct unit_ref units[UNITS];
	struct role_ref roles[2];
	struct pending invited;
	int items[ITEMS];
	struct unit_match matches[SCAN_UNIT_KEYS_MAX];
	struct guide_input in;
	struct guide_state state;
	struct guide_step step;
};

struct shipped {
	struct config *config;
	struct ruleset *rules;
	struct replies *replies;
	struct menus *menus;
};

static struct shipped shipped;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct diags *d = diags_new();

	(void)argc;
	(void)argv;
	shipped = (struct shipped){.config = config_default()};
	shipped.rules = ruleset_load(STR("rules"), config_shipped_rules(), d);
	shipped.replies = replies_load(STR("vi"), config_shipped_replies("vi"),
		STR("en"), config_shipped_replies("en"), d);
	shipped.menus = menus_load(STR("menus"), config_shipped_menus(), d);
	MUST(shipped.rules != NULL && shipped.replies != NULL &&
		shipped.menus != NULL);
	diags_free(d);
	return 0;
}

static void make_units(struct caller *c, unsigned n)
{
	for (int i = 0; i < UNITS; i++)
		c->units[i] = (struct unit_ref){.id = i + 1,
			.code = arena_printf(c->arena, "MG%02d", i + 1),
			.roll = i % 2 == 0 ? 47 : 0,
			.own = true,
			.in_scope = true};
	c->context.units = c->units;
	c->context.units_n = n;
}

/* What the store would look up for a text. */
static void look_up(struct caller *c, const struct scan *s)
{
	const struct str *keys;
	size_t n = scan_unit_keys(s, &keys), found = 0;

	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < UNITS; k++)
			if (str_ieq(keys[i], c->units[k].code) &&
				found < SCAN_UNIT_KEYS_MAX)
				c->matches[found++] = (struct unit_match){
					keys[i], &c->units[k], 1};
	c->context.matches = c->matches;
	c->context.matches_n = found;
}

static void make_caller(struct caller *c, struct str *rest)
{
	static const unsigned units[] = {1, 2, UNITS};
	enum role role = (enum role)fuzz_choice(rest, 5);
	unsigned bits = fuzz_choice(rest, 64);

	c->context = (struct context){.has_registry = true,
		.sender_known = (bits & 32) == 0,
		.language = (bits & 1) != 0 ? STR("en") : STR("vi"),
		.today = day_of(2026, 11, 6),
		.now_ms = NOW_MS,
		.sent_at = NOW_MS,
		.utc_offset_min = 7 * 60,
		.pending = &c->invited,
		.pending_n = (bits & 2) != 0,
		.roles = c->roles,
		.roles_n = 1 + ((bits & 4) != 0),
		.vote_items = c->items,
		.vote_items_n = fuzz_choice(rest, ITEMS + 1)};
	make_units(c, role <= ROLE_DEPUTY ? units[(bits >> 3) % 3] : 0);
	c->invited = (struct pending){.id = 1, .question = QUESTION_INVITE};
	for (int i = 0; i < ITEMS; i++)
		c->items[i] = i + 1;
	for (int i = 0; i < 2; i++)
		c->roles[i] = (struct role_ref){.role = ROLE_MEMBER,
			.unit_id = 1,
			.unit_code = STR("MG01"),
			.member_no = 12 + i};
	c->roles[0].role = role;
	c->in = (struct guide_input){.menus = shipped.menus,
		.replies = shipped.replies,
		.config = shipped.config,
		.context = &c->context,
		.arena = c->arena,
		.way = fuzz_choice(rest, 2) ? GUIDE_SMS : GUIDE_USSD};
}

static struct str answer_to(const struct caller *c, const char *field)
{
	for (size_t i = 0; i < c->state.n; i++)
		if (str_is(c->state.v[i].field, field))
			return c->state.v[i].value;
	return (struct str){NULL, 0};
}

static void check_figure(const struct caller *c, const struct reading *r,
	const char *name, enum field f)
{
	int64_t typed;

	MUST(str_to_i64(answer_to(c, name), &typed) == 0);
	MUST(field_has(&r->fields, f) && r->fields.v[f].i == typed);
}

/* What the form says means what was answered, and adds up. */
static void check_report(struct caller *c)
{
	const struct scan *s = scan_text(shipped.rules, c->step.said, c->arena);
	struct reading *r = ARENA_NEW(c->arena, struct reading);

	look_up(c, s);
	read_message(s, &c->context, c->arena, r);
	MUST(r->intent == INTENT_MEETING_REPORT);
	MUST(r->problem == PROBLEM_NONE);
	check_figure(c, r, "total", FIELD_TOTAL);
	check_figure(c, r, "present", FIELD_PRESENT);
	check_figure(c, r, "excused", FIELD_EXCUSED);
	check_figure(c, r, "unexcused", FIELD_UNEXCUSED);
	MUST(r->fields.v[FIELD_TOTAL].i ==
		r->fields.v[FIELD_PRESENT].i + r->fields.v[FIELD_EXCUSED].i +
			r->fields.v[FIELD_UNEXCUSED].i);
	MUST(field_int(&r->fields, FIELD_DATE, DAY_NONE) <= c->context.today);
}

static bool is_forgotten(const struct guide_state *s)
{
	return s->form.n == 0 && s->n == 0 && !s->resumed;
}

static void check_screen(const struct caller *c)
{
	struct str s = c->step.screen;

	MUST(s.n > 0 && str_is_utf8(s));
	MUST(guide_fits(s));
	MUST(c->in.way == GUIDE_USSD || segment_count(s).n == 1);
	MUST(str_find_byte(s, '{', 0) < 0);
}

static void check_step(struct caller *c)
{
	const struct guide_state *s = &c->state;

	MUST(s->n <= GUIDE_ANSWERS_MAX && s->page >= 0 && s->misses >= 0);
	for (size_t i = 0; i < s->n; i++)
		MUST(s->v[i].field.n > 0 && s->v[i].value.n > 0);
	if (c->step.next != GUIDE_IS_FULL) {
		check_screen(c);
		MUST(c->step.next == GUIDE_ASKS || is_forgotten(s));
		MUST(c->step.next != GUIDE_SPEAKS || c->step.language.n == 2);
		return;
	}
	MUST(c->step.said.n > 0 && str_is_utf8(c->step.said));
	MUST(str_is(s->form, "opinion") ||
		str_find_byte(c->step.said, '{', 0) < 0);
	if (str_is(s->form, "report"))
		check_report(c);
}

/* The same again, without a second effect. */
static void check_show(struct caller *c)
{
	struct guide_step again;

	if (c->step.next != GUIDE_ASKS)
		return;
	guide_show(&c->in, &c->state, &again);
	MUST(again.next == GUIDE_ASKS && guide_fits(again.screen));
	MUST(c->state.misses > 0 || str_eq(again.screen, c->step.screen));
	(void)guide_partial(&c->in, &c->state);
}

static void step(struct caller *c, struct str input)
{
	if (str_is(input, "\x02"))
		guide_begin(&c->in, &c->state, &c->step);
	else if (str_is(input, "\x03"))
		guide_resume(&c->in, &c->state, &c->step);
	else {
		look_up(c, scan_text(shipped.rules, input, c->arena));
		guide_answer(&c->in, input, &c->state, &c->step);
	}
	check_step(c);
	check_show(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(65536);
	struct caller *c = ARENA_NEW(a, struct caller);
	struct str rest = fuzz_text(data, n);

	c->arena = a;
	make_caller(c, &rest);
	guide_begin(&c->in, &c->state, &c->step);
	check_step(c);
	for (int i = 0; rest.n > 0 && i < STEPS; i++)
		step(c, fuzz_part(&rest));
	arena_free(a);
	return 0;
}
