/*
 * figures - which value of a rule holds for this unit on this day?
 *
 * Two lists of one form, config/figures.yaml (inside the binary) and `figures`
 * of bantin.yaml, are read through one table of keys and checked: names,
 * values, days, sources, and that no two entries hold at once. A value of the
 * clock's is what its option takes. Looking up is a walk of short lists. Pure.
 */
#include "config/figures.h"

#include "config/nearest.h"

#include <assert.h>

#define HUNDRED INT64_C(100) /* a percentage is kept in hundredths */

enum measure { PERCENT, MEMBERS, POINTS, SCALE, OPTION };

#define INFO(id, name, measure) [FIGURE_##id] = {name, measure},

static const struct {
	const char *name;
	enum measure measure;
} info[FIGURE_N] = {FIGURES(INFO)};

/* One entry as it is typed. */
struct typed {
	struct str name, value, unit, from, to, source;
	int measure; /* as enum measure; -1: not said */
};

#define AT(field) offsetof(struct typed, field)

static const struct option keys[] = {
	{.name = "name",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 64,
		.offset = AT(name)},
	{.name = "value",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 16,
		.offset = AT(value)},
	{.name = "measure",
		.type = OPTION_ENUM,
		.choices = "percent|members|points|scale",
		.offset = AT(measure)},
	{.name = "unit",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 32,
		.offset = AT(unit)},
	{.name = "from",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 16,
		.offset = AT(from)},
	{.name = "to",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 16,
		.offset = AT(to)},
	{.name = "source",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 200,
		.offset = AT(source)},
};

/* One entry, read. */
struct entry {
	enum figure figure;
	struct str unit; /* absent: all */
	day_t from, to;  /* both hold; to: INT32_MAX when open */
	int64_t value;
	const struct node *at;
};

struct list {
	struct entry *v;
	size_t n;
};

struct figures {
	struct list own, shipped;
};

struct reading {
	struct config *config;
	struct diags *diags;
	const struct node *at; /* the entry */
	struct typed typed;
	struct entry *entry;
};

/* ---- values ---- */

static const struct option *option_of(const char *name)
{
	size_t n;
	const struct option *v = config_options(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return &v[i];
	assert(!"every figure of the clock is an option");
	return NULL;
}

static int64_t option_value(const struct config *c, const struct option *o)
{
	const char *field = (const char *)c + o->offset;

	if (o->type == OPTION_BOOL)
		return *(const bool *)(const void *)field;
	assert(o->type == OPTION_INT || o->type == OPTION_TIME);
	return o->type == OPTION_INT ? *(const int64_t *)(const void *)field
				     : *(const int *)(const void *)field;
}

/* As the option takes it, with its range and its words. */
static int read_option(const struct reading *r, struct err *err)
{
	const struct option *o = option_of(info[r->entry->figure].name);
	struct config scratch = {0};
	struct option_table t = {o, 1, &scratch};

	if (option_set(&t, str_of(o->name), r->typed.value, r->config->arena,
		    err) != 0)
		return -1;
	r->entry->value = option_value(&scratch, o);
	return 0;
}

/* 90, 66.5, 66.67 */
static int read_percent(const struct reading *r, struct err *err)
{
	struct str rest = r->typed.value, whole;
	int64_t n, part = 0;

	str_next(&rest, '.', &whole);
	if (str_to_i64(whole, &n) == 0 && n >= 0 && n <= 100 &&
		(rest.p == NULL ||
			((rest.n == 1 || rest.n == 2) && rest.p[0] >= '0' &&
				str_to_i64(rest, &part) == 0))) {
		r->entry->value =
			n * HUNDRED + (rest.n == 1 ? part * 10 : part);
		if (r->entry->value <= 100 * HUNDRED)
			return 0;
	}
	return err_set(err,
		"'%s' takes a percentage from 0 to 100, as 90 or 66.67, not "
		"'" STR_FMT "'",
		info[r->entry->figure].name, STR_ARG(r->typed.value));
}

static int read_whole(const struct reading *r, struct err *err)
{
	static const struct {
		const char *what;
		int64_t max;
	} is[] = {
		[MEMBERS] = {"a number of members", 10000},
		[POINTS] = {"points", 100},
		[SCALE] = {"the number of a scale", 9},
	};
	enum measure m = info[r->entry->figure].measure;

	if (str_to_i64(r->typed.value, &r->entry->value) == 0 &&
		r->entry->value >= 0 && r->entry->value <= is[m].max)
		return 0;
	return err_set(err, "'%s' takes %s from 0 to %d, not '" STR_FMT "'",
		info[r->entry->figure].name, is[m].what, (int)is[m].max,
		STR_ARG(r->typed.value));
}

/* ---- one entry ---- */

static const struct node *place(const struct reading *r, const char *key)
{
	const struct node *at = node_get(r->at, key);

	return at != NULL ? at : r->at;
}

static int read_name(const struct reading *r)
{
	struct nearest near;
	struct buf advice;

	for (int i = 0; i < FIGURE_N; i++)
		if (str_is(r->typed.name, info[i].name)) {
			r->entry->figure = (enum figure)i;
			return 0;
		}
	buf_init(&advice, 2000);
	nearest_begin(&near, r->typed.name);
	for (int i = 0; i < FIGURE_N; i++)
		nearest_offer(&near, str_of(info[i].name));
	nearest_advise(&near, &advice);
	node_error(place(r, "name"), r->diags,
		"unknown figure '" STR_FMT "'; %s", STR_ARG(r->typed.name),
		buf_z(&advice));
	buf_release(&advice);
	return -1;
}

static int read_value(const struct reading *r)
{
	static int (*const read[])(const struct reading *, struct err *) = {
		[PERCENT] = read_percent,
		[MEMBERS] = read_whole,
		[POINTS] = read_whole,
		[SCALE] = read_whole,
		[OPTION] = read_option,
	};
	enum measure m = info[r->entry->figure].measure;
	struct err err;

	if (r->typed.measure >= 0 && r->typed.measure != (int)m)
		return node_error(place(r, "measure"), r->diags,
			"'%s' is not measured so; leave 'measure' out",
			info[r->entry->figure].name);
	if (read[m](r, &err) == 0)
		return 0;
	return node_error(place(r, "value"), r->diags, "%s", err.text);
}

static int read_day(
	const struct reading *r, const char *key, struct str s, day_t *ret)
{
	*ret = day_parse(s);
	if (*ret != DAY_NONE)
		return 0;
	return node_error(place(r, key), r->diags,
		"'%s' takes a day as 2026-12-01, not '" STR_FMT "'", key,
		STR_ARG(s));
}

static int read_days(const struct reading *r)
{
	struct entry *e = r->entry;

	e->to = INT32_MAX;
	if (read_day(r, "from", r->typed.from, &e->from) != 0)
		return -1;
	if (r->typed.to.n > 0 && read_day(r, "to", r->typed.to, &e->to) != 0)
		return -1;
	if (e->to >= e->from)
		return 0;
	return node_error(place(r, "to"), r->diags,
		"'to' is before 'from'; give the last day on which it holds");
}

static int read_entry(struct reading *r)
{
	struct option_table t = OPTION_TABLE(keys, &r->typed);
	int rc;

	r->typed.measure = -1;
	if (option_read(r->at, &t, 1, r->config->arena, r->diags) != 0 ||
		read_name(r) != 0)
		return -1;
	rc = read_value(r);
	if (read_days(r) != 0 || rc != 0)
		return -1;
	r->entry->unit = r->typed.unit;
	r->entry->at = r->at;
	return 0;
}

/* ---- lists ---- */

static bool same_subject(const struct entry *a, const struct entry *b)
{
	return a->figure == b->figure && str_eq(a->unit, b->unit);
}

static void check_overlap(const struct list *l, struct diags *d)
{
	const struct entry *e = &l->v[l->n - 1];

	for (size_t i = 0; i + 1 < l->n; i++) {
		const struct entry *o = &l->v[i];

		if (!same_subject(o, e) || o->to < e->from || e->to < o->from)
			continue;
		node_error(e->at, d,
			"'%s' has a value for these days in line %d already; "
			"give that one a 'to', or this one a later 'from'",
			info[e->figure].name, o->at->line);
		return;
	}
}

static void read_list(struct config *c, const struct node *list,
	struct diags *d, struct list *ret)
{
	if (node_is_null(list))
		return;
	if (list->kind != NODE_LIST) {
		node_error(list, d,
			"'figures' takes a list; write '- {name: …, value: "
			"…, from: …, source: …}'");
		return;
	}
	ret->v = ARENA_ARRAY(c->arena, struct entry, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct reading r = {.config = c,
			.diags = d,
			.at = list->items[i],
			.entry = &ret->v[ret->n]};

		if (r.at->kind != NODE_MAP) {
			node_error(r.at, d,
				"a figure is a map; write '- {name: …, value: "
				"…, from: …, source: …}'");
		} else if (read_entry(&r) == 0) {
			ret->n++;
			check_overlap(ret, d);
		}
	}
}

void figures_load(struct config *c, const struct node *own, struct diags *d)
{
	struct figures *f = ARENA_NEW(c->arena, struct figures);
	struct diags *ours = diags_new();
	const struct node *shipped = node_parse(STR("config/figures.yaml"),
		config_shipped_figures(), c->arena, ours);

	read_list(c, node_get(shipped, "figures"), ours, &f->shipped);
	assert(ours->n == 0 && f->shipped.n > 0);
	diags_free(ours);
	if (own != NULL)
		read_list(c, own, d, &f->own);
	c->figures = f;
}

/* ---- looking up ---- */

/* unit absent: the entry for all. */
static const struct entry *find(
	const struct list *l, enum figure f, struct str unit, day_t on)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].figure == f && str_eq(l->v[i].unit, unit) &&
			on >= l->v[i].from && on <= l->v[i].to)
			return &l->v[i];
	return NULL;
}

bool figure_get(const struct config *c, enum figure f,
	const struct figure_chain *chain, day_t on, int64_t *ret)
{
	const struct list *own = &c->figures->own;
	const struct entry *e = NULL;
	const struct str all = {NULL, 0};

	for (size_t i = 0; own->n > 0 && i < chain->n && e == NULL; i++)
		e = find(own, f, chain->v[i], on);
	if (e == NULL)
		e = find(own, f, all, on);
	if (e == NULL)
		e = find(&c->figures->shipped, f, all, on);
	if (e != NULL)
		*ret = e->value;
	else if (info[f].measure == OPTION)
		*ret = option_value(c, option_of(info[f].name));
	return e != NULL || info[f].measure == OPTION;
}

int64_t figure_option(const struct config *c, enum figure f,
	const struct figure_chain *chain, day_t on)
{
	int64_t v = 0;
	bool known = figure_get(c, f, chain, on, &v);

	assert(known && info[f].measure == OPTION);
	return v;
}
