#ifndef GATEWAY_READER_H
#define GATEWAY_READER_H

#include "gateway/job.h"

/*
 * The reader thread: a read-only connection for what would delay a webhook.
 * Jobs run one by one, outside of transactions.
 */
struct reader;

/* Takes the store; out is the loop's mailbox, with room for every job. */
struct reader *reader_start(
	struct store *s, size_t mailbox, struct mailbox *out);
int reader_post(struct reader *r, struct job *j)
	__attribute__((warn_unused_result)); /* -1: full */
/* As writer_stop and writer_free. */
void reader_stop(struct reader *r);
void reader_free(struct reader *r);

#endif
