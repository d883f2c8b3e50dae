/*
 * ussd - what do all dialects of USSD say, each in its own words?
 *
 * A session, a phone, a service code, what was typed, and an answer that goes
 * on or ends. Whatever of it a provider leaves out or writes in its own way is
 * evened out here, so that a dialect's file holds names alone. Pure; what is
 * made lives in the request's arena.
 */
#include "gateway/providers/ussd.h"

#include "gateway/providers/mo.h"

#define CODE_MAX 64

int ussd_open(void *state, const struct config_channel *c, struct arena *a,
	struct diags *d)
{
	struct ussd_channel *s = state;

	(void)a;
	s->code = c->ussd_code;
	if (c->token.n > 0)
		return 0;
	return node_error(c->node, d,
		"channel " STR_FMT " needs a token: requests of USSD are not "
		"signed, so anybody could post here",
		STR_ARG(c->name));
}

enum provider_verify ussd_verify(
	const void *state, const struct provider_request *r)
{
	(void)state;
	(void)r;
	return PROVIDER_VERIFY_OK;
}

/* ---- who, and what was typed ---- */

void ussd_unreadable(struct ussd_hop *hop)
{
	*hop = (struct ussd_hop){.event = USSD_UNREADABLE};
}

void ussd_needs_phone(struct ussd_hop *hop, struct err *err)
{
	if (hop->event == USSD_UNREADABLE || hop->phone.n > 0)
		return;
	ussd_unreadable(hop);
	(void)err_set(err, "a request without a phone");
}

static int64_t count_of(struct str s)
{
	int64_t n;

	return str_to_i64(str_trim(s), &n) == 0 && n > 0 ? n : 0;
}

void ussd_fill(struct ussd_hop *hop, const struct ussd_said *said,
	struct arena *a, struct err *err)
{
	const struct str session = str_trim(said->session);

	if (said->phone.n > 0)
		hop->phone = mo_number(said->phone, a);
	if (session.n == 0) {
		ussd_unreadable(hop);
		(void)err_set(err, "a request without a session");
	} else if (hop->phone.n > 0 && hop->phone.p[0] != '+') {
		ussd_unreadable(hop);
		(void)err_set(err, "a request whose phone is none");
	} else if (said->input.n > USSD_TYPED_MAX) {
		ussd_unreadable(hop);
		(void)err_set(
			err, "more than %zu bytes were typed", USSD_TYPED_MAX);
	} else {
		hop->session = mo_id(session, a);
		hop->code = mo_clean(str_part(said->code, 0, CODE_MAX), a);
		hop->input =
			said->input.n > 0 ? mo_clean(said->input, a) : STR("");
		hop->sequence = count_of(said->sequence);
	}
}

/* ---- what is dialled ---- */

/* "*384*7#" and "384*7" as "384*7". */
static struct str bare(struct str s)
{
	s = str_trim(s);
	if (str_starts(s, STR("*")))
		s = str_from(s, 1);
	if (str_ends(s, STR("#")))
		s.n--;
	return s;
}

/* What stands behind the code in a bare dialled string; absent: it does not
 * begin with it. Some gateways leave its # in: "384*7#*1". */
static struct str rest_of(struct str dialled, struct str code)
{
	struct str rest;

	if (code.n == 0 || !str_starts(dialled, code))
		return (struct str){NULL, 0};
	rest = str_from(dialled, code.n);
	if (str_starts(rest, STR("#")))
		rest = str_from(rest, 1);
	if (rest.n == 0)
		return STR("");
	return str_starts(rest, STR("*")) ? str_from(rest, 1)
					  : (struct str){NULL, 0};
}

int ussd_behind(
	struct str dialled, struct str code, struct str other, struct str *ret)
{
	const struct str s = bare(dialled);
	struct str longer = bare(code), shorter = bare(other), rest;

	if (longer.n < shorter.n) {
		const struct str swap = longer;

		longer = shorter;
		shorter = swap;
	}
	rest = rest_of(s, longer);
	if (rest.p == NULL)
		rest = rest_of(s, shorter);
	if (rest.p == NULL)
		return -1;
	*ret = rest;
	return 0;
}

struct str ussd_dialled(struct str dialled, struct str code, struct str other)
{
	const struct str s = str_trim(dialled);
	struct str rest;

	if (ussd_behind(s, code, other, &rest) == 0)
		return rest;
	/* Of another code nobody can say where it ends. */
	return str_starts(s, STR("*")) ? STR("") : s;
}

void ussd_take_off_code(
	struct ussd_hop *hop, struct str channel_code, struct err *err)
{
	if (hop->event != USSD_HOP || !str_starts(hop->input, STR("*")) ||
		ussd_behind(hop->input, hop->code, channel_code, &hop->input) ==
			0)
		return;
	/* What of it was typed, and what dialled, nobody can say. */
	ussd_unreadable(hop);
	(void)err_set(err, "what was dialled begins with another service code; "
			   "say ours in ussd_code");
}

/* ---- answers ---- */

struct provider_answer ussd_con_end(const void *state,
	const struct provider_request *r, const struct ussd_hop *hop,
	const struct ussd_screen *screen, struct arena *a)
{
	struct provider_answer answer = {.status = 200};

	(void)state;
	(void)r;
	(void)hop;
	if (screen->text.n > 0)
		answer.body = arena_printf(a, "%s " STR_FMT,
			screen->more ? "CON" : "END", STR_ARG(screen->text));
	return answer;
}

struct provider_answer ussd_json(struct jdoc *doc, struct arena *a)
{
	const struct provider_answer answer = {
		.status = 200,
		.content_type = "application/json",
		.body = jdoc_print(doc, a),
	};

	jdoc_free(doc);
	return answer;
}
