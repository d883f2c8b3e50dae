/*
 * scenario_expect - does the database hold what the scenario expects?
 *
 * One line a subject in the table below; each looks its row up through the
 * store and compares the pairs that the line gives.
 */
#include "gateway/scenario_expect.h"

#include "gateway/scenario_match.h"
#include "gateway/store/consent.h"
#include "gateway/store/lineage.h"
#include "gateway/store/queue.h"
#include "gateway/store/roll.h"
#include "gateway/store/votes.h"
#include "parsers/phone.h"

#define PAIRS_MAX 24

struct look {
	struct rehearsal *rehearsal;
	struct arena *arena;
	struct str line; /* whole, for messages */
	struct str rest; /* after the subject */
	struct str *ret;
	struct err *err;
};

static int differs(struct look *l, struct str got)
{
	*l->ret = arena_printf(l->arena, "expected " STR_FMT ", got " STR_FMT,
		STR_ARG(l->line), STR_ARG(got));
	return 1;
}

/* The value of one field as the scenario would write it. */
static struct str shown(
	struct arena *a, const struct jdoc *fields, struct str key)
{
	const struct jdoc *v = jdoc_at(fields, arena_z(a, key));
	struct str text = jdoc_text(v, a);

	if (v == NULL)
		return STR("none");
	return text.p != NULL ? text : jdoc_print(v, a);
}

/* Compares every key=value of the rest with an object's members. */
static int compare(struct look *l, const struct jdoc *fields)
{
	struct str word, key, want;

	while ((word = scenario_word(&l->rest)).p != NULL) {
		struct str got;

		if (!scenario_pair(word, &key, &want))
			return err_set(l->err, "'" STR_FMT "' is not key=value",
				STR_ARG(word));
		got = shown(l->arena, fields, key);
		if (!scenario_same(l->arena, want, got))
			return differs(
				l, arena_printf(l->arena, STR_FMT "=" STR_FMT,
					   STR_ARG(key), STR_ARG(got)));
	}
	return 0;
}

static bool wants_none(const struct look *l)
{
	return str_is(str_trim(l->rest), "none");
}

static int expect_meeting(struct look *l)
{
	struct str unit = scenario_word(&l->rest);
	day_t day = day_parse(scenario_word(&l->rest));
	struct fields f = {0};
	struct context c = {.now_ms = rehearsal_now_ms(l->rehearsal)};
	struct jdoc *fields;
	int rc;

	if (unit.p == NULL || day == DAY_NONE)
		return err_set(l->err,
			"expect meeting UNIT YYYY-MM-DD, then none or "
			"key=value");
	field_set_text(&f, FIELD_UNIT, unit);
	field_set_int(&f, FIELD_DATE, day);
	field_set_text(&f, FIELD_KIND, STR("regular"));
	if (context_load_subject(
		    rehearsal_store(l->rehearsal), &f, l->arena, &c) != 0)
		return err_set(l->err, "%s",
			store_error(rehearsal_store(l->rehearsal)));
	if (c.same_report == NULL || wants_none(l))
		return (c.same_report == NULL) == wants_none(l)
			       ? 0
			       : differs(l, c.same_report == NULL
						    ? STR("no such report")
						    : STR("a report"));
	fields = fields_to_json(&c.same_report->fields);
	jdoc_set_int(fields, "version", c.same_report->version);
	rc = compare(l, fields);
	jdoc_free(fields);
	return rc;
}

static int store_fault(struct look *l)
{
	return err_set(
		l->err, "%s", store_error(rehearsal_store(l->rehearsal)));
}

/* The unit that the scenario names, with its members; 0 / -1. */
static int load_unit(struct look *l, struct str code, struct context *c)
{
	struct fields f = {0};

	*c = (struct context){.now_ms = rehearsal_now_ms(l->rehearsal)};
	field_set_text(&f, FIELD_UNIT, code);
	field_set_int(&f, FIELD_MEMBER, 1);
	if (context_load_subject(
		    rehearsal_store(l->rehearsal), &f, l->arena, c) != 0)
		return store_fault(l);
	if (c->unit == NULL)
		return err_set(l->err, "there is no unit '" STR_FMT "'",
			STR_ARG(code));
	return 0;
}

/* UNIT DAY 7=unexcused 3=excused: what is known of each member. */
static int expect_lines(struct look *l, enum roll_what what)
{
	struct str unit = scenario_word(&l->rest);
	struct roll_of of = {
		.what = what, .day = day_parse(scenario_word(&l->rest))};
	struct roll_lines lines;
	struct context c;
	struct jdoc *fields;
	int rc;

	if (unit.p == NULL || of.day == DAY_NONE)
		return err_set(l->err, "expect UNIT YYYY-MM-DD NUMBER=value");
	if (load_unit(l, unit, &c) != 0)
		return -1;
	of.unit_id = c.unit->id;
	if (roll_lines(rehearsal_store(l->rehearsal), &of, l->arena, &lines) !=
		0)
		return store_fault(l);
	fields = jdoc_object();
	for (size_t i = 0; i < lines.n; i++) {
		struct str no =
			arena_printf(l->arena, "%d", lines.v[i].member_no);

		jdoc_set_str(fields, arena_z(l->arena, no), lines.v[i].state);
	}
	rc = compare(l, fields);
	jdoc_free(fields);
	return rc;
}

static int expect_roll(struct look *l)
{
	return expect_lines(l, ROLL_ATTENDANCE);
}

static int expect_answer(struct look *l)
{
	return expect_lines(l, ROLL_ANSWERS);
}

static int expect_member(struct look *l)
{
	struct str unit = scenario_word(&l->rest);
	const struct member_ref *m;
	struct jdoc *fields;
	struct context c;
	int64_t no;
	int rc;

	if (str_to_i64(scenario_word(&l->rest), &no) != 0)
		return err_set(l->err, "expect member UNIT NUMBER key=value");
	if (load_unit(l, unit, &c) != 0)
		return -1;
	m = context_member(&c, (int)no);
	if (m == NULL)
		return differs(l, STR("no such member"));
	fields = jdoc_object();
	jdoc_set_str(fields, "name", m->name);
	jdoc_set_str(fields, "standing", m->standing);
	jdoc_set_str(fields, "status", m->status);
	if (m->dest.p != NULL)
		jdoc_set_str(fields, "dest", m->dest);
	rc = compare(l, fields);
	jdoc_free(fields);
	return rc;
}

/* What was recorded last, and how much in all. */
static void set_consent(struct jdoc *fields, const struct consent_rows *rows)
{
	const struct consent_row *last =
		rows->n > 0 ? &rows->v[rows->n - 1] : NULL;

	jdoc_set(fields, "consent", jdoc_new_bool(last != NULL && last->given));
	jdoc_set_str(
		fields, "last", last != NULL ? last->event : STR("nothing"));
	jdoc_set_int(fields, "records", (int64_t)rows->n);
}

static int expect_contact(struct look *l)
{
	struct str given = scenario_word(&l->rest);
	struct message m = {.sent_at = rehearsal_now_ms(l->rehearsal)};
	struct context c = {0};
	struct context_query q = {
		.message = &m, .now_ms = rehearsal_now_ms(l->rehearsal)};
	struct consent_rows consent;
	struct phone phone;
	struct jdoc *fields;
	int rc;

	if (phone_parse(given, &phone) != 0)
		return err_set(l->err, "expect contact PHONE key=value");
	m.from = str_of(phone.z);
	if (context_load(rehearsal_store(l->rehearsal), &q, l->arena, &c) !=
			0 ||
		consent_of(rehearsal_store(l->rehearsal), m.from, l->arena,
			&consent) != 0)
		return store_fault(l);
	fields = jdoc_object();
	set_consent(fields, &consent);
	jdoc_set(fields, "opted_out", jdoc_new_bool(c.opted_out));
	jdoc_set(fields, "known", jdoc_new_bool(c.sender_known));
	jdoc_set_str(fields, "language", c.language);
	rc = compare(l, fields);
	jdoc_free(fields);
	return rc;
}

static void set_votes(struct jdoc *fields, const struct vote_result *v,
	const struct vote_row *row)
{
	for (int c = 0; c < CHOICES_N; c++)
		jdoc_set_int(fields, choice_str((enum choice)c),
			v->count.remote.n[c]);
	jdoc_set_int(fields, "opinions",
		v->count.opinions.n[CHOICE_FOR] +
			v->count.opinions.n[CHOICE_AGAINST] +
			v->count.opinions.n[CHOICE_ABSTAIN]);
	jdoc_set_int(fields, "ballots", (int64_t)v->ballots);
	jdoc_set_int(fields, "denominator", v->count.denominator);
	jdoc_set_int(fields, "in_favour", v->count.in_favour);
	jdoc_set_int(fields, "twice", v->count.twice);
	jdoc_set(fields, "carried", jdoc_new_bool(v->count.carried));
	jdoc_set(fields, "holds", jdoc_new_bool(v->faults.n == 0));
	jdoc_set_str(fields, "threshold", row->item.threshold);
	jdoc_set_str(fields, "state",
		row->off                   ? STR("void")
		: row->item.closed_at != 0 ? STR("closed")
					   : STR("open"));
}

/* *ret_no: the row of an item of a meeting; NULL: none. 0 / -1. */
static int find_item(struct look *l, struct str unit, day_t day, int64_t no,
	struct vote_row **ret)
{
	struct store *s = rehearsal_store(l->rehearsal);
	struct vote_rows rows = {0};
	int64_t meeting;
	int rc = votes_meeting(s, unit, day, &meeting);

	*ret = NULL;
	if (rc > 0)
		rc = votes_of_meeting(s, meeting, l->arena, &rows);
	if (rc < 0)
		return store_fault(l);
	for (struct vote_row *v = rows.v; v < rows.v + rows.n; v++)
		if (v->item.no == no)
			*ret = v;
	return 0;
}

/* UNIT DAY ITEM for=5 against=1: valid remote ballots, whether or not
 * remote_votes_count. */
static int expect_tally(struct look *l)
{
	const struct config *cfg = rehearsal_settings(l->rehearsal)->config;
	struct str unit = scenario_word(&l->rest);
	day_t day = day_parse(scenario_word(&l->rest));
	struct vote_result result;
	struct vote_row *row;
	struct jdoc *fields;
	int64_t no;
	int rc;

	if (day == DAY_NONE || str_to_i64(scenario_word(&l->rest), &no) != 0)
		return err_set(l->err,
			"expect tally UNIT YYYY-MM-DD ITEM key=value, or "
			"none");
	if (find_item(l, unit, day, no, &row) != 0)
		return -1;
	if (row == NULL || wants_none(l))
		return (row == NULL) == wants_none(l)
			       ? 0
			       : differs(l, row == NULL ? STR("no such item")
							: STR("an item"));
	if (votes_read(rehearsal_store(l->rehearsal), row, cfg, l->arena,
		    &result) != 0)
		return store_fault(l);
	fields = jdoc_object();
	set_votes(fields, &result, row);
	rc = compare(l, fields);
	jdoc_free(fields);
	return rc;
}

static void set_if(struct jdoc *fields, const char *key, struct str value)
{
	if (value.p != NULL)
		jdoc_set_str(fields, key, value);
}

static int expect_unit(struct look *l)
{
	struct str code = scenario_word(&l->rest);
	struct lineage_unit u;
	struct jdoc *fields;
	int rc =
		lineage_unit(rehearsal_store(l->rehearsal), code, l->arena, &u);

	if (rc < 0)
		return store_fault(l);
	if (rc == 0 || wants_none(l))
		return (rc == 0) == wants_none(l)
			       ? 0
			       : differs(l, rc == 0 ? STR("no such unit")
						    : STR("a unit"));
	fields = jdoc_object();
	set_if(fields, "name", u.name);
	set_if(fields, "parent", u.parent);
	set_if(fields, "heir", u.heir);
	set_if(fields, "valid_from", u.valid_from);
	set_if(fields, "valid_to", u.valid_to);
	rc = compare(l, fields);
	jdoc_free(fields);
	return rc;
}

/* PHONE held=1 failed=0: texts of each state that stay until a person looks. */
static int expect_queue(struct look *l)
{
	static const enum outbox_state states[] = {OUTBOX_QUEUED, OUTBOX_HELD,
		OUTBOX_FAILED, OUTBOX_EXPIRED, OUTBOX_UNSURE};
	struct queue_filter f = {.lane = {NULL, 0}};
	struct phone phone;
	struct jdoc *fields;
	int64_t n;
	int rc;

	if (phone_parse(scenario_word(&l->rest), &phone) != 0)
		return err_set(l->err, "expect queue PHONE state=count");
	f.to = str_of(phone.z);
	fields = jdoc_object();
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		f.state = states[i];
		if (queue_count(rehearsal_store(l->rehearsal), &f, &n) != 0) {
			jdoc_free(fields);
			return store_fault(l);
		}
		jdoc_set_int(fields, outbox_state_str(states[i]), n);
	}
	rc = compare(l, fields);
	jdoc_free(fields);
	return rc;
}

int scenario_expect(struct rehearsal *r, struct str line, struct arena *a,
	struct str *ret, struct err *err)
{
	static const struct {
		const char *name;
		int (*expect)(struct look *l);
	} subject[] = {
		{"meeting", expect_meeting},
		{"contact", expect_contact},
		{"roll", expect_roll},
		{"member", expect_member},
		{"answer", expect_answer},
		{"tally", expect_tally},
		{"unit", expect_unit},
		{"queue", expect_queue},
	};
	struct look l = {.rehearsal = r,
		.arena = a,
		.line = line,
		.rest = line,
		.ret = ret,
		.err = err};
	struct str name = scenario_word(&l.rest);

	for (size_t i = 0; i < sizeof(subject) / sizeof(subject[0]); i++)
		if (str_is(name, subject[i].name))
			return subject[i].expect(&l);
	return err_set(err,
		"nothing is known of '" STR_FMT
		"' in this version; expect meeting, roll, member, answer, "
		"tally, unit, queue or contact",
		STR_ARG(name));
}
