/*
 * lex: the pieces of a text stand in order, inside it and inside what was
 * typed; a number is digits, as many as a reader takes.
 */
#include "tests/fuzz/fuzz.h"

#include "config/config.h"
#include "parsers/rules.h"

static struct ruleset *rules;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct diags *d = diags_new();

	(void)argc;
	(void)argv;
	rules = ruleset_load(STR("rules"), config_shipped_rules(), d);
	MUST(rules != NULL);
	diags_free(d);
	return 0;
}

static void check_lexeme(
	const struct lexed *l, const struct lexeme *x, const struct normal *t)
{
	struct str s = str_part(l->text, x->at, x->n);

	MUST(x->n > 0 && x->at + x->n <= l->text.n);
	MUST(x->from < x->to && x->to <= t->folded.n);
	for (size_t i = 0; x->kind == LEXEME_NUMBER && i < s.n; i++)
		MUST(s.p[i] >= '0' && s.p[i] <= '9');
	if (x->kind == LEXEME_SYMBOL) {
		MUST(x->symbol < rules->vocabulary.n);
		MUST(symbols_has(&l->symbols, x->symbol));
		MUST(str_eq(s, rules->vocabulary.name[x->symbol]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(16384);
	struct normal t;
	struct lexed l;

	normalise(fuzz_text(data, n), a, &t);
	lex(&rules->vocabulary, &t, tokenise(&t, a), a, &l);
	for (size_t i = 0; i < l.n; i++) {
		check_lexeme(&l, &l.v[i], &t);
		if (i > 0) {
			MUST(l.v[i].at >= l.v[i - 1].at + l.v[i - 1].n);
			MUST(l.v[i].from >= l.v[i - 1].to);
		}
	}
	for (size_t i = 0; i < l.text.n; i++)
		MUST(l.text.p[i] >= ' ' && (unsigned char)l.text.p[i] < 0x7f);
	arena_free(a);
	return 0;
}
