/*
 * hubtel - Hubtel of Ghana: USSD alone.
 *
 * A JSON object a hop with the latest input, counted by Sequence; the first
 * (Initiation) holds what was dialled. The answer's Type says whether the
 * session goes on; Label, DataType and FieldType are for their web and app,
 * which show the same screens. Release and Timeout tell that it is over.
 * Nothing is signed. Their SMS is not documented to us, so the channel neither
 * sends nor takes any. Facts: providers.md §4.1. Pure.
 */
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"
#include "gateway/providers/ussd.h"

static struct str text_at(
	const struct jdoc *doc, const char *name, struct arena *a)
{
	return jdoc_text(jdoc_at(doc, name), a);
}

static enum ussd_event event_of(struct str type)
{
	if (str_ieq(type, STR("Initiation")) || str_ieq(type, STR("Response")))
		return USSD_HOP;
	if (str_ieq(type, STR("Release")) || str_ieq(type, STR("Timeout")))
		return USSD_ENDED;
	return USSD_IGNORED;
}

static void read_hop(const struct ussd_channel *c, const struct jdoc *doc,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	const struct str type = str_trim(text_at(doc, "Type", a));
	const struct ussd_said said = {
		.session = text_at(doc, "SessionId", a),
		.phone = text_at(doc, "Mobile", a),
		.code = text_at(doc, "ServiceCode", a),
		.input = text_at(doc, "Message", a),
		.sequence = text_at(doc, "Sequence", a),
	};

	ret->event = event_of(type);
	if (ret->event == USSD_IGNORED)
		return;
	ret->fresh = str_ieq(type, STR("Initiation"));
	ussd_fill(ret, &said, a, err);
	if (ret->event == USSD_HOP)
		ussd_needs_phone(ret, err);
	if (ret->fresh)
		ret->input = ussd_dialled(ret->input, ret->code, c->code);
}

static void parse(const void *state, const struct provider_request *r,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	struct jdoc *doc = mo_json(r->body, a, err);

	ussd_unreadable(ret);
	if (doc == NULL)
		return;
	if (text_at(doc, "Type", a).n > 0)
		read_hop(state, doc, a, ret, err);
	else
		(void)err_set(err, "no JSON object with a Type");
	jdoc_free(doc);
}

static struct provider_answer answer(const void *state,
	const struct provider_request *r, const struct ussd_hop *hop,
	const struct ussd_screen *screen, struct arena *a)
{
	struct jdoc *doc = jdoc_object();

	(void)state;
	(void)r;
	if (hop->session.n > 0)
		jdoc_set_str(doc, "SessionId", hop->session);
	jdoc_set_str(
		doc, "Type", screen->more ? STR("Response") : STR("Release"));
	jdoc_set_str(doc, "Message", screen->text);
	jdoc_set_str(doc, "Label", STR("USSD"));
	jdoc_set_str(
		doc, "DataType", screen->more ? STR("input") : STR("display"));
	jdoc_set_str(doc, "FieldType", STR("text"));
	return ussd_json(doc, a);
}

static const struct provider_ussd ussd = {
	.parse = parse,
	.answer = answer,
};

const struct provider provider_hubtel = {
	.name = "hubtel",
	.help = "Hubtel: USSD alone",
	.state_size = sizeof(struct ussd_channel),
	.open = ussd_open,
	.verify = ussd_verify,
	.ussd = &ussd,
};
