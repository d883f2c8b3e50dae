/*
 * near - could a slip of the thumb have turned one word into the other?
 *
 * Distance one: a letter put in, left out or replaced, or two swapped. A slip
 * to a neighbouring key, of a phone's letters or of its twelve buttons, is the
 * likeliest. Pure; any thread.
 */
#include "parsers/near.h"

#define LETTERS 26

/* The button of a to z on twelve keys. */
static const char buttons[LETTERS + 1] = "22233344455566677778889999";

/* The letters around a to z on a keyboard. */
static const char *const neighbours[LETTERS] = {"qwsz", "vghn", "xdfv",
	"serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko", "huikmn",
	"jiolm", "kop", "njk", "bhjm", "iklp", "ol", "wa", "edft", "awedxz",
	"rfgy", "yhji", "cfgb", "qase", "zsdc", "tghu", "asx"};

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool are_close(char a, char b)
{
	if (!is_letter(a) || !is_letter(b))
		return false;
	return buttons[a - 'a'] == buttons[b - 'a'] ||
	       strchr(neighbours[a - 'a'], b) != NULL;
}

/* a is b with one letter more at its front. */
static bool has_more(struct str a, struct str b)
{
	return a.n == b.n + 1 && str_eq(str_from(a, 1), b);
}

enum near near_words(struct str meant, struct str typed)
{
	size_t i = 0;
	struct str m, t;

	if (meant.n < 2 || typed.n < 2 || meant.n > typed.n + 1 ||
		typed.n > meant.n + 1)
		return NEAR_NOT;
	while (i < meant.n && i < typed.n && meant.p[i] == typed.p[i])
		i++;
	m = str_from(meant, i);
	t = str_from(typed, i);
	if (has_more(t, m)) /* pheep, phepp */
		return i > 0 && t.p[0] == typed.p[i - 1] ? NEAR_KEY
							 : NEAR_LETTER;
	if (has_more(m, t))
		return NEAR_LETTER;
	if (m.n != t.n || m.n == 0)
		return NEAR_NOT;
	if (str_eq(str_from(m, 1), str_from(t, 1)))
		return are_close(m.p[0], t.p[0]) ? NEAR_KEY : NEAR_LETTER;
	if (m.n > 1 && m.p[0] == t.p[1] && m.p[1] == t.p[0] &&
		str_eq(str_from(m, 2), str_from(t, 2)))
		return NEAR_KEY;
	return NEAR_NOT;
}
