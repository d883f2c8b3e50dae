/*
 * tally_away - who is away, in which province, and who of the invited answered?
 *
 * away: of the roll at the end of the period (or today, when it still runs),
 * by unit and, below it, by where they went: a province, nothing nearer.
 * answered: of the members who were invited to the period's meetings, each
 * once a meeting, those whose last answer is known; yes, no and remote (they
 * asked to take part from afar) are of these, others the answers of members
 * whom nobody invited by text.
 */
#include "gateway/store/tally_parts.h"

enum {
	COL_DEST = TALLY_FIRST,
	COL_AWAY,
	COL_ANSWERED,
	COL_YES,
	COL_NO,
	COL_REMOTE,
	COL_OTHERS
};

static const struct table_column columns[] = {
	TALLY_LEAD,
	[COL_DEST] = {"dest", "WHERE", TABLE_TEXT, false},
	[COL_AWAY] = {"away", "AWAY", TABLE_RATE, true},
	[COL_ANSWERED] = {"answered", "ANSWERED", TABLE_RATE, true},
	[COL_YES] = {"yes", "YES", TABLE_COUNT, true},
	[COL_NO] = {"no", "NO", TABLE_COUNT, true},
	[COL_REMOTE] = {"remote", "REMOTE", TABLE_COUNT, true},
	[COL_OTHERS] = {"others", "OTHERS", TABLE_COUNT, true},
};

const struct tally_shape tally_away_shape = {
	.title = "Members away and invitations",
	.columns = columns,
	.columns_n = sizeof(columns) / sizeof(columns[0]),
	.line = "unit",
	.keyed = "dest",
	.keyed_of_all = true,
};

/* What a unit's members were asked and said. */
struct answers {
	int64_t invited, answered, yes, no, remote, others;
};

enum { I_UNIT, I_INVITED, I_ANSWERED, I_YES, I_NO, I_REMOTE, I_OTHERS };

static int read_answers(struct tally_work *w, struct answers *units)
{
	struct sql_run q = sql_start(w->s, SQL_TALLY_ANSWERS);
	int rc;

	tally_bind_period(w, &q);
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(w, sql_get_int(&q, I_UNIT));

		if (at == TALLY_NO_UNIT)
			continue;
		units[at] = (struct answers){
			.invited = sql_get_int(&q, I_INVITED),
			.answered = sql_get_int(&q, I_ANSWERED),
			.yes = sql_get_int(&q, I_YES),
			.no = sql_get_int(&q, I_NO),
			.remote = sql_get_int(&q, I_REMOTE),
			.others = sql_get_int(&q, I_OTHERS),
		};
	}
	return rc;
}

static void put_dests(struct tally_work *w, size_t unit,
	const struct tally_roll_day *d, int64_t roll)
{
	for (size_t i = 0; i < d->dests_n; i++) {
		struct str name = d->dests[i].name;
		struct table_cell *v;

		if (d->dests[i].n <= 0)
			continue;
		name = name.n > 0 ? name : STR("-");
		v = tally_add(w, unit,
			d->dests[i].key.n > 0 ? d->dests[i].key : name);
		v[COL_DEST] = table_text(name);
		v[COL_AWAY] = table_rate(d->dests[i].n, roll);
	}
}

static void put(struct tally_work *w, size_t unit,
	const struct tally_roll_day *d, const struct answers *a)
{
	int64_t roll =
		d->n[TALLY_ACTIVE] + d->n[TALLY_GONE] + d->n[TALLY_EXEMPT];
	struct table_cell *v;

	if (roll == 0 && a->invited == 0 && a->others == 0)
		return;
	v = tally_add(w, unit, (struct str){NULL, 0});
	v[COL_AWAY] = table_rate(d->n[TALLY_GONE], roll);
	v[COL_ANSWERED] = table_rate(a->answered, a->invited);
	v[COL_YES] = table_count(a->yes);
	v[COL_NO] = table_count(a->no);
	v[COL_REMOTE] = table_count(a->remote);
	v[COL_OTHERS] = table_count(a->others);
	put_dests(w, unit, d, roll);
}

int tally_away(struct tally_work *w)
{
	day_t on = w->ask->to < w->as_of ? w->ask->to : w->as_of;
	const struct tally_roll *roll = tally_roll_load(w, on);
	struct answers *answers =
		ARENA_ARRAY(w->arena, struct answers, w->units_n);
	struct tally_roll_day d;

	if (roll == NULL || read_answers(w, answers) < 0)
		return -1;
	for (size_t i = 0; i < w->units_n; i++) {
		d = (struct tally_roll_day){0};
		if (tally_unit_is_there(&w->units[i], on))
			tally_roll_at(roll, i, on, &d);
		put(w, i, &d, &answers[i]);
	}
	return 0;
}
