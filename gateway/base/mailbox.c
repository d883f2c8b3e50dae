/*
 * mailbox - how does one thread hand work to another?
 *
 * A linked queue under one mutex. A reader either blocks in mailbox_wait (the
 * writer and reader threads) or watches the eventfd and calls mailbox_take
 * (the loop). The eventfd is written when the queue turns non-empty and read
 * back when it is emptied, both under the lock, so that it is readable exactly
 * while something is there and no wake-up can be lost. Any thread.
 *
 *   open -> closed   mailbox_close; what is queued can still be taken
 */
#include "gateway/base/mailbox.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mailbox {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct mail *first, **last;
	size_t n, cap;
	int fd;
	bool watched; /* somebody asked for fd */
	bool closed;
};

static void lock(struct mailbox *m)
{
	int e = pthread_mutex_lock(&m->lock);

	assert(e == 0);
}

static void unlock(struct mailbox *m)
{
	int e = pthread_mutex_unlock(&m->lock);

	assert(e == 0);
}

/* An eventfd of ours is far from its limits: neither call can block or fail. */
static void fd_raise(struct mailbox *m)
{
	const uint64_t one = 1;
	ssize_t n;

	do
		n = write(m->fd, &one, sizeof(one));
	while (n < 0 && errno == EINTR);
	assert(n == sizeof(one));
}

static void fd_clear(struct mailbox *m)
{
	uint64_t count;
	ssize_t n;

	do
		n = read(m->fd, &count, sizeof(count));
	while (n < 0 && errno == EINTR);
	assert(n == sizeof(count));
}

struct mailbox *mailbox_new(size_t cap)
{
	struct mailbox *m = calloc(1, sizeof(*m));

	assert(cap > 0);
	if (m == NULL)
		abort();
	m->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (m->fd < 0 || pthread_mutex_init(&m->lock, NULL) != 0 ||
		pthread_cond_init(&m->filled, NULL) != 0)
		abort();
	m->last = &m->first;
	m->cap = cap;
	return m;
}

void mailbox_free(struct mailbox *m)
{
	if (m == NULL)
		return;
	(void)close(m->fd);
	(void)pthread_cond_destroy(&m->filled);
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

int mailbox_post(struct mailbox *m, struct mail *item)
{
	int rc = -1;

	lock(m);
	if (!m->closed && m->n < m->cap) {
		item->next = NULL;
		*m->last = item;
		m->last = &item->next;
		if (m->n++ == 0) {
			(void)pthread_cond_signal(&m->filled);
			if (m->watched)
				fd_raise(m);
		}
		rc = 0;
	}
	unlock(m);
	return rc;
}

static struct mail *take_locked(struct mailbox *m)
{
	struct mail *all = m->first;

	if (all == NULL)
		return NULL;
	m->first = NULL;
	m->last = &m->first;
	m->n = 0;
	if (m->watched)
		fd_clear(m);
	return all;
}

struct mail *mailbox_take(struct mailbox *m)
{
	struct mail *all;

	lock(m);
	all = take_locked(m);
	unlock(m);
	return all;
}

struct mail *mailbox_wait(struct mailbox *m)
{
	struct mail *all;

	lock(m);
	while (m->n == 0 && !m->closed)
		(void)pthread_cond_wait(&m->filled, &m->lock);
	all = take_locked(m);
	unlock(m);
	return all;
}

void mailbox_close(struct mailbox *m)
{
	lock(m);
	m->closed = true;
	(void)pthread_cond_broadcast(&m->filled);
	unlock(m);
}

int mailbox_fd(struct mailbox *m)
{
	lock(m);
	if (!m->watched) {
		m->watched = true;
		if (m->n > 0)
			fd_raise(m);
	}
	unlock(m);
	return m->fd;
}

size_t mailbox_len(struct mailbox *m)
{
	size_t n;

	lock(m);
	n = m->n;
	unlock(m);
	return n;
}
