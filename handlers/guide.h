#ifndef HANDLERS_GUIDE_H
#define HANDLERS_GUIDE_H

#include "config/config.h"
#include "config/menus.h"
#include "config/replies.h"
#include "gateway/model/context.h"
#include "gateway/model/guide.h"

/*
 * One step of a led conversation: (forms, context, state, input) → what is
 * shown next. Pure: no clock, no I/O. A form that is full becomes the text
 * that says the same as an SMS, and is read and handled as that.
 */
enum guide_next {
	GUIDE_ASKS,    /* the screen waits for an answer */
	GUIDE_SAYS,    /* the screen is the last one (help, cancelled) */
	GUIDE_IS_FULL, /* `said` is to be read; no screen */
	GUIDE_SPEAKS   /* the sender's texts shall come in `language` from now
			* on; the screen is the last one */
};

struct guide_input {
	const struct menus *menus;
	const struct replies *replies; /* texts that forms share */
	const struct config *config;
	const struct context *context;
	struct arena *arena;
	enum guide_way way;
	/* The day on which the screen was shown that is answered: "today" on
	 * it stays that day. 0: the context's. */
	day_t shown_on;
};

struct guide_step {
	enum guide_next next;
	struct str screen;   /* cut to one screen of its way */
	struct str said;     /* IS_FULL: as an SMS, in the notation of rules */
	struct str language; /* SPEAKS: "vi", "en" */
};

/* A conversation begins, at the menu of whoever it is; *s is set anew. */
void guide_begin(const struct guide_input *in, struct guide_state *s,
	struct guide_step *ret);
/* It goes on after a break, at the field that comes next; *s as it was. */
void guide_resume(const struct guide_input *in, struct guide_state *s,
	struct guide_step *ret);
/* Shows the same screen again (a repeated request); changes nothing. */
void guide_show(const struct guide_input *in, const struct guide_state *s,
	struct guide_step *ret);
/*
 * Somebody answered; *s becomes the state after it, and s->misses is 0 unless
 * the input did not fit: then the screen says why. Where a unit is typed (of
 * staff), the context's matches must answer the unit keys of the input. With
 * the unit's members in the context, numbers are checked against them.
 */
void guide_answer(const struct guide_input *in, struct str input,
	struct guide_state *s, struct guide_step *ret);

/*
 * What was filled in of a form that was left, as far as an SMS can say it, for
 * the question about the rest; empty: nothing that is worth a text.
 */
struct str guide_partial(
	const struct guide_input *in, const struct guide_state *s);

/* Does the text begin a led conversation by SMS (MENU, whatever its case)?
 * folded: scan_folded(). */
bool guide_is_call(const struct menus *m, struct str folded);

/* ≤ 182 GSM-7 characters, or 80 when one is not in GSM-7. */
bool guide_fits(struct str screen);
/* The text as far as it fits one screen, cut between words. In the arena. */
struct str guide_cut(struct str text, struct arena *a);

/*
 * For `bantin check`: renders every screen of every form for every kind of
 * caller in both languages and ways, with the longest values; what cannot fit
 * is a diag where menus.yaml says it.
 */
void guide_check(const struct menus *m, const struct replies *r,
	const struct config *c, struct diags *d);

#endif
