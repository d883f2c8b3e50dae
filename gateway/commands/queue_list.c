/*
 * queue_list - what waits, since when, and why?
 *
 * Reads the database beside a running `serve` and asks that only for how its
 * channels stand; the reasons are the claim's (gateway/waiting.c). Two lines a
 * text, 80 columns, or one JSON object. Phones are shown whole: who may read
 * the database is meant to.
 */
#include "gateway/commands/queue_parts.h"

#include "gateway/base/log.h"
#include "gateway/commands/term.h"
#include "gateway/local.h"
#include "gateway/model/day.h"
#include "gateway/waiting.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)64 << 20)

/* In the order in which they are listed; what expired only when asked for. */
static const enum outbox_state waits[] = {OUTBOX_SENDING, OUTBOX_QUEUED,
	OUTBOX_UNSURE, OUTBOX_HELD, OUTBOX_FAILED};

struct listing {
	const struct queue_ask *ask;
	struct waiting_view view;
	struct jdoc *rows; /* NULL: for people */
	size_t shown;
	int64_t more;
};

/* ---- one text ---- */

static struct str reason(
	const struct listing *l, const struct queue_row *r, struct waiting *w)
{
	static const char *const lead[OUTBOX_STATE_N] = {
		[OUTBOX_UNSURE] = "may have been sent: ",
		[OUTBOX_HELD] = "held for a person: ",
	};
	const char *before = lead[r->row.state];

	if (r->row.state == OUTBOX_QUEUED)
		return waiting_text(&l->view, w, l->ask->arena);
	if (r->row.state == OUTBOX_SENDING)
		return l->view.serving ? STR("on its way to the provider")
				       : STR("was on its way when the program "
					     "ended; its next start settles "
					     "it");
	return arena_printf(l->ask->arena, "%s" STR_FMT,
		before != NULL ? before : "", STR_ARG(r->why));
}

/* Five columns: the time of today, the day of any other. */
static struct local_text due_text(const struct listing *l, int64_t at_ms)
{
	int offset = (int)l->ask->set->config->utc_offset * 60;
	int64_t now_ms = l->view.claim.now_ms;
	struct local_text t = local_second(at_ms, offset);
	struct ymd d = day_ymd(day_of_ms(at_ms, offset));

	if (day_of_ms(at_ms, offset) == day_of_ms(now_ms, offset))
		t.z[5] = '\0';
	else
		(void)snprintf(t.z, sizeof(t.z), "%d/%d", d.d, d.m);
	return t;
}

static void print_row(
	const struct listing *l, const struct queue_row *r, struct str why)
{
	const struct outbox_row *row = &r->row;

	printf("o%-6lld %-7s ", (long long)row->id,
		outbox_state_str(row->state));
	term_cell(stdout, row->lane, 6);
	fputc(' ', stdout);
	term_cell(stdout, row->channel, 8);
	printf(" %4s %3d %-5s ",
		local_span(l->view.claim.now_ms - row->created_at).z,
		row->attempts, due_text(l, row->due_at).z);
	term_cell(stdout, row->to, 13);
	fputc(' ', stdout);
	(void)term_cut(stdout, row->text, 19);
	printf("\n        ");
	term_wrap(stdout, why, 8);
}

static void set_instant(struct jdoc *v, const char *name, int64_t at_ms)
{
	jdoc_set_str(v, name, str_of(instant_iso(at_ms).z));
}

static void push_row(const struct listing *l, const struct queue_row *r,
	struct str why, const struct waiting *w)
{
	const struct outbox_row *row = &r->row;
	struct jdoc *v = jdoc_object();

	jdoc_set_int(v, "outbox", row->id);
	jdoc_set_str(v, "state", str_of(outbox_state_str(row->state)));
	jdoc_set_str(v, "lane", row->lane);
	jdoc_set_str(v, "channel", row->channel);
	jdoc_set_int(v, "attempts", row->attempts);
	set_instant(v, "created_at", row->created_at);
	set_instant(v, "due_at", row->due_at);
	set_instant(v, "valid_until", row->valid_until);
	jdoc_set_str(v, "to", row->to);
	jdoc_set_str(v, "text", row->text);
	jdoc_set_str(v, "why", why);
	if (row->state == OUTBOX_QUEUED)
		jdoc_set(v, "waits", waiting_json(&l->view, w, l->ask->arena));
	jdoc_push(l->rows, v);
}

/* What may be shown when it cannot be written down that it was. */
static void mask(struct queue_row *r, struct arena *a)
{
	r->row.to = arena_str(a, str_of(log_phone_mask(r->row.to).z));
	r->row.text = STR("");
}

static int show(struct listing *l, struct queue_row *r)
{
	struct waiting w = {.kind = WAITING_NEXT};
	struct str why;

	if (r->row.state == OUTBOX_QUEUED &&
		waiting_of(&l->view, l->ask->store, &r->row, &w) < 0)
		return -1;
	why = reason(l, r, &w);
	if (l->ask->masked)
		mask(r, l->ask->arena);
	if (l->rows != NULL)
		push_row(l, r, why, &w);
	else
		print_row(l, r, why);
	return 0;
}

/* ---- all of them ---- */

static int list_state(struct listing *l, enum outbox_state state)
{
	struct queue_filter f = l->ask->filter;
	struct queue_page page;
	int64_t n;

	f.state = state;
	if (queue_count(l->ask->store, &f, &n) < 0 ||
		queue_page(l->ask->store, &f, l->ask->limit - l->shown,
			l->ask->arena, &page) < 0)
		return -1;
	if (page.n > 0 && l->shown == 0 && l->rows == NULL)
		printf("%-7s %-7s %-6s %-8s %4s %3s %-5s %-13s %s\n", "ID",
			"STATE", "LANE", "CHANNEL", "AGE", "TRY", "DUE", "TO",
			"TEXT");
	for (size_t i = 0; i < page.n; i++)
		if (show(l, &page.v[i]) < 0)
			return -1;
	l->shown += page.n;
	l->more += n - (int64_t)page.n;
	return 0;
}

static int list_all(struct listing *l)
{
	if (l->ask->one_state)
		return list_state(l, l->ask->filter.state);
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (list_state(l, waits[i]) < 0)
			return -1;
	return 0;
}

static void print_totals(
	const struct listing *l, const struct outbox_counts *counts)
{
	const char *comma = "";

	if (l->more > 0)
		printf("%lld more; --limit shows them\n", (long long)l->more);
	printf("in all: ");
	for (int i = 0; i < OUTBOX_STATE_N; i++) {
		if (i == OUTBOX_SENT || i == OUTBOX_DELIVERED)
			continue;
		printf("%s%lld %s", comma, (long long)counts->by_state[i],
			outbox_state_str((enum outbox_state)i));
		comma = ", ";
	}
	putchar('\n');
	if (!l->view.serving)
		puts("`bantin serve` does not run: nothing leaves");
}

/* Takes the channels' answer. */
static void print_json(const struct listing *l,
	const struct outbox_counts *counts, struct jdoc *channels)
{
	struct jdoc *v = jdoc_object(), *totals = jdoc_object();
	const struct jdoc *all = jdoc_at(channels, "channels");
	struct buf b;

	for (int i = 0; i < OUTBOX_STATE_N; i++)
		if (i != OUTBOX_SENT && i != OUTBOX_DELIVERED)
			jdoc_set_int(totals,
				outbox_state_str((enum outbox_state)i),
				counts->by_state[i]);
	jdoc_set(v, "texts", l->rows);
	jdoc_set_int(v, "more", l->more);
	jdoc_set(v, "totals", totals);
	jdoc_set(v, "serving", jdoc_new_bool(l->view.serving));
	jdoc_set(v, "channels", all != NULL ? jdoc_copy(all) : jdoc_array());
	buf_init(&b, OUTPUT_MAX);
	jdoc_write(v, &b);
	puts(buf_z(&b));
	buf_release(&b);
	jdoc_free(v);
}

int queue_list(const struct queue_ask *ask)
{
	struct listing l = {.ask = ask};
	struct jdoc *channels = command_channels(ask->set);
	struct outbox_counts counts;
	int rc;

	waiting_view(&l.view, ask->set, channels, ask->arena,
		clock_wall_ms(ask->line->clock));
	l.rows = ask->json ? jdoc_array() : NULL;
	rc = list_all(&l);
	if (rc == 0)
		rc = outbox_counts(ask->store, &counts);
	if (rc < 0)
		fprintf(stderr, "%s\n", store_error(ask->store));
	if (rc == 0 && ask->json)
		print_json(&l, &counts, channels);
	else if (rc == 0)
		print_totals(&l, &counts);
	else
		jdoc_free(l.rows);
	jdoc_free(channels);
	return rc == 0 ? EXIT_FINE : EXIT_WRONG;
}
