#ifndef GATEWAY_STORE_OWN_ID_H
#define GATEWAY_STORE_OWN_ID_H

#include "gateway/store/outbox.h"

/* The id under which a provider knows a text of ours: from the row, and back
 * to it. */
struct str own_id_text(const struct outbox_row *row, struct arena *a);

/* Does a row with that key (absent: none) go by it, or by its number? */
bool own_id_is_key(struct str dedupe_key);

/* What such an id says: a row that goes by this number, or by this key. */
struct own_id {
	int64_t id;     /* 0: by key */
	struct str key; /* part of the text that was read; absent: by id */
	int64_t created_at;
};

/* 0; -1: no id of ours has this form. */
int own_id_read(struct str text, struct own_id *ret)
	__attribute__((warn_unused_result));

#endif
