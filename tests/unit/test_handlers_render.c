/*
 * test_handlers_render - do all shipped texts keep to their budgets?
 *
 * The shipped files must pass render_check(); files with a fault of each kind
 * must not. Values are put in by name, in the contact's language.
 */
#include "handlers/render.h"

#include "config/config.h"
#include "parsers/segment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

struct rig {
	struct diags *diags;
	struct arena *arena;
	struct replies *replies;
};

static struct rig rig_of(struct str vi, struct str en)
{
	struct rig r = {diags_new(), arena_new(4096), NULL};

	r.replies = replies_load(STR("vi"), vi, STR("en"), en, r.diags);
	assert_non_null(r.replies);
	return r;
}

static struct rig shipped(void)
{
	return rig_of(
		config_shipped_replies("vi"), config_shipped_replies("en"));
}

static void release(struct rig *r)
{
	replies_free(r->replies);
	arena_free(r->arena);
	diags_free(r->diags);
}

/* The shipped Vietnamese file with one text exchanged. */
static struct str changed(struct arena *a, const char *from, const char *to)
{
	struct str file = config_shipped_replies("vi");
	ptrdiff_t at = str_find(file, str_of(from), 0);

	assert_true(at >= 0);
	return arena_printf(a, STR_FMT "%s" STR_FMT,
		STR_ARG(str_part(file, 0, (size_t)at)), to,
		STR_ARG(str_from(file, (size_t)at + strlen(from))));
}

static void test_shipped_texts_pass(void **state)
{
	struct rig r = shipped();
	struct buf out;

	(void)state;
	buf_init(&out, 100000);
	if (render_check(r.replies, r.diags) != 0) {
		diags_print(r.diags, &out);
		fail_msg("%s", buf_z(&out));
	}
	buf_release(&out);
	release(&r);
}

static void test_faults_are_named(void **state)
{
	static const struct {
		const char *to, *says;
	} v[] = {
		{"Chi bộ {report}: {figures}.", "forbidden word 'chi bộ'"},
		{"DANG: {report} {figures}.", "forbidden word 'Đảng'"},
		{"{report}: {figures}. Đúng thì trả lời 1, còn nếu mà sai thì "
		 "hãy soạn SUA kèm số đúng",
			"UCS-2"},
		{"{report} {figures} {report} {figures} {report} {figures} "
		 "{report} {figures} {report} {figures}",
			"its budget is 1"},
	};
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct rig r = rig_of(changed(a,
					      "{report}: {figures}. Dung tra"
					      " loi 1, sai soan SUA",
					      v[i].to),
			config_shipped_replies("en"));

		assert_int_equal(render_check(r.replies, r.diags), -1);
		assert_int_equal(r.diags->n, 1);
		assert_true(r.diags->v[0].line > 1);
		assert_true(str_find(r.diags->v[0].text, str_of(v[i].says),
				    0) >= 0);
		release(&r);
	}
	arena_free(a);
}

struct place {
	int line, col;
};

/* The text of a key, with a word before it: and where
 * that stands. */
static struct str spoilt(struct arena *a, struct str file, const char *key,
	const char *word, struct place *ret)
{
	struct str head = arena_printf(a, "\n  %s: \"", key);
	ptrdiff_t at = str_find(file, head, 0);

	assert_true(at >= 0);
	at += (ptrdiff_t)head.n;
	ret->line = 2;
	for (ptrdiff_t i = 0; i < at - (ptrdiff_t)head.n; i++)
		ret->line += file.p[i] == '\n';
	ret->col = (int)head.n + 2; /* behind "x "; head begins a line early */
	return arena_printf(a, STR_FMT "x %s " STR_FMT,
		STR_ARG(str_part(file, 0, (size_t)at)), word,
		STR_ARG(str_from(file, (size_t)at)));
}

#define AT_ONCE 16 /* texts in one file: as many faults are told apart */

static void assert_found(const struct rig *r, const char *key,
	const char *language, const struct place *at)
{
	for (size_t k = 0; k < r->diags->n; k++)
		if (r->diags->v[k].line == at->line &&
			r->diags->v[k].col == at->col &&
			str_is(r->diags->v[k].file, language) &&
			str_find(r->diags->v[k].text, STR("'chi ủy'"), 0) > 0)
			return;
	fail_msg("%s of %s passes", key, language);
}

static void assert_neutral(const struct replies_key *keys, size_t n, bool en)
{
	struct arena *a = arena_new(1 << 20);
	struct str vi = config_shipped_replies("vi");
	struct str other = config_shipped_replies("en");
	struct str *file = en ? &other : &vi;
	struct place at[AT_ONCE];
	struct rig r;

	for (size_t i = 0; i < n; i++)
		*file = spoilt(a, *file, keys[i].key, "chi uy", &at[i]);
	r = rig_of(vi, other);
	assert_int_equal(render_check(r.replies, r.diags), -1);
	for (size_t i = 0; i < n; i++)
		assert_found(&r, keys[i].key, en ? "en" : "vi", &at[i]);
	release(&r);
	arena_free(a);
}

/* Whatever the program can send, by itself too, is looked at, and the place of
 * the word is told. */
static void test_every_text_is_neutral(void **state)
{
	const struct replies_key *keys;
	size_t n;

	(void)state;
	keys = replies_keys(&n);
	for (size_t i = 0; i < n; i += AT_ONCE) {
		size_t some = n - i < AT_ONCE ? n - i : AT_ONCE;

		assert_neutral(keys + i, some, false);
		assert_neutral(keys + i, some, true);
	}
}

/* Another word that looks the same without diacritics. */
static void test_harmless_phrases(void **state)
{
	static const struct {
		const char *to;
		int rc;
	} v[] = {
		{"Dang ky x", 0},
		{"Da dang ky, dang cho", 0},
		{"dang kyx", -1},
		{"Dang hai", -1},
		{"Da dang ky. Bi thu", -1},
		{"Đảng", -1},
	};
	struct arena *a = arena_new(65536);

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct rig r = rig_of(
			changed(a, "Dung tra loi 1, sai soan SUA", v[i].to),
			config_shipped_replies("en"));

		assert_int_equal(render_check(r.replies, r.diags), v[i].rc);
		release(&r);
	}
	arena_free(a);
}

/* "dang" inside another word is no fault. */
static void test_words_are_whole(void **state)
{
	struct arena *a = arena_new(4096);
	struct rig r =
		rig_of(changed(a, "Dung tra loi 1, sai soan SUA", "Dangky x"),
			config_shipped_replies("en"));

	(void)state;
	assert_int_equal(render_check(r.replies, r.diags), 0);
	release(&r);
	arena_free(a);
}

static void test_values_by_name(void **state)
{
	struct rig r = shipped();
	struct reply reply = {.key = "report_echo"};

	(void)state;
	reply_arg(&reply, "unused", STR("x"));
	reply_arg(&reply, "figures", STR("TS47 CM35 VP10 VK2"));
	reply_arg(&reply, "report", STR("MG07 5/11"));
	assert_true(str_is(render_reply(r.replies, &reply, STR("vi"), r.arena),
		"MG07 5/11: TS47 CM35 VP10 VK2. Dung tra loi 1, sai soan SUA"));
	assert_true(str_is(render_reply(r.replies, &reply, STR("en"), r.arena),
		"MG07 5/11: TS47 CM35 VP10 VK2. If right answer 1, else text "
		"SUA"));
	assert_true(
		str_starts(render_reply(r.replies, &reply, STR("hmn"), r.arena),
			STR("MG07 5/11: TS47 CM35 VP10 VK2. Dung")));
	release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped_texts_pass),
		cmocka_unit_test(test_faults_are_named),
		cmocka_unit_test(test_words_are_whole),
		cmocka_unit_test(test_every_text_is_neutral),
		cmocka_unit_test(test_harmless_phrases),
		cmocka_unit_test(test_values_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
