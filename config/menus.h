#ifndef CONFIG_MENUS_H
#define CONFIG_MENUS_H

#include "config/option.h"
#include "gateway/model/context.h"

/*
 * The forms by which people are led: fields, prompts, checks, defaults,
 * choices, who sees which. One definition for USSD and SMS. Immutable.
 */
enum menus_language { MENUS_VI, MENUS_EN, MENUS_LANGUAGES };
/* Unknown languages get Vietnamese. */
enum menus_language menus_language(struct str name);

/* One text in each language; {name} stands for a value. */
struct menus_words {
	const struct node *node; /* where it stands; NULL: there is none */
	struct str in[MENUS_LANGUAGES];
};

/* What all forms say; their keys in the file, and what they may hold. */
#define MENUS_TEXTS(X)                                                         \
	X(BACK, "back", "")                                                    \
	X(BACK_TWICE, "back_twice", "")                                        \
	X(ANEW, "anew", "")                                                    \
	X(LEAVE, "leave", "")                                                  \
	X(MORE, "more", "")                                                    \
	X(BYE, "bye", "")                                                      \
	X(DROPPED, "dropped", "")                                              \
	X(RESUMED, "resumed", "")                                              \
	X(SPOKEN, "spoken", "")                                                \
	X(ZERO, "zero", "label")                                               \
	X(ZERO_VALUE, "zero_value", "")                                        \
	X(ZERO_ANEW, "zero_anew", "")                                          \
	X(SUM, "sum", "parts sum total")                                       \
	X(SUM_CHOICE, "sum_choice", "label")                                   \
	X(NO_CHOICE, "no_choice", "")                                          \
	X(NO_NUMBER, "no_number", "")                                          \
	X(TOO_SMALL, "too_small", "limit")                                     \
	X(TOO_LARGE, "too_large", "limit")                                     \
	X(OVER, "over", "parts limit")                                         \
	X(NO_DAY, "no_day", "today")                                           \
	X(FUTURE_DAY, "future_day", "")                                        \
	X(OLD_DAY, "old_day", "limit")                                         \
	X(NO_UNIT, "no_unit", "")                                              \
	X(NO_MEMBER, "no_member", "number")                                    \
	X(NO_LIST, "no_list", "")                                              \
	X(TWICE, "twice", "number")                                            \
	X(NOBODY, "nobody", "")                                                \
	X(NO_PLACE, "no_place", "")                                            \
	X(NO_TEXT, "no_text", "")                                              \
	X(TOO_LONG, "too_long", "")

#define MENUS_TEXT_ENUM(id, key, placeholders) MENUS_TEXT_##id,
enum menus_text { MENUS_TEXTS(MENUS_TEXT_ENUM) MENUS_TEXTS_N };

struct menus_choice {
	const struct node *node;
	struct str value; /* as the form's text says it; may hold {today} */
	bool silent;      /* it says nothing */
	struct menus_words label;
};

enum menus_type {
	MENUS_CHOICE,  /* one of `choices` */
	MENUS_UNIT,    /* code of a unit; not asked where only one can be */
	MENUS_DAY,     /* a day gone by, as far back as a report may look */
	MENUS_COUNT,   /* a whole number; 0 is one */
	MENUS_MEMBER,  /* a number of the unit's list */
	MENUS_MEMBERS, /* several; 0: none */
	MENUS_SELF,    /* for whom a phone of several members speaks */
	MENUS_ITEM,    /* an item that is put to the vote */
	MENUS_PLACE,   /* where somebody goes */
	MENUS_WORDS    /* free text */
};

struct menus_field {
	const struct node *node;
	struct str name;
	int type; /* enum menus_type */
	struct menus_words prompt;
	struct menus_words hint; /* behind it, where the roll is known */
	struct str label;        /* as texts call the figure: "TS" */
	/* Asked only when this field before it has one of these values. */
	struct str if_field;
	struct option_list if_values;
	int64_t min, max;  /* COUNT; max 0: report.max_figure */
	struct str none;   /* the value that says nothing: "0" */
	struct str within; /* COUNT: with those of `beside` not above this */
	bool completes;    /* … and together as much */
	bool always;       /* SELF: said also where only one can be meant */
	struct option_list beside, apart; /* fields, struct str */
	struct str some;    /* MEMBERS: none, if this field has none: asked */
	struct str instead; /* the field that takes what is no choice */
	const struct menus_choice *choices;
	size_t choices_n;
};

struct menus_page {
	unsigned roles; /* bits 1 << enum role */
	struct menus_words text;
};

enum menus_does {
	MENUS_SAYS,   /* its answers become `say`, which is read as an SMS */
	MENUS_SHOWS,  /* pages of text */
	MENUS_SPEAKS, /* its answer is the language of later texts */
};

struct menus_form {
	const struct node *node;
	struct str name;
	int does; /* enum menus_does */
	/*
	 * The SMS: words between blanks, {field} for what was answered; `_`
	 * is a blank inside a word. A word of which no field was answered is
	 * left out.
	 */
	struct str say;
	/* Before this field is answered it is worth no text when it is left;
	 * absent: any answer is. */
	struct str half;
	const struct menus_field *fields;
	size_t fields_n;
	const struct menus_page *pages;
	size_t pages_n;
};

enum menus_when { MENUS_ALWAYS, MENUS_INVITED, MENUS_VOTING };

struct menus_item {
	const struct node *node;
	int64_t key; /* 1..8: what is typed */
	struct str form;
	int when; /* enum menus_when: else it is not shown */
	struct menus_words label;
	struct menus_words absent; /* said when it is chosen all the same */
};

/* What callers of these roles begin with. */
struct menus_menu {
	const struct node *node;
	unsigned roles; /* bits 1 << enum role */
	struct menus_words title;
	const struct menus_item *items;
	size_t items_n;
};

struct menus {
	struct arena *arena;     /* owns all of it */
	struct option_list call; /* folded words that begin it by SMS */
	struct menus_words texts[MENUS_TEXTS_N];
	const struct menus_menu *menus;
	size_t menus_n;
	const struct menus_form *forms;
	size_t forms_n;
};

/* NULL when anything is wrong; all of it is in d. */
struct menus *menus_load(struct str file, struct str text, struct diags *d);
void menus_free(struct menus *m); /* NULL is fine */

/* NULL: there is none. */
const struct menus_menu *menus_menu(const struct menus *m, enum role r);
const struct menus_form *menus_form(const struct menus *m, struct str name);
const struct menus_field *menus_field(
	const struct menus_form *f, struct str name);

#endif
