/*
 * lex_trailer - where does what was meant begin and end?
 *
 * Before it somebody may be greeted by name ("chao anh Noi,"). Behind it may
 * stand what a phone adds ("Sent from my iPhone"), the count of a text in parts
 * ("(1/2)") and the name of who writes. None of them is a member, a place or a
 * day. A name is only taken for a signature where the text is whole without it;
 * where it may as well be the last of those that are spoken of, it stays and is
 * asked about. Pure; any thread.
 */
#include "parsers/lex_parts.h"

#define FOOTER_MAX 8 /* lexemes: more is no footer */
#define PARTS_MAX 3
#define SIGNED_MAX 5
#define GREETED_MAX 3

static bool is_comma(const struct lexed *l, size_t i)
{
	return l->v[i].kind == LEXEME_PUNCT &&
	       strchr(",;", l->text.p[l->v[i].at]) != NULL;
}

static void cut(struct lexed *l, size_t n)
{
	while (n > 0 && is_comma(l, n - 1))
		n--;
	l->n = n;
	l->text.n = n > 0 ? (size_t)l->v[n - 1].at + l->v[n - 1].n : 0;
}

static bool cut_footer(const struct vocabulary *v, struct lexed *l)
{
	size_t i = l->n > FOOTER_MAX ? l->n - FOOTER_MAX : 0;

	if (v->footer_symbol == LEXICON_NONE ||
		!symbols_has(&l->symbols, v->footer_symbol))
		return false;
	for (; i < l->n; i++)
		if (l->v[i].symbol == v->footer_symbol) {
			cut(l, i);
			return true;
		}
	return false;
}

static int digit(const struct lexed *l, size_t i)
{
	const struct lexeme *k = &l->v[i];

	return k->kind == LEXEME_NUMBER && k->n == 1 ? l->text.p[k->at] - '0'
						     : 0;
}

/* "(1/2)": of so many texts the first. */
static bool cut_part(const struct normal *t, struct lexed *l)
{
	size_t n = l->n;
	int part, parts;

	if (n < 4 || l->text.p[l->v[n - 2].at] != '/' ||
		l->v[n - 1].to >= t->folded.n || l->v[n - 3].from == 0)
		return false;
	part = digit(l, n - 3);
	parts = digit(l, n - 1);
	if (part == 0 || part > parts || parts > PARTS_MAX ||
		t->folded.p[l->v[n - 1].to] != ')' ||
		t->folded.p[l->v[n - 3].from - 1] != '(')
		return false;
	cut(l, n - 3);
	return true;
}

/* How a lexeme is parted from the one before it. */
enum parted { PARTED_NOT, PARTED_LINE, PARTED_DASH };

static enum parted parted(
	const struct normal *t, const struct lexed *l, size_t i)
{
	size_t at = i > 0 ? l->v[i - 1].to : 0;
	struct str gap = str_part(t->folded, at, l->v[i].from - at);
	struct str raw;

	if (memchr(gap.p, '-', gap.n) != NULL)
		return PARTED_DASH;
	if (i == 0)
		return PARTED_NOT;
	if (memchr(gap.p, '(', gap.n) != NULL)
		return PARTED_DASH;
	/* With a letter at each end, where blanks would be trimmed. */
	raw = normal_raw(t, at - 1U, gap.n + 2);
	return memchr(raw.p, '\n', raw.n) != NULL ||
			       memchr(gap.p, '.', gap.n) != NULL
		       ? PARTED_LINE
		       : PARTED_NOT;
}

static bool is_name(const struct vocabulary *v, const struct lexeme *l)
{
	return v->name_symbol > 0 && l->symbol == v->name_symbol;
}

/* Vàng, but not VANG. */
static bool is_title(const struct normal *t, const struct lexeme *l)
{
	struct str raw = normal_raw(t, l->from, l->to - l->from);
	struct str low = normal_marked(t, l->from, l->to - l->from);

	return l->kind == LEXEME_WORD && raw.n > 1 && low.n == raw.n &&
	       raw.p[0] != low.p[0] &&
	       str_eq(str_from(raw, 2), str_from(low, 2));
}

static bool is_role(const struct vocabulary *v, const struct lexeme *l)
{
	struct str name = v->name[l->symbol];

	return l->symbol != LEXICON_NONE &&
	       (str_is(name, "BT") || str_is(name, "SEC") ||
		       str_is(name, "DEP") || str_is(name, "HEAD"));
}

static bool is_home(const struct vocabulary *v, const struct lexeme *l)
{
	return symbols_has(&v->unit_words, l->symbol);
}

/*
 * Where a name begins that ends the text: "- Lo Van Bun", "- Bun BT". Behind a
 * full stop or on a line of its own one word may be the rest of a place.
 */
static size_t find_signature(const struct vocabulary *v, const struct normal *t,
	const struct lexed *l)
{
	size_t i = l->n, best = l->n;
	bool sure = false;

	while (i > 0 && l->n - i < SIGNED_MAX) {
		const struct lexeme *k = &l->v[--i];
		enum parted p = parted(t, l, i);

		sure = sure || is_name(v, k) || is_role(v, k);
		if (!is_name(v, k) && !is_role(v, k) && !is_home(v, k) &&
			(k->symbol != LEXICON_NONE || !is_title(t, k)))
			break;
		if (i > 0 && (p == PARTED_DASH || (p == PARTED_LINE && sure)))
			best = i;
	}
	return best;
}

/* Does a mark tie a number to another: half of a day or of a share? */
static bool is_tied(const struct lexed *l, size_t i)
{
	return i < l->n && l->v[i].tight && l->text.p[l->v[i].at] != '-' &&
	       l->text.p[l->v[i].at] != ',';
}

static bool is_figure(const struct lexed *l, size_t i)
{
	return l->v[i].kind == LEXEME_NUMBER && !is_tied(l, i + 1) &&
	       (i == 0 || !is_tied(l, i - 1));
}

/* Is the text before a name whole without it? Else *ret_doubt may be set. */
static bool is_whole(const struct vocabulary *v, const struct normal *t,
	const struct lexed *l, size_t n, bool *ret_doubt)
{
	bool number = false, person = false, member = false;

	for (size_t i = 0; i < n; i++) {
		const struct lexeme *k = &l->v[i];

		if (is_name(v, k)) {
			/* One name a line is a list. */
			*ret_doubt = parted(t, l, i) == PARTED_NOT;
			return false;
		}
		person = person || symbols_has(&v->persons, k->symbol);
		if (!is_figure(l, i))
			continue;
		number = true;
		member = member || (i > 0 && symbols_has(&v->member_words,
						     l->v[i - 1].symbol));
	}
	if (symbols_has(&v->persons, l->v[n - 1].symbol))
		return member || (n > 1 && is_figure(l, n - 2));
	return number || !person;
}

static bool cut_signature(
	const struct vocabulary *v, const struct normal *t, struct lexed *l)
{
	size_t n = find_signature(v, t, l);
	bool doubt = false;

	if (n == l->n)
		return false;
	if (!is_whole(v, t, l, n, &doubt)) {
		l->signed_by = l->signed_by || doubt;
		return false;
	}
	cut(l, n);
	return true;
}

static bool begins(struct str s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

/* "chao anh Noi, 1": the greeting was dropped, its name stands first. */
static bool is_greeted(const struct normal *t, const struct lexed *l)
{
	static const char *const words[] = {"chao ", "em chao ", "alo ",
		"da chao ", "xin chao ", "kinh gui ", "kinh thua ", "thua ",
		"da thua "};

	if (l->n < 3 || l->v[0].from == 0)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins(t->folded, words[i]))
			return true;
	return false;
}

static void cut_head(struct lexeme *all, struct lexed *l, size_t n)
{
	uint16_t at = all[n].at;

	for (size_t i = n; i < l->n; i++) {
		all[i - n] = all[i];
		all[i - n].at = (uint16_t)(all[i].at - at);
	}
	l->n -= n;
	l->text = str_from(l->text, at);
}

static void cut_greeted(const struct vocabulary *v, const struct normal *t,
	struct lexeme *all, struct lexed *l)
{
	size_t i = 0;

	if (!is_greeted(t, l))
		return;
	while (i < GREETED_MAX && i + 2 < l->n &&
		(is_name(v, &all[i]) || is_role(v, &all[i]) ||
			(all[i].symbol == LEXICON_NONE &&
				is_title(t, &all[i]))))
		i++;
	if (i > 0 && is_comma(l, i))
		cut_head(all, l, i + 1);
}

void lex_trailer(const struct vocabulary *v, const struct normal *t,
	struct lexeme *all, struct lexed *l)
{
	cut_greeted(v, t, all, l);
	while (cut_footer(v, l) || cut_part(t, l) || cut_signature(v, t, l))
		;
}
