/*
 * forecast - who will come, and will they be enough?
 *
 * Told to the secretaries and deputies of a unit that invited somebody. Of the
 * official members those count who are neither exempt nor transferred, and of
 * the exempt those who come (domain.md §2.3). Expected are members at home
 * who have not said no, and others who said yes; who asks to take part from
 * afar is shown apart and is not expected. Writer thread.
 */
#include "gateway/errands/kinds.h"

#include "config/figures.h"
#include "gateway/store/invited.h"

struct count {
	int invited, answered;      /* members */
	int yes, no, maybe, remote; /* of the invited */
	int expected, counted;      /* official members */
};

static void count_answer(struct count *n, const struct invited_line *v)
{
	n->invited++;
	if (v->answer.n == 0)
		return;
	n->answered++;
	if (v->remote)
		n->remote++;
	else if (str_is(v->answer, "yes"))
		n->yes++;
	else if (str_is(v->answer, "no"))
		n->no++;
	else
		n->maybe++;
}

static bool is_expected(const struct invited_line *v)
{
	if (str_is(v->status, "active"))
		return !str_is(v->answer, "no");
	return str_is(v->answer, "yes") && !v->remote;
}

/* The exempt count when they come; the transferred count elsewhere. */
static void count_vote(struct count *n, const struct invited_line *v)
{
	bool expected = is_expected(v);

	if (str_is(v->status, "active") || str_is(v->status, "away") ||
		(expected && (str_is(v->status, "exempt") ||
				     str_is(v->status, "temp_exempt")))) {
		n->counted++;
		n->expected += expected;
	}
}

static struct count count(const struct invited_lines *lines)
{
	struct count n = {0};

	for (size_t i = 0; i < lines->n; i++) {
		if (lines->v[i].invited)
			count_answer(&n, &lines->v[i]);
		if (lines->v[i].official)
			count_vote(&n, &lines->v[i]);
	}
	return n;
}

static void add(
	struct errand_run *r, struct reply *reply, const char *arg, int n)
{
	reply_arg(reply, arg, arena_printf(r->in->arena, "%d", n));
}

/* What is enough is each unit's own. */
static int is_enough(struct errand_run *r, const struct agenda_meeting *m,
	const struct count *n, bool *ret)
{
	struct figure_chain chain;

	if (agenda_chain(r->s, m->unit_id, r->in->arena, &chain) != 0)
		return -1;
	*ret = (int64_t)n->expected * 100 >
	       (int64_t)n->counted *
		       figure_option(r->config, FIGURE_QUORUM, &chain, m->day);
	return 0;
}

static struct reply reply_of(struct errand_run *r,
	const struct agenda_meeting *m, const struct count *n, bool enough)
{
	struct reply reply = {.key = enough ? "forecast" : "forecast_short"};

	reply_arg(&reply, "meeting", errand_meeting_name(r, m));
	add(r, &reply, "answered", n->answered);
	add(r, &reply, "invited", n->invited);
	add(r, &reply, "yes", n->yes);
	add(r, &reply, "no", n->no);
	add(r, &reply, "maybe", n->maybe);
	add(r, &reply, "remote", n->remote);
	add(r, &reply, "expected", n->expected);
	add(r, &reply, "counted", n->counted);
	return reply;
}

static int send(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct count *n)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_DEPUTY,
		.on = r->today,
	};
	struct errand_text t = {
		.lane = "urgent",
		.duty = true,
		.valid_until = errand_meeting_start(r, m),
		.needs = "meeting",
		.needs_id = m->id,
	};
	struct agenda_holders all;
	bool enough;

	if (is_enough(r, m, n, &enough) != 0 ||
		agenda_holders(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	t.reply = reply_of(r, m, n, enough);
	for (size_t i = 0; i < all.n; i++) {
		t.to = all.v[i].phone;
		t.language = all.v[i].language;
		if (errand_send(r, e, &t) != 0)
			return -1;
	}
	return 0;
}

int errand_forecast(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct invited_lines lines;
	struct agenda_meeting m;
	struct count n;
	int rc = agenda_meeting(r->s, e->meeting_id, r->in->arena, &m);

	if (rc < 0)
		return -1;
	if (rc == 0 || !str_is(m.state, "announced") || m.day == DAY_NONE ||
		errand_meeting_start(r, &m) <= r->in->now_ms) {
		*why = "the meeting is off, or has begun";
		return 0;
	}
	if (invited_lines(r->s, m.id, r->in->arena, &lines) != 0)
		return -1;
	n = count(&lines);
	if (n.invited > 0)
		return send(r, e, &m, &n);
	*why = "nobody was invited";
	return 0;
}
