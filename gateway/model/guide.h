#ifndef GATEWAY_MODEL_GUIDE_H
#define GATEWAY_MODEL_GUIDE_H

#include "gateway/base/str.h"

/*
 * A conversation that leads somebody through a form, one question a screen:
 * over USSD, or by SMS after MENU. What the rooms hand one another of it.
 */
enum guide_way { GUIDE_USSD, GUIDE_SMS };

#define GUIDE_ANSWERS_MAX 12 /* fields of one form */
#define GUIDE_INPUT_MAX 1000 /* bytes of one input; longer ones are refused */

/* What was answered to a field, as the form's text says it: "5/11", "47". */
struct guide_answer {
	struct str field, value;
};

/*
 * How far somebody is: small, kept in the store after each step, and all that
 * a step needs beside the context. Strings in the caller's arena.
 */
struct guide_state {
	struct str form; /* of menus.yaml; empty: at the menu */
	struct str at;   /* the field that was asked last; empty: none */
	struct guide_answer v[GUIDE_ANSWERS_MAX]; /* as they were asked */
	size_t n;
	int page;     /* of the screen that was shown, from 0 */
	int misses;   /* inputs in a row that did not fit */
	bool resumed; /* the screen goes on with an earlier session: 0 means
		       * start anew */
};

/* What a provider's request says of a USSD session. */
enum ussd_event {
	USSD_HOP,       /* dialled, or answered: a screen is due */
	USSD_ENDED,     /* it is over (released, timed out, end notice) */
	USSD_IGNORED,   /* nothing that we use: answered 200 */
	USSD_UNREADABLE /* 400; err says what is wrong */
};

struct ussd_hop {
	enum ussd_event event;
	struct str session; /* the provider's, not empty, ≤ USSD_SESSION_MAX */
	/* E.164. Absent where it is said at the beginning alone: then it is
	 * the session's. */
	struct str phone;
	struct str code; /* the service code, "*384*7#"; may be absent */
	bool fresh;      /* the provider says that it begins here */
	/*
	 * What was typed. cumulative: everything since the session began,
	 * joined by `*` and without the service code; else the latest alone,
	 * which of a fresh session is what was dialled behind the code
	 * ("1*2"; empty: the code alone).
	 */
	struct str input;
	bool cumulative;
	int64_t sequence; /* the provider's count of hops; 0: not said */
	bool complete;    /* ENDED: in the way that our last screen asked for */
};
#define USSD_SESSION_MAX 128

/* What goes back. */
struct ussd_screen {
	struct str text; /* fits one screen, see guide_fits() */
	bool more;       /* an answer is expected; else the session ends */
};

#endif
