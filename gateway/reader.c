/*
 * reader - what does the database hold, without delaying a webhook?
 *
 * Its own thread and read-only connection. A query has two seconds (the store
 * interrupts it); a failed job is handed back as failed.
 */
#include "gateway/reader.h"

#include "gateway/base/log.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct reader {
	pthread_t thread;
	struct store *store;
	struct mailbox *in, *out;
	size_t max, outstanding;
};

static void work(struct reader *r, struct job *j)
{
	int rc;

	j->status = j->run(j, r->store) == 0 ? JOB_OK : JOB_FAILED;
	rc = mailbox_post(r->out, &j->mail);
	assert(rc == 0);
}

static void *reader_main(void *arg)
{
	struct reader *r = arg;
	struct mail *m, *next;

	while ((m = mailbox_wait(r->in)) != NULL) {
		for (; m != NULL; m = next) {
			next = m->next;
			work(r, (struct job *)m);
		}
	}
	return NULL;
}

struct reader *reader_start(
	struct store *s, size_t mailbox, struct mailbox *out)
{
	struct reader *r = calloc(1, sizeof(*r));
	int rc;

	assert(r != NULL);
	r->store = s;
	r->out = out;
	r->max = mailbox;
	r->in = mailbox_new(mailbox);
	rc = pthread_create(&r->thread, NULL, reader_main, r);
	if (rc != 0)
		die("cannot start the reader thread: %s", strerror(rc));
	return r;
}

int reader_post(struct reader *r, struct job *j)
{
	if (r->outstanding >= r->max)
		return -1;
	j->outstanding = &r->outstanding;
	if (mailbox_post(r->in, &j->mail) != 0)
		return -1;
	r->outstanding++;
	return 0;
}

void reader_stop(struct reader *r)
{
	mailbox_close(r->in);
	pthread_join(r->thread, NULL);
	store_close(r->store);
}

void reader_free(struct reader *r)
{
	assert(r->outstanding == 0);
	mailbox_free(r->in);
	free(r);
}
