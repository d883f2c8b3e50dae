/*
 * generic_report - which delivery reports does this call bring?
 *
 * A report names its text by the provider's id, by ours, or by the `o` in the
 * query of the address that we gave it. What it says is looked up in the
 * channel's own table of words. Several in one call are taken together or not
 * at all. Pure; what open() makes lives in the configuration's arena.
 */
#include "gateway/base/form.h"
#include "gateway/providers/generic.h"
#include "gateway/providers/mo.h"

#define PARTS_MAX 255
#define SAID_MAX 200

static const char *const field_name[GENERIC_REPORT_FIELD_N] = {
	[GENERIC_REPORT_ID] = "id",
	[GENERIC_REPORT_OWN_ID] = "own_id",
	[GENERIC_REPORT_TO] = "to",
	[GENERIC_REPORT_STATUS] = "status",
	[GENERIC_REPORT_ERROR] = "error",
	[GENERIC_REPORT_PART] = "part",
	[GENERIC_REPORT_PARTS] = "parts",
	[GENERIC_REPORT_TIME] = "time",
	[GENERIC_REPORT_EVENT] = "event",
};

static const char *const state_name[] = {
	[PROVIDER_REPORT_QUEUED] = "queued",
	[PROVIDER_REPORT_SENT] = "sent",
	[PROVIDER_REPORT_DELIVERED] = "delivered",
	[PROVIDER_REPORT_TEMPORARY] = "temporary",
	[PROVIDER_REPORT_FAILED] = "failed",
	[PROVIDER_REPORT_EXPIRED] = "expired",
	[PROVIDER_REPORT_OPTED_OUT] = "opted_out",
};

/* ---- opening ---- */

static int open_state(const struct generic_opening *o,
	const struct node_pair *pair, struct generic_state *ret)
{
	const size_t n = sizeof(state_name) / sizeof(state_name[0]);

	for (size_t i = 0; i < n; i++) {
		if (state_name[i] == NULL ||
			!str_is(pair->value->text, state_name[i]))
			continue;
		ret->says = arena_str(o->a, pair->key->text);
		ret->means = (enum provider_report_state)i;
		return 0;
	}
	return node_error(pair->value, o->d,
		"a report means queued, sent, delivered, temporary, failed, "
		"expired or opted_out, not '" STR_FMT "'",
		STR_ARG(pair->value->text));
}

static int open_states(const struct generic_opening *o, const struct node *dlr)
{
	struct generic_report *g = &o->g->dlr;
	struct generic_state *v;
	int rc = 0;

	if (g->states == NULL || g->states->kind != NODE_MAP ||
		g->states->n == 0)
		return node_error(g->states != NULL ? g->states : dlr, o->d,
			"dlr needs states, a map as {DELIVRD: delivered, "
			"UNDELIV: failed}");
	v = ARENA_ARRAY(o->a, struct generic_state, g->states->n);
	for (size_t i = 0; i < g->states->n; i++)
		if (open_state(o, &g->states->pairs[i], &v[i]) != 0)
			rc = -1;
	g->state = v;
	g->states_n = g->states->n;
	return rc;
}

int generic_open_reports(
	const struct generic_opening *o, const struct node *dlr)
{
	struct generic_report *g = &o->g->dlr;
	int rc;

	g->on = true;
	g->map.source = (enum record_source)g->source;
	g->time.utc_offset_h = g->time_offset;
	rc = generic_open_map(o, g->list, dlr, &g->map);
	for (int f = 0; f < GENERIC_REPORT_FIELD_N; f++)
		if (generic_open_field(o, g->field[f],
			    node_get(dlr, field_name[f]), &g->map) != 0)
			rc = -1;
	if (g->field[GENERIC_REPORT_STATUS].n == 0)
		rc = node_error(dlr, o->d, "dlr needs a field for `status`");
	if (generic_open_time(o, g->time_format, dlr, &g->time) != 0)
		rc = -1;
	if (generic_open_reply(o, &o->g->in.reply, dlr, &g->reply) != 0)
		rc = -1;
	return open_states(o, dlr) != 0 ? -1 : rc;
}

/* ---- reading ---- */

/* As it is written; without case only where nothing fits exactly. */
static enum provider_report_state state_of(
	const struct generic_report *g, struct str says)
{
	for (size_t i = 0; i < g->states_n; i++)
		if (str_eq(g->state[i].says, says))
			return g->state[i].means;
	for (size_t i = 0; i < g->states_n; i++)
		if (str_ieq(g->state[i].says, says))
			return g->state[i].means;
	return PROVIDER_REPORT_UNKNOWN;
}

/* "UNDELIV: absent subscriber" */
static struct str words_of(const struct str *v, struct arena *a)
{
	struct str says =
		mo_text(str_part(v[GENERIC_REPORT_STATUS], 0, SAID_MAX), a);
	struct str error =
		mo_text(str_part(v[GENERIC_REPORT_ERROR], 0, SAID_MAX), a);

	if (says.n == 0)
		says = STR("no status");
	if (error.n == 0)
		return says;
	return arena_printf(
		a, STR_FMT ": " STR_FMT, STR_ARG(says), STR_ARG(error));
}

static struct str id_of(struct str raw, struct arena *a)
{
	return raw.n > 0 ? mo_id(raw, a) : (struct str){NULL, 0};
}

static int small(struct str s)
{
	int64_t n;

	return str_to_i64(s, &n) == 0 && n > 0 && n <= PARTS_MAX ? (int)n : 0;
}

/* A part's number that makes no sense still means a part. */
static void fill_part(const struct str *v, struct provider_report *r)
{
	r->parts = small(v[GENERIC_REPORT_PARTS]);
	if (v[GENERIC_REPORT_PART].n == 0)
		return;
	r->part = small(v[GENERIC_REPORT_PART]);
	if (r->part == 0 || r->part > r->parts)
		r->part = PROVIDER_PART_UNSAID;
}

/* -1: it names no text. */
static int fill(const struct generic_report *g, const struct str *v,
	struct str own, struct arena *a, struct provider_report *r)
{
	if (v[GENERIC_REPORT_OWN_ID].n > 0)
		own = v[GENERIC_REPORT_OWN_ID];
	r->ref = id_of(v[GENERIC_REPORT_ID], a);
	r->own = id_of(own, a);
	if (r->ref.n == 0 && r->own.n == 0)
		return -1;
	if (v[GENERIC_REPORT_TO].n > 0)
		r->to = mo_number(v[GENERIC_REPORT_TO], a);
	r->event = id_of(v[GENERIC_REPORT_EVENT], a);
	r->state = state_of(g, str_trim(v[GENERIC_REPORT_STATUS]));
	r->said = words_of(v, a);
	fill_part(v, r);
	if (spelling_time(&g->time, v[GENERIC_REPORT_TIME], &r->at_ms) != 0)
		r->at_ms = 0;
	return 0;
}

/* What {dlr_url} carried; absent: nothing. */
static struct str own_of(const struct provider_request *r, struct arena *a)
{
	struct form form;

	if (r->query.n == 0 || form_parse(a, r->query, &form) != 0)
		return (struct str){NULL, 0};
	return form_get(&form, STR("o"));
}

void generic_parse_dlr(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	const struct generic *g = state;
	struct records in;
	struct str own;
	size_t kept = 0;

	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (record_read(&g->dlr.map, r, a, &in, &out->err) != 0)
		return;
	if (in.n == 0) {
		out->event = PROVIDER_IGNORED;
		return;
	}
	/* The address names one text, so it says nothing of a list. */
	own = in.n == 1 ? own_of(r, a) : (struct str){NULL, 0};
	out->reports = ARENA_ARRAY(a, struct provider_report, in.n);
	for (size_t i = 0; i < in.n; i++)
		if (fill(&g->dlr, in.v + i * g->dlr.map.fields_n, own, a,
			    &out->reports[kept]) == 0)
			kept++;
		else
			(void)err_set(mo_leave_out(out),
				"report %zu names no text: no id in it", i + 1);
	mo_batch(out, PROVIDER_REPORTS, kept);
}
