/*
 * parse_people - how was this text read, in words?
 *
 * From the outside in: the letters, what the patterns saw, which rule won,
 * the characters behind each field, what was checked against what is known,
 * the problem in a sentence, the reply and what it costs. Only prints; a rule
 * author's or a technician's terminal.
 */
#include "gateway/commands/parse_people.h"

#include "parsers/segment.h"

#define DAYS_IN_WEEK 7

/* What a question is about; the codes are those of the language notes. */
static const char *const problem_text[PROBLEM_N] = {
	[PROBLEM_SUM_MISMATCH] = "the figures do not add up",
	[PROBLEM_PRESENT_GT_TOTAL] = "more present than there are in all",
	[PROBLEM_ROSTER_MISMATCH] = "the total is not that of the roll",
	[PROBLEM_MISSING_UNIT] = "it does not say which unit",
	[PROBLEM_MISSING_PRESENT] = "it does not say how many were present",
	[PROBLEM_MISSING_DATE] = "it does not say which day",
	[PROBLEM_MISSING_ABSENCE_SPLIT] =
		"it does not say how many were excused",
	[PROBLEM_MISSING_REASON] = "it gives no reason",
	[PROBLEM_MISSING_MEMBER] = "it does not say which member",
	[PROBLEM_MISSING_DEST] = "it does not say where to",
	[PROBLEM_MISSING_TIME] = "it does not say at what time",
	[PROBLEM_BAD_DATE] = "there is no such day",
	[PROBLEM_FUTURE_DATE] = "the day is too far ahead",
	[PROBLEM_OLD_DATE] = "the day is too long ago",
	[PROBLEM_LUNAR_DATE] = "the day is one of the lunar calendar",
	[PROBLEM_WEEKDAY_MISMATCH] = "weekday and date are not the same day",
	[PROBLEM_DATE_AMBIGUOUS] = "the day can be read in two ways",
	[PROBLEM_UNIT_UNKNOWN] = "there is no such unit",
	[PROBLEM_UNIT_NOT_SENDER] = "the unit is not the sender's",
	[PROBLEM_UNIT_TYPO] = "the unit's code looks misspelt",
	[PROBLEM_ALIAS_MULTI] = "several units have that name",
	[PROBLEM_JOINT_MEETING] = "one meeting of several units",
	[PROBLEM_NUMBER_RANGE] = "a figure that no hamlet can have",
	[PROBLEM_KEYWORD_TYPO] = "the keyword looks misspelt",
	[PROBLEM_SPLIT_NUMBER] = "a number is written in two pieces",
	[PROBLEM_MOJIBAKE] = "the letters arrived broken",
	[PROBLEM_COUNT_OR_NUMBER] = "a count, or a roll number?",
	[PROBLEM_DU_AMBIGUOUS] = "du: attended, or all of them?",
	[PROBLEM_MAT_AMBIGUOUS] = "mat: present, or lost?",
	[PROBLEM_VANG_AMBIGUOUS] = "vang: yes, or absent?",
	[PROBLEM_DUNG_AMBIGUOUS] = "dung: right, or stop?",
	[PROBLEM_K_AMBIGUOUS] = "k: no, thousand, or fine?",
	[PROBLEM_DEST_AMBIGUOUS] = "the place can be read in two ways",
	[PROBLEM_DOUBLE_NEGATION] = "it denies twice",
	[PROBLEM_AMBIGUOUS] = "something in it belongs to nothing",
	[PROBLEM_MEMBER_UNKNOWN] = "the unit has no such roll number",
	[PROBLEM_CONTRADICTION] = "it says two things",
	[PROBLEM_NAME_UNCLEAR] = "the name is not that of one member",
	[PROBLEM_TWO_STEP] = "so grave that it is confirmed first",
	[PROBLEM_SENDER_UNKNOWN] = "the phone is not registered",
	[PROBLEM_NOT_ALLOWED] = "the sender may not do this",
	[PROBLEM_BAD_SYNTAX] = "nothing usable behind the keyword",
};

static void print_line(FILE *to, const char *name, struct str text)
{
	fprintf(to, "%-9s " STR_FMT "\n", name, STR_ARG(text));
}

static void print_spans(const struct parse_line *p, FILE *to)
{
	for (size_t i = 0; i < p->reading.spans_n; i++) {
		const struct reading_span *s = &p->reading.spans[i];
		struct str part = str_part(p->message.text, s->at, s->n);

		fprintf(to, "  %-14s \"" STR_FMT "\" (" STR_FMT ")\n",
			field_str(s->field), STR_ARG(part), STR_ARG(s->rule));
	}
}

static void check_sum(const struct fields *f, FILE *to)
{
	int64_t v[3], sum, total = field_int(f, FIELD_TOTAL, -1);

	v[0] = field_int(f, FIELD_PRESENT, -1);
	v[1] = field_int(f, FIELD_EXCUSED, -1);
	v[2] = field_int(f, FIELD_UNEXCUSED, -1);
	if (v[0] < 0 || v[1] < 0 || v[2] < 0 || total < 0)
		return;
	sum = v[0] + v[1] + v[2];
	fprintf(to, "  sum            %lld + %lld + %lld = %lld, %s %lld\n",
		(long long)v[0], (long long)v[1], (long long)v[2],
		(long long)sum, sum == total ? "as the total" : "not",
		(long long)total);
}

static void check_day(const struct parse_line *p, FILE *to)
{
	static const char *const weekday[DAYS_IN_WEEK] = {"Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	const struct fields *f = &p->outcome.fields;
	day_t day = (day_t)field_int(f, FIELD_DATE, DAY_NONE);

	if (day == DAY_NONE)
		return;
	fprintf(to, "  day            %s, a %s; today is %s\n", day_iso(day).z,
		weekday[day_weekday(day) - 1], day_iso(p->context.today).z);
}

static void check_unit(const struct parse_line *p, FILE *to)
{
	const struct context *c = &p->context;
	const struct unit_ref *u = c->unit;
	int64_t total = field_int(&p->outcome.fields, FIELD_TOTAL, -1);

	if (!c->has_registry) {
		fputs("  unit, roll     not checked: no registry, or no "
		      "sender (--registry, --from)\n",
			to);
		return;
	}
	if (u == NULL)
		return;
	fprintf(to, "  unit           " STR_FMT " " STR_FMT ", %s\n",
		STR_ARG(u->code), STR_ARG(u->name),
		u->own        ? "the sender's own"
		: u->in_scope ? "in the sender's subtree"
			      : "not the sender's");
	if (total >= 0)
		fprintf(to, "  roll           %d, %s %lld\n", u->roll,
			u->roll == total ? "as the total" : "not",
			(long long)total);
}

static void print_problem(const struct parse_line *p, FILE *to)
{
	const struct outcome *o = &p->outcome;
	const char *text = problem_text[o->problem];

	if (!o->clarify && o->problem == PROBLEM_NONE) {
		print_line(to, "asked", STR("no"));
		return;
	}
	fprintf(to, "%-9s %s%s%s", o->clarify ? "asked" : "refused",
		problem_str(o->problem), text != NULL ? ": " : "",
		text != NULL ? text : "");
	if (p->reading.doubt.n > 0)
		fprintf(to, " (\"" STR_FMT "\")", STR_ARG(p->reading.doubt));
	fputc('\n', to);
}

static void print_reply(const struct parse_line *p, FILE *to)
{
	struct segments seg = segment_count(p->reply);

	if (p->reply.p == NULL) {
		print_line(to, "reply", STR("none"));
		return;
	}
	print_line(to, "reply", p->reply);
	fprintf(to, "          (%d segment%s, %d %s)\n", seg.n,
		seg.n == 1 ? "" : "s", seg.units,
		seg.ucs2 ? "UCS-2 units" : "GSM-7 septets");
}

void parse_people(const struct parse_line *p, FILE *to)
{
	struct jdoc *fields = fields_to_json(&p->outcome.fields);

	print_line(to, "letters", scan_marked(p->scan));
	print_line(to, "folded", scan_folded(p->scan));
	print_line(to, "symbols", scan_symbols(p->scan));
	print_line(to, "rule",
		p->reading.rule.n > 0 ? p->reading.rule : STR("none"));
	print_spans(p, to);
	print_line(to, "intent", str_of(intent_str(p->outcome.intent)));
	print_line(to, "fields", jdoc_print(fields, p->arena));
	fputs("checked\n", to);
	check_unit(p, to);
	check_day(p, to);
	check_sum(&p->outcome.fields, to);
	print_problem(p, to);
	print_reply(p, to);
	jdoc_free(fields);
}
