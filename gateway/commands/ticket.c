/*
 * ticket - who asked for their data, and what was done?
 *
 * Requests that came by SMS (XEM DL, XOA DL) wait here for staff. Listing is
 * written down in the audit before it is shown; answering and closing go to
 * whoever writes, in one transaction with the text to who asked.
 */
#include "gateway/store/ticket.h"
#include "gateway/commands/command.h"
#include "gateway/errands/kinds.h"
#include "gateway/local.h"
#include "gateway/store/outbox.h"
#include "gateway/window.h"
#include "handlers/render.h"
#include "parsers/segment.h"

#include <stdio.h>

#define HOUR_MS INT64_C(3600000)

static int wrong(int status, const char *what)
{
	fprintf(stderr, "bantin ticket: %s\n", what);
	return status;
}

/* ---- looking ---- */

struct listing {
	const struct settings *set;
	struct arena *arena;
	struct jdoc *rows; /* NULL: for people */
};

static struct local_text time_of(const struct listing *l, int64_t at_ms)
{
	return local_full(at_ms, (int)l->set->config->utc_offset * 60);
}

static void push(const struct listing *l, const struct ticket *k)
{
	struct jdoc *v = jdoc_object();
	struct day_text due = day_iso(k->due);

	jdoc_set_int(v, "ticket", k->id);
	jdoc_set_str(v, "what", k->what);
	jdoc_set_str(v, "state", k->state);
	jdoc_set_str(v, "phone", k->phone);
	jdoc_set_str(v, "unit", k->unit);
	jdoc_set_str(v, "due", str_of(due.z));
	jdoc_set_str(v, "asked", str_of(time_of(l, k->created_at).z));
	if (k->answered_at != 0)
		jdoc_set_str(
			v, "answered", str_of(time_of(l, k->answered_at).z));
	if (k->closed_at != 0)
		jdoc_set_str(v, "closed", str_of(time_of(l, k->closed_at).z));
	if (k->by.p != NULL)
		jdoc_set_str(v, "by", k->by);
	if (k->done.p != NULL)
		jdoc_set_str(v, "done", k->done);
	jdoc_push(l->rows, v);
}

static void print(const struct listing *l, const struct ticket *k)
{
	struct day_text due = day_iso(k->due);

	printf("%-5lld %-6.*s %-8.*s %-13.*s %-8.*s ", (long long)k->id,
		(int)k->what.n, k->what.p, (int)k->state.n, k->state.p,
		(int)k->phone.n, k->phone.p, (int)k->unit.n, k->unit.p);
	if (k->closed_at != 0)
		printf("%.10s " STR_FMT ": " STR_FMT "\n",
			time_of(l, k->closed_at).z, STR_ARG(k->by),
			STR_ARG(k->done));
	else
		printf("due %s\n", due.z);
}

static int show(struct listing *l, const struct ticket_list *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (l->rows != NULL)
			push(l, &all->v[i]);
		else
			print(l, &all->v[i]);
	if (l->rows != NULL)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(l->rows, l->arena)));
	else if (all->n == 0)
		printf("no request waits\n");
	return EXIT_FINE;
}

static int list(const struct command_line *line, const struct settings *set)
{
	bool json = command_value(line, "--json") != NULL;
	struct listing l = {set, arena_new(16384), NULL};
	struct ticket_list all;
	struct err err;
	struct store *s = store_open(
		arena_z(l.arena, set->config->database), STORE_READ, &err);
	int status = EXIT_WRONG;

	if (s == NULL) {
		(void)wrong(EXIT_WRONG, err.text);
	} else if (ticket_list(s, command_value(line, "--all") != NULL, l.arena,
			   &all) != 0) {
		(void)wrong(EXIT_WRONG, store_error(s));
	} else {
		l.rows = json ? jdoc_array() : NULL;
		status = show(&l, &all);
		jdoc_free(l.rows);
	}
	store_close(s);
	arena_free(l.arena);
	return status;
}

/* ---- asking for acts ---- */

static int act(const struct command_line *line, const struct settings *set,
	struct jdoc *request)
{
	struct err err = {""};
	struct jdoc *answer = command_write(line, set, request, &err);
	struct str error = answer != NULL ? jdoc_str(jdoc_at(answer, "error"))
					  : str_of(err.text);
	struct arena *a = arena_new(1024);

	if (error.p != NULL)
		(void)wrong(EXIT_WRONG, arena_z(a, error));
	else if (command_value(line, "--json") != NULL)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(answer, a)));
	else
		printf("%s " STR_FMT "\n", line->argv[1],
			STR_ARG(jdoc_str(jdoc_at(answer, "state"))));
	jdoc_free(answer);
	arena_free(a);
	return error.p != NULL ? EXIT_WRONG : EXIT_FINE;
}

/* The request that the line asks for; NULL: it asks for none. */
static struct jdoc *read_line(const struct command_line *line)
{
	const char *done = command_value(line, "--done");
	bool close = strcmp(line->argv[0], "close") == 0;
	struct jdoc *request;
	int64_t id;

	if (!close && strcmp(line->argv[0], "answer") != 0)
		(void)wrong(EXIT_USAGE, "list, answer or close");
	else if (line->argc < 2 ||
		 str_to_i64(str_of(line->argv[1]), &id) != 0 || id < 1)
		(void)wrong(EXIT_USAGE, "which request? its number");
	else if (close && (done == NULL || done[0] == '\0'))
		(void)wrong(
			EXIT_USAGE, "close says what was done: --done TEXT");
	else {
		request = jdoc_object();
		jdoc_set_int(request, "ticket", id);
		if (close)
			jdoc_set_str(request, "done", str_of(done));
		return request;
	}
	return NULL;
}

static int run(const struct command_line *line)
{
	bool all = line->argc == 0 || strcmp(line->argv[0], "list") == 0;
	struct jdoc *request = all ? NULL : read_line(line);
	struct settings *set;
	int status;

	if (!all && request == NULL)
		return EXIT_USAGE;
	set = command_settings(line);
	if (set == NULL) {
		jdoc_free(request);
		return EXIT_WRONG;
	}
	if (!all) {
		status = act(line, set, request);
	} else {
		status = command_must_read(line, set,
			&(struct command_reading){.what = "ticket list"});
		if (status == EXIT_FINE)
			status = list(line, set);
	}
	settings_unref(set);
	return status;
}

/* ---- the writer's side ---- */

struct settling {
	struct store *s;
	const struct settings *set;
	struct arena *arena;
	int64_t now_ms;
	const struct jdoc *request;
};

/* Neutral: neither what was asked nor what was done. */
static int tell(
	const struct settling *w, const struct ticket *k, struct reply r)
{
	const struct config *c = w->set->config;
	const struct channel *ch =
		settings_channel_for(w->set, (struct str){NULL, 0}, k->phone);
	struct outbox_row row = {
		.to = k->phone,
		.lane = STR("urgent"),
		.created_at = w->now_ms,
		.due_at = window_opens_at(c, w->now_ms),
		.valid_until = w->now_ms + c->outbox.bulk_valid_h * HOUR_MS,
		.dedupe_key = arena_printf(
			w->arena, "ticket:%lld:%s", (long long)k->id, r.key),
		.duty = true,
	};
	int64_t id;

	if (ch == NULL || k->phone.n == 0 || k->phone.p[0] != '+')
		return 0;
	reply_arg(
		&r, "ticket", arena_printf(w->arena, "%lld", (long long)k->id));
	row.channel = ch->name;
	row.text = segment_fold(
		render_reply(w->set->replies, &r, k->language, w->arena),
		(enum fold_policy)ch->config->fold, w->arena);
	return outbox_add(w->s, &row, &id);
}

static int write_down(
	const struct settling *w, const struct ticket *k, const char *what)
{
	struct audit_entry e = {
		.now_ms = w->now_ms,
		.what = what,
		.unit_id = k->unit_id,
		.phone = k->phone,
	};

	return command_audit(w->s, w->request, &e);
}

static int close_it(const struct settling *w, const struct ticket *k)
{
	struct str done = jdoc_str(jdoc_at(w->request, "done"));
	struct ticket_end e = {
		.now_ms = w->now_ms,
		.by = command_who(w->request, w->arena),
		.done = done.p != NULL ? done : STR("answered"),
	};

	if (ticket_close(w->s, k->id, &e) != 0 ||
		write_down(w, k, "ticket close") != 0)
		return -1;
	return tell(w, k, (struct reply){.key = "ticket_closed"});
}

/* An access is done with its answer; an erasure has its days now. */
static int answer_it(const struct settling *w, const struct ticket *k)
{
	const struct config *c = w->set->config;
	day_t asked = day_of_ms(k->created_at, (int)c->utc_offset * 60);
	day_t until = asked + (day_t)c->ticket.erase_days;
	struct day_text shown = day_short(until);
	struct reply r = {.key = "ticket_answered"};

	if (!str_is(k->what, "erase"))
		return close_it(w, k);
	reply_arg(&r, "date", arena_str(w->arena, str_of(shown.z)));
	if (ticket_answer(w->s, k->id, w->now_ms, until) != 0 ||
		write_down(w, k, "ticket answer") != 0)
		return -1;
	return tell(w, k, r);
}

static int refuse(struct jdoc *answer, const char *why)
{
	jdoc_set_str(answer, "error", str_of(why));
	return -1;
}

static int settle(const struct settling *w, struct jdoc *answer)
{
	struct errands_input in = {
		.settings = w->set, .arena = w->arena, .now_ms = w->now_ms};
	bool close = jdoc_at(w->request, "done") != NULL;
	struct ticket k;
	int64_t id = 0;
	int rc;

	(void)jdoc_int(jdoc_at(w->request, "ticket"), &id);
	rc = ticket_find(w->s, id, w->arena, &k);
	if (rc <= 0)
		return rc < 0 ? -1 : refuse(answer, "there is no such request");
	if (str_is(k.state, "closed"))
		return refuse(answer, "it was closed before");
	if (!close && !str_is(k.state, "open"))
		return refuse(answer, "it was answered before; close it when "
				      "it is done");
	rc = close ? close_it(w, &k) : answer_it(w, &k);
	if (rc != 0 || ticket_plan(w->s, &in, id) != 0 ||
		ticket_find(w->s, id, w->arena, &k) <= 0)
		return -1;
	jdoc_set_int(answer, "ticket", id);
	jdoc_set_str(answer, "state", k.state);
	return 0;
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct settling w = {s, set, NULL, now_ms, request};
	int rc;

	if (command_is_reading(request))
		return command_reading_apply(s, set, request, now_ms, answer);
	w.arena = arena_new(8192);
	rc = settle(&w, answer);
	arena_free(w.arena);
	return rc;
}

static const struct command_option options[] = {
	{"--done", "TEXT", "close: what was done; no names"},
	{"--all", NULL, "list: also what is closed"},
	{"--json", NULL, "print JSON"},
	{0},
};

const struct command command_ticket = {
	.name = "ticket",
	.operands = "[list|answer|close] [NUMBER]",
	.max_operands = 2,
	.summary = "requests about one's own data: list, answer, close",
	.help = "Alone, or with list, the requests that wait, by when they are "
		"due: access (XEM DL: show them `bantin person show`, in "
		"person) and erase (XOA DL: `bantin person erase`). answer "
		"says that the person was answered: an access is closed by it, "
		"an erasure is now due ticket.erase_days after it was asked. "
		"close --done TEXT says that it is done, or why it cannot be; "
		"`bantin person erase` closes what the phone had asked by "
		"itself. Who asked is texted, without saying what. The nearest "
		"staff are reminded once before either is due and, with those "
		"above them, once after it (ticket.remind_days). All of it is "
		"a row of the audit.",
	.options = options,
	.run = run,
	.apply = apply,
};
