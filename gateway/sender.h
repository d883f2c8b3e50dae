#ifndef GATEWAY_SENDER_H
#define GATEWAY_SENDER_H

#include "gateway/base/buf.h"
#include "gateway/base/jdoc.h"
#include "gateway/modem.h"
#include "gateway/settings.h"
#include "gateway/writer.h"

struct event_base;

/*
 * Texts out: claims due rows, hands them to their channels, writes down what
 * became of them. Loop thread.
 */
struct sender;

struct sender_options {
	struct event_base *base;
	const struct clock *clock;
	struct writer *writer;
	struct reader *reader; /* writes files; NULL: no channel has any */
	struct modems *modems; /* NULL: no channel has one */
	struct metrics *metrics;
	const char *base_url; /* for reports; may change with a reload */
};

struct sender *sender_new(
	const struct sender_options *o, struct settings *settings);
/* A reload: rates and credentials of now on. Takes its own reference. */
void sender_use(struct sender *s, struct settings *settings);
/* Something may be due. */
void sender_kick(struct sender *s);
/* How each channel stands, for waiting_learn. */
void sender_survey(struct sender *s, struct jdoc *answer);
/* Claims nothing more; requests under way may finish. */
void sender_stop(struct sender *s);
/* Requests under way, and results not yet handed to the writer. */
size_t sender_busy(const struct sender *s);
/* Channels that do not send as they should, a line each, for people. */
void sender_tell(const struct sender *s, struct buf *out);
/* All channels, as Prometheus text. */
void sender_print(const struct sender *s, struct buf *out);
/* What is still under way stays `sending` and is recovered at start-up. */
void sender_free(struct sender *s);

#endif
