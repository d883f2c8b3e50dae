/*
 * tally_votes - what was put to the vote, and what came of it?
 *
 * A line an item, counted anew from its chain of ballots; the room's votes and
 * the remote ones stand apart. A ballot that was changed, taken out or put in
 * by hand is not counted, and is named beside the report.
 */
#include "gateway/store/tally_parts.h"
#include "gateway/store/votes.h"

enum {
	COL_ON = TALLY_FIRST,
	COL_ITEM,
	COL_STATE,
	COL_ROOM,
	COL_REMOTE = COL_ROOM + CHOICES_N,
	COL_OPINIONS = COL_REMOTE + CHOICES_N,
	COL_SHARE,
	COL_NEEDED,
	COL_CARRIED,
	COL_BALLOTS,
	COL_CHAIN
};

static const struct table_column columns[] = {
	TALLY_LEAD,
	[COL_ON] = {"meeting", "MEETING", TABLE_TEXT, false},
	[COL_ITEM] = {"item", "ITEM", TABLE_COUNT, false},
	[COL_STATE] = {"state", "STATE", TABLE_TEXT, false},
	[COL_ROOM] = {"room_for", "ROOM+", TABLE_COUNT, false},
	{"room_against", "ROOM-", TABLE_COUNT, false},
	{"room_abstain", "ROOM0", TABLE_COUNT, false},
	[COL_REMOTE] = {"remote_for", "REM+", TABLE_COUNT, false},
	{"remote_against", "REM-", TABLE_COUNT, false},
	{"remote_abstain", "REM0", TABLE_COUNT, false},
	[COL_OPINIONS] = {"opinions", "OPIN", TABLE_COUNT, false},
	[COL_SHARE] = {"share", "SHARE", TABLE_RATE, false},
	[COL_NEEDED] = {"needed", "NEEDED", TABLE_TEXT, false},
	[COL_CARRIED] = {"result", "RESULT", TABLE_TEXT, false},
	[COL_BALLOTS] = {"ballots", "BALLOTS", TABLE_COUNT, true},
	[COL_CHAIN] = {"chain", "CHAIN", TABLE_TEXT, false},
};

const struct tally_shape tally_votes_shape = {
	.title = "Votes",
	.columns = columns,
	.columns_n = sizeof(columns) / sizeof(columns[0]),
	.line = "item",
};

static struct str month(const struct tally_work *w, day_t day)
{
	struct ymd d = day_ymd(day);

	return arena_printf(w->arena, "%04d-%02d", d.y, d.m);
}

static void fill_votes(struct table_cell *v, const struct ballot_count *c)
{
	int opinions = 0;

	for (int i = 0; i < CHOICES_N; i++) {
		if (c->room_known)
			v[COL_ROOM + i] = table_count(c->room.n[i]);
		v[COL_REMOTE + i] = table_count(c->remote.n[i]);
		opinions += c->opinions.n[i];
	}
	v[COL_OPINIONS] = table_count(opinions);
	if (!c->room_known)
		return;
	v[COL_SHARE] = table_rate(c->in_favour, c->denominator);
	v[COL_CARRIED] =
		table_text(c->carried ? STR("carried") : STR("not carried"));
}

static void name_fault(struct tally_work *w, struct str what)
{
	w->faults =
		rows_more(w->arena, w->faults, w->faults_n, sizeof(*w->faults));
	w->faults[w->faults_n++] = what;
}

static void name_faults(struct tally_work *w, const struct vote_row *row,
	const struct ballot_faults *f)
{
	struct day_text day = {"no day yet"};

	if (row->day != DAY_NONE)
		day = day_iso(row->day);
	for (size_t i = 0; i < f->n; i++) {
		struct str what = str_of(f->v[i].what);

		if (f->v[i].seq != 0)
			what = arena_printf(w->arena,
				"ballot %d of member %d was %s", f->v[i].seq,
				f->v[i].member_no, f->v[i].what);
		name_fault(
			w, arena_printf(w->arena, STR_FMT " %s BQ%d: " STR_FMT,
				   STR_ARG(row->unit), day.z, row->item.no,
				   STR_ARG(what)));
	}
}

static int name_lost(struct tally_work *w, const struct str *months)
{
	struct vote_losses all;
	struct day_text day;

	if (votes_lost(w->s, months, w->arena, &all) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		const struct vote_lost *l = &all.v[i];

		if (l->unit.n > 0 &&
			tally_unit_at(w, l->unit_id) == TALLY_NO_UNIT)
			continue;
		day = (struct day_text){"no day yet"};
		if (l->day != DAY_NONE)
			day = day_iso(l->day);
		name_fault(w,
			l->unit.n > 0
				? arena_printf(w->arena,
					  STR_FMT " %s BQ%lld: the item was "
						  "taken out, %lld ballots of "
						  "it are left",
					  STR_ARG(l->unit), day.z,
					  (long long)l->item,
					  (long long)l->ballots)
				: arena_printf(w->arena,
					  "item %lld was taken out, with all "
					  "its ballots",
					  (long long)l->item));
	}
	return 0;
}

static int add(struct tally_work *w, struct vote_row *row, size_t unit)
{
	struct vote_result r;
	struct table_cell *v;

	if (votes_read(w->s, row, w->ask->config, w->arena, &r) < 0)
		return -1;
	v = tally_add(w, unit, (struct str){NULL, 0});
	v[COL_ON] = tally_day_cell(w, row->day);
	v[COL_ITEM] = table_count(row->item.no);
	v[COL_STATE] = table_text(row->off                   ? STR("void")
				  : row->item.closed_at != 0 ? STR("closed")
							     : STR("open"));
	fill_votes(v, &r.count);
	v[COL_NEEDED] =
		table_text(str_is(row->item.threshold, "2/3") ? STR(">=2/3")
							      : STR(">1/2"));
	v[COL_BALLOTS] = table_count((int64_t)r.ballots);
	v[COL_CHAIN] =
		table_text(r.faults.n == 0 ? STR("holds") : STR("BROKEN"));
	name_faults(w, row, &r.faults);
	return 0;
}

int tally_votes(struct tally_work *w)
{
	struct str months[2] = {month(w, w->ask->from), month(w, w->ask->to)};
	struct vote_rows rows;

	if (votes_of_unit(w->s, 0, months, w->arena, &rows) < 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++) {
		size_t unit = tally_unit_at(w, rows.v[i].unit_id);

		if (unit != TALLY_NO_UNIT && add(w, &rows.v[i], unit) < 0)
			return -1;
	}
	return name_lost(w, months);
}
