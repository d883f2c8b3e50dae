/*
 * unit - units merge, split, are renamed, move and end.
 *
 * Everything is first done and taken back, which is the preview; with --yes
 * it is done, or planned when its day is still to come. The list reads the
 * database itself.
 */
#include "gateway/commands/command.h"
#include "gateway/unit_act.h"
#include "gateway/unit_words.h"

#include <stdio.h>

#define WORDS_MAX 64

struct ask {
	const struct command_line *line;
	struct settings *set;
	struct arena *arena;
	struct jdoc *plan;
	bool json;
};

static int wrong(const char *what)
{
	fprintf(stderr, "bantin unit: %s\n", what);
	return EXIT_USAGE;
}

/* ---- showing ---- */

static void show_moved(const struct jdoc *answer)
{
	const struct jdoc *moved = jdoc_at(answer, "moved");

	for (size_t i = 0; i < jdoc_len(moved); i++) {
		const struct jdoc *v = jdoc_item(moved, i);
		int64_t no = 0, to = 0;

		(void)jdoc_int(jdoc_at(v, "no"), &no);
		(void)jdoc_int(jdoc_at(v, "to_no"), &to);
		printf("  " STR_FMT " %lld -> " STR_FMT " %lld%s\n",
			STR_ARG(jdoc_str(jdoc_at(v, "unit"))), (long long)no,
			STR_ARG(jdoc_str(jdoc_at(v, "to"))), (long long)to,
			no != to ? "  (new number)" : "");
	}
}

static void show_counts(const struct jdoc *answer)
{
	static const struct {
		const char *key, *text;
	} count[] = {
		{"members", "members move"},
		{"renumbered", "of them get another number"},
		{"roles", "roles move"},
		{"meetings_moved", "planned meetings move"},
		{"meetings_off", "planned meetings are called off"},
		{"tasks", "open tasks move"},
		{"candidates", "candidates move"},
		{"proposals", "proposals move"},
	};

	for (size_t i = 0; i < sizeof(count) / sizeof(count[0]); i++) {
		int64_t n = 0;

		(void)jdoc_int(jdoc_at(answer, count[i].key), &n);
		if (n > 0)
			printf("%lld %s\n", (long long)n, count[i].text);
	}
}

static int show(const struct ask *ask, const struct jdoc *answer, bool preview)
{
	struct str state = jdoc_str(jdoc_at(answer, "state"));

	if (ask->json) {
		printf(STR_FMT "\n", STR_ARG(jdoc_print(answer, ask->arena)));
		return EXIT_FINE;
	}
	show_counts(answer);
	show_moved(answer);
	if (preview)
		printf("nothing was done; --yes does it\n");
	else
		printf(STR_FMT "\n", STR_ARG(state));
	return EXIT_FINE;
}

/* One request; a preview is an answer that was taken back. */
static int request(const struct ask *ask, bool yes, bool quiet)
{
	struct jdoc *r = jdoc_object(), *answer;
	struct err err = {""};
	struct str error;
	bool preview;
	int status = EXIT_WRONG;

	jdoc_set(r, "plan", jdoc_copy(ask->plan));
	jdoc_set(r, "yes", jdoc_new_bool(yes));
	answer = command_write(ask->line, ask->set, r, &err);
	error = jdoc_str(jdoc_at(answer, "error"));
	preview = str_is(error, "preview");
	if (answer == NULL || (error.p != NULL && !preview))
		fprintf(stderr, "bantin unit: " STR_FMT "%s\n", STR_ARG(error),
			answer == NULL ? err.text : "");
	else
		status = quiet ? EXIT_FINE : show(ask, answer, preview);
	jdoc_free(answer);
	return status;
}

/* ---- list ---- */

static void list_row(const struct ask *ask, const struct unit_change_row *r)
{
	struct jdoc *v;

	if (!ask->json) {
		printf(STR_FMT "  " STR_FMT "  " STR_FMT " " STR_FMT
			       "%s" STR_FMT "  " STR_FMT "%s" STR_FMT "\n",
			STR_ARG(r->on), STR_ARG(r->state), STR_ARG(r->kind),
			STR_ARG(r->from), r->to.n > 0 ? " -> " : "",
			STR_ARG(r->to), STR_ARG(r->document),
			r->why.n > 0 ? "  why: " : "", STR_ARG(r->why));
		return;
	}
	v = jdoc_object();
	jdoc_set_int(v, "change", r->id);
	jdoc_set_str(v, "on", r->on);
	jdoc_set_str(v, "state", r->state);
	jdoc_set_str(v, "kind", r->kind);
	jdoc_set_str(v, "from", r->from);
	jdoc_set_str(v, "to", r->to);
	jdoc_set_str(v, "document", r->document);
	jdoc_set_str(v, "why", r->why);
	printf(STR_FMT "\n", STR_ARG(jdoc_print(v, ask->arena)));
	jdoc_free(v);
}

static int list(const struct ask *ask)
{
	const char *path = arena_z(ask->arena, ask->set->config->database);
	struct unit_change_list all = {0};
	struct err err = {""};
	struct store *s = store_open(path, STORE_READ, &err);
	int rc;

	if (s == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_WRONG;
	}
	rc = unit_change_list(s, ask->arena, &all);
	if (rc != 0)
		fprintf(stderr, "%s\n", store_error(s));
	store_close(s);
	for (size_t i = 0; i < all.n; i++)
		list_row(ask, &all.v[i]);
	return rc == 0 ? EXIT_FINE : EXIT_WRONG;
}

/* ---- the line ---- */

static int read_plan(struct ask *ask)
{
	const struct command_line *line = ask->line;
	int offset = (int)ask->set->config->utc_offset * 60;
	const char *on = command_value(line, "--on");
	struct str words[WORDS_MAX];
	struct unit_change c;
	struct err err = {""};

	if (line->argc > WORDS_MAX)
		return wrong("too many units at once");
	for (int i = 0; i < line->argc; i++)
		words[i] = str_of(line->argv[i]);
	if (unit_words_read(words, (size_t)line->argc, ask->arena, &c, &err) !=
		0)
		return wrong(err.text);
	c.on = on != NULL ? day_parse(str_of(on))
			  : day_of_ms(clock_wall_ms(line->clock), offset);
	if (c.on == DAY_NONE)
		return wrong("--on is a day, YYYY-MM-DD");
	c.document = str_of(command_value(line, "--document"));
	ask->plan = unit_change_json(&c);
	return EXIT_FINE;
}

static int change(struct ask *ask)
{
	bool yes = command_value(ask->line, "--yes") != NULL;
	int status = read_plan(ask);

	/* One of a later day is tried today, too. */
	if (status == EXIT_FINE)
		status = request(ask, false, yes);
	if (status == EXIT_FINE && yes)
		status = request(ask, true, false);
	jdoc_free(ask->plan);
	return status;
}

static int run(const struct command_line *line)
{
	struct ask ask = {
		.line = line,
		.arena = arena_new(65536),
		.json = command_value(line, "--json") != NULL,
		.set = command_settings(line),
	};
	int status = EXIT_WRONG;

	if (ask.set != NULL)
		status = line->argc == 1 && strcmp(line->argv[0], "list") == 0
				 ? list(&ask)
				 : change(&ask);
	settings_unref(ask.set);
	arena_free(ask.arena);
	return status;
}

/* ---- the writer's side ---- */

static void set_answer(struct jdoc *answer, const struct unit_changed *d)
{
	struct jdoc *moved = jdoc_array();
	int64_t renumbered = 0;

	for (size_t i = 0; i < d->moved_n; i++) {
		const struct unit_moved *m = &d->moved[i];
		struct jdoc *v = jdoc_object();

		renumbered += m->no != m->to_no;
		jdoc_set_str(v, "unit", m->unit);
		jdoc_set_int(v, "no", m->no);
		jdoc_set_str(v, "to", m->to_unit);
		jdoc_set_int(v, "to_no", m->to_no);
		jdoc_push(moved, v);
	}
	jdoc_set_int(answer, "change", d->change_id);
	jdoc_set_int(answer, "members", (int64_t)d->moved_n);
	jdoc_set_int(answer, "renumbered", renumbered);
	jdoc_set_int(answer, "roles", d->roles);
	jdoc_set_int(answer, "meetings_moved", d->meetings_moved);
	jdoc_set_int(answer, "meetings_off", d->meetings_off);
	jdoc_set_int(answer, "tasks", d->tasks);
	jdoc_set_int(answer, "candidates", d->candidates);
	jdoc_set_int(answer, "proposals", d->proposals);
	jdoc_set(answer, "moved", moved);
}

static int refuse(struct jdoc *answer, const char *why)
{
	jdoc_set_str(answer, "error", str_of(why));
	return -1;
}

struct unit_done {
	const struct unit_change *change;
	const struct unit_changed *done;
};

/* Lists and roles are others' now; of one that is planned, nobody's yet. */
static int write_down(struct store *s, const struct errands_input *in,
	const struct jdoc *request, const struct unit_done *d)
{
	struct audit_entry e = {
		.now_ms = in->now_ms,
		.what = arena_printf(in->arena, "unit %s%c",
			unit_change_str(d->change->kind), '\0')
				.p,
		.people = (int64_t)d->done->moved_n,
	};

	if (audit_unit(s, d->change->from[0], &e.unit_id) != 0)
		return -1;
	return command_audit(s, request, &e);
}

static int act(struct store *s, const struct errands_input *in,
	const struct jdoc *request, struct jdoc *answer)
{
	struct unit_changed done = {0};
	struct unit_change c;
	struct err why = {""};
	bool yes = false;
	int rc;

	if (unit_change_read(jdoc_at(request, "plan"), in->arena, &c) != 0)
		return refuse(answer, "not a change of units");
	(void)jdoc_bool(jdoc_at(request, "yes"), &yes);
	rc = yes ? unit_act(s, in, &c, &done, &why)
		 : unit_act_now(s, in, &c, &done, &why);
	if (rc != 0)
		return rc > 0 ? refuse(answer, why.text) : -1;
	set_answer(answer, &done);
	if (!yes)
		return refuse(answer, "preview");
	if (write_down(s, in, request, &(struct unit_done){&c, &done}) != 0)
		return -1;
	jdoc_set_str(answer, "state",
		done.units_n > 0 || c.kind == UNIT_END
			? STR("done")
			: STR("planned for its day"));
	return 0;
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct errands_input in = {
		.settings = set, .arena = arena_new(65536), .now_ms = now_ms};
	int rc = act(s, &in, request, answer);

	arena_free(in.arena);
	return rc;
}

static const struct command_option options[] = {
	{"--on", "DAY",
		"the first day of the new state, YYYY-MM-DD (today); a later "
		"one is planned"},
	{"--document", "TEXT", "the decision that it rests on"},
	{"--yes", NULL, "do it; without, it is only shown"},
	{"--json", NULL, "print JSON"},
	{0},
};

const struct command command_unit = {
	.name = "unit",
	.operands = "merge|split|rename|move|end|list [UNIT...]",
	.min_operands = 1,
	.max_operands = WORDS_MAX,
	.summary = "units merge, split, are renamed, move and end",
	.help = "merge OLD... NEW[=NAME]: members, roles and what is open "
		"(planned meetings, tasks, candidates, proposals, opinions) "
		"become NEW's, which may be one of before or a new unit. "
		"Members keep their numbers where these are free; who gets "
		"another one is listed. split OLD NEW[=NAME][:NUMBERS]...: "
		"members go by number (:1-20,25), all others to the part "
		"without numbers; OLD may be a part of itself. rename OLD "
		"NEW[=NAME]; move UNIT ABOVE; end UNIT. What was reported "
		"stays with the unit that met, and is counted in today's tree. "
		"Old codes and names are understood on: a text to a merged "
		"unit goes to NEW, a report of a day before the change to the "
		"unit of that day, and after a split the sender is asked "
		"which. Without --yes it is only tried and shown. list: what "
		"was done and what is planned.",
	.options = options,
	.run = run,
	.apply = apply,
};
