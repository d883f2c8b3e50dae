/*
 * overdue - which reports are still missing, in one text to whoever follows
 * them up?
 *
 * The day after it was due the staff above, on the fifth day the deputy of
 * the unit above (language.md §5 "Clock"). What is overdue for many hamlets
 * at the same time is one text a phone, not one for each: a number is sent
 * three unasked texts a day (domain.md §5). The first errand of a kind to run
 * takes the others along; each text goes under its name. Writer thread.
 */
#include "gateway/errands/kinds.h"
#include "gateway/store/lineage.h"

#define HOUR_MS INT64_C(3600000)
#define LIST_MAX 250 /* characters: with the words around, two segments */

/* One phone, and what it is to be told. */
struct told {
	struct str phone, language;
	struct str list; /* as far as it goes */
	int n, left_out; /* meetings; those that the list has no room for */
	int64_t meeting_id;
};

struct overdue {
	struct errand_run *r;
	const struct errand *by; /* the errand under which the texts go */
	enum role role;
	struct told *v;
	size_t n, room;
};

static struct told *told_of(struct overdue *o, const struct agenda_holder *h)
{
	struct told *more;

	for (size_t i = 0; i < o->n; i++)
		if (str_eq(o->v[i].phone, h->phone))
			return &o->v[i];
	if (o->n == o->room) {
		o->room = 2 * o->room + 4;
		more = ARENA_ARRAY(o->r->in->arena, struct told, o->room);
		if (o->n > 0)
			memcpy(more, o->v, o->n * sizeof(*more));
		o->v = more;
	}
	o->v[o->n] = (struct told){.phone = h->phone, .language = h->language};
	return &o->v[o->n++];
}

static void list_it(
	struct overdue *o, struct told *t, const struct agenda_meeting *m)
{
	struct str name = errand_meeting_name(o->r, m);

	t->meeting_id = m->id;
	t->n++;
	if (t->left_out > 0 || t->list.n + name.n + 2 > LIST_MAX)
		t->left_out++;
	else
		t->list = arena_printf(o->r->in->arena, STR_FMT "%s" STR_FMT,
			STR_ARG(t->list), t->list.n > 0 ? ", " : "",
			STR_ARG(name));
}

/* Whose report is missing, to all who hold the role nearest above. */
static int list_for_holders(struct overdue *o, const struct agenda_meeting *m)
{
	struct agenda_office office = {
		.unit_id = m->unit_id,
		.role = o->role,
		.or_role = o->role,
		.on = o->r->today,
	};
	struct agenda_holders all;

	if (agenda_holders_above(o->r->s, &office, o->r->in->arena, &all) != 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		list_it(o, told_of(o, &all.v[i]), m);
	return 0;
}

/* What is void or too late ends in its own turn. */
static int take_along(struct overdue *o, const struct errand *e)
{
	struct errand_run *r = o->r;
	const int64_t over = e->due_at + errand_hours(e->kind) * HOUR_MS;
	struct agenda_meeting m;
	const char *why;
	bool there;
	int rc;

	if (r->in->now_ms > over)
		return 0;
	if (lineage_is_valid(r->s, e->unit_id, r->today, &there) != 0)
		return -1;
	if (!there)
		return 0;
	rc = errand_report_missing(r, e, &m, &why);
	if (rc <= 0)
		return rc;
	if (list_for_holders(o, &m) != 0 ||
		errand_join(r->s, e->id, o->by->id) != 0)
		return -1;
	if (e->id == o->by->id)
		return 0;
	return errand_end(
		r->s, e->id, ERRAND_DONE, "told of with others", r->in->now_ms);
}

static int tell(struct overdue *o, const struct told *t)
{
	const bool staff = o->role == ROLE_STAFF;
	struct errand_run *r = o->r;
	struct errand_text text = {
		.to = t->phone,
		.language = t->language,
		.lane = "urgent",
		.duty = true,
		.valid_until =
			r->in->now_ms + errand_hours(o->by->kind) * HOUR_MS,
		.needs = t->n == 1 ? "report" : "reports",
		.needs_id = t->n == 1 ? t->meeting_id : o->by->id,
	};
	struct str list = t->list;

	if (t->left_out > 0)
		list = arena_printf(r->in->arena, STR_FMT " +%d", STR_ARG(list),
			t->left_out);
	if (t->n == 1) {
		text.reply.key = staff ? "escalate_staff" : "escalate_deputy";
		reply_arg(&text.reply, "report", list);
	} else {
		text.reply.key =
			staff ? "escalate_staff_many" : "escalate_deputy_many";
		reply_arg(&text.reply, "list", list);
	}
	return errand_send(r, o->by, &text);
}

static int tell_above(struct errand_run *r, const struct errand *e,
	enum role role, const char **why)
{
	struct overdue o = {.r = r, .by = e, .role = role};
	struct errand_list alike;
	struct agenda_meeting m;
	int rc = errand_report_missing(r, e, &m, why);

	if (rc <= 0)
		return rc;
	if (errand_due_alike(r->s, e, r->in->now_ms, r->in->arena, &alike) != 0)
		return -1;
	for (size_t i = 0; i < alike.n; i++)
		if (take_along(&o, &alike.v[i]) != 0)
			return -1;
	for (size_t i = 0; i < o.n; i++)
		if (tell(&o, &o.v[i]) != 0)
			return -1;
	return 0;
}

int errand_report_staff(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return tell_above(r, e, ROLE_STAFF, why);
}

int errand_report_deputy(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return tell_above(r, e, ROLE_DEPUTY, why);
}
