#ifndef PARSERS_MOJIBAKE_H
#define PARSERS_MOJIBAKE_H

#include "gateway/base/arena.h"

/*
 * UTF-8 that was read as Latin-1 or Windows-1252 on its way ("há»p"), put
 * right: the text in the arena. false: it is not that, or nothing is gained.
 */
bool mojibake_mend(struct str text, struct arena *a, struct str *ret);
/*
 * Letters lost on the way: "H?p", U+FFFD. What is left may be read, but says
 * less than was typed.
 */
bool mojibake_has_holes(struct str text);

#endif
