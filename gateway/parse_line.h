#ifndef GATEWAY_PARSE_LINE_H
#define GATEWAY_PARSE_LINE_H

#include "gateway/base/jdoc.h"
#include "gateway/intake.h"

/*
 * One input of `bantin parse` (contract.md §3), read in the context that it
 * describes. Holds no state between inputs.
 */
struct parse_line {
	const struct settings *settings;
	struct store *store; /* with the registry; NULL: none was given */
	struct arena *arena; /* the line's; the caller resets it */
	int64_t now_ms;      /* when the input does not say */
	/* Results. */
	struct message message;
	struct scan *scan;
	struct context context;
	struct reading reading;
	struct outcome outcome;
	struct str reply; /* absent: none */
};

/* 0, or -1 with err: the input is not as the contract says. */
int parse_line_run(struct parse_line *p, const struct jdoc *input,
	struct err *err) __attribute__((warn_unused_result));
/* The output object of the contract. */
struct jdoc *parse_line_output(const struct parse_line *p);

#endif
