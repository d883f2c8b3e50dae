/*
 * tls - with which certificate do we answer, and how is a connection secured?
 *
 * Reads certificate chain and key into an OpenSSL context, which hands each
 * new connection a bufferevent of its own. TLS 1.2 and 1.3, forward secrecy
 * only, the server's order, no compression, no renegotiation. Sessions are
 * resumed from a bounded table of an hour, not from tickets: no ticket key,
 * which would open what was recorded, ever exists. Owns the context; OpenSSL
 * counts who still uses it, so an exchange disturbs nobody. Loop thread.
 */
#include "gateway/tls.h"

#include "gateway/base/clock.h"

#include <assert.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define PEM_MAX ((size_t)1 << 20)
#define SESSIONS_MAX 1024
#define SESSION_S 3600
#define DAY_MS INT64_C(86400000)
#define SOON_MS (14 * DAY_MS)

struct tls {
	SSL_CTX *ctx;
	int64_t from_ms, until_ms; /* when the certificate is valid */
	char serial[80], file[256];
};

struct loading {
	const struct config *config;
	struct tls *tls;
	struct arena *arena;
	struct diags *diags;
};

/* What OpenSSL has to say of the last failure; it forgets it. */
static const char *reason(void)
{
	const char *z = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return z != NULL ? z : "it cannot be read";
}

__attribute__((format(printf, 3, 4))) static int fault(
	const struct loading *l, const char *key, const char *fmt, ...)
{
	const struct node *at = node_get(l->config->root, "tls");
	char says[1000];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(says, sizeof(says), fmt, ap);
	va_end(ap);
	return node_error(node_get(at, key), l->diags, "%s", says);
}

/* Nobody is there to ask: an encrypted key is refused instead. */
static int no_password(char *p, int n, int writing, void *arg)
{
	(void)p;
	(void)n;
	(void)writing;
	(void)arg;
	return -1;
}

static X509 *next_certificate(BIO *b)
{
	return PEM_read_bio_X509(b, NULL, no_password, NULL);
}

/* After the last of them: was there only no more, or something broken? */
static bool was_the_end(void)
{
	unsigned long e = ERR_peek_last_error();

	return ERR_GET_LIB(e) == ERR_LIB_PEM &&
	       ERR_GET_REASON(e) == PEM_R_NO_START_LINE;
}

static BIO *open_pem(const struct loading *l, const char *key, struct str path)
{
	struct str text;
	struct err err;
	BIO *b;

	if (config_read_file(arena_z(l->arena, path), PEM_MAX, l->arena, &text,
		    &err) != 0) {
		(void)fault(l, key, "%s", err.text);
		return NULL;
	}
	b = BIO_new_mem_buf(text.p, (int)text.n);
	assert(b != NULL);
	return b;
}

/* The first is ours, the others lead up to who signed it. */
static int add_certificates(const struct loading *l, BIO *b)
{
	SSL_CTX *ctx = l->tls->ctx;
	struct str file = l->config->tls_certificate;
	int n = 0;
	X509 *x;

	while ((x = next_certificate(b)) != NULL) {
		long ok = n == 0 ? SSL_CTX_use_certificate(ctx, x)
				 : SSL_CTX_add1_chain_cert(ctx, x);

		X509_free(x);
		if (ok != 1)
			return fault(l, "certificate",
				STR_FMT ": not usable: %s", STR_ARG(file),
				reason());
		n++;
	}
	if (!was_the_end())
		return fault(l, "certificate", STR_FMT ": not readable: %s",
			STR_ARG(file), reason());
	ERR_clear_error();
	if (n == 0)
		return fault(l, "certificate",
			STR_FMT ": holds no certificate; give a PEM file, the "
				"own certificate first",
			STR_ARG(file));
	return 0;
}

static int read_certificate(const struct loading *l)
{
	BIO *b = open_pem(l, "certificate", l->config->tls_certificate);
	int rc = b != NULL ? add_certificates(l, b) : -1;

	BIO_free(b);
	return rc;
}

static int add_key(const struct loading *l, EVP_PKEY *key)
{
	SSL_CTX *ctx = l->tls->ctx;
	struct str file = l->config->tls_key;

	if (key == NULL)
		return fault(l, "key",
			STR_FMT ": no private key: %s; give a PEM file, not "
				"encrypted",
			STR_ARG(file), reason());
	if (X509_check_private_key(SSL_CTX_get0_certificate(ctx), key) != 1) {
		ERR_clear_error();
		return fault(l, "key",
			STR_FMT ": not the key of the certificate in " STR_FMT,
			STR_ARG(file), STR_ARG(l->config->tls_certificate));
	}
	if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
		return fault(l, "key", STR_FMT ": not usable: %s",
			STR_ARG(file), reason());
	return 0;
}

static int read_key(const struct loading *l)
{
	BIO *b = open_pem(l, "key", l->config->tls_key);
	EVP_PKEY *key;
	int rc;

	if (b == NULL)
		return -1;
	key = PEM_read_bio_PrivateKey(b, NULL, no_password, NULL);
	rc = add_key(l, key);
	EVP_PKEY_free(key);
	BIO_free(b);
	return rc;
}

static int64_t time_ms(const ASN1_TIME *t)
{
	struct tm tm = {0};

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return 0;
	return (int64_t)timegm(&tm) * 1000;
}

static void note_certificate(const struct loading *l)
{
	struct tls *t = l->tls;
	const X509 *x = SSL_CTX_get0_certificate(t->ctx);
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = n != NULL ? BN_bn2hex(n) : NULL;

	snprintf(t->serial, sizeof(t->serial), "%s", hex != NULL ? hex : "?");
	snprintf(t->file, sizeof(t->file), STR_FMT,
		STR_ARG(l->config->tls_certificate));
	t->from_ms = time_ms(X509_get0_notBefore(x));
	t->until_ms = time_ms(X509_get0_notAfter(x));
	OPENSSL_free(hex);
	BN_free(n);
}

static SSL_CTX *new_context(void)
{
	static const unsigned char id[] = "bantin";
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int rc;

	assert(ctx != NULL);
	rc = SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	/* Of TLS 1.2; all that 1.3 has are fine. */
	rc &= SSL_CTX_set_cipher_list(
		ctx, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL");
	rc &= SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1);
	assert(rc == 1);
	SSL_CTX_set_options(
		ctx, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION |
			     SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_SERVER);
	SSL_CTX_sess_set_cache_size(ctx, SESSIONS_MAX);
	SSL_CTX_set_timeout(ctx, SESSION_S);
	SSL_CTX_set_num_tickets(ctx, 1);
	/* An idle connection holds no buffers. */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS |
				      SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return ctx;
}

int tls_load(const struct config *c, struct diags *d, struct tls **ret)
{
	struct loading l = {.config = c, .diags = d};
	int rc;

	*ret = NULL;
	if (c->tls_certificate.n == 0)
		return 0;
	l.tls = calloc(1, sizeof(*l.tls));
	assert(l.tls != NULL);
	l.arena = arena_new(16384);
	l.tls->ctx = new_context();
	rc = read_certificate(&l);
	if (rc == 0)
		rc = read_key(&l);
	if (rc == 0) {
		note_certificate(&l);
		*ret = l.tls;
	} else {
		tls_free(l.tls);
	}
	arena_free(l.arena);
	return rc;
}

int tls_load_or_tell(const struct config *c, struct tls **ret)
{
	struct diags *d = diags_new();
	int rc = tls_load(c, d, ret);
	struct buf b;

	buf_init(&b, 65536);
	diags_print(d, &b);
	fputs(buf_z(&b), stderr);
	buf_release(&b);
	diags_free(d);
	return rc;
}

void tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}

struct str tls_serial(const struct tls *t)
{
	return str_of(t->serial);
}

bool tls_trouble(const struct tls *t, int64_t now_ms, struct err *ret)
{
	int64_t days = (t->until_ms - now_ms) / DAY_MS;

	if (now_ms >= t->until_ms)
		(void)err_set(ret,
			"%s: the certificate has expired; clients "
			"will refuse it",
			t->file);
	else if (now_ms < t->from_ms)
		(void)err_set(ret,
			"%s: the certificate is not valid yet; "
			"clients will refuse it",
			t->file);
	else if (t->until_ms - now_ms < SOON_MS)
		(void)err_set(ret, "%s: the certificate expires in %lld days",
			t->file, (long long)days);
	else
		return false;
	return true;
}

/* ---- connections ---- */

struct bufferevent *tls_accept(const struct tls *t, struct event_base *base)
{
	SSL *ssl = SSL_new(t->ctx);
	struct bufferevent *bev;

	assert(ssl != NULL);
	bev = bufferevent_openssl_socket_new(base, -1, ssl,
		BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	assert(bev != NULL);
	/* HTTP knows where a message ends: who just hangs up is no fault. */
	bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}

/* The rest is taken off the socket, or closing it would reset the connection
 * and what was said would be lost. */
static void refuse_plain_http(struct bufferevent *bev)
{
	static const char says[] = "HTTP/1.1 400 Bad Request\r\n"
				   "Content-Type: text/plain\r\n"
				   "Content-Length: 27\r\n"
				   "Connection: close\r\n\r\n"
				   "This port speaks https://.\n";
	unsigned long e = bufferevent_get_openssl_error(bev);
	int fd = bufferevent_getfd(bev);
	char rest[4096];

	if (ERR_GET_REASON(e) == SSL_R_HTTP_REQUEST)
		(void)!send(fd, says, sizeof(says) - 1,
			MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)!recv(fd, rest, sizeof(rest), MSG_DONTWAIT);
}

void tls_say_goodbye(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);

	if (ssl == NULL)
		return;
	if (SSL_is_init_finished(ssl))
		(void)SSL_shutdown(ssl); /* one way: nobody waits for theirs */
	else
		refuse_plain_http(bev);
	ERR_clear_error();
}

/* ---- other people's certificates ---- */

int tls_count_certificates(struct str pem, struct err *err)
{
	BIO *b = BIO_new_mem_buf(pem.p, (int)pem.n);
	int n = 0;
	X509 *x;

	assert(b != NULL);
	while ((x = next_certificate(b)) != NULL) {
		X509_free(x);
		n++;
	}
	BIO_free(b);
	if (!was_the_end())
		return err_set(err, "%s", reason());
	ERR_clear_error();
	return n;
}
