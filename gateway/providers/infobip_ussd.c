/*
 * infobip_ussd - sessions of Infobip's USSD gateway.
 *
 * What happens stands in the path behind our address: session/ID/start,
 * /response and /end; the body has the latest input, and the phone at the
 * start at least. Their methods are POST and PUT. Callbacks are guarded as
 * texts are. Facts: providers.md §4.1, and the transport of vumi for what
 * /end and /status bring. Pure.
 */
#include "gateway/base/form.h"
#include "gateway/providers/infobip.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/ussd.h"

enum step { START, RESPONSE, END, OTHER };

static bool takes_method(const void *state, const struct provider_request *r)
{
	(void)state;
	return str_is(r->method, "POST") || str_is(r->method, "PUT");
}

static enum step step_of(struct str name)
{
	static const char *const t[] = {
		[START] = "start", [RESPONSE] = "response", [END] = "end"};

	for (int i = START; i < OTHER; i++)
		if (str_is(name, t[i]))
			return (enum step)i;
	return OTHER;
}

/* ID and what happened, of "session/ID/start" or "ID/start". */
static enum step path_of(struct str rest, struct arena *a, struct str *session)
{
	struct str piece, before = STR(""), last = STR("");

	while (str_next(&rest, '/', &piece)) {
		before = last;
		last = piece;
	}
	*session = form_unescape_path(a, before);
	return step_of(last);
}

static void read_body(const struct jdoc *doc, enum step step,
	struct ussd_said *said, struct arena *a)
{
	said->phone = infobip_text(doc, "msisdn", a);
	said->code = infobip_text(doc, "shortCode", a);
	if (step != END)
		said->input = infobip_text(doc, "text", a);
}

static void parse(const void *state, const struct provider_request *r,
	struct arena *a, struct ussd_hop *ret, struct err *err)
{
	const struct infobip *s = state;
	struct ussd_said said = {.input = STR("")};
	const enum step step = path_of(r->rest, a, &said.session);
	struct jdoc *doc;

	ussd_unreadable(ret);
	if (step == OTHER) {
		ret->event = USSD_IGNORED;
		return;
	}
	doc = mo_json(r->body.n > 0 ? r->body : STR("{}"), a, err);
	if (doc == NULL)
		return;
	read_body(doc, step, &said, a);
	jdoc_free(doc);
	ret->event = step == END ? USSD_ENDED : USSD_HOP;
	ret->fresh = step == START;
	ussd_fill(ret, &said, a, err);
	if (!ret->fresh)
		return;
	ussd_needs_phone(ret, err);
	ret->input = ussd_dialled(ret->input, ret->code, s->ussd_code);
}

static struct provider_answer answer(const void *state,
	const struct provider_request *r, const struct ussd_hop *hop,
	const struct ussd_screen *screen, struct arena *a)
{
	struct jdoc *doc = jdoc_object();

	(void)state;
	(void)r;
	if (hop->event == USSD_HOP) {
		jdoc_set(doc, "shouldClose", jdoc_new_bool(!screen->more));
		jdoc_set_str(doc, "ussdMenu", screen->text);
	}
	jdoc_set_int(doc, "responseExitCode", 200);
	jdoc_set_str(doc, "responseMessage", STR(""));
	return ussd_json(doc, a);
}

const struct provider_ussd ussd_infobip = {
	.takes_rest = true,
	.takes_method = takes_method,
	.parse = parse,
	.answer = answer,
};
