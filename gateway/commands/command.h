#ifndef GATEWAY_COMMANDS_COMMAND_H
#define GATEWAY_COMMANDS_COMMAND_H

#include "gateway/base/clock.h"
#include "gateway/base/jdoc.h"
#include "gateway/settings.h"
#include "gateway/store/audit.h"

/* Exit statuses (contract.md §2). */
enum { EXIT_FINE = 0, EXIT_WRONG = 1, EXIT_USAGE = 2 };

struct command_option {
	const char *name;     /* "--jsonl", "-c" */
	const char *argument; /* NULL: a flag */
	const char *help;
};

/* The command line after options are taken out. */
struct command_line {
	const struct command *command;
	const char *config; /* -c, or the default path */
	int argc;
	char **argv;               /* operands; argv[argc] is NULL */
	const char *const *values; /* as command.options; NULL: not given */
	const struct clock *clock;
};

/*
 * One file and one table line each. The table makes `bantin help` and the man
 * page.
 */
struct command {
	const char *name;
	const char *operands;           /* "TEXT", "FILE…"; NULL: none */
	int min_operands, max_operands; /* max -1: any number */
	const char *summary;
	const char *help;                     /* paragraphs for the man page */
	const struct command_option *options; /* ends with a zeroed one */
	int (*run)(const struct command_line *line);
	/*
	 * Commands that write: what is done inside the writer's transaction,
	 * under `serve` through its socket, else directly. request is what
	 * run() made, answer an object to fill. 0; -1: rolled back, and
	 * answer's "error" says why.
	 */
	int (*apply)(struct store *s, const struct settings *set,
		const struct jdoc *request, int64_t now_ms,
		struct jdoc *answer);
};

extern const struct command *const command_table[];
extern const size_t command_table_n;
const struct command *command_find(struct str name); /* NULL: none */

/* The value of an option of the line; NULL when it was not given. */
const char *command_value(const struct command_line *line, const char *name);

/*
 * Hands request to whoever may write: the running `serve`, or the database
 * directly when nobody holds its lock. Takes request. The answer, or NULL
 * with err (nothing was stored).
 */
struct jdoc *command_write(const struct command_line *line,
	const struct settings *set, struct jdoc *request, struct err *err);
/* In apply(): writes down what the request reads or changes; e->who is whoever
 * ran the command. 0 / -1. */
int command_audit(struct store *s, const struct jdoc *request,
	struct audit_entry *e) __attribute__((warn_unused_result));
/* "uid 1000": who ran the command. */
struct str command_who(const struct jdoc *request, struct arena *a);

/* What a command that only reads shows of people. */
struct command_reading {
	const char *what;        /* "report away" */
	struct str unit;         /* a code; absent: not one unit's */
	int64_t message, outbox; /* whose text it is; 0: not that one */
};
/* Writes it down, before it is shown. An exit status; else it has said why
 * not, and nothing may be shown. */
int command_must_read(const struct command_line *line,
	const struct settings *set, const struct command_reading *r);
/* The same of what is needed most when the writer stands still. False: it has
 * said why, and texts and phones may not be shown. */
bool command_may_read(const struct command_line *line,
	const struct settings *set, const struct command_reading *r);
/* The writer's side: the apply() of a command that only reads; one that also
 * writes calls it for requests that are readings. */
int command_reading_apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer);
bool command_is_reading(const struct jdoc *request);

/* How the channels of the running `serve` stand (waiting.h); NULL: it does
 * not run, or does not answer. */
struct jdoc *command_channels(const struct settings *set);
/* Loads the settings, or prints every fault to stderr: then NULL. */
struct settings *command_settings(const struct command_line *line);

#endif
