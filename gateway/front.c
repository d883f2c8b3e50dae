/*
 * front - where do we listen, and what is at which path?
 *
 * One listener for all, or two: providers' callbacks at `listen`, pages and
 * /metrics at `admin_listen`, each with connections of its own, so that a
 * flood at the public one does not shut staff out. Owns both and the present
 * certificate. Loop thread.
 */
#include "gateway/front.h"

#include "gateway/base/clock.h"
#include "gateway/base/form.h"
#include "gateway/base/log.h"
#include "gateway/ussd.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct front {
	struct front_options opt;
	struct ussd *ussd;
	struct http *http, *admin; /* admin NULL: http is both */
	struct tls *tls;
};

static bool is_callback(struct str name, enum webhook_way *ret)
{
	static const char *const names[] = {
		[WEBHOOK_IN] = "in",
		[WEBHOOK_DLR] = "dlr",
		[WEBHOOK_USSD] = "ussd",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(name, names[i])) {
			*ret = (enum webhook_way)i;
			return true;
		}
	return false;
}

/* rest: what follows the channel; absent: nothing. */
static void route_webhook(struct front *f, struct http_exchange *x,
	struct webhook_path *path, struct str rest)
{
	struct str token = STR("");

	str_next(&rest, '/', &token);
	path->token = form_unescape_path(x->arena, token);
	if (rest.p != NULL)
		http_answer_status(x, 404);
	else
		webhook_handle(f->opt.hooks, x, path);
}

/* /in/CHANNEL[/TOKEN], /dlr/CHANNEL[/TOKEN], /ussd/CHANNEL[/TOKEN][/…] */
static void route_callback(struct front *f, struct http_exchange *x)
{
	struct str rest = x->path, piece, channel;
	struct webhook_path path;

	str_next(&rest, '/', &piece);
	if (!str_next(&rest, '/', &piece) || !is_callback(piece, &path.way) ||
		!str_next(&rest, '/', &channel)) {
		http_answer_status(x, 404);
		return;
	}
	path.channel = form_unescape_path(x->arena, channel);
	if (f->opt.pages->stopping)
		http_answer_status(x, 503);
	else if (path.way == WEBHOOK_USSD)
		ussd_handle(f->ussd, x, path.channel, rest);
	else
		route_webhook(f, x, &path, rest);
}

static void on_public(void *arg, struct http_exchange *x)
{
	struct front *f = arg;

	if (!pages_health(f->opt.pages, x) &&
		(f->admin != NULL || !pages_handle(f->opt.pages, x)))
		route_callback(f, x);
}

static void on_admin(void *arg, struct http_exchange *x)
{
	struct front *f = arg;

	if (!pages_health(f->opt.pages, x) && !pages_handle(f->opt.pages, x))
		http_answer_status(x, 404);
}

static struct http *listen_at(struct front *f, const struct config *c,
	struct str address, http_handler *handler, struct err *err)
{
	return http_new(
		&(struct http_options){
			.base = f->opt.base,
			.address = address,
			.public_url = c->public_url,
			.tls = f->tls,
			.max_header = c->http.max_header,
			.max_body = c->http.max_body,
			.max_connections = c->http.max_connections,
			.request_s = c->http.request_s,
			.clock = f->opt.clock,
			.metrics = f->opt.metrics,
			.handler = handler,
			.arg = f,
		},
		err);
}

/* The same address twice is one listener; port 0 is never the same. */
static bool has_admin(const struct config *c)
{
	return node_get(c->root, "admin_listen") != NULL &&
	       (!str_eq(c->listen, c->admin_listen) ||
		       str_ends(c->listen, STR(":0")));
}

static void tell_certificate(const struct front *f)
{
	struct err err;

	if (f->tls == NULL)
		return;
	log_info("tls", LOG_S("serial", tls_serial(f->tls)));
	if (tls_trouble(f->tls, clock_wall_ms(f->opt.clock), &err))
		log_warn("tls_certificate", LOG_Z("why", err.text));
}

struct front *front_new(const struct front_options *o, const struct config *c,
	struct tls *tls, struct err *err)
{
	struct front *f = calloc(1, sizeof(*f));

	assert(f != NULL);
	f->opt = *o;
	f->tls = tls;
	f->ussd = ussd_new(&(struct ussd_options){
		.base = o->base,
		.env = o->hooks,
		.hop = talk_hop,
		.follow = talk_follow,
	});
	f->http = listen_at(f, c, c->listen, on_public, err);
	if (f->http != NULL && has_admin(c))
		f->admin = listen_at(f, c, c->admin_listen, on_admin, err);
	if (f->http != NULL && (f->admin != NULL || !has_admin(c)))
		return f;
	front_free(f);
	return NULL;
}

void front_use(struct front *f, const struct config *c, struct tls *tls)
{
	http_use(f->http, tls, c->public_url);
	if (f->admin != NULL)
		http_use(f->admin, tls, c->public_url);
	tls_free(f->tls);
	f->tls = tls;
	tell_certificate(f);
}

const char *front_base_url(const struct front *f)
{
	return http_base_url(f->http);
}

void front_announce(const struct front *f)
{
	struct str at = http_address(f->http);

	printf("listening on %s://" STR_FMT "\n", http_scheme(f->http),
		STR_ARG(at));
	log_info("listening", LOG_S("at", at));
	if (f->admin != NULL) {
		at = http_address(f->admin);
		printf("admin on %s://" STR_FMT "\n", http_scheme(f->admin),
			STR_ARG(at));
		log_info("listening", LOG_S("admin", at));
	}
	fflush(stdout);
	tell_certificate(f);
}

void front_stop_listening(struct front *f)
{
	http_stop_listening(f->http);
	if (f->admin != NULL)
		http_stop_listening(f->admin);
}

size_t front_waiting(const struct front *f)
{
	return http_waiting(f->http) +
	       (f->admin != NULL ? http_waiting(f->admin) : 0);
}

void front_free(struct front *f)
{
	ussd_free(f->ussd); /* gives the answers that are owed */
	if (f->admin != NULL)
		http_free(f->admin);
	if (f->http != NULL)
		http_free(f->http);
	tls_free(f->tls);
	free(f);
}
