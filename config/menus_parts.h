#ifndef CONFIG_MENUS_PARTS_H
#define CONFIG_MENUS_PARTS_H

#include "config/menus.h"

/* What the readers of menus.yaml share. For menus*.c alone. */

struct menus_reader {
	struct arena *arena;
	struct diags *diags;
};

/* A text in both languages, with no other placeholders than these. 0 / -1. */
int menus_read_words(const struct menus_reader *r, const struct node *n,
	const char *placeholders, struct menus_words *ret)
	__attribute__((warn_unused_result));
/* A list of roles as bits. 0 / -1. */
int menus_read_roles(const struct menus_reader *r, const struct node *n,
	unsigned *ret) __attribute__((warn_unused_result));
/* Is it a list, if it is there at all? How many; -1 with a diag. */
int menus_list_n(const struct menus_reader *r, const struct node *n,
	const char *key) __attribute__((warn_unused_result));
/* One form, with its fields. 0 / -1. */
int menus_read_form(const struct menus_reader *r, const struct node *n,
	struct menus_form *ret) __attribute__((warn_unused_result));
/* Do the names in it stand for fields that are asked before? */
void menus_check_form(const struct menus_reader *r, const struct menus_form *f);

#endif
