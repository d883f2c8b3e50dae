/*
 * modem_look - what lies in the database of a modem's daemon?
 *
 * Each look is a job of the reader thread; what it brings goes through the
 * inlet like a callback, each row by itself; once all fates are known, the
 * rows that are committed are marked, by another job. Whatever dies in between
 * is looked at again and is a repeat by its provider_id. Loop thread, but for
 * the jobs' run.
 *
 *   timer → look (reader) → rows → inlet (writer) → mark (reader) → timer
 */
#include "gateway/modem_look.h"

#include "gateway/base/clock.h"
#include "gateway/base/fault.h"
#include "gateway/base/log.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>

#define THOROUGH_LOOKS 100 /* each so many-th */
#define FAILED_LOOKS 3     /* in a row: then it is gone */

/* One row on its way. */
struct item {
	struct inlet inlet; /* first */
	struct modem *modem;
	struct provider_request request;
	size_t row;
};

void modem_look_in(struct modem *m, int64_t s)
{
	struct timeval tv = {.tv_sec = s};

	if (!m->stopped && !m->dropped)
		event_add(m->timer, &tv);
	else if (m->dropped && !m->busy && m->sends == 0)
		modem_free(m);
}

/* ---- is it there? ---- */

static void set_gone(struct modem *m, bool gone)
{
	if (m->told && m->gone == gone)
		return;
	m->told = true;
	m->gone = gone;
	if (gone)
		log_error("modem_gone", LOG_S("channel", m->name),
			LOG_Z("why", m->why.text));
	else
		log_info("modem_there", LOG_S("channel", m->name),
			LOG_I("signal", m->signal),
			LOG_I("battery", m->battery));
}

static void judge(struct modem *m)
{
	const struct gammu_look *l = &m->look;
	bool gone = false;

	m->failed = 0;
	m->signal = l->signal;
	m->battery = l->battery;
	if (m->source.away_s > 0 && l->age_s < 0)
		gone = err_set(&m->why, "gammu-smsd has not entered it in "
					"the table phones") != 0;
	else if (m->source.away_s > 0 && l->age_s > m->source.away_s)
		gone = err_set(&m->why, "gammu-smsd last saw it %lld s ago",
			       (long long)l->age_s) != 0;
	set_gone(m, gone);
}

static void judge_failed(struct modem *m)
{
	if (++m->failed < FAILED_LOOKS)
		return;
	m->why = m->err;
	m->signal = m->battery = -1;
	set_gone(m, true);
}

/* ---- the reader's jobs ---- */

int modem_open(struct modem *m, struct err *err)
{
	if (m->db == NULL)
		m->db = gammu_db_open(&m->source, err);
	return m->db != NULL ? 0 : -1;
}

void modem_close(struct modem *m)
{
	gammu_db_close(m->db);
	m->db = NULL;
}

static int on_look_run(struct job *j, struct store *s)
{
	struct modem *m = (struct modem *)j;

	(void)s;
	m->look.n = 0;
	if (modem_open(m, &m->err) != 0)
		return -1;
	if (gammu_db_look(m->db, m->looks % THOROUGH_LOOKS == 0, m->arena,
		    &m->look, &m->err) == 0)
		return 0;
	modem_close(m);
	return -1;
}

static int on_mark_run(struct job *j, struct store *s)
{
	struct modem *m = (struct modem *)j;

	(void)s;
	if (modem_open(m, &m->err) != 0)
		return -1;
	fault_point("modem-mark");
	if (gammu_db_mark(m->db, m->done, m->done_n, &m->err) == 0)
		return 0;
	modem_close(m);
	return -1;
}

/* ---- rows in ---- */

static void end_look(struct modem *m, int64_t again_s)
{
	arena_free(m->arena);
	settings_unref(m->settings);
	m->arena = NULL;
	m->settings = NULL;
	m->busy = false;
	modem_look_in(m, again_s);
}

static void on_marked(struct job *j)
{
	struct modem *m = (struct modem *)j;
	bool more = m->look.more && m->done_n == m->look.n;

	if (j->status != JOB_OK) {
		log_warn("modem_not_marked", LOG_S("channel", m->name),
			LOG_Z("why", m->err.text));
		more = false;
	} else if (more && m->looks % THOROUGH_LOOKS == 1) {
		m->looks--; /* the rest is as old */
	}
	end_look(m, more ? 0 : m->source.poll_s);
}

static void mark(struct modem *m)
{
	m->job.run = on_mark_run;
	m->job.done = on_marked;
	if (m->done_n == 0 || reader_post(m->opt->reader, &m->job) != 0)
		end_look(m, m->source.poll_s);
}

static void on_item_ended(struct inlet *in, enum inlet_fate fate)
{
	struct item *x = (struct item *)in;
	struct modem *m = x->modem;

	/* What nobody can read is as it is for ever; it was logged. */
	if (fate != INLET_BUSY)
		m->done[m->done_n++] = m->look.v[x->row];
	arena_free(in->arena);
	free(x);
	if (--m->left == 0)
		mark(m);
}

static void take_row(struct modem *m, const struct channel *c, size_t row)
{
	struct item *x = calloc(1, sizeof(*x));

	assert(x != NULL);
	x->modem = m;
	x->row = row;
	x->request = (struct provider_request){
		.method = STR("POST"),
		.body = m->look.v[row].body,
		.now_ms = clock_wall_ms(m->opt->inlet->clock),
	};
	x->inlet = (struct inlet){
		.env = m->opt->inlet,
		.channel = c,
		.settings = m->settings,
		.request = &x->request,
		.arena = arena_new(4096),
		.ended = on_item_ended,
	};
	inlet_enter(&x->inlet);
}

static void on_looked(struct job *j)
{
	struct modem *m = (struct modem *)j;
	const struct channel *c = settings_channel(m->settings, m->name);
	const size_t n = m->look.n;

	if (j->status != JOB_OK) {
		judge_failed(m);
		end_look(m, m->source.poll_s);
		return;
	}
	m->looks++;
	judge(m);
	if (n == 0 || c == NULL || m->stopped) {
		end_look(m, m->source.poll_s);
		return;
	}
	fault_point("modem-read");
	m->done_n = 0;
	m->left = n;
	for (size_t i = 0; i < n; i++)
		take_row(m, c, i);
}

void modem_look(evutil_socket_t fd, short what, void *modem)
{
	struct modem *m = modem;

	(void)fd;
	(void)what;
	if (m->busy)
		return;
	m->busy = true;
	m->settings = settings_ref(m->opt->inlet->settings);
	m->arena = arena_new(16384);
	m->job.run = on_look_run;
	m->job.done = on_looked;
	if (reader_post(m->opt->reader, &m->job) != 0)
		end_look(m, m->source.poll_s);
}
