/*
 * json: what was read and written is read and written the same again; forms
 * likewise; bad UTF-8 never gets through.
 */
#include "tests/fuzz/fuzz.h"

#include "gateway/base/form.h"
#include "gateway/base/jdoc.h"
#include "gateway/model/field.h"
#include "gateway/providers/record.h"

#define TEXT_MAX ((size_t)1 << 20)

static void check_fields(const struct jdoc *doc, struct arena *a)
{
	struct fields f, again;
	struct jdoc *out, *out_again;
	struct err err;

	memset(&f, 0, sizeof(f));
	memset(&again, 0, sizeof(again));
	if (!jdoc_is_object(doc) || fields_from_json(doc, a, &f, &err) != 0)
		return;
	out = fields_to_json(&f);
	MUST(fields_from_json(out, a, &again, &err) == 0);
	out_again = fields_to_json(&again);
	MUST(str_eq(jdoc_print(out, a), jdoc_print(out_again, a)));
	jdoc_free(out_again);
	jdoc_free(out);
}

static void check_json(struct str path, struct str text, struct arena *a)
{
	struct err err = {""};
	struct jdoc *doc = jdoc_parse(text, &err), *again;
	struct str once;
	int64_t i;
	bool b;

	if (doc == NULL) {
		MUST(err.text[0] != '\0');
		return;
	}
	once = jdoc_print(doc, a);
	MUST(str_is_utf8(once));
	again = jdoc_parse(once, &err);
	MUST(again != NULL);
	MUST(str_eq(jdoc_print(again, a), once));
	if (record_is_path(path)) {
		const struct jdoc *v = jdoc_at(doc, arena_z(a, path));

		(void)jdoc_text(v, a);
		(void)jdoc_int(v, &i);
		(void)jdoc_bool(v, &b);
	}
	check_fields(doc, a);
	jdoc_free(again);
	jdoc_free(doc);
}

static void check_form(struct str text, struct arena *a)
{
	struct form once, twice;
	struct buf b;

	(void)form_unescape_path(a, text);
	if (form_parse(a, text, &once) != 0)
		return;
	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < once.n; i++) {
		if (i > 0)
			buf_putc(&b, '&');
		form_escape(&b, once.v[i].key);
		buf_putc(&b, '=');
		form_escape(&b, once.v[i].value);
	}
	MUST(form_parse(a, buf_str(&b), &twice) == 0);
	for (size_t i = 0; i < once.n && once.n == twice.n; i++) {
		MUST(str_eq(once.v[i].key, twice.v[i].key));
		MUST(str_eq(once.v[i].value, twice.v[i].value));
	}
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(4096);
	struct str text = fuzz_text(data, n), rest = text, path;

	path = fuzz_part(&rest);
	check_json(path, rest, a);
	check_json(STR("a"), text, a);
	check_form(text, a);
	arena_free(a);
	return 0;
}
