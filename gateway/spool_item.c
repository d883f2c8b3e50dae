/*
 * spool_item - one taken file: what does it say, and may it go now?
 *
 *   taken -> read (poison guard, as a callback) -> committed -> deleted
 *         -> put aside (nobody can read it)
 *         -> left: the writer is full, the commit failed, it may still be
 *            being written, or the text that it reports on is not known yet
 *
 * What is left is found again by the next look, after a crash too: its commit
 * is then a repeat, for the id of a text is made of the file's name and
 * content. Loop thread; everything lives in the item's arena.
 */
#include "gateway/spool_item.h"

#include "gateway/base/clock.h"
#include "gateway/base/fault.h"
#include "gateway/base/log.h"
#include "gateway/spool_folders.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX ((size_t)256 << 10)
#define NAME_KEPT_MAX ((size_t)200) /* with ours in front it fits 255 */
#define STAMP_LEN ((size_t)16)
/* For its writer to finish it, and for the text that it reports on. */
#define GRACE_MS 60000

/* Reports come after what they are about. */
static const char kind_letter[PROVIDER_FILE_KIND_N] = {
	[PROVIDER_FILE_SENT] = 'a',
	[PROVIDER_FILE_FAILED] = 'b',
	[PROVIDER_FILE_REPORT] = 'c',
	[PROVIDER_FILE_IN] = 'd',
};

struct spool_item {
	struct inlet inlet; /* first */
	struct spool_items *all;
	struct spool_item *next, **prev;
	struct provider_folders folders;
	struct provider_request request;
	struct provider_file file;
	struct str taken; /* its name in our folder */
};

const char *spool_taken_name(struct arena *a, const struct spool_taken *t)
{
	struct str name = str_part(t->name, 0, NAME_KEPT_MAX);

	return arena_printf(a, "%c%016llx." STR_FMT, kind_letter[t->kind],
		(unsigned long long)t->written_ns, STR_ARG(name))
		.p;
}

static int read_stamp(struct str s, int64_t *ret)
{
	unsigned long long v = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (c >= '0' && c <= '9')
			v = v * 16 + (unsigned int)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (unsigned int)(c - 'a' + 10);
		else
			return -1;
	}
	*ret = (int64_t)v;
	return 0;
}

int spool_taken_read(struct str taken, struct spool_taken *ret)
{
	const struct str name = str_from(taken, STAMP_LEN + 2);
	size_t kind = 0;

	if (name.n == 0 || taken.p[STAMP_LEN + 1] != '.')
		return -1;
	while (kind < PROVIDER_FILE_KIND_N && kind_letter[kind] != taken.p[0])
		kind++;
	if (kind == PROVIDER_FILE_KIND_N)
		return -1;
	ret->kind = (enum provider_file_kind)kind;
	ret->name = name;
	return read_stamp(str_part(taken, 1, STAMP_LEN), &ret->written_ns);
}

bool spool_items_has(const struct spool_items *all, const struct channel *c,
	struct str taken)
{
	for (const struct spool_item *x = all->first; x != NULL; x = x->next)
		if (str_eq(x->taken, taken) &&
			str_eq(x->inlet.channel->name, c->name))
			return true;
	return false;
}

static const char *path_of(
	const struct spool_item *x, const char *which, struct str name)
{
	return spool_our_path(x->inlet.arena, &x->folders, which, name);
}

/* Names that a provider made of what it read. */
static bool is_name(struct str s)
{
	return s.n > 0 && s.n <= NAME_KEPT_MAX && s.p[0] != '.' &&
	       str_find_byte(s, '/', 0) < 0 && str_find_byte(s, '\0', 0) < 0;
}

static void put_aside(struct spool_item *x, const char *why)
{
	log_error("file_refused", LOG_S("channel", x->inlet.channel->name),
		LOG_S("file", x->taken), LOG_Z("why", why));
	metrics_add(x->all->env->metrics, METRIC_FILES_REFUSED, 1);
	if (rename(path_of(x, SPOOL_TAKEN, x->taken),
		    path_of(x, SPOOL_REFUSED, x->taken)) != 0)
		log_error("file_stuck", LOG_S("file", x->taken),
			LOG_Z("why", strerror(errno)));
}

/* By one more name, which replaces an older file's. Done again after a crash.
 */
static void remember(const struct spool_item *x, struct str key)
{
	const char *file = path_of(x, SPOOL_TAKEN, x->taken);
	const char *fresh = path_of(x, SPOOL_KNOWN, x->taken);

	assert(is_name(key));
	if ((link(file, fresh) != 0 && errno != EEXIST) ||
		rename(fresh, path_of(x, SPOOL_KNOWN, key)) != 0)
		log_warn("file_unknown", LOG_S("file", x->taken),
			LOG_Z("why", strerror(errno)));
	/* Two names of one file: then rename leaves both. */
	(void)unlink(fresh);
}

/* What it says is committed. */
static void finish(struct spool_item *x)
{
	const struct provider_inbound *in = &x->inlet.in;

	fault_point("file-committed");
	for (size_t i = 0; i < in->keys_n; i++)
		remember(x, in->keys[i]);
	if (unlink(path_of(x, SPOOL_TAKEN, x->taken)) != 0)
		log_error("file_stuck", LOG_S("file", x->taken),
			LOG_Z("why", strerror(errno)));
	metrics_add(x->all->env->metrics, METRIC_FILES_TAKEN, 1);
	fault_point("file-deleted");
}

static void forget(struct spool_item *x)
{
	*x->prev = x->next;
	if (x->next != NULL)
		x->next->prev = x->prev;
	x->all->n--;
	settings_unref(x->inlet.settings);
	arena_free(x->inlet.arena);
	free(x);
}

static void on_ended(struct inlet *in, enum inlet_fate fate)
{
	struct spool_item *x = (struct spool_item *)in;

	switch (fate) {
	case INLET_STORED:
		finish(x);
		break;
	case INLET_UNREADABLE:
		put_aside(x, in->in.err.text);
		break;
	case INLET_BUSY:
		/* At once, and not for what the file is: nobody goes now. */
		if (x->all->starting == x && in->in.event != PROVIDER_LATER)
			x->all->full = true;
		break;
	}
	forget(x);
}

static struct str known(void *arg, struct str key, struct arena *a)
{
	const struct spool_item *x = arg;
	struct str bytes = {NULL, 0};
	const char *path;

	assert(is_name(key));
	path = path_of(x, SPOOL_KNOWN, key);
	if (access(path, R_OK) == 0 &&
		config_read_file(path, FILE_MAX, a, &bytes, NULL) != 0)
		log_warn("file_unknown", LOG_S("file", key));
	return bytes;
}

static struct spool_item *item_new(
	struct spool_items *all, const struct channel *c, struct str taken)
{
	struct spool_item *x = calloc(1, sizeof(*x));

	assert(x != NULL);
	x->all = all;
	x->request.now_ms = clock_wall_ms(all->env->clock);
	x->request.file = &x->file;
	x->inlet = (struct inlet){
		.env = all->env,
		.channel = c,
		.settings = settings_ref(all->env->settings),
		.request = &x->request,
		.arena = arena_new(4096),
		.ended = on_ended,
	};
	x->taken = arena_str(x->inlet.arena, taken);
	c->provider->spool->folders(c->state, &x->folders);
	x->next = all->first;
	x->prev = &all->first;
	if (x->next != NULL)
		x->next->prev = &x->next;
	all->first = x;
	all->n++;
	return x;
}

static int read_file(struct spool_item *x, struct err *err)
{
	struct spool_taken t;
	int64_t age_ms;

	if (spool_taken_read(x->taken, &t) != 0)
		return err_set(err, "its name is none of ours");
	age_ms = x->request.now_ms - t.written_ns / 1000000;
	x->file = (struct provider_file){
		.kind = t.kind,
		.name = t.name,
		.fresh = age_ms >= 0 && age_ms < GRACE_MS,
		.known = known,
		.arg = x,
	};
	return config_read_file(path_of(x, SPOOL_TAKEN, x->taken), FILE_MAX,
		x->inlet.arena, &x->request.body, err);
}

void spool_item_start(
	struct spool_items *all, const struct channel *c, struct str taken)
{
	struct spool_item *x = item_new(all, c, taken);
	struct err err;

	if (read_file(x, &err) != 0) {
		put_aside(x, err.text);
		forget(x);
		return;
	}
	all->starting = x;
	inlet_enter(&x->inlet);
	all->starting = NULL;
}
