/*
 * replay - what would be made of the stored texts today?
 *
 * Reads every message again under the present rules, in the situation in
 * which it came, and prints those that would be read otherwise: before an
 * update of the rules is put to work. With --apply each of them is carried
 * out, one a transaction and in order, by whoever may write; what a person has
 * settled since is left and listed. A text is always looked at here first, so
 * that one which kills its reader never kills the server.
 */
#include "gateway/replay.h"

#include "gateway/commands/command.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)
#define APPLY_PAGE 50

struct replay {
	const struct command_line *line;
	struct replay_env env;
	struct arena *page;
	bool json, apply;
	int64_t first, last; /* ids */
	int64_t since_ms;
	int64_t read, changed, unread, done, left;
};

static struct jdoc *json_or_null(struct str json)
{
	struct err err;
	struct jdoc *v = json.n > 0 ? jdoc_parse(json, &err) : NULL;

	if (v != NULL)
		return v;
	/* Several reports in one text. */
	return json.n > 0 ? jdoc_new_str(json) : jdoc_new_null();
}

static struct jdoc *made_json(const struct replay_made *m)
{
	struct jdoc *v = jdoc_object();

	jdoc_set(v, "intent",
		m->intent.n > 0 ? jdoc_new_str(m->intent) : jdoc_new_null());
	jdoc_set(v, "problem",
		m->problem.n > 0 ? jdoc_new_str(m->problem) : jdoc_new_null());
	jdoc_set(v, "report", json_or_null(m->report));
	if (m->fields.n > 0)
		jdoc_set(v, "fields", json_or_null(m->fields));
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

/* What the writer made of it; NULL: it was only looked at. */
static void show_people(const struct replay_message *m,
	const struct replay_seen *seen, const struct jdoc *answer)
{
	struct str left = jdoc_str(jdoc_at(answer, "left"));
	int64_t texts = 0;

	printf("%lld " STR_FMT "\n", (long long)m->id,
		STR_ARG(seen->texts[0].text));
	print_pair("intent", seen->before.intent, seen->after.intent);
	print_pair("problem", seen->before.problem, seen->after.problem);
	print_pair("report", seen->before.report, seen->after.report);
	print_pair("fields", seen->before.fields, seen->after.fields);
	if (answer == NULL)
		return;
	if (left.p != NULL) {
		printf("  left to a person: " STR_FMT "\n", STR_ARG(left));
		return;
	}
	(void)jdoc_int(jdoc_at(answer, "texts"), &texts);
	printf("  done, %lld texts go out\n", (long long)texts);
}

static void show_json(const struct replay_message *m,
	const struct replay_seen *seen, const struct jdoc *answer)
{
	struct jdoc *v = jdoc_object();
	struct str left = jdoc_str(jdoc_at(answer, "left"));
	int64_t texts = 0;

	jdoc_set_int(v, "message", m->id);
	jdoc_set_str(v, "text", seen->texts[0].text);
	jdoc_set(v, "before", made_json(&seen->before));
	jdoc_set(v, "after", made_json(&seen->after));
	if (answer != NULL) {
		(void)jdoc_int(jdoc_at(answer, "texts"), &texts);
		jdoc_set(v, "done", jdoc_new_bool(left.p == NULL));
		jdoc_set(v, "left",
			left.p != NULL ? jdoc_new_str(left) : jdoc_new_null());
		jdoc_set_int(v, "texts", texts);
	}
	print_json(v);
}

/* What a reader must agree on with the one who looked. */
static struct jdoc *request_for(const struct replay *r, int64_t id)
{
	struct jdoc *v = jdoc_object();

	jdoc_set_int(v, "message", id);
	jdoc_set_str(v, "rules", ruleset_version(r->env.settings->rules));
	jdoc_set_str(v, "program", STR(BANTIN_VERSION));
	return v;
}

/* NULL: it could not be asked for, and that is printed. */
static struct jdoc *carry_out(const struct replay *r, int64_t id)
{
	struct err err = {""};
	struct jdoc *answer = command_write(
		r->line, r->env.settings, request_for(r, id), &err);
	struct str wrong = jdoc_str(jdoc_at(answer, "error"));

	/* What is left may have been rolled back for it. */
	if (answer != NULL &&
		(wrong.p == NULL || jdoc_at(answer, "left") != NULL))
		return answer;
	fflush(stdout);
	fprintf(stderr, "bantin replay: message %lld: " STR_FMT "%s\n",
		(long long)id, STR_ARG(wrong), answer == NULL ? err.text : "");
	jdoc_free(answer);
	return NULL;
}

/* 1: it was carried out, what is behind it may read otherwise now. */
static int settle(struct replay *r, const struct replay_message *m,
	const struct replay_seen *seen)
{
	struct jdoc *answer = NULL;
	bool left;

	r->changed++;
	if (r->apply) {
		answer = carry_out(r, m->id);
		if (answer == NULL)
			return -1;
	}
	if (r->json)
		show_json(m, seen, answer);
	else
		show_people(m, seen, answer);
	left = jdoc_str(jdoc_at(answer, "left")).p != NULL;
	jdoc_free(answer);
	if (!r->apply)
		return 0;
	r->left += left;
	r->done += !left;
	return left ? 0 : 1;
}

static int look(struct replay *r, const struct replay_message *m)
{
	struct replay_seen seen;
	int rc = 0;

	if (m->message.received_at < r->since_ms)
		return 0;
	if (replay_see(&r->env, m, &seen) != 0) {
		fprintf(stderr, "bantin replay: %s\n",
			store_error(r->env.store));
		return -1;
	}
	if (!seen.read)
		r->unread++;
	else
		r->read++;
	if (seen.why != NULL)
		fprintf(stderr, "bantin replay: message %lld: %s\n",
			(long long)m->id, seen.why);
	if (seen.differs)
		rc = settle(r, m, &seen);
	arena_reset(r->env.arena);
	return rc;
}

/* Looks at a page up to the first message that is carried out. */
static int look_at_page(
	struct replay *r, const struct replay_page *p, int64_t *after)
{
	for (size_t i = 0; i < p->n; i++) {
		int rc;

		if (p->v[i].id > r->last)
			return 0;
		*after = p->v[i].id;
		rc = look(r, &p->v[i]);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	return 0;
}

static int look_at_all(struct replay *r)
{
	size_t max = r->apply ? APPLY_PAGE : REPLAY_PAGE_MAX;
	int64_t after = r->first - 1;
	struct replay_page p;

	do {
		arena_reset(r->page);
		if (replay_page(r->env.store, after, max, r->page, &p) != 0) {
			fprintf(stderr, "bantin replay: %s\n",
				store_error(r->env.store));
			return -1;
		}
		if (look_at_page(r, &p, &after) != 0)
			return -1;
	} while (p.n > 0 && after < r->last && p.v[0].id <= r->last);
	return 0;
}

static void print_sum_json(const struct replay *r)
{
	struct jdoc *v = jdoc_object();

	jdoc_set_int(v, "read", r->read);
	jdoc_set_int(v, "changed", r->changed);
	jdoc_set_int(v, "unread", r->unread);
	if (r->apply) {
		jdoc_set_int(v, "done", r->done);
		jdoc_set_int(v, "left", r->left);
	}
	print_json(v);
}

static void print_sum(const struct replay *r)
{
	if (r->json) {
		print_sum_json(r);
		return;
	}
	printf("%lld read again, %lld %s, %lld not read (repeats)\n",
		(long long)r->read, (long long)r->changed,
		r->apply ? "read otherwise" : "would change",
		(long long)r->unread);
	if (r->apply)
		printf("%lld carried out, %lld left to a person\n",
			(long long)r->done, (long long)r->left);
}

static int replay(struct replay *r)
{
	int rc;

	r->page = arena_new((size_t)1 << 20);
	r->env.arena = arena_new(65536);
	rc = look_at_all(r);
	if (rc == 0)
		print_sum(r);
	arena_free(r->env.arena);
	arena_free(r->page);
	return rc == 0 ? EXIT_FINE : EXIT_WRONG;
}

/* --id and --since; -1: not such a value, and that is printed. */
static int read_range(const struct command_line *line, struct replay *r)
{
	const char *id = command_value(line, "--id");
	const char *since = command_value(line, "--since");
	day_t day = since != NULL ? day_parse(str_of(since)) : DAY_NONE;

	r->first = 1;
	r->last = INT64_MAX;
	if (id != NULL) {
		if (str_to_i64(str_of(id), &r->first) != 0 || r->first < 1) {
			fprintf(stderr,
				"bantin replay: '%s' is no message's number\n",
				id);
			return -1;
		}
		r->last = r->first;
	}
	if (since != NULL && day == DAY_NONE) {
		fprintf(stderr,
			"bantin replay: '%s' is no day; write it as "
			"2026-11-05\n",
			since);
		return -1;
	}
	if (since != NULL)
		r->since_ms = day_to_ms(day, 0, 0);
	return 0;
}

static int run(const struct command_line *line)
{
	struct replay r = {
		.line = line,
		.json = command_value(line, "--json") != NULL,
		.apply = command_value(line, "--apply") != NULL,
	};
	struct settings *set;
	struct arena *a;
	struct err err;
	int status = EXIT_WRONG;

	if (read_range(line, &r) != 0)
		return EXIT_USAGE;
	set = command_settings(line);
	if (set == NULL)
		return EXIT_WRONG;
	a = arena_new(4096);
	r.env.settings = set;
	r.env.now_ms = clock_wall_ms(line->clock);
	r.since_ms -= set->config->utc_offset * 3600000;
	r.env.store =
		store_open(arena_z(a, set->config->database), STORE_READ, &err);
	if (r.env.store != NULL) {
		status = command_must_read(
			line, set, &(struct command_reading){.what = "replay"});
		if (status == EXIT_FINE)
			status = replay(&r);
		store_close(r.env.store);
	} else {
		fprintf(stderr, "%s\n", err.text);
	}
	arena_free(a);
	settings_unref(set);
	return status;
}

/* ---- the writer's side ---- */

static int refuse(struct jdoc *answer, const char *why)
{
	jdoc_set_str(answer, "error", str_of(why));
	return -1;
}

/* A running server may not have been told of new rules, or be an older one. */
static bool reads_alike(const struct settings *set, const struct jdoc *request)
{
	return str_eq(jdoc_str(jdoc_at(request, "rules")),
		       ruleset_version(set->rules)) &&
	       str_is(jdoc_str(jdoc_at(request, "program")), BANTIN_VERSION);
}

/* It may have been carried out since it was looked at. */
static int apply_message(const struct replay_env *env, int64_t id,
	struct arena *a, struct jdoc *answer)
{
	struct replay_done done = {.left = NULL};
	struct replay_seen seen;
	struct replay_page p;
	int rc = 0;

	if (replay_page(env->store, id - 1, 1, a, &p) != 0)
		return -1;
	if (p.n == 0 || p.v[0].id != id)
		return refuse(answer, "there is no such message");
	if (replay_see(env, &p.v[0], &seen) != 0)
		return -1;
	if (seen.differs)
		rc = replay_do(env, &p.v[0], &seen, &done);
	if (done.left != NULL)
		jdoc_set_str(answer, "left", str_of(done.left));
	if (rc != 0)
		return done.left != NULL ? refuse(answer, done.left) : -1;
	jdoc_set_int(answer, "texts", (int64_t)done.queued);
	return 0;
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct replay_env env = {.store = s, .settings = set, .now_ms = now_ms};
	struct arena *page;
	int64_t id;
	int rc;

	if (command_is_reading(request))
		return command_reading_apply(s, set, request, now_ms, answer);
	if (!reads_alike(set, request))
		return refuse(answer,
			"the running server reads by other rules; reload it "
			"(SIGHUP), or restart it after an update, then try "
			"again");
	if (!jdoc_int(jdoc_at(request, "message"), &id))
		return refuse(answer, "which message?");
	page = arena_new(65536);
	env.arena = arena_new(65536);
	rc = apply_message(&env, id, page, answer);
	arena_free(env.arena);
	arena_free(page);
	return rc;
}

static const struct command_option options[] = {
	{"--json", NULL, "print one JSON object a line"},
	{"--apply", NULL, "carry out what would change"},
	{"--id", "N", "only this message"},
	{"--since", "DAY", "only what came on that day (2026-11-05) or later"},
	{0},
};

const struct command command_replay = {
	.name = "replay",
	.summary = "read the stored texts again: what would change?",
	.help = "Reads every stored message under the present rules, in the "
		"situation in which it came (the questions that were open, "
		"the reports that were there), and shows those whose intent, "
		"problem, stored report or record would differ: before -> "
		"after. Run it with -c on a configuration with new rules "
		"before they are put to work. Roles, rolls and announcements "
		"are as the registry has them now. Bodies in quarantine are "
		"read, too. "
		"With --apply each of them is carried out, in order, one a "
		"transaction, through the running server's socket or directly: "
		"a report gets a further version, a record is added. What a "
		"later text has answered, repeated, confirmed, corrected or "
		"cancelled stays as it is; so does what would have to be taken "
		"back, and what hangs on its time (votes, answers to "
		"invitations, plans, tasks, texts to many): these are listed "
		"as left to a person. A sender is answered only if the text "
		"is younger than question.valid_h and the last of that "
		"phone, and in the send window; otherwise nobody is texted "
		"and no question is opened. A second run changes nothing, "
		"and after a crash it goes on.",
	.options = options,
	.run = run,
	.apply = apply,
};
