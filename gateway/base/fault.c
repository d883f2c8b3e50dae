/*
 * fault - where does a test stop or kill this process?
 *
 * Holds no state: the environment says which point and what happens there.
 * A paused thread waits for SIGUSR2 by itself, so that the other threads go
 * on. The release build has nothing of it. Any thread.
 */
#include "gateway/base/fault.h"

#ifdef BANTIN_FAULT_POINTS

#include "gateway/base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* False when no fault is asked for. */
static bool asked(struct str *point, struct str *action)
{
	struct str rest = str_of(getenv("BANTIN_FAULT"));

	if (!str_next(&rest, ':', point) || point->n == 0)
		return false;
	*action = rest;
	return true;
}

static sigset_t wake_signal(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR2);
	return set;
}

void fault_init(void)
{
	const sigset_t set = wake_signal();
	struct str point, action;

	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (!asked(&point, &action))
		return;
	if (!str_is(action, "pause") && !str_is(action, "kill"))
		die("BANTIN_FAULT: expected POINT:pause or POINT:kill");
}

static void pause_here(const char *point)
{
	const sigset_t set = wake_signal();
	char z[128];
	int n = snprintf(z, sizeof(z), "fault %s paused\n", point);

	if (n > 0 && (size_t)n < sizeof(z) && write(STDERR_FILENO, z, n) < 0)
		abort(); /* the test would wait for the line for ever */
	while (sigwaitinfo(&set, NULL) < 0 && errno == EINTR)
		continue;
}

void fault_hit(const char *point)
{
	struct str name, action;

	if (!asked(&name, &action) || !str_is(name, point))
		return;
	if (str_is(action, "kill"))
		(void)raise(SIGKILL);
	else
		pause_here(point);
}

void fault_hit_text(const char *point, struct str text)
{
	if (str_find(text, STR("POISON"), 0) >= 0)
		fault_hit(point);
}

#endif
