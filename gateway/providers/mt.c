/*
 * mt - what do the HTTP APIs want alike of a text that leaves?
 *
 * Addresses and numbers in the spelling of an API, and its words about a send
 * as they may be shown: an error may quote the request, keys and all, and
 * `bantin why` is read by many. Pure; any thread.
 */
#include "gateway/providers/mt.h"

#include "gateway/providers/mo.h"

#define SHOWN_MAX 120
#define UNTOLD "its words repeat a secret of ours"

struct str mt_base(struct str url)
{
	while (str_ends(url, STR("/")))
		url.n--;
	return url;
}

struct str mt_bare(struct str number)
{
	return str_starts(number, STR("+")) ? str_from(number, 1) : number;
}

struct str mt_plain_url(struct str url)
{
	const ptrdiff_t query = str_find_byte(url, '?', 0);

	return query < 0 ? url : str_part(url, 0, (size_t)query);
}

static bool tells(struct str s, const struct mt_secrets *secrets)
{
	for (size_t i = 0; i < MT_SECRETS_MAX; i++)
		if (secrets->v[i].n > 0 && str_find(s, secrets->v[i], 0) >= 0)
			return true;
	return false;
}

struct str mt_shown(
	struct str words, const struct mt_secrets *secrets, struct arena *a)
{
	struct str clean;
	char *p;

	if (tells(words, secrets))
		return STR(UNTOLD);
	clean = mo_text(str_trim(str_part(words, 0, SHOWN_MAX)), a);
	if (clean.n == 0)
		return STR("");
	p = arena_alloc(a, clean.n);
	memcpy(p, clean.p, clean.n);
	for (size_t i = 0; i < clean.n; i++)
		if ((unsigned char)p[i] < ' ')
			p[i] = ' ';
	return (struct str){p, clean.n};
}

struct provider_response mt_quiet(
	const struct provider_response *r, const struct mt_secrets *secrets)
{
	struct provider_response quiet = *r;

	if (tells(r->body, secrets))
		quiet.body = STR(UNTOLD);
	return quiet;
}
