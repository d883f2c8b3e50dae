/*
 * intent - the names of intents and problems, both ways.
 *
 * The names are those that `bantin parse` prints and the store keeps, so they
 * never change their meaning. Constant tables only; any thread.
 */
#include "gateway/model/intent.h"

#include <assert.h>

#define NAME(id, name) STR(name),

static const struct str intent_name[] = {INTENTS(NAME)};
static const struct str problem_name[] = {PROBLEMS(NAME)};

static int lookup(const struct str *names, int n, struct str name)
{
	int i = 0;

	while (i < n && !str_eq(names[i], name))
		i++;
	return i;
}

const char *intent_str(enum intent i)
{
	assert(i < INTENT_N);
	return intent_name[i].p;
}

enum intent intent_parse(struct str name)
{
	return (enum intent)lookup(intent_name, INTENT_N, name);
}

const char *problem_str(enum problem p)
{
	assert(p < PROBLEM_N);
	return problem_name[p].p;
}

enum problem problem_parse(struct str name)
{
	return (enum problem)lookup(problem_name, PROBLEM_N, name);
}
