/*
 * sender: from a queued row to a provider's answer, over reloads. A provider
 * of our own on the same loop, a real writer, a store in memory.
 */
#include "gateway/sender.h"

#include "gateway/base/clock.h"
#include "gateway/http.h"
#include "gateway/store/outbox.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TOKEN "0123456789abcdef0123456789abcdef"
#define IN_ONLY                                                                \
	"  - name: mute\n    provider: generic\n    token: " TOKEN "\n"        \
	"    inbound: {source: json, id: id, from: from, to: to, "             \
	"text: text}\n"
#define PARKED_MAX 4

struct rig {
	struct event_base *base;
	struct metrics metrics;
	struct mailbox *out;
	struct writer *writer;
	struct settings *set;
	struct sender *sender;
	struct http *provider;
	struct http_exchange *parked[PARKED_MAX];
	size_t parked_n;
	bool park;
	int status; /* what the provider says */
	int requests;
	char body[256];
	int64_t now_ms;
};

static void on_request(void *arg, struct http_exchange *x)
{
	struct rig *r = arg;

	r->requests++;
	snprintf(r->body, sizeof(r->body), STR_FMT, STR_ARG(x->request.body));
	assert_true(r->parked_n < PARKED_MAX);
	if (r->park)
		r->parked[r->parked_n++] = x;
	else
		http_answer_status(x, r->status);
}

/* A configuration with these channels, ONE standing for one that sends. */
static struct settings *settings_of(struct rig *r, const char *first, bool one)
{
	struct diags *d = diags_new();
	struct str at = http_address(r->provider);
	struct settings *s;
	char text[2048];
	size_t n;

	n = (size_t)snprintf(
		text, sizeof(text), "database: x.db\nchannels:\n%s", first);
	if (one)
		snprintf(text + n, sizeof(text) - n,
			"  - name: one\n    provider: generic\n"
			"    token: " TOKEN "\n    max_in_flight: 1\n"
			"    outbound: {method: POST, url: \"http://" STR_FMT
			"/send\", type: application/json, "
			"body: '{\"to\":\"{to}\"}', accept: [200]}\n",
			STR_ARG(at));
	s = settings_load_text(STR("test.yaml"), str_of(text), d);
	if (s == NULL)
		fail_msg(STR_FMT, STR_ARG(d->v[0].text));
	diags_free(d);
	return s;
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct err err = {""};

	alarm(60);
	r->base = event_base_new();
	r->status = 200;
	r->now_ms = clock_wall_ms(&clock_system);
	r->out = mailbox_new(64);
	r->writer = writer_start(store_open(NULL, STORE_MEMORY, &err),
		&(struct writer_options){
			.mailbox = 64,
			.batch_max = 8,
			.out = r->out,
			.metrics = &r->metrics,
		});
	r->provider = http_new(
		&(struct http_options){
			.base = r->base,
			.address = STR("127.0.0.1:0"),
			.max_header = 4096,
			.max_body = 4096,
			.max_connections = 8,
			.request_s = 30,
			.clock = &clock_system,
			.metrics = &r->metrics,
			.handler = on_request,
			.arg = r,
		},
		&err);
	assert_non_null(r->provider);
	r->set = settings_of(r, IN_ONLY, true);
	r->sender = sender_new(
		&(struct sender_options){
			.base = r->base,
			.clock = &clock_system,
			.writer = r->writer,
			.metrics = &r->metrics,
		},
		r->set);
	*state = r;
	return 0;
}

static void collect(struct rig *r)
{
	struct mail *next;

	for (struct mail *m = mailbox_take(r->out); m != NULL; m = next) {
		next = m->next;
		job_finish((struct job *)m);
	}
}

static void turn(struct rig *r)
{
	event_base_loop(r->base, EVLOOP_NONBLOCK);
	collect(r);
}

static void settle(struct rig *r)
{
	while (writer_outstanding(r->writer) > 0 || sender_busy(r->sender) > 0)
		turn(r);
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	sender_stop(r->sender);
	while (r->parked_n > 0)
		http_answer_status(r->parked[--r->parked_n], 200);
	writer_stop(r->writer);
	collect(r);
	sender_free(r->sender);
	http_free(r->provider);
	writer_free(r->writer);
	settings_unref(r->set);
	mailbox_free(r->out);
	event_base_free(r->base);
	test_free(r);
	alarm(0);
	return 0;
}

struct work {
	struct job job; /* first */
	struct outbox_row row;
	struct outbox_counts counts;
	int64_t id;
	bool done;
};

static int on_add(struct job *j, struct store *s)
{
	struct work *w = (struct work *)j;

	return outbox_add(s, &w->row, &w->id);
}

static int on_count(struct job *j, struct store *s)
{
	return outbox_counts(s, &((struct work *)j)->counts);
}

static void on_done(struct job *j)
{
	((struct work *)j)->done = true;
}

static void run(struct rig *r, struct work *w)
{
	w->job.done = on_done;
	assert_int_equal(writer_post(r->writer, &w->job), 0);
	while (!w->done)
		turn(r);
	assert_int_equal(w->job.status, JOB_OK);
}

static void queue(struct rig *r, const char *to, const char *channel)
{
	struct work w = {
		.job.run = on_add,
		.row = {.to = str_of(to),
			.text = STR("xin chao"),
			.lane = STR("reply"),
			.channel = str_of(channel),
			.created_at = r->now_ms,
			.due_at = r->now_ms,
			.valid_until = r->now_ms + 3600000},
	};

	run(r, &w);
	sender_kick(r->sender);
}

static int64_t count(struct rig *r, enum outbox_state state)
{
	struct work w = {.job.run = on_count};

	run(r, &w);
	return w.counts.by_state[state];
}

static void wait_requests(struct rig *r, int n)
{
	while (r->requests < n)
		turn(r);
}

static void reload(struct rig *r, const char *first, bool one)
{
	struct settings *fresh = settings_of(r, first, one);

	sender_use(r->sender, fresh);
	settings_unref(r->set);
	r->set = fresh;
}

static void a_queued_text_leaves_once(void **state)
{
	struct rig *r = *state;

	queue(r, "+84900000007", "one");
	wait_requests(r, 1);
	settle(r);
	assert_string_equal(r->body, "{\"to\":\"+84900000007\"}");
	assert_int_equal(count(r, OUTBOX_QUEUED), 0);
	assert_int_equal(count(r, OUTBOX_SENDING), 0);
	sender_kick(r->sender);
	settle(r);
	assert_int_equal(r->requests, 1);
	assert_int_equal(metrics_get(&r->metrics, METRIC_MT_SENT), 1);
	assert_int_equal(metrics_get(&r->metrics, METRIC_MT_IN_FLIGHT), 0);
}

static void a_temporary_failure_is_queued_again(void **state)
{
	struct rig *r = *state;

	r->status = 500;
	queue(r, "+84900000007", "one");
	wait_requests(r, 1);
	settle(r);
	assert_int_equal(count(r, OUTBOX_QUEUED), 1);
	assert_int_equal(metrics_get(&r->metrics, METRIC_MT_RETRIED), 1);
	r->status = 400;
	queue(r, "+84900000008", "one");
	wait_requests(r, 2);
	settle(r);
	assert_int_equal(count(r, OUTBOX_QUEUED), 1);
	assert_int_equal(count(r, OUTBOX_FAILED), 1);
	assert_int_equal(metrics_get(&r->metrics, METRIC_MT_FAILED), 1);
}

static void the_window_of_a_channel_is_kept(void **state)
{
	struct rig *r = *state;

	r->park = true;
	queue(r, "+84900000007", "one");
	queue(r, "+84900000008", "one");
	wait_requests(r, 1);
	assert_int_equal(count(r, OUTBOX_QUEUED), 1); /* max_in_flight: 1 */
	r->park = false;
	http_answer_status(r->parked[--r->parked_n], 200);
	wait_requests(r, 2);
	settle(r);
	assert_int_equal(count(r, OUTBOX_QUEUED), 0);
}

/* contract.md: what its own channel cannot send leaves by the first that can,
 * be it that it never could or that a reload took it away. */
static void texts_of_a_mute_channel_leave_by_another(void **state)
{
	struct rig *r = *state;

	queue(r, "+84900000007", "mute");
	queue(r, "+84900000008", "gone");
	wait_requests(r, 2);
	settle(r);
	assert_int_equal(count(r, OUTBOX_QUEUED), 0);
}

/* Where no channel can send, nothing waits for ever. */
static void texts_that_nobody_can_send_end(void **state)
{
	struct rig *r = *state;

	reload(r, IN_ONLY, false);
	queue(r, "+84900000007", "mute");
	queue(r, "+84900000008", "gone");
	settle(r);
	assert_int_equal(r->requests, 0);
	assert_int_equal(count(r, OUTBOX_QUEUED), 0);
	assert_int_equal(count(r, OUTBOX_FAILED), 2);
}

static void a_channel_that_comes_back_still_sends(void **state)
{
	struct rig *r = *state;

	r->park = true;
	queue(r, "+84900000007", "one");
	wait_requests(r, 1);
	reload(r, IN_ONLY, false);
	reload(r, IN_ONLY, true);
	r->park = false;
	http_answer_status(r->parked[--r->parked_n], 200);
	settle(r);
	queue(r, "+84900000008", "one");
	wait_requests(r, 2);
	settle(r);
	assert_int_equal(count(r, OUTBOX_QUEUED), 0);
}

/* A reload is no reason to press a provider that asked for a pause. */
static void a_reload_keeps_a_pause(void **state)
{
	struct rig *r = *state;

	r->status = 503; /* http says "Retry-After: 5" with it */
	queue(r, "+84900000007", "one");
	wait_requests(r, 1);
	settle(r);
	r->status = 200;
	reload(r, IN_ONLY, true);
	queue(r, "+84900000008", "one");
	settle(r);
	assert_int_equal(r->requests, 1);
	assert_int_equal(count(r, OUTBOX_QUEUED), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_queued_text_leaves_once),
		TEST(a_temporary_failure_is_queued_again),
		TEST(the_window_of_a_channel_is_kept),
		TEST(texts_of_a_mute_channel_leave_by_another),
		TEST(texts_that_nobody_can_send_end),
		TEST(a_channel_that_comes_back_still_sends),
		TEST(a_reload_keeps_a_pause),
	};

	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
