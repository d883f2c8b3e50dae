/*
 * ussd: who may call, which screen goes back, and what becomes of it when the
 * store is slow or takes nothing. Real sockets, a real writer; what a session
 * says is the test's own, by what was typed.
 */
#include "gateway/ussd.h"

#include "tests/unit/http_rig.h"

#include <semaphore.h>

#define TOKEN "6f1ed002ab5595859014ebf0951522d9"
#define HUB_TOKEN "0d5fb4d1c8a2e6937b10f9ce5a8d4472"
#define AT "/ussd/at/" TOKEN
#define LATER "END May ban. Ket qua se den so nay bang tin nhan"
#define AGAIN "END May ban. Xin goi lai sau it phut"

static const char config[] =
	"database: ':memory:'\n"
	"ussd: {budget_ms: %d}\n"
	"channels:\n"
	"  - {name: at, provider: africastalking, token: " TOKEN "}\n"
	"  - {name: hub, provider: hubtel, token: " HUB_TOKEN "}\n"
	"  - {name: con, provider: console, token: "
	"8c5b2f6a917d4e03a1f0be62d97c4438}\n";

/* What is to be in time is, on a slow machine too; what is not comes soon. */
#define LONG_MS 30000
#define SHORT_MS 700

struct bench {
	struct rig rig; /* first */
	struct settings *set;
	struct gate *gate;
	struct mailbox *out;
	struct event *ready;
	struct writer *writer;
	struct inlet_env env;
	struct ussd *ussd;
	sem_t started, go;
	/* what was seen; written by one thread at a time */
	int runs, fails, follows, ended, queued, planned;
	bool late;
	char session[64], phone[32], channel[16];
};

/* The budget of replies is only handed on: here it is the bench. */
static struct bench *bench_of(const struct talk_input *in)
{
	return (struct bench *)in->budget;
}

static void hold(struct bench *b)
{
	sem_post(&b->started);
	while (sem_wait(&b->go) != 0)
		;
}

/* What was typed says what happens. */
static int talk(
	struct store *s, const struct talk_input *in, struct talk_result *ret)
{
	struct bench *b = bench_of(in);
	const struct str typed = in->hop->input;

	(void)s;
	*ret = (struct talk_result){.planned = true};
	b->runs++;
	NOTE(b->session, in->hop->session);
	NOTE(b->phone, in->hop->phone);
	NOTE(b->channel, in->channel);
	if (in->hop->event == USSD_ENDED) {
		b->ended += in->hop->complete ? 10 : 1;
		return 0;
	}
	if (str_starts(typed, STR("slow")))
		hold(b);
	b->late = in->too_late(in->arg);
	if (str_is(typed, "decided"))
		hold(b);
	if (str_ends(typed, STR("fail")) && b->runs <= b->fails)
		return -1;
	ret->queued = b->late;
	ret->message_id = 7;
	if (!b->late)
		ret->screen = (struct ussd_screen){
			STR("menu"), !str_is(typed, "decided")};
	return 0;
}

static int follow(
	struct store *s, const struct talk_input *in, struct talk_result *ret)
{
	(void)s;
	bench_of(in)->follows++;
	assert_true(str_is(ret->screen.text, "menu"));
	ret->queued = 1;
	return 0;
}

static void on_queued(void *arg)
{
	((struct bench *)arg)->queued++;
}

static void on_planned(void *arg)
{
	((struct bench *)arg)->planned++;
}

/* The front's part: /ussd/CHANNEL/REST. */
static void on_dial(void *arg, struct http_exchange *x)
{
	struct bench *b = arg;
	struct str rest = x->path, piece, channel = STR("");

	str_next(&rest, '/', &piece);
	str_next(&rest, '/', &piece);
	str_next(&rest, '/', &channel);
	ussd_handle(b->ussd, x, channel, rest);
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct bench *b = arg;
	struct mail *next;

	(void)fd;
	(void)what;
	for (struct mail *m = mailbox_take(b->out); m != NULL; m = next) {
		next = m->next;
		job_finish((struct job *)m);
	}
}

static int64_t now_ms(void *arg)
{
	return ((struct bench *)arg)->rig.now_us / 1000;
}

static void start(struct bench *b)
{
	struct http_options o = options_of(&b->rig);
	struct err err = {""};
	struct store *store = store_open(NULL, STORE_MEMORY, &err);

	assert_non_null(store);
	o.handler = on_dial;
	o.arg = b;
	b->rig.http = http_new(&o, &err);
	assert_non_null(b->rig.http);
	b->gate = gate_new(NULL, 8, now_ms, b);
	b->out = mailbox_new(16);
	b->ready = event_new(b->rig.base, mailbox_fd(b->out),
		EV_READ | EV_PERSIST, on_ready, b);
	event_add(b->ready, NULL);
	b->writer = writer_start(store, &(struct writer_options){
						.mailbox = 8,
						.batch_max = 4,
						.out = b->out,
						.metrics = &b->rig.metrics,
					});
	b->env = (struct inlet_env){
		.settings = b->set,
		.writer = b->writer,
		.gate = b->gate,
		.budget = (struct budget *)b,
		.metrics = &b->rig.metrics,
		.clock = &b->rig.clock,
		.queued = on_queued,
		.planned = on_planned,
		.arg = b,
	};
	b->ussd = ussd_new(&(struct ussd_options){
		.base = b->rig.base,
		.env = &b->env,
		.hop = talk,
		.follow = follow,
	});
}

static int begin(void **state, int budget_ms)
{
	struct bench *b = test_calloc(1, sizeof(*b));
	struct diags *d = diags_new();
	char text[1024];

	alarm(60);
	b->rig.clock = (struct clock){wall_ms, mono_us};
	b->rig.now_us = INT64_C(1793968200000000);
	b->rig.base = event_base_new();
	snprintf(text, sizeof(text), config, budget_ms);
	b->set = settings_load_text(STR("test.yaml"), str_of(text), d);
	assert_non_null(b->set);
	diags_free(d);
	sem_init(&b->started, 0, 0);
	sem_init(&b->go, 0, 0);
	start(b);
	*state = b;
	return 0;
}

static int patient(void **state)
{
	return begin(state, LONG_MS);
}

static int hasty(void **state)
{
	return begin(state, SHORT_MS);
}

/* In the engine's order. */
static int finish(void **state)
{
	struct bench *b = *state;

	gate_close(b->gate);
	writer_stop(b->writer);
	on_ready(-1, 0, b);
	ussd_free(b->ussd);
	http_free(b->rig.http);
	gate_free(b->gate);
	writer_free(b->writer);
	event_free(b->ready);
	mailbox_free(b->out);
	settings_unref(b->set);
	event_base_free(b->rig.base);
	sem_destroy(&b->started);
	sem_destroy(&b->go);
	test_free(b);
	alarm(0);
	return 0;
}

/* ---- talking to it ---- */

static int send_to(
	struct bench *b, const char *method, const char *path, const char *body)
{
	char z[2048];
	int fd = dial(&b->rig);

	snprintf(z, sizeof(z),
		"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		method, path, strlen(body), body);
	puts_to(&b->rig, fd, z);
	return fd;
}

static int send_hop(struct bench *b, const char *typed)
{
	char body[256];

	snprintf(body, sizeof(body),
		"sessionId=s1&serviceCode=%%2A384%%2A7%%23&phoneNumber="
		"%%2B84900000007&text=%s",
		typed);
	return send_to(b, "POST", AT, body);
}

static int status_of(
	struct bench *b, const char *method, const char *path, const char *body)
{
	int fd = send_to(b, method, path, body);
	int status = answer(&b->rig, fd);

	close(fd);
	return status;
}

/* The answer's body; "" of another status than 200. */
static const char *screen_on(struct bench *b, int fd)
{
	const int status = answer(&b->rig, fd);
	const char *end = strstr(b->rig.in, "\r\n\r\n");

	close(fd);
	return status == 200 && end != NULL ? end + 4 : "";
}

static void wait_for(struct bench *b, const int *count, int n)
{
	while (*count < n)
		event_base_loop(b->rig.base, EVLOOP_ONCE);
}

static int64_t counted(const struct bench *b, enum metric m)
{
	return metrics_get(&b->rig.metrics, m);
}

/* ---- tests ---- */

static void a_screen_goes_back(void **state)
{
	struct bench *b = *state;

	assert_string_equal(screen_on(b, send_hop(b, "")), "CON menu");
	assert_string_equal(b->session, "s1");
	assert_string_equal(b->phone, "+84900000007");
	assert_string_equal(b->channel, "at");
	assert_int_equal(b->planned, 1);
	assert_int_equal(b->queued, 0);
	assert_int_equal(counted(b, METRIC_USSD_HOPS), 1);
	assert_int_equal(counted(b, METRIC_USSD_LATE), 0);
	assert_int_equal(counted(b, METRIC_MO_STORED), 1);
}

static void who_may_not_call(void **state)
{
	static const char hub[] = "/ussd/hub/" HUB_TOKEN;
	static const char con[] = "/ussd/con/8c5b2f6a917d4e03a1f0be62d97c4438";
	static const struct {
		const char *method, *path, *body;
		int status;
	} t[] = {
		{"GET", AT, "", 405},
		{"POST", "/ussd/at/" HUB_TOKEN, "", 401},
		{"POST", "/ussd/at", "", 401},
		{"POST", AT "/session/7/start", "", 404},
		{"POST", AT "/", "text=&phoneNumber=84900000007", 400},
		{"POST", "/ussd/nobody/" TOKEN, "", 404},
		{"POST", con, "{}", 404},
		{"POST", AT, "%", 400},
		{"POST", hub, "{", 400},
		{"POST", hub, "{\"Type\":\"AddToCart\"}", 200},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (status_of(b, t[i].method, t[i].path, t[i].body) !=
			t[i].status)
			fail_msg("%s %s %s: %s", t[i].method, t[i].path,
				t[i].body, b->rig.in);
	assert_int_equal(b->runs, 0);
	assert_int_equal(counted(b, METRIC_HTTP_REFUSED), 2);
}

static void an_end_is_told(void **state)
{
	struct bench *b = *state;

	assert_int_equal(status_of(b, "POST", AT,
				 "sessionId=s1&status=Incomplete&phoneNumber="
				 "%2B84900000007"),
		200);
	assert_int_equal(b->ended, 1);
	assert_int_equal(status_of(b, "POST", "/ussd/hub/" HUB_TOKEN,
				 "{\"Type\":\"Timeout\",\"SessionId\":\"h\"}"),
		200);
	assert_int_equal(b->ended, 2);
	assert_int_equal(counted(b, METRIC_USSD_HOPS), 0);
}

/* The store waits: the session ends politely, what it says goes by SMS. */
static void too_late_is_ended_and_texted(void **state)
{
	struct bench *b = *state;
	int fd = send_hop(b, "slow");

	assert_string_equal(screen_on(b, fd), LATER);
	assert_int_equal(counted(b, METRIC_USSD_LATE), 1);
	assert_int_equal(b->queued, 0);
	sem_post(&b->go);
	wait_for(b, &b->queued, 1);
	assert_true(b->late);
	assert_int_equal(b->runs, 1);
	assert_int_equal(b->follows, 0);
}

/* The screen was decided for, and the commit hangs. */
static void a_screen_nobody_could_wait_for_is_texted(void **state)
{
	struct bench *b = *state;
	int fd = send_hop(b, "decided");

	assert_string_equal(screen_on(b, fd), LATER);
	sem_post(&b->go);
	wait_for(b, &b->queued, 1);
	assert_false(b->late);
	assert_int_equal(b->runs, 1);
	assert_int_equal(b->follows, 1);
}

static void what_fails_is_told_at_once(void **state)
{
	struct bench *b = *state;

	b->fails = 2; /* in a batch, and alone */
	assert_string_equal(screen_on(b, send_hop(b, "fail")), AGAIN);
	assert_int_equal(counted(b, METRIC_USSD_REFUSED), 1);
	assert_int_equal(b->queued + b->planned, 0);
}

/* What was promised by SMS is tried until the store takes it. */
static void a_promise_is_kept(void **state)
{
	struct bench *b = *state;
	int fd;

	b->fails = 1;
	fd = send_hop(b, "slowfail");
	assert_string_equal(screen_on(b, fd), LATER);
	sem_post(&b->go);
	sem_post(&b->go); /* for the second run */
	wait_for(b, &b->queued, 1);
	assert_true(b->late);
	assert_int_equal(b->runs, 2);
	assert_int_equal(counted(b, METRIC_USSD_REFUSED), 0);
}

static void one_that_waits_ends_with_the_process(void **state)
{
	struct bench *b = *state;

	b->fails = 1000;
	assert_string_equal(screen_on(b, send_hop(b, "slowfail")), LATER);
	for (int i = 0; i < 1000; i++)
		sem_post(&b->go);
	while (writer_outstanding(b->writer) > 0)
		event_base_loop(b->rig.base, EVLOOP_ONCE);
}

#define HASTY(f) cmocka_unit_test_setup_teardown(f, hasty, finish)
#define PATIENT(f) cmocka_unit_test_setup_teardown(f, patient, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PATIENT(a_screen_goes_back),
		PATIENT(who_may_not_call),
		PATIENT(an_end_is_told),
		HASTY(too_late_is_ended_and_texted),
		HASTY(a_screen_nobody_could_wait_for_is_texted),
		PATIENT(what_fails_is_told_at_once),
		HASTY(a_promise_is_kept),
		HASTY(one_that_waits_ends_with_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
