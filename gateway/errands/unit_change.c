/*
 * unit_change - the day of a planned change of units has come.
 *
 * It is carried out as it was asked; one that cannot be done any more is
 * failed, with the reason in `bantin unit list` and in the log. Then the
 * secretaries of units with a new code are told which it is; of a unit that
 * has got none, the staff. Writer thread.
 */
#include "gateway/base/log.h"
#include "gateway/errands/kinds.h"
#include "gateway/store/lineage.h"
#include "gateway/unit_act.h"

int errand_unit_change(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct unit_change c;
	struct unit_change_run run = {
		.change = &c,
		.id = e->subject,
		.now_ms = r->in->now_ms,
		.arena = r->in->arena,
	};
	struct unit_changed done;
	struct err failed = {""};
	int rc = unit_change_planned(r->s, e->subject, r->in->arena, &c);

	if (rc == 0)
		*why = "it is no longer planned";
	if (rc <= 0)
		return rc;
	rc = unit_act_row(r->s, r->in, &run, &done, &failed);
	if (rc <= 0)
		return rc;
	*why = arena_z(r->in->arena, str_of(failed.text));
	log_warn("unit change", LOG_I("change", e->subject),
		LOG_S("failed", str_of(*why)));
	return unit_change_end(r->s, e->subject, *why, r->in->now_ms);
}

static int tell_all(struct errand_run *r, const struct errand *e,
	const struct agenda_holders *all, struct errand_text *t)
{
	for (size_t i = 0; i < all->n; i++) {
		t->to = all->v[i].phone;
		t->language = all->v[i].language;
		if (errand_send(r, e, t) != 0)
			return -1;
	}
	return 0;
}

/* Nobody speaks for the unit: staff are to name somebody. */
static int tell_staff(struct errand_run *r, const struct errand *e,
	const struct agenda_holders *all, struct errand_text *t)
{
	struct figure_chain chain;

	if (agenda_chain(r->s, e->unit_id, r->in->arena, &chain) != 0)
		return -1;
	t->reply.key = "unit_no_secretary";
	reply_arg(&t->reply, "unit", chain.n > 0 ? chain.v[0] : STR("?"));
	return tell_all(r, e, all, t);
}

int errand_unit_told(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_DEPUTY,
		.on = r->today,
	};
	struct errand_text t = {
		.reply = {.key = "unit_changed"},
		.lane = "urgent",
		.duty = true,
		.valid_until = r->in->now_ms + 3 * INT64_C(86400000),
	};
	struct agenda_holders all;
	struct lineage_names names;

	if (lineage_names(r->s, e->subject, e->unit_id, r->in->arena, &names) <
			0 ||
		agenda_holders_or_staff(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	if (all.unit_id != e->unit_id)
		return tell_staff(r, e, &all, &t);
	if (names.before.n == 0) {
		*why = "no code has changed";
		return 0;
	}
	reply_arg(&t.reply, "unit", names.code);
	reply_arg(&t.reply, "before", names.before);
	reply_arg(&t.reply, "date",
		arena_str(r->in->arena, str_of(day_short(names.on).z)));
	return tell_all(r, e, &all, &t);
}
