/*
 * normalise: whatever bytes come in, the two forms and the way back to what
 * was typed fit together, and a text in its own marked form stays as it is.
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/normalise.h"
#include "parsers/token.h"

#define SHORT 600 /* bytes that the cap on characters cannot reach */

static void check_maps(const struct normal *t, struct str raw)
{
	MUST(t->raw.p == raw.p && t->raw.n <= raw.n);
	for (size_t i = 0; i < t->folded.n; i++) {
		MUST(t->raw_at[i] < t->raw_at[i + 1]);
		MUST(t->marked_at[i] <= t->marked_at[i + 1]);
		MUST((unsigned char)t->folded.p[i] < 0x80);
		MUST(t->folded.p[i] < 'A' || t->folded.p[i] > 'Z');
	}
	MUST(t->raw_at[t->folded.n] == t->raw.n);
	MUST(t->marked_at[t->folded.n] == t->marked.n);
	MUST(str_is_utf8(t->marked) || t->marked.n == 0);
}

static void check_parts(const struct normal *t)
{
	for (size_t i = 0; i < t->folded.n; i++) {
		struct str typed = normal_raw(t, i, t->folded.n - i);
		struct str marked = normal_marked(t, i, 1);

		MUST(typed.p >= t->raw.p);
		MUST(typed.p + typed.n <= t->raw.p + t->raw.n);
		MUST(marked.p + marked.n <= t->marked.p + t->marked.n);
	}
}

static void check_tokens(const struct normal *t, struct arena *a)
{
	struct tokens v = tokenise(t, a);
	size_t end = 0;

	for (size_t i = 0; i < v.n; i++) {
		MUST(v.v[i].n > 0 && v.v[i].at >= end);
		end = (size_t)v.v[i].at + v.v[i].n;
		MUST(end <= t->folded.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(4096);
	struct str raw = fuzz_text(data, n);
	struct normal once, twice;

	normalise(raw, a, &once);
	check_maps(&once, raw);
	check_parts(&once);
	check_tokens(&once, a);
	if (n <= SHORT) {
		normalise(once.marked, a, &twice);
		MUST(str_eq(twice.marked, once.marked));
		MUST(str_eq(twice.folded, once.folded));
	}
	arena_free(a);
	return 0;
}
