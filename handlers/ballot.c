/*
 * ballot - what becomes of a clear vote, and what is its voter told?
 *
 * The receipt repeats what counts and the first digits of its hash, which the
 * store writes from the same values. The same vote again, or one that was sent
 * before the one that counts, adds nothing and gets the receipt of the one
 * that does. A probationary member's is kept as an opinion; who is not among
 * the voters, or no longer, learns only that. Pure; writer thread.
 */
#include "handlers/ballot.h"

#include "gateway/model/ballot.h"
#include "handlers/dialog.h"
#include "handlers/record.h"
#include "handlers/record_text.h"

struct casting {
	const struct handler_input *in;
	struct outcome *out;
	const struct invited *who;
	struct field_map_entry *shown, *fresh; /* what counts; what is new */
	size_t shown_n, fresh_n;
	struct str codes;
	const struct vote_ref *first; /* the first to close */
	bool opinion;
};

static const struct vote_ref *line_of(
	const struct context *c, int item, int member)
{
	for (size_t i = 0; i < c->votes_n; i++)
		if (c->votes[i].no == item && c->votes[i].member_no == member)
			return &c->votes[i];
	return NULL;
}

/* What the text says, item by item. */
static const struct field_map_entry *said(
	const struct fields *f, struct field_map_entry *one, size_t *ret_n)
{
	if (field_has(f, FIELD_CHOICES)) {
		*ret_n = f->v[FIELD_CHOICES].list.n;
		return f->v[FIELD_CHOICES].list.p;
	}
	*ret_n = field_has(f, FIELD_ITEM) && field_has(f, FIELD_CHOICE);
	*one = (struct field_map_entry){
		(int)field_int(f, FIELD_ITEM, 0), field_text(f, FIELD_CHOICE)};
	return one;
}

static bool is_closed(const struct context *c, int item)
{
	for (size_t i = 0; i < c->votes_n; i++)
		if (c->votes[i].no == item && !c->votes[i].open)
			return true;
	return false;
}

bool ballot_is_over(const struct context *c, const struct fields *f)
{
	struct field_map_entry one;
	size_t n;
	const struct field_map_entry *v = said(f, &one, &n);

	if (c->votes_n == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (is_closed(c, v[i].key))
			return true;
	return n == 0 && c->vote_items_n == 0;
}

static struct reply *refuse(struct outcome *out, const char *key)
{
	out->clarify = true;
	out->problem = PROBLEM_NOT_ALLOWED;
	return dialog_reply(out, key);
}

void ballot_tell_over(const struct handler_input *in, struct outcome *out)
{
	struct reply *reply = refuse(out, "vote_late");
	struct arena *a = out->arena;

	reply_arg(reply, "record", record_text(INTENT_VOTE, &out->fields, a));
	reply_arg(reply, "meeting",
		record_meeting(in->context->pending_meeting, a));
}

/* One item: its place in the receipt, and whether it is new. */
static void add(struct casting *k, const struct vote_ref *v, struct str choice)
{
	struct arena *a = k->out->arena;
	const struct context *c = k->in->context;
	bool same = v->choice.p != NULL &&
		    (str_eq(v->choice, choice) || v->voted_at > c->sent_at);
	struct ballot b = ballot_cast(c, v, choice);
	struct ballot_hash hash = ballot_link(&b, a);
	struct str code =
		str_part(same ? v->hash : arena_str(a, str_of(hash.z)), 0,
			BALLOT_CODE_LEN);

	k->shown[k->shown_n++] =
		(struct field_map_entry){v->no, same ? v->choice : choice};
	if (!same)
		k->fresh[k->fresh_n++] = k->shown[k->shown_n - 1];
	k->codes = k->codes.n == 0 ? code
				   : arena_printf(a, STR_FMT " " STR_FMT,
					     STR_ARG(k->codes), STR_ARG(code));
	k->opinion |= !v->official;
	if (v->own_time &&
		(k->first == NULL || v->closes_at < k->first->closes_at))
		k->first = v;
}

/* One as item and choice, several as a map: as they are read. */
static struct fields *fields_of(
	const struct casting *k, const struct field_map_entry *v, size_t n)
{
	struct fields *f = ARENA_NEW(k->out->arena, struct fields);

	field_set_int(f, FIELD_MEMBER, k->who->member);
	if (n == 1) {
		field_set_int(f, FIELD_ITEM, v[0].key);
		field_set_text(f, FIELD_CHOICE, v[0].value);
	} else {
		field_set_map(f, FIELD_CHOICES, v, n);
	}
	return f;
}

static void store(struct casting *k)
{
	struct effect *e;

	dialog_settle(k->in, k->out, QUESTION_NONE);
	if (k->fresh_n == 0)
		return;
	e = outcome_add(k->out, EFFECT_RECORD);
	e->record = RECORD_BALLOT;
	e->state = k->opinion ? RECORD_NOTED : RECORD_APPLIED;
	e->unit_id = k->who->unit_id;
	e->subject = k->who->meeting_id;
	e->fields = fields_of(k, k->fresh, k->fresh_n);
}

/* "8/11 19h30" */
static struct str until(const struct casting *k)
{
	int offset = k->in->context->utc_offset_min;
	struct day_text day = day_short(day_of_ms(k->first->closes_at, offset));
	int minute = minute_of_ms(k->first->closes_at, offset);

	return arena_printf(
		k->out->arena, "%s %dh%02d", day.z, minute / 60, minute % 60);
}

static void tell(struct casting *k)
{
	struct arena *a = k->out->arena;
	const char *key = k->opinion         ? "vote_opinion"
			  : k->first == NULL ? "vote_receipt"
					     : "vote_receipt_until";
	struct reply *reply = dialog_reply(k->out, key);

	reply_arg(reply, "record",
		record_text(
			INTENT_VOTE, fields_of(k, k->shown, k->shown_n), a));
	reply_arg(reply, "meeting", invited_name(k->in, k->who, a));
	reply_arg(reply, "receipt", k->codes);
	if (k->first != NULL && !k->opinion)
		reply_arg(reply, "until", until(k));
}

void ballot_cast_or_tell(const struct handler_input *in, struct outcome *out,
	const struct invited *who)
{
	struct casting k = {.in = in, .out = out, .who = who};
	struct field_map_entry one;
	size_t n;
	const struct field_map_entry *v = said(&out->fields, &one, &n);

	k.shown = ARENA_ARRAY(out->arena, struct field_map_entry, n);
	k.fresh = ARENA_ARRAY(out->arena, struct field_map_entry, n);
	for (size_t i = 0; i < n; i++) {
		const struct vote_ref *line =
			line_of(in->context, v[i].key, who->member);

		if (line == NULL || !line->listed ||
			line->meeting_id != who->meeting_id) {
			reply_arg(refuse(out, "vote_not_listed"), "meeting",
				invited_name(in, who, out->arena));
			return;
		}
		add(&k, line, v[i].value);
	}
	store(&k);
	tell(&k);
}
