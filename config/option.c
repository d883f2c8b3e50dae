/*
 * option - what do the keys of this map mean, and are they right?
 *
 * Reads a YAML map into structs as their tables say. The map is walked once:
 * each dotted name is looked up in all tables, its value checked and stored;
 * a name that stands in none of them is answered with what was probably
 * meant. Values are read in option_value.c. Pure.
 */
#include "config/option.h"

#include "config/nearest.h"
#include "config/option_value.h"

#include <assert.h>

struct walk {
	const struct option_table *tables;
	size_t n_tables;
	struct arena *arena;
	struct diags *diags;
	bool others_allowed; /* keys that no table knows are left alone */
};

static void *field(const struct option_table *t, size_t i)
{
	return (char *)t->into + t->v[i].offset;
}

static const struct option *find(
	const struct option_table *t, struct str name, void **ret_field)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_is(name, t->v[i].name)) {
			*ret_field = field(t, i);
			return &t->v[i];
		}
	return NULL;
}

/* The shipped defaults are typed as a person would; a wrong one is our bug. */
static void set_defaults(const struct option_table *t, struct arena *a)
{
	int rc;

	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].fallback == NULL)
			continue;
		rc = option_value_text(&t->v[i], str_of(t->v[i].fallback), a,
			field(t, i), NULL);
		assert(rc == 0);
	}
}

/* The next piece of an option's name below prefix ("" or "limits."). */
static bool piece_below(struct str full, struct str prefix, struct str *ret)
{
	if (!str_starts(full, prefix))
		return false;
	full = str_from(full, prefix.n);
	return str_next(&full, '.', ret);
}

/* Is there an option below this name, as limits.per_second is below limits? */
static bool is_map(const struct walk *w, struct str name)
{
	struct str full;

	for (size_t t = 0; t < w->n_tables; t++)
		for (size_t i = 0; i < w->tables[t].n; i++) {
			full = str_of(w->tables[t].v[i].name);
			if (full.n > name.n && full.p[name.n] == '.' &&
				str_starts(full, name))
				return true;
		}
	return false;
}

/* An option in a map of its own that was written flat; absent: none. */
static struct str nested(const struct walk *w, struct str key)
{
	struct str full;

	for (size_t t = 0; t < w->n_tables; t++)
		for (size_t i = 0; i < w->tables[t].n; i++) {
			full = str_of(w->tables[t].v[i].name);
			if (str_find_byte(full, '.', 0) < 0 || key.n > full.n)
				continue;
			if (str_eq(full, key) ||
				(str_ends(full, key) &&
					full.p[full.n - key.n - 1] == '.'))
				return full;
		}
	return (struct str){NULL, 0};
}

static void advise(const struct walk *w, struct str key, struct str prefix,
	struct buf *out)
{
	struct str full = nested(w, key), piece;
	struct nearest near;

	if (full.n > 0) {
		(void)str_next(&full, '.', &piece);
		buf_putf(out, "write '" STR_FMT ": {" STR_FMT ": …}'",
			STR_ARG(piece), STR_ARG(full));
		return;
	}
	nearest_begin(&near, key);
	for (size_t t = 0; t < w->n_tables; t++)
		for (size_t i = 0; i < w->tables[t].n; i++) {
			full = str_of(w->tables[t].v[i].name);
			if (piece_below(full, prefix, &piece))
				nearest_offer(&near, piece);
		}
	nearest_advise(&near, out);
}

static int unknown(
	const struct walk *w, const struct node *key, struct str prefix)
{
	struct buf advice;

	if (w->others_allowed)
		return 0;
	buf_init(&advice, 2000);
	advise(w, key->text, prefix, &advice);
	node_error(key, w->diags, "unknown key '" STR_FMT "'; " STR_FMT,
		STR_ARG(key->text), STR_ARG(buf_str(&advice)));
	buf_release(&advice);
	return -1;
}

static int read_map(struct walk *w, const struct node *map, struct str prefix);

static int read_pair(
	struct walk *w, const struct node_pair *pair, struct str prefix)
{
	struct str name = arena_printf(w->arena, STR_FMT STR_FMT,
		STR_ARG(prefix), STR_ARG(pair->key->text));
	bool flat = str_find_byte(pair->key->text, '.', 0) < 0;
	const struct option *o = NULL;
	void *into = NULL;

	for (size_t t = 0; flat && o == NULL && t < w->n_tables; t++)
		o = find(&w->tables[t], name, &into);
	if (o != NULL)
		return option_value_node(
			o, pair->value, w->arena, into, w->diags);
	if (!flat || !is_map(w, name))
		return unknown(w, pair->key, prefix);
	if (node_is_null(pair->value)) /* all of it commented out */
		return 0;
	if (pair->value->kind != NODE_MAP)
		return node_error(pair->value, w->diags,
			"'" STR_FMT "' takes a map of options", STR_ARG(name));
	return read_map(w, pair->value,
		arena_printf(w->arena, STR_FMT ".", STR_ARG(name)));
}

static int read_map(struct walk *w, const struct node *map, struct str prefix)
{
	int rc = 0;

	for (size_t i = 0; i < map->n; i++)
		if (read_pair(w, &map->pairs[i], prefix) < 0)
			rc = -1;
	return rc;
}

/* A dotted name's node; NULL: not given. */
static const struct node *given(const struct node *map, const char *name)
{
	struct str rest = str_of(name), piece;
	const struct node *at;

	while (map != NULL && str_next(&rest, '.', &piece)) {
		at = NULL;
		for (size_t i = 0; map->kind == NODE_MAP && i < map->n; i++)
			if (str_eq(map->pairs[i].key->text, piece))
				at = map->pairs[i].value;
		map = at;
	}
	return map;
}

static int require(const struct walk *w, const struct node *map)
{
	const struct option *o;
	struct buf takes;
	int rc = 0;

	for (size_t t = 0; t < w->n_tables; t++)
		for (size_t i = 0; i < w->tables[t].n; i++) {
			o = &w->tables[t].v[i];
			if (!o->required || given(map, o->name) != NULL)
				continue;
			buf_init(&takes, 1000);
			option_value_takes(o, &takes);
			rc = node_error(map, w->diags,
				"'%s' is missing; give %s", o->name,
				buf_z(&takes));
			buf_release(&takes);
		}
	return rc;
}

static int read_all(struct walk *w, const struct node *map)
{
	int rc;

	for (size_t t = 0; t < w->n_tables; t++)
		set_defaults(&w->tables[t], w->arena);
	if (map == NULL)
		return 0;
	if (map->kind != NODE_MAP)
		return node_error(map, w->diags,
			"options are a map; write 'key: value' lines");
	rc = read_map(w, map, STR(""));
	return require(w, map) < 0 ? -1 : rc;
}

int option_read(const struct node *map, const struct option_table *tables,
	size_t n_tables, struct arena *a, struct diags *d)
{
	struct walk w = {tables, n_tables, a, d, false};

	return read_all(&w, map);
}

int option_read_some(const struct node *map, const struct option_table *table,
	struct arena *a, struct diags *d)
{
	struct walk w = {table, 1, a, d, true};

	return read_all(&w, map);
}

int option_set(const struct option_table *table, struct str name,
	struct str value, struct arena *a, struct err *err)
{
	const struct option *o;
	struct nearest near;
	struct buf advice;
	void *into;

	o = find(table, name, &into);
	if (o != NULL)
		return option_value_text(o, value, a, into, err);
	buf_init(&advice, 2000);
	nearest_begin(&near, name);
	for (size_t i = 0; i < table->n; i++)
		nearest_offer(&near, str_of(table->v[i].name));
	nearest_advise(&near, &advice);
	err_set(err, "unknown option '" STR_FMT "'; %s", STR_ARG(name),
		buf_z(&advice));
	buf_release(&advice);
	return -1;
}
