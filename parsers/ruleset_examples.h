#ifndef PARSERS_RULESET_EXAMPLES_H
#define PARSERS_RULESET_EXAMPLES_H

#include "gateway/model/context.h"
#include "parsers/ruleset.h"

/* An example that a rule gives of itself, read without a doubt. */
struct ruleset_example {
	struct str text;
	enum intent intent;
	enum question question; /* QUESTION_NONE: none need be open */
};

/* The n-th, from 0, of a rule's examples that have no problem; false: fewer. */
bool ruleset_example(const struct ruleset *rs, struct str rule, size_t n,
	struct ruleset_example *ret);
/* The day on which the examples are read. */
day_t ruleset_today(const struct ruleset *rs);

#endif
