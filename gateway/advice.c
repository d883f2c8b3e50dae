/*
 * advice - what is allowed in bantin.yaml, and unwise?
 *
 * Who may call a channel and how that is proven, what its token looks like,
 * whether the public address can be what its provider signs, and which secrets
 * pass in the clear. `bantin check` prints it, `serve` logs it; both go on.
 * Pure.
 */
#include "gateway/advice_parts.h"

#include "parsers/phone.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX 400
#define KEY_MIN 16
#define RUN_MAX 8      /* of characters in a row: abcdefgh, 87654321 */
#define DISTINCT_MIN 8 /* 32 random hex digits have 14 */

__attribute__((format(printf, 3, 4))) static void warn(
	const struct giving *g, const struct node *at, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	assert(at != NULL);
	diags_warn(g->d, at->file, at->line, at->col, "%s", text);
}

const struct node *advice_at(const struct node *map, const char *key)
{
	const struct node *at = node_get(map, key);

	return at != NULL ? at : map;
}

/* ---- addresses ---- */

struct str advice_host(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"), 0), end;

	if (at >= 0)
		url = str_from(url, (size_t)at + 3);
	end = str_find_byte(url, '/', 0);
	if (end >= 0)
		url.n = (size_t)end;
	if (str_starts(url, STR("["))) {
		end = str_find_byte(url, ']', 0);
		return str_part(url, 1, end > 0 ? (size_t)end - 1 : 0);
	}
	end = str_find_byte(url, ':', 0);
	return end >= 0 ? str_part(url, 0, (size_t)end) : url;
}

static bool is_in(struct str host, const char *const *blocks, size_t n)
{
	struct cidr c;

	for (size_t i = 0; i < n; i++)
		if (cidr_parse(str_of(blocks[i]), &c) == 0 &&
			cidr_has(&c, 1, host))
			return true;
	return false;
}

bool advice_is_this_machine(struct str host)
{
	static const char *const blocks[] = {"127.0.0.0/8", "::1"};

	return str_is(host, "localhost") || is_in(host, blocks, 2);
}

bool advice_is_near(struct str host)
{
	static const char *const blocks[] = {"10.0.0.0/8", "172.16.0.0/12",
		"192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"};

	return advice_is_this_machine(host) || is_in(host, blocks, 6) ||
	       str_ends(host, STR(".local")) || str_ends(host, STR(".lan"));
}

static bool is_anywhere(struct str host)
{
	return str_is(host, "0.0.0.0") || str_is(host, "::");
}

static bool is_plain(struct str url)
{
	return str_starts(url, STR("http://"));
}

/* ---- tokens ---- */

static bool has_run(struct str s)
{
	size_t up = 1, down = 1;

	for (size_t i = 1; i < s.n; i++) {
		up = s.p[i] == s.p[i - 1] + 1 ? up + 1 : 1;
		down = s.p[i] == s.p[i - 1] - 1 ? down + 1 : 1;
		if (up == RUN_MAX || down == RUN_MAX)
			return true;
	}
	return false;
}

/* abcabcabc: the same again behind at most half of it. */
static bool repeats(struct str s)
{
	for (size_t by = 1; by <= s.n / 2; by++)
		if (memcmp(s.p, s.p + by, s.n - by) == 0)
			return true;
	return false;
}

static size_t distinct(struct str s)
{
	bool seen[256] = {false};
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		n += !seen[(unsigned char)s.p[i]];
		seen[(unsigned char)s.p[i]] = true;
	}
	return n;
}

static void look_at_token(const struct giving *g, const struct channel *c)
{
	const struct str token = c->config->token;
	const struct node *at = advice_at(c->config->node, "token");

	if (token.n == 0)
		return;
	if (distinct(token) < DISTINCT_MIN || has_run(token) || repeats(token))
		warn(g, at,
			"this token can be guessed; make one with: openssl "
			"rand -hex 16");
	for (size_t i = 0; i < c->index; i++)
		if (str_eq(g->s->channels[i].config->token, token)) {
			warn(g, at,
				"channel " STR_FMT " has the same token; who "
				"knows one knows both, so give each its own",
				STR_ARG(g->s->channels[i].name));
			return;
		}
}

/* A key that can be tried out offline, from one callback. */
static void look_at_keys(const struct giving *g, const struct channel *c)
{
	static const char *const keys[] = {
		"signing_key", "signature_secret", "auth_token", "private_key"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct node *at = node_get(c->config->node, keys[i]);

		if (at != NULL && at->kind == NODE_SCALAR && at->text.n > 0 &&
			at->text.n < KEY_MIN)
			warn(g, at,
				"%s of %zu characters: it can be found by "
				"trying; give at least %d, the same at the "
				"provider",
				keys[i], at->text.n, KEY_MIN);
	}
}

/* ---- our own numbers ---- */

/* A phone's, a short code or a name. */
static bool is_number(struct str s)
{
	size_t letters = 0, digits = 0;
	struct phone phone;

	for (size_t i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		letters += (s.p[i] | ' ') >= 'a' && (s.p[i] | ' ') <= 'z';
	}
	return phone_parse(s, &phone) == 0 ||
	       (s.n >= 3 && (letters > 1 || digits == s.n));
}

/* What is misspelt here is not known for ours when it texts us. */
static void look_at_numbers(const struct giving *g, const struct channel *c)
{
	const struct str *v = c->config->numbers.v;

	for (size_t i = 0; i < c->config->numbers.n; i++)
		if (!is_number(v[i]))
			warn(g, advice_at(c->config->node, "number"),
				"'" STR_FMT "' is no phone number, short code "
				"or name; texts from it would not be known "
				"for our own, and answered",
				STR_ARG(v[i]));
}

/* ---- who may call ---- */

static bool has_ussd(const struct channel *c)
{
	return provider_serves_ussd(c->provider, c->state);
}

/* Channels of files are called by nobody. */
static bool is_called(const struct channel *c)
{
	return c->provider->spool == NULL &&
	       (c->provider->can_receive || has_ussd(c) ||
		       provider_takes_reports(c->provider, c->state));
}

static bool is_any_called(const struct settings *s)
{
	for (size_t i = 0; i < s->channels_n; i++)
		if (is_called(&s->channels[i]))
			return true;
	return false;
}

static bool proves(const struct channel *c, bool dlr)
{
	return c->provider->is_proven != NULL &&
	       c->provider->is_proven(c->state, dlr);
}

static void look_at_callers(const struct giving *g, const struct channel *c)
{
	const struct node *at = advice_at(c->config->node, "provider");
	bool texts =
		(c->provider->can_receive || has_ussd(c)) && !proves(c, false);
	bool reports = provider_takes_reports(c->provider, c->state) &&
		       !proves(c, true);

	if (!g->open || !is_called(c) || c->config->allow_n > 0 ||
		(!texts && !reports))
		return;
	warn(g, at,
		"the token alone guards %s of channel " STR_FMT
		"; name the callers' addresses in allow_from%s",
		texts ? "the callbacks" : "the delivery reports",
		STR_ARG(c->name),
		has_ussd(c) ? "; sessions of USSD are never signed"
		: texts     ? ", or set what the provider can sign with"
			    : "");
}

/* What a screen could not show, and what a dropped session lacks, is texted.
 */
static void look_at_ussd(const struct giving *g, const struct channel *c)
{
	if (!has_ussd(c))
		return;
	for (size_t i = 0; i < g->s->channels_n; i++)
		if (channel_can_send(&g->s->channels[i]))
			return;
	warn(g, advice_at(c->config->node, "provider"),
		"no channel can send the SMS that follows a dropped session of "
		"channel " STR_FMT "; add one that can",
		STR_ARG(c->name));
}

/* ---- the public address ---- */

/* A provider of the internet, as far as can be told. */
static bool is_far(const struct channel *c)
{
	const struct node *map = c->config->node, *url;

	if (node_get(map, "outbound") != NULL)
		map = node_get(map, "outbound");
	url = node_get(map, "url");
	if (url == NULL)
		return c->provider->tells_address;
	return url->kind == NODE_SCALAR &&
	       !advice_is_near(advice_host(url->text));
}

static int look_at_signed_url(const struct giving *g, const struct channel *c)
{
	const struct config *cfg = g->s->config;
	const struct node *at = advice_at(c->config->node, "provider");
	struct str url = cfg->public_url;

	if (c->provider->signs_url == NULL || !c->provider->signs_url(c->state))
		return 0;
	if (url.n == 0 && is_anywhere(advice_host(cfg->listen)))
		return node_error(at, g->d,
			"channel " STR_FMT " is signed over the address that "
			"its provider calls; say it in public_url, or nothing "
			"passes",
			STR_ARG(c->name));
	if (url.n == 0)
		warn(g, at,
			"channel " STR_FMT " is signed over the address that "
			"its provider calls; without public_url that is "
			"http%s://" STR_FMT,
			STR_ARG(c->name), cfg->tls_certificate.n > 0 ? "s" : "",
			STR_ARG(cfg->listen));
	else if (advice_is_this_machine(advice_host(url)))
		warn(g, advice_at(cfg->root, "public_url"),
			"channel " STR_FMT " is signed over the address that "
			"its provider calls; that is hardly this one",
			STR_ARG(c->name));
	else if (advice_is_near(advice_host(url)) && is_far(c))
		warn(g, advice_at(cfg->root, "public_url"),
			"channel " STR_FMT " is signed over the address that "
			"its provider calls; from outside nobody reaches this "
			"one",
			STR_ARG(c->name));
	return 0;
}

static void look_at_public_url(const struct giving *g)
{
	const struct config *cfg = g->s->config;
	struct str host = advice_host(cfg->public_url);

	if (is_plain(cfg->public_url) && !advice_is_near(host))
		warn(g, advice_at(cfg->root, "public_url"),
			"by http:// everybody on the way reads tokens and "
			"texts; let providers call an https:// address");
	else if (cfg->public_url.n == 0 && g->open && is_any_called(g->s) &&
		 cfg->tls_certificate.n == 0)
		warn(g, advice_at(cfg->root, "listen"),
			"callbacks carry their tokens in the clear; set tls, "
			"or listen on 127.0.0.1 behind a proxy that has it");
}

/* ---- what we send ---- */

static bool has_secret(const struct node *map)
{
	static const char *const keys[] = {"password", "bearer", "auth_token",
		"api_key", "api_secret", "secret_key", "access_token"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (node_get(map, keys[i]) != NULL)
			return true;
	return false;
}

static void look_at_url(const struct giving *g, const struct node *map)
{
	const struct node *url = node_get(map, "url");

	if (url != NULL && url->kind == NODE_SCALAR && is_plain(url->text) &&
		!advice_is_near(advice_host(url->text)) && has_secret(map))
		warn(g, url,
			"by http:// everybody on the way reads the password; "
			"use https://, or a VPN's address");
}

int advice_give(const struct settings *s, struct diags *d)
{
	const struct config *cfg = s->config;
	struct giving g = {.s = s, .d = d};
	int rc = 0;

	g.open = !advice_is_this_machine(advice_host(cfg->listen)) ||
		 (cfg->public_url.n > 0 &&
			 !advice_is_this_machine(advice_host(cfg->public_url)));
	look_at_public_url(&g);
	for (size_t i = 0; i < s->channels_n; i++) {
		const struct channel *c = &s->channels[i];

		look_at_token(&g, c);
		look_at_keys(&g, c);
		look_at_numbers(&g, c);
		look_at_callers(&g, c);
		look_at_ussd(&g, c);
		advice_channel(&g, c);
		look_at_url(&g, c->config->node);
		look_at_url(&g, node_get(c->config->node, "outbound"));
		rc |= look_at_signed_url(&g, c);
	}
	return rc;
}
