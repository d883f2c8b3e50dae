/*
 * broadcast - one text to many: to whom, for how much, and off it goes.
 *
 * Without --yes it is only shown; with it whoever writes stores it, and plans
 * the first texts in the same transaction. `list` tells how the last ones
 * stand; `bantin queue cancel b3` ends one.
 */
#include "gateway/store/broadcast.h"
#include "gateway/broadcasts.h"
#include "gateway/commands/command.h"
#include "gateway/errands/kinds.h"
#include "gateway/local.h"
#include "gateway/store/inbound.h"
#include "gateway/store/lineage.h"

#include <stdio.h>

#define LISTED_MAX ((size_t)50)

struct ask {
	const struct command_line *line;
	const struct settings *set;
	struct store *store;
	struct arena *arena;
	bool json;
};

static int wrong(int status, const char *what)
{
	fprintf(stderr, "bantin broadcast: %s\n", what);
	return status;
}

/* ---- the list ---- */

static int show_one(
	const struct ask *k, const struct broadcast *b, struct jdoc *all)
{
	int offset = (int)k->set->config->utc_offset * 60;
	struct local_text at = local_full(b->created_at, offset);
	struct broadcast_texts t;
	struct jdoc *v;

	if (broadcast_texts(k->store, b->id, &t) != 0)
		return -1;
	if (!k->json) {
		printf("b%-5lld %-9.*s %.16s  " STR_FMT " " STR_FMT
		       ": %lld waiting, %lld sent, %lld not\n",
			(long long)b->id, (int)b->state.n, b->state.p, at.z,
			STR_ARG(b->unit), STR_ARG(b->to), (long long)t.waiting,
			(long long)t.left, (long long)t.ended);
		return 0;
	}
	v = jdoc_object();
	jdoc_set_int(v, "broadcast", b->id);
	jdoc_set_str(v, "unit", b->unit);
	jdoc_set_str(v, "to", b->to);
	jdoc_set_str(v, "state", b->state);
	jdoc_set_str(v, "at", str_of(at.z));
	jdoc_set_int(v, "waiting", t.waiting);
	jdoc_set_int(v, "sent", t.left);
	jdoc_set_int(v, "not_sent", t.ended);
	jdoc_push(all, v);
	return 0;
}

static int list(const struct ask *k)
{
	struct jdoc *all = jdoc_array();
	struct broadcast_list found;
	int rc = broadcast_list(k->store, LISTED_MAX, k->arena, &found);

	for (size_t i = 0; rc == 0 && i < found.n; i++)
		rc = show_one(k, &found.v[i], all);
	if (rc == 0 && k->json)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(all, k->arena)));
	jdoc_free(all);
	return rc == 0 ? EXIT_FINE : wrong(EXIT_WRONG, store_error(k->store));
}

/* ---- what it would take ---- */

/* 1, 0 (no such unit), -1. */
static int find_unit(
	struct store *s, struct arena *a, struct str code, int64_t *ret)
{
	struct context c = {.now_ms = 0};
	struct fields f = {.has = {0}};

	if (lineage_named(s, code, a, &code) < 0)
		return -1;
	field_set_text(&f, FIELD_UNIT, code);
	if (context_load_subject(s, &f, a, &c) != 0)
		return -1;
	*ret = c.unit != NULL ? c.unit->id : 0;
	return c.unit != NULL;
}

/* A sentence; NULL: it may go. */
static const char *refusal(
	const struct settings *set, const struct audience_ref *au)
{
	if (au->forbidden)
		return "the text holds a word that no text may hold "
		       "(forbidden, in the replies)";
	if (au->segments > set->config->broadcast.max_segments)
		return "the text is longer than broadcast.max_segments";
	return au->people == 0 ? "there is nobody to send it to" : NULL;
}

static void fill(struct jdoc *v, const struct audience_ref *au)
{
	jdoc_set_int(v, "people", au->people);
	jdoc_set_int(v, "segments", au->segments);
	jdoc_set_int(v, "texts", au->people * au->segments);
	jdoc_set_int(v, "cost", au->cost);
	jdoc_set_int(v, "opted_out", au->opted_out);
	jdoc_set_int(v, "no_consent", au->no_consent);
	jdoc_set_int(v, "capped", au->capped);
	jdoc_set_int(v, "no_phone", au->no_phone);
	jdoc_set_int(v, "unreachable", au->unreachable);
}

static void print_preview(const struct ask *k, const struct audience_ref *au)
{
	struct local_text done =
		local_near(au->done_at, clock_wall_ms(k->line->clock),
			(int)k->set->config->utc_offset * 60);

	long long texts = au->people * au->segments;

	printf("%lld people, %d segment%s each, %lld in all\n",
		(long long)au->people, au->segments,
		au->segments == 1 ? "" : "s", texts);
	if (au->cost > 0)
		printf("cost: %lld dong\n", (long long)au->cost);
	printf("done: %s\n", done.z);
	printf("left out: %lld opted out, %lld not agreed, %lld had the day's "
	       "texts, %lld without a phone, %lld out of reach\n",
		(long long)au->opted_out, (long long)au->no_consent,
		(long long)au->capped, (long long)au->no_phone,
		(long long)au->unreachable);
}

static int preview(const struct ask *k)
{
	struct broadcasting b = {
		.s = k->store,
		.settings = k->set,
		.arena = k->arena,
		.now_ms = clock_wall_ms(k->line->clock),
		.to = str_of(command_value(k->line, "--to")),
		.text = str_of(k->line->argv[0]),
	};
	struct str code = str_of(command_value(k->line, "--unit"));
	int rc = find_unit(k->store, k->arena, code, &b.unit_id);
	struct audience_ref au;
	struct jdoc *v;

	if (rc == 0)
		return wrong(EXIT_WRONG, "there is no unit of that code");
	if (rc < 0 || broadcasting_preview(&b, &au) != 0)
		return wrong(EXIT_WRONG, store_error(k->store));
	if (k->json) {
		v = jdoc_object();
		fill(v, &au);
		printf(STR_FMT "\n", STR_ARG(jdoc_print(v, k->arena)));
		jdoc_free(v);
	} else {
		print_preview(k, &au);
	}
	if (refusal(k->set, &au) != NULL)
		return wrong(EXIT_WRONG, refusal(k->set, &au));
	if (!k->json)
		printf("--yes sends it\n");
	return EXIT_WRONG;
}

static int send(const struct ask *k)
{
	struct jdoc *request = jdoc_object(), *answer;
	struct err err = {""};
	int64_t id = 0, people = 0;
	struct str error;

	jdoc_set_str(request, "unit", str_of(command_value(k->line, "--unit")));
	if (command_value(k->line, "--to") != NULL)
		jdoc_set_str(
			request, "to", str_of(command_value(k->line, "--to")));
	jdoc_set_str(request, "text", str_of(k->line->argv[0]));
	answer = command_write(k->line, k->set, request, &err);
	error = jdoc_str(jdoc_at(answer, "error"));
	(void)jdoc_int(jdoc_at(answer, "broadcast"), &id);
	(void)jdoc_int(jdoc_at(answer, "people"), &people);
	if (answer == NULL)
		(void)wrong(EXIT_WRONG, err.text);
	else if (error.p != NULL)
		(void)wrong(EXIT_WRONG, arena_z(k->arena, error));
	else if (k->json)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(answer, k->arena)));
	else
		printf("b%lld to %lld people\n", (long long)id,
			(long long)people);
	jdoc_free(answer);
	return id > 0 ? EXIT_FINE : EXIT_WRONG;
}

static bool is_audience(const char *to)
{
	return to == NULL || strcmp(to, "secretaries") == 0 ||
	       strcmp(to, "away") == 0 || strcmp(to, "all") == 0;
}

static int look(struct ask *k, bool all)
{
	const char *path = arena_z(k->arena, k->set->config->database);
	struct err err;
	int status;

	k->store = store_open(path, STORE_READ, &err);
	if (k->store == NULL)
		return wrong(EXIT_WRONG, err.text);
	status = all ? list(k) : preview(k);
	store_close(k->store);
	return status;
}

static int run(const struct command_line *line)
{
	const char *unit = command_value(line, "--unit");
	bool all = unit == NULL && strcmp(line->argv[0], "list") == 0;
	bool yes = command_value(line, "--yes") != NULL;
	struct settings *set;
	struct ask k = {
		.line = line, .json = command_value(line, "--json") != NULL};
	int status;

	if (!all && (unit == NULL || line->argv[0][0] == '\0'))
		return wrong(EXIT_USAGE, "--unit CODE and a text, or list");
	if (!is_audience(command_value(line, "--to")))
		return wrong(EXIT_USAGE, "--to secretaries, away or all");
	set = command_settings(line);
	if (set == NULL)
		return EXIT_WRONG;
	k.set = set;
	k.arena = arena_new(65536);
	status = !all && yes ? send(&k) : look(&k, all);
	arena_free(k.arena);
	settings_unref(set);
	return status;
}

/* ---- the writer's side ---- */

static int refuse(struct jdoc *answer, const char *why)
{
	jdoc_set_str(answer, "error", str_of(why));
	return -1;
}

static int start(const struct broadcasting *of, struct jdoc *answer)
{
	const struct errands_input in = {
		.settings = of->settings,
		.arena = of->arena,
		.now_ms = of->now_ms,
	};
	struct broadcast b = {
		.unit_id = of->unit_id,
		.to = of->to,
		.text = of->text,
		.created_at = of->now_ms,
	};
	int64_t id;

	if (broadcast_put(of->s, &b, &id) != 0 ||
		broadcast_plan(of->s, &in, id) != 0)
		return -1;
	jdoc_set_int(answer, "broadcast", id);
	return 0;
}

static int write_down(const struct broadcasting *b, const struct jdoc *request,
	int64_t people)
{
	struct audit_entry e = {
		.now_ms = b->now_ms,
		.what = broadcast_act(b->to, b->arena),
		.unit_id = b->unit_id,
		.people = people,
	};

	return command_audit(b->s, request, &e);
}

static int apply_in(
	struct broadcasting *b, const struct jdoc *request, struct jdoc *answer)
{
	struct str code = jdoc_str(jdoc_at(request, "unit"));
	int rc = find_unit(b->s, b->arena, code, &b->unit_id);
	struct audience_ref au;

	if (rc <= 0)
		return rc < 0 ? -1
			      : refuse(answer, "there is no unit of that code");
	if (broadcasting_preview(b, &au) != 0)
		return -1;
	if (refusal(b->settings, &au) != NULL)
		return refuse(answer, refusal(b->settings, &au));
	fill(answer, &au);
	return write_down(b, request, au.people) == 0 ? start(b, answer) : -1;
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct broadcasting b = {
		.s = s,
		.settings = set,
		.arena = arena_new(65536),
		.now_ms = now_ms,
		.to = jdoc_str(jdoc_at(request, "to")),
		.text = jdoc_str(jdoc_at(request, "text")),
	};
	int rc = apply_in(&b, request, answer);

	arena_free(b.arena);
	return rc;
}

static const struct command_option options[] = {
	{"--unit", "CODE", "the unit at the top of those that get it"},
	{"--to", "WHOM",
		"secretaries (when not given), away: members who are, all: "
		"members on the roll"},
	{"--yes", NULL, "send it"},
	{"--json", NULL, "print JSON"},
	{0},
};

const struct command command_broadcast = {
	.name = "broadcast",
	.operands = "TEXT|list",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "one text to many: shown first, sent with --yes",
	.help = "Shows to how many people of the unit and those below it TEXT "
		"would go, its segments, what it costs (cost.per_segment), "
		"when "
		"it is done, and who is left out and why: opted out, not "
		"agreed (members), had the day's texts (send.unasked_per_day), "
		"no "
		"phone, out of reach. Status 1, as nothing was sent; --yes "
		"sends it: one text a phone, broadcast.per_minute a minute, "
		"inside the send window, in the lane bulk. Texts with "
		"forbidden words are refused. list shows the last 50 and how "
		"their texts stand; bantin queue cancel b3 ends one. Staff do "
		"the same by SMS within their units: GUI CODE text, then 1.",
	.options = options,
	.run = run,
	.apply = apply,
};
