/*
 * metrics - what has this process done so far?
 *
 * A table of counters and gauges and one histogram, messages per commit.
 * Owned by the engine; any thread counts with relaxed atomics, only the loop
 * prints. Values start at nought with the process, as Prometheus expects.
 */
#include "gateway/metrics.h"

static const struct {
	const char *name, *type, *help;
} line[METRIC_N] = {
#define METRIC_LINE(id, n, t, h) [METRIC_##id] = {n, #t, h},
	METRICS(METRIC_LINE)};

void metrics_observe_commit(struct metrics *m, size_t messages)
{
	size_t b = 0;

	while (b + 1 < METRICS_BUCKETS && ((size_t)1 << b) < messages)
		b++;
	atomic_fetch_add_explicit(
		&m->commit_bucket[b], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&m->commit_sum, (long long)messages, memory_order_relaxed);
}

static void print_commit(const struct metrics *m, struct buf *out)
{
	static const char name[] = "bantin_commit_messages";
	long long sum = 0;

	buf_putf(out,
		"# HELP %s MO texts made durable by one commit\n"
		"# TYPE %s histogram\n",
		name, name);
	for (size_t b = 0; b < METRICS_BUCKETS; b++) {
		sum += atomic_load_explicit(
			&m->commit_bucket[b], memory_order_relaxed);
		if (b + 1 < METRICS_BUCKETS)
			buf_putf(out, "%s_bucket{le=\"%u\"} %lld\n", name,
				1U << b, sum);
		else
			buf_putf(out, "%s_bucket{le=\"+Inf\"} %lld\n", name,
				sum);
	}
	buf_putf(out, "%s_sum %lld\n%s_count %lld\n", name,
		atomic_load_explicit(&m->commit_sum, memory_order_relaxed),
		name, sum);
}

void metrics_print(const struct metrics *m, struct buf *out)
{
	for (int i = 0; i < METRIC_N; i++)
		buf_putf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n",
			line[i].name, line[i].help, line[i].name, line[i].type,
			line[i].name, (long long)metrics_get(m, i));
	print_commit(m, out);
}

void metrics_man(struct buf *out)
{
	for (int i = 0; i < METRIC_N; i++)
		buf_putf(out, ".It Li %s\n%s (%s)\n", line[i].name,
			line[i].help, line[i].type);
	buf_putz(out,
		".It Li bantin_commit_messages\n"
		"MO texts made durable by one commit (histogram)\n"
		".It Li bantin_outbox_texts\n"
		"MT texts that wait or stick, by state (gauge)\n"
		".It Li bantin_channel_up\n"
		"whether the channel answers, by channel (gauge)\n"
		".It Li bantin_channel_in_flight\n"
		"requests to its provider under way, by channel (gauge)\n");
}
