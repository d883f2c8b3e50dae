#ifndef GATEWAY_SCENARIO_H
#define GATEWAY_SCENARIO_H

#include "gateway/base/buf.h"

/*
 * Runs one scenario file (contract.md §4). Faults go to out, each as
 * "FILE:LINE: expected …, got …\n". True when there was none.
 */
struct scenario_options {
	bool texts;       /* prints each text as it leaves */
	const char *save; /* a file for the database that it leaves; or NULL */
};
bool scenario_run(
	const char *path, const struct scenario_options *o, struct buf *out);

#endif
