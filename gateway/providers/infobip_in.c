/*
 * infobip_in - which texts, or which reports, does Infobip bring?
 *
 * Both come as {"results": […]}, many at a time, and are told apart by what
 * they hold, so either address takes both. One that is neither does not keep
 * the rest of its batch out. A long text was joined by Infobip; a report speaks
 * of a whole text and names it by messageId, the id that we gave it. Facts:
 * providers.md §3.11. Pure.
 */
#include "gateway/providers/infobip.h"

#include "gateway/providers/mo.h"

#define SAID_MAX 120
#define OFFSET_LEN 5 /* "+0000" */

struct str infobip_text(const struct jdoc *v, const char *path, struct arena *a)
{
	return jdoc_text(jdoc_at(v, path), a);
}

int infobip_group(const struct jdoc *status)
{
	static const char *const name[INFOBIP_GROUP_N] = {
		[INFOBIP_ACCEPTED] = "ACCEPTED",
		[INFOBIP_PENDING] = "PENDING",
		[INFOBIP_UNDELIVERABLE] = "UNDELIVERABLE",
		[INFOBIP_DELIVERED] = "DELIVERED",
		[INFOBIP_EXPIRED] = "EXPIRED",
		[INFOBIP_REJECTED] = "REJECTED",
	};
	const struct str said = jdoc_str(jdoc_at(status, "groupName"));
	int64_t id;

	for (int i = 0; i < INFOBIP_GROUP_N; i++)
		if (str_ieq(said, str_of(name[i])))
			return i;
	if (said.n == 0 && jdoc_int(jdoc_at(status, "groupId"), &id) &&
		id >= 0 && id < INFOBIP_GROUP_N)
		return (int)id;
	return -1;
}

/* RFC 3339, but for an offset without its colon: "…T13:59:40.123+0000". */
static int time_parse(struct str s, struct arena *a, int64_t *ret_ms)
{
	const struct str offset =
		str_from(s, s.n > OFFSET_LEN ? s.n - OFFSET_LEN : s.n);

	if (offset.n == OFFSET_LEN &&
		(offset.p[0] == '+' || offset.p[0] == '-'))
		s = arena_printf(a, STR_FMT ":" STR_FMT,
			STR_ARG(str_part(s, 0, s.n - 2)),
			STR_ARG(str_from(s, s.n - 2)));
	return mo_time(s, ret_ms);
}

/* ---- texts ---- */

/*
 * `text` is all that was typed, cleanText lacks the keyword. One without a
 * sender is kept, as long as its id tells it from others.
 */
static int read_text(const struct jdoc *v, int64_t now_ms, struct arena *a,
	struct message *m)
{
	const struct str id = infobip_text(v, "messageId", a);
	const struct str from = infobip_text(v, "from", a);
	const struct str time = infobip_text(v, "receivedAt", a);
	struct str text = infobip_text(v, "text", a);

	if (text.n == 0)
		text = infobip_text(v, "cleanText", a);
	if (id.n == 0 && (from.n == 0 || text.p == NULL))
		return -1;
	m->from = from.n > 0 ? mo_number(from, a) : STR("");
	m->to = mo_number(infobip_text(v, "to", a), a);
	m->text = text.n > 0 ? mo_text(text, a) : STR("");
	if (time_parse(time, a, &m->sent_at) != 0)
		m->sent_at = now_ms;
	m->provider_id = id.n > 0 ? mo_id(id, a) : mo_hash_id(m, time, a);
	return 0;
}

static void read_texts(const struct jdoc *results, int64_t now_ms,
	struct arena *a, struct provider_inbound *out)
{
	const size_t n = jdoc_len(results);
	size_t kept = 0;

	mo_messages(out, n, a);
	for (size_t i = 0; i < n; i++)
		if (read_text(jdoc_item(results, i), now_ms, a,
			    &out->v[kept]) == 0)
			kept++;
		else
			(void)err_set(mo_leave_out(out),
				"results[%zu] has neither a messageId nor a "
				"sender with a text",
				i);
	mo_batch(out, PROVIDER_MESSAGES, kept);
}

/* ---- reports ---- */

static enum provider_report_state state_of(const struct jdoc *status)
{
	static const enum provider_report_state state[INFOBIP_GROUP_N] = {
		[INFOBIP_ACCEPTED] = PROVIDER_REPORT_QUEUED,
		[INFOBIP_PENDING] = PROVIDER_REPORT_QUEUED,
		[INFOBIP_UNDELIVERABLE] = PROVIDER_REPORT_FAILED,
		[INFOBIP_DELIVERED] = PROVIDER_REPORT_DELIVERED,
		[INFOBIP_EXPIRED] = PROVIDER_REPORT_EXPIRED,
		[INFOBIP_REJECTED] = PROVIDER_REPORT_FAILED,
	};
	const int group = infobip_group(status);

	return group < 0 ? PROVIDER_REPORT_UNKNOWN : state[group];
}

/* "UNDELIVERABLE_NOT_DELIVERED: EC_ABSENT_SUBSCRIBER" */
static struct str words_of(const struct jdoc *v, struct arena *a)
{
	static const char *const path[] = {
		"status.name", "status.groupName", "status.groupId"};
	const struct str error = infobip_text(v, "error.name", a);
	struct str says = {NULL, 0};

	for (size_t i = 0; i < 3 && says.n == 0; i++)
		says = infobip_text(v, path[i], a);
	says = says.n > 0 ? mo_text(str_part(says, 0, SAID_MAX), a)
			  : STR("no status");
	if (error.n == 0 || str_is(error, "NO_ERROR"))
		return says;
	return arena_printf(a, STR_FMT ": " STR_FMT, STR_ARG(says),
		STR_ARG(mo_text(str_part(error, 0, SAID_MAX), a)));
}

static int read_report(
	const struct jdoc *v, struct arena *a, struct provider_report *r)
{
	const struct str id = infobip_text(v, "messageId", a);

	if (id.n == 0)
		return -1;
	r->own = r->ref = mo_id(id, a);
	r->to = mo_number(infobip_text(v, "to", a), a);
	r->state = state_of(jdoc_at(v, "status"));
	r->said = words_of(v, a);
	if (time_parse(infobip_text(v, "doneAt", a), a, &r->at_ms) != 0 &&
		time_parse(infobip_text(v, "sentAt", a), a, &r->at_ms) != 0)
		r->at_ms = 0;
	return 0;
}

static void read_reports(const struct jdoc *results, struct arena *a,
	struct provider_inbound *out)
{
	const size_t n = jdoc_len(results);
	size_t kept = 0;

	out->reports = ARENA_ARRAY(a, struct provider_report, n);
	for (size_t i = 0; i < n; i++)
		if (read_report(
			    jdoc_item(results, i), a, &out->reports[kept]) == 0)
			kept++;
		else
			(void)err_set(mo_leave_out(out),
				"results[%zu] is a report without a messageId",
				i);
	mo_batch(out, PROVIDER_REPORTS, kept);
}

/* One of them has a status? */
static bool are_reports(const struct jdoc *results)
{
	for (size_t i = 0; i < jdoc_len(results); i++)
		if (jdoc_at(jdoc_item(results, i), "status") != NULL)
			return true;
	return false;
}

/* Another format that the portal can be set to forward in. */
static bool looks_like_text(const struct jdoc *doc)
{
	static const char *const keys[] = {"text", "cleanText", "message",
		"content", "from", "sender", "messages"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (jdoc_at(doc, keys[i]) != NULL)
			return true;
	return false;
}

static void read_results(const struct jdoc *results, int64_t now_ms,
	struct arena *a, struct provider_inbound *out)
{
	const size_t n = jdoc_len(results);

	if (n == 0)
		out->event = PROVIDER_IGNORED;
	else if (n > PROVIDER_BATCH_MAX)
		(void)err_set(&out->err, "more than %d results at once",
			PROVIDER_BATCH_MAX);
	else if (are_reports(results))
		read_reports(results, a, out);
	else
		read_texts(results, now_ms, a, out);
}

void infobip_parse(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct jdoc *doc;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	doc = mo_json(r->body, a, &out->err);
	if (doc == NULL)
		return;
	if (!jdoc_is_object(doc))
		(void)err_set(&out->err, "no JSON object");
	else if (jdoc_at(doc, "results") == NULL && looks_like_text(doc))
		(void)err_set(&out->err,
			"no results[] around it: set the forwarding to "
			"MO_JSON_2");
	else
		read_results(jdoc_at(doc, "results"), r->now_ms, a, out);
	jdoc_free(doc);
}
