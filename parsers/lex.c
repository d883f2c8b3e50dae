/*
 * lex - what does the text look like in the language of the rules?
 *
 * Walks the tokens once. At each, the longest phrase of the lexicon becomes a
 * symbol, number words become digits where a number is due, letters and
 * digits that look like a unit's code stay in one piece, and punctuation is
 * kept only where it joins numbers or parts sentences. Every lexeme knows the
 * bytes that it came from. All in the caller's arena; any thread.
 */
#include "parsers/lex_parts.h"

#include "parsers/names.h"

#include <stdio.h>

#define CODE_LETTERS_MIN 2
#define CODE_LETTERS_MAX 5
#define CODE_DIGITS_MAX 3

/* Opens the lexeme of tokens[i .. i + n); its text is put next. */
static struct lexeme *open_lexeme(
	struct lexer *x, enum lexeme_kind kind, size_t i, size_t n)
{
	const struct token *first = &x->tokens.v[i];
	const struct token *last = &x->tokens.v[i + n - 1];
	struct lexeme *l = &x->v[x->n++];

	if (x->out_n > 0 && !x->joined)
		x->out[x->out_n++] = ' ';
	x->joined = false;
	x->last_token = i + n - 1;
	*l = (struct lexeme){.kind = (uint8_t)kind,
		.at = (uint16_t)x->out_n,
		.from = first->at,
		.to = (uint16_t)(last->at + last->n)};
	return l;
}

static void put(struct lexer *x, struct lexeme *l, struct str s)
{
	memcpy(x->out + x->out_n, s.p, s.n);
	x->out_n += s.n;
	l->n = (uint16_t)(x->out_n - l->at);
}

/* Digits, with the slips among them mended. */
static void put_digits(struct lexer *x, struct lexeme *l, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		x->out[x->out_n++] = (char)(c == 'o'   ? '0'
					    : c == 'l' ? '1'
						       : c);
	}
	l->n = (uint16_t)(x->out_n - l->at);
}

static bool last_symbol_in(const struct lexer *x, const struct symbols *set)
{
	return x->n > 0 && symbols_has(set, x->v[x->n - 1].symbol);
}

/* One word that is too often another. */
static bool is_weak(const struct lexer *x, size_t i, size_t n)
{
	int weak;

	return lexicon_match(x->vocabulary->weak_numbers, x->t, x->tokens, i,
		       &weak) == n;
}

/* "3 thang tu 10/11": from that day, and no fourth month. */
static bool begins_day(const struct lexer *x, size_t i, size_t n)
{
	return x->n > 0 && is_weak(x, i, n) &&
	       str_is(x->vocabulary->name[x->v[x->n - 1].symbol], "MONTH");
}

/* Is it "ba lam" in "ba lam co mat": a count before its label? */
static bool counts_label(const struct lexer *x, size_t i, size_t n)
{
	const struct vocabulary *v = x->vocabulary;
	int symbol = LEXICON_NONE;
	size_t at = i + n, next = 0;

	if (is_weak(x, i, n))
		return false;
	do { /* "mot dong chi vang" */
		next = lexicon_match(v->phrases, x->t, x->tokens, at, &symbol);
		at += next;
	} while (next > 0 && symbol == VOCABULARY_POLITE);
	return next > 0 && symbols_has(&v->numbers_before, symbol);
}

static size_t take_number_words(struct lexer *x, size_t i, size_t phrase)
{
	char digits[16];
	int value = 0;
	size_t n;

	n = lex_number(x, i, &value);
	if (n == 0 || n < phrase ||
		(is_kind(x, i + n, TOKEN_NUMBER) &&
			(last_symbol_in(x, &x->vocabulary->labels) ||
				begins_day(x, i, n))))
		return 0;
	if (!last_symbol_in(x, &x->vocabulary->numbers_after) &&
		!(value >= TEN &&
			last_symbol_in(x, &x->vocabulary->numbers_before)) &&
		!counts_label(x, i, n))
		return 0;
	(void)snprintf(digits, sizeof(digits), "%d", value);
	put(x, open_lexeme(x, LEXEME_NUMBER, i, n), str_of(digits));
	return n;
}

/* A letter that sticks to a figure (BQ3e/0) is no politeness. */
static bool touches_number(const struct lexer *x, size_t i, size_t n)
{
	return (i > 0 && is_glued(x, i) && is_kind(x, i - 1, TOKEN_NUMBER)) ||
	       (is_glued(x, i + n) && is_kind(x, i + n, TOKEN_NUMBER));
}

static void put_symbol(struct lexer *x, struct lexeme *l, int symbol)
{
	l->symbol = (uint8_t)symbol;
	if (symbols_has(&x->vocabulary->quiet, symbol))
		l->kind = LEXEME_WORD;
	symbols_add(&x->symbols, symbol);
	put(x, l, x->vocabulary->name[symbol]);
}

static size_t take_phrase(struct lexer *x, size_t i)
{
	int symbol = LEXICON_NONE;
	size_t n = lexicon_match(
		x->vocabulary->phrases, x->t, x->tokens, i, &symbol);
	size_t words = take_number_words(x, i, n);
	struct lexeme *l;

	if (words > 0 || n == 0)
		return words;
	if (symbol == VOCABULARY_POLITE)
		return touches_number(x, i, n) ? 0 : n;
	l = open_lexeme(x, LEXEME_SYMBOL, i, n);
	put_symbol(x, l, symbol);
	return n;
}

static size_t take_name(struct lexer *x, size_t i)
{
	size_t n = x->vocabulary->name_symbol > 0
			   ? names_match(x->vocabulary, x->t, x->tokens, i)
			   : 0;

	if (n > 0)
		put_symbol(x, open_lexeme(x, LEXEME_SYMBOL, i, n),
			x->vocabulary->name_symbol);
	return n;
}

static bool is_known(const struct lexer *x, size_t i)
{
	int symbol;

	return lexicon_match(
		       x->vocabulary->phrases, x->t, x->tokens, i, &symbol) > 0;
}

/* Does a mark at i tie the number before it to one behind it: 5/11, 5.11? */
static bool ties(const struct lexer *x, size_t i)
{
	return is_kind(x, i, TOKEN_PUNCT) && is_glued(x, i) &&
	       strchr("/.:-*", folded(x, i).p[0]) != NULL &&
	       is_kind(x, i + 1, TOKEN_NUMBER) && is_glued(x, i + 1);
}

/* May `MG 07`, with a blank, be a code here? */
static bool spaced_code(const struct lexer *x, size_t i)
{
	struct str digits = folded(x, i + 1);
	int symbol;

	/* "nd 03 va 04" */
	if (lexicon_match(
		    x->vocabulary->real_words, x->t, x->tokens, i, &symbol) > 0)
		return false;
	if (ties(x, i + 2) ||
		(is_kind(x, i + 2, TOKEN_WORD) && is_glued(x, i + 2)))
		return false;
	return folded(x, i).n <= 3 &&
	       ((digits.n == 2 && digits.p[0] == '0') ||
		       (digits.n >= 2 &&
			       last_symbol_in(x, &x->vocabulary->codes_after)));
}

/*
 * mg07 · mg-07 · qn-mg-07 · mg 07: how many tokens, 0: not shaped like a
 * code. Words between dashes belong to it as long as digits end it.
 */
static size_t code_tokens(const struct lexer *x, size_t i)
{
	size_t at = i + 1;

	while (is_punct(x, at, '-') && is_glued(x, at) &&
		is_kind(x, at + 1, TOKEN_WORD) && is_glued(x, at + 1))
		at += 2;
	if ((is_punct(x, at, '-') || is_punct(x, at, '.')) && is_glued(x, at) &&
		is_glued(x, at + 1))
		at++;
	if (!is_kind(x, at, TOKEN_NUMBER) || folded(x, at).n > CODE_DIGITS_MAX)
		return 0;
	if (folded(x, i).n < CODE_LETTERS_MIN ||
		folded(x, i).n > CODE_LETTERS_MAX)
		return 0;
	if (!is_glued(x, at))
		return at == i + 1 && spaced_code(x, i) ? 2 : 0;
	if (is_kind(x, at + 1, TOKEN_WORD) && is_glued(x, at + 1) &&
		!is_known(x, at + 1))
		return 0;
	return at + 1 - i;
}

static size_t take_word(struct lexer *x, size_t i)
{
	size_t n = code_tokens(x, i);
	struct lexeme *l;

	if (n == 0) {
		put(x, open_lexeme(x, LEXEME_WORD, i, 1), folded(x, i));
		return 1;
	}
	l = open_lexeme(x, LEXEME_CODE, i, n);
	for (size_t k = i; k < i + n; k++) {
		/* mg-07 is mg07; the dashes of qn-mg-07 are part of it. */
		if (is_kind(x, k, TOKEN_PUNCT) && n <= 3)
			continue;
		if (is_kind(x, k, TOKEN_NUMBER))
			put_digits(x, l, folded(x, k));
		else
			put(x, l, folded(x, k));
	}
	return n;
}

static bool between_numbers(const struct lexer *x, size_t i)
{
	return x->n > 0 && x->v[x->n - 1].kind == LEXEME_NUMBER &&
	       x->last_token + 1 == i &&
	       (is_kind(x, i + 1, TOKEN_NUMBER) ||
		       lex_roman_month(x, i + 1) > 0);
}

static int small_number(struct str s)
{
	return s.n == 1 ? s.p[0] - '0'
			: (s.p[0] - '0') * 10 + (s.p[s.n - 1] - '0');
}

/* 47 / 35 / 10 / 2: strokes in place of commas. */
static bool in_row(const struct lexer *x, size_t i)
{
	size_t numbers = 2;

	while (i >= 3 && is_punct(x, i - 2, '/') &&
		is_kind(x, i - 3, TOKEN_NUMBER)) {
		numbers++;
		i -= 2;
	}
	for (; is_punct(x, i + 2, '/') && is_kind(x, i + 3, TOKEN_NUMBER);
		i += 2)
		numbers++;
	return numbers > 3;
}

/*
 * A stroke with blanks around it: `5 / 11` is a day and `35 / 47` a share, but
 * `CM 42 / 05/11 / VP 4` only has strokes for commas.
 */
static bool spaced_stroke(const struct lexer *x, size_t i)
{
	struct str a = folded(x, i - 1), b = folded(x, i + 1);

	if (a.n > 2 || b.n > 2 || ties(x, i + 2) || in_row(x, i))
		return false;
	if (x->n > 1 && x->v[x->n - 2].kind == LEXEME_PUNCT &&
		x->v[x->n - 2].tight)
		return false;
	return small_number(a) <= small_number(b) ||
	       (small_number(a) <= 31 && small_number(b) <= 12);
}

static void take_punct(struct lexer *x, size_t i)
{
	struct str s = folded(x, i);
	bool tight = is_glued(x, i) && is_glued(x, i + 1);
	struct lexeme *l;

	if (lex_range_ends(x, i)) { /* "3->7", "3 ~ 7" */
		put(x, open_lexeme(x, LEXEME_PUNCT, i, 1), STR("-"));
	} else if (between_numbers(x, i) &&
		   ((tight && strchr("/:.-*,", s.p[0]) != NULL) ||
			   (s.p[0] == '/' && spaced_stroke(x, i)))) {
		x->joined = true;
		l = open_lexeme(x, LEXEME_PUNCT, i, 1);
		l->tight = tight;
		put(x, l, s);
		x->joined = true;
	} else if (x->n == 0 && strchr(",;", s.p[0]) != NULL) {
		return; /* behind a greeting that was dropped */
	} else if (strchr(",;?%", s.p[0]) != NULL ||
		   (strchr("-/", s.p[0]) != NULL && between_numbers(x, i))) {
		put(x, open_lexeme(x, LEXEME_PUNCT, i, 1), s);
	} else if (strchr("(:", s.p[0]) != NULL && between_numbers(x, i)) {
		/* `vang 2 (1 phep`: two numbers, whatever a blank may be */
		put(x, open_lexeme(x, LEXEME_PUNCT, i, 1), STR(","));
	}
}

/* An emoji parts what stands around it, like a comma. */
static void take_sign(struct lexer *x, size_t i)
{
	if (x->n > 0 && x->v[x->n - 1].kind != LEXEME_PUNCT &&
		i + 1 < x->tokens.n)
		put(x, open_lexeme(x, LEXEME_PUNCT, i, 1), STR(","));
}

/* `4 bay`, `1 chuc`: a digit that words go on with. */
static size_t take_digit_words(struct lexer *x, size_t i)
{
	char digits[16];
	struct str s = folded(x, i);
	int value = 0;
	size_t n = lex_number(x, i + 1, &value);

	/* "1 nam" is a year, not fifteen */
	if (n == 1 && is_known(x, i + 1))
		return 0;
	if (s.n != 1 || n == 0 || is_kind(x, i + 1 + n, TOKEN_NUMBER) ||
		!last_symbol_in(x, &x->vocabulary->labels) || s.p[0] == '0' ||
		(value >= TEN && value >= 2 * TEN))
		return 0;
	(void)snprintf(digits, sizeof(digits), "%d",
		(s.p[0] - '0') * TEN + value % TEN);
	put(x, open_lexeme(x, LEXEME_NUMBER, i, n + 1), str_of(digits));
	return n + 1;
}

/* "co mat la 35": how many tokens say nothing. */
static size_t skip_filler(const struct lexer *x, size_t i)
{
	int symbol, value;
	size_t n;

	if (!last_symbol_in(x, &x->vocabulary->labels))
		return 0;
	n = lexicon_match(x->vocabulary->fillers, x->t, x->tokens, i, &symbol);
	return n > 0 && (is_kind(x, i + n, TOKEN_NUMBER) ||
				lex_number(x, i + n, &value) > 0)
		       ? n
		       : 0;
}

/* IO, lO behind a label: ten. Only in capitals: "lo" is a name. */
static bool take_slip(struct lexer *x, size_t i)
{
	const struct token *k = token(x, i);
	struct str raw = normal_raw(x->t, k->at, k->n);

	if (!str_is(raw, "IO") && !str_is(raw, "lO") && !str_is(raw, "II"))
		return false;
	if (!last_symbol_in(x, &x->vocabulary->labels) ||
		is_kind(x, i + 1, TOKEN_NUMBER))
		return false;
	put(x, open_lexeme(x, LEXEME_NUMBER, i, 1),
		raw.p[1] == 'O' ? STR("10") : STR("11"));
	return true;
}

/* 5/XI */
static size_t take_roman(struct lexer *x, size_t i)
{
	int month = lex_roman_month(x, i);
	char digits[16];

	if (month == 0 || !x->joined)
		return 0;
	(void)snprintf(digits, sizeof(digits), "%d", month);
	put(x, open_lexeme(x, LEXEME_NUMBER, i, 1), str_of(digits));
	return 1;
}

/* Known to be a unit of the sender's, whatever its words mean. */
static size_t take_unit(struct lexer *x, size_t i)
{
	const struct token *k = token(x, i);

	put(x, open_lexeme(x, LEXEME_CODE, i, k->unit), k->as);
	return k->unit;
}

static size_t take(struct lexer *x, size_t i)
{
	size_t n = token(x, i)->unit > 0 ? take_unit(x, i) : skip_filler(x, i);

	if (n > 0)
		return n;
	n = take_roman(x, i);
	if (n == 0)
		n = take_name(x, i);
	if (n == 0)
		n = take_phrase(x, i);
	if (n > 0)
		return n;
	switch ((enum token_kind)token(x, i)->kind) {
	case TOKEN_WORD:
		return take_slip(x, i) ? 1 : take_word(x, i);
	case TOKEN_NUMBER:
		n = take_digit_words(x, i);
		if (n > 0)
			return n;
		put_digits(
			x, open_lexeme(x, LEXEME_NUMBER, i, 1), folded(x, i));
		break;
	case TOKEN_PUNCT:
		take_punct(x, i);
		break;
	case TOKEN_SIGN:
		take_sign(x, i);
		break;
	}
	return 1;
}

/* A figure by itself: not one side of 5/11 or 35/47. */
static bool is_figure(const struct lexer *x, size_t i)
{
	return i < x->n && x->v[i].kind == LEXEME_NUMBER &&
	       (i == 0 || !x->v[i - 1].tight) &&
	       (i + 1 == x->n || !x->v[i + 1].tight);
}

/*
 * Do labels stand before their figures? "47 DV DU 35 VANG 12" reads both ways,
 * and from left to right wrongly; most labels and the last one must agree.
 */
static bool labels_lead(const struct lexer *x)
{
	int leading = 0, trailing = 0;
	bool last_leads = false;

	for (size_t i = 0; i < x->n; i++) {
		if (x->v[i].kind != LEXEME_SYMBOL ||
			!symbols_has(&x->vocabulary->figures, x->v[i].symbol))
			continue;
		last_leads = is_figure(x, i + 1);
		leading += last_leads;
		trailing += i > 0 && is_figure(x, i - 1);
	}
	return last_leads && leading >= trailing;
}

/* A comma with nothing behind it separates nothing. */
static void drop_last_commas(struct lexer *x)
{
	while (x->n > 0 && x->v[x->n - 1].kind == LEXEME_PUNCT &&
		strchr(",;", x->out[x->v[x->n - 1].at]) != NULL) {
		x->n--;
		x->out_n =
			x->n > 0 ? (size_t)x->v[x->n - 1].at + x->v[x->n - 1].n
				 : 0;
	}
}

void lex(const struct vocabulary *vocabulary, const struct normal *t,
	struct tokens tokens, struct arena *a, struct lexed *ret)
{
	struct lexer x = {.vocabulary = vocabulary, .t = t, .tokens = tokens};
	size_t cap = t->folded.n + x.tokens.n * (SYMBOL_NAME_MAX + 1);

	x.out = arena_alloc(a, cap + 1);
	x.v = ARENA_ARRAY(a, struct lexeme, x.tokens.n);
	for (size_t i = 0; i < x.tokens.n;)
		i += take(&x, i);
	drop_last_commas(&x);
	*ret = (struct lexed){.text = {x.out, x.out_n},
		.v = x.v,
		.n = x.n,
		.symbols = x.symbols,
		.labels_lead = labels_lead(&x)};
	lex_trailer(vocabulary, t, x.v, ret);
	lex_note_words(ret);
}
