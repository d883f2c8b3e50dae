#ifndef HANDLERS_RENDER_H
#define HANDLERS_RENDER_H

#include "config/replies.h"
#include "gateway/model/effect.h"

/* A reply as text, in the contact's language. Never fails: arguments that the
 * text does not name are dropped, unknown keys are our bug (assert). */
struct str render_reply(const struct replies *r, const struct reply *reply,
	struct str language, struct arena *a);

/* Does a text that a person wrote hold a word that no text of ours may? */
bool render_is_forbidden(
	const struct replies *r, struct str text, struct arena *a);

/*
 * Proves for every key and language that it renders with sample values, fits
 * its segment budget and holds no forbidden word; 0, or -1 with diags.
 */
int render_check(const struct replies *r, struct diags *d)
	__attribute__((warn_unused_result));

#endif
