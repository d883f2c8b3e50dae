/*
 * nalo - Nalo Solutions of Ghana: USSD alone.
 *
 * A JSON object a hop with the latest input. MSGTYPE says in the request that
 * the session begins, and in the answer, the other way about, that it goes on.
 * There is no end notice, and nothing is signed. Their SMS is not documented
 * to us, so the channel neither sends nor takes any. Facts: providers.md
 * §4.1. Pure.
 */
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"
#include "gateway/providers/ussd.h"

static struct str text_at(
	const struct jdoc *doc, const char *name, struct arena *a)
{
	return jdoc_text(jdoc_at(doc, name), a);
}

/* true or "true", as some write it. */
static bool is_true(struct str s)
{
	return str_ieq(s, STR("true")) || str_is(s, "1");
}

static void read_hop(const struct ussd_channel *c, const struct jdoc *doc,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	const struct ussd_said said = {
		.session = text_at(doc, "SESSIONID", a),
		.phone = text_at(doc, "MSISDN", a),
		.input = text_at(doc, "USERDATA", a),
	};

	ret->event = USSD_HOP;
	ret->fresh = is_true(text_at(doc, "MSGTYPE", a));
	ussd_fill(ret, &said, a, err);
	ussd_needs_phone(ret, err);
	if (ret->fresh)
		ret->input = ussd_dialled(ret->input, c->code, STR(""));
}

static void parse(const void *state, const struct provider_request *r,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	struct jdoc *doc = mo_json(r->body, a, err);

	ussd_unreadable(ret);
	if (doc == NULL)
		return;
	if (text_at(doc, "MSGTYPE", a).n > 0)
		read_hop(state, doc, a, ret, err);
	else
		(void)err_set(err, "no JSON object with a MSGTYPE");
	jdoc_free(doc);
}

/* Their own values go back as they came. */
static void echo(struct jdoc *doc, const struct jdoc *asked, const char *name)
{
	const struct jdoc *v = jdoc_at(asked, name);

	if (v != NULL)
		jdoc_set(doc, name, jdoc_copy(v));
}

static struct provider_answer answer(const void *state,
	const struct provider_request *r, const struct ussd_hop *hop,
	const struct ussd_screen *screen, struct arena *a)
{
	struct jdoc *asked = mo_json(r->body, a, NULL);
	struct jdoc *doc = jdoc_object();

	(void)state;
	(void)hop;
	echo(doc, asked, "USERID");
	echo(doc, asked, "MSISDN");
	echo(doc, asked, "USERDATA");
	echo(doc, asked, "SESSIONID");
	jdoc_set_str(doc, "MSG", screen->text);
	jdoc_set(doc, "MSGTYPE", jdoc_new_bool(screen->more));
	jdoc_free(asked);
	return ussd_json(doc, a);
}

static const struct provider_ussd ussd = {
	.parse = parse,
	.answer = answer,
};

const struct provider provider_nalo = {
	.name = "nalo",
	.help = "Nalo Solutions: USSD alone",
	.state_size = sizeof(struct ussd_channel),
	.open = ussd_open,
	.verify = ussd_verify,
	.ussd = &ussd,
};
