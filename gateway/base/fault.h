#ifndef GATEWAY_BASE_FAULT_H
#define GATEWAY_BASE_FAULT_H

#include "gateway/base/str.h"

/*
 * Places where a test stops or kills the process. They exist only in the
 * fault build (BANTIN_FAULT_POINTS, a binary of its own); in the release
 * build a point costs nothing and its name is not in the binary.
 *
 * BANTIN_FAULT=POINT:pause   prints "fault POINT paused" to stderr and holds
 *                            the calling thread until the process gets SIGUSR2
 * BANTIN_FAULT=POINT:kill    the process dies of SIGKILL
 *
 * A fault fires each time its point is reached. fault_init comes first in
 * main, before there is any thread: it blocks SIGUSR2 for all of them.
 */
#ifdef BANTIN_FAULT_POINTS
void fault_init(void);
void fault_hit(const char *point);
/* Fires only if the text holds the bytes POISON. */
void fault_hit_text(const char *point, struct str text);
#define fault_point(point) fault_hit(point)
#define fault_point_text(point, text) fault_hit_text((point), (text))
#else
#define fault_init() ((void)0)
#define fault_point(point) ((void)0)
#define fault_point_text(point, text) ((void)(text))
#endif

#endif
