/*
 * poison - may this body be read, and in what company?
 *
 * A body's digest stands in the file from before it is parsed until its
 * commit is certain. At start-up a digest found there is a suspect (perhaps
 * innocent: the process was killed, or another text did it).
 *
 *   FREE -> RUNNING        it is being read, others beside it
 *   RUNNING -> SUSPECT     the process died meanwhile
 *   SUSPECT -> ALONE       it came again and is read with nothing else
 *   ALONE -> CONDEMNED     the process died again: stored unread from now on
 *   RUNNING, ALONE -> FREE its commit is certain
 *
 * Suspects that nobody brings again are dropped after a week; providers give
 * up within days (providers.md §3).
 */
#include "gateway/poison.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x314e4f53494f5042) /* "BPOISON1" */
#define SUSPECT_MS (INT64_C(7) * 86400000)

enum slot_state { FREE, RUNNING, SUSPECT, ALONE, CONDEMNED };

struct slot {
	unsigned char digest[32];
	int64_t at_ms;
	uint32_t state;
	uint32_t unused;
};

struct file {
	uint64_t magic;
	uint64_t unused[5];
	struct slot slot[POISON_SLOTS];
};

struct poison {
	struct file *file;
	int free[POISON_SLOTS]; /* a stack of free slots */
	size_t free_n;
	int marked[POISON_SLOTS]; /* slots that are SUSPECT or CONDEMNED */
	size_t marked_n;
};

static void inherit(struct slot *s, int64_t now_ms)
{
	if (s->state == RUNNING)
		s->state = SUSPECT;
	else if (s->state == ALONE)
		s->state = CONDEMNED;
	if (s->state > CONDEMNED ||
		(s->state == SUSPECT && s->at_ms < now_ms - SUSPECT_MS))
		s->state = FREE;
}

/* Index into marked, or -1. Hardly ever is anything marked. */
static int find_marked(const struct poison *p, const struct digest *d)
{
	for (size_t i = 0; i < p->marked_n; i++)
		if (memcmp(p->file->slot[p->marked[i]].digest, d->b, 32) == 0)
			return (int)i;
	return -1;
}

/* Copies of one body that were under way together are one suspect. */
static void mark(struct poison *p, int slot)
{
	struct slot *s = &p->file->slot[slot];
	struct digest d = {.n = sizeof(s->digest)};
	int i;

	memcpy(d.b, s->digest, sizeof(s->digest));
	i = find_marked(p, &d);
	if (i < 0) {
		p->marked[p->marked_n++] = slot;
		return;
	}
	if (s->state == CONDEMNED)
		p->file->slot[p->marked[i]].state = CONDEMNED;
	s->state = FREE;
	p->free[p->free_n++] = slot;
}

static void take_stock(struct poison *p, int64_t now_ms)
{
	if (p->file->magic != MAGIC) {
		memset(p->file, 0, sizeof(*p->file));
		p->file->magic = MAGIC;
	}
	for (int i = POISON_SLOTS - 1; i >= 0; i--) {
		inherit(&p->file->slot[i], now_ms);
		if (p->file->slot[i].state == FREE)
			p->free[p->free_n++] = i;
		else
			mark(p, i);
	}
}

struct poison *poison_open(const char *path, int64_t now_ms, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	/* With its blocks: a hole on a full disk would be a SIGBUS later. */
	int no = fd < 0 ? errno : posix_fallocate(fd, 0, sizeof(struct file));
	struct poison *p;
	void *map;

	if (no != 0) {
		err_set(err, "%s: %s", path, strerror(no));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	map = mmap(NULL, sizeof(struct file), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED) {
		err_set(err, "%s: %s", path, strerror(errno));
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	assert(p != NULL);
	p->file = map;
	take_stock(p, now_ms);
	return p;
}

void poison_close(struct poison *p)
{
	if (p == NULL)
		return;
	munmap(p->file, sizeof(*p->file));
	free(p);
}

size_t poison_suspects(const struct poison *p)
{
	return p->marked_n;
}

enum poison_look poison_look(const struct poison *p, const struct digest *d)
{
	int i = find_marked(p, d);

	if (i < 0)
		return POISON_CLEAN;
	return p->file->slot[p->marked[i]].state == CONDEMNED ? POISON_CONDEMNED
							      : POISON_SUSPECT;
}

int poison_enter(
	struct poison *p, const struct digest *d, bool alone, int64_t now_ms)
{
	int i = find_marked(p, d);
	int slot;

	assert(d->n == 32);
	if (i >= 0) {
		slot = p->marked[i];
		p->marked[i] = p->marked[--p->marked_n];
	} else if (p->free_n > 0) {
		slot = p->free[--p->free_n];
	} else {
		return -1;
	}
	memcpy(p->file->slot[slot].digest, d->b, 32);
	p->file->slot[slot].at_ms = now_ms;
	p->file->slot[slot].state = alone ? ALONE : RUNNING;
	return slot;
}

void poison_leave(struct poison *p, int slot)
{
	p->file->slot[slot].state = FREE;
	p->free[p->free_n++] = slot;
}
