#ifndef GATEWAY_BASE_MAILBOX_H
#define GATEWAY_BASE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A bounded queue between two threads, with an eventfd to wait on. Items are
 * intrusive links, so posting allocates nothing. Its lock is the only mutex
 * of the program.
 */
struct mail {
	struct mail *next;
};

struct mailbox;

struct mailbox *mailbox_new(size_t cap);
void mailbox_free(struct mailbox *m); /* does not free what is still in it */
/* Takes the item; -1 when full or closed (then the item stays yours). */
int mailbox_post(struct mailbox *m, struct mail *item)
	__attribute__((warn_unused_result));
/* All that is there, oldest first, linked; NULL when empty. Never blocks. */
struct mail *mailbox_take(struct mailbox *m);
/* As mailbox_take, but waits for the first item; NULL only once closed. */
struct mail *mailbox_wait(struct mailbox *m);
/* No more posts; a waiting reader gets what is left, then NULL. */
void mailbox_close(struct mailbox *m);
/*
 * Readable while something is there; for an event loop. A mailbox whose
 * descriptor was never asked for spends no system call on it.
 */
int mailbox_fd(struct mailbox *m);
size_t mailbox_len(struct mailbox *m);

#endif
