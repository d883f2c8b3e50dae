#ifndef GATEWAY_SCENARIO_H
#define GATEWAY_SCENARIO_H

#include "gateway/base/buf.h"

/*
 * Runs one scenario file (contract.md §4). Faults go to out, each as
 * "FILE:LINE: expected …, got …\n". True when there was none.
 */
bool scenario_run(const char *path, struct buf *out);

#endif
