/*
 * render - a reply's key and arguments as the text that goes out.
 *
 * Texts are cut into literals and placeholders when they are loaded; here the
 * values are put in. render_check() is what `bantin check` and a reload rest
 * on: every text, in every language, with values as long as they come, must
 * keep to its segment budget, to characters that all phones show, and to
 * neutral words. Pure; any thread.
 */
#include "handlers/render.h"

#include "parsers/segment.h"

#include <assert.h>

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static struct str folded(struct str text, struct arena *a)
{
	struct str ascii = segment_ascii(text, a);
	char *p = arena_z(a, ascii);

	for (size_t i = 0; i < ascii.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] |= 0x20;
	return (struct str){p, ascii.n};
}

static bool is_whole(struct str text, size_t at, size_t end)
{
	return (at == 0 || !is_word_char(text.p[at - 1])) &&
	       (end == text.n || !is_word_char(text.p[end]));
}

/* Part of a phrase in which it is another word: "dang" in "dang ky". */
static bool is_harmless(const struct replies *r, struct str text, size_t at,
	size_t end, struct arena *a)
{
	const struct node *all = replies_harmless(r);

	for (size_t i = 0; all != NULL && i < all->n; i++) {
		struct str phrase = folded(all->items[i]->text, a);
		ptrdiff_t from = str_find(text, phrase, 0);

		for (; from >= 0 && (size_t)from <= at;
			from = str_find(text, phrase, (size_t)from + 1))
			if ((size_t)from + phrase.n >= end &&
				is_whole(text, (size_t)from,
					(size_t)from + phrase.n))
				return true;
	}
	return false;
}

static bool has_word(const struct replies *r, struct str text, struct str word,
	struct arena *a)
{
	ptrdiff_t at = str_find(text, word, 0);

	while (at >= 0) {
		size_t end = (size_t)at + word.n;

		if (is_whole(text, (size_t)at, end) &&
			!is_harmless(r, text, (size_t)at, end, a))
			return true;
		at = str_find(text, word, (size_t)at + 1);
	}
	return false;
}

/* The first forbidden word in the text; NULL: none. */
static const struct node *forbidden_in(
	const struct replies *r, struct str text, struct arena *a)
{
	const struct node *words = replies_forbidden(r);
	struct str low = folded(text, a);

	for (size_t i = 0; words != NULL && i < words->n; i++)
		if (has_word(r, low, folded(words->items[i]->text, a), a))
			return words->items[i];
	return NULL;
}

bool render_is_forbidden(
	const struct replies *r, struct str text, struct arena *a)
{
	return forbidden_in(r, text, a) != NULL;
}

#define QUOTED_MAX ((size_t)80)

/* As a sender typed it, as far as it may go out again. */
static struct str quoted(
	const struct replies *r, struct str text, struct arena *a)
{
	struct str s = str_trim(segment_ascii(text, a));

	if (s.n == 0 || forbidden_in(r, s, a) != NULL)
		return STR("...");
	if (s.n <= QUOTED_MAX)
		return s;
	return arena_printf(
		a, STR_FMT "...", STR_ARG(str_part(s, 0, QUOTED_MAX - 3)));
}

static struct str value_of(const struct replies *r, const struct reply *reply,
	struct str name, struct arena *a)
{
	for (size_t i = 0; i < reply->args_n; i++) {
		const struct reply_arg *arg = &reply->args[i];

		if (str_is(name, arg->name))
			return arg->typed ? quoted(r, arg->value, a)
					  : arg->value;
	}
	return (struct str){"", 0};
}

/* Two passes: the length, then the bytes, in one allocation. */
struct str render_reply(const struct replies *r, const struct reply *reply,
	struct str language, struct arena *a)
{
	const struct replies_text *text = replies_get(r, reply->key, language);
	struct str piece;
	size_t n = 0;
	char *p;

	assert(text != NULL);
	for (size_t i = 0; i < text->n; i++)
		n += text->v[i].is_placeholder
			     ? value_of(r, reply, text->v[i].text, a).n
			     : text->v[i].text.n;
	p = arena_alloc(a, n);
	n = 0;
	for (size_t i = 0; i < text->n; i++) {
		piece = text->v[i].is_placeholder
				? value_of(r, reply, text->v[i].text, a)
				: text->v[i].text;
		if (piece.n > 0)
			memcpy(p + n, piece.p, piece.n);
		n += piece.n;
	}
	return (struct str){p, n};
}

static struct reply sample_reply(const struct replies_key *key, struct arena *a)
{
	struct reply reply = {.key = key->key};
	struct str rest = str_of(key->placeholders);
	struct str name;

	while (str_next(&rest, ' ', &name)) {
		struct str sample;

		if (name.n == 0)
			continue;
		sample = replies_sample(arena_z(a, name));
		assert(sample.p != NULL);
		reply_arg(&reply, arena_z(a, name), sample);
	}
	return reply;
}

struct check {
	const struct replies *replies;
	struct arena *arena;
	struct diags *diags;
	int faults;
};

/* Where a word of a text begins: from the last character from which on it is
 * there. Folding changes lengths, so there is no shorter way back; 0 when it
 * comes about only with the values put in. */
static size_t place_of(const struct check *c, struct str text, struct str word)
{
	struct str low = folded(word, c->arena);

	for (size_t at = text.n; at-- > 0;) {
		unsigned char before =
			at > 0 ? (unsigned char)text.p[at - 1] : 0;
		bool inside = is_word_char((char)(before | 0x20)) ||
			      (before & 0x80) != 0;

		if ((text.p[at] & 0xC0) != 0x80 && !inside &&
			has_word(c->replies,
				folded(str_from(text, at), c->arena), low,
				c->arena))
			return at;
	}
	return 0;
}

static void check_words(
	struct check *c, const struct node *node, struct str text)
{
	const struct node *word = forbidden_in(c->replies, text, c->arena);

	if (word == NULL)
		return;
	node_error_at(node, place_of(c, node->text, word->text), c->diags,
		"holds the forbidden word '" STR_FMT
		"' (compared without diacritics); say it neutrally",
		STR_ARG(word->text));
	c->faults++;
}

static void check_text(
	struct check *c, const struct replies_key *key, struct str language)
{
	const struct node *node =
		replies_get(c->replies, key->key, language)->node;
	struct reply reply = sample_reply(key, c->arena);
	struct str text = render_reply(c->replies, &reply, language, c->arena);
	struct segments s = segment_count(text);

	check_words(c, node, text);
	if (s.n <= key->segments)
		return;
	node_error(node, c->diags,
		"'%s' takes %d segments (%d %s) with sample values; its "
		"budget is %d",
		key->key, s.n, s.units,
		s.ucs2 ? "UCS-2 units: not plain GSM-7" : "septets",
		key->segments);
	c->faults++;
}

int render_check(const struct replies *r, struct diags *d)
{
	struct check c = {r, arena_new(16384), d, 0};
	const struct replies_key *keys;
	size_t n;

	keys = replies_keys(&n);
	for (size_t i = 0; i < n; i++) {
		check_text(&c, &keys[i], STR("vi"));
		check_text(&c, &keys[i], STR("en"));
	}
	arena_free(c.arena);
	return c.faults == 0 ? 0 : -1;
}
