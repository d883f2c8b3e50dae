/*
 * engine - everything of `serve`, joined: who is started, told and stopped?
 *
 * Owns the loop, the two threads' handles, the listeners, the sender, the
 * control socket and the present settings. Start: settings → lock → store →
 * recover → threads → listener. SIGHUP exchanges the settings as a whole.
 * SIGTERM stops listening, lets what is under way finish, and ends within two
 * seconds whatever hangs; the store then holds all that was answered.
 */
#include "gateway/engine.h"

#include "gateway/base/fault.h"
#include "gateway/base/log.h"
#include "gateway/control.h"
#include "gateway/front.h"
#include "gateway/guard.h"
#include "gateway/modem.h"
#include "gateway/reaper.h"
#include "gateway/scheduler.h"
#include "gateway/sender.h"
#include "gateway/spool.h"
#include "gateway/store/outbox.h"
#include "gateway/store/usage.h"

#include <assert.h>
#include <curl/curl.h>
#include <event2/event.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define DRAIN_MS 1500L
#define FLUSH_MS 30L
#define READER_JOBS 128

struct engine {
	const char *config_path;
	const struct clock *clock;
	struct event_base *base;
	struct event *on_term, *on_int, *on_hup, *inbox_ready, *deadline;
	struct settings *settings;
	struct metrics metrics;
	struct mailbox *inbox; /* finished jobs of both threads */
	struct store *write_store;
	struct poison *poison;
	struct gate *gate;
	struct budget *budget;
	struct writer *writer;
	struct reader *reader;
	struct front *front;
	struct tls *tls; /* read, and not yet the front's */
	struct modems *modems;
	struct sender *sender;
	struct reaper *reaper;
	struct spool *spool;
	struct scheduler *scheduler;
	struct control *control;
	struct inlet_env hooks;
	struct pages_env pages;
	struct control_env commands;
	int lock_fd;
	bool stopping;
};

static const char *path_with(struct engine *e, const char *suffix)
{
	return arena_printf(e->settings->arena, STR_FMT "%s%c",
		STR_ARG(e->settings->config->database), suffix, '\0')
		.p;
}

static int64_t wall_ms(void *arg)
{
	return clock_wall_ms(((struct engine *)arg)->clock);
}

static void kick(void *arg)
{
	struct engine *e = arg;

	if (e->sender != NULL)
		sender_kick(e->sender);
}

/* Something was planned, or queued as well. */
static void plan(void *arg)
{
	struct engine *e = arg;

	kick(arg);
	if (e->scheduler != NULL)
		scheduler_poke(e->scheduler);
}

static void survey(void *arg, struct jdoc *answer)
{
	struct engine *e = arg;

	if (e->sender != NULL)
		sender_survey(e->sender, answer);
}

/* ---- stopping ---- */

static bool is_drained(const struct engine *e)
{
	return writer_outstanding(e->writer) == 0 &&
	       front_waiting(e->front) == 0 && sender_busy(e->sender) == 0;
}

static void leave_loop(struct engine *e)
{
	/* A little more, so that the last answers reach their sockets. */
	static const struct timeval flush = {.tv_usec = FLUSH_MS * 1000};

	event_base_loopexit(e->base, &flush);
}

static void collect(struct engine *e)
{
	struct mail *next;

	for (struct mail *m = mailbox_take(e->inbox); m != NULL; m = next) {
		next = m->next;
		job_finish((struct job *)m);
	}
}

static void on_inbox(evutil_socket_t fd, short what, void *arg)
{
	struct engine *e = arg;

	(void)fd;
	(void)what;
	collect(e);
	if (e->stopping && is_drained(e))
		leave_loop(e);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct engine *e = arg;

	(void)fd;
	(void)what;
	log_warn("drain_cut_short",
		LOG_I("answers", (int64_t)front_waiting(e->front)),
		LOG_I("texts", (int64_t)sender_busy(e->sender)));
	/* A disk that hangs, an import: nobody waits for these threads. What
	 * is not committed was not answered, and the store bears a crash. */
	if (writer_outstanding(e->writer) > 0 || front_waiting(e->front) > 0)
		_exit(0);
	event_base_loopbreak(e->base);
}

static void on_stop(evutil_socket_t signo, short what, void *arg)
{
	static const struct timeval drain = {
		.tv_sec = DRAIN_MS / 1000,
		.tv_usec = DRAIN_MS % 1000 * 1000,
	};
	struct engine *e = arg;

	(void)what;
	if (e->stopping)
		return;
	e->stopping = e->pages.stopping = true;
	log_info("stopping", LOG_I("signal", signo));
	sd_notify(0, "STOPPING=1");
	front_stop_listening(e->front);
	gate_close(e->gate);
	modems_stop(e->modems);
	sender_stop(e->sender);
	reaper_stop(e->reaper);
	spool_stop(e->spool);
	scheduler_stop(e->scheduler);
	event_add(e->deadline, &drain);
	if (is_drained(e))
		leave_loop(e);
}

/* ---- reloading ---- */

/* With the certificate, or not at all. */
static struct settings *load(struct engine *e)
{
	struct diags *advice = diags_new();
	struct settings *s = settings_load_or_tell(e->config_path, advice);

	for (size_t i = 0; s != NULL && i < advice->warned_n; i++)
		log_warn("config", LOG_S("file", advice->warned[i].file),
			LOG_I("line", advice->warned[i].line),
			LOG_I("column", advice->warned[i].col),
			LOG_S("why", advice->warned[i].text));
	diags_free(advice);
	if (s == NULL || tls_load_or_tell(s->config, &e->tls) == 0)
		return s;
	settings_unref(s);
	return NULL;
}

static void use_settings(struct engine *e, struct settings *fresh)
{
	front_use(e->front, fresh->config, e->tls);
	e->tls = NULL;
	settings_unref(e->settings);
	e->settings = fresh;
	e->hooks.settings = fresh;
	e->pages.settings = fresh;
	e->commands.settings = fresh;
	if (e->modems != NULL)
		modems_use(e->modems);
	if (e->sender != NULL)
		sender_use(e->sender, fresh);
	if (e->reaper != NULL)
		reaper_use(e->reaper, fresh);
	if (e->spool != NULL)
		spool_use(e->spool);
	if (e->scheduler != NULL)
		scheduler_use(e->scheduler, fresh);
}

static void on_reload(evutil_socket_t signo, short what, void *arg)
{
	struct engine *e = arg;
	struct settings *fresh = load(e);

	(void)signo;
	(void)what;
	if (fresh == NULL) {
		log_error("reload_refused", LOG_Z("file", e->config_path));
		metrics_add(&e->metrics, METRIC_RELOADS_REFUSED, 1);
		return;
	}
	use_settings(e, fresh);
	log_info("reloaded", LOG_S("rules", ruleset_version(fresh->rules)));
	metrics_add(&e->metrics, METRIC_RELOADS, 1);
}

/* ---- starting ---- */

static int recover(struct engine *e, struct err *err)
{
	const struct settings *set = e->settings;
	struct str *ours =
		ARENA_ARRAY(e->settings->arena, struct str, set->channels_n);
	struct outbox_recovered moved;
	size_t n = 0;

	for (size_t i = 0; i < set->channels_n; i++)
		if (provider_takes_our_id(
			    set->channels[i].provider, set->channels[i].state))
			ours[n++] = set->channels[i].name;
	if (store_begin(e->write_store) != 0 ||
		outbox_recover(e->write_store, wall_ms(e), ours, n, &moved) !=
			0 ||
		usage_wait_forget(e->write_store) != 0 ||
		guard_recall(e->budget, e->write_store, wall_ms(e)) != 0 ||
		store_commit(e->write_store) != 0)
		return err_set(err, "%s", store_error(e->write_store));
	if (moved.requeued + moved.unsure > 0)
		log_warn("recovered",
			LOG_I("requeued", (int64_t)moved.requeued),
			LOG_I("unsure", (int64_t)moved.unsure));
	return 0;
}

static int open_database(struct engine *e, struct err *err)
{
	const char *path = path_with(e, "");
	bool held = false;

	e->lock_fd = store_lock(path, &held, err);
	if (e->lock_fd < 0)
		return held ? err_set(err,
				      "%s: another bantin has it; there is one "
				      "writer at a time",
				      path)
			    : -1;
	e->write_store = store_open(path, STORE_WRITE, err);
	if (e->write_store == NULL)
		return -1;
	e->budget = budget_new();
	e->poison = poison_open(path_with(e, ".poison"), wall_ms(e), err);
	return e->poison != NULL ? recover(e, err) : -1;
}

static int start_threads(struct engine *e, struct err *err)
{
	const struct config *c = e->settings->config;
	struct store *r = store_open(path_with(e, ""), STORE_READ, err);

	if (r == NULL)
		return -1;
	e->inbox = mailbox_new((size_t)c->writer.mailbox + READER_JOBS);
	e->writer = writer_start(e->write_store,
		&(struct writer_options){
			.mailbox = (size_t)c->writer.mailbox,
			.batch_max = (size_t)c->writer.batch_max,
			.out = e->inbox,
			.metrics = &e->metrics,
		});
	e->reader = reader_start(r, READER_JOBS, e->inbox);
	return 0;
}

static void wire(struct engine *e)
{
	e->gate = gate_new(e->poison,
		(size_t)e->settings->config->http.max_waiting, wall_ms, e);
	e->hooks = (struct inlet_env){
		.settings = e->settings,
		.writer = e->writer,
		.gate = e->gate,
		.budget = e->budget,
		.metrics = &e->metrics,
		.clock = e->clock,
		.queued = kick,
		.planned = plan,
		.arg = e,
	};
	e->pages = (struct pages_env){
		.settings = e->settings,
		.writer = e->writer,
		.reader = e->reader,
		.metrics = &e->metrics,
	};
	e->commands = (struct control_env){
		.base = e->base,
		.writer = e->writer,
		.settings = e->settings,
		.clock = e->clock,
		.written = plan,
		.channels = survey,
		.arg = e,
	};
}

static int open_sockets(struct engine *e, struct err *err)
{
	e->control = control_new(path_with(e, ".sock"), &e->commands, err);
	if (e->control == NULL)
		return -1;
	e->front = front_new(
		&(struct front_options){
			.base = e->base,
			.clock = e->clock,
			.metrics = &e->metrics,
			.hooks = &e->hooks,
			.pages = &e->pages,
		},
		e->settings->config, e->tls, err);
	e->tls = NULL;
	return e->front != NULL ? 0 : -1;
}

static struct event *add_event(
	struct engine *e, int fd, short what, event_callback_fn fn)
{
	struct event *ev =
		event_new(e->base, fd, (short)(what | EV_PERSIST), fn, e);

	assert(ev != NULL);
	if (fd >= 0)
		event_add(ev, NULL);
	return ev;
}

static void watch(struct engine *e)
{
	e->on_term = add_event(e, SIGTERM, EV_SIGNAL, on_stop);
	e->on_int = add_event(e, SIGINT, EV_SIGNAL, on_stop);
	e->on_hup = add_event(e, SIGHUP, EV_SIGNAL, on_reload);
	e->inbox_ready = add_event(e, mailbox_fd(e->inbox), EV_READ, on_inbox);
	e->deadline = add_event(e, -1, 0, on_deadline);
	e->modems = modems_new(&(struct modems_options){
		.base = e->base,
		.reader = e->reader,
		.inlet = &e->hooks,
	});
	e->sender = sender_new(
		&(struct sender_options){
			.base = e->base,
			.clock = e->clock,
			.writer = e->writer,
			.reader = e->reader,
			.modems = e->modems,
			.metrics = &e->metrics,
			.base_url = front_base_url(e->front),
		},
		e->settings);
	e->reaper = reaper_new(
		&(struct reaper_options){
			.base = e->base,
			.clock = e->clock,
			.writer = e->writer,
			.metrics = &e->metrics,
			.budget = e->budget,
			.moved = kick,
			.arg = e,
		},
		e->settings);
	e->spool = spool_new(e->base, &e->hooks);
	e->scheduler = scheduler_new(
		&(struct scheduler_options){
			.base = e->base,
			.clock = e->clock,
			.writer = e->writer,
			.metrics = &e->metrics,
			.queued = kick,
			.arg = e,
		},
		e->settings);
	e->pages.sender = e->sender;
	e->pages.modems = e->modems;
}

static void announce(struct engine *e)
{
	front_announce(e->front);
	log_info(
		"started", LOG_S("rules", ruleset_version(e->settings->rules)));
	sd_notify(0, "READY=1");
}

/* ---- the end ---- */

static void close_down(struct engine *e)
{
	/* Jobs that were still queued are run; nobody is answered twice. */
	writer_stop(e->writer);
	reader_stop(e->reader);
	collect(e);
	sender_free(e->sender);
	modems_free(e->modems);
	reaper_free(e->reaper);
	spool_free(e->spool);
	scheduler_free(e->scheduler);
	front_free(e->front);
	control_free(e->control);
	gate_free(e->gate);
	writer_free(e->writer);
	reader_free(e->reader);
	budget_free(e->budget);
	event_free(e->on_term);
	event_free(e->on_int);
	event_free(e->on_hup);
	event_free(e->inbox_ready);
	event_free(e->deadline);
	mailbox_free(e->inbox);
	poison_close(e->poison);
	settings_unref(e->settings);
	event_base_free(e->base);
	close(e->lock_fd);
}

static int start(struct engine *e)
{
	struct err err;

	e->settings = load(e);
	if (e->settings == NULL)
		return -1;
	if (open_database(e, &err) == 0 && start_threads(e, &err) == 0) {
		wire(e);
		if (open_sockets(e, &err) == 0) {
			watch(e);
			return 0;
		}
	}
	fprintf(stderr, "%s\n", err.text);
	return -1;
}

int engine_run(const char *config_path, const struct clock *clock)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct engine *e = calloc(1, sizeof(*e));

	assert(e != NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	e->config_path = config_path;
	e->clock = clock;
	e->base = event_base_new();
	assert(e->base != NULL);
	if (start(e) != 0)
		exit(1); /* the kernel takes back what was opened so far */
	announce(e);
	event_base_dispatch(e->base);
	close_down(e);
	free(e);
	curl_global_cleanup();
	return 0;
}
