#ifndef GATEWAY_JOB_H
#define GATEWAY_JOB_H

#include "gateway/base/mailbox.h"
#include "gateway/store/store.h"

/*
 * A piece of work for the writer or the reader. run() is called on that
 * thread, inside a transaction, and may be called again after its batch was
 * lost: it must set its results afresh each time. done() is called on the
 * loop, once, after the commit (or the failure) is certain.
 */
enum job_status {
	JOB_OK,
	JOB_FAILED /* rolled back: the fault is ours, nothing was stored */
};

struct job {
	struct mail mail; /* first: a job is its own mail */
	int (*run)(struct job *j, struct store *s); /* 0, or -1: roll back */
	void (*done)(struct job *j);
	enum job_status status;
	size_t messages;     /* MO texts in it, for the commit histogram */
	size_t *outstanding; /* its thread's count; the loop's to decrement */
};

/* The loop's side of a finished job. */
static inline void job_finish(struct job *j)
{
	--*j->outstanding;
	j->done(j);
}

#endif
