#ifndef GATEWAY_STORE_BROADCAST_H
#define GATEWAY_STORE_BROADCAST_H

#include "gateway/store/store.h"

/* Texts of staff to many. Writing inside the caller's transaction. */
struct broadcast {
	int64_t id, unit_id;
	struct str unit; /* code; not to put */
	struct str to;   /* "secretaries", "away", "all" */
	struct str text;
	struct str state; /* running, done, cancelled, expired */
	struct str by;    /* phone; absent: a command */
	struct str after; /* the last phone that was looked at; "": none */
	int64_t queued;   /* texts so far */
	int64_t created_at;
	int64_t message_id; /* that asked for it; 0: none */
};
int broadcast_put(struct store *s, const struct broadcast *b, int64_t *ret_id)
	__attribute__((warn_unused_result));
/* "broadcast away", for the audit. */
const char *broadcast_act(struct str to, struct arena *a);
/* 1, 0 (there is none), -1. */
int broadcast_find(struct store *s, int64_t id, struct arena *a,
	struct broadcast *ret) __attribute__((warn_unused_result));
/* It is as far as that phone, with so many texts more. */
int broadcast_move(struct store *s, int64_t id, struct str after,
	int64_t queued) __attribute__((warn_unused_result));
/* *ret false: it had ended before. */
int broadcast_end(struct store *s, int64_t id, const char *state,
	int64_t now_ms, bool *ret) __attribute__((warn_unused_result));

struct broadcast_list {
	struct broadcast *v;
	size_t n;
};
/* The newest, at most max. */
int broadcast_list(struct store *s, size_t max, struct arena *a,
	struct broadcast_list *ret) __attribute__((warn_unused_result));

/* How its texts stand: queued, left (sent, delivered), neither. */
struct broadcast_texts {
	int64_t waiting, left, ended;
};
int broadcast_texts(struct store *s, int64_t id, struct broadcast_texts *ret)
	__attribute__((warn_unused_result));
/* Cancels those that wait, by hand; *ret_n: how many. */
int broadcast_cancel_texts(struct store *s, int64_t id, int64_t now_ms,
	struct arena *a, int64_t *ret_n) __attribute__((warn_unused_result));

#endif
