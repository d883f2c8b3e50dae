#ifndef GATEWAY_STORE_ASK_H
#define GATEWAY_STORE_ASK_H

#include "gateway/store/store.h"

/* A question that a text of ours puts without a text before it: it takes the
 * place of an open one of its kind to the same phone and member. */
struct ask_row {
	struct str phone;
	enum question question;
	int member_no;   /* 0: the phone's holder */
	int64_t subject; /* 0: none */
	int64_t outbox;  /* the text that asks */
	int64_t now_ms, expires_at;
};
int ask_put(struct store *s, const struct ask_row *a)
	__attribute__((warn_unused_result));
/* The open question of its kind to the same phone and member is asked no
 * more. */
int ask_drop(struct store *s, const struct ask_row *a)
	__attribute__((warn_unused_result));

#endif
