/*
 * multipart - is the text of this part whole, and what if it never will be?
 *
 * Joins what the store keeps and hands it to intake: whole, it is scanned here
 * (on the writer, for only here it is known) and handled as any other text;
 * past its time it is stored unread and its sender asked to send it again.
 * Inside the caller's transaction. Holds no state.
 */
#include "gateway/multipart.h"

#include "gateway/store/parts.h"

#define HOUR_MS INT64_C(3600000)

static int64_t time_limit_ms(const struct intake_input *in)
{
	return in->settings->config->inbound.parts_s * 1000;
}

static int end_incomplete(struct store *s, const struct intake_input *in,
	int64_t multipart, size_t *queued)
{
	struct intake_input rest = *in;
	struct intake_result r;
	struct parts_text t;
	struct str why;

	if (parts_text(s, multipart, in->arena, &t) != 0)
		return -1;
	why = arena_printf(
		in->arena, "incomplete: %d of %d parts came", t.have, t.total);
	rest.message = &t.message;
	rest.scan = scan_text(in->settings->rules, STR(""), in->arena);
	rest.late = in->now_ms - t.message.received_at > HOUR_MS;
	if (intake_incomplete(s, &rest, why, &r) != 0)
		return -1;
	*queued += r.queued;
	return parts_close(s, multipart, r.id);
}

static int end_all(struct store *s, const struct intake_input *in,
	const struct parts_result *p, struct intake_result *ret)
{
	ret->incomplete = p->ended_n;
	for (size_t i = 0; i < p->ended_n; i++)
		if (end_incomplete(s, in, p->ended[i], &ret->queued) != 0)
			return -1;
	return 0;
}

static int handle_whole(struct store *s, const struct intake_input *in,
	int64_t multipart, struct intake_result *ret)
{
	struct intake_input whole = *in;
	struct parts_text t;

	if (parts_text(s, multipart, in->arena, &t) != 0)
		return -1;
	whole.message = &t.message;
	whole.scan = scan_text(in->settings->rules, t.message.text, in->arena);
	if (intake_message(s, &whole, ret) != 0)
		return -1;
	return parts_close(s, multipart, ret->id);
}

int multipart_take(struct store *s, const struct intake_input *in,
	struct intake_result *ret)
{
	struct parts_result p;

	*ret = (struct intake_result){.state = MESSAGE_DONE};
	if (parts_put(s, in->message, time_limit_ms(in), &p) != 0)
		return -1;
	if (p.fate == PARTS_COMPLETE)
		return handle_whole(s, in, p.multipart, ret);
	ret->put = p.fate == PARTS_REPEATED ? INBOUND_REPEAT : INBOUND_PART;
	ret->id = p.message;
	return end_all(s, in, &p, ret);
}

int multipart_reap(struct store *s, const struct intake_input *in, int64_t max,
	struct multipart_reaped *ret)
{
	const struct parts_span span = {in->now_ms, time_limit_ms(in)};
	struct parts_due due;

	*ret = (struct multipart_reaped){.n = 0};
	if (parts_due(s, &span, max, in->arena, &due) != 0)
		return -1;
	for (size_t i = 0; i < due.n; i++)
		if (end_incomplete(s, in, due.v[i], &ret->queued) != 0)
			return -1;
	ret->n = due.n;
	return 0;
}
