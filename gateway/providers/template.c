/*
 * template - what bytes does this template make of this text?
 *
 * Compiled once, when the configuration is read, into pieces: literals and
 * placeholders. Each value is escaped for the place it goes to, so a text can
 * never add a field, an element or a header of its own. A template lives in
 * the configuration's arena and never changes: any thread may render it.
 */
#include "gateway/providers/template.h"

#include "gateway/base/digest.h"
#include "gateway/base/form.h"
#include "gateway/base/jdoc.h"
#include "gateway/providers/charset.h"

#include <assert.h>
#include <inttypes.h>

enum value {
	LITERAL,
	ID,
	TO,
	TO_NO_PLUS,
	TO_NATIONAL,
	FROM,
	TEXT,
	TEXT_HEX_UTF16BE,
	TEXT_B64,
	UNICODE,
	DLR_URL,
	VALID_S,
	VALUE_N
};

static const char *const value_name[VALUE_N] = {
	[ID] = "id",
	[TO] = "to",
	[TO_NO_PLUS] = "to_no_plus",
	[TO_NATIONAL] = "to_national",
	[FROM] = "from",
	[TEXT] = "text",
	[TEXT_HEX_UTF16BE] = "text_hex_utf16be",
	[TEXT_B64] = "text_b64",
	[UNICODE] = "unicode",
	[DLR_URL] = "dlr_url",
	[VALID_S] = "valid_s",
};

struct piece {
	enum value value;
	struct str literal;
};

struct template
{
	enum template_context context;
	size_t n;
	struct piece v[];
};

/* Bytes of the placeholder that opens s, with its braces; 0: none does. */
static size_t placeholder_len(struct str s)
{
	size_t i = 1;

	if (s.n == 0 || s.p[0] != '{')
		return 0;
	while (i < s.n && ((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_' ||
				  (s.p[i] >= '0' && s.p[i] <= '9')))
		i++;
	return i > 1 && i < s.n && s.p[i] == '}' ? i + 1 : 0;
}

/* LITERAL: no such placeholder. */
static enum value value_of(struct str name)
{
	int i;

	for (i = LITERAL + 1; i < VALUE_N; i++)
		if (str_is(name, value_name[i]))
			return (enum value)i;
	return LITERAL;
}

/* Bytes up to the next placeholder, or to the end. */
static size_t literal_len(struct str s)
{
	size_t i = 0;

	while (i < s.n && placeholder_len(str_from(s, i)) == 0)
		i++;
	return i;
}

static size_t braces(struct str s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '{';
	return n;
}

static int unknown(
	const struct node *n, size_t at, struct str name, struct diags *d)
{
	return node_error_at(n, at, d,
		"unknown placeholder {" STR_FMT "}; there are {id} {to} "
		"{to_no_plus} {to_national} {from} {text} "
		"{text_hex_utf16be} {text_b64} {unicode} {dlr_url} {valid_s}",
		STR_ARG(name));
}

const struct template *template_compile(const struct node *n,
	enum template_context context, struct arena *a, struct diags *d)
{
	const struct str text = arena_str(a, n->text);
	struct template *t = arena_alloc(
		a, sizeof(*t) + (2 * braces(text) + 1) * sizeof(t->v[0]));
	size_t at = 0, len;
	struct str name;
	int rc = 0;

	t->context = context;
	while (at < text.n) {
		len = literal_len(str_from(text, at));
		if (len > 0)
			t->v[t->n++].literal = str_part(text, at, len);
		at += len;
		len = placeholder_len(str_from(text, at));
		if (len == 0)
			continue;
		name = str_part(text, at + 1, len - 2);
		t->v[t->n].value = value_of(name);
		if (t->v[t->n++].value == LITERAL)
			rc = unknown(n, at, name, d);
		at += len;
	}
	return rc == 0 ? t : NULL;
}

struct str template_prefix(const struct template *t)
{
	return t->n > 0 ? t->v[0].literal : STR("");
}

static bool has_one_of(
	const struct template *t, enum value first, enum value last)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].value >= first && t->v[i].value <= last)
			return true;
	return false;
}

bool template_has_number(const struct template *t)
{
	return has_one_of(t, TO, TO_NATIONAL);
}

bool template_has_text(const struct template *t)
{
	return has_one_of(t, TEXT, TEXT_B64);
}

bool template_wants_reports(const struct template *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].value == DLR_URL)
			return true;
	return false;
}

/* A text must not end its line and begin a header of its own. */
static void put_header(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if ((unsigned char)c < ' ')
			buf_putc(out, ' ');
		else
			buf_putc(out, c);
	}
}

void template_put_xml(struct buf *out, struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (c == '&')
			buf_putz(out, "&amp;");
		else if (c == '<')
			buf_putz(out, "&lt;");
		else if (c == '>')
			buf_putz(out, "&gt;");
		else if (c == '"')
			buf_putz(out, "&quot;");
		else if (c == '\'')
			buf_putz(out, "&apos;");
		else if (c < ' ' && c != '\n')
			buf_putc(out, ' ');
		else
			buf_putc(out, s.p[i]);
	}
}

static void put(struct buf *out, enum template_context context, struct str s)
{
	switch (context) {
	case TEMPLATE_RAW:
		buf_put(out, s);
		return;
	case TEMPLATE_FORM:
		form_escape(out, s);
		return;
	case TEMPLATE_JSON:
		jdoc_escape(out, s);
		return;
	case TEMPLATE_XML:
		template_put_xml(out, s);
		return;
	case TEMPLATE_HEADER:
		put_header(out, s);
		return;
	}
	assert(!"a template context that does not exist");
}

static struct str unicode_of(enum template_context context, bool ucs2)
{
	if (context == TEMPLATE_JSON)
		return ucs2 ? STR("true") : STR("false");
	return ucs2 ? STR("1") : STR("0");
}

static void put_national(
	struct buf *out, enum template_context context, struct str to)
{
	if (!str_starts(to, STR("+84"))) {
		put(out, context, str_from(to, str_starts(to, STR("+"))));
		return;
	}
	buf_putc(out, '0');
	put(out, context, str_from(to, 3));
}

static struct str hex_of(struct str raw, struct arena *a)
{
	static const char hex[] = "0123456789ABCDEF";
	char *p = arena_alloc(a, raw.n * 2);

	for (size_t i = 0; i < raw.n; i++) {
		p[2 * i] = hex[(unsigned char)raw.p[i] >> 4];
		p[2 * i + 1] = hex[(unsigned char)raw.p[i] & 15];
	}
	return (struct str){p, raw.n * 2};
}

static struct str plain_value(enum value value, enum template_context context,
	const struct provider_outgoing *o, struct arena *a)
{
	switch (value) {
	case ID:
		return o->id_text;
	case TO:
		return o->to;
	case TO_NO_PLUS:
		return str_from(o->to, str_starts(o->to, STR("+")));
	case FROM:
		return o->from;
	case UNICODE:
		return unicode_of(context, o->ucs2);
	case TEXT_HEX_UTF16BE:
		return hex_of(charset_utf16be(o->text, a), a);
	case TEXT_B64:
		return digest_base64(o->text, a);
	case DLR_URL:
		return o->report_url;
	case VALID_S:
		return arena_printf(a, "%" PRId64, o->valid_s);
	default:
		return o->text;
	}
}

void template_render(const struct template *t,
	const struct provider_outgoing *o, struct arena *a, struct buf *out)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct piece *p = &t->v[i];

		if (p->value == LITERAL)
			buf_put(out, p->literal);
		else if (p->value == TO_NATIONAL)
			put_national(out, t->context, o->to);
		else
			put(out, t->context,
				plain_value(p->value, t->context, o, a));
	}
}
