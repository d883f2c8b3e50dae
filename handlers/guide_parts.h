#ifndef HANDLERS_GUIDE_PARTS_H
#define HANDLERS_GUIDE_PARTS_H

#include "handlers/guide.h"

/* What the files of a led conversation share. For guide*.c alone. */

/* One step under way. */
struct guide_walk {
	const struct guide_input *in;
	struct guide_state *s;
	enum role role;
	enum menus_language language;
	day_t today;                   /* what {today} says */
	const struct menus_menu *menu; /* NULL: nobody that we know */
	const struct menus_form *form; /* NULL: at the menu */
};

/* state.at of questions that no field asks; no field has such a name. */
#define GUIDE_AT_ZERO "=zero" /* is 0 a figure, or start anew? */
#define GUIDE_AT_SUM "=sum"   /* which figure is wrong? */

/* ---- guide_form.c: how full is the form, and what does it say? ---- */

/* Fills in role, language, menu and form; a form that the caller's menu has
 * not (any more) is none. */
struct guide_walk guide_walk_of(
	const struct guide_input *in, struct guide_state *s);
bool guide_is_open(const struct guide_walk *w, const struct menus_item *i);
/* What was answered, or can only be meant; absent: neither. */
struct str guide_value(const struct guide_walk *w, const struct menus_field *f);
/* The field that comes next; NULL: all are answered. */
const struct menus_field *guide_next(const struct guide_walk *w);
void guide_put(
	struct guide_walk *w, const struct menus_field *f, struct str value);
void guide_drop(struct guide_walk *w, struct str field);
/* All figures that make a sum are there, and do not: the field that
 * completes it. NULL: none. */
const struct menus_field *guide_odd_sum(const struct guide_walk *w);
/* As an SMS, as far as it was answered. */
struct str guide_say(const struct guide_walk *w);

/* The figures of a sum: those beside a field, then its own. */
struct guide_sum {
	int64_t value, limit;
	struct str parts;  /* "CM35+VP10" */
	struct str labels; /* "CM+VP" */
	struct str total;  /* "TS47" */
};
struct guide_sum guide_sum_of(
	const struct guide_walk *w, const struct menus_field *f, int64_t own);

/* ---- guide_ask.c: what is asked? ---- */

struct guide_choice {
	struct str value, label;
};

/* What may be chosen there; 0: it is typed. In the arena. */
size_t guide_choices(const struct guide_walk *w, const struct menus_field *f,
	struct guide_choice **ret);

/* A question before it is cut into pages. */
struct guide_question {
	struct str reason; /* why the last input did not do; may be empty */
	struct str prompt;
	const struct guide_choice *choices;
	size_t n;
	struct str keys; /* behind the choices: "0 lui" */
};
/* What is asked at s->at, which must fit the form; the reason may be empty. */
void guide_ask(const struct guide_walk *w, struct str reason,
	struct guide_question *ret);
/* Page of a form that shows, for this caller, from 0; NULL: there is none. */
const struct menus_page *guide_shown(const struct guide_walk *w, int page);

/* ---- guide_screen.c: how is it shown? ---- */

/* The choices of the page: *ret_at of the first; how many. Page 0 has some,
 * if there are any; 0: there is no such page. */
size_t guide_page(const struct guide_walk *w, const struct guide_question *q,
	int page, size_t *ret_at);
/* The longest keys that a question may have. */
struct str guide_resumed_keys(const struct guide_walk *w);
/* One page of it, uncut. */
struct str guide_render(
	const struct guide_walk *w, const struct guide_question *q, int page);
/* Fits it one screen of the way? */
bool guide_is_short(const struct guide_walk *w, struct str screen);

/* The form's unit, else one of theirs, for examples. */
struct str guide_unit(const struct guide_walk *w);

struct guide_arg {
	const char *name;
	struct str value;
};
/* args: ended by one without a name; NULL: none. today, yesterday, unit,
 * meeting and item are always known. */
struct str guide_fill(const struct guide_walk *w, struct str text,
	const struct guide_arg *args);
struct str guide_words(const struct guide_walk *w, const struct menus_words *t,
	const struct guide_arg *args);
struct str guide_text(const struct guide_walk *w, enum menus_text id,
	const struct guide_arg *args);

/* ---- guide_take.c: what was answered? ---- */

struct guide_taken {
	struct str value;
	struct str reason; /* it does not do, and why; empty: it does */
	/* The field that took it: the one asked, or the one `instead`. */
	const struct menus_field *field;
};
/* key: the input, folded and without blanks around. */
void guide_take(const struct guide_walk *w, const struct menus_field *f,
	struct str input, struct str key, struct guide_taken *ret);
/* Is 0 an answer to it? */
bool guide_takes_zero(const struct menus_field *f);
/* 1 to 9; else -1. */
int guide_digit(struct str key);

void guide_refuse(const struct guide_walk *w, struct guide_taken *ret,
	enum menus_text id, const struct guide_arg *args);

/* ---- guide_figures.c: figures, days, numbers ---- */

void guide_take_count(const struct guide_walk *w, const struct menus_field *f,
	struct str key, struct guide_taken *ret);
/* Several labelled figures at once, "cm35 vp10 vk2", if they are the fields
 * that come next, beginning with f: each with its label. How many; 0: the key
 * is something else. */
size_t guide_labelled(const struct guide_walk *w, const struct menus_field *f,
	struct str key, struct str ret[GUIDE_ANSWERS_MAX]);
void guide_take_day(
	const struct guide_walk *w, struct str key, struct guide_taken *ret);
void guide_take_member(
	const struct guide_walk *w, struct str key, struct guide_taken *ret);
void guide_take_members(const struct guide_walk *w, const struct menus_field *f,
	struct str key, struct guide_taken *ret);

#define GUIDE_ROLL_MAX 999 /* the largest number of a unit's list */

#endif
