/*
 * guide_check - does every screen fit a telephone?
 *
 * Renders all that a led conversation can show, for each role, in both
 * languages and ways, with the longest values: nine units, a roll and figures
 * of as many digits as may be, every reason above every question. What does
 * not fit one screen, or holds a forbidden word, is a fault where menus.yaml
 * says it. Pure; any thread.
 */
#include "handlers/guide_parts.h"
#include "handlers/render.h"
#include "parsers/segment.h"

#define MANY 9 /* more than a page has */
#define LONG_CODE "QN-MG-0712"

struct world {
	struct arena *arena;
	struct diags *diags;
	const struct replies *replies;
	struct guide_input in;
	struct context context;
	struct unit_ref units[MANY];
	struct role_ref roles[MANY];
	struct pending invited;
	struct meeting_ref meeting;
	int items[MANY];
	struct str figure; /* the largest */
};

static void fill_world(struct world *w, enum role role)
{
	struct context *c = &w->context;

	*c = (struct context){.has_registry = true,
		.sender_known = true,
		.today = day_of(2026, 11, 26),
		.roles = w->roles,
		.roles_n = MANY,
		.units = w->units,
		.units_n = role <= ROLE_DEPUTY ? MANY : 0,
		.pending = &w->invited,
		.pending_n = 1,
		.pending_meeting = &w->meeting,
		.vote_items = w->items,
		.vote_items_n = MANY};
	w->meeting = (struct meeting_ref){.id = 1,
		.unit = STR(LONG_CODE),
		.date = c->today,
		.time = 19 * 60 + 30};
	w->invited = (struct pending){
		.question = QUESTION_INVITE, .subject = w->meeting.id};
	for (int i = 0; i < MANY; i++) {
		w->items[i] = 90 + i;
		w->units[i] = (struct unit_ref){.id = i + 1,
			.code = STR(LONG_CODE),
			.roll = GUIDE_ROLL_MAX,
			.own = true,
			.in_scope = true};
		w->roles[i] = (struct role_ref){.role = ROLE_MEMBER,
			.unit_id = i + 1,
			.unit_code = STR(LONG_CODE),
			.member_no = GUIDE_ROLL_MAX - i};
	}
	if (role != ROLE_MEMBER)
		w->roles[0].role = role;
}

/* Where it stands in the file, in the language that was rendered. */
static const struct node *place(
	const struct guide_walk *w, const struct menus_words *words)
{
	return node_get(words->node, w->language == MENUS_EN ? "en" : "vi");
}

/* Other callers are shown it, too: one fault is enough. */
static bool is_told(const struct diags *d, const struct node *n)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].line == n->line && d->v[i].col == n->col &&
			str_eq(d->v[i].file, n->file))
			return true;
	return false;
}

/* False: it was a fault. */
static bool check_screen(struct world *c, const struct guide_walk *w,
	const struct menus_words *words, struct str screen)
{
	struct segments s = segment_count(screen);

	if (is_told(c->diags, place(w, words)))
		return false;
	if (render_is_forbidden(c->replies, screen, c->arena)) {
		node_error(place(w, words), c->diags,
			"shows a word that no text may hold: " STR_FMT,
			STR_ARG(screen));
		return false;
	}
	if (guide_is_short(w, screen))
		return true;
	node_error(place(w, words), c->diags,
		"takes %d characters%s %s with its longest values, more than "
		"one screen: " STR_FMT,
		s.units, s.ucs2 ? " (not plain GSM-7)" : "",
		w->in->way == GUIDE_SMS ? "by SMS" : "over USSD",
		STR_ARG(screen));
	return false;
}

/* Every page of what is asked now, below that reason. */
static bool check_pages(struct world *c, const struct guide_walk *w,
	const struct menus_words *words, struct str reason)
{
	struct guide_question q;
	size_t at;
	int page = 0;

	guide_ask(w, reason, &q);
	do {
		if (!check_screen(c, w, words, guide_render(w, &q, page)))
			return false;
	} while (guide_page(w, &q, ++page, &at) > 0);
	return true;
}

/* The reasons that a field of the type may give. */
static bool may_say(const struct menus_field *f, enum menus_text id)
{
	static const uint64_t of_type[] = {
#define SAYS(x) (UINT64_C(1) << MENUS_TEXT_##x)
		[MENUS_CHOICE] = SAYS(NO_CHOICE) | SAYS(NO_DAY) |
				 SAYS(FUTURE_DAY) | SAYS(OLD_DAY),
		[MENUS_UNIT] = SAYS(NO_UNIT),
		[MENUS_DAY] = SAYS(NO_DAY) | SAYS(FUTURE_DAY) | SAYS(OLD_DAY),
		[MENUS_COUNT] = SAYS(NO_NUMBER) | SAYS(TOO_SMALL) |
				SAYS(TOO_LARGE) | SAYS(OVER),
		[MENUS_MEMBER] = SAYS(NO_NUMBER) | SAYS(NO_MEMBER),
		[MENUS_MEMBERS] = SAYS(NO_LIST) | SAYS(NO_MEMBER) |
				  SAYS(TWICE) | SAYS(NOBODY),
		[MENUS_SELF] = SAYS(NO_CHOICE),
		[MENUS_ITEM] = SAYS(NO_CHOICE),
		[MENUS_PLACE] = SAYS(NO_PLACE),
		[MENUS_WORDS] = SAYS(NO_TEXT),
	};

	return id == MENUS_TEXT_TOO_LONG || (of_type[f->type] >> id & 1) != 0;
}

static struct str reason_of(const struct guide_walk *w,
	const struct menus_field *f, enum menus_text id)
{
	struct str figure = arena_printf(w->in->arena, "%lld",
		(long long)w->in->config->report.max_figure);
	struct guide_sum sum = {.parts = figure, .total = figure};
	const struct guide_arg *args;

	if (f->within.n > 0)
		sum = guide_sum_of(w, f, w->in->config->report.max_figure);
	args = (const struct guide_arg[]){{"parts", sum.parts},
		{"limit", id == MENUS_TEXT_OVER ? sum.total : figure},
		{"number", STR("999")}, {NULL, STR("")}};
	return guide_text(w, id, args);
}

static void check_reasons(struct world *c, const struct guide_walk *w,
	const struct menus_field *f)
{
	bool fine = check_pages(c, w, &f->prompt, STR(""));

	for (enum menus_text id = 0; fine && id < MENUS_TEXTS_N; id++)
		if (may_say(f, id) &&
			(id != MENUS_TEXT_OVER || f->within.n > 0))
			fine = check_pages(
				c, w, &f->prompt, reason_of(w, f, id));
	w->s->resumed = true;
	if (fine)
		(void)check_pages(c, w, &f->prompt, STR(""));
	w->s->resumed = false;
}

/* All answers are as long as they come, and make no sum. */
static void fill_answers(struct world *c, struct guide_walk *w)
{
	for (size_t i = 0; i < w->form->fields_n; i++) {
		const struct menus_field *f = &w->form->fields[i];

		if (f->type == MENUS_COUNT)
			guide_put(w, f, c->figure);
		if (f->type == MENUS_UNIT)
			guide_put(w, f, c->units[0].code);
	}
}

static void check_fields(struct world *c, struct guide_walk *w)
{
	const struct menus_words *zero = &w->in->menus->texts[MENUS_TEXT_ZERO];
	const struct menus_words *sum = &w->in->menus->texts[MENUS_TEXT_SUM];
	struct str wrong = guide_text(w, MENUS_TEXT_NO_CHOICE, NULL);

	fill_answers(c, w);
	for (size_t i = 0; i < w->form->fields_n; i++) {
		w->s->at = w->form->fields[i].name;
		check_reasons(c, w, &w->form->fields[i]);
	}
	w->s->at = STR(GUIDE_AT_SUM);
	if (guide_odd_sum(w) != NULL)
		(void)check_pages(c, w, sum, wrong);
	w->s->at = STR(GUIDE_AT_ZERO);
	(void)check_pages(c, w, zero, wrong);
}

static void check_shown(struct world *c, struct guide_walk *w)
{
	const struct menus_page *p;

	if (guide_shown(w, 0) == NULL)
		node_error(w->form->node, c->diags, "has no page for '%s'",
			role_str(w->role));
	for (; (p = guide_shown(w, w->s->page)) != NULL; w->s->page++)
		(void)check_pages(c, w, &p->text,
			guide_text(w, MENUS_TEXT_NO_CHOICE, NULL));
}

static void check_form(struct world *c, const struct menus_item *item)
{
	struct guide_state s = {.form = item->form, .at = STR("")};
	struct guide_walk w = guide_walk_of(&c->in, &s);

	if (w.form->does == MENUS_SHOWS)
		check_shown(c, &w);
	else
		check_fields(c, &w);
}

static void check_menu(struct world *c)
{
	struct guide_state s = {.form = STR(""), .at = STR("")};
	struct guide_walk w = guide_walk_of(&c->in, &s);
	struct str wrong = guide_text(&w, MENUS_TEXT_NO_CHOICE, NULL);

	(void)check_pages(c, &w, &w.menu->title, wrong);
	for (size_t i = 0; i < w.menu->items_n; i++) {
		const struct menus_item *item = &w.menu->items[i];

		if (item->absent.node != NULL)
			(void)check_pages(c, &w, &item->absent,
				guide_words(&w, &item->absent, NULL));
		check_form(c, item);
	}
}

static void check_last(struct world *c)
{
	static const enum menus_text last[] = {
		MENUS_TEXT_BYE, MENUS_TEXT_DROPPED, MENUS_TEXT_SPOKEN};
	struct guide_state s = {.form = STR(""), .at = STR("")};
	struct guide_walk w = guide_walk_of(&c->in, &s);

	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		(void)check_screen(c, &w, &w.in->menus->texts[last[i]],
			guide_text(&w, last[i], NULL));
}

static void check_caller(struct world *c, enum role role, const char *language)
{
	fill_world(c, role);
	c->context.language = str_of(language);
	for (enum guide_way way = GUIDE_USSD; way <= GUIDE_SMS; way++) {
		c->in.way = way;
		check_menu(c);
		if (role == ROLE_SECRETARY)
			check_last(c);
		arena_reset(c->arena);
	}
}

void guide_check(const struct menus *m, const struct replies *r,
	const struct config *c, struct diags *d)
{
	struct world w = {.arena = arena_new(65536), .diags = d, .replies = r};
	struct arena *a = arena_new(64);

	w.in = (struct guide_input){.menus = m,
		.replies = r,
		.config = c,
		.context = &w.context,
		.arena = w.arena};
	w.figure = arena_printf(a, "%lld", (long long)c->report.max_figure);
	for (enum role role = ROLE_SECRETARY; role <= ROLE_MEMBER; role++) {
		check_caller(&w, role, "vi");
		check_caller(&w, role, "en");
	}
	arena_free(a);
	arena_free(w.arena);
}
