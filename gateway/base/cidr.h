#ifndef GATEWAY_BASE_CIDR_H
#define GATEWAY_BASE_CIDR_H

#include "gateway/base/str.h"

/*
 * A block of addresses: "192.0.2.0/24", "2001:db8::/32", or one address. IPv4
 * is kept as ::ffff:a.b.c.d, so a listener on [::] sees the same callers.
 */
struct cidr {
	unsigned char address[16];
	int bits; /* of the 128 that count */
};

/* Bits behind the prefix are ignored. 0, or -1: no such thing. */
int cidr_parse(struct str s, struct cidr *ret)
	__attribute__((warn_unused_result));
/* Does one of n blocks hold this address? What is no address: no. */
bool cidr_has(const struct cidr *v, size_t n, struct str address);

#endif
