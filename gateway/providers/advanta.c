/*
 * advanta - Advanta Africa: USSD alone.
 *
 * A GET a hop (a POST on request, then a form), whose INPUT is what was
 * dialled and then typed, with the service code: "*415*33*1#"; the answer is
 * text that begins with CON or END. There is no end notice, and nothing is
 * signed. Their SMS is not documented to us, so the channel neither sends nor
 * takes any. Facts: providers.md §4.1. Pure.
 */
#include "gateway/base/form.h"
#include "gateway/providers/providers.h"
#include "gateway/providers/ussd.h"

static bool takes_method(const void *state, const struct provider_request *r)
{
	(void)state;
	return str_is(r->method, "GET") || str_is(r->method, "POST");
}

static void parse(const void *state, const struct provider_request *r,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	const struct ussd_channel *c = state;
	const struct str values = r->body.n > 0 ? r->body : r->query;
	struct ussd_said said;
	struct form f;

	ussd_unreadable(ret);
	if (form_parse(a, values, &f) != 0) {
		(void)err_set(err,
			"a broken %%XX escape, or more than %d fields",
			FORM_MAX_PAIRS);
		return;
	}
	said = (struct ussd_said){
		.session = form_get(&f, STR("SESSIONID")),
		.phone = form_get(&f, STR("MSISDN")),
		.code = form_get(&f, STR("USSDCODE")),
		.input = form_get(&f, STR("INPUT")),
	};
	ret->event = USSD_HOP;
	ret->cumulative = true;
	ussd_fill(ret, &said, a, err);
	ussd_needs_phone(ret, err);
	ussd_take_off_code(ret, c->code, err);
	ret->fresh = ret->event == USSD_HOP && ret->input.n == 0;
}

static const struct provider_ussd ussd = {
	.takes_method = takes_method,
	.parse = parse,
	.answer = ussd_con_end,
};

const struct provider provider_advanta = {
	.name = "advanta",
	.help = "Advanta Africa: USSD alone",
	.state_size = sizeof(struct ussd_channel),
	.open = ussd_open,
	.verify = ussd_verify,
	.ussd = &ussd,
};
