#ifndef TESTS_FUZZ_SITUATION_H
#define TESTS_FUZZ_SITUATION_H

#include "tests/fuzz/fuzz.h"

#include "gateway/settings.h"
#include "handlers/handler.h"
#include "parsers/read.h"
#include "parsers/scan.h"

/*
 * A sender in some situation, made of three bytes, and the text that comes
 * from there, read and handled as the gateway does it.
 */
struct situation {
	const struct settings *set;
	struct arena *arena;
	struct message message;
	struct context context;
	struct unit_ref units[2];
	struct role_ref role;
	struct unit_match match;
	struct pending pending;
	struct fields partial;
	struct report_ref last;
	struct meeting_ref announced;
	int items[2];
	struct reading reading;
	struct outcome outcome;
};

#define SITUATION_NOW_MS INT64_C(1793968200000) /* 2026-11-06T19:30+07:00 */

static inline struct settings *situation_settings(void)
{
	struct diags *d = diags_new();
	struct settings *set = settings_load_text(
		STR("defaults"), STR("database: ':memory:'\n"), d);

	MUST(set != NULL);
	diags_free(d);
	return set;
}

/* 47 members, 35 of them present on the 5th. */
static inline void situation_figures(struct fields *f, day_t today)
{
	field_set_text(f, FIELD_UNIT, STR("MG07"));
	field_set_text(f, FIELD_KIND, STR("regular"));
	field_set_int(f, FIELD_DATE, today - 1);
	field_set_int(f, FIELD_TOTAL, 47);
	field_set_int(f, FIELD_PRESENT, 35);
	field_set_int(f, FIELD_EXCUSED, 10);
	field_set_int(f, FIELD_UNEXCUSED, 2);
}

static inline void situation_sender(struct situation *s, unsigned bits)
{
	struct context *c = &s->context;

	s->units[0] = (struct unit_ref){.id = 1,
		.code = STR("MG07"),
		.name = STR("Giôn"),
		.roll = 47,
		.own = true,
		.in_scope = true};
	s->units[1] = (struct unit_ref){.id = 2,
		.code = STR("MG09"),
		.name = STR("Na Pán"),
		.roll = 30,
		.own = true,
		.in_scope = true};
	s->role = (struct role_ref){
		.role = ROLE_SECRETARY, .unit_id = 1, .unit_code = STR("MG07")};
	if (bits & 1)
		s->role.role = ROLE_MEMBER;
	if (bits & 2)
		s->role.role = ROLE_STAFF;
	c->has_registry = (bits & 4) == 0;
	c->sender_known = true;
	c->contact_id = 1;
	c->language = STR("vi");
	c->roles = &s->role;
	c->roles_n = 1;
	c->units = s->units;
	c->units_n = bits & 8 ? 2 : 1;
	s->match = (struct unit_match){
		.key = STR("mg07"), .units = s->units, .n = 1};
	c->matches = &s->match;
	c->matches_n = 1;
}

static inline void situation_past(struct situation *s, unsigned bits)
{
	struct context *c = &s->context;

	s->last = (struct report_ref){.meeting_id = 1,
		.report_id = 1,
		.unit = STR("MG07"),
		.date = c->today - 1,
		.kind = STR("regular"),
		.version = 1};
	situation_figures(&s->last.fields, c->today);
	s->announced = (struct meeting_ref){.id = 1,
		.unit = STR("MG07"),
		.date = c->today + 2,
		.time = 19 * 60};
	c->last_report = bits & 16 ? &s->last : NULL;
	c->pending_meeting = bits & 32 ? &s->announced : NULL;
}

static inline void situation_question(
	struct situation *s, enum question q, unsigned what)
{
	struct context *c = &s->context;

	if (q == QUESTION_NONE)
		return;
	situation_figures(&s->partial, c->today);
	if (what == 1)
		field_drop(&s->partial, FIELD_EXCUSED);
	if (what == 2)
		field_drop(&s->partial, FIELD_PRESENT);
	s->pending = (struct pending){.id = 1,
		.question = q,
		.subject = 1,
		.sent_at = SITUATION_NOW_MS - 1,
		.intent = INTENT_MEETING_REPORT,
		.partial = &s->partial};
	c->pending = &s->pending;
	c->pending_n = 1;
	s->items[0] = 1;
	s->items[1] = 2;
	c->vote_items = s->items;
	c->vote_items_n = q == QUESTION_VOTE ? what : 0;
}

/* Three bytes off the front of *rest; what is left is the text. */
static inline void situation_make(struct situation *s, struct str *rest)
{
	struct context *c = &s->context;
	enum question q = (enum question)fuzz_choice(rest, QUESTION_N);
	unsigned bits = fuzz_choice(rest, 64), what = fuzz_choice(rest, 3);

	c->now_ms = SITUATION_NOW_MS;
	c->utc_offset_min = 7 * 60;
	c->today = day_of_ms(c->now_ms, c->utc_offset_min);
	c->minute = minute_of_ms(c->now_ms, c->utc_offset_min);
	situation_sender(s, bits);
	situation_past(s, bits);
	situation_question(s, q, what);
	s->message = (struct message){.channel = STR("c"),
		.provider_id = STR("1"),
		.from = STR("+84900000007"),
		.text = *rest,
		.sent_at = c->now_ms,
		.received_at = c->now_ms};
}

static inline void situation_subject(struct situation *s)
{
	const struct fields *f = &s->reading.fields;
	struct context *c = &s->context;

	for (size_t i = 0; i < 2; i++)
		if (str_eq(s->units[i].code, field_text(f, FIELD_UNIT)))
			c->unit = &s->units[i];
	if (c->last_report != NULL && c->unit == &s->units[0] &&
		field_int(f, FIELD_DATE, 0) == s->last.date)
		c->same_report = &s->last;
}

/* Reads and handles the text. */
static inline void situation_run(struct situation *s)
{
	struct scan *scan = scan_text(s->set->rules, s->message.text, s->arena);

	read_message(scan, &s->context, s->arena, &s->reading);
	handler_resolve(&s->message, &s->context, s->set->config, &s->reading);
	situation_subject(s);
	s->outcome.arena = s->arena;
	handler_run(&s->message, &s->reading, &s->context, s->set->config,
		&s->outcome);
}

#endif
