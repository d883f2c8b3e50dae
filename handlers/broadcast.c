/*
 * broadcast - GUI MG text: staff want a text sent to many.
 *
 * Shown first: to whom and how many, how long, for how much, until when, and
 * who is left out and why; `1` sends it, `2` drops it. The text is not
 * repeated. What it says is the staff's own, but for the words that no text may
 * hold. Only for units of the sender's subtree. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "parsers/segment.h"

static enum problem check(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u)
{
	enum problem p = record_unit(in, f, ret_u);

	if (p != PROBLEM_NONE)
		return p;
	return str_trim(field_text(f, FIELD_TEXT)).n == 0 ? PROBLEM_BAD_SYNTAX
							  : PROBLEM_NONE;
}

/* 7200 as 7.200 */
static struct str dotted(int64_t n, struct arena *a)
{
	struct str s = arena_printf(a, "%lld", (long long)n % 1000);

	if (n < 1000)
		return s;
	return arena_printf(a, STR_FMT ".%03d", STR_ARG(dotted(n / 1000, a)),
		(int)(n % 1000));
}

/* "19:40", on another day "7/11 8:15". */
static struct str until_text(
	const struct context *c, int64_t at_ms, struct arena *a)
{
	day_t day = day_of_ms(at_ms, c->utc_offset_min);
	int minute = minute_of_ms(at_ms, c->utc_offset_min);
	struct day_text d = day_short(day);

	return arena_printf(a, "%s%s%d:%02d", day == c->today ? "" : d.z,
		day == c->today ? "" : " ", minute / 60, minute % 60);
}

static struct str left_text(const struct audience_ref *au, struct arena *a)
{
	const struct {
		int64_t n;
		const char *why;
	} left[] = {
		{au->opted_out, "tu choi"},
		{au->no_consent, "chua dong y"},
		{au->capped, "du so tin"},
		{au->no_phone, "khong so"},
		{au->unreachable, "ngoai mang"},
	};
	struct str list = {"", 0};

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (left[i].n > 0)
			list = arena_printf(a, STR_FMT "%s%lld %s",
				STR_ARG(list),
				list.n > 0 ? ", " : ". Khong gui: ",
				(long long)left[i].n, left[i].why);
	return list;
}

/* "MG07 DIXA" */
static struct str whom_text(const struct fields *f, struct arena *a)
{
	struct str to = field_text(f, FIELD_TO);

	return arena_printf(a, STR_FMT "%s", STR_ARG(field_text(f, FIELD_UNIT)),
		str_is(to, "away")  ? " DIXA"
		: str_is(to, "all") ? " TATCA"
				    : "");
}

static void add_args(
	const struct handler_input *in, struct outcome *out, struct reply *r)
{
	const struct audience_ref *au = in->context->audience;
	struct arena *a = out->arena;
	struct str cost = {"", 0};

	if (au->cost > 0)
		cost = arena_printf(
			a, " ~ " STR_FMT "d", STR_ARG(dotted(au->cost, a)));
	reply_arg(r, "record", whom_text(&out->fields, a));
	reply_arg_int(out, r, "people", au->people);
	reply_arg_int(out, r, "segments", au->segments);
	reply_arg_int(out, r, "texts", au->people * au->segments);
	reply_arg_int(out, r, "total", in->config->broadcast.max_segments);
	reply_arg(r, "cost", cost);
	reply_arg(r, "until", until_text(in->context, au->done_at, a));
	reply_arg(r, "left", left_text(au, a));
}

/* It cannot go as it is. */
static const char *refusal(
	const struct handler_input *in, const struct audience_ref *au)
{
	if (au->forbidden)
		return "broadcast_words";
	if (au->segments > in->config->broadcast.max_segments)
		return "broadcast_long";
	return au->people == 0 ? "broadcast_nobody" : NULL;
}

/* Understood, and waits for `1`. */
static void show(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	struct segments size =
		segment_count(field_text(&out->fields, FIELD_TEXT));
	struct effect *e;

	*f = out->fields;
	dialog_settle(in, out, QUESTION_BROADCAST);
	e = outcome_add(out, EFFECT_ASK);
	e->question = QUESTION_BROADCAST;
	e->intent = INTENT_BROADCAST;
	e->fields = f;
	if (in->context->audience != NULL) {
		e->reply.key = "broadcast_preview";
		add_args(in, out, &e->reply);
		return;
	}
	e->reply.key = "broadcast_unknown";
	reply_arg(&e->reply, "record", whom_text(f, out->arena));
	reply_arg_int(out, &e->reply, "segments", size.n);
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct unit_ref *u)
{
	struct reply *r = record_store(in, out,
		&(struct record){.kind = RECORD_BROADCAST,
			.unit_id = u != NULL ? u->id : 0,
			.key = "broadcast_sent"});

	r->args_n = 0;
	if (in->context->audience != NULL)
		add_args(in, out, r);
}

void broadcast_handle(const struct handler_input *in, struct outcome *out)
{
	const struct audience_ref *au = in->context->audience;
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	const char *no;

	if (p == PROBLEM_NONE)
		p = check(in, &out->fields, &u);
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	no = au != NULL ? refusal(in, au) : NULL;
	if (no != NULL) {
		dialog_settle(in, out, QUESTION_NONE);
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, no);
		add_args(in, out, &out->v[out->n - 1].reply);
	} else if (dialog_confirmed(in)) {
		take(in, out, u);
	} else {
		show(in, out);
	}
}
