/*
 * xdoc - paths, text, attributes, prefixes; broken, deep, wide and hostile
 * documents.
 */
#include "gateway/base/buf.h"
#include "gateway/base/xdoc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_paths(void **unused)
{
	static const char doc[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- x -->\n"
		"<s:m xmlns:s='u' s:id=' 7 ' b='&lt;&#x1ecd;'>top"
		"<a>one<i/> and </a>mid<a n='2'> two\n<c>deep</c></a>"
		"<t><![CDATA[<họp> & ]]>x&amp;y</t><e/><e></e> end</s:m>";
	static const struct {
		const char *path, *want; /* NULL: absent */
	} t[] = {
		{"", "topmid end"},
		{"@id", " 7 "},
		{"@b", "<ọ"},
		{"@c", NULL},
		{"a", "one and"},
		{"a[0]", "one and"},
		{"a[1]", "two"},
		{"a[1].c", "deep"},
		{"a.c", NULL},
		{"a[1].@n", "2"},
		{"a.@n", NULL},
		{"a[2]", NULL},
		{"a[99999999999999999999]", NULL},
		{"a[-1]", NULL},
		{"a[", NULL},
		{"t", "<họp> & x&y"},
		{"e", ""},
		{"e[1]", ""},
		{"m", NULL},
		{".", NULL},
		{"a.", NULL},
		{"@", NULL},
	};
	struct arena *a = arena_new(1024);
	struct err err = {""};
	const struct xdoc *v = xdoc_parse(str_of(doc), a, &err);

	(void)unused;
	assert_non_null(v);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str s = xdoc_text(v, t[i].path);

		if (t[i].want == NULL)
			assert_null(s.p);
		else
			assert_string_equal(arena_z(a, s), t[i].want);
	}
	v = xdoc_at(v, "a");
	assert_string_equal(arena_z(a, xdoc_text(xdoc_next(v), "@n")), "2");
	assert_null(xdoc_next(xdoc_next(v)));
	arena_free(a);
}

static void test_encodings(void **unused)
{
	static const struct {
		struct str doc;
		const char *want;
	} t[] = {
		{STR("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE0</a>"),
			"à"},
		{STR("\xFE\xFF\0<\0a\0>\x1E\xCD\0<\0/\0a\0>"), "ọ"},
		{STR("\xEF\xBB\xBF<a>b</a>"), "b"},
	};
	struct arena *a = arena_new(1024);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct xdoc *v = xdoc_parse(t[i].doc, a, NULL);

		assert_non_null(v);
		assert_string_equal(arena_z(a, xdoc_text(v, "")), t[i].want);
	}
	arena_free(a);
}

static void test_broken(void **unused)
{
	static const struct {
		struct str doc;
		const char *says;
	} t[] = {
		{STR(""), "line 1, column 1"},
		{STR("x"), "line 1, column 1"},
		{STR("<a>"), "no element found"},
		{STR("<a></b>"), "mismatched tag"},
		{STR("<a>\n  <b></a>"), "line 2, column 8"},
		{STR("<a/><b/>"), "after document element"},
		{STR("<a>\xFF</a>"), "invalid token"},
		{STR("<a>\0</a>"), "invalid token"},
		{STR("<a>&b;</a>"), "undefined entity"},
		{STR("<a b='1' b='2'/>"), "duplicate attribute"},
		{STR("<?xml version='1.0' encoding='windows-1258'?><a/>"),
			"unknown encoding"},
		{STR("<!DOCTYPE a><a/>"), "document type"},
		{STR("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
			"document type"},
		{STR("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
			"document type"},
	};
	struct arena *a = arena_new(1024);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct err err = {""};

		assert_null(xdoc_parse(t[i].doc, a, &err));
		assert_non_null(strstr(err.text, t[i].says));
	}
	arena_free(a);
}

/* n times: before, then n times: behind. */
static const struct xdoc *parse_many(
	struct arena *a, int n, const char *before, const char *behind)
{
	const struct xdoc *v;
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_putz(&b, "<r>");
	for (int i = 0; i < n; i++)
		buf_putz(&b, before);
	for (int i = 0; i < n; i++)
		buf_putz(&b, behind);
	buf_putz(&b, "</r>");
	v = xdoc_parse(buf_str(&b), a, NULL);
	buf_release(&b);
	return v;
}

static void test_limits(void **unused)
{
	struct arena *a = arena_new(1024);
	const struct xdoc *v;

	(void)unused;
	assert_non_null(parse_many(a, XDOC_DEPTH_MAX - 1, "<a>", "</a>"));
	assert_null(parse_many(a, XDOC_DEPTH_MAX, "<a>", "</a>"));
	assert_non_null(parse_many(a, XDOC_PARTS_MAX - 1, "<a/>", ""));
	assert_null(parse_many(a, XDOC_PARTS_MAX, "<a/>", ""));
	assert_null(parse_many(a, XDOC_PARTS_MAX / 2, "<a b='c'/>", ""));
	/* Text in very many pieces, each a call of its own. */
	v = parse_many(a, 300000, "&#65;", "");
	assert_int_equal(xdoc_text(v, "").n, 300000);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
