/*
 * modem - which modems' daemons are there, and what goes to them?
 *
 * One per channel whose provider has a database; modem_look.c reads it. Texts
 * out are jobs of the same thread, so a database has one user here. While the
 * modem is gone, texts are refused: another channel may take them. A reload
 * drops those whose file is another now, once nothing of them is under way.
 * Loop thread, but for the job's run.
 */
#include "gateway/modem.h"

#include "gateway/base/fault.h"
#include "gateway/modem_look.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>

struct modems {
	struct modems_options opt;
	struct modem *first;
};

struct send {
	struct job job; /* first */
	struct modem *modem;
	struct modem_order order;
	bool refused;
	struct err err;
};

static void destroy(struct modem *m)
{
	assert(!m->busy && m->sends == 0);
	event_free(m->timer);
	modem_close(m);
	arena_free(m->own);
	free(m);
}

void modem_free(struct modem *m)
{
	struct modem **at = &m->all->first;

	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	destroy(m);
}

/* ---- rows out ---- */

static int on_send_run(struct job *j, struct store *s)
{
	struct send *x = (struct send *)j;

	(void)s;
	if (x->refused || modem_open(x->modem, &x->err) != 0)
		return -1;
	if (gammu_db_send(x->modem->db, x->order.rows, &x->err) == 0)
		return 0;
	modem_close(x->modem);
	return -1;
}

static void on_sent(struct job *j)
{
	struct send *x = (struct send *)j;
	struct modem *m = x->modem;
	const bool ok = j->status == JOB_OK;
	const struct provider_response r = {.status = ok ? 200 : 0};

	fault_point("modem-sent");
	x->order.done(x->order.arg, x->order.id, &r, !ok,
		ok ? STR("") : str_of(x->err.text));
	m->sends--;
	free(x);
	if (m->dropped)
		modem_look_in(m, 0);
}

static struct modem *find(const struct modems *all, struct str name)
{
	for (struct modem *m = all->first; m != NULL; m = m->next)
		if (!m->dropped && str_eq(m->name, name))
			return m;
	return NULL;
}

int modems_send(struct modems *all, const struct modem_order *o)
{
	struct modem *m = find(all, o->channel->name);
	struct send *x;

	if (m == NULL)
		return -1;
	x = calloc(1, sizeof(*x));
	assert(x != NULL);
	x->job.run = on_send_run;
	x->job.done = on_sent;
	x->modem = m;
	x->order = *o;
	x->refused = m->gone;
	if (m->gone)
		(void)err_set(&x->err, "the modem is gone: %s", m->why.text);
	if (reader_post(all->opt.reader, &x->job) != 0) {
		free(x);
		return -1;
	}
	m->sends++;
	return 0;
}

/* ---- which there are ---- */

static bool is_same(const struct modem_source *a, const struct modem_source *b)
{
	return str_eq(a->database, b->database) &&
	       str_eq(a->phone_id, b->phone_id);
}

static const struct modem_source *source_of(const struct channel *c)
{
	return c->provider->modem != NULL ? c->provider->modem(c->state) : NULL;
}

static void add(
	struct modems *all, struct str name, const struct modem_source *source)
{
	struct modem *m = calloc(1, sizeof(*m));

	assert(m != NULL);
	m->all = all;
	m->opt = &all->opt;
	m->own = arena_new(512);
	m->name = arena_str(m->own, name);
	m->source = *source;
	m->source.database = arena_str(m->own, source->database);
	m->source.phone_id = arena_str(m->own, source->phone_id);
	m->signal = m->battery = -1;
	m->timer = event_new(all->opt.base, -1, 0, modem_look, m);
	assert(m->timer != NULL);
	m->next = all->first;
	all->first = m;
	modem_look_in(m, 0);
}

static void drop(struct modem *m)
{
	m->dropped = true;
	event_del(m->timer);
	modem_look_in(m, 0);
}

void modems_use(struct modems *all)
{
	const struct settings *set = all->opt.inlet->settings;
	struct modem *next;

	for (struct modem *m = all->first; m != NULL; m = next) {
		const struct channel *c = settings_channel(set, m->name);
		const struct modem_source *now =
			c != NULL ? source_of(c) : NULL;

		next = m->next;
		if (m->dropped)
			continue;
		if (now == NULL || !is_same(now, &m->source)) {
			drop(m);
			continue;
		}
		m->source.poll_s = now->poll_s;
		m->source.away_s = now->away_s;
	}
	for (size_t i = 0; i < set->channels_n; i++) {
		const struct channel *c = &set->channels[i];

		if (source_of(c) != NULL && find(all, c->name) == NULL)
			add(all, c->name, source_of(c));
	}
}

struct modems *modems_new(const struct modems_options *o)
{
	struct modems *all = calloc(1, sizeof(*all));

	assert(all != NULL);
	all->opt = *o;
	modems_use(all);
	return all;
}

void modems_stop(struct modems *all)
{
	for (struct modem *m = all->first; m != NULL; m = m->next) {
		m->stopped = true;
		event_del(m->timer);
	}
}

void modems_free(struct modems *all)
{
	for (struct modem *m = all->first, *next; m != NULL; m = next) {
		next = m->next;
		destroy(m);
	}
	free(all);
}

/* ---- told ---- */

void modems_tell(const struct modems *all, struct buf *out)
{
	for (const struct modem *m = all->first; m != NULL; m = m->next)
		if (m->gone && !m->dropped)
			buf_putf(out,
				"channel " STR_FMT ": the modem is gone: %s\n",
				STR_ARG(m->name), m->why.text);
}

static void print_head(struct buf *out, const char *name, const char *help)
{
	buf_putf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void print_one(
	struct buf *out, const char *name, const struct modem *m, int64_t value)
{
	buf_putf(out, "%s{channel=\"" STR_FMT "\"} %lld\n", name,
		STR_ARG(m->name), (long long)value);
}

void modems_print(const struct modems *all, struct buf *out)
{
	const struct modem *m;

	if (all->first == NULL)
		return;
	print_head(out, "bantin_modem_up", "whether the modem is there");
	for (m = all->first; m != NULL; m = m->next)
		print_one(out, "bantin_modem_up", m, m->told && !m->gone);
	print_head(out, "bantin_modem_signal_percent",
		"its signal; -1: not known");
	for (m = all->first; m != NULL; m = m->next)
		print_one(out, "bantin_modem_signal_percent", m, m->signal);
	print_head(out, "bantin_modem_battery_percent",
		"its battery; -1: not known");
	for (m = all->first; m != NULL; m = m->next)
		print_one(out, "bantin_modem_battery_percent", m, m->battery);
}

int modems_check(const struct settings *set, struct diags *d)
{
	int rc = 0;

	for (size_t i = 0; i < set->channels_n; i++) {
		const struct channel *c = &set->channels[i];
		struct gammu_db *db;
		struct err err;

		if (source_of(c) == NULL)
			continue;
		db = gammu_db_open(source_of(c), &err);
		if (db == NULL)
			rc = node_error(node_get(c->config->node, "database"),
				d, "%s", err.text);
		gammu_db_close(db);
	}
	return rc;
}
