#ifndef GATEWAY_STORE_KEYMAP_H
#define GATEWAY_STORE_KEYMAP_H

#include "gateway/base/arena.h"

#define KEYMAP_NONE SIZE_MAX

struct keymap_slot {
	struct str key;
	size_t value;
};

/* Key → index, of a size that is known before; in an arena. */
struct keymap {
	struct keymap_slot *slots;
	size_t mask, n;
};

/* Room for n_max keys; more are our own bug. */
void keymap_init(struct keymap *m, struct arena *a, size_t n_max);
/* KEYMAP_NONE: was not there and now is. Else the value it has; unchanged. */
size_t keymap_add(struct keymap *m, struct str key, size_t value);
/* KEYMAP_NONE: not there. */
size_t keymap_get(const struct keymap *m, struct str key);

#endif
