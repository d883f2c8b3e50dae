/*
 * generic_auth - is this call from whom it says it is?
 *
 * A secret, a log-in, a signature over a template of the raw call: whatever
 * is configured must be there and right, beside the path token and the
 * addresses that others check. Secrets are compared in constant time. Pure;
 * what open() makes lives in the configuration's arena.
 */
#include "gateway/base/form.h"
#include "gateway/providers/generic.h"
#include "gateway/providers/mo.h"

#define PIECES_MAX ((size_t)16)
#define ARENA_FIRST ((size_t)2048)

enum kind {
	LITERAL,
	BODY,
	TIMESTAMP,
	URL,
	QUERY,
	SECRET,
	FIELD,
	HEADER,
	KIND_N
};

static const char *const kind_name[KIND_N] = {
	[BODY] = "body",
	[TIMESTAMP] = "timestamp",
	[URL] = "url",
	[QUERY] = "query",
	[SECRET] = "secret",
	[FIELD] = "field:",
	[HEADER] = "header:",
};

struct piece {
	enum kind kind;
	const char *name; /* FIELD, HEADER */
	struct str literal;
};

struct generic_signature {
	enum digest_alg alg;
	bool plain; /* no HMAC */
	bool has[KIND_N];
	size_t n;
	struct piece v[PIECES_MAX];
};

static const struct {
	enum digest_alg alg;
	bool plain;
} algorithm[] = {
	{DIGEST_SHA256, false},
	{DIGEST_SHA512, false},
	{DIGEST_SHA1, false},
	{DIGEST_MD5, false},
	{DIGEST_SHA256, true},
	{DIGEST_SHA512, true},
	{DIGEST_SHA1, true},
	{DIGEST_MD5, true},
};

/* ---- opening ---- */

/* What stands between two braces; LITERAL: nothing that we know. */
static struct piece piece_of(struct str s, struct arena *a)
{
	struct piece p = {.kind = LITERAL};

	for (int k = LITERAL + 1; k < KIND_N; k++) {
		const struct str name = str_of(kind_name[k]);

		if (k < FIELD ? str_eq(s, name)
			      : s.n > name.n && str_starts(s, name)) {
			p.kind = (enum kind)k;
			p.name = arena_z(a, str_from(s, name.n));
		}
	}
	return p;
}

/* The template's next piece; its bytes, or 0: an unknown placeholder. */
static size_t next_piece(struct str s, struct arena *a, struct piece *ret)
{
	const ptrdiff_t open = str_find_byte(s, '{', 0);
	ptrdiff_t end;

	if (open != 0) {
		if (open > 0)
			s.n = (size_t)open;
		*ret = (struct piece){.literal = arena_str(a, s)};
		return s.n;
	}
	end = str_find_byte(s, '}', 0);
	if (end < 0)
		return 0;
	*ret = piece_of(str_part(s, 1, (size_t)end - 1), a);
	return ret->kind != LITERAL ? (size_t)end + 1 : 0;
}

static int compile(const struct generic_opening *o, const struct node *where,
	struct generic_signature *sig)
{
	struct str over = o->g->auth.over;
	size_t at = 0, len;

	while (at < over.n) {
		if (sig->n == PIECES_MAX)
			return node_error(where, o->d,
				"at most %zu pieces are signed", PIECES_MAX);
		len = next_piece(str_from(over, at), o->a, &sig->v[sig->n]);
		if (len == 0)
			return node_error_at(where, at, o->d,
				"no such part of a call; there are {body} "
				"{timestamp} {url} {query} {secret} "
				"{field:NAME} {header:NAME}");
		sig->has[sig->v[sig->n++].kind] = true;
		at += len;
	}
	return 0;
}

/* What a signature that can be compiled still may lack. */
static const char *lacks(
	const struct generic_auth *g, const struct generic_signature *sig)
{
	const bool timed =
		g->timestamp_header.n > 0 || g->timestamp_field.n > 0;

	if (g->key.n == 0)
		return "a signature needs a key";
	if ((g->header.n > 0) == (g->field.n > 0))
		return "a signature stands in a header or in a field: name one";
	if (g->timestamp_header.n > 0 && g->timestamp_field.n > 0)
		return "the time stands in a header or in a field: name one";
	if (sig->has[TIMESTAMP] && !timed)
		return "{timestamp} needs a timestamp_header or a "
		       "timestamp_field";
	if (g->timestamp_header.n > 0 && !sig->has[TIMESTAMP])
		return "a time that is not signed proves nothing; put "
		       "{timestamp} into over";
	if (sig->plain && !sig->has[SECRET])
		return "a plain digest needs the {secret} in over";
	return NULL;
}

static int open_signature(
	const struct generic_opening *o, const struct node *where)
{
	struct generic_auth *g = &o->g->auth;
	struct generic_signature *sig =
		ARENA_NEW(o->a, struct generic_signature);
	const struct node *over = node_get(where, "over");
	const char *lack;

	sig->alg = algorithm[g->algorithm].alg;
	sig->plain = algorithm[g->algorithm].plain;
	if (compile(o, over != NULL ? over : where, sig) != 0)
		return -1;
	lack = lacks(g, sig);
	if (lack != NULL)
		return node_error(where, o->d, "%s", lack);
	g->signature = sig;
	return 0;
}

static int open_secret(const struct generic_opening *o, const struct node *in)
{
	const struct generic_auth *g = &o->g->auth;
	const bool placed = g->secret_header.n > 0 || g->secret_field.n > 0;
	const struct node *where = node_get(in, "secret");

	if (where == NULL)
		where = in;
	if ((g->secret.n > 0) != placed ||
		(g->secret_header.n > 0 && g->secret_field.n > 0))
		return node_error(where, o->d,
			"give a secret, and where it stands: a secret_header "
			"or a secret_field");
	return 0;
}

static int open_login(const struct generic_opening *o, const struct node *in)
{
	struct generic_auth *g = &o->g->auth;

	if ((g->username.n > 0) != (g->password.n > 0))
		return node_error(in, o->d,
			"inbound needs both username and password, or "
			"neither");
	if (g->username.n > 0)
		g->basic = digest_base64(
			arena_printf(o->a, STR_FMT ":" STR_FMT,
				STR_ARG(g->username), STR_ARG(g->password)),
			o->a);
	return 0;
}

int generic_open_auth(const struct generic_opening *o, const struct node *in,
	const struct node *dlr)
{
	struct generic_auth *g = &o->g->auth;
	const struct node *sign = node_get(in, "signature");
	const bool token = o->channel->token.n > 0;
	int rc = open_secret(o, in);

	if (open_login(o, in) != 0)
		rc = -1;
	if (!node_is_null(sign) && open_signature(o, sign) != 0)
		rc = -1;
	g->guarded = token || g->secret.n > 0 || g->basic.n > 0 ||
		     g->signature != NULL;
	if (rc == 0 && !g->guarded && (in != NULL || dlr != NULL))
		return node_error(in != NULL ? in : dlr, o->d,
			"a channel that takes texts needs a token of at least "
			"%d characters, a secret, a log-in or a signature, or "
			"anybody could post here",
			CHANNEL_TOKEN_MIN);
	if (g->dlr_unsigned && !token)
		rc = node_error(node_get(dlr, "unsigned"), o->d,
			"reports that are not signed need the channel's token");
	return rc;
}

/* ---- checking ---- */

/* A call, with its fields where anything asks for them. */
struct call {
	const struct generic_auth *g;
	const struct provider_request *r;
	struct arena *a;
	struct form query, body;
	struct str timestamp;
};

static struct str field(const struct call *c, const char *name)
{
	const struct str s = form_get(&c->query, str_of(name));

	return s.p != NULL ? s : form_get(&c->body, str_of(name));
}

/* From the header, or else the field, that configuration names. */
static struct str placed(
	const struct call *c, struct str in_header, struct str in_field)
{
	if (in_header.n > 0)
		return provider_request_header(c->r, arena_z(c->a, in_header));
	return in_field.n > 0 ? field(c, arena_z(c->a, in_field))
			      : (struct str){NULL, 0};
}

static bool knows_secret(const struct call *c)
{
	const struct generic_auth *g = c->g;

	return g->secret.n == 0 ||
	       digest_same(
		       placed(c, g->secret_header, g->secret_field), g->secret);
}

static bool is_logged_in(const struct call *c)
{
	const struct str scheme = STR("Basic ");
	struct str given;

	if (c->g->basic.n == 0)
		return true;
	given = provider_request_header(c->r, "Authorization");
	return str_ieq(str_part(given, 0, scheme.n), scheme) &&
	       digest_same(str_trim(str_from(given, scheme.n)), c->g->basic);
}

static bool is_in_time(const struct call *c)
{
	const int64_t tolerance_ms = c->g->tolerance_s * 1000;
	int64_t at_ms;

	if (c->g->timestamp_header.n == 0 && c->g->timestamp_field.n == 0)
		return true;
	return mo_time(c->timestamp, &at_ms) == 0 &&
	       at_ms <= c->r->now_ms + tolerance_ms &&
	       at_ms >= c->r->now_ms - tolerance_ms;
}

static struct str piece_value(const struct call *c, const struct piece *p)
{
	switch (p->kind) {
	case BODY:
		return c->r->body;
	case TIMESTAMP:
		return c->timestamp;
	case URL:
		return c->r->url;
	case QUERY:
		return c->r->query;
	case SECRET:
		return c->g->key;
	case FIELD:
		return field(c, p->name);
	case HEADER:
		return provider_request_header(c->r, p->name);
	case LITERAL:
	case KIND_N:
		break;
	}
	return p->literal;
}

static struct digest digest_due(
	const struct call *c, const struct generic_signature *sig)
{
	struct str v[PIECES_MAX];

	for (size_t i = 0; i < sig->n; i++)
		v[i] = piece_value(c, &sig->v[i]);
	return sig->plain ? digest_of(sig->alg, v, sig->n)
			  : digest_hmac(sig->alg, c->g->key, v, sig->n);
}

static bool is_signed(const struct call *c)
{
	const struct generic_auth *g = c->g;
	struct digest due;
	struct str given;

	if (g->signature == NULL)
		return true;
	given = placed(c, g->header, g->field);
	if (given.n == 0 || !str_starts(given, g->prefix))
		return false;
	given = str_from(given, g->prefix.n);
	due = digest_due(c, g->signature);
	if (g->encoding == 0)
		return digest_is_hex(&due, given);
	return digest_same(
		given, digest_base64((struct str){(char *)due.b, due.n}, c->a));
}

static bool is_form(const struct generic *g, bool dlr)
{
	return (dlr ? g->dlr.map.source : g->in.map.map.source) == RECORD_FORM;
}

static bool passes(const struct generic *g, struct call *c)
{
	const struct provider_request *r = c->r;

	if (form_parse(c->a, r->query, &c->query) != 0)
		return false;
	if (is_form(g, r->dlr) && form_parse(c->a, r->body, &c->body) != 0)
		return false;
	c->timestamp = placed(c, c->g->timestamp_header, c->g->timestamp_field);
	return knows_secret(c) && is_logged_in(c) && is_in_time(c) &&
	       is_signed(c);
}

/* The token is checked by whoever calls. */
enum provider_verify generic_verify(
	const void *state, const struct provider_request *r)
{
	const struct generic *g = state;
	struct call c = {.g = &g->auth, .r = r};
	bool fine;

	if (!g->auth.guarded || (g->auth.https && !r->secure))
		return PROVIDER_VERIFY_REFUSED;
	if ((r->dlr && g->auth.dlr_unsigned) ||
		(g->auth.secret.n == 0 && g->auth.basic.n == 0 &&
			g->auth.signature == NULL))
		return PROVIDER_VERIFY_OK;
	c.a = arena_new(ARENA_FIRST);
	fine = passes(g, &c);
	arena_free(c.a);
	return fine ? PROVIDER_VERIFY_OK : PROVIDER_VERIFY_REFUSED;
}

/* A secret in a header or a field is one more token, and no more. */
bool generic_is_proven(const void *state, bool dlr)
{
	const struct generic_auth *auth =
		&((const struct generic *)state)->auth;

	return !(dlr && auth->dlr_unsigned) &&
	       (auth->basic.n > 0 || auth->signature != NULL);
}

bool generic_signs_url(const void *state)
{
	const struct generic *g = state;

	return g->auth.signature != NULL && g->auth.signature->has[URL];
}
