#ifndef GATEWAY_WRITER_H
#define GATEWAY_WRITER_H

#include "gateway/job.h"
#include "gateway/metrics.h"

/*
 * The writer thread: the one write connection. See design.md §4.
 */
struct writer;

struct writer_options {
	size_t mailbox;      /* jobs that may be outstanding */
	size_t batch_max;    /* jobs in one transaction */
	struct mailbox *out; /* the loop's; has room for every job */
	struct metrics *metrics;
};

/* Takes the store. */
struct writer *writer_start(struct store *s, const struct writer_options *o);
/* Takes the job; -1 when too many are outstanding: answer 503. Loop only. */
int writer_post(struct writer *w, struct job *j)
	__attribute__((warn_unused_result));
/* Posted and not yet finished by the loop (job_finish). */
size_t writer_outstanding(const struct writer *w);
/* Runs what is queued, then ends the thread and closes the store. Its jobs
 * can still be collected; posts are refused. */
void writer_stop(struct writer *w);
/* Stopped, and every job collected. */
void writer_free(struct writer *w);
/* Not stopped by an error that only a restart could mend. */
bool writer_is_well(const struct writer *w);

#endif
