/*
 * vocabulary - which words does the rule set know?
 *
 * Fills the lexicon from rules.yaml: every key of `lexicon` is a symbol, its
 * phrases are listed below it; a phrase of several words is known written
 * together too (KHONGPHEP), as thumbs leave blanks out. Runs once per load.
 */
#include "parsers/names.h"
#include "parsers/rules.h"

#define JOINED_MIN 5 /* letters: shorter ones would look like other words */
#define PHRASE_MAX 100

static int phrases_in(const struct node *map)
{
	size_t n = 0;

	for (size_t i = 0; map != NULL && i < map->n; i++)
		n += map->pairs[i].value->n;
	return (int)n;
}

static int added(
	enum lexicon_added rc, const struct node *phrase, struct diags *d)
{
	static const char *const why[] = {
		[LEXICON_OK] = "",
		[LEXICON_EMPTY] = "is no phrase of one to eight words",
		[LEXICON_TWICE] = "stands for another symbol too",
		[LEXICON_FULL] = "is one phrase too many",
	};

	if (rc == LEXICON_OK)
		return 0;
	return node_error(
		phrase, d, "'" STR_FMT "' %s", STR_ARG(phrase->text), why[rc]);
}

static int add_one(struct lexicon *l, const struct node *phrase, int symbol,
	struct arena *a, struct diags *d)
{
	return added(lexicon_add(l, arena_str(a, phrase->text), symbol, a),
		phrase, d);
}

/* Without its blanks; absent when it has none or would be too short. */
static struct str joined(struct str phrase, struct arena *a)
{
	char *p = arena_alloc(a, phrase.n);
	size_t n = 0;

	for (size_t i = 0; i < phrase.n; i++)
		if (phrase.p[i] != ' ')
			p[n++] = phrase.p[i];
	if (n == phrase.n || n < JOINED_MIN)
		return (struct str){NULL, 0};
	return (struct str){p, n};
}

static int add(struct ruleset *rs, struct lexicon *l, const struct node *phrase,
	int symbol, struct diags *d)
{
	struct str together;

	if (phrase->kind != NODE_SCALAR || phrase->text.n > PHRASE_MAX)
		return node_error(phrase, d, "here stands a phrase");
	if (add_one(l, phrase, symbol, rs->arena, d) != 0)
		return -1;
	together = joined(phrase->text, rs->arena);
	if (together.p == NULL)
		return 0;
	/* Another phrase that reads so has been listed: it stays. */
	(void)lexicon_add(l, together, symbol, rs->arena);
	return 0;
}

static int add_all(struct ruleset *rs, struct lexicon *l,
	const struct node *list, int symbol, struct diags *d)
{
	int rc = 0;

	if (list == NULL)
		return 0;
	if (list->kind != NODE_LIST)
		return node_error(list, d, "here stands a list of phrases");
	for (size_t i = 0; i < list->n; i++)
		rc |= add(rs, l, list->items[i], symbol, d);
	return rc;
}

static bool is_symbol_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') &&
			(i == 0 || s.p[i] != '_'))
			return false;
	return s.n > 0 && s.n <= SYMBOL_NAME_MAX;
}

static int add_symbols(struct ruleset *rs, struct diags *d)
{
	struct vocabulary *v = &rs->vocabulary;
	const struct node *map = rs->file->lexicon;
	int rc = 0;

	for (size_t i = 0; i < map->n; i++) {
		const struct node *key = map->pairs[i].key;

		if (v->n == SYMBOLS_MAX)
			return node_error(key, d, "more than %d symbols",
				SYMBOLS_MAX - 2);
		if (!is_symbol_name(key->text))
			rc = node_error(key, d,
				"a symbol is one to %d letters A-Z",
				SYMBOL_NAME_MAX);
		v->name[v->n] = key->text;
		rc |= add_all(rs, v->phrases, map->pairs[i].value, v->n++, d);
	}
	return rc;
}

static int add_numbers(struct ruleset *rs, struct diags *d)
{
	const struct node *map = rs->file->numbers;
	int rc = 0;

	for (size_t i = 0; map != NULL && i < map->n; i++) {
		int64_t value;

		if (str_to_i64(map->pairs[i].key->text, &value) != 0 ||
			value < 0 ||
			(value > VOCABULARY_TEN - 1 &&
				value != VOCABULARY_HUNDRED - 1))
			rc = node_error(map->pairs[i].key, d,
				"number words are for 0 to 10 and 100");
		else
			rc |= add_all(rs, rs->vocabulary.numbers,
				map->pairs[i].value, (int)value + 1, d);
	}
	return rc;
}

static int add_aliases(struct ruleset *rs, struct diags *d)
{
	const struct node *map = rs->file->aliases;
	int rc = 0;

	for (size_t i = 0; map != NULL && i < map->n; i++) {
		const struct node *list = map->pairs[i].value;

		for (size_t k = 0; k < list->n; k++)
			rc |= added(lexicon_alias(rs->vocabulary.phrases,
					    list->items[k]->text,
					    map->pairs[i].key->text, rs->arena),
				list->items[k], d);
	}
	return rc;
}

static int add_keywords(struct ruleset *rs, struct diags *d)
{
	const struct node *map = rs->file->keywords;
	struct keyword *v =
		ARENA_ARRAY(rs->arena, struct keyword, (size_t)phrases_in(map));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; map != NULL && i < map->n; i++) {
		const struct node *list = map->pairs[i].value;
		int symbol = pattern_symbol(
			&rs->vocabulary, map->pairs[i].key->text);

		if (symbol < 0)
			rc = node_error(map->pairs[i].key, d,
				"this is no symbol of the lexicon");
		for (size_t k = 0; k < list->n; k++)
			v[n++] = (struct keyword){list->items[k]->text, symbol};
	}
	rs->vocabulary.keywords = v;
	rs->vocabulary.keywords_n = n;
	return rc;
}

static void add_label(struct ruleset *rs, int symbol, enum field f)
{
	struct vocabulary *v = &rs->vocabulary;

	rs->label_field[symbol] = f;
	symbols_add(&v->numbers_after, symbol);
	symbols_add(&v->labels, symbol);
	if (f >= FIELD_TOTAL && f <= FIELD_ABSENT)
		symbols_add(&v->figures, symbol);
}

static int add_labels(struct ruleset *rs, struct diags *d)
{
	const struct node *map = rs->file->labels;
	int bare_p = pattern_symbol(&rs->vocabulary, STR("P"));
	int rc = 0;

	for (int i = 0; i < SYMBOLS_MAX; i++)
		rs->label_field[i] = FIELD_N;
	for (size_t i = 0; map != NULL && i < map->n; i++) {
		const struct node_pair *pair = &map->pairs[i];
		int symbol = pattern_symbol(&rs->vocabulary, pair->key->text);
		enum field f = field_parse(pair->value->text);

		if (f == FIELD_N)
			rc = node_error(pair->value, d, "no such field");
		if (symbol < 0)
			rc = node_error(pair->key, d,
				"this is no symbol of the lexicon");
		else
			add_label(rs, symbol, f);
	}
	if (bare_p >= 0)
		symbols_add(&rs->vocabulary.figures, bare_p);
	return rc;
}

static int add_proofs(struct ruleset *rs, struct diags *d)
{
	const struct node *map = rs->file->labels_proof;
	int rc = 0;

	for (size_t i = 0; map != NULL && i < map->n; i++) {
		const struct node_pair *pair = &map->pairs[i];
		int symbol = pattern_symbol(&rs->vocabulary, pair->key->text);

		if (symbol < 0 || rs->label_field[symbol] == FIELD_N)
			rc = node_error(pair->key, d, "this is no label");
		else
			rc |= rules_problem(pair->value->text, pair->value,
				&rs->label_proof[symbol], d);
	}
	return rc;
}

/* People's names: their words are known by where they stand in one. */
static int add_names(struct ruleset *rs, struct diags *d)
{
	const struct node *map = rs->file->names;
	struct vocabulary *v = &rs->vocabulary;
	int rc = 0;

	v->names = lexicon_new(rs->arena, (size_t)phrases_in(map) * 2);
	if (map == NULL)
		return 0;
	v->name_symbol = pattern_symbol(v, STR("NAME"));
	if (v->name_symbol < 0)
		return node_error(map, d, "names need a symbol NAME");
	for (size_t i = 0; i < map->n; i++) {
		const struct node *key = map->pairs[i].key;

		if (str_is(key->text, "first"))
			rc |= add_all(rs, v->names, map->pairs[i].value,
				NAMES_FIRST, d);
		else if (str_is(key->text, "middle"))
			rc |= add_all(rs, v->names, map->pairs[i].value,
				NAMES_MIDDLE, d);
		else
			rc = node_error(key, d, "here stands first or middle");
	}
	return rc;
}

/* The phrases that a misspelt label may be mended into. */
static void list_figures(struct ruleset *rs, size_t max)
{
	struct vocabulary *v = &rs->vocabulary;
	const struct phrase **list =
		ARENA_ARRAY(rs->arena, const struct phrase *, max);
	const struct phrase *p = lexicon_phrases(v->phrases);

	for (; p != NULL && v->figure_phrases_n < max; p = p->added_before)
		if (symbols_has(&v->figures, p->symbol))
			list[v->figure_phrases_n++] = p;
	v->figure_phrases = list;
}

static void add_words(
	struct vocabulary *v, const char *names, struct symbols *to)
{
	struct str rest = str_of(names), one;

	while (str_next(&rest, ' ', &one)) {
		int symbol = pattern_symbol(v, one);

		if (symbol >= 0)
			symbols_add(to, symbol);
	}
}

int rules_vocabulary(struct ruleset *rs, struct diags *d)
{
	const struct rules_file *f = rs->file;
	struct vocabulary *v = &rs->vocabulary;
	size_t n = (size_t)phrases_in(f->lexicon) +
		   (f->polite != NULL ? f->polite->n : 0);
	int rc;

	/* Each phrase may come joined too, and has its beginnings. */
	v->phrases =
		lexicon_new(rs->arena, n * 4 + (size_t)phrases_in(f->aliases));
	v->numbers = lexicon_new(rs->arena, (size_t)phrases_in(f->numbers) * 2);
	v->name[LEXICON_NONE] = STR("-");
	v->name[VOCABULARY_POLITE] = STR("-");
	v->n = 2;
	rc = add_symbols(rs, d);
	rc |= add_all(rs, v->phrases, f->polite, VOCABULARY_POLITE, d);
	rc |= add_aliases(rs, d);
	rc |= add_numbers(rs, d);
	rc |= add_labels(rs, d);
	rc |= add_proofs(rs, d);
	list_figures(rs, n * 2);
	v->weak_numbers = lexicon_new(rs->arena, 64);
	v->fillers = lexicon_new(rs->arena, 64);
	rc |= add_all(rs, v->fillers, f->fillers, 1, d);
	v->small_words = lexicon_new(rs->arena, 512);
	rc |= add_all(rs, v->small_words, f->small_words, 1, d);
	v->real_words = lexicon_new(rs->arena, 256);
	rc |= add_all(rs, v->weak_numbers, f->numbers_weak, 1, d);
	rc |= add_all(rs, v->real_words, f->real_words, 1, d);
	rc |= add_keywords(rs, d);
	rc |= add_names(rs, d);
	rc |= pattern_symbols(f->quiet, v, &v->quiet, d);
	add_words(v,
		"V VANG VP VK CROSS DD DV KN GO AWAY DIED MAT STRIKE "
		"LAPSE LEAVES MOVEOUT MOVEIN TEMPOUT OFFICIAL MIEN BACK "
		"NEWPHONE GIAO",
		&v->persons);
	v->footer_symbol = pattern_symbol(v, STR("FOOTER"));
	if (v->footer_symbol < 0)
		v->footer_symbol = LEXICON_NONE;
	add_words(v, "BAN CB", &v->unit_words);
	add_words(v, "DV SO", &v->member_words);
	v->numbers_before = v->labels;
	rc |= pattern_symbols(f->numbers_before, v, &v->numbers_before, d);
	rc |= pattern_symbols(f->codes_after, v, &v->codes_after, d);
	rc |= pattern_symbols(f->numbers_after, v, &v->numbers_after, d);
	return rc;
}
