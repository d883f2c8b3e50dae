/*
 * field_json - the fields of a reading as a JSON object, both ways.
 *
 * JSON has one key "items" for three fields of different type: it is written
 * from whichever is there, and read by the type of the JSON value. What is
 * read from JSON is copied into the arena. Pure; any thread.
 */
#include "gateway/model/field.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>

static const char *const expected[] = {
	[FIELD_T_INT] = "a whole number",
	[FIELD_T_BOOL] = "true or false",
	[FIELD_T_DAY] = "a day as \"YYYY-MM-DD\"",
	[FIELD_T_TIME] = "a time as \"HH:MM\"",
	[FIELD_T_PERIOD] = "a month as \"YYYY-MM\"",
	[FIELD_T_TEXT] = "a string",
	[FIELD_T_INTS] = "a list of whole numbers",
	[FIELD_T_TEXTS] = "a list of strings",
	[FIELD_T_ITEMS] = "a list of objects, a map of choices or a number",
	[FIELD_T_MAP] = "an object of item number to choice",
};

static struct jdoc *time_json(int64_t minutes)
{
	char z[8];

	assert(minutes >= 0 && minutes < 1440);
	(void)snprintf(z, sizeof(z), "%02u:%02u",
		(unsigned int)minutes / 60 % 24, (unsigned int)minutes % 60);
	return jdoc_new_str(str_of(z));
}

static struct jdoc *day_json(int64_t day, size_t n)
{
	struct day_text t = day_iso((day_t)day);

	return jdoc_new_str(str_part(str_of(t.z), 0, n));
}

static struct jdoc *list_json(enum field_type type, const struct value *v)
{
	struct jdoc *array = jdoc_array();

	for (size_t i = 0; i < v->list.n; i++) {
		struct jdoc *item;

		if (type == FIELD_T_INTS)
			item = jdoc_new_int(((const int *)v->list.p)[i]);
		else if (type == FIELD_T_TEXTS)
			item = jdoc_new_str(((const struct str *)v->list.p)[i]);
		else
			item = fields_to_json(
				(const struct fields *)v->list.p + i);
		jdoc_push(array, item);
	}
	return array;
}

static struct jdoc *map_json(const struct value *v)
{
	const struct field_map_entry *e = v->list.p;
	struct jdoc *object = jdoc_object();

	for (size_t i = 0; i < v->list.n; i++) {
		char key[16];

		(void)snprintf(key, sizeof(key), "%d", e[i].key);
		jdoc_set_str(object, key, e[i].value);
	}
	return object;
}

static struct jdoc *value_json(enum field_type type, const struct value *v)
{
	switch (type) {
	case FIELD_T_INT:
		return jdoc_new_int(v->i);
	case FIELD_T_BOOL:
		return jdoc_new_bool(v->i != 0);
	case FIELD_T_DAY:
		return day_json(v->i, sizeof("YYYY-MM-DD") - 1);
	case FIELD_T_PERIOD:
		return day_json(v->i, sizeof("YYYY-MM") - 1);
	case FIELD_T_TIME:
		return time_json(v->i);
	case FIELD_T_TEXT:
		return jdoc_new_str(v->s);
	case FIELD_T_MAP:
		return map_json(v);
	case FIELD_T_INTS:
	case FIELD_T_TEXTS:
	case FIELD_T_ITEMS:
		break;
	}
	return list_json(type, v);
}

struct jdoc *fields_to_json(const struct fields *f)
{
	struct jdoc *object = jdoc_object();

	for (enum field id = 0; id < FIELD_N; id++)
		if (field_has(f, id))
			jdoc_set(object, field_str(id),
				value_json(field_type(id), &f->v[id]));
	return object;
}

struct reader {
	struct arena *arena;
	struct fields *to;
	struct err *err;
	bool nested; /* inside an item, which holds no items itself */
	int rc;
};

static int read_fields(struct reader *r, const struct jdoc *object);

static int read_int(const struct jdoc *v, int *ret)
{
	int64_t i;

	if (!jdoc_int(v, &i) || i < INT_MIN || i > INT_MAX)
		return -1;
	*ret = (int)i;
	return 0;
}

static int read_day(struct reader *r, enum field id, struct str s)
{
	day_t day = day_parse(s);

	if (day == DAY_NONE)
		return -1;
	field_set_int(r->to, id, day);
	return 0;
}

static int read_period(struct reader *r, enum field id, struct str s)
{
	char z[16];

	if (s.n != sizeof("YYYY-MM") - 1)
		return -1;
	(void)snprintf(z, sizeof(z), STR_FMT "-01", STR_ARG(s));
	return read_day(r, id, str_of(z));
}

static int read_time(struct reader *r, enum field id, struct str s)
{
	int minute = minute_parse(s);

	if (minute < 0)
		return -1;
	field_set_int(r->to, id, minute);
	return 0;
}

static int read_ints(struct reader *r, enum field id, const struct jdoc *list)
{
	size_t n = jdoc_len(list);
	int *v = ARENA_ARRAY(r->arena, int, n);

	if (!jdoc_is_array(list))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (read_int(jdoc_item(list, i), &v[i]) != 0)
			return -1;
	field_set_ints(r->to, id, v, n);
	return 0;
}

static int read_texts(struct reader *r, enum field id, const struct jdoc *list)
{
	size_t n = jdoc_len(list);
	struct str *v = ARENA_ARRAY(r->arena, struct str, n);

	if (!jdoc_is_array(list))
		return -1;
	for (size_t i = 0; i < n; i++) {
		v[i] = arena_str(r->arena, jdoc_str(jdoc_item(list, i)));
		if (v[i].p == NULL)
			return -1;
	}
	field_set_texts(r->to, id, v, n);
	return 0;
}

static int read_items(struct reader *r, const struct jdoc *list)
{
	size_t n = jdoc_len(list);
	struct fields *v;

	if (r->nested)
		return -1;
	v = ARENA_ARRAY(r->arena, struct fields, n);
	for (size_t i = 0; i < n; i++) {
		struct reader item = {
			.arena = r->arena, .to = &v[i], .nested = true};

		if (read_fields(&item, jdoc_item(list, i)) != 0)
			return -1;
	}
	field_set_items(r->to, FIELD_ITEMS, v, n);
	return 0;
}

struct map_reader {
	struct arena *arena;
	struct field_map_entry *v;
	size_t n;
	int rc;
};

static void on_choice(void *arg, struct str key, const struct jdoc *value)
{
	struct map_reader *m = arg;
	struct field_map_entry *e = &m->v[m->n++];
	int64_t i;

	e->value = arena_str(m->arena, jdoc_str(value));
	if (str_to_i64(key, &i) != 0 || i < 1 || i > INT_MAX ||
		e->value.p == NULL)
		m->rc = -1;
	else
		e->key = (int)i;
}

static int read_map(struct reader *r, const struct jdoc *object)
{
	size_t n = jdoc_size(object);
	struct map_reader m = {.arena = r->arena,
		.v = ARENA_ARRAY(r->arena, struct field_map_entry, n)};

	jdoc_each(object, on_choice, &m);
	if (m.rc == 0)
		field_set_map(r->to, FIELD_CHOICES, m.v, m.n);
	return m.rc;
}

static int read_whole(struct reader *r, enum field id, const struct jdoc *value)
{
	int64_t i;

	if (!jdoc_int(value, &i))
		return -1;
	field_set_int(r->to, id, i);
	return 0;
}

static int read_any_items(struct reader *r, const struct jdoc *value)
{
	if (jdoc_is_array(value))
		return read_items(r, value);
	if (jdoc_is_object(value))
		return read_map(r, value);
	return read_whole(r, FIELD_ITEM_COUNT, value);
}

static int read_bool(struct reader *r, enum field id, const struct jdoc *value)
{
	bool b;

	if (!jdoc_bool(value, &b))
		return -1;
	field_set_int(r->to, id, b);
	return 0;
}

static int read_text(struct reader *r, enum field id, const struct jdoc *value)
{
	struct str s = arena_str(r->arena, jdoc_str(value));

	if (s.p == NULL)
		return -1;
	field_set_text(r->to, id, s);
	return 0;
}

static int read_value(struct reader *r, enum field id, const struct jdoc *value)
{
	switch (field_type(id)) {
	case FIELD_T_INT:
		return read_whole(r, id, value);
	case FIELD_T_BOOL:
		return read_bool(r, id, value);
	case FIELD_T_DAY:
		return read_day(r, id, jdoc_str(value));
	case FIELD_T_TIME:
		return read_time(r, id, jdoc_str(value));
	case FIELD_T_PERIOD:
		return read_period(r, id, jdoc_str(value));
	case FIELD_T_TEXT:
		return read_text(r, id, value);
	case FIELD_T_INTS:
		return read_ints(r, id, value);
	case FIELD_T_TEXTS:
		return read_texts(r, id, value);
	case FIELD_T_ITEMS:
	case FIELD_T_MAP:
		break;
	}
	return read_any_items(r, value);
}

/* Only the first fault is named. */
static void on_field(void *arg, struct str key, const struct jdoc *value)
{
	struct reader *r = arg;
	enum field id = field_parse(key);

	if (r->rc != 0)
		return;
	if (id == FIELD_N)
		r->rc = err_set(
			r->err, "no field is called " STR_FMT, STR_ARG(key));
	else if (read_value(r, id, value) != 0)
		r->rc = err_set(r->err, "%s: expected %s", field_str(id),
			expected[field_type(id)]);
}

static int read_fields(struct reader *r, const struct jdoc *object)
{
	if (!jdoc_is_object(object))
		return err_set(r->err, "fields: expected an object");
	jdoc_each(object, on_field, r);
	return r->rc;
}

int fields_from_json(const struct jdoc *object, struct arena *a,
	struct fields *ret, struct err *err)
{
	struct reader r = {.arena = a, .to = ret, .err = err};

	*ret = (struct fields){.has = {0}};
	return read_fields(&r, object);
}
