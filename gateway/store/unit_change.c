/*
 * unit_change - what was asked of units, and what became of it?
 *
 * The row of a change and its plan as JSON, so that one of a later day is
 * carried out then as it was asked. Doing it is unit_change_do.c. Writer
 * thread, but for the list.
 *
 *   planned -> done | failed
 */
#include "gateway/store/unit_change.h"

#include "gateway/store/sql.h"

#define NAME(id, name) name,

static const char *const names[] = {UNIT_CHANGES(NAME)};

const char *unit_change_str(enum unit_change_kind k)
{
	return names[k];
}

enum unit_change_kind unit_change_parse(struct str name)
{
	for (int k = 0; k < UNIT_CHANGE_KINDS; k++)
		if (str_is(name, names[k]))
			return (enum unit_change_kind)k;
	return UNIT_CHANGE_KINDS;
}

/* ---- as JSON ---- */

static struct jdoc *part_json(const struct unit_part *p)
{
	struct jdoc *v = jdoc_object(), *nos = jdoc_array();

	jdoc_set_str(v, "code", p->code);
	if (p->name.p != NULL)
		jdoc_set_str(v, "name", p->name);
	for (size_t i = 0; i < p->nos_n; i++)
		jdoc_push(nos, jdoc_new_int(p->nos[i]));
	jdoc_set(v, "members", nos);
	return v;
}

struct jdoc *unit_change_json(const struct unit_change *c)
{
	struct jdoc *v = jdoc_object();
	struct jdoc *from = jdoc_array(), *to = jdoc_array();

	for (size_t i = 0; i < c->from_n; i++)
		jdoc_push(from, jdoc_new_str(c->from[i]));
	for (size_t i = 0; i < c->to_n; i++)
		jdoc_push(to, part_json(&c->to[i]));
	jdoc_set_str(v, "kind", str_of(unit_change_str(c->kind)));
	jdoc_set(v, "from", from);
	jdoc_set(v, "to", to);
	jdoc_set_str(v, "on", str_of(day_iso(c->on).z));
	if (c->document.p != NULL)
		jdoc_set_str(v, "document", c->document);
	return v;
}

static struct str copied(struct arena *a, const struct jdoc *v)
{
	struct str s = jdoc_str(v);

	return s.p != NULL ? arena_str(a, s) : s;
}

static int part_read(
	const struct jdoc *v, struct arena *a, struct unit_part *ret)
{
	const struct jdoc *members = jdoc_at(v, "members");
	int *nos = ARENA_ARRAY(a, int, jdoc_len(members) + 1);
	int64_t no;

	*ret = (struct unit_part){
		.code = copied(a, jdoc_at(v, "code")),
		.name = copied(a, jdoc_at(v, "name")),
		.nos = nos,
		.nos_n = jdoc_len(members),
	};
	for (size_t i = 0; i < ret->nos_n; i++) {
		if (!jdoc_int(jdoc_item(members, i), &no) || no < 1 ||
			no > 9999)
			return -1;
		nos[i] = (int)no;
	}
	return ret->code.n > 0 ? 0 : -1;
}

static int parts_read(
	const struct jdoc *plan, struct arena *a, struct unit_change *ret)
{
	const struct jdoc *from = jdoc_at(plan, "from");
	const struct jdoc *to = jdoc_at(plan, "to");
	struct str *codes = ARENA_ARRAY(a, struct str, jdoc_len(from) + 1);
	struct unit_part *parts =
		ARENA_ARRAY(a, struct unit_part, jdoc_len(to) + 1);

	ret->from = codes;
	ret->from_n = jdoc_len(from);
	ret->to = parts;
	ret->to_n = jdoc_len(to);
	for (size_t i = 0; i < ret->from_n; i++) {
		codes[i] = copied(a, jdoc_item(from, i));
		if (codes[i].n == 0)
			return -1;
	}
	for (size_t i = 0; i < ret->to_n; i++)
		if (part_read(jdoc_item(to, i), a, &parts[i]) != 0)
			return -1;
	return 0;
}

int unit_change_read(
	const struct jdoc *plan, struct arena *a, struct unit_change *ret)
{
	*ret = (struct unit_change){
		.kind = unit_change_parse(jdoc_str(jdoc_at(plan, "kind"))),
		.on = day_parse(jdoc_str(jdoc_at(plan, "on"))),
		.document = copied(a, jdoc_at(plan, "document")),
	};
	if (ret->kind == UNIT_CHANGE_KINDS || ret->on == DAY_NONE ||
		parts_read(plan, a, ret) != 0 || ret->from_n == 0 ||
		(ret->kind != UNIT_MERGE && ret->from_n != 1))
		return -1;
	switch (ret->kind) {
	case UNIT_END:
		return ret->to_n == 0 ? 0 : -1;
	case UNIT_SPLIT:
		return ret->to_n > 1 ? 0 : -1;
	default:
		return ret->to_n == 1 ? 0 : -1;
	}
}

/* ---- rows ---- */

int unit_change_put(struct store *s, const struct unit_change *c,
	int64_t now_ms, struct arena *a, int64_t *ret_id)
{
	struct day_text on = day_iso(c->on);
	struct jdoc *plan = unit_change_json(c);
	struct str json = jdoc_print(plan, a);
	struct sql_run q = sql_start(s, SQL_CHANGE_PUT);

	jdoc_free(plan);
	sql_z(&q, unit_change_str(c->kind));
	sql_z(&q, on.z);
	sql_str(&q, c->document);
	sql_str(&q, json);
	sql_int(&q, now_ms);
	return sql_insert(&q, ret_id) < 0 ? -1 : 0;
}

int unit_change_end(
	struct store *s, int64_t id, const char *failed, int64_t now_ms)
{
	struct sql_run q = sql_start(s, SQL_CHANGE_END);

	sql_z(&q, failed == NULL ? "done" : "failed");
	sql_z(&q, failed);
	sql_int(&q, now_ms);
	sql_int(&q, id);
	return sql_done(&q);
}

int unit_change_planned(
	struct store *s, int64_t id, struct arena *a, struct unit_change *ret)
{
	struct sql_run q = sql_start(s, SQL_CHANGE_PLANNED);
	struct jdoc *plan;
	struct err err;
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	plan = jdoc_parse(sql_peek(&q, 0), &err);
	sql_stop(&q);
	rc = plan != NULL && unit_change_read(plan, a, ret) == 0;
	jdoc_free(plan);
	return rc;
}

static struct str codes_of(
	const struct unit_change *c, bool to, struct arena *a)
{
	struct str all = STR("");
	size_t n = to ? c->to_n : c->from_n;

	for (size_t i = 0; i < n; i++)
		all = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(all),
			i > 0 ? " " : "",
			STR_ARG(to ? c->to[i].code : c->from[i]));
	return all;
}

static void list_row(
	const struct sql_run *q, struct arena *a, struct unit_change_row *ret)
{
	struct unit_change c = {.kind = UNIT_END};
	struct err err;
	struct jdoc *plan = jdoc_parse(sql_peek(q, 6), &err);
	int rc = plan != NULL ? unit_change_read(plan, a, &c) : -1;

	jdoc_free(plan);
	*ret = (struct unit_change_row){
		.id = sql_get_int(q, 0),
		.kind = sql_get(q, 1, a),
		.on = sql_get(q, 2, a),
		.state = sql_get(q, 3, a),
		.why = sql_get(q, 4, a),
		.document = sql_get(q, 5, a),
		.from = rc == 0 ? codes_of(&c, false, a) : STR("?"),
		.to = rc == 0 ? codes_of(&c, true, a) : STR("?"),
	};
}

int unit_change_list(
	struct store *s, struct arena *a, struct unit_change_list *ret)
{
	struct sql_run q = sql_start(s, SQL_CHANGE_LIST);
	struct unit_change_row *v = NULL;
	size_t n = 0;
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, n, sizeof(*v));
		list_row(&q, a, &v[n++]);
	}
	*ret = (struct unit_change_list){v, n};
	return rc;
}
