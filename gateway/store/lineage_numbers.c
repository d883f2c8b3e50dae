/*
 * lineage_numbers - whom does an old roll number mean today?
 *
 * Numbers are of a list, and a change of units makes new lists. Whoever names
 * an old unit speaks by its list; member_moved says which unit and number that
 * is today, over as many changes as there were. What is on no list, or of
 * members who went different ways, cannot be told and is asked. Writer
 * thread.
 */
#include "gateway/store/lineage_parts.h"

#include "gateway/store/sql.h"

#define CHANGES_MAX 16 /* that one member went through */

struct walk {
	struct store *s;
	struct arena *a;
	const struct lineage_list *list;
	struct lineage_numbers *ret;
	size_t came; /* numbers that are those of today already */
};

/* *unit, *no, *code: where the member went; 1, 0: nowhere, -1. */
static int next(struct walk *w, int64_t *unit, int64_t *no, struct str *code)
{
	struct sql_run q = sql_start(w->s, SQL_LINEAGE_MOVED);
	int rc;

	sql_int(&q, *unit);
	sql_int(&q, *no);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*unit = sql_get_int(&q, 0);
	*no = sql_get_int(&q, 1);
	*code = sql_get(&q, 2, w->a);
	sql_stop(&q);
	return 1;
}

/* Did somebody of the list get that number in the unit of today? */
static int has_come(struct walk *w, int64_t no, bool *ret)
{
	struct sql_run q = sql_start(w->s, SQL_LINEAGE_CAME);
	int64_t one;
	int rc;

	sql_int(&q, w->list->unit_id);
	sql_str(&q, w->list->today);
	sql_int(&q, no);
	rc = sql_one(&q, &one);
	*ret = rc > 0;
	return rc < 0 ? -1 : 0;
}

static void goes_to(struct walk *w, struct str code)
{
	struct lineage_numbers *ret = w->ret;

	ret->torn |= ret->unit.n > 0 && !str_eq(ret->unit, code);
	ret->unit = code;
}

static int stays(struct walk *w, int64_t no)
{
	bool came = false;

	goes_to(w, w->list->today);
	if (!w->list->ended)
		return 0;
	if (has_come(w, no, &came) < 0)
		return -1;
	w->came += came;
	w->ret->unknown |= !came;
	return 0;
}

static int translate(struct walk *w, int64_t *no)
{
	int64_t unit = w->list->unit_id, was = *no;
	struct str code = {NULL, 0};
	int rc = 1;

	for (int i = 0; i < CHANGES_MAX && rc > 0; i++)
		rc = next(w, &unit, no, &code);
	if (rc < 0)
		return -1;
	if (code.p == NULL)
		return stays(w, was);
	w->ret->moved++;
	w->ret->differ |= *no != was || !str_eq(code, w->list->today);
	goes_to(w, code);
	return 0;
}

static int translate_list(struct walk *w, struct fields *f, enum field id)
{
	size_t n = f->v[id].list.n;
	const int *old = f->v[id].list.p;
	int *v = ARENA_ARRAY(w->a, int, n);
	int64_t no;

	for (size_t i = 0; i < n; i++) {
		no = old[i];
		if (translate(w, &no) < 0)
			return -1;
		v[i] = (int)no;
	}
	field_set_ints(f, id, v, n);
	return 0;
}

/* Whoever comes has no line on any old list. */
static bool is_coming(const struct fields *f)
{
	struct str status = field_text(f, FIELD_STATUS);

	return str_is(status, "transfer_in") || str_is(status, "admitted");
}

static const enum field lists[] = {FIELD_MEMBERS, FIELD_ABSENT_MEMBERS,
	FIELD_EXCUSED_MEMBERS, FIELD_UNEXCUSED_MEMBERS, FIELD_PRESENT_MEMBERS,
	FIELD_LATE_MEMBERS};

#define LISTS_N (sizeof(lists) / sizeof(lists[0]))

static int translate_all(struct walk *w, struct fields *f)
{
	int64_t no = field_int(f, FIELD_MEMBER, 0);

	if (is_coming(f))
		return 0;
	if (no > 0) {
		if (translate(w, &no) < 0)
			return -1;
		field_set_int(f, FIELD_MEMBER, no);
	}
	for (size_t i = 0; i < LISTS_N; i++)
		if (field_has(f, lists[i]) &&
			translate_list(w, f, lists[i]) < 0)
			return -1;
	return 0;
}

/* Several members' changes in one text. */
static int translate_items(struct walk *w, struct fields *f)
{
	size_t n = f->v[FIELD_ITEMS].list.n;
	struct fields *v = ARENA_ARRAY(w->a, struct fields, n);

	memcpy(v, f->v[FIELD_ITEMS].list.p, n * sizeof(*v));
	for (size_t i = 0; i < n; i++)
		if (translate_all(w, &v[i]) < 0)
			return -1;
	field_set_items(f, FIELD_ITEMS, v, n);
	return 0;
}

int lineage_numbers(struct store *s, const struct lineage_list *list,
	struct arena *a, struct fields *f, struct lineage_numbers *ret)
{
	struct walk w = {.s = s, .a = a, .list = list, .ret = ret};

	*ret = (struct lineage_numbers){0};
	if (translate_all(&w, f) < 0)
		return -1;
	if (field_has(f, FIELD_ITEMS) && translate_items(&w, f) < 0)
		return -1;
	/* Of two lists in one text nobody can say which number is whose. */
	ret->unknown |= ret->moved > 0 && w.came > 0;
	return 0;
}

static bool says(const struct fields *f)
{
	bool any = field_has(f, FIELD_MEMBER);

	for (size_t i = 0; i < LISTS_N; i++)
		any |= field_has(f, lists[i]);
	return any;
}

bool lineage_has_numbers(const struct fields *f)
{
	const struct fields *v =
		field_has(f, FIELD_ITEMS) ? f->v[FIELD_ITEMS].list.p : NULL;
	bool any = says(f);

	for (size_t i = 0; v != NULL && i < f->v[FIELD_ITEMS].list.n; i++)
		any |= says(&v[i]);
	return any;
}
