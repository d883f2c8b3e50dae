#ifndef GATEWAY_MODEL_MODEM_H
#define GATEWAY_MODEL_MODEM_H

#include "gateway/base/str.h"

/*
 * What is exchanged with the daemon of a modem through its own database
 * (gammu-smsd). Strings are borrowed.
 */
struct modem_source {
	struct str database; /* file */
	struct str phone_id; /* empty: all that is in it */
	int64_t poll_s;      /* between two looks */
	int64_t away_s; /* silent for so long, the modem is gone; 0: never */
};

/* One SMS of an outgoing text. */
struct modem_part {
	struct str text; /* UTF-8 */
	struct str hex;  /* the same as UTF-16BE, in hexadecimal */
	struct str udh;  /* hexadecimal; empty: the text has no other part */
};

#define MODEM_PARTS_MAX 50 /* gammu sends no more in one text */

struct modem_out {
	struct str creator; /* ours, the same on each try */
	struct str to;
	struct str sender; /* which modem; empty: any */
	const char *coding;
	int validity; /* TP-VP relative, 0…255 */
	bool report;
	const struct modem_part *parts; /* 1…MODEM_PARTS_MAX */
	size_t parts_n;
};

#endif
