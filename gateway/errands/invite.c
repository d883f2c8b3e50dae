/*
 * invite - who is asked to come, asked again, and told that a meeting is off?
 *
 * Members away who agreed to texts are asked, each by roll number where one
 * phone speaks for several; overseers are told and not asked, and need not
 * have agreed (language.md §5 "Clock"). A plan is told once; who knows of an
 * earlier one is told that it has moved and asked anew, and what they
 * answered for that one does not count. The question is open to the start.
 * Writer thread.
 */
#include "gateway/errands/kinds.h"

#include "gateway/base/jdoc.h"
#include "gateway/store/invited.h"

#define DAY_MS INT64_C(86400000)
#define TOPICS_MAX 4 /* more would not fit beside the question */

/* ", ND03,05"; "" when none were said. */
static struct str topics_of(
	struct errand_run *r, const struct agenda_meeting *m)
{
	struct arena *a = r->in->arena;
	struct jdoc *doc = m->topics.n > 0
				   ? jdoc_parse(m->topics, &(struct err){0})
				   : NULL;
	const struct jdoc *v = doc != NULL ? jdoc_at(doc, "topics") : NULL;
	struct str list = STR("");

	for (size_t i = 0; i < jdoc_len(v) && i < TOPICS_MAX; i++) {
		struct str code = jdoc_str(jdoc_item(v, i));

		list = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(list),
			i == 0 ? ", ND" : ",", STR_ARG(code));
	}
	jdoc_free(doc);
	return list;
}

/* One text to one of them, as the last that was told of this plan. */
static int tell(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct invitee *to,
	struct errand_text *t)
{
	int64_t id, outbox = 0;
	int rc;

	if (invited_put(r->s, m->id, to, r->in->now_ms, &id) != 0)
		return -1;
	t->to = to->phone;
	t->language = to->language;
	t->duty = to->member_no == 0;
	t->member_no = to->member_no;
	t->needs_id = id;
	t->subject = m->id;
	t->ret_id = &outbox;
	rc = errand_send(r, e, t);
	t->ret_id = NULL;
	if (rc != 0)
		return -1;
	return outbox != 0 ? invited_told(r->s, id, outbox) : 0;
}

static const char *key_of(
	const struct agenda_meeting *m, const struct invitee *to)
{
	if (to->member_no == 0)
		return to->known ? "invite_overseer_moved" : "invite_overseer";
	if (to->shared)
		return to->known ? "invite_shared_moved" : "invite_shared";
	if (to->known)
		return "invite_moved";
	return m->items > 0 && to->official ? "invite_vote" : "invite";
}

static void name(struct errand_run *r, const struct agenda_meeting *m,
	const struct invitee *to, struct reply *reply)
{
	reply_arg(reply, "meeting", errand_meeting_when(r, m));
	reply_arg(reply, "topics", topics_of(r, m));
	reply_arg(reply, "member",
		arena_printf(r->in->arena, "%d", to->member_no));
}

/* 1: it is to come, *m is it; 0: *why not; -1. */
static int to_come(struct errand_run *r, const struct errand *e,
	struct agenda_meeting *m, const char **why)
{
	int rc = agenda_meeting(r->s, e->meeting_id, r->in->arena, m);

	if (rc < 0)
		return -1;
	*why = "the meeting is off, or has begun";
	if (rc == 0 || !str_is(m->state, "announced") || m->day == DAY_NONE ||
		errand_meeting_start(r, m) <= r->in->now_ms)
		return 0;
	*why = NULL;
	return 1;
}

/* One of those who are to be told, if they take texts. */
static int invite(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct invitee *to)
{
	bool asked = to->member_no != 0, may = true;
	struct errand_who who = {
		.phone = to->phone,
		.language = to->language,
		.member_no = to->member_no,
	};
	struct errand_text t = {
		.reply = {.key = key_of(m, to)},
		.lane = asked ? "bulk" : "urgent",
		.valid_until = errand_meeting_start(r, m),
		.needs = "answer",
		.question = asked ? QUESTION_INVITE : QUESTION_NONE,
	};

	if (asked && errand_may_invite(r, e, &who, &may) != 0)
		return -1;
	if (!may)
		return 0;
	name(r, m, to, &t.reply);
	return tell(r, e, m, to, &t);
}

int errand_invite(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_meeting m;
	struct invitees all;
	int rc = to_come(r, e, &m, why);

	if (rc <= 0)
		return rc;
	if (invited_due(r->s, m.id, r->today, r->in->arena, &all) != 0)
		return -1;
	if (all.n == 0)
		*why = "there is nobody to be told";
	for (size_t i = 0; i < all.n; i++)
		if (invite(r, e, &m, &all.v[i]) != 0)
			return -1;
	return 0;
}

/* The question of the invitation stays open and is only said again; one that
 * never left is put by the reminder. */
static int remind(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct invitee *to)
{
	struct errand_text t = {
		.to = to->phone,
		.language = to->language,
		.reply = {.key = to->shared ? "invite_shared"
					    : "invite_remind"},
		.lane = "bulk",
		.valid_until = errand_meeting_start(r, m),
		.needs = "answer",
		.needs_id = to->id,
		.member_no = to->member_no,
	};

	name(r, m, to, &t.reply);
	if (to->asked)
		return errand_send(r, e, &t);
	t.question = QUESTION_INVITE;
	return tell(r, e, m, to, &t);
}

int errand_invite_remind(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_meeting m;
	struct invitees all;
	int rc = to_come(r, e, &m, why);

	if (rc <= 0)
		return rc;
	if (invited_silent(r->s, m.id, r->in->arena, &all) != 0)
		return -1;
	if (all.n == 0)
		*why = "all have answered";
	for (size_t i = 0; i < all.n; i++)
		if (remind(r, e, &m, &all.v[i]) != 0)
			return -1;
	return 0;
}

/* It may have been planned anew meanwhile: that is told by an invitation. */
static bool is_off(struct errand_run *r, const struct agenda_meeting *m)
{
	if (str_is(m->state, "announced"))
		return m->day == DAY_NONE;
	return !str_is(m->state, "held") &&
	       (m->day == DAY_NONE ||
		       errand_meeting_start(r, m) > r->in->now_ms);
}

static bool is_among(const struct invitees *all, struct str phone)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].phone, phone))
			return true;
	return false;
}

/* Its secretaries called it, and have not called it off: the unit ended. */
static int tell_secretaries(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct invitees *told)
{
	const struct agenda_office office = {
		.unit_id = m->unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_DEPUTY,
	};
	struct errand_text t = {
		.reply = {.key = "called_off_unit"},
		.lane = "urgent",
		.duty = true,
		.valid_until = errand_meeting_start(r, m),
	};
	struct agenda_holders all;

	if (agenda_last_holders(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	reply_arg(&t.reply, "meeting", errand_meeting_when(r, m));
	for (size_t i = 0; i < all.n; i++) {
		t.to = all.v[i].phone;
		t.language = all.v[i].language;
		if (!is_among(told, t.to) && errand_send(r, e, &t) != 0)
			return -1;
	}
	return 0;
}

static int tell_invited(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct invitees *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct errand_text t = {
			.reply = {.key = str_is(m->state, "announced")
						 ? "called_open"
						 : "called_off"},
			.lane = "urgent",
			.valid_until = m->day != DAY_NONE
					       ? errand_meeting_start(r, m)
					       : r->in->now_ms + 3 * DAY_MS,
			.needs = "told",
		};

		reply_arg(&t.reply, "meeting", errand_meeting_when(r, m));
		if (tell(r, e, m, &all->v[i], &t) != 0)
			return -1;
	}
	return 0;
}

int errand_called_off(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_meeting m;
	struct invitees all;
	int rc = agenda_meeting(r->s, e->meeting_id, r->in->arena, &m);
	bool by_unit;

	if (rc < 0)
		return -1;
	if (rc == 0 || !is_off(r, &m)) {
		*why = "the meeting is on, or has begun";
		return 0;
	}
	by_unit = str_is(m.reason, "unit") && m.day != DAY_NONE;
	if (invited_knowing(r->s, m.id, r->in->arena, &all) != 0)
		return -1;
	if (all.n == 0 && !by_unit)
		*why = "nobody knows of it";
	if (tell_invited(r, e, &m, &all) != 0)
		return -1;
	return by_unit ? tell_secretaries(r, e, &m, &all) : 0;
}
