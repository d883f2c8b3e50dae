/*
 * read_whose - is it the sender who comes, or stays away?
 *
 * "anh Noi khong ve duoc" and "bo em khong ve duoc" answer for somebody else,
 * and are no answer of the sender's. The words of address are also how one
 * speaks to whom one writes ("chi oi em ban") and of oneself ("bac khong ve
 * duoc"), so it counts who stands right before what is said: a name behind an
 * address, kin that are somebody's, or several. Looks at the typed words, for
 * some of them are politeness that the rules do not see. Pure.
 */
#include "parsers/read_parts.h"

#define WORDS_MAX 12

struct subject {
	struct str v[WORDS_MAX]; /* folded */
	size_t n;
};

static bool is_among(struct str word, const char *list)
{
	struct str rest = str_of(list), one;

	while (str_next(&rest, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

/* Does the lexeme say that somebody comes or does not? */
static bool says_it(const struct reader *x, const struct lexeme *l)
{
	return l->kind == LEXEME_SYMBOL &&
	       is_among(x->scan->rs->vocabulary.name[l->symbol],
		       "NOGO NOHOP CANGO XINVANG BUSY BAN VE GO NOTABSENT");
}

static bool is_in_word(char c)
{
	return c >= 'a' && c <= 'z';
}

/* The words before it, from the last comma on; of many, the last. */
static void words_before(const struct reader *x, size_t end, struct subject *s)
{
	struct str text = x->scan->text.folded;

	for (size_t i = 0; i < end;) {
		size_t n = 0;

		while (i + n < end && is_in_word(text.p[i + n]))
			n++;
		if (n == 0) {
			if (text.p[i++] != ' ')
				s->n = 0;
			continue;
		}
		if (s->n == WORDS_MAX)
			memmove(s->v, s->v + 1, --s->n * sizeof(s->v[0]));
		s->v[s->n++] = str_part(text, i, n);
		i += n;
	}
}

static void drop_modals(struct subject *s)
{
	while (s->n > 0 &&
		is_among(s->v[s->n - 1], "se cung thi lai deu van ban dang da "
					 "chac co cho"))
		s->n--;
}

/* Typed with a capital, though the text is not all in capitals. */
static bool is_title(const struct reader *x, size_t at, size_t n)
{
	struct str raw = normal_raw(&x->scan->text, at, n);

	return raw.n > 1 && raw.p[0] >= 'A' && raw.p[0] <= 'Z' &&
	       !(raw.p[1] >= 'A' && raw.p[1] <= 'Z');
}

/* Is it (part of) a word of ours, or of a place? */
static bool is_known(const struct reader *x, size_t at)
{
	const struct lexed *l = &x->scan->lexed;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].from <= at && at < l->v[i].to)
			return l->v[i].symbol != LEXICON_NONE;
	return false;
}

static size_t place_of(const struct reader *x, struct str word)
{
	return (size_t)(word.p - x->scan->text.folded.p);
}

static bool is_self(struct str w)
{
	return is_among(w, "em e toi chau con minh tui tao");
}

/* Behind an address these go on with what is said, and name nobody. */
static bool may_be_name(const struct reader *x, struct str w)
{
	if (is_self(w) || is_known(x, place_of(x, w)))
		return false;
	return is_title(x, place_of(x, w), w.n) ||
	       !is_among(w,
		       "oi a ah nhe nha nay do kia ay mai hom qua toi sang "
		       "chieu dem trua om bi lam xa roi that la nao gi "
		       "nua luon ve lich bua lan ky hoc truc duong lu ca viec "
		       "vien sot xin nhieu tuan thang ngay thu bay nhat "
		       "hai ba tu nam sau t day biet bao tin dau benh met yeu "
		       "gia kho xe mua chua phai theo duoc den hop nghi khong "
		       "ko k rat vi do");
}

/* anh, chi, ong …; "co" is has, too, unless a name is behind it. */
static bool is_address(const struct reader *x, struct str w, struct str next)
{
	if (str_is(w, "co"))
		return is_title(x, place_of(x, next), next.n);
	return is_among(w, "anh chi ong ba bac chu cau thim mo di cu");
}

/* "ba Hoa om": said of a name, and not a word of oneself. */
static bool begins_with_name(const struct reader *x, const struct subject *s)
{
	if (s->n < 2 || !is_address(x, s->v[0], s->v[1]) ||
		!is_title(x, place_of(x, s->v[1]), s->v[1].n) ||
		!may_be_name(x, s->v[1]))
		return false;
	for (size_t i = 2; i < s->n; i++)
		if (is_self(s->v[i]))
			return false;
	return true;
}

static bool is_several(const struct subject *s)
{
	for (size_t i = s->n > 3 ? s->n - 3 : 0; i + 1 < s->n; i++)
		if (is_among(s->v[i], "cac may nhung bon") &&
			is_among(s->v[i + 1],
				"anh chi ong ba bac chu co cau thim cu ban em "
				"no ho"))
			return !is_self(s->v[s->n - 1]);
	return false;
}

static bool is_another(const struct reader *x, const struct subject *s)
{
	struct str last = s->v[s->n - 1];
	struct str before = s->n > 1 ? s->v[s->n - 2] : STR("");

	if (is_self(last))
		return is_among(before, "bo me vo chong cha trai gai dau re");
	if (is_among(last, "bo me vo chong cha"))
		return s->n == 1;
	if (is_among(last, "ho no"))
		return s->n == 1 || is_among(before, "chung bon");
	if (is_among(last, "nguoi ta trai gai dau re") &&
		is_among(before, "moi nguoi may con anh em chi chau"))
		return true;
	if (is_several(s) || begins_with_name(x, s))
		return true;
	return s->n > 1 && is_address(x, before, last) && may_be_name(x, last);
}

void read_whose(struct reader *x)
{
	const struct lexed *l = &x->scan->lexed;
	struct subject s = {.n = 0};
	size_t i = 0;

	while (i < l->n && !says_it(x, &l->v[i]))
		i++;
	if (i == l->n || !field_has(&x->r->fields, FIELD_ANSWER))
		return;
	words_before(x, l->v[i].from, &s);
	drop_modals(&s);
	if (s.n == 0 || !is_another(x, &s))
		return;
	field_drop(&x->r->fields, FIELD_ANSWER);
	field_drop(&x->r->fields, FIELD_REASON);
	reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
}
