#ifndef GATEWAY_MODEM_H
#define GATEWAY_MODEM_H

#include "gateway/base/buf.h"
#include "gateway/fetch.h"
#include "gateway/inlet.h"
#include "gateway/reader.h"

/*
 * Channels whose texts and reports lie in the database of a modem's daemon:
 * looked at from time to time, and written to. Loop thread.
 */
struct modems;

struct modems_options {
	struct event_base *base;
	struct reader *reader;   /* all work on such a database is its */
	struct inlet_env *inlet; /* its settings are the present ones */
};

struct modems *modems_new(const struct modems_options *o);
/* A reload: inlet->settings were exchanged. */
void modems_use(struct modems *all);
/* Looks no more; what is under way may finish. */
void modems_stop(struct modems *all);
/* After the reader and the writer were stopped and collected. */
void modems_free(struct modems *all);

/* One text for a modem. */
struct modem_order {
	const struct channel *channel;
	const struct modem_out *rows; /* live until done is called */
	int64_t id;
	fetch_done *done;
	void *arg;
};

/*
 * Hands it over; done is called later, from the loop, with status 200, or 0
 * when it is not in the database (before_sent; why tells). -1 when it could
 * not be started.
 */
int modems_send(struct modems *all, const struct modem_order *o)
	__attribute__((warn_unused_result));

/* Modems that are gone, a line each, for people. */
void modems_tell(const struct modems *all, struct buf *out);
/* All of them, as Prometheus text. */
void modems_print(const struct modems *all, struct buf *out);

/* `bantin check`: can each database be worked with? -1 with diags. */
int modems_check(const struct settings *set, struct diags *d)
	__attribute__((warn_unused_result));

#endif
