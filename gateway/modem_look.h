#ifndef GATEWAY_MODEM_LOOK_H
#define GATEWAY_MODEM_LOOK_H

#include "gateway/modem.h"
#include "gateway/store/gammu.h"

#include <event2/util.h>

/* One modem's daemon, for modem.c alone. */
struct modem {
	struct job job; /* first: the look, then the mark */
	struct modem *next;
	struct modems *all;
	const struct modems_options *opt;
	struct arena *own; /* name and source */
	struct str name;
	struct modem_source source;
	struct event *timer;
	struct gammu_db *db; /* the reader thread's, while a job runs */
	/* one look */
	bool busy;
	struct settings *settings;
	struct arena *arena;
	struct gammu_look look;
	struct gammu_row done[GAMMU_ROWS_MAX]; /* to be marked */
	size_t done_n, left;                   /* rows without a fate */
	struct err err;
	/* its life */
	unsigned int looks, failed;
	size_t sends; /* under way */
	bool stopped;
	bool dropped;    /* by a reload */
	bool gone, told; /* told: of gone, at all */
	int64_t signal, battery;
	struct err why; /* gone: how that is known */
};

/* Looks in s seconds, and again from then on; one that was dropped by a reload
 * is freed instead, once nothing of it is under way. */
void modem_look_in(struct modem *m, int64_t s);
/* The timer's. */
void modem_look(evutil_socket_t fd, short what, void *modem);
/* For jobs of the reader: its database is open, or -1 with err. */
int modem_open(struct modem *m, struct err *err)
	__attribute__((warn_unused_result));
/* The same after a failure: the file may be another by now. */
void modem_close(struct modem *m);
/* In modem.c: takes it off its list. */
void modem_free(struct modem *m);

#endif
