/*
 * ime - which Vietnamese word was typed while the input method was off?
 *
 * Telex writes marks as letters (vawngs), VNI as digits (va81ng); both may
 * come behind their vowel or at the end of the word. The word is taken apart
 * into base letters, their shapes and one tone, and put together with the tone
 * where the spelling has it. Whether such a word exists is not asked here.
 * Pure; any thread.
 */
#include "parsers/ime.h"

enum shape { PLAIN, CIRCUMFLEX, BREVE, HORN, STROKE };

static const char *const shape_bytes[] = {
	[PLAIN] = "",
	[CIRCUMFLEX] = "\xcc\x82",
	[BREVE] = "\xcc\x86",
	[HORN] = "\xcc\x9b",
	[STROKE] = "",
};

#define TONES 6
/* none, sắc, huyền, hỏi, ngã, nặng: the order of VNI's digits. */
static const char *const tone_bytes[TONES] = {
	"", "\xcc\x81", "\xcc\x80", "\xcc\x89", "\xcc\x83", "\xcc\xa3"};
static const char telex_tones[TONES + 1] = "-sfrxj";

#define STROKED_D "\xc4\x91"
#define VNI_CIRCUMFLEX '6'
#define VNI_HORN '7'
#define VNI_BREVE '8'
#define VNI_STROKE '9'

struct word {
	char letter[IME_LETTERS_MAX];
	enum shape shape[IME_LETTERS_MAX];
	size_t n;
	int tone;
	int marks; /* tones and shapes that were typed */
	bool bad;
};

static bool is_vowel(char c)
{
	return strchr("aeiouy", c) != NULL;
}

static bool has_vowel(const struct word *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (is_vowel(w->letter[i]))
			return true;
	return false;
}

static void add_letter(struct word *w, char c)
{
	if (w->n == IME_LETTERS_MAX) {
		w->bad = true;
		return;
	}
	w->letter[w->n] = c;
	w->shape[w->n++] = PLAIN;
}

static void set_tone(struct word *w, int tone)
{
	w->bad = w->bad || w->tone != 0 || !has_vowel(w);
	w->tone = tone;
	w->marks++;
}

/* Gives the last such letter that is still plain its shape. */
static bool set_shape(struct word *w, const char *letters, enum shape shape)
{
	for (size_t i = w->n; i-- > 0;) {
		if (strchr(letters, w->letter[i]) == NULL ||
			w->shape[i] != PLAIN)
			continue;
		w->shape[i] = shape;
		/* uo + horn is ươ */
		if (shape == HORN && w->letter[i] == 'o' && i > 0 &&
			w->letter[i - 1] == 'u')
			w->shape[i - 1] = HORN;
		w->marks++;
		return true;
	}
	return false;
}

/* The letter that carries the tone. */
static size_t tone_place(const struct word *w)
{
	size_t first = w->n, last = w->n;

	for (size_t i = 0; i < w->n; i++) {
		if (!is_vowel(w->letter[i]))
			continue;
		/* gi, qu: part of the consonant when a vowel follows */
		if (i == 1 && i + 1 < w->n && is_vowel(w->letter[i + 1]) &&
			((w->letter[0] == 'g' && w->letter[1] == 'i') ||
				(w->letter[0] == 'q' && w->letter[1] == 'u')))
			continue;
		first = first == w->n ? i : first;
		last = i;
	}
	for (size_t i = last + 1; i-- > first;)
		if (w->shape[i] != PLAIN)
			return i;
	if (last + 1 < w->n || last == first)
		return last;
	return last - 1;
}

static size_t put(char *out, size_t n, const char *s)
{
	while (*s != '\0')
		out[n++] = *s++;
	return n;
}

static size_t spell(const struct word *w, char out[static IME_BYTES_MAX])
{
	size_t place, n = 0;

	if (w->bad || w->marks == 0 || !has_vowel(w))
		return 0;
	place = tone_place(w);
	for (size_t i = 0; i < w->n; i++) {
		char plain[2] = {w->letter[i], '\0'};

		n = put(out, n, w->shape[i] == STROKE ? STROKED_D : plain);
		n = put(out, n, shape_bytes[w->shape[i]]);
		if (i == place)
			n = put(out, n, tone_bytes[w->tone]);
	}
	return n;
}

/* Is the letter the mark of one before it? Then that is marked. */
static bool telex_shape(struct word *w, char c)
{
	char twice[2] = {c, '\0'};

	if (c == 'w')
		return set_shape(w, "ou", HORN) || set_shape(w, "a", BREVE);
	if (strchr("aeo", c) != NULL)
		return set_shape(w, twice, CIRCUMFLEX);
	return c == 'd' && set_shape(w, "d", STROKE);
}

static void telex_letter(struct word *w, char c)
{
	const char *tone = strchr(telex_tones, c);

	if (tone != NULL && has_vowel(w))
		set_tone(w, (int)(tone - telex_tones));
	else if (!telex_shape(w, c))
		add_letter(w, c);
}

size_t ime_telex(struct str chunk, char ret[static IME_BYTES_MAX])
{
	struct word w = {.n = 0};

	for (size_t i = 0; i < chunk.n; i++) {
		if (chunk.p[i] < 'a' || chunk.p[i] > 'z')
			return 0;
		telex_letter(&w, chunk.p[i]);
	}
	return spell(&w, ret);
}

static void vni_digit(struct word *w, char c)
{
	bool done = true;

	if (c >= '1' && c < '1' + TONES - 1)
		set_tone(w, c - '0');
	else if (c == VNI_CIRCUMFLEX)
		done = set_shape(w, "aeo", CIRCUMFLEX);
	else if (c == VNI_HORN)
		done = set_shape(w, "ou", HORN);
	else if (c == VNI_BREVE)
		done = set_shape(w, "a", BREVE);
	else
		done = c == VNI_STROKE && set_shape(w, "d", STROKE);
	w->bad = w->bad || !done;
}

size_t ime_vni(struct str chunk, char ret[static IME_BYTES_MAX])
{
	struct word w = {.n = 0};

	for (size_t i = 0; i < chunk.n; i++) {
		if (chunk.p[i] >= 'a' && chunk.p[i] <= 'z')
			add_letter(&w, chunk.p[i]);
		else if (chunk.p[i] == '.' && i > 0 && i + 1 < chunk.n)
			set_tone(&w, TONES - 1);
		else
			vni_digit(&w, chunk.p[i]);
	}
	return spell(&w, ret);
}
