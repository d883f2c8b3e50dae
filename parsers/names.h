#ifndef PARSERS_NAMES_H
#define PARSERS_NAMES_H

#include "parsers/lex.h"

/* What a word may be in a person's name; symbols of vocabulary.names. */
enum name_part { NAMES_FIRST = 1, NAMES_MIDDLE };

/*
 * A full name (Quàng Thị Xóm, Mùa A Pâng) at tokens[at]: how many tokens it
 * has; 0: none stands there.
 */
size_t names_match(const struct vocabulary *v, const struct normal *t,
	struct tokens tokens, size_t at);

#endif
