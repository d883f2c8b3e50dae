/*
 * guard - may this text be answered by itself, and if not, why?
 *
 * Two kinds of no. By sender: names, short codes, our own numbers. By count:
 * so many answers to a number in an hour, so many times the same one, so many
 * neutral lines to a stranger in a day, and to all strangers of a channel in
 * an hour. Counts are kept in memory, for a count in the store would cost an
 * index on every answer; after a start they are read back from the outbox,
 * once. Holds no state. Writer thread.
 */
#include "gateway/guard.h"

#include "gateway/store/answers.h"
#include "parsers/phone.h"

#include <assert.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define SHORT_MAX 7      /* digits */
#define RECALL_MAX 50000 /* rows: more than a province makes in a day */
#define STRANGERS STR("strangers")

#define GUARD_WHY(id, why) why,

const char *guard_str(enum guard g)
{
	static const char *const why[] = {GUARDS(GUARD_WHY)};

	assert(g < GUARD_N);
	return why[g];
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

enum guard guard_sender(const struct settings *s, struct str from)
{
	struct str digits = str_from(from, str_starts(from, STR("+")));

	if (settings_is_own(s, from))
		return GUARD_OWN;
	if (phone_is_answerable(from))
		return GUARD_OPEN;
	if (!is_digits(digits))
		return GUARD_NAME;
	return digits.n <= SHORT_MAX ? GUARD_SHORT : GUARD_NUMBER;
}

/* What one answer takes from. */
struct shares {
	struct budget_ask same, hour, day, strangers;
};

static struct shares shares_of(
	const struct guard_answer *a, struct str occasion)
{
	const struct message *m = a->message;
	struct budget_ask any = {
		.who = m->from,
		.occasion = occasion,
		.limit = INT64_MAX,
		.span_ms = HOUR_MS,
		.now_ms = a->now_ms,
	};
	struct shares s = {any, any, any, any};

	s.same.what = a->text;
	s.day.span_ms = DAY_MS;
	s.strangers.who = m->channel;
	s.strangers.what = STRANGERS;
	return s;
}

/* A limit of 0 is none. */
static int64_t limit(int64_t configured)
{
	return configured > 0 ? configured : INT64_MAX;
}

static void set_limits(struct shares *s, const struct guard_answer *a)
{
	const struct config *c = a->config;

	if (!a->news)
		s->same.limit = limit(c->budget.same_per_hour);
	if (a->known) {
		s->hour.limit = limit(c->budget.replies_per_hour);
		return;
	}
	s->day.limit = c->budget.unknown_per_day;
	s->strangers.limit = limit(c->budget.strangers_per_hour);
}

static void take(
	struct budget *b, const struct shares *s, bool known, bool stranger)
{
	budget_take(b, &s->same);
	if (known)
		budget_take(b, &s->hour);
	if (stranger) {
		budget_take(b, &s->day);
		budget_take(b, &s->strangers);
	}
}

enum guard guard_answer(struct budget *b, const struct guard_answer *a)
{
	struct shares s = shares_of(a, a->message->provider_id);

	set_limits(&s, a);
	if (!budget_has(b, &s.same))
		return GUARD_SAME;
	if (a->known && !budget_has(b, &s.hour))
		return GUARD_HOUR;
	if (!a->known && !budget_has(b, &s.day))
		return GUARD_STRANGER;
	if (!a->known && !budget_has(b, &s.strangers))
		return GUARD_STRANGERS;
	take(b, &s, a->known, !a->known);
	return GUARD_OPEN;
}

/* Who was no stranger then may be one by now: known or not, it had a line. */
static void on_answer(void *arg, const struct answer *old)
{
	const int64_t id = old->message_id;
	struct message m = {.from = old->to, .channel = old->channel};
	struct guard_answer a = {
		.message = &m, .text = old->text, .now_ms = old->at_ms};
	struct shares s =
		shares_of(&a, (struct str){(const char *)&id, sizeof(id)});

	take(arg, &s, true, old->stranger);
	if (!old->stranger)
		budget_take(arg, &s.day);
}

int guard_recall(struct budget *b, struct store *s, int64_t now_ms)
{
	struct answers_ask ask = {
		.since_ms = now_ms - DAY_MS,
		.max = RECALL_MAX,
		.on = on_answer,
		.arg = b,
	};

	return answers_since(s, &ask);
}
