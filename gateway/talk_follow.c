/*
 * talk_follow - a screen was stored and could not be shown: what now?
 *
 * The commit hung past the time in which a screen can be given, and the
 * session was ended politely. What the screen said goes by SMS; a form that
 * waits for an answer goes on by SMS, as after MENU. Who has dialled anew in
 * the meantime needs no screen of before, only what was stored. Writer thread.
 */
#include "gateway/store/ask.h"
#include "gateway/store/outbox.h"
#include "gateway/talk.h"
#include "gateway/talk_parts.h"
#include "parsers/segment.h"

#define HOUR_MS (60 * TALK_MINUTE_MS)

static struct outbox_row row_of(const struct talk_input *in,
	const struct session *v, struct str text, bool more)
{
	const struct settings *set = in->settings;
	const struct channel *ch =
		settings_channel_for(set, in->channel, v->phone);

	return (struct outbox_row){
		.to = v->phone,
		.text = ch != NULL ? segment_fold(
					     text, ch->config->fold, in->arena)
				   : text,
		.lane = STR("reply"),
		.channel = ch != NULL ? ch->name : in->channel,
		.created_at = in->now_ms,
		.due_at = in->now_ms,
		.valid_until = in->now_ms +
			       HOUR_MS * set->config->outbox.reply_valid_h,
		.dedupe_key = arena_printf(
			in->arena, "s%lld:text:%d", (long long)v->id, v->hops),
		.needs = more ? STR("question") : (struct str){NULL, 0},
	};
}

/* The form as one of SMS, its screen a question. */
static int lead_by_text(struct store *s, const struct talk_input *in,
	const struct session *v, int64_t row)
{
	const int64_t minutes = in->settings->config->ussd.session_min;
	struct session sms = *v;
	const struct ask_row q = {
		.phone = v->phone,
		.question = QUESTION_FORM,
		.outbox = row,
		.now_ms = in->now_ms,
		.expires_at = in->now_ms + TALK_MINUTE_MS * minutes,
	};

	if (session_end_all(s, v->phone) != 0)
		return -1;
	sms.id = 0;
	sms.way = GUIDE_SMS;
	sms.key = v->phone;
	sms.created_at = sms.hop_at = in->now_ms;
	if (session_save(s, &sms, in->arena) != 0)
		return -1;
	return ask_put(s, &q);
}

int talk_by_text(struct store *s, const struct talk_input *in,
	const struct session *v, bool more)
{
	const struct outbox_row r = row_of(in, v, v->screen, more);
	int64_t row;

	if (outbox_add(s, &r, &row) != 0)
		return -1;
	return more ? lead_by_text(s, in, v, row) : 0;
}

int talk_follow(
	struct store *s, const struct talk_input *in, struct talk_result *ret)
{
	struct session v;
	int rc = session_find(s, in->channel, in->hop->session, in->arena, &v);

	ret->queued = 0;
	ret->planned = false;
	if (rc < 0 || rc == 0 || ret->screen.text.n == 0)
		return rc < 0 ? -1 : 0;
	if (ret->screen.more && v.state != SESSION_OPEN)
		return 0;
	v.screen = ret->screen.text;
	ret->queued = 1;
	/* What a text of the form asked has its question already. */
	return talk_by_text(s, in, &v, ret->screen.more && !v.asked);
}
