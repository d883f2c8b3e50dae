#ifndef GATEWAY_BASE_DIGEST_H
#define GATEWAY_BASE_DIGEST_H

#include "gateway/base/arena.h"
#include "gateway/base/str.h"

#define DIGEST_MAX 64

enum digest_alg { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512 };

struct digest {
	unsigned char b[DIGEST_MAX];
	size_t n;
};

/* Over the parts one after another, as if joined. */
struct digest digest_of(
	enum digest_alg alg, const struct str *parts, size_t n_parts);
struct digest digest_hmac(enum digest_alg alg, struct str key,
	const struct str *parts, size_t n_parts);
/* Constant time over the content; the lengths may leak. */
bool digest_same(struct str a, struct str b);
/* Is hex (either case) the text of d? Constant time. */
bool digest_is_hex(const struct digest *d, struct str hex);
struct str digest_hex(const struct digest *d, struct arena *a);
struct str digest_base64(struct str raw, struct arena *a);
/* n random bytes from the kernel. */
void digest_random(void *p, size_t n);

#endif
