#ifndef GATEWAY_PROVIDERS_CHARSET_H
#define GATEWAY_PROVIDERS_CHARSET_H

#include "gateway/base/arena.h"

/*
 * The text that raw bytes stand for under a character set's name, in UTF-8.
 * Names compare without case and punctuation ("utf-16be", "ISO_8859-1").
 * Known: UTF-8, ASCII, UTF-16 and UCS-2 of either order (big-endian where the
 * name and the first character leave it open), ISO-8859-1 (read as
 * WINDOWS-1252, which it mostly is), ISO-8859-15, WINDOWS-1252, WINDOWS-1258,
 * VISCII, TCVN and GSM 03.38 with a septet in each byte. What stands for no
 * character becomes U+FFFD; UTF-8 is given back as it came, checked by
 * nobody. 0; -1: a name that nobody knows, and *ret is untouched.
 */
int charset_decode(struct str name, struct str raw, struct arena *a,
	struct str *ret) __attribute__((warn_unused_result));

/*
 * Bytes whose character set nobody knows, kept readable: as they are if they
 * are UTF-8 without control characters, else ASCII with \xE9 for each byte
 * that is not. Nothing is lost, and everybody sees that something is odd.
 */
struct str charset_escape(struct str raw, struct arena *a);

/* UTF-8 as UTF-16BE bytes; what is no UTF-8 becomes U+FFFD. */
struct str charset_utf16be(struct str utf8, struct arena *a);

#endif
