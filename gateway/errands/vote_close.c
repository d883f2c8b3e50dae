/*
 * vote_close - is the voting on an item over?
 *
 * A little after its closing, so that what was sent in time has arrived, an
 * item is closed and sealed. Until then each ballot goes by the clock, so a
 * late errand lets nobody vote late. Sends nothing. Writer thread.
 */
#include "gateway/errands/kinds.h"

#include "gateway/store/votes.h"

int errand_vote_close(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct vote_row row;
	int rc = votes_row(r->s, e->subject, r->in->arena, &row);

	if (rc < 0)
		return -1;
	if (rc == 0 || row.item.closed_at != 0 || row.late_to == 0 ||
		row.late_to > r->in->now_ms) {
		*why = "closed already, or moved";
		return 0;
	}
	return votes_close(
		r->s, row.item.id, r->in->now_ms, false, r->in->arena);
}

static int plan(struct store *s, const struct errands_input *in,
	const struct vote_row *row)
{
	struct errand e = {
		.kind = ERRAND_VOTE_CLOSE,
		.run_id = arena_printf(in->arena, "%s:i%lld:%lld",
			errand_kind_str(ERRAND_VOTE_CLOSE),
			(long long)row->item.id, (long long)row->late_to),
		.due_at = row->late_to,
		.unit_id = row->unit_id,
		.subject = row->item.id,
	};
	struct errand_plan plan = {
		.kind = e.kind,
		.subject = e.subject,
		.v = &e,
		.n = row->item.closed_at == 0 && row->late_to != 0,
	};

	return errand_replan(s, &plan);
}

int errands_plan_votes(
	struct store *s, const struct errands_input *in, int64_t meeting_id)
{
	struct vote_rows rows;

	if (votes_of_meeting(s, meeting_id, in->arena, &rows) != 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++)
		if (plan(s, in, &rows.v[i]) != 0)
			return -1;
	return 0;
}
