/*
 * ruleset_examples - how does a rule show itself?
 *
 * Gives the rules' own examples to whoever explains them to people, so that
 * no second list of examples can grow old. Pure; any thread.
 */
#include "parsers/ruleset_examples.h"

#include "parsers/rules.h"

static bool take(const struct rules_rule *rule, const struct rules_example *e,
	struct ruleset_example *ret)
{
	enum question q = QUESTION_NONE;

	if (e->question.p != NULL)
		q = question_parse(e->question);
	*ret = (struct ruleset_example){
		.text = e->text,
		.intent = intent_parse(
			e->intent.p != NULL ? e->intent : rule->intent),
		.question = q,
	};
	return e->problem.p == NULL && q != QUESTION_N &&
	       ret->intent != INTENT_N;
}

bool ruleset_example(const struct ruleset *rs, struct str rule, size_t n,
	struct ruleset_example *ret)
{
	for (size_t i = 0; i < rs->file->rules_n; i++) {
		const struct rules_rule *r = &rs->file->rules[i];

		for (size_t k = 0; k < r->examples_n; k++)
			if (str_eq(r->name, rule) &&
				take(r, &r->examples[k], ret) && n-- == 0)
				return true;
	}
	return false;
}

day_t ruleset_today(const struct ruleset *rs)
{
	return rs->today;
}
