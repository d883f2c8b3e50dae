/*
 * agenda_member - when is a secretary reminded of a member?
 *
 * Who goes away, or is transferred for a time, is asked about in the month of
 * the return that was said; a
 * temporary exemption and a probation are brought up when they are over. The
 * next change of a member puts an end to what the one before had planned.
 * Pure.
 */
#include "handlers/agenda_member.h"

#include "handlers/workdays.h"

static const struct rule {
	const char *event, *or_event;
	enum errand_kind kind;
} starts[] = {
	{"away", "temp_transfer_out", ERRAND_AWAY_BACK},
	{"temp_exempt", NULL, ERRAND_EXEMPT_END},
	{"admitted", NULL, ERRAND_PROBATION_DUE},
};

static bool starts_by(const struct rule *r, struct str event)
{
	return str_is(event, r->event) ||
	       (r->or_event != NULL && str_is(event, r->or_event));
}

/* A phone is nobody's standing; who is away or exempt may be on probation. */
static bool ends(enum errand_kind kind, struct str event)
{
	if (str_is(event, "phone") || str_is(event, "lapse_reported"))
		return false;
	/* Who is exempt may go away, and is exempt all the same. */
	if (kind == ERRAND_EXEMPT_END && str_is(event, "away"))
		return false;
	if (kind != ERRAND_PROBATION_DUE)
		return !str_is(event, "admitted") && !str_is(event, "official");
	return !str_is(event, "away") && !str_is(event, "returned") &&
	       !str_is(event, "temp_exempt") && !str_is(event, "exempt");
}

static int64_t months_of(
	enum errand_kind kind, const struct fields *f, const struct config *c)
{
	switch (kind) {
	case ERRAND_AWAY_BACK:
		return field_int(f, FIELD_MONTHS, c->members.back_months);
	case ERRAND_EXEMPT_END:
		return field_int(f, FIELD_MONTHS, c->members.exempt_months);
	default:
		return c->members.probation_months;
	}
}

static day_t first_day(const struct agenda_member *m)
{
	int64_t said = field_int(m->fields, FIELD_DATE, m->said_on);

	return (day_t)field_int(m->fields, FIELD_SINCE, said);
}

void agenda_of_member(const struct agenda_member *m, const struct config *c,
	struct arena *a, struct agenda_member_plan v[AGENDA_MEMBER_KINDS])
{
	for (size_t i = 0; i < AGENDA_MEMBER_KINDS; i++) {
		const struct rule *r = &starts[i];
		day_t day = months_after(
			first_day(m), months_of(r->kind, m->fields, c));

		v[i] = (struct agenda_member_plan){
			.kind = r->kind,
			.due = starts_by(r, m->event),
			.touched = ends(r->kind, m->event),
			.errand = {.kind = r->kind,
				.run_id = arena_printf(a, "%s:e%lld:u%lld",
					errand_kind_str(r->kind),
					(long long)m->event_id,
					(long long)m->member_id),
				.due_at = day_to_ms(day, c->members.at,
					(int)c->utc_offset * 60),
				.unit_id = m->unit_id,
				.subject = m->member_id},
		};
		v[i].touched |= v[i].due;
	}
}
