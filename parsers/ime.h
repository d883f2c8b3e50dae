#ifndef PARSERS_IME_H
#define PARSERS_IME_H

#include "gateway/base/str.h"

#define IME_LETTERS_MAX 12
#define IME_BYTES_MAX 60 /* five a letter, with its marks */

/*
 * What an input method that was off has left: vawngs (Telex), va81ng (VNI),
 * va('ng (VIQR, of which only the dot: ho.p). chunk: folded, without blanks.
 * The word with its marks, as UTF-8, not composed; its length, or 0: nothing
 * of that method is in it, or it makes no syllable.
 */
size_t ime_telex(struct str chunk, char ret[static IME_BYTES_MAX]);
size_t ime_vni(struct str chunk, char ret[static IME_BYTES_MAX]);

#endif
