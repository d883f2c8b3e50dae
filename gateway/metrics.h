#ifndef GATEWAY_METRICS_H
#define GATEWAY_METRICS_H

#include "gateway/base/buf.h"

#include <stdatomic.h>

/*
 * Counters and gauges of the process, one line each; relaxed atomics, so any
 * thread may count. Printed as Prometheus text; the man page lists them.
 */
#define METRICS(X)                                                             \
	X(MO_STORED, "bantin_mo_stored_total", counter, "MO texts committed")  \
	X(MO_REPEATED, "bantin_mo_repeated_total", counter,                    \
		"MO texts that a provider brought again")                      \
	X(MO_DUPLICATE, "bantin_mo_duplicate_total", counter,                  \
		"MO texts that came twice under two ids")                      \
	X(MO_PARTS, "bantin_mo_parts_total", counter,                          \
		"parts of texts of which others were missing, or came late")   \
	X(MO_INCOMPLETE, "bantin_mo_incomplete_total", counter,                \
		"texts of which parts never came")                             \
	X(MO_ASKED, "bantin_mo_asked_total", counter,                          \
		"MO texts answered with a question")                           \
	X(MO_UNANSWERED, "bantin_mo_unanswered_total", counter,                \
		"MO texts whose answer, or a notice, was held back")           \
	X(MO_QUARANTINED, "bantin_mo_quarantined_total", counter,              \
		"bodies stored unread: after two crashes, or a part of them")  \
	X(MO_IGNORED, "bantin_mo_ignored_total", counter,                      \
		"callbacks of an event that is not used")                      \
	X(FILES_TAKEN, "bantin_files_taken_total", counter,                    \
		"files of other programs read and committed")                  \
	X(FILES_REFUSED, "bantin_files_refused_total", counter,                \
		"files that nobody could read, put aside")                     \
	X(HTTP_REQUESTS, "bantin_http_requests_total", counter,                \
		"HTTP requests answered")                                      \
	X(HTTP_REFUSED, "bantin_http_refused_total", counter,                  \
		"callbacks refused: token, signature or time (401)")           \
	X(HTTP_BUSY, "bantin_http_busy_total", counter,                        \
		"callbacks answered 503")                                      \
	X(HTTP_CONNECTIONS, "bantin_http_connections", gauge,                  \
		"open connections")                                            \
	X(HTTP_EVICTED, "bantin_http_evicted_total", counter,                  \
		"idle connections closed to make room for new ones")           \
	X(HTTP_PARKED, "bantin_http_parked", gauge,                            \
		"answers waiting for their commit")                            \
	X(MT_SENT, "bantin_mt_sent_total", counter,                            \
		"MT texts that a provider took")                               \
	X(MT_RETRIED, "bantin_mt_retried_total", counter,                      \
		"attempts that will be made again")                            \
	X(MT_FAILED, "bantin_mt_failed_total", counter, "MT texts given up")   \
	X(MT_UNSURE, "bantin_mt_unsure_total", counter,                        \
		"MT texts held: they may have been sent")                      \
	X(MT_DELIVERED, "bantin_mt_delivered_total", counter,                  \
		"MT texts that were reported as delivered")                    \
	X(DLR_REPEATED, "bantin_dlr_repeated_total", counter,                  \
		"delivery reports that came again")                            \
	X(DLR_UNKNOWN, "bantin_dlr_unknown_total", counter,                    \
		"delivery reports with a value that is not known")             \
	X(DLR_PARKED, "bantin_dlr_parked_total", counter,                      \
		"delivery reports that came before their text was known")      \
	X(DLR_ORPHANED, "bantin_dlr_orphaned_total", counter,                  \
		"delivery reports whose text was not found in time")           \
	X(MT_IN_FLIGHT, "bantin_mt_in_flight", gauge,                          \
		"requests to providers under way")                             \
	X(USSD_HOPS, "bantin_ussd_hops_total", counter,                        \
		"requests of USSD that asked for a screen")                    \
	X(USSD_LATE, "bantin_ussd_late_total", counter,                        \
		"of these, ended politely because the screen took too long")   \
	X(USSD_REFUSED, "bantin_ussd_refused_total", counter,                  \
		"requests of USSD of which nothing was stored")                \
	X(RELOADS, "bantin_reloads_total", counter,                            \
		"settings exchanged on SIGHUP")                                \
	X(RELOADS_REFUSED, "bantin_reloads_refused_total", counter,            \
		"reloads refused because of a fault")

#define METRIC_ENUM(id, name, type, help) METRIC_##id,
enum metric { METRICS(METRIC_ENUM) METRIC_N };

#define METRICS_BUCKETS 12 /* 1, 2, 4 … 1024, +Inf */

struct metrics {
	atomic_llong v[METRIC_N];
	atomic_llong commit_bucket[METRICS_BUCKETS]; /* not cumulative */
	atomic_llong commit_sum;
};

static inline void metrics_add(struct metrics *m, enum metric id, int64_t n)
{
	atomic_fetch_add_explicit(&m->v[id], n, memory_order_relaxed);
}

static inline void metrics_set(struct metrics *m, enum metric id, int64_t n)
{
	atomic_store_explicit(&m->v[id], n, memory_order_relaxed);
}

static inline int64_t metrics_get(const struct metrics *m, enum metric id)
{
	return atomic_load_explicit(&m->v[id], memory_order_relaxed);
}

/* One commit that made `messages` MO texts durable. */
void metrics_observe_commit(struct metrics *m, size_t messages);
void metrics_print(const struct metrics *m, struct buf *out);
/* The same table as items of an mdoc list. */
void metrics_man(struct buf *out);

#endif
