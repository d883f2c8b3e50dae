/*
 * writer - what becomes durable, and in which order?
 *
 * Its own thread owns the write connection. It drains its mailbox, opens one
 * transaction for what it found (at most batch_max jobs), runs them, commits
 * once and only then hands the jobs back to the loop. When a job fails, the
 * batch is rolled back: those before it are run and committed again, it runs
 * in a transaction of its own, then those behind it. (A savepoint a job would
 * copy every page that each job touches, against what hardly ever happens.)
 * When the commit fails, each is run alone. What still fails is handed back
 * as failed, which the loop answers with 503.
 */
#include "gateway/writer.h"

#include "gateway/base/fault.h"
#include "gateway/base/log.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct writer {
	pthread_t thread;
	struct store *store;
	struct mailbox *in;
	struct writer_options opt;
	size_t outstanding; /* the loop's: posted and not yet collected */
	atomic_bool sick;
};

static struct job *job_of(struct mail *m)
{
	return (struct job *)m;
}

static int commit(struct writer *w)
{
	int rc;

	fault_point("commit-before");
	rc = store_commit(w->store);
	if (rc != 0) {
		log_error("commit_failed", LOG_Z("why", store_error(w->store)));
		store_rollback(w->store);
	}
	atomic_store(&w->sick, rc != 0);
	fault_point("commit-after");
	return rc;
}

/* A job may take itself back, as a preview does: the store has no fault then.
 */
static void tell_taken_back(const struct writer *w, const char *event)
{
	const char *why = store_error(w->store);

	if (why[0] != '\0')
		log_error(event, LOG_Z("why", why));
	else
		log_info("taken_back", LOG_Z("why", "a preview, or refused"));
}

/* -1: nothing of it was stored, for *bad failed; end: all ran, or none. */
static int run_batch(struct writer *w, struct mail *first, struct mail *end,
	struct mail **bad)
{
	*bad = end;
	if (store_begin(w->store) != 0)
		return -1;
	for (struct mail *m = first; m != end; m = m->next) {
		struct job *j = job_of(m);

		j->status = JOB_OK;
		if (j->run(j, w->store) == 0)
			continue;
		tell_taken_back(w, "batch_lost");
		store_rollback(w->store);
		*bad = m;
		return -1;
	}
	return commit(w);
}

/* One job in a transaction of its own. */
static void run_alone(struct writer *w, struct job *j)
{
	j->status = JOB_FAILED;
	if (store_begin(w->store) != 0) {
		log_error("begin_failed", LOG_Z("why", store_error(w->store)));
		store_rollback(w->store);
		atomic_store(&w->sick, true);
		return;
	}
	if (j->run(j, w->store) != 0) {
		tell_taken_back(w, "job_failed");
		store_rollback(w->store);
		return;
	}
	if (commit(w) == 0)
		j->status = JOB_OK;
}

static struct mail *after(struct mail *m, size_t n)
{
	while (m != NULL && n-- > 0)
		m = m->next;
	return m;
}

static void hand_back(struct writer *w, struct mail *first, struct mail *end)
{
	size_t messages = 0;

	/* Counted before anybody is answered. */
	for (struct mail *m = first; m != end; m = m->next)
		if (job_of(m)->status == JOB_OK)
			messages += job_of(m)->messages;
	if (messages > 0)
		metrics_observe_commit(w->opt.metrics, messages);
	for (struct mail *m = first, *next; m != end; m = next) {
		int rc;

		next = m->next;
		rc = mailbox_post(w->opt.out, m);
		assert(rc == 0); /* it has room for every outstanding job */
	}
}

static void run_each(struct writer *w, struct mail *first, struct mail *end)
{
	for (struct mail *m = first; m != end; m = m->next)
		run_alone(w, job_of(m));
}

/* Runs all up to a bad job, and it; returns what is still to be run. */
static struct mail *run_some(
	struct writer *w, struct mail *first, struct mail *end)
{
	struct mail *bad, *worse;

	if (first->next == end) {
		run_alone(w, job_of(first));
		return end;
	}
	if (run_batch(w, first, end, &bad) == 0)
		return end;
	if (bad == end || (first != bad && run_batch(w, first, bad, &worse)))
		run_each(w, first, bad);
	if (bad == end)
		return end;
	run_alone(w, job_of(bad));
	return bad->next;
}

static void work(struct writer *w, struct mail *first, struct mail *end)
{
	for (struct mail *m = first; m != end;)
		m = run_some(w, m, end);
	hand_back(w, first, end);
}

static void *writer_main(void *arg)
{
	struct writer *w = arg;
	struct mail *m;

	while ((m = mailbox_wait(w->in)) != NULL) {
		while (m != NULL) {
			struct mail *end = after(m, w->opt.batch_max);

			work(w, m, end);
			m = end;
		}
	}
	return NULL;
}

struct writer *writer_start(struct store *s, const struct writer_options *o)
{
	struct writer *w = calloc(1, sizeof(*w));
	int rc;

	assert(w != NULL && o->batch_max > 0);
	w->store = s;
	w->opt = *o;
	w->in = mailbox_new(o->mailbox);
	atomic_init(&w->sick, false);
	rc = pthread_create(&w->thread, NULL, writer_main, w);
	if (rc != 0)
		die("cannot start the writer thread: %s", strerror(rc));
	return w;
}

int writer_post(struct writer *w, struct job *j)
{
	if (w->outstanding >= w->opt.mailbox)
		return -1;
	j->outstanding = &w->outstanding;
	if (mailbox_post(w->in, &j->mail) != 0)
		return -1;
	w->outstanding++;
	return 0;
}

size_t writer_outstanding(const struct writer *w)
{
	return w->outstanding;
}

void writer_stop(struct writer *w)
{
	mailbox_close(w->in);
	pthread_join(w->thread, NULL);
	store_close(w->store);
}

void writer_free(struct writer *w)
{
	assert(w->outstanding == 0);
	mailbox_free(w->in);
	free(w);
}

bool writer_is_well(const struct writer *w)
{
	return !atomic_load(&w->sick);
}
