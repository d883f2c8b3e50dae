/*
 * report - how does a meeting report stand in its row?
 *
 * Figures are columns, so that reports and outside checks can add them up;
 * unit, day, kind and period belong to the meeting; whatever else was said
 * is one JSON object, NULL for the usual report. Pure but for the row.
 */
#include "gateway/store/report.h"

#include <assert.h>

#define REPORT_FIELD(id, name) FIELD_##id,

static const enum field columns[] = {REPORT_COLUMNS(REPORT_FIELD)};

#define COLUMNS_N (sizeof(columns) / sizeof(columns[0]))

enum {
	COL_MEETING,
	COL_KIND,
	COL_PERIOD,
	COL_HELD_ON,
	COL_STATE,
	COL_UNIT,
	COL_REPORT,
	COL_VERSION,
	COL_FIRST,
	COL_FIELDS = COL_FIRST + COLUMNS_N
};

static void read_column(
	const struct sql_run *q, size_t i, struct arena *a, struct fields *f)
{
	int col = COL_FIRST + (int)i;

	if (sql_is_null(q, col))
		return;
	if (field_type(columns[i]) == FIELD_T_TEXT)
		field_set_text(f, columns[i], sql_get(q, col, a));
	else
		field_set_int(f, columns[i], sql_get_int(q, col));
}

int report_json(
	struct store *s, struct str json, struct arena *a, struct fields *ret)
{
	struct jdoc *doc = jdoc_parse(json, &s->err);
	int rc;

	if (doc == NULL)
		return -1;
	rc = fields_from_json(doc, a, ret, &s->err);
	jdoc_free(doc);
	return rc;
}

int report_read(
	const struct sql_run *q, struct arena *a, struct report_ref *ret)
{
	struct fields *f = &ret->fields;
	struct str json = sql_peek(q, COL_FIELDS);

	*ret = (struct report_ref){
		.meeting_id = sql_get_int(q, COL_MEETING),
		.report_id = sql_get_int(q, COL_REPORT),
		.unit = sql_get(q, COL_UNIT, a),
		.date = day_parse(sql_peek(q, COL_HELD_ON)),
		.kind = sql_get(q, COL_KIND, a),
		.version = (int)sql_get_int(q, COL_VERSION),
	};
	if (json.p != NULL && report_json(q->s, json, a, f) < 0)
		return -1;
	for (size_t i = 0; i < COLUMNS_N; i++)
		read_column(q, i, a, f);
	field_set_text(f, FIELD_UNIT, ret->unit);
	field_set_text(f, FIELD_KIND, ret->kind);
	if (ret->date != DAY_NONE)
		field_set_int(f, FIELD_DATE, ret->date);
	return 0;
}

/* What the meeting says, or a column, is not said again. */
static void drop_columns(struct fields *f)
{
	static const enum field of_meeting[] = {
		FIELD_UNIT, FIELD_DATE, FIELD_KIND, FIELD_PERIOD};

	for (size_t i = 0; i < sizeof(of_meeting) / sizeof(*of_meeting); i++)
		field_drop(f, of_meeting[i]);
	for (size_t i = 0; i < COLUMNS_N; i++)
		field_drop(f, columns[i]);
}

static struct str rest_as_json(const struct fields *f, struct arena *a)
{
	struct fields rest = *f;
	struct jdoc *doc;
	struct str text;

	drop_columns(&rest);
	if (rest.has[0] == 0 && rest.has[1] == 0)
		return (struct str){NULL, 0};
	doc = fields_to_json(&rest);
	text = jdoc_print(doc, a);
	jdoc_free(doc);
	return text;
}

static void bind_column(struct sql_run *q, const struct fields *f, size_t i)
{
	if (field_type(columns[i]) == FIELD_T_TEXT)
		sql_str(q, field_text(f, columns[i]));
	else if (field_has(f, columns[i]))
		sql_int(q, f->v[columns[i]].i);
	else
		sql_z(q, NULL);
}

void report_bind(struct sql_run *q, const struct fields *f, struct arena *a)
{
	for (size_t i = 0; i < COLUMNS_N; i++)
		bind_column(q, f, i);
	sql_str(q, rest_as_json(f, a));
}

struct str report_kind(const struct fields *f)
{
	struct str kind = field_text(f, FIELD_KIND);

	return kind.p != NULL ? kind : STR("regular");
}

struct report_period report_period(const struct fields *f)
{
	day_t day = (day_t)field_int(
		f, FIELD_PERIOD, field_int(f, FIELD_DATE, DAY_NONE));
	struct report_period p;
	struct day_text iso;

	assert(day != DAY_NONE);
	iso = day_iso(day);
	memcpy(p.z, iso.z, 7);
	p.z[7] = '\0';
	return p;
}
