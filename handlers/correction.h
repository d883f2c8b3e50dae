#ifndef HANDLERS_CORRECTION_H
#define HANDLERS_CORRECTION_H

#include "handlers/handler.h"

/*
 * Takes the k-th of the values that a question about a correction's sum
 * offered ("1=VP9 2=VK1") into `said`; false: there were fewer.
 */
bool correction_choose(
	const struct handler_input *in, struct fields *said, int k);

#endif
