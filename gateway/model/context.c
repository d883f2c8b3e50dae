/*
 * context - what is known around one text: look-ups in it, and its names.
 *
 * A context is a value in the message's arena; these functions only read it.
 * Any thread.
 */
#include "gateway/model/context.h"

#include <assert.h>

#define NAME(id, name) name,

static const char *const question_name[] = {QUESTIONS(NAME)};

static const char *const role_name[] = {
	[ROLE_SECRETARY] = "secretary",
	[ROLE_DEPUTY] = "deputy",
	[ROLE_STAFF] = "staff",
	[ROLE_OVERSEER] = "overseer",
	[ROLE_MEMBER] = "member",
};

#define ROLE_N ((int)(sizeof(role_name) / sizeof(role_name[0])))

const char *role_str(enum role r)
{
	assert((int)r < ROLE_N);
	return role_name[r];
}

int role_parse(struct str name, enum role *ret)
{
	for (int i = 0; i < ROLE_N; i++) {
		if (!str_is(name, role_name[i]))
			continue;
		*ret = (enum role)i;
		return 0;
	}
	return -1;
}

const char *question_str(enum question q)
{
	assert(q < QUESTION_N);
	return question_name[q];
}

enum question question_parse(struct str name)
{
	int i = 0;

	while (i < QUESTION_N && !str_is(name, question_name[i]))
		i++;
	return (enum question)i;
}

bool context_has_role(const struct context *c, enum role r)
{
	for (size_t i = 0; i < c->roles_n; i++)
		if (c->roles[i].role == r)
			return true;
	return false;
}

const struct member_ref *context_member(const struct context *c, int no)
{
	for (size_t i = 0; i < c->members_n; i++)
		if (c->members[i].no == no)
			return &c->members[i];
	return NULL;
}

const struct pending *context_question(const struct context *c, enum question q)
{
	for (size_t i = 0; i < c->pending_n; i++)
		if (c->pending[i].question == q)
			return &c->pending[i];
	return NULL;
}
