/*
 * tally_ind_records - what do the records of a period come to?
 *
 * What another report counts is taken from its lines, so that the two never
 * tell different figures; the rest is counted here: scores and guests of
 * meetings, ballots, admissions, candidates and tasks.
 */
#include "gateway/store/report.h"
#include "gateway/store/tally_indicators.h"

/* ---- lines of other reports ---- */

static size_t column(const struct tally_shape *shape, const char *name)
{
	size_t i = TALLY_FIRST;

	while (strcmp(shape->columns[i].name, name) != 0)
		i++;
	return i;
}

static void sum_column(struct counting *c, const struct tally_work *k,
	const char *name, enum indicator i)
{
	size_t col = column(k->shape, name);
	bool rate = k->shape->columns[col].type == TABLE_RATE;

	for (size_t l = 0; l < k->lines_n; l++) {
		const struct table_cell *v = &k->lines[l].cells[col];

		if (k->lines[l].key.p == NULL && v->known)
			indicator_add(c, i, v->n, rate ? v->d : 0);
	}
}

/* The report's own work, with lines of its own. */
static int count_kind(const struct counting *c, tally_fn *count,
	const struct tally_shape *shape, struct tally_work *ret)
{
	*ret = *c->w;
	ret->shape = shape;
	ret->lines = NULL;
	ret->lines_n = 0;
	return count(ret);
}

static int of_meetings(struct counting *c)
{
	const struct tally_shape *shape = &tally_meetings_shape;
	size_t period = column(shape, "period"),
	       held = column(shape, "held_on");
	size_t came = column(shape, "reported_on"), met = column(shape, "met");
	struct tally_work k;

	if (count_kind(c, tally_meetings, shape, &k) < 0)
		return -1;
	sum_column(c, &k, "met", IND_MET);
	sum_column(c, &k, "on_time", IND_REPORTS_IN_TIME);
	for (size_t i = 0; i < k.lines_n; i++) {
		const struct table_cell *v = k.lines[i].cells;
		bool in_month = str_starts(v[held].text, v[period].text);

		if (v[met].known)
			indicator_add(c, IND_MET_ON_TIME,
				v[met].n != 0 && in_month, v[met].d);
		if (v[held].known && v[came].known)
			indicator_add(c, IND_REPORT_DELAY,
				day_parse(v[came].text) -
					day_parse(v[held].text),
				1);
	}
	return 0;
}

static int of_reports(struct counting *c)
{
	static const struct {
		tally_fn *count;
		const struct tally_shape *shape;
		const char *column;
		enum indicator indicator;
	} of[] = {
		{tally_attendance, &tally_attendance_shape, "gross",
			IND_ATTENDANCE_GROSS},
		{NULL, NULL, "net", IND_ATTENDANCE_NET},
		{NULL, NULL, "home", IND_ATTENDANCE_HOME},
		{NULL, NULL, "units_unexcused", IND_UNEXCUSED},
		{tally_away, &tally_away_shape, "answered", IND_ANSWERED},
		{tally_opinions, &tally_opinions_shape, "answered",
			IND_OPINIONS_ANSWERED},
		{tally_traffic, &tally_traffic_shape, "parsed", IND_PARSED},
		{NULL, NULL, "clarified", IND_CLARIFIED},
		{NULL, NULL, "corrected", IND_CORRECTED},
		{NULL, NULL, "segments", IND_SEGMENTS},
		{NULL, NULL, "cost", IND_COST},
	};
	struct tally_work k;

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		if (of[i].count != NULL &&
			count_kind(c, of[i].count, of[i].shape, &k) < 0)
			return -1;
		sum_column(c, &k, of[i].column, of[i].indicator);
	}
	if (c->w->ask->config->cost_per_segment <= 0)
		c->v[IND_COST] = (struct indicator_value){
			.note = STR("cost.per_segment is not set")};
	return 0;
}

/* ---- scores and guests ---- */

static void count_score(
	struct counting *c, size_t unit, day_t on, int64_t score)
{
	static const enum figure steps[] = {
		FIGURE_SCORE_GOOD, FIGURE_SCORE_FAIR, FIGURE_SCORE_AVERAGE};
	const struct tally_unit *u = &c->w->units[unit];
	int64_t from;
	int class = 0;

	while (class < 3 && (!figure_get(c->w->ask->config, steps[class],
				     &u->chain, on, &from) ||
				    score < from))
		class ++;
	for (int i = 0; i < 4; i++)
		indicator_add(
			c, IND_SCORE_GOOD + (enum indicator)i, i == class, 1);
}

static int of_scores(struct counting *c)
{
	enum { M_UNIT, M_HELD, M_UPPER, M_SCORE };
	struct sql_run q = sql_start(c->w->s, SQL_IND_MEETINGS);
	int rc;

	tally_bind_period(c->w, &q);
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(c->w, sql_get_int(&q, M_UNIT));
		bool upper = !sql_is_null(&q, M_UPPER);
		bool score = !sql_is_null(&q, M_SCORE);

		if (at == TALLY_NO_UNIT)
			continue;
		for (int i = IND_UPPER_ATTENDED; i <= IND_SCORE_POOR; i++) {
			c->v[i].of++;
			c->v[i].unknown +=
				i == IND_UPPER_ATTENDED ? !upper : !score;
		}
		if (upper)
			indicator_add(c, IND_UPPER_ATTENDED,
				sql_get_int(&q, M_UPPER) > 0, 1);
		if (score)
			count_score(c, at, tally_day(&q, M_HELD),
				sql_get_int(&q, M_SCORE));
	}
	return rc;
}

/* ---- votes ---- */

static int of_votes(struct counting *c, enum sql id, bool voted)
{
	struct sql_run q = sql_start(c->w->s, id);
	int rc;

	tally_bind_period(c->w, &q);
	while ((rc = sql_next(&q)) > 0) {
		bool votes = str_is(sql_peek(&q, 1), "official");
		int64_t n = sql_get_int(&q, 2);

		if (tally_unit_at(c->w, sql_get_int(&q, 0)) != TALLY_NO_UNIT)
			indicator_add(c,
				votes ? IND_REMOTE_VOTES : IND_REMOTE_OPINIONS,
				voted ? n : 0, voted ? 0 : n);
	}
	return rc;
}

/* ---- people ---- */

static int of_admissions(struct counting *c)
{
	struct sql_run q = sql_start(c->w->s, SQL_IND_ADMITTED);
	int rc;

	tally_bind_instants(c->w, &q);
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(c->w, sql_get_int(&q, 0));
		struct fields f = {.has = {0}};
		int64_t n;

		if (at == TALLY_NO_UNIT)
			continue;
		if (!sql_is_null(&q, 1) && report_json(c->w->s, sql_peek(&q, 1),
						   c->w->arena, &f) < 0) {
			sql_stop(&q);
			return -1;
		}
		n = field_int(&f, FIELD_COUNT, 1);
		indicator_add(c, IND_ADMISSIONS, n, 0);
		indicator_add(c, IND_ADMITTED_IN_HAMLETS,
			c->units[at].is == CLASS_HAMLET ? n : 0, n);
	}
	return rc;
}

/* One on a unit's list, as the rows so far tell. */
struct candidate {
	size_t unit;
	int64_t unit_id, no;
	enum indicator step;
	bool helped;
};

static enum indicator step_of(struct str s, enum indicator before)
{
	static const struct {
		const char *step;
		enum indicator is;
	} steps[] = {
		{"listed", IND_CANDIDATES_LISTED},
		{"class_started", IND_CANDIDATES_STARTED},
		{"class_done", IND_CANDIDATES_DONE},
		{"blocked", IND_CANDIDATES_BLOCKED},
		{"admitted", IND_CANDIDATES_ADMITTED},
		{"dropped", IND_CANDIDATES_DROPPED},
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (str_is(s, steps[i].step))
			return steps[i].is;
	return before; /* who helps is no step */
}

/* Of those who may still be admitted, how many have a helper. */
static void count_candidate(struct counting *c, const struct candidate *d)
{
	bool open = d->step != IND_CANDIDATES_ADMITTED &&
		    d->step != IND_CANDIDATES_DROPPED;

	if (d->unit_id == 0 || d->unit == TALLY_NO_UNIT)
		return;
	for (int i = IND_CANDIDATES_LISTED; i <= IND_CANDIDATES_DROPPED; i++)
		indicator_add(
			c, (enum indicator)i, d->step == (enum indicator)i, 1);
	if (open)
		indicator_add(c, IND_CANDIDATES_HELPED, d->helped, 1);
}

static int of_candidates(struct counting *c)
{
	struct sql_run q = sql_start(c->w->s, SQL_IND_CANDIDATES);
	struct candidate d = {0};
	int rc;

	sql_int(&q, day_to_ms(c->on + 1, 0, c->w->offset_min));
	while ((rc = sql_next(&q)) > 0) {
		int64_t unit_id = sql_get_int(&q, 0), no = sql_get_int(&q, 1);

		if (unit_id != d.unit_id || no != d.no) {
			count_candidate(c, &d);
			d = (struct candidate){
				.unit = tally_unit_at(c->w, unit_id),
				.unit_id = unit_id,
				.no = no,
				.step = IND_CANDIDATES_LISTED};
		}
		d.step = step_of(sql_peek(&q, 2), d.step);
		d.helped |= !sql_is_null(&q, 3);
	}
	count_candidate(c, &d);
	return rc;
}

/* Those that were due; one that is due today may still be done. */
static int of_tasks(struct counting *c)
{
	const struct tally_work *w = c->w;
	struct day_text from = day_iso(w->ask->from), to = day_iso(c->on);
	struct sql_run q = sql_start(w->s, SQL_IND_TASKS);
	int rc;

	sql_z(&q, from.z);
	sql_z(&q, to.z);
	sql_int(&q, w->cut_ms);
	while ((rc = sql_next(&q)) > 0) {
		day_t due = tally_day(&q, 1), done = DAY_NONE;

		if (!sql_is_null(&q, 2) && sql_get_int(&q, 2) < w->cut_ms)
			done = day_of_ms(sql_get_int(&q, 2), w->offset_min);
		if (tally_unit_at(w, sql_get_int(&q, 0)) != TALLY_NO_UNIT &&
			(done != DAY_NONE || due < w->as_of))
			indicator_add(c, IND_TASKS_ON_TIME,
				done != DAY_NONE && done <= due, 1);
	}
	return rc;
}

int indicators_of_records(struct counting *c)
{
	static int (*const count[])(struct counting * c) = {of_meetings,
		of_reports, of_scores, of_admissions, of_candidates, of_tasks};

	for (size_t i = 0; i < sizeof(count) / sizeof(count[0]); i++)
		if (count[i](c) < 0)
			return -1;
	if (of_votes(c, SQL_IND_VOTERS, false) < 0)
		return -1;
	return of_votes(c, SQL_IND_VOTED, true);
}
