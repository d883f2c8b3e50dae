#ifndef HANDLERS_RECORD_TEXT_H
#define HANDLERS_RECORD_TEXT_H

#include "gateway/model/context.h"
#include "gateway/model/field.h"
#include "gateway/model/intent.h"

/*
 * A record in the words of the commands, as an echo repeats it:
 * "MG07 5/11 VP 3,12 VK 7", "MG07 DV 12 DI Binh Duong 3T". Codes, numbers and
 * days only: no names, no free text, no reason of a status (domain notes §5).
 */
struct str record_text(
	enum intent intent, const struct fields *f, struct arena *a);

/* "1-12,15": sorted, in ranges; a list too long for an echo is counted. */
struct str record_numbers(const int *v, size_t n, struct arena *a);

/* Approved, one comes and gets p->new_no, which the unit has to know. */
bool record_gives_number(const struct proposal_ref *p);

#endif
