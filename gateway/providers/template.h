#ifndef GATEWAY_PROVIDERS_TEMPLATE_H
#define GATEWAY_PROVIDERS_TEMPLATE_H

#include "config/node.h"
#include "gateway/providers/provider.h"

/*
 * A URL or body with {placeholders} for one outgoing text:
 *   {id}          our id, unique per database
 *   {to}          E.164; {to_no_plus} without the plus; {to_national} +84912…
 *                 as 0912… (a foreign number as {to_no_plus})
 *   {from}        the sender, empty when there is none
 *   {text}        the text; {text_hex_utf16be} its UTF-16BE in hex, {text_b64}
 *                 its UTF-8 in base64
 *   {unicode}     does it need UCS-2? JSON: true or false, elsewhere 1 or 0
 *   {dlr_url}     where to report to; empty when no report can come
 *   {valid_s}     seconds that the text is of use; 0: no limit
 * A brace that opens no lower-case word in braces is an ordinary character.
 */
enum template_context {
	TEMPLATE_RAW,   /* text/plain: as it is */
	TEMPLATE_FORM,  /* URL or form body: %XX */
	TEMPLATE_JSON,  /* inside a JSON string */
	TEMPLATE_XML,   /* element content or a quoted attribute */
	TEMPLATE_HEADER /* a header's value: on one line */
};

struct template;

/* NULL when a placeholder is unknown; d says which, and where. */
const struct template *template_compile(const struct node *n,
	enum template_context context, struct arena *a, struct diags *d);
/* The literal text before the first placeholder. */
struct str template_prefix(const struct template *t);
/* Does it have a {dlr_url}? */
bool template_wants_reports(const struct template *t);
/* Does it say to whom, and what, in whatever spelling? */
bool template_has_number(const struct template *t);
bool template_has_text(const struct template *t);
void template_render(const struct template *t,
	const struct provider_outgoing *o, struct arena *a, struct buf *out);

/* As TEMPLATE_XML writes a value. XML 1.0 has no way to write most control
 * characters: they become spaces. */
void template_put_xml(struct buf *out, struct str s);

#endif
