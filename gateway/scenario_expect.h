#ifndef GATEWAY_SCENARIO_EXPECT_H
#define GATEWAY_SCENARIO_EXPECT_H

#include "gateway/rehearsal.h"

/*
 * `expect SUBJECT …`: 0; 1: it differs, and *ret says "expected …, got …";
 * -1 with err: the line itself is wrong.
 */
int scenario_expect(struct rehearsal *r, struct str line, struct arena *a,
	struct str *ret, struct err *err) __attribute__((warn_unused_result));

#endif
