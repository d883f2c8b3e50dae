#ifndef GATEWAY_TLS_H
#define GATEWAY_TLS_H

#include "config/config.h"

struct bufferevent;
struct event_base;

/*
 * The listeners' certificate with its key, as read at one moment. Immutable;
 * a connection keeps what it was accepted with. Loop thread.
 */
struct tls;

/*
 * Reads what `tls` of the configuration names; *ret is NULL when it names
 * nothing. 0, or -1 with the faults in d, each at the key it is about.
 */
int tls_load(const struct config *c, struct diags *d, struct tls **ret)
	__attribute__((warn_unused_result));
/* The same, with every fault on stderr. */
int tls_load_or_tell(const struct config *c, struct tls **ret)
	__attribute__((warn_unused_result));
void tls_free(struct tls *t); /* NULL is fine */

/* The certificate's serial number as hex digits, as openssl prints it. */
struct str tls_serial(const struct tls *t);
/* Why clients will refuse the certificate now, or in two weeks; false: no. */
bool tls_trouble(const struct tls *t, int64_t now_ms, struct err *ret);

/* For evhttp's bufferevent callback: no socket yet; it will be accepted. */
struct bufferevent *tls_accept(const struct tls *t, struct event_base *base);
/*
 * The last words (close_notify) before a connection is freed. To a client
 * that spoke plain HTTP: an answer that says so. Nothing on a plain
 * bufferevent.
 */
void tls_say_goodbye(struct bufferevent *bev);

/* How many certificates a PEM text holds; -1 with err when it is broken. */
int tls_count_certificates(struct str pem, struct err *err)
	__attribute__((warn_unused_result));

#endif
