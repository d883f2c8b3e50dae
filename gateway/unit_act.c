/*
 * unit_act - a change of units is asked for: now, or on its day?
 *
 * Joins the store's change with what the gateway does by itself: meetings are
 * planned anew, the calendar learns of new units, secretaries are told the
 * code that is theirs from now on. One of a later day waits as an errand.
 * Writer thread.
 */
#include "gateway/unit_act.h"

static int64_t morning(const struct errands_input *in, day_t day)
{
	return day_to_ms(day, 0, (int)in->settings->config->utc_offset * 60);
}

static int plan_later(struct store *s, const struct errands_input *in,
	const struct unit_change *c, int64_t id)
{
	struct errand e = {
		.kind = ERRAND_UNIT_CHANGE,
		.run_id = arena_printf(
			in->arena, "unit_change:c%lld", (long long)id),
		.due_at = morning(in, c->on),
		.subject = id,
	};

	return errand_put(s, &e);
}

static int plan_meetings(struct store *s, const struct errands_input *in,
	const struct unit_changed *done)
{
	for (size_t i = 0; i < done->meetings_n; i++) {
		struct apply_touched one = {.n = 1};
		bool planned;

		one.v[0].kind = RECORD_ANNOUNCED;
		one.v[0].id = done->meetings[i];
		if (errands_after(s, in, &one, &planned) != 0)
			return -1;
	}
	return 0;
}

/* Who has come to a unit by the change hears of what is planned there. */
static int plan_invitations(struct store *s, const struct errands_input *in,
	const struct unit_changed *done)
{
	struct str why =
		arena_printf(in->arena, "u%lld", (long long)done->change_id);

	for (size_t i = 0; i < done->units_n; i++)
		if (errands_invite_newcomers(s, in, done->units[i], why) != 0)
			return -1;
	return 0;
}

/* The secretaries of the units that go on. */
static int plan_telling(struct store *s, const struct errands_input *in,
	const struct unit_changed *done)
{
	for (size_t i = 0; i < done->units_n; i++) {
		struct errand e = {
			.kind = ERRAND_UNIT_TOLD,
			.run_id =
				arena_printf(in->arena, "unit_told:c%lld:u%lld",
					(long long)done->change_id,
					(long long)done->units[i]),
			.due_at = in->now_ms,
			.unit_id = done->units[i],
			.subject = done->change_id,
		};

		if (errand_put(s, &e) < 0)
			return -1;
	}
	return 0;
}

static int follow(struct store *s, const struct errands_input *in,
	const struct unit_change *c, const struct unit_changed *done)
{
	if (plan_meetings(s, in, done) != 0 || errands_start(s, in) != 0)
		return -1;
	if (c->kind == UNIT_MOVE)
		return 0;
	return plan_invitations(s, in, done) != 0 ? -1
						  : plan_telling(s, in, done);
}

int unit_act_row(struct store *s, const struct errands_input *in,
	const struct unit_change_run *r, struct unit_changed *ret,
	struct err *why)
{
	int rc = unit_change_do(s, r, ret, why);

	if (rc != 0)
		return rc;
	if (unit_change_end(s, r->id, NULL, in->now_ms) < 0)
		return -1;
	return follow(s, in, r->change, ret);
}

int unit_act_now(struct store *s, const struct errands_input *in,
	const struct unit_change *c, struct unit_changed *ret, struct err *why)
{
	struct unit_change_run r = {
		.change = c, .now_ms = in->now_ms, .arena = in->arena};

	if (unit_change_put(s, c, in->now_ms, in->arena, &r.id) < 0)
		return -1;
	return unit_act_row(s, in, &r, ret, why);
}

int unit_act(struct store *s, const struct errands_input *in,
	const struct unit_change *c, struct unit_changed *ret, struct err *why)
{
	int64_t id;

	if (morning(in, c->on) <= in->now_ms)
		return unit_act_now(s, in, c, ret, why);
	*ret = (struct unit_changed){0};
	if (unit_change_put(s, c, in->now_ms, in->arena, &id) < 0)
		return -1;
	ret->change_id = id;
	return plan_later(s, in, c, id);
}
