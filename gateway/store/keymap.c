/*
 * keymap - on which line did this key stand before?
 *
 * Open addressing with linear probing, at most half full. Keys are borrowed
 * from the arena that the map lives in. For an import, which knows how many
 * rows it has. Any thread.
 */
#include "gateway/store/keymap.h"

#include <assert.h>

void keymap_init(struct keymap *m, struct arena *a, size_t n_max)
{
	size_t cap = 16;

	while (cap < 2 * n_max)
		cap *= 2;
	*m = (struct keymap){
		.slots = ARENA_ARRAY(a, struct keymap_slot, cap),
		.mask = cap - 1,
	};
}

/* The slot that holds the key, or the free one that would. */
static struct keymap_slot *slot_of(const struct keymap *m, struct str key)
{
	size_t i = (size_t)str_hash(key) & m->mask;

	while (m->slots[i].key.p != NULL && !str_eq(m->slots[i].key, key))
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

size_t keymap_add(struct keymap *m, struct str key, size_t value)
{
	struct keymap_slot *slot = slot_of(m, key);

	assert(key.p != NULL && 2 * m->n <= m->mask + 1);
	if (slot->key.p != NULL)
		return slot->value;
	*slot = (struct keymap_slot){.key = key, .value = value};
	m->n++;
	return KEYMAP_NONE;
}

size_t keymap_get(const struct keymap *m, struct str key)
{
	const struct keymap_slot *slot = slot_of(m, key);

	return slot->key.p != NULL ? slot->value : KEYMAP_NONE;
}
