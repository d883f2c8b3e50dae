/*
 * place - is a bare answer to "where to?" the name of a province?
 *
 * Destinations are kept as provinces only (domain notes §5). People go on
 * using the names from before July 2025, so all 63 count; the 34 of today are
 * among them. Anything else is asked again. Constant table; any thread.
 */
#include "handlers/place.h"

#include "gateway/base/arena.h"
#include "parsers/segment.h"

#define NAME_MAX 64

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

bool place_is_province(struct str text)
{
	char name[NAME_MAX];
	struct arena *a;
	size_t n;

	if (text.n == 0 || text.n > NAME_MAX)
		return false;
	a = arena_new(1024);
	n = squeeze(segment_ascii(text, a), name);
	arena_free(a);
	for (size_t i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++)
		if (str_is((struct str){name, n}, provinces[i]))
			return true;
	return false;
}
