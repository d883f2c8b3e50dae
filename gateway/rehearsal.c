/*
 * rehearsal - what would the gateway do, and when?
 *
 * Runs intake and outbox synchronously: each text in is one transaction, as a
 * batch of one in the writer would be, then whatever is due goes out. Time
 * moves only when told to, a millisecond with each event so that a question
 * always precedes its answer.
 */
#include "gateway/rehearsal.h"

#include "gateway/claim.h"
#include "gateway/dispatch.h"
#include "gateway/errands.h"
#include "gateway/unit_act.h"
#include "gateway/window.h"
#include "parsers/phone.h"
#include "parsers/segment.h"

#include <assert.h>
#include <stdlib.h>

#define STEPS_MAX 100000 /* timers in one advance: more is a loop */
#define SALT 1           /* the same outcome each time */
#define TYPED_MS 1100    /* nobody sends the same again sooner */
#define TYPED_MAX 64     /* texts that are remembered for it */
#define START_MS INT64_C(1767225600000) /* 2026-01-01, before any `at` */

static const char simulation[] = "database: ':memory:'\n"
				 "channels:\n"
				 "  - {name: sim, provider: console,"
				 " number: '+84999999999',"
				 " token: 00000000000000000000000000000000}\n";

struct taken {
	struct rehearsal_text text;
	bool seen;
};

struct typed {
	struct str from, text; /* the scenario's */
	int64_t at_ms;
};

struct rehearsal {
	struct settings *settings;
	struct store *store;
	struct budget *budget;
	struct route route; /* of the channel sim */
	struct claim_news said;
	int64_t again_ms;    /* when its limits ease; 0: they do not bind */
	struct arena *arena; /* the whole scenario's */
	int64_t now_ms;
	int64_t messages;
	struct typed typed[TYPED_MAX]; /* the last ones, as they came */
	bool planned; /* the calendar: from the first `at` on */
	struct taken *taken;
	size_t taken_n, taken_cap;
	rehearsal_watcher *watch; /* NULL: nobody does */
	void *watch_arg;
	int fail_n;
	enum rehearsal_failure fail_how;
	struct rehearsal_calls *calls; /* NULL: nobody has dialled */
};

static int64_t now_us(const struct rehearsal *r)
{
	return r->now_ms * 1000;
}

static int store_failed(const struct rehearsal *r, struct err *err)
{
	return err_set(err, "the store failed: %s", store_error(r->store));
}

struct rehearsal *rehearsal_new(struct err *err)
{
	struct diags *d = diags_new();
	struct rehearsal *r = calloc(1, sizeof(*r));

	assert(r != NULL);
	r->arena = arena_new(65536);
	r->budget = budget_new_of(SALT);
	r->now_ms = START_MS;
	r->settings =
		settings_load_text(STR("simulation"), str_of(simulation), d);
	if (r->settings == NULL)
		err_set(err, STR_FMT,
			STR_ARG(d->n > 0 ? d->v[0].text : STR("settings")));
	else
		r->store = store_open("", STORE_MEMORY, err);
	diags_free(d);
	route_init(&r->route, STR("sim"));
	if (r->store != NULL)
		return r;
	rehearsal_free(r);
	return NULL;
}

void rehearsal_free(struct rehearsal *r)
{
	if (r->store != NULL)
		store_close(r->store);
	settings_unref(r->settings);
	budget_free(r->budget);
	rehearsal_calls_free(r->calls);
	arena_free(r->arena);
	free(r->taken);
	free(r);
}

struct store *rehearsal_store(struct rehearsal *r)
{
	return r->store;
}

const struct settings *rehearsal_settings(const struct rehearsal *r)
{
	return r->settings;
}

int64_t rehearsal_now_ms(const struct rehearsal *r)
{
	return r->now_ms;
}

struct budget *rehearsal_budget(struct rehearsal *r)
{
	return r->budget;
}

struct rehearsal_calls **rehearsal_calls(struct rehearsal *r)
{
	return &r->calls;
}

int rehearsal_set(struct rehearsal *r, struct str option, struct str value,
	struct err *err)
{
	return config_set(r->settings->config, option, value, err);
}

/* ---- texts out ---- */

static void take(struct rehearsal *r, const struct outbox_row *row)
{
	if (r->taken_n == r->taken_cap) {
		r->taken_cap = r->taken_cap * 2 + 16;
		r->taken =
			realloc(r->taken, r->taken_cap * sizeof(struct taken));
		assert(r->taken != NULL);
	}
	r->taken[r->taken_n++] =
		(struct taken){.text = {.to = arena_str(r->arena, row->to),
				       .text = arena_str(r->arena, row->text)}};
	if (r->watch != NULL)
		r->watch(r->watch_arg, r->now_ms, row->to, row->text);
}

void rehearsal_watch(struct rehearsal *r, rehearsal_watcher *fn, void *arg)
{
	r->watch = fn;
	r->watch_arg = arg;
}

static struct provider_verdict answer_of(struct rehearsal *r)
{
	static const enum provider_verdict_kind kind[] = {
		[REHEARSAL_TEMPORARY] = PROVIDER_TEMPORARY,
		[REHEARSAL_PERMANENT] = PROVIDER_PERMANENT,
		[REHEARSAL_THROTTLED] = PROVIDER_THROTTLED,
		[REHEARSAL_TIMEOUT] = PROVIDER_UNKNOWN,
	};
	struct provider_verdict v = {.kind = PROVIDER_OK, .retry_after_s = -1};

	if (r->fail_n > 0) {
		r->fail_n--;
		v.kind = kind[r->fail_how];
		v.why = STR("the scenario says so");
	}
	return v;
}

static int send_one(
	struct rehearsal *r, const struct outbox_row *row, struct err *err)
{
	const struct channel *c = &r->settings->channels[0];
	struct provider_verdict v = answer_of(r);
	struct outbox_result result = {
		.at_ms = r->now_ms,
		.parts = (int)segment_count(row->text).n,
	};

	dispatch_judge(c, r->settings->config, row, &v, &result);
	route_started(&r->route, outbox_is_reply(row), row->to, now_us(r));
	route_ended(&r->route, outbox_is_reply(row), now_us(r), now_us(r));
	throttle_undone(&r->route.throttle);
	if (v.kind == PROVIDER_OK)
		take(r, row);
	if (store_begin(r->store) != 0 ||
		outbox_result(r->store, &result) != 0 ||
		store_commit(r->store) != 0)
		return store_failed(r, err);
	return 0;
}

static void prepare(struct rehearsal *r, struct claim *c)
{
	struct claim_channel *ch = &c->channel[0];

	ch->room = route_room(
		&r->route, r->settings->channels[0].config, now_us(r));
	ch->primed = r->route.primed;
	ch->served = r->route.served;
	ch->served_n = r->route.served_n;
	ch->said = r->said;
	r->again_ms = 0;
	if (ch->room.wait_us > 0)
		r->again_ms = r->now_ms + ch->room.wait_us / 1000 + 1;
}

/* Learns what a claim found out. */
static void learn(struct rehearsal *r, const struct claim *c)
{
	const struct claim_channel *ch = &c->channel[0];

	r->said = ch->news;
	r->route.primed = ch->now_primed;
	if (ch->again_ms != 0 &&
		(r->again_ms == 0 || ch->again_ms < r->again_ms))
		r->again_ms = ch->again_ms;
}

/* How many left, or -1. */
static int send_due(struct rehearsal *r, struct err *err)
{
	struct arena *a = arena_new(8192);
	struct claim c;
	const struct outbox_claimed *taken;
	int n = -1;

	claim_init(&c, r->settings, a, r->now_ms);
	prepare(r, &c);
	taken = &c.channel[0].taken;
	if (store_begin(r->store) != 0 || claim_run(&c, r->store) != 0 ||
		store_commit(r->store) != 0) {
		(void)store_failed(r, err);
	} else {
		learn(r, &c);
		n = (int)taken->n + taken->more;
		for (size_t i = 0; i < taken->n && n >= 0; i++)
			if (send_one(r, &taken->v[i], err) != 0)
				n = -1;
	}
	arena_free(a);
	return n;
}

/* What is due by itself, and what it plans for at once. */
static int run_errands(struct rehearsal *r, struct err *err)
{
	struct errands_input in = {
		.settings = r->settings,
		.arena = arena_new(32768),
		.now_ms = r->now_ms,
	};
	struct errands_result done = {.run = 1};
	int rc = 0;

	while (rc == 0 && done.run > 0) {
		if (store_begin(r->store) != 0 ||
			errands_run(r->store, &in, &done) != 0 ||
			store_commit(r->store) != 0)
			rc = store_failed(r, err);
		arena_reset(in.arena);
	}
	arena_free(in.arena);
	return rc;
}

/* As a process does that starts. */
static int plan(struct rehearsal *r, struct err *err)
{
	struct errands_input in = {
		.settings = r->settings,
		.arena = arena_new(8192),
		.now_ms = r->now_ms,
	};
	int rc = 0;

	if (store_begin(r->store) != 0 || errands_start(r->store, &in) != 0 ||
		store_commit(r->store) != 0)
		rc = store_failed(r, err);
	arena_free(in.arena);
	r->planned = true;
	return rc;
}

static int send_all_due(struct rehearsal *r, struct err *err)
{
	int n;

	if (run_errands(r, err) != 0)
		return -1;
	do
		n = send_due(r, err);
	while (n > 0);
	r->now_ms++;
	return n;
}

/* ---- time ---- */

/* When something happens next by itself; INT64_MAX: nothing will. */
static int next_event(struct rehearsal *r, int64_t *ret, struct err *err)
{
	int64_t first, opens, errand;

	if (errand_next(r->store, &errand) != 0 ||
		outbox_next_due(r->store, 0, &first) != 0 ||
		outbox_next_due(r->store, r->now_ms, ret) != 0)
		return store_failed(r, err);
	if (errand < *ret)
		*ret = errand > r->now_ms ? errand : r->now_ms;
	opens = window_opens_at(r->settings->config, r->now_ms);
	/* Due and still here: it waits for the window, if not for another. */
	if (first <= r->now_ms && opens > r->now_ms && opens < *ret)
		*ret = opens;
	if (first <= r->now_ms && r->again_ms > r->now_ms && r->again_ms < *ret)
		*ret = r->again_ms;
	return 0;
}

int rehearsal_advance(struct rehearsal *r, int64_t to_ms, struct err *err)
{
	if (to_ms < r->now_ms)
		return err_set(err, "time runs forwards only");
	for (int i = 0; i < STEPS_MAX; i++) {
		int64_t at = to_ms;

		if (next_event(r, &at, err) != 0)
			return -1;
		if (at > to_ms)
			break;
		r->now_ms = at;
		if (send_all_due(r, err) != 0)
			return -1;
	}
	if (r->now_ms < to_ms)
		r->now_ms = to_ms;
	if (!r->planned && plan(r, err) != 0)
		return -1;
	return send_all_due(r, err);
}

int rehearsal_clock(struct rehearsal *r, int64_t by_ms, struct err *err)
{
	const struct config *c = r->settings->config;

	r->now_ms += by_ms;
	if (by_ms < 0 && (store_begin(r->store) != 0 ||
				 outbox_clock_back(r->store, r->now_ms,
					 c->outbox.retry_max_s * 1000) != 0 ||
				 store_commit(r->store) != 0))
		return store_failed(r, err);
	return send_all_due(r, err);
}

/* ---- texts in ---- */

static int intake(struct rehearsal *r, const struct message *m, struct arena *a,
	struct err *err)
{
	struct intake_input in = {
		.settings = r->settings,
		.message = m,
		.scan = scan_text(r->settings->rules, m->text, a),
		.arena = a,
		.budget = r->budget,
		.now_ms = r->now_ms,
		.scripted = true,
	};
	struct intake_result result;

	if (store_begin(r->store) != 0 ||
		intake_message(r->store, &in, &result) != 0 ||
		store_commit(r->store) != 0)
		return store_failed(r, err);
	return 0;
}

/* The same text twice at one time is one SMS that came twice. A scenario's
 * steps are people's: whoever answers two questions alike takes their time. */
static int type(
	struct rehearsal *r, struct str from, struct str text, struct err *err)
{
	int64_t free_at = r->now_ms;

	for (size_t i = 0; i < TYPED_MAX; i++) {
		const struct typed *t = &r->typed[i];

		if (str_eq(t->from, from) && str_eq(t->text, text) &&
			t->at_ms <= r->now_ms && t->at_ms + TYPED_MS > free_at)
			free_at = t->at_ms + TYPED_MS;
	}
	if (free_at > r->now_ms && rehearsal_advance(r, free_at, err) != 0)
		return -1;
	r->typed[r->messages % TYPED_MAX] =
		(struct typed){arena_str(r->arena, from),
			arena_str(r->arena, text), r->now_ms};
	return 0;
}

int rehearsal_receive(
	struct rehearsal *r, struct str from, struct str text, struct err *err)
{
	struct arena *a = arena_new(32768);
	struct message m = {
		.channel = STR("sim"),
		.provider_id =
			arena_printf(a, "%lld", (long long)++r->messages),
		.from = from,
		.text = text,
	};
	struct phone phone;
	int rc = type(r, from, text, err);

	m.sent_at = m.received_at = r->now_ms;
	if (phone_parse(from, &phone) == 0)
		m.from = str_of(phone.z);
	rc = rc == 0 ? intake(r, &m, a, err) : rc;
	arena_free(a);
	r->now_ms++;
	return rc == 0 ? send_all_due(r, err) : -1;
}

int rehearsal_unit(
	struct rehearsal *r, const struct unit_change *c, struct err *err)
{
	struct errands_input in = {
		.settings = r->settings,
		.arena = arena_new(32768),
		.now_ms = r->now_ms,
	};
	struct unit_changed done;
	int rc = store_begin(r->store);

	rc = rc == 0 ? unit_act(r->store, &in, c, &done, err) : rc;
	rc = rc == 0 ? store_commit(r->store) : rc;
	if (rc < 0)
		(void)store_failed(r, err);
	if (rc != 0)
		store_rollback(r->store);
	arena_free(in.arena);
	return rc == 0 ? send_all_due(r, err) : -1;
}

void rehearsal_fail(struct rehearsal *r, int n, enum rehearsal_failure how)
{
	r->fail_n = n;
	r->fail_how = how;
}

int rehearsal_crash(struct rehearsal *r, struct err *err)
{
	struct outbox_recovered moved;

	store_rollback(r->store);
	budget_free(r->budget);
	r->budget = budget_new_of(SALT);
	route_init(&r->route, STR("sim"));
	r->said = (struct claim_news){0};
	if (store_begin(r->store) != 0 ||
		outbox_recover(r->store, r->now_ms, NULL, 0, &moved) != 0 ||
		guard_recall(r->budget, r->store, r->now_ms) != 0 ||
		store_commit(r->store) != 0)
		return store_failed(r, err);
	if (r->planned && plan(r, err) != 0)
		return -1;
	return send_all_due(r, err);
}

bool rehearsal_next_text(
	struct rehearsal *r, struct str phone, struct rehearsal_text *ret)
{
	for (size_t i = 0; i < r->taken_n; i++) {
		struct taken *t = &r->taken[i];

		if (t->seen || (phone.p != NULL && !str_eq(t->text.to, phone)))
			continue;
		t->seen = true;
		*ret = t->text;
		return true;
	}
	return false;
}
