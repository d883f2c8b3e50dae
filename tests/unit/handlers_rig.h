/*
 * handlers_rig - a small world for tests of handlers, and an outcome as text.
 *
 * Units MG07 (roll 47) and MG08 (roll 20) under the commune MG; people by a
 * word: secretary (of MG07), two_units (of both), deputy, staff (of MG),
 * overseer, member (no. 12), unknown, nobody (no registry at all).
 */
#ifndef TESTS_UNIT_HANDLERS_RIG_H
#define TESTS_UNIT_HANDLERS_RIG_H

#include "config/config.h"
#include "handlers/handler.h"
#include "handlers/render.h"
#include "parsers/read.h"
#include "parsers/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

struct world {
	struct arena *arena;
	struct config *config;
	struct replies *replies;
	struct ruleset *rules;
	struct message message;
	struct context context;
	struct reading reading;
	struct report_ref last, same;
	struct meeting_ref meeting;
	struct pending pending[4];
	struct fields partial[4];
	struct outcome outcome;
	struct unit_ref units[2];
	struct unit_match matches[2];
	struct role_ref roles[2];
	struct member_ref members[47]; /* of MG07 */
	int items[4];
};

#define WORLD_OFFSET_MIN (7 * 60)

static inline struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof(*w));
	struct diags *d = diags_new();

	assert_non_null(w);
	w->arena = arena_new(65536);
	w->config = config_default();
	w->replies = replies_load(STR("vi"), config_shipped_replies("vi"),
		STR("en"), config_shipped_replies("en"), d);
	assert_non_null(w->replies);
	w->rules = ruleset_load(STR("rules"), config_shipped_rules(), d);
	assert_non_null(w->rules);
	diags_free(d);
	return w;
}

static inline void world_free(struct world *w)
{
	ruleset_unref(w->rules);
	replies_free(w->replies);
	config_free(w->config);
	arena_free(w->arena);
	free(w);
}

static inline void world_role(
	struct world *w, enum role role, int64_t unit, int member)
{
	w->roles[w->context.roles_n++] = (struct role_ref){.role = role,
		.unit_id = unit,
		.unit_code = unit == 7   ? STR("MG07")
			     : unit == 8 ? STR("MG08")
					 : STR("MG"),
		.member_no = member};
}

static inline void world_units(
	struct world *w, bool own7, bool own8, bool scope)
{
	w->units[0] = (struct unit_ref){.id = 7,
		.code = STR("MG07"),
		.name = STR("Giôn"),
		.roll = 47,
		.own = own7,
		.in_scope = own7 || scope};
	w->units[1] = (struct unit_ref){.id = 8,
		.code = STR("MG08"),
		.name = STR("Kéo Ca"),
		.roll = 20,
		.own = own8,
		.in_scope = own8 || scope};
	w->context.units = w->units;
	w->context.units_n = own8 ? 2 : own7 ? 1 : 0;
	w->matches[0] = (struct unit_match){STR("mg07"), &w->units[0], 1};
	w->matches[1] = (struct unit_match){STR("mg08"), &w->units[1], 1};
	w->context.matches = w->matches;
	w->context.matches_n = 2;
}

/* Who sends; false: no such word. */
static inline bool world_who(struct world *w, struct str who)
{
	struct context *c = &w->context;
	bool two = str_is(who, "two_units");

	c->has_registry = !str_is(who, "nobody");
	c->sender_known = c->has_registry && !str_is(who, "unknown");
	c->next_proposal = c->has_registry ? 12 : 0;
	w->message.from =
		c->has_registry ? STR("+84900000007") : (struct str){NULL, 0};
	c->roles = w->roles;
	if (str_is(who, "secretary") || two)
		world_role(w, ROLE_SECRETARY, 7, 1);
	else if (str_is(who, "deputy"))
		world_role(w, ROLE_DEPUTY, 7, 3);
	else if (str_is(who, "staff"))
		world_role(w, ROLE_STAFF, 1, 0);
	else if (str_is(who, "overseer"))
		world_role(w, ROLE_OVERSEER, 7, 0);
	else if (str_is(who, "member"))
		world_role(w, ROLE_MEMBER, 7, 12);
	else if (c->sender_known)
		return false;
	if (two)
		world_role(w, ROLE_SECRETARY, 8, 1);
	if (!c->has_registry)
		return true;
	world_units(w, two || str_is(who, "secretary") || str_is(who, "deputy"),
		two, str_is(who, "staff"));
	return true;
}

/* The members with names that tests use; the others have none. */
static inline void world_members(struct world *w)
{
	static const struct {
		int no;
		const char *name;
	} named[] = {{3, "Lò Văn Inh"}, {5, "Cà Văn Piêng"},
		{9, "Tòng Văn Hặn"}, {10, "Tòng Thị Hặn"}, {11, "Tòng Thị Hân"},
		{12, "Quàng Thị Xóm"}};

	for (int i = 0; i < 47; i++)
		w->members[i] = (struct member_ref){.no = i + 1,
			.name = STR(""),
			.status = STR("active"),
			.on_roll = true};
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		w->members[named[i].no - 1].name = str_of(named[i].name);
}

static inline void world_begin(struct world *w)
{
	world_members(w);
	arena_reset(w->arena);
	w->message = (struct message){.text = STR(""), .channel = STR("test")};
	w->context = (struct context){.today = day_of(2026, 11, 6),
		.minute = 19 * 60 + 30,
		.utc_offset_min = WORLD_OFFSET_MIN,
		.language = STR("vi"),
		.pending = w->pending};
	w->context.now_ms = day_to_ms(
		w->context.today, w->context.minute, WORLD_OFFSET_MIN);
	memset(&w->reading, 0, sizeof(w->reading));
	memset(&w->outcome, 0, sizeof(w->outcome));
	w->reading.unit_index = -1;
	w->outcome.arena = w->arena;
}

/* Number 7 is member 12's, number 6 is 3's and 4's; there are no others. */
static inline const struct task_ref *task_of(int64_t no)
{
	static const int theirs[] = {12}, others[] = {3, 4};
	static const struct task_ref seven = {theirs, 1}, six = {others, 2};

	return no == 7 ? &seven : no == 6 ? &six : NULL;
}

/* What the store would load for the unit, kind and day that were read. */
static inline void world_load_subject(struct world *w)
{
	const struct fields *f = &w->reading.fields;
	struct str code = field_text(f, FIELD_UNIT);
	struct context *c = &w->context;

	for (size_t i = 0; c->has_registry && i < 2; i++)
		if (str_eq(w->units[i].code, code))
			c->unit = &w->units[i];
	if (code.n == 0 && c->units_n == 1)
		c->unit = &w->units[0];
	c->members = c->unit == &w->units[0] ? w->members : NULL;
	c->members_n = c->members != NULL ? 47 : 0;
	c->next_task = 4;
	c->task = task_of(field_int(f, FIELD_TASK, 0));
	c->tasks_known = true;
	c->same_report = NULL;
	if (str_eq(w->same.unit, code) &&
		w->same.date == field_int(f, FIELD_DATE, DAY_NONE))
		c->same_report = &w->same;
	else
		c->same_report_cancelled = false;
}

/* From the text itself; only units that it names are looked up. */
static inline void world_read(struct world *w)
{
	const struct scan *s = scan_text(w->rules, w->message.text, w->arena);
	const struct str *keys;
	size_t n = scan_unit_keys(s, &keys);
	size_t found = 0;

	for (size_t i = 0; w->context.has_registry && i < n; i++)
		for (size_t j = 0; j < 2; j++)
			if (found < 2 && str_ieq(keys[i], w->units[j].code))
				w->matches[found++] = (struct unit_match){
					keys[i], &w->units[j], 1};
	w->context.matches_n = found;
	read_message(s, &w->context, w->arena, &w->reading);
}

static inline void world_run(struct world *w)
{
	handler_resolve(&w->message, &w->context, w->config, &w->reading);
	world_load_subject(w);
	handler_run(
		&w->message, &w->reading, &w->context, w->config, &w->outcome);
}

static inline void put_fields(
	struct world *w, struct buf *out, const struct fields *f)
{
	struct jdoc *j = fields_to_json(f);

	buf_put(out, jdoc_print(j, w->arena));
	jdoc_free(j);
}

static inline void put_text(
	struct world *w, struct buf *out, const struct effect *e)
{
	struct str language = w->context.language;

	buf_put(out, render_reply(w->replies, &e->reply, language, w->arena));
}

static inline void put_ask(
	struct world *w, struct buf *out, const struct effect *e)
{
	buf_putf(out, "ask %s", question_str(e->question));
	if (e->problem != PROBLEM_NONE)
		buf_putf(out, " %s", problem_str(e->problem));
	if (e->subject_is_report)
		buf_putz(out, " (of this report)");
	if (e->subject != 0)
		buf_putf(out, " (of report %d)", (int)e->subject);
	buf_putz(out, ": ");
	put_text(w, out, e);
}

static inline void put_effect(
	struct world *w, struct buf *out, const struct effect *e)
{
	switch (e->kind) {
	case EFFECT_REPORT:
		buf_putf(out, "report unit=%d meeting=%d ", (int)e->unit_id,
			(int)e->meeting_id);
		put_fields(w, out, e->fields);
		break;
	case EFFECT_VOID:
		buf_putf(out, "void meeting=%d", (int)e->subject);
		break;
	case EFFECT_RECORD:
		buf_putf(out, "record %s %s unit=%d subject=%d ",
			record_kind_str(e->record), record_state_str(e->state),
			(int)e->unit_id, (int)e->subject);
		put_fields(w, out, e->fields);
		break;
	case EFFECT_CONTACT:
		buf_putf(out, "contact opted_out=%d", e->opted_out);
		break;
	case EFFECT_REPLY:
		buf_putz(out, "reply: ");
		put_text(w, out, e);
		break;
	case EFFECT_ASK:
		put_ask(w, out, e);
		break;
	case EFFECT_NOTIFY:
		buf_putf(out, "notify unit=%d: ", (int)e->unit_id);
		put_text(w, out, e);
		break;
	case EFFECT_SETTLE:
		buf_putf(out, "settle %d", (int)e->subject);
		break;
	case EFFECT_READ:
		buf_putf(out, "audit %s unit=%d", e->read, (int)e->unit_id);
		break;
	}
}

/* "> " lines: intent and fields, then one line an effect. */
static inline void world_print(struct world *w, struct buf *out)
{
	const struct outcome *o = &w->outcome;

	buf_putf(out, "> %s%s", intent_str(o->intent),
		o->clarify ? " asks" : "");
	if (o->problem != PROBLEM_NONE)
		buf_putf(out, " %s", problem_str(o->problem));
	buf_putc(out, ' ');
	put_fields(w, out, &o->fields);
	buf_putc(out, '\n');
	for (size_t i = 0; i < o->n; i++) {
		buf_putz(out, "> ");
		put_effect(w, out, &o->v[i]);
		buf_putc(out, '\n');
	}
}

#endif
