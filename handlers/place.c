/*
 * place - does a bare answer to "where to?" name a province?
 *
 * Destinations are kept as provinces only (domain notes §5). People go on
 * using the names from before July 2025, so all 63 count; the 34 of today are
 * among them, and where many go to work abroad. A word before it and how long
 * behind it (di Binh Duong 3T a) are understood; anything else is asked again.
 * Constant tables; any thread.
 */
#include "handlers/place.h"

#include "gateway/base/arena.h"
#include "parsers/segment.h"

#define NAME_MAX 64
#define TEXT_MAX 96
#define MONTHS_MAX 60

static const char *const provinces[] = {"angiang", "bariavungtau", "bacgiang",
	"backan", "baclieu", "bacninh", "bentre", "binhdinh", "binhduong",
	"binhphuoc", "binhthuan", "camau", "cantho", "caobang", "daklak",
	"daknong", "danang", "dienbien", "dongnai", "dongthap", "gialai",
	"hagiang", "haiduong", "haiphong", "hanam", "hanoi", "hatinh",
	"haugiang", "hoabinh", "hochiminh", "hue", "hungyen", "khanhhoa",
	"kiengiang", "kontum", "laichau", "lamdong", "langson", "laocai",
	"longan", "namdinh", "nghean", "ninhbinh", "ninhthuan", "phutho",
	"phuyen", "quangbinh", "quangnam", "quangngai", "quangninh", "quangtri",
	"saigon", "soctrang", "sonla", "tayninh", "thaibinh", "thainguyen",
	"thanhhoa", "thuathienhue", "tiengiang", "travinh", "tuyenquang",
	"vinhlong", "vinhphuc", "vungtau", "yenbai"};

/* Short for one province only (BD and DN are two each), or a country. */
static const char *const short_names[] = {"hn", "hcm", "tphcm", "sg", "dailoan",
	"hanquoc", "nhatban", "trungquoc", "malaysia", "singapore"};

/* Words around the name, and of how long. */
static const char *const before[] = {"chi", "da", "di", "em", "lam", "len", "o",
	"ra", "sang", "tai", "tinh", "tp", "vao", "ve", "xuong"};
static const char *const after[] = {
	"a", "anh", "chi", "em", "nha", "nhe", "roi"};

static bool is_one_of(struct str word, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(word, str_of(v[i])))
			return true;
	return false;
}

#define IS_ONE_OF(word, v) is_one_of(word, v, sizeof(v) / sizeof((v)[0]))

/* Letters alone, in lower case; 0: something else is among them. */
static size_t squeeze(struct str ascii, char out[NAME_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < ascii.n; i++) {
		char c = ascii.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c == ' ')
			continue;
		if (c < 'a' || c > 'z' || n == NAME_MAX)
			return 0;
		out[n++] = c;
	}
	return n;
}

static bool is_place(struct str typed, struct arena *a)
{
	char name[NAME_MAX];
	size_t n = squeeze(segment_ascii(typed, a), name);
	struct str s = {name, n};

	return IS_ONE_OF(s, provinces) || IS_ONE_OF(s, short_names);
}

static struct str first_word(struct str s)
{
	ptrdiff_t n = str_find_byte(s, ' ', 0);

	return n < 0 ? s : str_part(s, 0, (size_t)n);
}

static struct str last_word(struct str s)
{
	size_t at = s.n;

	while (at > 0 && s.p[at - 1] != ' ')
		at--;
	return str_part(s, at, s.n - at);
}

static struct str without_last(struct str s)
{
	return str_trim(str_part(s, 0, s.n - last_word(s).n));
}

/* "3T", "3 thang" at the end: taken off. */
static struct str take_months(struct str s, struct arena *a, int *ret_months)
{
	struct str word = segment_ascii(last_word(s), a), rest = s;
	int64_t n;

	*ret_months = 0;
	if (str_ieq(word, STR("thang")) || str_ieq(word, STR("t"))) {
		rest = without_last(s);
		word = last_word(rest);
	} else if (word.n > 1 && (word.p[word.n - 1] | 0x20) == 't') {
		word = str_part(word, 0, word.n - 1);
	} else {
		return s;
	}
	if (str_to_i64(word, &n) != 0 || n < 1 || n > MONTHS_MAX)
		return s;
	*ret_months = (int)n;
	return without_last(rest);
}

static bool find(struct str s, struct arena *a, struct place *ret)
{
	while (s.n > 0 && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ','))
		s = str_trim(str_part(s, 0, s.n - 1));
	while (s.n > 0 && IS_ONE_OF(segment_ascii(last_word(s), a), after))
		s = without_last(s);
	s = take_months(s, a, &ret->months);
	while (s.n > 0 && !is_place(s, a)) {
		struct str word = first_word(s);

		if (!IS_ONE_OF(segment_ascii(word, a), before))
			return false;
		s = str_trim(str_part(s, word.n, s.n - word.n));
	}
	ret->name = s;
	return s.n > 0;
}

bool place_read(struct str text, struct place *ret)
{
	struct arena *a;
	bool found;

	if (text.n == 0 || text.n > TEXT_MAX)
		return false;
	a = arena_new(1024);
	found = find(str_trim(text), a, ret);
	arena_free(a);
	return found;
}
