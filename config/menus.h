#ifndef CONFIG_MENUS_H
#define CONFIG_MENUS_H

#include "config/node.h"

/*
 * The forms by which people are led: fields, prompts, checks, defaults,
 * choices, who sees which. One definition for USSD and SMS. Immutable.
 */
struct menus;

/* NULL when anything is wrong; all of it is in d. */
struct menus *menus_load(struct str file, struct str text, struct diags *d);
void menus_free(struct menus *m); /* NULL is fine */

#endif
