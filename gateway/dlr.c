/*
 * dlr - what does a provider say of a text, and what came of it?
 *
 * Turns a provider's reports into the store's, and tells the log and the
 * metrics what each did. An unknown value is told and changes nothing. Loop
 * thread.
 */
#include "gateway/dlr.h"

#include "gateway/base/log.h"
#include "parsers/phone.h"

static const enum delivery_says says_of[] = {
	[PROVIDER_REPORT_UNKNOWN] = DELIVERY_SAYS_UNKNOWN,
	[PROVIDER_REPORT_QUEUED] = DELIVERY_SAYS_QUEUED,
	[PROVIDER_REPORT_SENT] = DELIVERY_SAYS_SENT,
	[PROVIDER_REPORT_DELIVERED] = DELIVERY_SAYS_DELIVERED,
	[PROVIDER_REPORT_TEMPORARY] = DELIVERY_SAYS_TEMPORARY,
	[PROVIDER_REPORT_FAILED] = DELIVERY_SAYS_FAILED,
	[PROVIDER_REPORT_EXPIRED] = DELIVERY_SAYS_EXPIRED,
	[PROVIDER_REPORT_OPTED_OUT] = DELIVERY_SAYS_OPTED_OUT,
};

static struct str number(struct str to, struct arena *a)
{
	struct phone phone;

	if (to.n == 0)
		return (struct str){NULL, 0};
	return phone_parse(to, &phone) == 0 ? arena_str(a, str_of(phone.z))
					    : to;
}

struct delivery_report *dlr_reports(const struct provider_inbound *in,
	struct str channel, int64_t now_ms, struct arena *a)
{
	struct delivery_report *v =
		ARENA_ARRAY(a, struct delivery_report, in->reports_n);

	for (size_t i = 0; i < in->reports_n; i++) {
		const struct provider_report *r = &in->reports[i];

		v[i] = (struct delivery_report){
			.channel = channel,
			.ref = r->ref,
			.own = r->own,
			.to = number(r->to, a),
			.event = r->event,
			.said = r->said,
			.says = says_of[r->state],
			.part = r->part,
			.parts = r->parts,
			.said_at = r->at_ms,
			.at = now_ms,
		};
	}
	return v;
}

static void count_move(struct metrics *m, const struct delivery_result *result)
{
	switch (result->after) {
	case OUTBOX_SENT:
		/* One that is under way is counted by its answer. */
		metrics_add(
			m, METRIC_MT_SENT, result->before != OUTBOX_SENDING);
		break;
	case OUTBOX_DELIVERED:
		metrics_add(m, METRIC_MT_DELIVERED, 1);
		break;
	default:
		metrics_add(m, METRIC_MT_FAILED, 1);
		break;
	}
}

static void log_kept(
	const struct delivery_report *r, const struct delivery_result *result)
{
	if (r->says == DELIVERY_SAYS_OPTED_OUT)
		log_warn("opted_out", LOG_I("outbox", result->outbox),
			LOG_S("channel", r->channel));
	log_info("dlr", LOG_I("outbox", result->outbox),
		LOG_S("channel", r->channel),
		LOG_Z("says", delivery_says_str(r->says)),
		LOG_S("said", r->said), LOG_I("part", r->part),
		LOG_Z("was", outbox_state_str(result->before)),
		LOG_Z("state", outbox_state_str(result->after)));
}

/* By which name its text was sought. */
static struct str name_of(const struct delivery_report *r)
{
	struct str name = r->own.n > 0 ? r->own : r->ref;

	return str_part(name, 0, DELIVERY_NAME_MAX);
}

static void tell_fate(struct metrics *m, const struct delivery_report *r,
	const struct delivery_result *result)
{
	switch (result->fate) {
	case DELIVERY_KEPT:
		log_kept(r, result);
		break;
	case DELIVERY_REPEATED:
		metrics_add(m, METRIC_DLR_REPEATED, 1);
		break;
	case DELIVERY_PARKED:
		metrics_add(m, METRIC_DLR_PARKED, 1);
		log_info("dlr_parked", LOG_S("channel", r->channel),
			LOG_S("ref", name_of(r)));
		break;
	case DELIVERY_ORPHAN:
		metrics_add(m, METRIC_DLR_ORPHANED, 1);
		log_warn("dlr_orphan", LOG_S("channel", r->channel),
			LOG_S("ref", name_of(r)), LOG_PHONE("to", r->to),
			LOG_Z("says", delivery_says_str(r->says)),
			LOG_S("said", r->said));
		break;
	}
}

bool dlr_tell(struct metrics *m, const struct delivery_report *r,
	const struct delivery_result *result)
{
	tell_fate(m, r, result);
	if (r->says == DELIVERY_SAYS_UNKNOWN) {
		metrics_add(m, METRIC_DLR_UNKNOWN, 1);
		log_warn("dlr_unknown", LOG_S("channel", r->channel),
			LOG_S("said", r->said));
	}
	if (result->dropped > 0) {
		metrics_add(m, METRIC_DLR_ORPHANED, result->dropped);
		log_warn("dlr_dropped", LOG_I("reports", result->dropped),
			LOG_Z("why", "too many wait for their text"));
	}
	if (result->before == result->after)
		return false;
	count_move(m, result);
	return true;
}

bool dlr_tell_early(struct metrics *m, const struct delivery_result *result)
{
	if (result->before == result->after)
		return false;
	log_info("dlr_early", LOG_I("outbox", result->outbox),
		LOG_Z("was", outbox_state_str(result->before)),
		LOG_Z("state", outbox_state_str(result->after)));
	count_move(m, result);
	return true;
}
