#ifndef GATEWAY_TALK_PARTS_H
#define GATEWAY_TALK_PARTS_H

#include "gateway/intake.h"
#include "gateway/store/session.h"
#include "gateway/talk.h"
#include "handlers/guide.h"

/* Private to what leads conversations: talk*.c, errands/session.c. */

#define TALK_MINUTE_MS INT64_C(60000)

static inline struct guide_input talk_guide(const struct settings *set,
	const struct context *c, enum guide_way way, struct arena *a)
{
	return (struct guide_input){
		.menus = set->menus,
		.replies = set->replies,
		.config = set->config,
		.context = c,
		.arena = a,
		.way = way,
	};
}

/* Some providers say the phone at the beginning alone: then it is that of the
 * session; NULL: none is known. */
static inline const struct ussd_hop *talk_hop_of(
	const struct ussd_hop *hop, const struct session *v, struct arena *a)
{
	struct ussd_hop *whole;

	if (hop->phone.n > 0 || v == NULL)
		return hop;
	whole = ARENA_NEW(a, struct ussd_hop);
	*whole = *hop;
	whole->phone = v->phone;
	return whole;
}

/* Is the session's last step so many minutes ago, or less? */
static inline bool talk_is_within(
	const struct session *v, int64_t minutes, int64_t now_ms)
{
	return now_ms - v->hop_at <= minutes * TALK_MINUTE_MS;
}

/* Was something answered that a later session may go on with? */
static inline bool talk_can_resume(
	const struct session *v, const struct config *cfg, int64_t now_ms)
{
	return v->guide.n > 0 && !v->asked &&
	       talk_is_within(v, cfg->ussd.resume_min, now_ms);
}

/* The session's screen goes by SMS; more: as a question, and the form goes on
 * by SMS from there, as after MENU. 0 / -1. */
int talk_by_text(struct store *s, const struct talk_input *in,
	const struct session *v, bool more) __attribute__((warn_unused_result));

/* The day of a session's step, for what its screen says of days. */
static inline day_t talk_day(const struct config *cfg, int64_t ms)
{
	return day_of_ms(ms, (int)cfg->utc_offset * 60);
}

/* Does the question on the session's last screen still wait, and no other that
 * came since? */
static inline bool talk_still_asks(const struct session *v,
	const struct context *c, const struct config *cfg, int64_t now_ms)
{
	return v->asked && c->pending_n > 0 &&
	       c->pending[0].question != QUESTION_FORM &&
	       c->pending[0].sent_at <= v->hop_at &&
	       talk_is_within(v, cfg->ussd.resume_min, now_ms);
}

#define TALK_NO_FIELD (-1)
/* The type of the field that was asked last (enum menus_type). */
int talk_asked(const struct menus *m, const struct guide_state *g);
/* What was typed may name a unit, which the form then looks up. */
void talk_find_units(const struct settings *set, struct str typed,
	struct arena *a, struct context_query *q);
/* The list of the unit that is asked about, if the next input is numbers of it.
 * 0 / -1. */
int talk_list(struct store *s, const struct settings *set,
	const struct guide_state *g, struct arena *a, struct context *c)
	__attribute__((warn_unused_result));

#endif
