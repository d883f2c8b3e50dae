#ifndef GATEWAY_COMMANDS_TERM_H
#define GATEWAY_COMMANDS_TERM_H

#include "gateway/base/str.h"

#include <stdio.h>

/*
 * Text from outside on a terminal of 80 columns. Control characters become
 * spaces: a text must not drive the terminal. A code point is a column, but
 * for combining marks.
 */
#define TERM_COLUMNS 80

/* At most `columns` wide: cut (…). How wide it is. */
int term_cut(FILE *to, struct str s, int columns);
/* The same, padded. */
void term_cell(FILE *to, struct str s, int columns);
/* From column `at` (the cursor stands there) to the end of the line, further
 * lines begin at `at` too; breaks at spaces where it can. Ends the line. */
void term_wrap(FILE *to, struct str s, int at);

/* The same within so many columns; 0: one line. */
void term_wrap_within(FILE *to, struct str s, int at, int columns);
/* How wide it is. */
int term_width(struct str s);

#endif
