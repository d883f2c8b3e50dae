/*
 * consent - may a member be invited, or is consent asked for first?
 *
 * Whoever gave it is invited. Who was never asked gets one registration text
 * ever in place of an invitation, if that is switched on (decree 91/2020: one
 * registration message; law 91/2025: consent before the first text); the
 * record says which text it was. Writer thread; the errand's transaction.
 */
#include "gateway/store/consent.h"

#include "gateway/errands/kinds.h"
#include "handlers/render.h"

#define HOUR_MS INT64_C(3600000)

static int ask_once(struct errand_run *r, const struct errand *e,
	const struct errand_who *w)
{
	struct errand_text t = {
		.to = w->phone,
		.language = w->language,
		.reply = {.key = "ask_consent"},
		.lane = "bulk",
		.valid_until = r->in->now_ms +
			       r->config->outbox.bulk_valid_h * HOUR_MS,
		.member_no = w->member_no,
	};
	struct str text = render_reply(
		r->in->settings->replies, &t.reply, t.language, r->in->arena);
	struct consent_row row = {
		.phone = w->phone,
		.text_version = consent_version(text, r->in->arena),
		.at_ms = r->in->now_ms,
		.basis = STR("before its first invitation"),
	};

	if (consent_put(r->s, CONSENT_ASKED, &row) != 0)
		return -1;
	return errand_send(r, e, &t);
}

int errand_may_invite(struct errand_run *r, const struct errand *e,
	const struct errand_who *w, bool *ret)
{
	struct consent_state state;

	if (consent_state(r->s, w->phone, &state) != 0)
		return -1;
	*ret = state.given && !state.opted_out;
	if (*ret || state.opted_out || state.asked || !r->config->consent.ask)
		return 0;
	return ask_once(r, e, w);
}
