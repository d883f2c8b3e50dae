#ifndef GATEWAY_PROVIDERS_USSD_H
#define GATEWAY_PROVIDERS_USSD_H

#include "gateway/base/jdoc.h"
#include "gateway/providers/provider.h"

/* What the dialects of USSD have in common (providers.md §4). */

/* More was never typed in one session: longer input is unreadable. */
#define USSD_TYPED_MAX ((size_t)4096)

/* A channel that serves USSD alone, as configured. */
struct ussd_channel {
	struct str code; /* what is dialled: the channel's ussd_code */
};

/* provider.open: nothing is signed, so there must be a token. */
int ussd_open(void *state, const struct config_channel *c, struct arena *a,
	struct diags *d);
/* provider.verify: the caller has checked the token. */
enum provider_verify ussd_verify(
	const void *state, const struct provider_request *r);

/* Raw values of a request; absent ones are empty in the hop. */
struct ussd_said {
	struct str session, phone, code, input;
	struct str sequence;
};

/*
 * Fills in all but event, fresh, cumulative and complete. Without a session,
 * with a phone that is none, or with more typed than USSD_TYPED_MAX the hop is
 * UNREADABLE and err says why. Whether a phone must be there is the caller's.
 */
void ussd_fill(struct ussd_hop *hop, const struct ussd_said *said,
	struct arena *a, struct err *err);
/* Makes it UNREADABLE; the caller says why. */
void ussd_unreadable(struct ussd_hop *hop);
/* UNREADABLE unless a phone is there. */
void ussd_needs_phone(struct ussd_hop *hop, struct err *err);

/*
 * Takes the service code off what was dialled: "*384*7*1#" of *384*7# is "1".
 * The longer of both codes that it begins with counts. 0; -1: it begins with
 * neither, *ret is then untouched.
 */
int ussd_behind(struct str dialled, struct str code, struct str other,
	struct str *ret) __attribute__((warn_unused_result));
/* What was dialled behind the code, where a session begins with it: of a
 * *…# of another code nothing, of anything else all. */
struct str ussd_dialled(struct str dialled, struct str code, struct str other);

/* The same of cumulative input: where it begins with a * it is with the code,
 * and UNREADABLE if that is neither ours nor the request's. */
void ussd_take_off_code(
	struct ussd_hop *hop, struct str channel_code, struct err *err);

/* "CON …" or "END …" as text/plain; without a text an empty 200. */
struct provider_answer ussd_con_end(const void *state,
	const struct provider_request *r, const struct ussd_hop *hop,
	const struct ussd_screen *screen, struct arena *a);
/* 200 with the document, which is freed. */
struct provider_answer ussd_json(struct jdoc *doc, struct arena *a);

/* The dialects of providers that do more than USSD. */
extern const struct provider_ussd ussd_africastalking;
extern const struct provider_ussd ussd_infobip;
extern const struct provider_ussd ussd_generic;

#endif
