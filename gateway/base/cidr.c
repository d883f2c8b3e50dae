/*
 * cidr - does this address lie in one of these blocks?
 *
 * Both kinds of addresses become sixteen bytes and are compared alike, bit by
 * bit from the front. Pure; owns nothing.
 */
#include "gateway/base/cidr.h"

#include <arpa/inet.h>

#define V4_AT 12
#define V4_BITS 32
#define ALL_BITS 128

/* ret_bits: how many an address of its kind has, 32 or 128. */
static int read_address(struct str s, unsigned char *ret, int *ret_bits)
{
	static const unsigned char mapped[V4_AT] = {
		[10] = 0xFF,
		[11] = 0xFF,
	};
	char z[INET6_ADDRSTRLEN];

	if (s.n == 0 || s.n >= sizeof(z) || memchr(s.p, '\0', s.n) != NULL)
		return -1;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	if (inet_pton(AF_INET, z, ret + V4_AT) == 1) {
		memcpy(ret, mapped, V4_AT);
		*ret_bits = V4_BITS;
		return 0;
	}
	*ret_bits = ALL_BITS;
	return inet_pton(AF_INET6, z, ret) == 1 ? 0 : -1;
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

int cidr_parse(struct str s, struct cidr *ret)
{
	const ptrdiff_t slash = str_find_byte(s, '/', 0);
	struct cidr c = {.bits = ALL_BITS};
	int64_t prefix;
	int bits;

	if (read_address(slash < 0 ? s : str_part(s, 0, (size_t)slash),
		    c.address, &bits) != 0)
		return -1;
	if (slash >= 0) {
		s = str_from(s, (size_t)slash + 1);
		if (!is_digits(s) || str_to_i64(s, &prefix) != 0 ||
			prefix > bits)
			return -1;
		c.bits = ALL_BITS - bits + (int)prefix;
	}
	*ret = c;
	return 0;
}

static bool holds(const struct cidr *c, const unsigned char *address)
{
	const size_t whole = (size_t)c->bits / 8;
	const int rest = 8 - c->bits % 8;

	if (memcmp(c->address, address, whole) != 0)
		return false;
	return rest == 8 || (c->address[whole] ^ address[whole]) >> rest == 0;
}

bool cidr_has(const struct cidr *v, size_t n, struct str address)
{
	unsigned char bytes[sizeof(v->address)];
	int bits;

	if (read_address(address, bytes, &bits) != 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (holds(&v[i], bytes))
			return true;
	return false;
}
