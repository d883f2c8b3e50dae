/*
 * udh - is this text a part of a longer one?
 *
 * Reads the concatenation elements of a user data header and skips all others
 * (ports, national tables). A header that breaks off is believed up to there
 * and no further. Pure.
 */
#include "gateway/providers/udh.h"

#define CONCAT_8 0x00
#define CONCAT_8_LEN 3
#define CONCAT_16 0x08
#define CONCAT_16_LEN 4

static unsigned int byte_at(struct str s, size_t i)
{
	return (unsigned char)s.p[i];
}

/* Total and number are the last two bytes of either kind. */
static void take(struct str data, struct arena *a, struct message *m)
{
	const int total = (int)byte_at(data, data.n - 2);
	const int no = (int)byte_at(data, data.n - 1);

	if (total < 2 || no < 1 || no > total)
		return;
	m->part_ref = data.n == CONCAT_8_LEN
			      ? arena_printf(a, "%02x", byte_at(data, 0))
			      : arena_printf(a, "%02x%02x", byte_at(data, 0),
					byte_at(data, 1));
	m->part_no = no;
	m->part_total = total;
}

void udh_read(struct str udh, struct arena *a, struct message *m)
{
	struct str data;
	size_t i = 1, end;

	if (udh.n < 1)
		return;
	end = byte_at(udh, 0) + 1;
	if (end > udh.n)
		end = udh.n;
	while (end - i >= 2) {
		const unsigned int element = byte_at(udh, i);

		data = str_part(udh, i + 2, byte_at(udh, i + 1));
		i += 2 + byte_at(udh, i + 1);
		if (i > end)
			return;
		if ((element == CONCAT_8 && data.n == CONCAT_8_LEN) ||
			(element == CONCAT_16 && data.n == CONCAT_16_LEN))
			take(data, a, m);
	}
}
