/*
 * phone - which number is meant, however it was written?
 *
 * One canonical form (E.164) for every path that stores or compares a number,
 * so that one person is never two. Vietnam's numbering plan stands here: the
 * trunk 0, the doubled trunk ("+84 0…") of address books, and the renumbering
 * of autumn 2018, which took the eleven-digit mobile numbers to ten digits and
 * kept the last seven. Prefixes say nothing about the carrier: numbers are
 * portable. Pure; any thread.
 */
#include "parsers/phone.h"

#define E164_MAX 15
#define FOREIGN_MIN 8   /* digits behind a + */
#define UNMARKED_MIN 10 /* digits without + or 00: an MSISDN from an API */
#define MOBILE_LEN 9    /* national digits, without the trunk 0 */
#define OLD_MOBILE_LEN 10

/* Ministry's plan of 2018, without the trunk 0; 182 → 52 is unconfirmed. */
static const struct renumbering {
	char old[4], now[3];
} renumbered[] = {
	{"120", "70"},
	{"121", "79"},
	{"122", "77"},
	{"126", "76"},
	{"128", "78"},
	{"123", "83"},
	{"124", "84"},
	{"125", "85"},
	{"127", "81"},
	{"129", "82"},
	{"162", "32"},
	{"163", "33"},
	{"164", "34"},
	{"165", "35"},
	{"166", "36"},
	{"167", "37"},
	{"168", "38"},
	{"169", "39"},
	{"186", "56"},
	{"188", "58"},
	{"199", "59"},
};

struct digits {
	char d[32];
	size_t n;
	bool plus;
};

static int collect(struct str raw, struct digits *ret)
{
	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];

		if (c >= '0' && c <= '9') {
			if (ret->n == sizeof(ret->d))
				return -1;
			ret->d[ret->n++] = c;
		} else if (c == '+' && ret->n == 0 && !ret->plus) {
			ret->plus = true;
		} else if (c == '\0' || strchr(" .-()\t", c) == NULL) {
			return -1;
		}
	}
	return 0;
}

static struct str rest_of(const struct digits *d, size_t at)
{
	return (struct str){d->d + at, d->n - at};
}

static bool is_mobile(struct str national)
{
	return national.n == MOBILE_LEN &&
	       strchr("35789", national.p[0]) != NULL;
}

/* Landlines (02x, ten digits) and the army's and police's own (069). */
static bool is_fixed(struct str national)
{
	return (national.n == 10 && national.p[0] == '2') ||
	       (national.n >= 8 && national.n <= 9 &&
		       str_starts(national, STR("69")));
}

static const struct renumbering *renumbering_of(struct str national)
{
	const size_t n = sizeof(renumbered) / sizeof(renumbered[0]);

	if (national.n != OLD_MOBILE_LEN)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (memcmp(national.p, renumbered[i].old, 3) == 0)
			return &renumbered[i];
	return NULL;
}

static void write_e164(struct phone *p, const char *prefix, struct str digits)
{
	size_t n = strlen(prefix);

	memcpy(p->z, prefix, n);
	memcpy(p->z + n, digits.p, digits.n);
	p->z[n + digits.n] = '\0';
}

/* national: digits behind 84, or behind the trunk 0. */
static int vietnamese(struct str national, struct phone *ret)
{
	const struct renumbering *r;

	if (str_starts(national, STR("0")))
		national = str_from(national, 1);
	r = renumbering_of(national);
	if (r != NULL) {
		write_e164(ret, "+84", STR(""));
		write_e164(ret, ret->z, str_of(r->now));
		write_e164(ret, ret->z, str_from(national, 3));
		return 0;
	}
	if (!is_mobile(national) && !is_fixed(national))
		return -1;
	write_e164(ret, "+84", national);
	return 0;
}

int phone_parse(struct str raw, struct phone *ret)
{
	struct digits d = {.n = 0};
	struct str s;

	if (collect(raw, &d) != 0)
		return -1;
	s = rest_of(&d, 0);
	if (!d.plus && str_starts(s, STR("00"))) {
		d.plus = true;
		s = str_from(s, 2);
	}
	if (str_starts(s, STR("84")) && (d.plus || s.n >= 2 + MOBILE_LEN))
		return vietnamese(str_from(s, 2), ret);
	if (!d.plus && str_starts(s, STR("0")))
		return vietnamese(s, ret);
	/* Ten digits from 1: hot lines (1800, 1900) or a lost trunk 0. */
	if (!d.plus && (s.n < UNMARKED_MIN || (s.n == 10 && s.p[0] == '1')))
		return -1;
	if (s.n < FOREIGN_MIN || s.n > E164_MAX || s.p[0] == '0' ||
		str_starts(s, STR("84")))
		return -1;
	write_e164(ret, "+", s);
	return 0;
}

bool phone_is_answerable(struct str e164)
{
	struct phone p;

	if (!str_starts(e164, STR("+")) || phone_parse(e164, &p) != 0 ||
		!str_is(e164, p.z))
		return false;
	return !str_starts(e164, STR("+84")) || is_mobile(str_from(e164, 3));
}
