/*
 * approve - what waits for staff to decide, and what do they say?
 *
 * `bantin approve` lists; with a number it shows what the proposal would
 * change, and decides it with --yes or --reject. The decision goes to whoever
 * writes, in one transaction with the roll and the text to who proposed.
 */
#include "gateway/commands/command.h"
#include "gateway/errands.h"
#include "gateway/local.h"
#include "gateway/store/outbox.h"
#include "gateway/store/proposal.h"
#include "gateway/window.h"
#include "handlers/record_text.h"
#include "handlers/render.h"
#include "parsers/segment.h"

#include <stdio.h>

#define LISTED_MAX ((size_t)1000)
#define HOUR_MS INT64_C(3600000)

struct ask {
	const struct command_line *line;
	const struct settings *set;
	struct store *store;
	struct arena *arena;
	bool json;
};

static struct str text_of(const struct proposal_ref *p, struct arena *a)
{
	return record_text(p->intent, p->fields, a);
}

/* What stands against approving it; NULL: nothing. */
static const char *bar_str(enum proposal_bar bar)
{
	static const char *const why[] = {
		[PROPOSAL_CHANGED] = "the member has changed since; --anyway "
				     "approves it all the same",
		[PROPOSAL_VAGUE] = "it names no numbers: reject it, so that "
				   "the unit sends it again",
		[PROPOSAL_NO_PHONE] = "no phone is known of who is to hold "
				      "the role: reject it",
		[PROPOSAL_TAKEN] = "its number is another member's: reject it",
	};

	return why[bar];
}

/* ---- looking ---- */

static struct jdoc *as_json(const struct ask *k, const struct proposal_ref *p)
{
	int offset = (int)k->set->config->utc_offset * 60;
	struct jdoc *v = jdoc_object();

	jdoc_set_int(v, "proposal", p->id);
	jdoc_set_str(v, "unit", p->unit);
	jdoc_set_str(v, "state", p->state);
	jdoc_set_str(v, "text", text_of(p, k->arena));
	jdoc_set_str(v, "made", str_of(local_full(p->created_at, offset).z));
	if (bar_str(p->bar) != NULL)
		jdoc_set_str(v, "bar", str_of(bar_str(p->bar)));
	return v;
}

static void show(const struct ask *k, const struct proposal_ref *p)
{
	int offset = (int)k->set->config->utc_offset * 60;
	struct local_text made = local_full(p->created_at, offset);
	struct str text = text_of(p, k->arena);

	printf("%-6lld %-9.*s %.16s  " STR_FMT "\n", (long long)p->id,
		(int)p->state.n, p->state.p, made.z, STR_ARG(text));
	if (bar_str(p->bar) != NULL)
		printf("       %s\n", bar_str(p->bar));
}

static int fault(const struct ask *k)
{
	fprintf(stderr, "bantin approve: %s\n", store_error(k->store));
	return EXIT_WRONG;
}

static int list(const struct ask *k)
{
	struct jdoc *all = jdoc_array();
	struct proposal_list open;

	if (proposal_open(k->store, 0, LISTED_MAX, k->arena, &open) != 0) {
		jdoc_free(all);
		return fault(k);
	}
	for (size_t i = 0; i < open.n; i++)
		if (k->json)
			jdoc_push(all, as_json(k, &open.v[i]));
		else
			show(k, &open.v[i]);
	if (k->json)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(all, k->arena)));
	else if (open.n == 0)
		printf("no proposal waits\n");
	jdoc_free(all);
	return EXIT_FINE;
}

static int look(const struct ask *k, int64_t id)
{
	struct proposal_ref p;
	int rc = proposal_find(k->store, id, k->arena, &p);
	struct jdoc *v;

	if (rc < 0)
		return fault(k);
	if (rc == 0) {
		fprintf(stderr, "bantin approve: there is no proposal %lld\n",
			(long long)id);
		return EXIT_WRONG;
	}
	if (k->json) {
		v = as_json(k, &p);
		printf(STR_FMT "\n", STR_ARG(jdoc_print(v, k->arena)));
		jdoc_free(v);
	} else {
		show(k, &p);
		if (str_is(p.state, "open"))
			printf("--yes approves it, --reject REASON sends it "
			       "back\n");
	}
	return str_is(p.state, "open") ? EXIT_WRONG : EXIT_FINE;
}

static int look_with_store(struct ask *k, int64_t id)
{
	const char *path = arena_z(k->arena, k->set->config->database);
	struct err err;
	int status;

	k->store = store_open(path, STORE_READ, &err);
	if (k->store == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_WRONG;
	}
	status = command_must_read(k->line, k->set,
		&(struct command_reading){
			.what = id == 0 ? "approve list" : "approve look"});
	if (status == EXIT_FINE)
		status = id == 0 ? list(k) : look(k, id);
	store_close(k->store);
	return status;
}

/* ---- deciding ---- */

static int decide(const struct ask *k, int64_t id)
{
	const char *reason = command_value(k->line, "--reject");
	struct jdoc *request = jdoc_object(), *answer;
	struct err err = {""};
	struct str error;
	int status;

	jdoc_set_int(request, "proposal", id);
	if (reason != NULL)
		jdoc_set_str(request, "reject", str_of(reason));
	jdoc_set(request, "anyway",
		jdoc_new_bool(command_value(k->line, "--anyway") != NULL));
	answer = command_write(k->line, k->set, request, &err);
	error = jdoc_str(jdoc_at(answer, "error"));
	status = answer == NULL || error.p != NULL ? EXIT_WRONG : EXIT_FINE;
	if (status == EXIT_WRONG)
		fprintf(stderr, "bantin approve: " STR_FMT "%s\n",
			STR_ARG(error), answer == NULL ? err.text : "");
	else if (k->json)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(answer, k->arena)));
	else
		printf("%lld %s\n", (long long)id,
			reason != NULL ? "rejected" : "approved");
	jdoc_free(answer);
	return status;
}

static int usage(const char *what)
{
	fprintf(stderr, "bantin approve: %s\n", what);
	return EXIT_USAGE;
}

static int run(const struct command_line *line)
{
	bool yes = command_value(line, "--yes") != NULL;
	bool reject = command_value(line, "--reject") != NULL;
	struct ask k = {
		.line = line, .json = command_value(line, "--json") != NULL};
	bool all = line->argc == 0 || strcmp(line->argv[0], "list") == 0;
	int64_t id = 0;
	int status = EXIT_WRONG;

	if (!all && (str_to_i64(str_of(line->argv[0]), &id) != 0 || id < 1))
		return usage("which proposal? list, or its number");
	if ((all && (yes || reject)) || (yes && reject))
		return usage("one number, and --yes or --reject");
	k.set = command_settings(line);
	if (k.set == NULL)
		return EXIT_WRONG;
	k.arena = arena_new(65536);
	status = yes || reject ? decide(&k, id) : look_with_store(&k, id);
	arena_free(k.arena);
	settings_unref((struct settings *)k.set);
	return status;
}

/* ---- the writer's side ---- */

static int refuse(struct jdoc *answer, const char *why)
{
	jdoc_set_str(answer, "error", str_of(why));
	return -1;
}

struct deciding {
	struct store *s;
	const struct settings *set;
	struct arena *arena;
	int64_t now_ms;
};

/* As the staff's own text would tell it. */
static int tell_proposer(
	const struct deciding *w, const struct proposal_ref *p, bool reject)
{
	const struct channel *c =
		settings_channel_for(w->set, (struct str){NULL, 0}, p->from);
	struct reply r = {.key = reject                   ? "told_rejected"
				 : record_gives_number(p) ? "told_joined"
							  : "told_approved"};
	struct outbox_row row = {
		.to = p->from,
		.lane = STR("urgent"),
		.created_at = w->now_ms,
		.due_at = window_opens_at(w->set->config, w->now_ms),
		.valid_until = w->now_ms +
			       w->set->config->outbox.bulk_valid_h * HOUR_MS,
		.dedupe_key = arena_printf(
			w->arena, "proposal:%lld:told", (long long)p->id),
	};
	int64_t id;

	if (c == NULL)
		return 0;
	reply_arg(&r, "record", text_of(p, w->arena));
	reply_arg(&r, "number", arena_printf(w->arena, "%d", p->new_no));
	row.channel = c->name;
	row.text = segment_fold(
		render_reply(w->set->replies, &r, p->language, w->arena),
		(enum fold_policy)c->config->fold, w->arena);
	return outbox_add(w->s, &row, &id);
}

/* What hangs on the decision, as after one by SMS. */
static int plan_after(const struct deciding *w, int64_t proposal)
{
	struct errands_input in = {
		.settings = w->set, .arena = w->arena, .now_ms = w->now_ms};
	struct apply_touched one = {.n = 1};
	bool planned;

	one.v[0].kind = RECORD_DECISION;
	one.v[0].id = proposal;
	return errands_after(w->s, &in, &one, &planned);
}

static int decide_one(const struct deciding *w, const struct jdoc *request,
	struct jdoc *answer)
{
	const struct jdoc *reason = jdoc_at(request, "reject");
	struct proposal_decision d = {
		.end = reason != NULL ? PROPOSAL_REJECTED : PROPOSAL_APPROVED,
		.by = STR("command"),
		.who = command_who(request, w->arena),
		.reason = jdoc_str(reason),
		.now_ms = w->now_ms,
		.today = day_of_ms(
			w->now_ms, (int)w->set->config->utc_offset * 60),
	};
	struct proposal_ref p;
	bool anyway = false, done;
	int rc;

	(void)jdoc_int(jdoc_at(request, "proposal"), &d.id);
	(void)jdoc_bool(jdoc_at(request, "anyway"), &anyway);
	rc = proposal_find(w->s, d.id, w->arena, &p);
	if (rc <= 0)
		return rc < 0 ? -1
			      : refuse(answer, "there is no such proposal");
	if (!str_is(p.state, "open"))
		return refuse(answer, "it was decided before");
	if (reason == NULL && p.bar != PROPOSAL_FREE &&
		!(p.bar == PROPOSAL_CHANGED && anyway))
		return refuse(answer, bar_str(p.bar));
	if (proposal_decide(w->s, &d, w->arena, &done) != 0)
		return -1;
	if (plan_after(w, d.id) != 0)
		return -1;
	jdoc_set_int(answer, "proposal", d.id);
	jdoc_set_str(answer, "state",
		reason != NULL ? STR("rejected") : STR("approved"));
	return tell_proposer(w, &p, reason != NULL);
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct deciding w = {s, set, NULL, now_ms};
	int rc;

	if (command_is_reading(request))
		return command_reading_apply(s, set, request, now_ms, answer);
	w.arena = arena_new(8192);
	rc = decide_one(&w, request, answer);
	arena_free(w.arena);
	return rc;
}

static const struct command_option options[] = {
	{"--yes", NULL, "approve it"},
	{"--reject", "REASON", "send it back; the reason is kept"},
	{"--anyway", NULL, "approve it although its member has changed"},
	{"--json", NULL, "print JSON"},
	{0},
};

const struct command command_approve = {
	.name = "approve",
	.operands = "[list|NUMBER]",
	.max_operands = 1,
	.summary = "what waits for staff to decide; approve, send back",
	.help = "Alone, or with list, the proposals that wait: deaths, "
		"removals, transfers, exemptions, admissions, changes of "
		"phone and of who leads. With a number that one, and what "
		"stands against it; status 1 while it is open. --yes approves "
		"it, and the list of members and the roles change at once; "
		"--reject sends it back and changes nothing. Who proposed it "
		"is texted what became of it, without the reason. Staff do "
		"the same by SMS, within their units: DUYET 12, TRA 12 and "
		"the reason. What nobody decides is brought up again after "
		"approve.remind_days and approve.escalate_days, and ends after "
		"approve.expire_days.",
	.options = options,
	.run = run,
	.apply = apply,
};
