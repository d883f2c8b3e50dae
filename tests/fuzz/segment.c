/*
 * segment: the segments that are counted are those that a phone would make
 * of the text, one character after the other; folding never costs more.
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/glyph.h"
#include "parsers/segment.h"

/* Units of one character: counted alone, in the whole text's alphabet. */
static int units_of(struct str text, bool ucs2)
{
	struct segments one = segment_count(text);

	if (!ucs2)
		return one.units;
	return text.n == 4 ? 2 : 1;
}

/* Cuts as a sender does: a character that does not fit begins a new part. */
static int cut(struct str text, bool ucs2, int room)
{
	int n = text.n > 0, used = 0;

	while (text.n > 0) {
		struct str before = text;
		int w;

		(void)glyph_next(&text);
		before.n -= text.n;
		w = units_of(before, ucs2);
		MUST(w == 1 || w == 2);
		if (used + w > room) {
			n++;
			used = 0;
		}
		used += w;
	}
	return n;
}

static void check_count(struct str text)
{
	struct segments s = segment_count(text);
	int one = s.ucs2 ? 70 : 160, part = s.ucs2 ? 67 : 153;
	int want = s.units <= one ? s.units > 0 : cut(text, s.ucs2, part);

	MUST(s.n == want);
	if (s.n > 1)
		MUST(cut(text, s.ucs2, one) > 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(4096);
	struct str text = fuzz_text(data, n), ascii, saved;

	if (str_is_utf8(text)) {
		check_count(text);
		ascii = segment_ascii(text, a);
		saved = segment_fold(text, FOLD_IF_IT_SAVES, a);
		check_count(ascii);
		MUST(str_is_utf8(ascii) || ascii.n == 0);
		MUST(str_eq(segment_ascii(ascii, a), ascii));
		MUST(str_eq(segment_fold(text, FOLD_KEEP, a), text));
		MUST(str_eq(segment_fold(text, FOLD_ALWAYS, a), ascii));
		MUST(segment_count(saved).n <= segment_count(text).n);
	} else {
		(void)segment_count(text);
		(void)segment_ascii(text, a);
	}
	arena_free(a);
	return 0;
}
