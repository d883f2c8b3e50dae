/*
 * meetings_load - two meetings are announced: which does an answer mean?
 *
 * The one whose day it says. Else a vote means the one where its items are
 * open, an answer the one that was asked about last. Where two are left it is
 * asked, never taken for the nearer one. One statement more, for answers and
 * votes alone. Writer thread.
 */
#include "gateway/store/meetings_load.h"

#include "gateway/store/votes_load.h"

#define MEETINGS_MAX 8

struct meetings {
	struct meeting_ref *v;
	size_t n;
};

static struct meeting_ref *add(
	const struct sql_run *q, struct arena *a, struct meetings *all)
{
	all->v = rows_more(a, all->v, all->n, sizeof(*all->v));
	all->v[all->n] = (struct meeting_ref){
		.id = sql_get_int(q, 0),
		.unit = sql_get(q, 1, a),
		.date = day_parse(sql_peek(q, 2)),
		.time = sql_is_null(q, 3) ? -1 : (int)sql_get_int(q, 3),
		.items = (int)sql_get_int(q, 4),
		.unit_id = sql_get_int(q, 5),
		.untold = sql_get_int(q, 10) != 0,
	};
	return &all->v[all->n++];
}

/* A row for each item, or one. */
static int load(struct store *s, struct arena *a, const struct context *c,
	struct meetings *ret)
{
	struct day_text today = day_iso(c->today);
	struct sql_run q = sql_start(s, SQL_MEETINGS_TO_COME);
	struct meeting_ref *m = NULL;
	int rc;

	*ret = (struct meetings){0};
	sql_int(&q, c->pending_meeting->unit_id);
	sql_z(&q, today.z);
	sql_int(&q, c->contact_id);
	sql_int(&q, c->sent_at);
	while ((rc = sql_next(&q)) > 0) {
		if (m == NULL || m->id != sql_get_int(&q, 0)) {
			if (ret->n == MEETINGS_MAX)
				continue;
			m = add(&q, a, ret);
		}
		m->last_item = (int)sql_get_int(&q, 6);
		if (m->last_item == 0 || !votes_is_open(c, &q, 7))
			continue;
		m->open = rows_more(a, m->open, m->open_n, sizeof(*m->open));
		m->open[m->open_n++] = m->last_item;
	}
	return rc;
}

static bool is_over(const struct context *c, const struct meeting_ref *m)
{
	return m->date == c->today && m->time >= 0 && c->minute >= m->time;
}

/* In a meeting that goes on just now, a closed one may be meant as well. */
static bool may_be_meant(
	const struct context *c, const struct meeting_ref *m, int64_t item)
{
	if (is_over(c, m))
		return item <= m->last_item;
	for (size_t i = 0; i < m->open_n; i++)
		if (m->open[i] == item)
			return true;
	return false;
}

/* All that the vote names; what names none fits any that has one. */
static bool takes_vote(const struct context *c, const struct meeting_ref *m,
	const struct fields *f)
{
	const struct field_map_entry *v = f->v[FIELD_CHOICES].list.p;

	if (!field_has(f, FIELD_CHOICES))
		return field_has(f, FIELD_ITEM)
			       ? may_be_meant(c, m, f->v[FIELD_ITEM].i)
			       : m->open_n > 0 || is_over(c, m);
	for (size_t i = 0; i < f->v[FIELD_CHOICES].list.n; i++)
		if (!may_be_meant(c, m, v[i].key))
			return false;
	return true;
}

/* The newest invitation is the one that is open; without one, any. */
static bool takes_answer(const struct context *c, const struct meeting_ref *m)
{
	const struct pending *q = context_question(c, QUESTION_INVITE);

	if (is_over(c, m))
		return false;
	return q == NULL || q->subject == 0 || q->subject == m->id;
}

static bool fits(const struct context *c, const struct fields *f,
	const struct meeting_ref *m)
{
	if (field_has(f, FIELD_DATE))
		return m->date == (day_t)f->v[FIELD_DATE].i;
	return field_has(f, FIELD_ANSWER) ? takes_answer(c, m)
					  : takes_vote(c, m, f);
}

static void choose(struct context *c, const struct meeting_ref *m)
{
	c->pending_meeting = m;
	c->vote_items = m->open;
	c->vote_items_n = m->open_n;
}

int meetings_load(struct store *s, const struct fields *f, struct arena *a,
	struct context *c)
{
	struct meetings all, fit = {0};

	c->which_meeting = false;
	if (c->pending_meeting == NULL || c->contact_id == 0 ||
		(!field_has(f, FIELD_CHOICE) && !field_has(f, FIELD_CHOICES) &&
			!field_has(f, FIELD_ANSWER)))
		return 0;
	if (load(s, a, c, &all) < 0)
		return -1;
	if (all.n < 2)
		return 0;
	for (size_t i = 0; i < all.n; i++) {
		if (!fits(c, f, &all.v[i]))
			continue;
		fit.v = rows_more(a, fit.v, fit.n, sizeof(*fit.v));
		fit.v[fit.n++] = all.v[i];
	}
	c->meetings = fit.n > 0 ? fit.v : all.v;
	c->meetings_n = fit.n > 0 ? fit.n : all.n;
	if (fit.n == 1)
		choose(c, &fit.v[0]);
	/* Nothing meets on the day that it says. */
	c->which_meeting =
		fit.n > 1 || (fit.n == 0 && field_has(f, FIELD_DATE));
	return 0;
}
