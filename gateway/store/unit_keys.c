/*
 * unit_keys - what may a text call a unit?
 *
 * The table unit_alias: folded codes, names and aliases. Those of before stay,
 * with the last day on which they were the unit's own, so that whoever texts
 * the old name is still understood. Writer thread.
 */
#include "gateway/store/unit_keys.h"

#include "gateway/store/sql.h"
#include "parsers/segment.h"

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

struct str unit_key(struct str name, bool keep_hyphens, struct arena *a)
{
	struct str ascii = segment_ascii(name, a);
	char *p = arena_alloc(a, ascii.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < ascii.n; i++) {
		char c = ascii.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (is_key_byte(c) || (c == '-' && keep_hyphens))
			p[n++] = c;
		else if (n > 0 && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	if (n > 0 && p[n - 1] == ' ')
		n--;
	return (struct str){p, n};
}

static int put_key(struct store *s, struct str key, int64_t unit_id)
{
	struct sql_run q;

	if (key.n == 0)
		return 0;
	q = sql_start(s, SQL_UNIT_ALIAS_PUT);
	sql_str(&q, key);
	sql_int(&q, unit_id);
	return sql_done(&q);
}

int unit_keys_put(
	struct store *s, struct str name, int64_t unit_id, struct arena *a)
{
	if (put_key(s, unit_key(name, true, a), unit_id) < 0)
		return -1;
	if (str_find_byte(name, '-', 0) < 0)
		return 0;
	return put_key(s, unit_key(name, false, a), unit_id);
}

int unit_keys_close(struct store *s, int64_t unit_id, day_t until)
{
	struct day_text day = day_iso(until);
	struct sql_run q = sql_start(s, SQL_UNIT_ALIAS_CLOSE);

	sql_z(&q, day.z);
	sql_int(&q, unit_id);
	return sql_done(&q);
}
