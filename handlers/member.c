/*
 * member - DV: what changes for members of the roll.
 *
 * Gone away and back again count at once, from the unit's own secretary or
 * from the member. Everything that touches standing or the roll is a proposal
 * for staff; what would hurt most when misread (death, removal, transfers by
 * count) is echoed first and is a proposal only after `1`. Pure; writer
 * thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "handlers/record_text.h"

#define TRANSFERRED "temp_transfer_out"
#define ITEMS_MAX 3 /* changes in one text; more would not fit an answer */

enum weight { WEIGHT_AT_ONCE, WEIGHT_PROPOSAL, WEIGHT_ECHO_FIRST, WEIGHT_NOTE };

static const struct change {
	const char *status;
	enum weight weight;
	bool by_count;  /* members may be given as a count alone */
	bool is_coming; /* the number is not on the list yet */
	bool by_self;   /* a member may say it of themselves */
	bool needs_dest;
} changes[] = {
	{.status = "away",
		.weight = WEIGHT_AT_ONCE,
		.by_self = true,
		.needs_dest = true},
	{.status = "returned", .weight = WEIGHT_AT_ONCE, .by_self = true},
	{.status = "temp_exempt", .weight = WEIGHT_PROPOSAL},
	{.status = "exempt", .weight = WEIGHT_PROPOSAL},
	{.status = "temp_transfer_out",
		.weight = WEIGHT_PROPOSAL,
		.by_count = true},
	{.status = "transfer_out", .weight = WEIGHT_PROPOSAL, .by_count = true},
	{.status = "transfer_in",
		.weight = WEIGHT_PROPOSAL,
		.by_count = true,
		.is_coming = true},
	{.status = "admitted",
		.weight = WEIGHT_PROPOSAL,
		.by_count = true,
		.is_coming = true},
	{.status = "official", .weight = WEIGHT_PROPOSAL},
	{.status = "deceased", .weight = WEIGHT_ECHO_FIRST},
	{.status = "removal_proposed", .weight = WEIGHT_ECHO_FIRST},
	{.status = "lapse_reported", .weight = WEIGHT_NOTE},
};

static const struct change *change_of(const struct fields *f)
{
	struct str status = field_text(f, FIELD_STATUS);

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (str_is(status, changes[i].status))
			return &changes[i];
	return NULL;
}

static bool names_members(const struct fields *f)
{
	return field_has(f, FIELD_MEMBER) || field_has(f, FIELD_MEMBERS);
}

/* A member speaks of themselves; true: that is what the text does. */
static bool is_of_self(const struct handler_input *in, const struct fields *f,
	const struct change *ch)
{
	return ch != NULL && ch->by_self && field_has(f, FIELD_MEMBER) &&
	       !field_has(f, FIELD_MEMBERS) &&
	       dialog_speaks_for(in->context, field_text(f, FIELD_UNIT),
		       f->v[FIELD_MEMBER].i);
}

static bool is_plain_member(const struct handler_input *in)
{
	return dialog_checks_sender(in) && !dialog_is_reporter(in->context);
}

/* "Quang Thi Xom": the member with that whole name. */
static enum problem settle_name(
	const struct handler_input *in, struct fields *f, struct arena *a)
{
	int no;

	if (!field_has(f, FIELD_NAME) || names_members(f))
		return PROBLEM_NONE;
	no = record_named(in->context, f->v[FIELD_NAME].s, a);
	if (no == 0)
		return PROBLEM_NAME_UNCLEAR;
	if (no > 0) {
		field_set_int(f, FIELD_MEMBER, no);
		field_drop(f, FIELD_NAME);
	}
	return PROBLEM_NONE;
}

static enum problem check_members(const struct handler_input *in,
	const struct fields *f, const struct change *ch)
{
	if (!names_members(f) && !field_has(f, FIELD_NAME) &&
		(!ch->by_count || !field_has(f, FIELD_COUNT)))
		return PROBLEM_MISSING_MEMBER;
	if (ch->is_coming)
		return PROBLEM_NONE;
	/* From afar nobody goes away; who is there comes back. */
	if (str_is(field_text(f, FIELD_STATUS), "away") &&
		record_has_status(in->context, f, TRANSFERRED))
		return PROBLEM_MEMBER_UNKNOWN;
	return record_members_there(in, f);
}

/*
 * What staff have decided is theirs to end: a temporary transfer, and, when a
 * member says so, an exemption (domain.md 2.4).
 */
static enum weight weight_of(const struct handler_input *in,
	const struct fields *f, const struct change *ch)
{
	const struct context *c = in->context;

	if (!str_is(field_text(f, FIELD_STATUS), "returned"))
		return ch->weight;
	if (record_has_status(c, f, TRANSFERRED) ||
		(is_plain_member(in) &&
			(record_has_status(c, f, "exempt") ||
				record_has_status(c, f, "temp_exempt"))))
		return WEIGHT_PROPOSAL;
	return ch->weight;
}

/* What has happened has a day that is past, and not long ago. */
static enum problem check_day(
	const struct handler_input *in, const struct fields *f)
{
	day_t today = in->context->today;
	int64_t day = field_int(f, FIELD_DATE, today);

	if (day > today || field_int(f, FIELD_APPLICATION_DATE, today) > today)
		return PROBLEM_FUTURE_DATE;
	return day < today - in->config->report.look_back_days
		       ? PROBLEM_OLD_DATE
		       : PROBLEM_NONE;
}

static bool is_echoed_first(const struct handler_input *in,
	const struct fields *f, const struct change *ch)
{
	bool transfer = ch->by_count &&
			!str_is(field_text(f, FIELD_STATUS), "admitted");

	if (dialog_confirmed(in))
		return false;
	return ch->weight == WEIGHT_ECHO_FIRST ||
	       (transfer && !names_members(f));
}

static enum problem check(const struct handler_input *in, struct fields *f,
	const struct change *ch, struct arena *a)
{
	enum problem p = settle_name(in, f, a);

	if (p == PROBLEM_NONE && ch == NULL)
		return names_members(f) || field_has(f, FIELD_STATUS)
			       ? PROBLEM_BAD_SYNTAX
			       : PROBLEM_MISSING_MEMBER;
	if (p == PROBLEM_NONE)
		p = check_members(in, f, ch);
	if (p == PROBLEM_NONE && ch->needs_dest &&
		field_text(f, FIELD_DEST).n == 0)
		p = PROBLEM_MISSING_DEST;
	/* Who leaves for good does not leave for months. */
	if (p == PROBLEM_NONE && field_has(f, FIELD_MONTHS) &&
		str_is(field_text(f, FIELD_STATUS), "transfer_out"))
		p = PROBLEM_CONTRADICTION;
	if (p == PROBLEM_NONE)
		p = check_day(in, f);
	if (p == PROBLEM_NONE && is_echoed_first(in, f, ch))
		p = PROBLEM_TWO_STEP;
	return p;
}

static const struct {
	enum record_state state;
	const char *key, *notice;
} how[] = {
	[WEIGHT_AT_ONCE] = {RECORD_APPLIED, "record_saved", NULL},
	[WEIGHT_PROPOSAL] = {RECORD_PROPOSED, "record_proposed",
		"notify_proposal"},
	[WEIGHT_ECHO_FIRST] = {RECORD_PROPOSED, "record_proposed",
		"notify_proposal"},
	[WEIGHT_NOTE] = {RECORD_NOTED, "record_noted", "notify_noted"},
};

static void tell(struct outcome *out, const struct fields *f,
	const struct unit_ref *u, enum weight weight)
{
	if (how[weight].notice != NULL)
		record_tell(out, u, how[weight].notice, f);
}

/* Once is enough: the same again would be another person. */
static bool is_said_again(const struct handler_input *in, struct outcome *out)
{
	int64_t id = record_proposed_before(in, &out->fields, out->arena);
	struct reply *reply;

	if (id == 0)
		return false;
	dialog_settle(in, out, QUESTION_NONE);
	reply = dialog_reply(out, "record_again");
	reply_arg(reply, "record",
		record_text(out->intent, &out->fields, out->arena));
	reply_arg_int(out, reply, "proposal", id);
	return true;
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct change *ch, const struct unit_ref *u)
{
	enum weight weight = weight_of(in, &out->fields, ch);

	if (how[weight].state == RECORD_PROPOSED && is_said_again(in, out))
		return;
	(void)record_store(in, out,
		&(struct record){.kind = RECORD_MEMBER,
			.state = how[weight].state,
			.unit_id = u != NULL ? u->id : 0,
			.key = how[weight].key});
	tell(out, &out->fields, u, weight);
}

/* One of several: the answer is put together from all. */
static struct str take_one(const struct handler_input *in, struct outcome *out,
	const struct fields *f, const struct unit_ref *u)
{
	enum weight weight = weight_of(in, f, change_of(f));
	struct fields said = *f;
	int64_t proposal = 0;
	struct effect *e;

	if (in->context->has_registry && u != NULL) {
		if (how[weight].state == RECORD_PROPOSED)
			proposal = record_next_proposal(in, out);
		e = outcome_add(out, EFFECT_RECORD);
		e->record = RECORD_MEMBER;
		e->proposal = proposal;
		e->state = how[weight].state;
		e->unit_id = u->id;
		e->fields = f;
	}
	tell(out, f, u, weight);
	field_drop(&said, FIELD_UNIT);
	return record_text(INTENT_MEMBER_STATUS, &said, out->arena);
}

/* Several changes are taken together when each stands and all weigh alike. */
static enum problem check_items(const struct handler_input *in,
	struct outcome *out, struct fields *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct change *ch = change_of(&items[i]);
		enum problem p = check(in, &items[i], ch, out->arena);

		if (p != PROBLEM_NONE)
			return p == PROBLEM_TWO_STEP ? PROBLEM_CONTRADICTION
						     : p;
		if (weight_of(in, &items[i], ch) !=
			weight_of(in, &items[0], change_of(&items[0])))
			return PROBLEM_CONTRADICTION;
	}
	return n > ITEMS_MAX ? PROBLEM_CONTRADICTION : PROBLEM_NONE;
}

/* "DV 12 VE; DV 9 DI BACNINH 3T": one answer for all. */
static void take_items(const struct handler_input *in, struct outcome *out,
	const struct unit_ref *u)
{
	const struct fields *read = out->fields.v[FIELD_ITEMS].list.p;
	size_t n = out->fields.v[FIELD_ITEMS].list.n;
	struct fields *items = ARENA_ARRAY(out->arena, struct fields, n);
	struct str said = field_text(&out->fields, FIELD_UNIT), one;
	enum weight weight;
	enum problem p;

	memcpy(items, read, n * sizeof(*items));
	for (size_t i = 0; i < n && said.n > 0; i++)
		field_set_text(&items[i], FIELD_UNIT, said);
	p = check_items(in, out, items, n);
	if (p != PROBLEM_NONE) {
		field_drop(&out->fields, FIELD_ITEMS);
		ask_problem(in, out, p);
		return;
	}
	field_set_items(&out->fields, FIELD_ITEMS, items, n);
	dialog_settle(in, out, QUESTION_NONE);
	for (size_t i = 0; i < n; i++) {
		one = take_one(in, out, &items[i], u);
		said = arena_printf(out->arena, STR_FMT "%s" STR_FMT,
			STR_ARG(said), i > 0 ? "; " : " ", STR_ARG(one));
	}
	weight = weight_of(in, &items[0], change_of(&items[0]));
	reply_arg(dialog_reply(out, how[weight].key), "record", said);
}

/* Doubts of the reader that say no more than what is checked here. */
static bool is_settled_here(enum problem p)
{
	return p == PROBLEM_TWO_STEP || p == PROBLEM_MISSING_MEMBER;
}

/* A number alone would not complete it. */
static bool says_nothing(const struct fields *f)
{
	return !field_has(f, FIELD_STATUS) && !names_members(f);
}

void member_handle(const struct handler_input *in, struct outcome *out)
{
	const struct change *ch = change_of(&out->fields);
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	enum problem unit = record_unit(in, &out->fields, &u);

	if (p == PROBLEM_NONE && unit == PROBLEM_NONE &&
		field_has(&out->fields, FIELD_ITEMS)) {
		take_items(in, out, u);
		return;
	}
	if (unit == PROBLEM_UNIT_NOT_SENDER && is_plain_member(in)) {
		if (!is_of_self(in, &out->fields, ch) && p == PROBLEM_NONE) {
			dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
			return;
		}
		unit = PROBLEM_NONE;
	}
	if (p == PROBLEM_NONE || is_settled_here(p)) {
		p = unit != PROBLEM_NONE
			    ? unit
			    : check(in, &out->fields, ch, out->arena);
		/* The reader may know better that it must be echoed. */
		if (p == PROBLEM_NONE &&
			in->reading->problem == PROBLEM_TWO_STEP)
			p = PROBLEM_TWO_STEP;
	}
	if (p == PROBLEM_NONE)
		take(in, out, ch, u);
	else
		(void)ask_with(in, out,
			&(struct ask){.problem = p,
				.key = says_nothing(&out->fields) ? "ask_status"
								  : NULL});
}
