/*
 * write - a command wants something stored: by whom?
 *
 * There is never a second writer. When nobody holds the database's lock the
 * command takes it and writes in a transaction of its own; when `serve` holds
 * it the request goes to its socket.
 */
#include "gateway/base/fault.h"
#include "gateway/commands/command.h"
#include "gateway/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Nobody waits longer to look at something. */
#define READ_PATIENCE_S 5

struct settings *command_settings(const struct command_line *line)
{
	return settings_load_or_tell(line->config, NULL);
}

/* The answer of apply(), or NULL: then nothing was stored. */
static struct jdoc *apply(struct store *s, const struct command_line *line,
	const struct settings *set, const struct jdoc *request, struct err *err)
{
	struct jdoc *answer = jdoc_object();
	int64_t now_ms = clock_wall_ms(line->clock);

	if (store_begin(s) == 0 &&
		line->command->apply(s, set, request, now_ms, answer) == 0) {
		fault_point("commit-before");
		if (store_commit(s) == 0)
			return answer;
	}
	store_rollback(s);
	if (jdoc_at(answer, "error") != NULL)
		return answer;
	err_set(err, "%s", store_error(s));
	jdoc_free(answer);
	return NULL;
}

static struct jdoc *write_here(const char *path,
	const struct command_line *line, const struct settings *set,
	const struct jdoc *request, struct err *err)
{
	struct store *s = store_open(path, STORE_WRITE, err);
	struct jdoc *answer;

	if (s == NULL)
		return NULL;
	answer = apply(s, line, set, request, err);
	store_close(s);
	return answer;
}

struct jdoc *command_channels(const struct settings *set)
{
	struct arena *a = arena_new(1024);
	struct str sock = arena_printf(
		a, STR_FMT ".sock%c", STR_ARG(set->config->database), '\0');
	struct jdoc *request = jdoc_object();
	struct jdoc *answer;
	struct err err;

	jdoc_set_str(request, "command", STR("channels"));
	answer = control_ask(sock.p, request, READ_PATIENCE_S, &err);
	jdoc_free(request);
	arena_free(a);
	return answer;
}

struct jdoc *command_write(const struct command_line *line,
	const struct settings *set, struct jdoc *request, struct err *err)
{
	struct arena *a = arena_new(4096);
	const char *path = arena_z(a, set->config->database);
	struct jdoc *answer = NULL;
	bool held = false;
	int lock = store_lock(path, &held, err);

	jdoc_set_str(request, "command", str_of(line->command->name));
	jdoc_set_int(request, "uid", (int64_t)getuid());
	if (lock >= 0) {
		answer = write_here(path, line, set, request, err);
		close(lock);
	} else if (held) {
		struct str sock = arena_printf(a, "%s.sock%c", path, '\0');

		answer = control_ask(sock.p, request,
			command_is_reading(request) ? READ_PATIENCE_S : 0, err);
	}
	jdoc_free(request);
	arena_free(a);
	return answer;
}

struct str command_who(const struct jdoc *request, struct arena *a)
{
	int64_t uid = -1;

	(void)jdoc_int(jdoc_at(request, "uid"), &uid);
	return arena_printf(a, "uid %lld", (long long)uid);
}

int command_audit(
	struct store *s, const struct jdoc *request, struct audit_entry *e)
{
	struct arena *a = arena_new(1024);
	int rc;

	e->who = command_who(request, a);
	rc = audit_put(s, e, a);
	arena_free(a);
	return rc;
}
