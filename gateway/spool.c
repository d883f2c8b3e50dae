/*
 * spool - what have other programs put into our channels' folders?
 *
 * A timer looks into them. A file that was not touched for a second is first
 * moved into a folder of ours, so that it is ours alone and cannot be
 * replaced; then what stands there is read, the oldest first (spool_item.c),
 * and deleted after its commit. So a look at the start finds what a crash
 * left. Bounded: files a look, files under way. A writer that is full ends
 * the look; the folders hold the rest. Loop thread.
 */
#include "gateway/spool.h"

#include "gateway/base/clock.h"
#include "gateway/base/fault.h"
#include "gateway/base/log.h"
#include "gateway/spool_folders.h"
#include "gateway/spool_item.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTLED_NS INT64_C(1000000000)
#define IN_FLIGHT_MAX 64
#define TAKE_MAX 200               /* of one folder in one look */
#define ENTRIES_MAX ((size_t)8192) /* that are compared for their age */
#define SWEEP_MS INT64_C(3600000)
/* A text is handed over but once, and its reports find it, for so long. */
#define KEEP_NS (INT64_C(7) * 86400 * 1000000000)

struct entry {
	const char *name;
	int64_t written_ns;
	int64_t touched_ns; /* written, renamed, or given to another owner */
};

struct listing {
	struct entry *v;
	size_t n;
};

struct spool {
	struct spool_items items;
	struct event *timer;
	bool *sick;       /* by channel: its folders failed at the last look */
	int64_t sweep_ms; /* when marks are swept next */
	bool stopped;
};

/* What one look at one channel works with. */
struct look {
	struct spool *spool;
	const struct channel *channel;
	struct provider_folders folders;
	struct arena *arena;
	int64_t now_ns; /* not before any file of the listing was touched */
	struct err err; /* the first thing that failed */
	bool failed;
};

static void fail(struct look *l, const char *path)
{
	if (!l->failed)
		(void)err_set(&l->err, "%s: %s", path, strerror(errno));
	l->failed = true;
}

static int by_age(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->written_ns != y->written_ns)
		return x->written_ns < y->written_ns ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name,
		((const struct entry *)b)->name);
}

static int64_t ns_of(const struct timespec *t)
{
	return t->tv_sec * INT64_C(1000000000) + t->tv_nsec;
}

/* A file with something in it? */
static bool look_at_file(const char *path, struct entry *e)
{
	struct stat st;

	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
		return false;
	e->written_ns = ns_of(&st.st_mtim);
	e->touched_ns = ns_of(&st.st_ctim);
	return true;
}

static void add(struct look *l, struct listing *all, const struct entry *e)
{
	struct entry *more;

	if ((all->n & (all->n - 1)) == 0) { /* 0, 1, 2, 4 …: it is full */
		more = ARENA_ARRAY(l->arena, struct entry, 2 * all->n + 1);
		if (all->n > 0)
			memcpy(more, all->v, all->n * sizeof(*more));
		all->v = more;
	}
	all->v[all->n++] = *e;
}

/* Names that a provider's filter wants; want NULL: all but hidden ones. */
struct want {
	bool (*is)(enum provider_file_kind kind, struct str name);
	enum provider_file_kind kind;
};

static int64_t now_ns(const struct spool *s)
{
	return (clock_wall_ms(s->items.env->clock) + 1) * 1000000;
}

static struct listing list(
	struct look *l, const char *folder, const struct want *want)
{
	struct listing all = {0};
	DIR *dir = opendir(folder);
	const struct dirent *d;

	if (dir == NULL) {
		fail(l, folder);
		return all;
	}
	while (all.n < ENTRIES_MAX && (d = readdir(dir)) != NULL) {
		struct str name = str_of(d->d_name);
		struct entry e;

		if (name.p[0] == '.' ||
			(want->is != NULL && !want->is(want->kind, name)))
			continue;
		e.name = arena_z(l->arena, name);
		if (look_at_file(
			    spool_path(l->arena, str_of(folder), name), &e))
			add(l, &all, &e);
	}
	closedir(dir);
	l->now_ns = now_ns(l->spool);
	return all;
}

/* Its writer is done with it, or the clock was set back since. */
static bool is_settled(const struct look *l, const struct entry *e)
{
	return e->touched_ns > l->now_ns ||
	       l->now_ns - e->touched_ns >= SETTLED_NS;
}

static void take_from(struct look *l, enum provider_file_kind kind)
{
	const struct str folder = l->folders.in[kind];
	const struct want want = {l->channel->provider->spool->is_wanted, kind};
	struct listing all;
	size_t taken = 0;

	if (folder.n == 0)
		return;
	all = list(l, arena_z(l->arena, folder), &want);
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_age);
	for (size_t i = 0; i < all.n && taken < TAKE_MAX; i++) {
		const struct str name = str_of(all.v[i].name);
		const struct spool_taken t = {kind, all.v[i].written_ns, name};
		const char *from = spool_path(l->arena, folder, name);

		if (!is_settled(l, &all.v[i]))
			continue;
		if (rename(from,
			    spool_our_path(l->arena, &l->folders, SPOOL_TAKEN,
				    str_of(spool_taken_name(l->arena, &t)))) !=
			0)
			fail(l, from);
		else
			taken++;
		fault_point("file-taken");
	}
}

/* In order, up to what cannot go now. */
static void start_taken(struct look *l)
{
	struct spool *s = l->spool;
	const struct want any = {0};
	struct listing all = list(l,
		spool_our_path(l->arena, &l->folders, SPOOL_TAKEN, STR("")),
		&any);

	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_name);
	for (size_t i = 0; i < all.n; i++) {
		const struct str name = str_of(all.v[i].name);

		if (s->items.full || s->items.n >= IN_FLIGHT_MAX)
			return;
		if (!spool_items_has(&s->items, l->channel, name))
			spool_item_start(&s->items, l->channel, name);
	}
}

static void sweep(struct look *l, const char *which)
{
	const char *folder =
		spool_our_path(l->arena, &l->folders, which, STR(""));
	const struct want any = {0};
	struct listing all = list(l, folder, &any);

	for (size_t i = 0; i < all.n; i++)
		if (l->now_ns - all.v[i].written_ns > KEEP_NS)
			(void)unlink(spool_path(l->arena, str_of(folder),
				str_of(all.v[i].name)));
}

/* Said once, and once when it is over. */
static void tell(struct look *l)
{
	bool *sick = &l->spool->sick[l->channel->index];

	if (l->failed && !*sick)
		log_error("folder_failed", LOG_S("channel", l->channel->name),
			LOG_Z("why", l->err.text));
	else if (!l->failed && *sick)
		log_info("folder_works", LOG_S("channel", l->channel->name));
	*sick = l->failed;
}

static void look_at(struct spool *s, const struct channel *c, bool sweeping)
{
	struct look l = {
		.spool = s,
		.channel = c,
		.arena = arena_new(8192),
	};

	c->provider->spool->folders(c->state, &l.folders);
	l.failed = spool_prepare(&l.folders, l.arena, &l.err) != 0;
	if (!l.failed) {
		for (int k = 0; k < PROVIDER_FILE_KIND_N; k++)
			take_from(&l, (enum provider_file_kind)k);
		start_taken(&l);
	}
	if (!l.failed && sweeping) {
		sweep(&l, SPOOL_KNOWN);
		sweep(&l, SPOOL_GIVEN);
		sweep(&l, SPOOL_DRAFT);
	}
	tell(&l);
	arena_free(l.arena);
}

static const struct provider_spool *spool_of(
	const struct spool *s, size_t channel)
{
	return s->items.env->settings->channels[channel].provider->spool;
}

static void wake_in(struct spool *s, int64_t wait_s)
{
	const struct timeval tv = {.tv_sec = wait_s};

	event_add(s->timer, &tv);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct spool *s = arg;
	int64_t now_ms = clock_mono_us(s->items.env->clock) / 1000;
	bool sweeping = now_ms >= s->sweep_ms;
	int64_t wait_s = 0;

	(void)fd;
	(void)what;
	if (sweeping)
		s->sweep_ms = now_ms + SWEEP_MS;
	s->items.full = false;
	for (size_t i = 0; i < s->items.env->settings->channels_n; i++) {
		const struct channel *c = &s->items.env->settings->channels[i];
		int64_t poll_s;

		if (spool_of(s, i) == NULL)
			continue;
		look_at(s, c, sweeping);
		poll_s = spool_of(s, i)->poll_s(c->state);
		if (wait_s == 0 || poll_s < wait_s)
			wait_s = poll_s;
	}
	if (wait_s > 0)
		wake_in(s, wait_s);
}

void spool_use(struct spool *s)
{
	free(s->sick);
	s->sick = calloc(
		s->items.env->settings->channels_n + 1, sizeof(*s->sick));
	assert(s->sick != NULL);
	if (!s->stopped)
		wake_in(s, 0);
}

struct spool *spool_new(struct event_base *base, struct inlet_env *env)
{
	struct spool *s = calloc(1, sizeof(*s));

	assert(s != NULL);
	s->items.env = env;
	s->timer = event_new(base, -1, 0, on_timer, s);
	assert(s->timer != NULL);
	spool_use(s);
	return s;
}

void spool_stop(struct spool *s)
{
	s->stopped = true;
	event_del(s->timer);
}

void spool_free(struct spool *s)
{
	assert(s->items.n == 0);
	event_free(s->timer);
	free(s->sick);
	free(s);
}
