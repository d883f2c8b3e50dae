/*
 * replay - what would be made of the stored texts today?
 *
 * Reads every message again under the present rules, in the situation in
 * which it came, and prints those that would be read otherwise: before an
 * update of the rules is put to work. Stores nothing and asks nobody.
 */
#include "gateway/store/replay.h"
#include "gateway/commands/command.h"
#include "handlers/handler.h"
#include "parsers/read.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)

struct replay {
	struct store *store;
	const struct settings *set;
	struct arena *page, *arena; /* the latter: one message's */
	bool json;
	int64_t read, changed, unread;
};

/* What was made of a text, or would be. */
struct made {
	struct str intent, problem;
	const struct fields *report; /* NULL: none is stored */
};

static int read_again(
	struct replay *r, const struct replay_message *m, struct made *ret)
{
	struct outcome *out = ARENA_NEW(r->arena, struct outcome);
	struct context *c = ARENA_NEW(r->arena, struct context);
	struct scan *scan = scan_text(r->set->rules, m->message.text, r->arena);
	struct context_query q = {
		.message = &m->message,
		.now_ms = m->message.received_at,
		.utc_offset_min = (int)r->set->config->utc_offset * 60,
	};
	struct reading reading;

	q.unit_keys_n = scan_unit_keys(scan, &q.unit_keys);
	if (replay_context(r->store, m, &q, r->arena, c) != 0)
		return -1;
	read_message(scan, c, r->arena, &reading);
	handler_resolve(&m->message, c, r->set->config, &reading);
	if (replay_subject(r->store, m, &reading.fields, r->arena, c) != 0)
		return -1;
	out->arena = r->arena;
	handler_run(&m->message, &reading, c, r->set->config, out);
	*ret = (struct made){
		.intent = str_of(intent_str(out->intent)),
		.problem = str_of(problem_str(out->problem)),
	};
	for (size_t k = 0; k < out->n && ret->report == NULL; k++)
		if (out->v[k].kind == EFFECT_REPORT)
			ret->report = out->v[k].fields;
	return 0;
}

/* The report as one line of JSON; absent: none. */
static struct str report_text(const struct fields *f, struct arena *a)
{
	struct fields shown;
	struct jdoc *doc;
	struct str text;

	if (f == NULL)
		return (struct str){NULL, 0};
	shown = *f;
	field_drop(&shown, FIELD_PERIOD);
	doc = fields_to_json(&shown);
	text = jdoc_print(doc, a);
	jdoc_free(doc);
	return text;
}

static bool differs(const struct made *x, const struct made *y, struct arena *a)
{
	return !str_eq(x->intent, y->intent) ||
	       !str_eq(x->problem, y->problem) ||
	       !str_eq(report_text(x->report, a), report_text(y->report, a));
}

static struct jdoc *made_json(const struct made *m)
{
	struct jdoc *v = jdoc_object();

	jdoc_set_str(v, "intent", m->intent);
	jdoc_set(v, "problem",
		m->problem.n > 0 ? jdoc_new_str(m->problem) : jdoc_new_null());
	jdoc_set(v, "report",
		m->report != NULL ? fields_to_json(m->report)
				  : jdoc_new_null());
	return v;
}

static void print_json(struct jdoc *v)
{
	struct buf b;

	buf_init(&b, OUTPUT_MAX);
	jdoc_write(v, &b);
	puts(buf_z(&b));
	buf_release(&b);
	jdoc_free(v);
}

static struct str or_none(struct str s)
{
	return s.n > 0 ? s : STR("none");
}

static void print_pair(const char *name, struct str before, struct str after)
{
	if (str_eq(before, after))
		return;
	before = or_none(before);
	after = or_none(after);
	printf("  %-8s " STR_FMT " -> " STR_FMT "\n", name, STR_ARG(before),
		STR_ARG(after));
}

static void show(struct replay *r, const struct replay_message *m,
	const struct made *before, const struct made *after)
{
	struct jdoc *v;

	if (!r->json) {
		printf("%lld " STR_FMT "\n", (long long)m->id,
			STR_ARG(m->message.text));
		print_pair("intent", before->intent, after->intent);
		print_pair("problem", before->problem, after->problem);
		print_pair("report", report_text(before->report, r->arena),
			report_text(after->report, r->arena));
		return;
	}
	v = jdoc_object();
	jdoc_set_int(v, "message", m->id);
	jdoc_set_str(v, "text", m->message.text);
	jdoc_set(v, "before", made_json(before));
	jdoc_set(v, "after", made_json(after));
	print_json(v);
}

static int replay_one(struct replay *r, const struct replay_message *m)
{
	struct made before = {m->intent, m->problem, m->report}, after;

	/* A repeat, or a body that nobody could read: neither has an intent. */
	if (m->intent.n == 0) {
		r->unread++;
		return 0;
	}
	if (read_again(r, m, &after) != 0)
		return -1;
	r->read++;
	if (differs(&before, &after, r->arena)) {
		r->changed++;
		show(r, m, &before, &after);
	}
	arena_reset(r->arena);
	return 0;
}

static int replay_all(struct replay *r)
{
	struct replay_page p;
	int64_t after = 0;

	do {
		arena_reset(r->page);
		if (replay_page(r->store, after, r->page, &p) != 0)
			return -1;
		for (size_t i = 0; i < p.n; i++) {
			after = p.v[i].id;
			if (replay_one(r, &p.v[i]) != 0)
				return -1;
		}
	} while (p.n > 0);
	return 0;
}

static void print_sum(const struct replay *r)
{
	struct jdoc *v;

	if (!r->json) {
		printf("%lld read again, %lld would change, %lld not read "
		       "(repeats and quarantined)\n",
			(long long)r->read, (long long)r->changed,
			(long long)r->unread);
		return;
	}
	v = jdoc_object();
	jdoc_set_int(v, "read", r->read);
	jdoc_set_int(v, "changed", r->changed);
	jdoc_set_int(v, "unread", r->unread);
	print_json(v);
}

static int replay(struct replay *r)
{
	int rc;

	r->page = arena_new((size_t)1 << 20);
	r->arena = arena_new(65536);
	rc = replay_all(r);

	if (rc == 0)
		print_sum(r);
	else
		fprintf(stderr, "bantin replay: %s\n", store_error(r->store));
	arena_free(r->arena);
	arena_free(r->page);
	return rc == 0 ? EXIT_FINE : EXIT_WRONG;
}

static int run(const struct command_line *line)
{
	struct settings *set = command_settings(line);
	struct arena *a = arena_new(4096);
	struct replay r = {
		.set = set, .json = command_value(line, "--json") != NULL};
	struct err err;
	int status = EXIT_WRONG;

	if (set != NULL) {
		r.store = store_open(
			arena_z(a, set->config->database), STORE_READ, &err);
		if (r.store == NULL)
			fprintf(stderr, "%s\n", err.text);
	}
	if (r.store != NULL) {
		status = replay(&r);
		store_close(r.store);
	}
	arena_free(a);
	settings_unref(set);
	return status;
}

static const struct command_option options[] = {
	{"--json", NULL, "print one JSON object a line"},
	{0},
};

const struct command command_replay = {
	.name = "replay",
	.summary = "read the stored texts again, and show what would change",
	.help = "Reads every stored message under the present rules, in the "
		"situation in which it came (the questions that were open, "
		"the reports that were there), and shows those whose intent, "
		"problem or stored report would differ: before -> after. Run "
		"it with -c on a configuration with new rules before they are "
		"put to work. Roles, rolls and announcements are as the "
		"registry has them now. Stores nothing: what should change is "
		"for a person to send again or correct; there is no --apply.",
	.options = options,
	.run = run,
};
