/*
 * read_answer - what an answer and its question say together.
 *
 * What the question knew stays below what the answer says. A doubt is over
 * only when the answer speaks of what was doubted: a unit does not tell which
 * province was meant, and "VK2" is no word on a day. Else the same question
 * stands, and the answer counts as none. Only reports are put together from
 * figures; to what else is asked, figures are no answer at all. Pure.
 */
#include "parsers/read_parts.h"

static bool has_any(const struct fields *f, const enum field *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (field_has(f, v[i]))
			return true;
	return false;
}

static bool has_figure(const struct fields *f)
{
	static const enum field v[] = {FIELD_TOTAL, FIELD_PRESENT,
		FIELD_EXCUSED, FIELD_UNEXCUSED, FIELD_ABSENT, FIELD_EXEMPT,
		FIELD_VOTE_FOR, FIELD_VOTE_AGAINST, FIELD_VOTE_ABSTAIN};

	return has_any(f, v, sizeof(v) / sizeof(v[0]));
}

static bool has_member(const struct fields *f)
{
	static const enum field v[] = {
		FIELD_MEMBER, FIELD_MEMBERS, FIELD_NAME, FIELD_COUNT};

	return has_any(f, v, sizeof(v) / sizeof(v[0]));
}

static bool is_of_figures(enum intent i)
{
	return i == INTENT_MEETING_REPORT || i == INTENT_CORRECTION;
}

/* Does it say what was asked, where what was read cannot show it? */
static bool settles(const struct pending *q, const struct fields *answer)
{
	switch (q->problem) {
	case PROBLEM_MISSING_DATE:
	case PROBLEM_BAD_DATE:
	case PROBLEM_FUTURE_DATE:
	case PROBLEM_OLD_DATE:
	case PROBLEM_LUNAR_DATE:
	case PROBLEM_WEEKDAY_MISMATCH:
	case PROBLEM_DATE_AMBIGUOUS:
		return field_has(answer, FIELD_DATE);
	case PROBLEM_MISSING_UNIT:
	case PROBLEM_UNIT_UNKNOWN:
	case PROBLEM_UNIT_NOT_SENDER:
	case PROBLEM_UNIT_TYPO:
	case PROBLEM_ALIAS_MULTI:
		return field_has(answer, FIELD_UNIT);
	case PROBLEM_MISSING_DEST:
	case PROBLEM_DEST_AMBIGUOUS:
		return field_has(answer, FIELD_DEST);
	case PROBLEM_MISSING_TIME:
		return field_has(answer, FIELD_TIME);
	case PROBLEM_MISSING_REASON:
		return field_has(answer, FIELD_REASON);
	case PROBLEM_MISSING_MEMBER:
	case PROBLEM_MEMBER_UNKNOWN:
	case PROBLEM_NAME_UNCLEAR:
		return has_member(answer);
	case PROBLEM_MAT_AMBIGUOUS:
		return field_has(answer, FIELD_STATUS);
	case PROBLEM_CONTRADICTION:
	case PROBLEM_AMBIGUOUS:
		return q->intent == INTENT_MEETING_REPORT &&
		       (field_has(answer, FIELD_PRESENT) ||
			       field_has(answer, FIELD_TOTAL) ||
			       (field_has(answer, FIELD_DATE) &&
				       !field_has(q->partial, FIELD_DATE)));
	case PROBLEM_MISSING_PRESENT:
	case PROBLEM_MISSING_ABSENCE_SPLIT: /* the figures will show it */
		return is_of_figures(q->intent);
	case PROBLEM_NONE: /* `parse` may be given no more than the record */
		return true;
	default:
		return q->intent == INTENT_CORRECTION ||
		       (q->intent == INTENT_MEETING_REPORT &&
			       has_figure(answer));
	}
}

/* Nothing but what was asked for is taken into what is no report. */
static bool fits(const struct pending *q, const struct fields *answer)
{
	return is_of_figures(q->intent) ||
	       (!has_figure(answer) && settles(q, answer));
}

static void put_together(struct reader *x, const struct fields *answer)
{
	struct fields *f = &x->r->fields;

	for (int i = 0; i < FIELD_N; i++) {
		if (!field_has(answer, (enum field)i))
			continue;
		f->v[i] = answer->v[i];
		f->has[i / 64] |= UINT64_C(1) << (i % 64);
	}
	if (field_has(answer, FIELD_UNIT))
		field_drop(f, FIELD_UNIT_RAW);
}

void read_answer(struct reader *x)
{
	const struct pending *q = &x->context->pending[0];
	struct fields answer = x->r->fields, said = answer;

	if (q->partial == NULL)
		return;
	/* Bare figures find their places later, see read_figures. */
	if (x->list_n > 2)
		field_set_int(&said, FIELD_PRESENT, 0);
	else if (x->list_n > 0 || x->p >= 0)
		field_set_int(&said, FIELD_ABSENT, 0);
	x->r->answered = true;
	x->r->intent = q->intent;
	x->r->fields = *q->partial;
	if (fits(q, &said)) {
		put_together(x, &answer);
	} else {
		x->list_n = 0;
		x->p = -1;
		x->r->problem = PROBLEM_NONE;
		reader_problem(x,
			q->problem != PROBLEM_NONE ? q->problem
						   : PROBLEM_AMBIGUOUS,
			STR(""));
	}
	if (!settles(q, &said))
		reader_problem(x, q->problem, STR(""));
}
