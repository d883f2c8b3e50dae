/*
 * bantin.yaml as a whole: defaults, what is derived from what, channels, and
 * the files that come with bantin.
 */
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TOKEN "0123456789abcdef0123456789abcdef"

static struct config *load(const char *yaml)
{
	struct diags *d = diags_new();
	struct config *c = config_load(STR("f.yaml"), str_of(yaml), d);
	struct buf b;

	buf_init(&b, 65536);
	diags_print(d, &b);
	if (b.n > 0)
		fail_msg("%s", buf_z(&b));
	buf_release(&b);
	diags_free(d);
	return c;
}

static void test_default(void **state)
{
	struct config *c = config_default();

	(void)state;
	assert_true(str_is(c->listen, "127.0.0.1:8080"));
	assert_true(str_is(c->admin_listen, "127.0.0.1:8080"));
	assert_true(str_is(c->database, ":memory:"));
	assert_false(c->simulator);
	assert_int_equal(c->utc_offset, 7);
	assert_int_equal(c->window_from, 7 * 60);
	assert_int_equal(c->window_to, 21 * 60);
	assert_int_equal(c->report.look_back_days, 45);
	assert_int_equal(c->report.join_window_days, 7);
	assert_int_equal(c->question.valid_h, 24);
	assert_int_equal(c->question.max_tries, 2);
	assert_int_equal(c->monthly.report_due_days, 2);
	assert_int_equal(c->invite.reminders, 1);
	assert_int_equal(c->limits.per_second, 0);
	assert_int_equal(c->channels_n, 0);
	assert_null(c->replies_vi.p);
	assert_null(c->rules.p);
	config_free(c);
	config_free(NULL);
}

static void test_file(void **state)
{
	struct config *c = load("listen: \"[::1]:0\"\n"
				"admin_listen: 0.0.0.0:65535\n"
				"public_url: https://sms.example.vn/a//\n"
				"replies: texts/\n"
				"send_window: 00:00-24:00\n"
				"holidays: [2028-02-29, 02-29, 12-31]\n"
				"tls: {certificate: a.pem, key: b.pem}\n"
				"metrics_token: " TOKEN "\n");

	(void)state;
	assert_true(str_is(c->file, "f.yaml"));
	assert_true(str_is(c->database, "var/bantin.db"));
	assert_true(str_is(c->admin_listen, "0.0.0.0:65535"));
	assert_true(str_is(c->public_url, "https://sms.example.vn/a"));
	assert_true(str_is(c->replies_vi, "texts/replies.vi.yaml"));
	assert_true(str_is(c->replies_en, "texts/replies.en.yaml"));
	assert_int_equal(c->window_from, 0);
	assert_int_equal(c->window_to, 1440);
	assert_int_equal(c->holidays.n, 3);
	assert_true(str_is(c->tls_key, "b.pem"));
	config_free(c);
}

static void test_channels(void **state)
{
	struct config *c =
		load("limits: {per_second: 10, per_day: 500}\n"
		     "channels:\n"
		     "  - {name: a-1, provider: console, token: " TOKEN ",\n"
		     "     number: +84900000001, own: {key: 1}}\n"
		     "  - {name: b_2, provider: generic, fold: keep,\n"
		     "     number: ['8077', +84900000002], max_in_flight: 3,\n"
		     "     limits: {per_day: 20, per_hour: 0}}\n");
	const struct config_channel *ch = c->channels;
	const struct str *number;

	(void)state;
	assert_int_equal(c->channels_n, 2);
	assert_true(str_is(ch[0].name, "a-1"));
	assert_true(str_is(ch[0].provider, "console"));
	assert_true(str_is(ch[0].token, TOKEN));
	assert_int_equal(ch[0].fold, 2);
	assert_int_equal(ch[0].max_in_flight, 8);
	assert_false(ch[0].has_limits);
	assert_int_equal(ch[0].limits.per_second, 10);
	assert_int_equal(ch[0].limits.per_day, 500);
	assert_non_null(node_get(ch[0].node, "own"));
	number = ch[0].numbers.v;
	assert_true(str_is(number[0], "+84900000001"));
	assert_null(ch[1].token.p);
	assert_int_equal(ch[1].fold, 0);
	assert_true(ch[1].has_limits);
	assert_int_equal(ch[1].limits.per_second, 10);
	assert_int_equal(ch[1].limits.per_day, 20);
	assert_int_equal(ch[1].numbers.n, 2);
	assert_int_equal(ch[1].max_in_flight, 3);
	config_free(c);
}

static void test_no_channels(void **state)
{
	struct config *c = load("channels:\n  # all commented out\n");

	(void)state;
	assert_int_equal(c->channels_n, 0);
	config_free(c);
}

static void test_set(void **state)
{
	struct config *c = config_default();
	struct err err;

	(void)state;
	assert_int_equal(
		config_set(c, STR("monthly.report_due_days"), STR("5"), &err),
		0);
	assert_int_equal(c->monthly.report_due_days, 5);
	assert_int_equal(
		config_set(c, STR("send_window"), STR("08:00-20:30"), &err), 0);
	assert_int_equal(c->window_to, 20 * 60 + 30);
	assert_int_equal(
		config_set(c, STR("holidays"), STR("02-30"), &err), -1);
	assert_string_equal(err.text,
		"'holidays' takes days as 2026-02-17, or 04-30 for every "
		"year, not '02-30'");
	assert_int_equal(config_set(c, STR("monthly.due"), STR("5"), &err), -1);
	config_free(c);
}

/* The sample of all options says the defaults. */
static void test_sample(void **state)
{
	const struct option *o;
	struct config *c;
	struct buf b;
	size_t n;

	(void)state;
	o = config_options(&n);
	buf_init(&b, 65536);
	option_sample(o, n, 0, &b);
	c = load(buf_z(&b));
	assert_true(str_is(c->listen, "127.0.0.1:8080"));
	assert_int_equal(c->http.max_body, 1 << 20);
	assert_int_equal(c->outbox.max_attempts, 20);
	config_free(c);
	buf_release(&b);
}

/* Every option can be explained, and every default is one that it takes. */
static void assert_table(const struct option *o, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_true(str_ends(str_of(o[i].help), STR(".")));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(o[i].name, o[k].name);
	}
}

static void test_tables(void **state)
{
	const struct option *o;
	size_t n;

	(void)state;
	o = config_options(&n);
	assert_table(o, n);
	o = config_channel_options(&n);
	assert_table(o, n);
}

static void test_read_file(void **state)
{
	static const char path[] = "config/bantin.yaml";
	struct arena *a = arena_new(1024);
	struct str text;
	struct err err;
	struct config *c;

	(void)state;
	assert_int_equal(config_read_file(path, 65536, a, &text, &err), 0);
	c = load(arena_z(a, text));
	assert_true(c->simulator);
	assert_int_equal(c->channels_n, 1);
	assert_true(str_is(c->channels[0].provider, "console"));
	config_free(c);
	assert_int_equal(config_read_file(path, text.n, a, &text, &err), 0);
	assert_int_equal(
		config_read_file(path, text.n - 1, a, &text, &err), -1);
	assert_true(str_starts(
		str_of(err.text), STR("config/bantin.yaml: has more than")));
	assert_int_equal(
		config_read_file("config/none", 1, a, &text, &err), -1);
	assert_string_equal(err.text,
		"config/none: cannot be opened: No such file or directory");
	assert_int_equal(config_read_file("config", 1, a, &text, &err), -1);
	assert_string_equal(err.text, "config: cannot be read: Is a directory");
	arena_free(a);
}

/* What is inside the binary is what stands in the folder. */
static void assert_shipped(struct str inside, const char *path)
{
	struct arena *a = arena_new(1024);
	struct str text;
	struct err err;

	assert_int_equal(config_read_file(path, 1 << 22, a, &text, &err), 0);
	assert_true(str_eq(inside, text));
	arena_free(a);
}

static void test_shipped(void **state)
{
	(void)state;
	assert_shipped(config_shipped_rules(), "config/rules.yaml");
	assert_shipped(config_shipped_replies("vi"), "config/replies.vi.yaml");
	assert_shipped(config_shipped_replies("en"), "config/replies.en.yaml");
}

/* Hamlet MG07 of the demo: 47 on the roll, ten of them away. */
static void test_demo(void **state)
{
	struct arena *a = arena_new(1024);
	struct str text, line;
	int roll = 0, away = 0;
	struct err err;

	(void)state;
	assert_int_equal(config_read_file("config/demo/registry/members.csv",
				 1 << 20, a, &text, &err),
		0);
	while (str_next(&text, '\n', &line)) {
		bool ours = str_starts(line, STR("MG07,"));

		roll += ours;
		away += ours && str_find(line, STR(",away,"), 0) > 0;
	}
	assert_int_equal(roll, 47);
	assert_int_equal(away, 10);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_no_channels),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_read_file),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_demo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
