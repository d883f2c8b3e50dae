/*
 * field - what a reading holds: the names and types of its fields.
 *
 * Everything comes from the one table in the header. Lists and texts are
 * borrowed; a setter that does not fit the field's type is our own bug.
 * Pure; any thread. The JSON of fields is in field_json.c.
 */
#include "gateway/model/field.h"

#include <assert.h>

#define NAME(id, name, type) STR(name),
#define TYPE(id, name, type) FIELD_T_##type,

static const struct str field_name[] = {FIELDS(NAME)};
static const unsigned char types[] = {FIELDS(TYPE)};

const char *field_str(enum field f)
{
	assert(f < FIELD_N);
	return field_name[f].p;
}

enum field_type field_type(enum field f)
{
	assert(f < FIELD_N);
	return (enum field_type)types[f];
}

enum field field_parse(struct str name)
{
	int i = 0;

	while (i < FIELD_N && !str_eq(field_name[i], name))
		i++;
	return (enum field)i;
}

void field_drop(struct fields *f, enum field id)
{
	assert(id < FIELD_N);
	f->has[id / 64] &= ~(UINT64_C(1) << (id % 64));
}

static struct value *claim(struct fields *f, enum field id)
{
	f->has[id / 64] |= UINT64_C(1) << (id % 64);
	return &f->v[id];
}

void field_set_int(struct fields *f, enum field id, int64_t i)
{
	assert(field_type(id) <= FIELD_T_PERIOD);
	claim(f, id)->i = i;
}

void field_set_text(struct fields *f, enum field id, struct str s)
{
	assert(field_type(id) == FIELD_T_TEXT);
	claim(f, id)->s = s;
}

static void set_list(struct fields *f, enum field id, const void *p, size_t n)
{
	struct value *v = claim(f, id);

	v->list.p = p;
	v->list.n = n;
}

void field_set_ints(struct fields *f, enum field id, const int *v, size_t n)
{
	assert(field_type(id) == FIELD_T_INTS);
	set_list(f, id, v, n);
}

void field_set_texts(
	struct fields *f, enum field id, const struct str *v, size_t n)
{
	assert(field_type(id) == FIELD_T_TEXTS);
	set_list(f, id, v, n);
}

void field_set_items(
	struct fields *f, enum field id, const struct fields *v, size_t n)
{
	assert(field_type(id) == FIELD_T_ITEMS);
	set_list(f, id, v, n);
}

void field_set_map(struct fields *f, enum field id,
	const struct field_map_entry *v, size_t n)
{
	assert(field_type(id) == FIELD_T_MAP);
	set_list(f, id, v, n);
}
