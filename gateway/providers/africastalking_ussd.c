/*
 * africastalking_ussd - sessions of Africa's Talking.
 *
 * A form a hop, whose `text` is all that was typed since the session began,
 * joined by `*` and without the service code; the answer is text that begins
 * with CON or END, and anything else ends the session. When it is over a
 * notice may come, told from a hop by its `status`. Nothing is signed. Facts:
 * providers.md §4.1. Pure.
 */
#include "gateway/base/form.h"
#include "gateway/providers/ussd.h"

static void parse(const void *state, const struct provider_request *r,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	struct form f;
	struct ussd_said said;
	struct str status;

	(void)state;
	ussd_unreadable(ret);
	if (form_parse(a, r->body, &f) != 0) {
		(void)err_set(err,
			"the form has a broken %%XX escape, or more than %d "
			"fields",
			FORM_MAX_PAIRS);
		return;
	}
	status = str_trim(form_get(&f, STR("status")));
	said = (struct ussd_said){
		.session = form_get(&f, STR("sessionId")),
		.phone = form_get(&f, STR("phoneNumber")),
		.code = form_get(&f, STR("serviceCode")),
		.input = form_get(&f, STR("text")),
	};
	ret->event = status.n > 0 ? USSD_ENDED : USSD_HOP;
	ret->cumulative = true;
	ret->fresh = ret->event == USSD_HOP && said.input.n == 0;
	ret->complete = str_ieq(status, STR("Success"));
	ussd_fill(ret, &said, a, err);
	if (ret->event == USSD_HOP)
		ussd_needs_phone(ret, err);
}

const struct provider_ussd ussd_africastalking = {
	.parse = parse,
	.answer = ussd_con_end,
};
