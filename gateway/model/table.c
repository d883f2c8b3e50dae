/*
 * table - what is this share in per cent, and which days are a period?
 *
 * Percentages are computed from whole numbers, never typed and never a mean
 * of others: the press gave 206/956 as 21.86 %. Pure; any thread.
 */
#include "gateway/model/table.h"

#include <assert.h>
#include <stdio.h>

int64_t table_percent(const struct table_cell *rate)
{
	if (!rate->known || rate->d <= 0)
		return -1;
	return (rate->n * 20000 + rate->d) / (2 * rate->d);
}

struct table_percent_text table_percent_text(int64_t hundredths)
{
	struct table_percent_text t;

	assert(hundredths >= 0);
	(void)snprintf(t.z, sizeof(t.z), "%lld.%02lld",
		(long long)(hundredths / 100), (long long)(hundredths % 100));
	return t;
}

static int months(int y, int first, int last, day_t *ret_from, day_t *ret_to)
{
	*ret_from = day_of(y, first, 1);
	*ret_to = day_of(y, last, day_month_len(y, last));
	return *ret_from == DAY_NONE || *ret_to == DAY_NONE ? -1 : 0;
}

static int digits(struct str s)
{
	int v = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return s.n > 0 ? v : -1;
}

int table_period(struct str s, day_t *ret_from, day_t *ret_to)
{
	int y = digits(str_part(s, 0, 4));
	int m = digits(str_from(s, 5)), q = digits(str_from(s, 6));

	if (y < 1970 || y > 2199 || (s.n > 4 && s.p[4] != '-'))
		return -1;
	if (s.n == 4)
		return months(y, 1, 12, ret_from, ret_to);
	if (s.n == 7 && m >= 1 && m <= 12)
		return months(y, m, m, ret_from, ret_to);
	if (s.n == 7 && s.p[5] == 'Q' && q >= 1 && q <= 4)
		return months(y, 3 * q - 2, 3 * q, ret_from, ret_to);
	return -1;
}
