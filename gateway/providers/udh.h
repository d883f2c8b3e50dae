#ifndef GATEWAY_PROVIDERS_UDH_H
#define GATEWAY_PROVIDERS_UDH_H

#include "gateway/base/arena.h"
#include "gateway/model/message.h"

/*
 * Fills part_ref, part_no and part_total from a user data header as raw bytes
 * (its own length first): 3GPP TS 23.040 §9.2.3.24.1 and .8, concatenation
 * under an 8-bit or a 16-bit reference. part_ref is its two or four hex
 * digits, so that the two kinds never meet. A header without such an element,
 * a broken one, or one of a single part leaves the message whole. If both
 * kinds stand there the last one counts (§9.2.3.24).
 */
void udh_read(struct str udh, struct arena *a, struct message *m);

#endif
