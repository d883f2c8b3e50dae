/*
 * generic_ussd - sessions of any USSD gateway, by configuration alone.
 *
 * A map says where session, phone and input stand, `cumulative` whether the
 * input is all or the latest, `begins` and `ends` what an event means; two
 * templates make the screen, one that goes on and one that closes. Where no
 * event is told, what looks dialled begins a session. Calls are verified as
 * texts are. Pure; what open() makes lives in the configuration's arena.
 */
#include "gateway/providers/generic.h"
#include "gateway/providers/ussd.h"

#define ANSWER_MAX ((size_t)65536)

static const char *const field_name[GENERIC_USSD_FIELD_N] = {
	[GENERIC_USSD_SESSION] = "session",
	[GENERIC_USSD_PHONE] = "phone",
	[GENERIC_USSD_CODE] = "code",
	[GENERIC_USSD_INPUT] = "input",
	[GENERIC_USSD_SEQUENCE] = "sequence",
	[GENERIC_USSD_EVENT] = "event",
};

/* ---- opening ---- */

static int open_screen(const struct generic_opening *o, struct str text,
	const struct node *where, const struct template **ret)
{
	const struct generic_ussd *g = &o->g->ussd;
	struct node n = *where;

	n.text = text; /* the default has no node of its own */
	*ret = template_compile(&n, generic_context(g->type), o->a, o->d);
	return *ret != NULL ? 0 : -1;
}

static const struct node *at_key(const struct node *map, const char *key)
{
	const struct node *at = node_get(map, key);

	return at != NULL ? at : map;
}

static int open_fields(const struct generic_opening *o, const struct node *ussd)
{
	struct generic_ussd *g = &o->g->ussd;
	int rc = 0;

	for (int f = 0; f < GENERIC_USSD_FIELD_N; f++)
		if (generic_open_field(o, g->field[f],
			    node_get(ussd, field_name[f]), &g->map) != 0)
			rc = -1;
	if (g->field[GENERIC_USSD_SESSION].n == 0 ||
		g->field[GENERIC_USSD_PHONE].n == 0 ||
		g->field[GENERIC_USSD_INPUT].n == 0)
		rc = node_error(ussd, o->d,
			"ussd needs fields for `session`, `phone` and `input`");
	if (g->field[GENERIC_USSD_EVENT].n == 0 && g->begins.n + g->ends.n > 0)
		rc = node_error(ussd, o->d,
			"values that begin or end a session need a field for "
			"`event`");
	return rc;
}

int generic_open_ussd(const struct generic_opening *o, const struct node *ussd)
{
	struct generic_ussd *g = &o->g->ussd;
	int rc;

	g->on = true;
	g->map.source = (enum record_source)g->source;
	g->map.list = "";
	g->channel_code = o->channel->ussd_code;
	rc = open_fields(o, ussd);
	if (generic_open_type(o, g->type, node_get(ussd, "type"),
		    &g->content_type) != 0 ||
		open_screen(o, g->goes_on, at_key(ussd, "goes_on"),
			&g->screen[true]) != 0 ||
		open_screen(o, g->closes, at_key(ussd, "closes"),
			&g->screen[false]) != 0)
		rc = -1;
	return rc;
}

/* ---- reading ---- */

static bool serves(const void *state)
{
	const struct generic *g = state;

	return g->ussd.on;
}

static bool takes_method(const void *state, const struct provider_request *r)
{
	const struct generic *g = state;

	return str_is(r->method, "POST") ||
	       (g->ussd.map.source == RECORD_QUERY && str_is(r->method, "GET"));
}

static bool is_one_of(const struct option_list *list, struct str s)
{
	const struct str *v = list->v;

	for (size_t i = 0; i < list->n; i++)
		if (str_ieq(v[i], s))
			return true;
	return false;
}

static bool looks_dialled(struct str s)
{
	s = str_trim(s);
	return str_starts(s, STR("*")) && str_ends(s, STR("#"));
}

static void take_off_code(
	const struct generic_ussd *g, struct ussd_hop *hop, struct err *err)
{
	if (!hop->cumulative) {
		if (hop->fresh)
			hop->input = ussd_dialled(
				hop->input, hop->code, g->channel_code);
		return;
	}
	ussd_take_off_code(hop, g->channel_code, err);
	if (hop->event == USSD_HOP && g->begins.n == 0)
		hop->fresh = hop->input.n == 0;
}

static void read_hop(const struct generic_ussd *g, const struct str *v,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	const struct str event = str_trim(v[GENERIC_USSD_EVENT]);
	const struct str input = v[GENERIC_USSD_INPUT];
	const struct ussd_said said = {
		.session = v[GENERIC_USSD_SESSION],
		.phone = v[GENERIC_USSD_PHONE],
		.code = v[GENERIC_USSD_CODE],
		.input = input,
		.sequence = v[GENERIC_USSD_SEQUENCE],
	};

	ret->event = is_one_of(&g->ends, event) ? USSD_ENDED : USSD_HOP;
	ret->fresh = g->begins.n > 0 ? is_one_of(&g->begins, event)
				     : looks_dialled(input);
	ret->cumulative = g->cumulative;
	ussd_fill(ret, &said, a, err);
	if (ret->event == USSD_HOP)
		ussd_needs_phone(ret, err);
	if (ret->event == USSD_HOP)
		take_off_code(g, ret, err);
}

static void parse(const void *state, const struct provider_request *r,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	const struct generic *g = state;
	struct records in;

	ussd_unreadable(ret);
	if (record_read(&g->ussd.map, r, a, &in, err) == 0)
		read_hop(&g->ussd, in.v, a, ret, err);
}

/* ---- answering ---- */

static struct provider_answer answer(const void *state,
	const struct provider_request *r, const struct ussd_hop *hop,
	const struct ussd_screen *screen, struct arena *a)
{
	const struct generic_ussd *g = &((const struct generic *)state)->ussd;
	const struct provider_outgoing o = {
		.id_text = hop->session,
		.to = hop->phone,
		.from = hop->code,
		.text = screen->text,
	};
	struct provider_answer ret = {
		.status = 200, .content_type = g->content_type};
	struct buf b;

	(void)r;
	if (hop->event != USSD_HOP)
		return ret;
	buf_init(&b, ANSWER_MAX);
	template_render(g->screen[screen->more], &o, a, &b);
	ret.body = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ret;
}

const struct provider_ussd ussd_generic = {
	.serves = serves,
	.takes_method = takes_method,
	.parse = parse,
	.answer = answer,
};
