/*
 * normalise - what would this text look like if every phone wrote alike?
 *
 * One pass over the letters (a base character with its combining marks):
 * format characters go, fancy punctuation and look-alike letters become
 * ASCII, the rest is taken apart by utf8proc. Each letter gives one byte of
 * the folded form, its composed lower-case self to the marked form, and an
 * entry in both offset maps, so that free text can be cut out as it was
 * typed. All in the caller's arena; any thread.
 */
#include "parsers/normalise.h"

#include "gateway/model/message.h"
#include "parsers/glyph.h"

#include <assert.h>
#include <utf8proc.h>

#define CLUSTER_MAX 8 /* marks past this are dropped: no script needs them */
/* A code point comes apart into four at most (canonically). */
#define DECOMPOSED_MAX ((utf8proc_ssize_t)(CLUSTER_MAX * 4L))
#define LETTER_BYTES 12 /* of the marked form, at most */

struct cluster {
	int32_t cp[CLUSTER_MAX];
	size_t n;
};

struct writer {
	char *folded, *marked;
	uint16_t *raw_at, *marked_at;
	size_t n, marked_n;
};

static bool is_mark(int32_t cp)
{
	return cp >= 0x300 && utf8proc_category(cp) == UTF8PROC_CATEGORY_MN;
}

static bool is_visible(char c)
{
	return c >= ' ' && c < 0x7f;
}

static struct str cap(struct str raw)
{
	struct str rest = raw;

	if (raw.n <= MESSAGE_TEXT_MAX)
		return raw;
	for (int i = 0; i < MESSAGE_TEXT_MAX && rest.n > 0; i++)
		(void)glyph_next(&rest);
	return (struct str){raw.p, raw.n - rest.n};
}

/* The first character that counts and the marks behind it; 0: none left. */
static size_t next_cluster(struct str *rest, struct cluster *c)
{
	c->n = 0;
	while (rest->n > 0) {
		struct str before = *rest;
		int32_t cp = glyph_next(rest);

		if (glyph_plain(cp) == GLYPH_DROP)
			continue;
		if (c->n > 0 && !is_mark(cp)) {
			*rest = before;
			break;
		}
		if (c->n < CLUSTER_MAX)
			c->cp[c->n++] = cp;
		/* Visible ASCII next: nothing can join. */
		if (rest->n > 0 && is_visible(rest->p[0]))
			break;
	}
	return c->n;
}

static char lower(int32_t cp)
{
	return (char)(cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp);
}

/* The byte of the folded form. */
static char fold(int32_t cp)
{
	int32_t base = glyph_base(glyph_latin(glyph_plain(cp)));
	utf8proc_category_t kind;

	if (base == NORMAL_FOREIGN || base == NORMAL_SIGN || base == '\n' ||
		base == '\r')
		return ' ';
	if (base > 0 && base < 0x80)
		return lower(base);
	kind = utf8proc_category(cp);
	if (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_NO)
		return NORMAL_FOREIGN;
	if (kind == UTF8PROC_CATEGORY_SO || kind == UTF8PROC_CATEGORY_SM ||
		kind == UTF8PROC_CATEGORY_CO || kind == UTF8PROC_CATEGORY_CN)
		return NORMAL_SIGN;
	return ' ';
}

/* đ is a letter of its own: only fold() takes its stroke. */
static int32_t lower_marked(int32_t cp)
{
	int32_t plain = glyph_plain(cp);

	if (cp >= 0x80 && cp < 0x200 && (plain == 'd' || plain == 'D'))
		return 0x111;
	return utf8proc_tolower(glyph_latin(plain));
}

static int mark_class(utf8proc_int32_t cp)
{
	return utf8proc_get_property(cp)->combining_class;
}

/* Canonical order of the marks, without which they do not compose. */
static void sort_marks(utf8proc_int32_t *v, utf8proc_ssize_t n)
{
	for (utf8proc_ssize_t i = 1; i < n; i++) {
		utf8proc_int32_t cp = v[i];
		utf8proc_ssize_t k = i;

		if (mark_class(cp) == 0)
			continue;
		for (; k > 0 && mark_class(v[k - 1]) > mark_class(cp); k--)
			v[k] = v[k - 1];
		v[k] = cp;
	}
}

/* Latin letters of the Vietnamese alphabet: they are composed already. What
 * lies beyond the first plane stays as it is: notes would fall apart. */
static bool is_composed(int32_t cp)
{
	return (cp > 0 && cp < 0x180) || (cp >= 0x1a0 && cp <= 0x1b0) ||
	       (cp >= 0x1ea0 && cp <= 0x1ef9) || cp > 0xffff;
}

/* The letter's composed lower-case form, as UTF-8. */
static size_t mark(struct cluster *c, char out[static LETTER_BYTES])
{
	utf8proc_int32_t v[DECOMPOSED_MAX];
	utf8proc_ssize_t n = 0;
	size_t bytes = 0;
	int boundary = 0;

	v[0] = lower_marked(c->cp[0]);
	if (c->n == 1 && v[0] < 0x80)
		v[0] = (unsigned char)fold(v[0]);
	if (c->n == 1 && is_composed(v[0]))
		return (size_t)utf8proc_encode_char(
			v[0], (utf8proc_uint8_t *)out);
	for (size_t i = 0; i < c->n; i++)
		n += utf8proc_decompose_char(lower_marked(c->cp[i]), v + n,
			DECOMPOSED_MAX - n, UTF8PROC_DECOMPOSE, &boundary);
	sort_marks(v, n);
	n = utf8proc_normalize_utf32(v, n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	/* Greek varia and the like are ASCII in the end. */
	if (n == 1 && v[0] < 0x80)
		v[0] = (unsigned char)fold(v[0]);
	for (utf8proc_ssize_t i = 0; i < n && bytes + 4 <= LETTER_BYTES; i++)
		bytes += (size_t)utf8proc_encode_char(
			v[i], (utf8proc_uint8_t *)out + bytes);
	return bytes;
}

static void put(struct writer *w, struct cluster *c)
{
	if (c->n == 1 && c->cp[0] < 0x80) {
		w->folded[w->n] = fold(c->cp[0]);
		w->marked[w->marked_n++] = w->folded[w->n];
		return;
	}
	w->folded[w->n] = fold(c->cp[0]);
	w->marked_n += mark(c, w->marked + w->marked_n);
}

/* What stands for itself: visible ASCII that no mark can join. */
static bool put_plain(struct writer *w, struct str *rest)
{
	char c = rest->p[0];

	if (!is_visible(c) || c == NORMAL_FOREIGN || c == NORMAL_SIGN ||
		(rest->n > 1 && !is_visible(rest->p[1])))
		return false;
	w->folded[w->n] = lower(c);
	w->marked[w->marked_n++] = w->folded[w->n];
	*rest = str_from(*rest, 1);
	return true;
}

void normalise(struct str raw, struct arena *a, struct normal *ret)
{
	struct str rest = cap(raw);
	const char *start = rest.p;
	size_t cap_n = rest.n;
	struct writer w = {
		.folded = arena_alloc(a, cap_n + 1),
		.marked = arena_alloc(a, cap_n * 3 + LETTER_BYTES),
		.raw_at = ARENA_ARRAY(a, uint16_t, cap_n + 1),
		.marked_at = ARENA_ARRAY(a, uint16_t, cap_n + 1),
	};
	struct cluster c;

	assert(cap_n <= UINT16_MAX / 4);
	*ret = (struct normal){.raw = rest};
	while (rest.n > 0) {
		w.raw_at[w.n] = (uint16_t)(rest.p - start);
		w.marked_at[w.n] = (uint16_t)w.marked_n;
		if (!put_plain(&w, &rest)) {
			if (next_cluster(&rest, &c) == 0)
				break;
			put(&w, &c);
		}
		w.n++;
	}
	w.raw_at[w.n] = (uint16_t)cap_n;
	w.marked_at[w.n] = (uint16_t)w.marked_n;
	ret->folded = (struct str){w.folded, w.n};
	ret->marked = (struct str){w.marked, w.marked_n};
	ret->raw_at = w.raw_at;
	ret->marked_at = w.marked_at;
}

static struct str cut(struct str s, const uint16_t *map, size_t at, size_t n)
{
	return str_part(s, map[at], (size_t)map[at + n] - map[at]);
}

struct str normal_raw(const struct normal *t, size_t at, size_t n)
{
	return str_trim(cut(t->raw, t->raw_at, at, n));
}

struct str normal_marked(const struct normal *t, size_t at, size_t n)
{
	return cut(t->marked, t->marked_at, at, n);
}
