/*
 * queue - what waits, what is dead, and may it go, or be gone?
 *
 * `bantin queue` lists (queue_list.c). `requeue` and `cancel` go to whoever
 * writes, a bounded number of texts a transaction; each text is done or
 * refused by itself, with a sentence. Acts on many are counted first and need
 * --yes.
 */
#include "gateway/commands/queue_parts.h"
#include "gateway/store/broadcast.h"
#include "parsers/phone.h"

#include <stdio.h>

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 1000000
#define CHUNK ((size_t)200) /* in one transaction: nobody waits long for it */
#define HOUR_MS INT64_C(3600000)

/* ---- what the line asks for ---- */

static int wrong(const char *what, const char *value, const char *right)
{
	fprintf(stderr, "bantin queue: %s '%s'; %s\n", what, value, right);
	return EXIT_USAGE;
}

static int read_state(struct queue_ask *ask)
{
	const char *name = command_value(ask->line, "--state");
	struct str state = str_of(name);

	if (name == NULL)
		return EXIT_FINE;
	for (int i = 0; i < OUTBOX_STATE_N; i++) {
		if (i == OUTBOX_SENT || i == OUTBOX_DELIVERED ||
			!str_is(state, outbox_state_str((enum outbox_state)i)))
			continue;
		ask->filter.state = (enum outbox_state)i;
		ask->one_state = true;
		return EXIT_FINE;
	}
	return wrong("no state", name,
		"queued, sending, failed, expired, unsure or held");
}

static int read_filter(struct queue_ask *ask)
{
	const char *to = command_value(ask->line, "--to");
	const char *lane = command_value(ask->line, "--lane");
	const char *limit = command_value(ask->line, "--limit");
	int64_t n = LIMIT_DEFAULT;
	struct phone phone;

	if (to != NULL && phone_parse(str_of(to), &phone) != 0)
		return wrong("no phone number", to,
			"write it as +84912345678 or 0912345678");
	if (to != NULL)
		ask->filter.to = arena_str(ask->arena, str_of(phone.z));
	if (lane != NULL && strcmp(lane, "reply") != 0 &&
		strcmp(lane, "urgent") != 0 && strcmp(lane, "bulk") != 0)
		return wrong("no lane", lane, "reply, urgent or bulk");
	ask->filter.lane = str_of(lane);
	ask->filter.channel = str_of(command_value(ask->line, "--channel"));
	if (limit != NULL &&
		(str_to_i64(str_of(limit), &n) != 0 || n < 1 || n > LIMIT_MAX))
		return wrong("no limit", limit, "1 to 1000000");
	ask->limit = (size_t)n;
	return read_state(ask);
}

static int read_id(const char *z, int64_t *ret)
{
	if (str_to_i64(str_of(z + (z[0] == 'o')), ret) == 0 && *ret > 0)
		return EXIT_FINE;
	return wrong("no id", z, "o7 is one, as `bantin queue` shows them");
}

/* ---- asking for acts ---- */

/* What a run of acts came to. */
struct tally {
	int64_t done, refused;
};

static bool is_cancel(const struct queue_ask *ask)
{
	return strcmp(ask->line->argv[0], "cancel") == 0;
}

static void show_text(const struct queue_ask *ask, const struct jdoc *v)
{
	struct str refused = jdoc_str(jdoc_at(v, "refused"));
	struct str was = jdoc_str(jdoc_at(v, "was"));
	int64_t id = 0;

	(void)jdoc_int(jdoc_at(v, "outbox"), &id);
	if (ask->json)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(v, ask->arena)));
	else if (refused.p != NULL)
		fprintf(stderr, "bantin queue: o%lld: " STR_FMT "\n",
			(long long)id, STR_ARG(refused));
	else if (!ask->all)
		printf("o%lld %s; it was " STR_FMT "\n", (long long)id,
			is_cancel(ask) ? "cancelled" : "queued again",
			STR_ARG(was));
}

/* Hands over one request; takes it. */
static int act_on(
	const struct queue_ask *ask, struct jdoc *ids, struct tally *tally)
{
	struct jdoc *request = jdoc_object(), *answer;
	const struct jdoc *texts;
	struct err err = {""};
	struct str error;

	jdoc_set_str(request, "act", str_of(ask->line->argv[0]));
	jdoc_set(request, "yes", jdoc_new_bool(ask->yes));
	jdoc_set(request, "ids", ids);
	answer = command_write(ask->line, ask->set, request, &err);
	error = jdoc_str(jdoc_at(answer, "error"));
	texts = jdoc_at(answer, "texts");
	if (answer == NULL || error.p != NULL) {
		fprintf(stderr, "bantin queue: " STR_FMT "%s\n", STR_ARG(error),
			answer == NULL ? err.text : "");
		jdoc_free(answer);
		return -1;
	}
	for (size_t i = 0; i < jdoc_len(texts); i++) {
		const struct jdoc *v = jdoc_item(texts, i);
		bool refused = jdoc_at(v, "refused") != NULL;

		tally->refused += refused;
		tally->done += !refused;
		show_text(ask, v);
	}
	jdoc_free(answer);
	return 0;
}

static int act_on_named(const struct queue_ask *ask)
{
	const struct command_line *line = ask->line;
	struct tally tally = {0};
	struct jdoc *ids = jdoc_array();
	int64_t id;

	for (int i = 1; i < line->argc; i++) {
		if (read_id(line->argv[i], &id) != EXIT_FINE) {
			jdoc_free(ids);
			return EXIT_USAGE;
		}
		jdoc_push(ids, jdoc_new_int(id));
	}
	if (act_on(ask, ids, &tally) < 0)
		return EXIT_WRONG;
	return tally.refused == 0 ? EXIT_FINE : EXIT_WRONG;
}

/* The next texts that the filter finds; filter.after moves on. */
static int act_on_page(const struct queue_ask *ask, struct queue_filter *f,
	struct tally *tally)
{
	struct arena *a = arena_new(65536);
	struct jdoc *ids = jdoc_array();
	struct queue_page page;
	int rc = queue_page(ask->store, f, CHUNK, a, &page);

	for (size_t i = 0; i < page.n && rc == 0; i++) {
		f->after = page.v[i].row.id;
		jdoc_push(ids, jdoc_new_int(f->after));
	}
	if (rc < 0)
		fprintf(stderr, "%s\n", store_error(ask->store));
	if (rc == 0 && page.n > 0)
		rc = act_on(ask, ids, tally) < 0 ? -1 : 1;
	else
		jdoc_free(ids);
	arena_free(a);
	return rc;
}

static int act_on_all(const struct queue_ask *ask)
{
	const char *done = is_cancel(ask) ? "cancelled" : "queued again";
	struct queue_filter f = ask->filter;
	struct tally tally = {0};
	int64_t n;
	int rc;

	if (queue_count(ask->store, &f, &n) < 0) {
		fprintf(stderr, "%s\n", store_error(ask->store));
		return EXIT_WRONG;
	}
	if (!ask->yes) {
		printf("%lld %s text%s would be %s; --yes does it\n",
			(long long)n, outbox_state_str(f.state),
			n == 1 ? "" : "s", done);
		return n == 0 ? EXIT_FINE : EXIT_WRONG;
	}
	while ((rc = act_on_page(ask, &f, &tally)) > 0)
		;
	if (!ask->json)
		printf("%lld %s, %lld refused\n", (long long)tally.done, done,
			(long long)tally.refused);
	return rc == 0 && tally.refused == 0 ? EXIT_FINE : EXIT_WRONG;
}

/* `cancel b3`: the rest of a broadcast. */
static int cancel_broadcast(const struct queue_ask *ask)
{
	struct jdoc *request = jdoc_object(), *answer;
	struct err err = {""};
	int64_t id, n = 0;
	struct str error;

	if (ask->line->argc != 2 ||
		str_to_i64(str_of(ask->line->argv[1] + 1), &id) != 0) {
		jdoc_free(request);
		return wrong("no broadcast", ask->line->argv[1],
			"name one: b3, as `bantin broadcast list` shows it");
	}
	jdoc_set_int(request, "broadcast", id);
	answer = command_write(ask->line, ask->set, request, &err);
	error = jdoc_str(jdoc_at(answer, "error"));
	(void)jdoc_int(jdoc_at(answer, "cancelled"), &n);
	if (answer == NULL || error.p != NULL)
		fprintf(stderr, "bantin queue: " STR_FMT "%s\n", STR_ARG(error),
			answer == NULL ? err.text : "");
	else
		printf("b%lld cancelled; of its texts %lld waited\n",
			(long long)id, (long long)n);
	id = answer == NULL || error.p != NULL ? EXIT_WRONG : EXIT_FINE;
	jdoc_free(answer);
	return (int)id;
}

static int act(const struct queue_ask *ask)
{
	const char *name = ask->line->argv[0];

	if (strcmp(name, "requeue") != 0 && strcmp(name, "cancel") != 0)
		return wrong("no such act", name, "requeue or cancel");
	if (ask->all && ask->line->argc > 1)
		return wrong("--all and", ask->line->argv[1],
			"say which, or all, not both");
	if (ask->all && !ask->one_state)
		return wrong("--all without --state:", name,
			"say which: --state failed");
	if (!ask->all && ask->line->argc < 2)
		return wrong("no text to", name,
			"name some (o7), or --all --state failed");
	if (is_cancel(ask) && !ask->all && ask->line->argv[1][0] == 'b')
		return cancel_broadcast(ask);
	return ask->all ? act_on_all(ask) : act_on_named(ask);
}

static int run_with_store(struct queue_ask *ask)
{
	const char *path = arena_z(ask->arena, ask->set->config->database);
	struct err err;
	int status;

	ask->store = store_open(path, STORE_READ, &err);
	if (ask->store == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_WRONG;
	}
	if (ask->line->argc == 0) {
		ask->masked = !command_may_read(ask->line, ask->set,
			&(struct command_reading){.what = "queue"});
		status = queue_list(ask);
	} else {
		status = act(ask);
	}
	store_close(ask->store);
	return status;
}

static int run(const struct command_line *line)
{
	struct queue_ask ask = {
		.line = line,
		.arena = arena_new(65536),
		.json = command_value(line, "--json") != NULL,
		.all = command_value(line, "--all") != NULL,
		.yes = command_value(line, "--yes") != NULL,
	};
	int status = read_filter(&ask);

	if (status == EXIT_FINE) {
		ask.set = command_settings(line);
		status = ask.set != NULL ? run_with_store(&ask) : EXIT_WRONG;
		settings_unref(ask.set);
	}
	arena_free(ask.arena);
	return status;
}

/* ---- the writer's side ---- */

static int act_on_one(struct store *s, int64_t id, const struct queue_act *act,
	bool cancel, struct jdoc *texts)
{
	struct jdoc *v = jdoc_object();
	struct queue_done done;
	int rc = cancel ? queue_cancel(s, id, act, &done)
			: queue_requeue(s, id, act, &done);

	jdoc_set_int(v, "outbox", id);
	if (rc == 0)
		jdoc_set_str(v, "was", str_of(outbox_state_str(done.before)));
	if (rc == 0 && done.refused != NULL)
		jdoc_set_str(v, "refused", str_of(done.refused));
	jdoc_push(texts, v);
	return rc;
}

static int end_broadcast(
	struct store *s, int64_t id, int64_t now_ms, struct jdoc *answer)
{
	struct arena *a = arena_new(8192);
	bool ended = false;
	int64_t n = 0;
	int rc = broadcast_end(s, id, "cancelled", now_ms, &ended);

	/* One that is all in the queue has done its part: its texts wait. */
	if (rc == 0)
		rc = broadcast_cancel_texts(s, id, now_ms, a, &n);
	arena_free(a);
	if (rc == 0 && !ended && n == 0) {
		jdoc_set_str(answer, "error",
			STR("there is no such broadcast that still goes"));
		return -1;
	}
	jdoc_set_int(answer, "cancelled", n);
	return rc;
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	const struct config *cfg = set->config;
	const struct jdoc *ids = jdoc_at(request, "ids");
	bool cancel = str_is(jdoc_str(jdoc_at(request, "act")), "cancel");
	struct jdoc *texts = jdoc_array();
	struct queue_act act = {
		.now_ms = now_ms,
		.reply_valid_ms = cfg->outbox.reply_valid_h * HOUR_MS,
		.other_valid_ms = cfg->outbox.bulk_valid_h * HOUR_MS,
		.question_ms = cfg->question.valid_h * HOUR_MS,
	};
	int64_t id;
	int rc = 0;

	if (command_is_reading(request)) {
		jdoc_free(texts);
		return command_reading_apply(s, set, request, now_ms, answer);
	}
	if (jdoc_int(jdoc_at(request, "broadcast"), &id)) {
		jdoc_free(texts);
		return end_broadcast(s, id, now_ms, answer);
	}
	(void)jdoc_bool(jdoc_at(request, "yes"), &act.twice);
	for (size_t i = 0; i < jdoc_len(ids) && rc == 0; i++)
		if (jdoc_int(jdoc_item(ids, i), &id))
			rc = act_on_one(s, id, &act, cancel, texts);
	jdoc_set(answer, "texts", texts);
	return rc;
}

static const struct command_option options[] = {
	{"--state", "STATE",
		"only these: queued, sending, failed, expired, unsure, held"},
	{"--channel", "NAME", "only those of this channel"},
	{"--to", "PHONE", "only those to this phone"},
	{"--lane", "LANE", "only these: reply, urgent, bulk"},
	{"--limit", "N", "list at most so many (50)"},
	{"--all", NULL, "act on all that --state and the others name"},
	{"--yes", NULL, "act on many, or on what may then arrive twice"},
	{"--json", NULL, "print JSON"},
	{0},
};

const struct command command_queue = {
	.name = "queue",
	.operands = "[requeue|cancel] [ID...]",
	.max_operands = -1,
	.summary = "what waits to be sent, and why; send again, or cancel",
	.help = "Alone it lists the texts that are not sent, two lines each: "
		"what it is, and why it waits, by the same rules as those that "
		"send. What expired is listed with --state expired. That it "
		"was listed is a row of the audit; when that cannot be "
		"written, texts are left out and phones masked. While "
		"serve runs it is asked how its channels stand. "
		"requeue queues texts again (o7 o9) that failed, expired, are "
		"held or unsure: due at once, valid as long as a new one, its "
		"attempts counted anew, by any channel; its question takes "
		"answers for question.valid_h. One that may have been sent "
		"already (unsure) needs --yes: it may arrive twice. What its "
		"provider took and then failed leaves under a new id. "
		"Refused is what would end at once: its question is "
		"settled, its meeting over, its recipient wants no texts. "
		"cancel ends texts that are queued, held, unsure or failed; "
		"they become expired, 'cancelled by hand'; cancel b3 ends what "
		"is left of a broadcast. "
		"Both write a line into the text's story (why). "
		"With --all, --state and other filters both act on many, 200 "
		"a transaction: without --yes they only say how many, with "
		"status 1. Status 1 also when one of them was refused.",
	.options = options,
	.run = run,
	.apply = apply,
};
