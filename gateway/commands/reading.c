/*
 * reading - a command only looks at what is known of people: who writes that
 * down?
 *
 * Commands that read run beside the writer, so the row of the audit goes to
 * it first, through the socket or directly, in a transaction of its own. Whom
 * a text is from, or went to, is looked up there: no phone leaves the store.
 */
#include "gateway/commands/command.h"

#include <stdio.h>

bool command_is_reading(const struct jdoc *request)
{
	return jdoc_at(request, "reads") != NULL;
}

/* Whoever writes makes what is not there; looking must not. */
static bool is_there(const struct settings *set, struct err *err)
{
	struct arena *a = arena_new(1024);
	struct store *s =
		store_open(arena_z(a, set->config->database), STORE_READ, err);

	store_close(s);
	arena_free(a);
	return s != NULL;
}

static int reads(const struct command_line *line, const struct settings *set,
	const struct command_reading *r, struct err *err)
{
	struct jdoc *request, *answer;
	struct str error;

	if (!is_there(set, err))
		return -1;
	request = jdoc_object();
	jdoc_set_str(request, "reads", str_of(r->what));
	if (r->unit.p != NULL)
		jdoc_set_str(request, "unit", r->unit);
	if (r->message != 0)
		jdoc_set_int(request, "message", r->message);
	if (r->outbox != 0)
		jdoc_set_int(request, "outbox", r->outbox);
	answer = command_write(line, set, request, err);
	error = jdoc_str(jdoc_at(answer, "error"));
	if (error.p != NULL)
		err_set(err, STR_FMT, STR_ARG(error));
	jdoc_free(answer);
	return answer != NULL && error.p == NULL ? 0 : -1;
}

int command_must_read(const struct command_line *line,
	const struct settings *set, const struct command_reading *r)
{
	struct err err = {""};

	if (reads(line, set, r, &err) == 0)
		return EXIT_FINE;
	fprintf(stderr,
		"bantin %s: it is not shown, for the audit could not be "
		"written: %s\n",
		line->command->name, err.text);
	return EXIT_WRONG;
}

bool command_may_read(const struct command_line *line,
	const struct settings *set, const struct command_reading *r)
{
	struct err err = {""};

	if (reads(line, set, r, &err) == 0)
		return true;
	fprintf(stderr,
		"bantin %s: texts and phones are left out, for the audit could "
		"not be written: %s\n",
		line->command->name, err.text);
	return false;
}

/* ---- the writer's side ---- */

static int write_down(struct store *s, const struct jdoc *request,
	int64_t now_ms, struct arena *a)
{
	struct audit_entry e = {.now_ms = now_ms};
	int64_t message = 0, outbox = 0;
	int rc = 0;

	e.what = arena_z(a, jdoc_str(jdoc_at(request, "reads")));
	(void)jdoc_int(jdoc_at(request, "message"), &message);
	(void)jdoc_int(jdoc_at(request, "outbox"), &outbox);
	if (jdoc_at(request, "unit") != NULL)
		rc = audit_unit(
			s, jdoc_str(jdoc_at(request, "unit")), &e.unit_id);
	if (rc == 0 && (message != 0 || outbox != 0))
		rc = audit_of_text(s, message, outbox, a, &e.phone);
	return rc == 0 ? command_audit(s, request, &e) : -1;
}

int command_reading_apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct arena *a = arena_new(1024);
	int rc = write_down(s, request, now_ms, a);

	(void)set;
	(void)answer;
	arena_free(a);
	return rc;
}
