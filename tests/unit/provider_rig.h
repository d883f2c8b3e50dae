#ifndef TESTS_UNIT_PROVIDER_RIG_H
#define TESTS_UNIT_PROVIDER_RIG_H

#include "gateway/providers/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* One channel, configured from YAML as `serve` would, ready to be asked. */
struct rig {
	struct arena *a;
	struct diags *d;
	const struct provider *p;
	struct config_channel channel;
	void *state;
	int rc; /* of reading the options and opening */
};

#define RIG_NOW_MS INT64_C(1719045971000)

static inline struct rig rig_open(
	const char *provider, const char *token, const char *yaml)
{
	struct rig r = {.a = arena_new(4096), .d = diags_new()};
	struct option_table table;

	r.p = provider_find(str_of(provider));
	assert_non_null(r.p);
	r.channel = (struct config_channel){
		.name = STR("demo"),
		.provider = str_of(provider),
		.token = str_of(token),
		.ussd_code = STR("*384*7#"),
		.node = node_parse(STR("t.yaml"), str_of(yaml), r.a, r.d),
	};
	assert_non_null(r.channel.node);
	r.state = arena_alloc(r.a, r.p->state_size);
	table = (struct option_table){r.p->options, r.p->options_n, r.state};
	if (r.p->options_n > 0)
		r.rc = option_read_some(r.channel.node, &table, r.a, r.d);
	if (r.rc == 0 && r.p->open != NULL)
		r.rc = r.p->open(r.state, &r.channel, r.a, r.d);
	return r;
}

static inline void rig_close(struct rig *r)
{
	diags_free(r->d);
	arena_free(r->a);
}

static inline struct provider_request rig_post(struct str body)
{
	return (struct provider_request){
		.method = STR("POST"),
		.body = body,
		.now_ms = RIG_NOW_MS,
	};
}

static inline struct provider_inbound rig_parse(
	const struct rig *r, struct provider_request request)
{
	struct provider_inbound in;

	r->p->parse_inbound(r->state, &request, r->a, &in);
	return in;
}

static inline struct provider_inbound rig_parse_z(
	const struct rig *r, const char *body)
{
	return rig_parse(r, rig_post(str_of(body)));
}

static inline struct provider_call rig_build(
	const struct rig *r, struct provider_outgoing o)
{
	struct provider_call call = {0};
	struct err err;

	assert_int_equal(r->p->build_send(r->state, &o, r->a, &call, &err), 0);
	return call;
}

static inline struct provider_verdict rig_answer(
	const struct rig *r, int status, const char *body, const char *retry)
{
	const struct provider_response response = {
		.status = status,
		.body = str_of(body),
		.retry_after = str_of(retry),
		.now_ms = RIG_NOW_MS,
	};

	return r->p->parse_send_response(r->state, &response, r->a);
}

/* One request of USSD; rest: NULL for none. */
static inline struct provider_request rig_ussd(
	const char *method, const char *rest, const char *values)
{
	const bool get = strcmp(method, "GET") == 0;

	return (struct provider_request){
		.method = str_of(method),
		.rest = rest != NULL ? str_of(rest) : STR(""),
		.query = get ? str_of(values) : STR(""),
		.body = get ? STR("") : str_of(values),
		.ussd = true,
		.now_ms = RIG_NOW_MS,
	};
}

/* So that a failure shows both texts. */
static inline void rig_same(struct arena *a, struct str got, const char *want)
{
	assert_non_null(got.p);
	assert_string_equal(arena_printf(a, STR_FMT, STR_ARG(got)).p, want);
}

#endif
