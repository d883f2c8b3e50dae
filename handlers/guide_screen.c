/*
 * guide_screen - how is a question shown?
 *
 * A screen is the reason why the last answer did not do, the question, its
 * choices and the keys. Over USSD each has a line; by SMS they are one. It is
 * measured as it is rendered: choices that do not fit go to the next page,
 * never part of one, and the pages stay the same whether there is a reason
 * above them or not. Pure; writer thread.
 */
#include "handlers/dialog.h"
#include "handlers/guide_parts.h"
#include "handlers/record.h"
#include "parsers/segment.h"

#define USSD_GSM 182
#define USSD_UCS2 80
#define SMS_GSM 160
#define SMS_UCS2 70
#define CHOICES_MAX 8 /* a page: 9 and 0 mean something else */
#define TEXT_MAX 4000

static bool is_within(struct str text, int gsm, int ucs2)
{
	struct segments s = segment_count(text);

	return s.units <= (s.ucs2 ? ucs2 : gsm);
}

bool guide_fits(struct str screen)
{
	return is_within(screen, USSD_GSM, USSD_UCS2);
}

bool guide_is_short(const struct guide_walk *w, struct str screen)
{
	return w->in->way == GUIDE_USSD ? guide_fits(screen)
					: is_within(screen, SMS_GSM, SMS_UCS2);
}

struct str guide_cut(struct str text, struct arena *a)
{
	struct str cut;

	if (guide_fits(text))
		return text;
	text = segment_ascii(text, a);
	if (guide_fits(text))
		return text;
	for (size_t n = text.n; n > 0; n--) {
		if (text.p[n - 1] != ' ' && text.p[n - 1] != '\n')
			continue;
		cut = arena_printf(a, STR_FMT "...",
			STR_ARG(str_trim(str_part(text, 0, n))));
		if (guide_fits(cut))
			return cut;
	}
	return str_part(text, 0, 0);
}

/* ---- texts ---- */

/* What was answered to a field of the type; absent: nothing. */
static struct str answered(const struct guide_walk *w, enum menus_type type)
{
	for (size_t i = 0; w->form != NULL && i < w->form->fields_n; i++)
		if (w->form->fields[i].type == (int)type)
			return guide_value(w, &w->form->fields[i]);
	return (struct str){NULL, 0};
}

struct str guide_unit(const struct guide_walk *w)
{
	const struct unit_ref *u = dialog_own_unit(w->in->context, 1);
	struct str value = answered(w, MENUS_UNIT);

	if (value.n > 0)
		return value;
	return u != NULL ? u->code : STR("MG07");
}

/* Of the member who answers, where one phone is several members'. */
static struct str unit_of_self(
	const struct guide_walk *w, const struct pending *q)
{
	const struct context *c = w->in->context;
	struct str self = answered(w, MENUS_SELF);
	int64_t no = q != NULL ? q->member_no : 0;

	if (dialog_role(c) != ROLE_MEMBER)
		return (struct str){NULL, 0};
	if (self.n > 0 && str_to_i64(self, &no) != 0)
		no = 0;
	return dialog_unit_of(c, no);
}

/* The one that was asked about; at least its unit. */
static struct str meeting(const struct guide_walk *w)
{
	const struct context *c = w->in->context;
	const struct pending *q = context_question(c, QUESTION_INVITE);
	const struct meeting_ref *m = c->pending_meeting;
	struct str unit = unit_of_self(w, q);

	if (m != NULL && (q == NULL || q->subject == m->id) &&
		(unit.n == 0 || str_eq(unit, m->unit)))
		return record_meeting(m, w->in->arena);
	if (unit.n > 0)
		return unit;
	return c->roles_n > 0 ? c->roles[0].unit_code : guide_unit(w);
}

static struct str known_value(const struct guide_walk *w, struct str name,
	const struct guide_arg *args)
{
	day_t today = w->today;

	for (; args != NULL && args->name != NULL; args++)
		if (str_is(name, args->name))
			return args->value;
	if (str_is(name, "unit"))
		return guide_unit(w);
	if (str_is(name, "meeting"))
		return meeting(w);
	if (str_is(name, "item"))
		return answered(w, MENUS_ITEM);
	today -= str_is(name, "yesterday");
	return arena_str(w->in->arena, str_of(day_short(today).z));
}

struct str guide_fill(const struct guide_walk *w, struct str text,
	const struct guide_arg *args)
{
	struct buf b;
	struct str ret;

	if (str_find_byte(text, '{', 0) < 0)
		return text;
	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < text.n; i++) {
		ptrdiff_t end =
			text.p[i] == '{' ? str_find_byte(text, '}', i) : -1;

		if (end < 0) {
			buf_putc(&b, text.p[i]);
			continue;
		}
		buf_put(&b, known_value(w,
				    str_part(text, i + 1, (size_t)end - i - 1),
				    args));
		i = (size_t)end;
	}
	ret = arena_str(w->in->arena, buf_str(&b));
	buf_release(&b);
	return ret;
}

struct str guide_words(const struct guide_walk *w, const struct menus_words *t,
	const struct guide_arg *args)
{
	return guide_fill(w, t->in[w->language], args);
}

struct str guide_text(const struct guide_walk *w, enum menus_text id,
	const struct guide_arg *args)
{
	return guide_words(w, &w->in->menus->texts[id], args);
}

/* ---- rendering ---- */

static bool ends_sentence(struct str s)
{
	return s.n > 0 && (s.p[s.n - 1] == '?' || s.p[s.n - 1] == '.' ||
				  s.p[s.n - 1] == ':');
}

/* What stands between two parts: a line's end, or by SMS as in a sentence. */
static void put_part(
	const struct guide_walk *w, struct buf *b, struct str part, bool listed)
{
	if (part.n == 0)
		return;
	if (b->n > 0 && w->in->way == GUIDE_USSD)
		buf_putc(b, '\n');
	else if (b->n > 0)
		buf_putz(b, listed                      ? ", "
			    : ends_sentence(buf_str(b)) ? " "
							: ". ");
	buf_put(b, part);
}

/* The number that is typed for it: the menu's own, else its place. */
static struct str choice_line(const struct guide_walk *w,
	const struct guide_question *q, size_t i, size_t on_page)
{
	const struct guide_choice *c = &q->choices[i];
	struct arena *a = w->in->arena;

	if (w->form == NULL)
		return arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(c->value),
			STR_ARG(c->label));
	return arena_printf(a, "%d " STR_FMT, (int)on_page, STR_ARG(c->label));
}

static struct str put_together(const struct guide_walk *w,
	const struct guide_question *q, size_t at, size_t n)
{
	struct buf b;
	struct str ret;

	buf_init(&b, TEXT_MAX);
	put_part(w, &b, q->reason, false);
	put_part(w, &b, q->prompt, false);
	for (size_t i = 0; i < n; i++)
		put_part(w, &b, choice_line(w, q, at + i, i + 1), i > 0);
	if (at + n < q->n)
		put_part(w, &b, guide_text(w, MENUS_TEXT_MORE, NULL), true);
	put_part(w, &b, q->keys, n > 0);
	ret = arena_str(w->in->arena, buf_str(&b));
	buf_release(&b);
	return ret;
}

/* The longest that is said above choices: pages leave room for it. */
static struct str longest_reason(const struct guide_walk *w)
{
	static const enum menus_text above[] = {MENUS_TEXT_NO_CHOICE,
		MENUS_TEXT_NO_DAY, MENUS_TEXT_FUTURE_DAY, MENUS_TEXT_OLD_DAY,
		MENUS_TEXT_NO_UNIT, MENUS_TEXT_RESUMED, MENUS_TEXT_TOO_LONG};
	const struct guide_arg args[] = {
		{"limit", STR("999")}, {NULL, STR("")}};
	struct str longest = STR(""), s;

	for (size_t i = 0; i < sizeof(above) / sizeof(above[0]); i++) {
		s = guide_text(w, above[i], args);
		if (s.n > longest.n)
			longest = s;
	}
	return longest;
}

struct str guide_resumed_keys(const struct guide_walk *w)
{
	return arena_printf(w->in->arena, STR_FMT ", " STR_FMT,
		STR_ARG(guide_text(w, MENUS_TEXT_ANEW, NULL)),
		STR_ARG(guide_text(w, MENUS_TEXT_BACK_TWICE, NULL)));
}

static size_t page_from(
	const struct guide_walk *w, const struct guide_question *q, size_t at)
{
	struct guide_question worst = *q;
	size_t n = q->n - at < CHOICES_MAX ? q->n - at : CHOICES_MAX;

	worst.reason = longest_reason(w);
	worst.keys = guide_resumed_keys(w);
	while (n > 1 && !guide_is_short(w, put_together(w, &worst, at, n)))
		n--;
	return n;
}

size_t guide_page(const struct guide_walk *w, const struct guide_question *q,
	int page, size_t *ret_at)
{
	size_t at = 0, n = w->form == NULL ? q->n : page_from(w, q, 0);

	for (; page > 0 && n > 0; page--) {
		at += n;
		n = w->form == NULL ? 0 : page_from(w, q, at);
	}
	*ret_at = at;
	return n;
}

struct str guide_render(
	const struct guide_walk *w, const struct guide_question *q, int page)
{
	size_t at, n = guide_page(w, q, page, &at);

	if (n == 0)
		n = guide_page(w, q, 0, &at);
	return put_together(w, q, at, n);
}
