/*
 * own_id - by what name do providers know a text of ours?
 *
 * "o7.19b2f4c8a10" is row 7, "m17:reply:0.19b2f4c8a10" the row with that key;
 * the same on each try. A longer key would not fit what providers take (36
 * with SMSGate): such a row goes by its number. Row and message ids begin at 1
 * in every database, and a gateway that remembers an older one's (SMSGate: 409,
 * taken already) would never send ours, nor may its reports be taken for ours:
 * the row's birth in hexadecimal tells them apart. "-1" behind it: the provider
 * had taken it and then failed; a person made it leave once more, under a name
 * that is new. Pure.
 */
#include "gateway/store/own_id.h"

#include <stdio.h>

/* With birth and "-1" it makes 35 characters at most. */
#define KEY_MAX 20
#define HEX_DIGITS_MAX 15 /* all that an instant may need, and no overflow */

bool own_id_is_key(struct str dedupe_key)
{
	return dedupe_key.n > 0 && dedupe_key.n <= KEY_MAX;
}

struct str own_id_text(const struct outbox_row *row, struct arena *a)
{
	char again[16] = "";

	if (row->again > 0)
		(void)snprintf(again, sizeof(again), "-%d", row->again);
	if (!own_id_is_key(row->dedupe_key))
		return arena_printf(a, "o%lld.%llx%s", (long long)row->id,
			(unsigned long long)row->created_at, again);
	return arena_printf(a, STR_FMT ".%llx%s", STR_ARG(row->dedupe_key),
		(unsigned long long)row->created_at, again);
}

/* Without what tells that it left once more. */
static struct str birth_of(struct str text)
{
	ptrdiff_t dash = str_find_byte(text, '-', 0);
	int64_t again;

	if (dash < 0 || str_to_i64(str_from(text, (size_t)dash + 1), &again) ||
		again <= 0)
		return text;
	return str_part(text, 0, (size_t)dash);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_hex(struct str text, int64_t *ret)
{
	int64_t v = 0;

	if (text.n == 0 || text.n > HEX_DIGITS_MAX)
		return -1;
	for (size_t i = 0; i < text.n; i++) {
		int d = digit_of(text.p[i]);

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	*ret = v;
	return 0;
}

/* The row's number; 0: it is a key. */
static int64_t number_of(struct str name)
{
	int64_t id;

	if (name.p[0] != 'o' || name.n < 2 || digit_of(name.p[1]) < 0 ||
		str_to_i64(str_from(name, 1), &id) != 0)
		return 0;
	return id;
}

int own_id_read(struct str text, struct own_id *ret)
{
	size_t dot = text.n;
	struct str name;

	*ret = (struct own_id){0};
	while (dot > 0 && text.p[dot - 1] != '.')
		dot--;
	if (dot < 2 ||
		read_hex(birth_of(str_from(text, dot)), &ret->created_at) != 0)
		return -1;
	name = str_part(text, 0, dot - 1);
	ret->id = number_of(name);
	if (ret->id == 0)
		ret->key = name;
	return 0;
}
