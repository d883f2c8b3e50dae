#ifndef GATEWAY_ENGINE_H
#define GATEWAY_ENGINE_H

#include "gateway/base/clock.h"

/*
 * `bantin serve`: runs until SIGTERM or SIGINT. Exit status. Faults of the
 * settings, the database or the address are printed to stderr.
 */
int engine_run(const char *config_path, const struct clock *clock);

#endif
