/*
 * settings: a fault anywhere means no settings and every fault told; a reload
 * shares nothing with what it replaces; the last reference frees.
 */
#include "gateway/settings.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TOKEN "0123456789abcdef0123456789abcdef"
#define CONSOLE "  - {name: demo, provider: console, token: " TOKEN "}\n"

struct rig {
	struct diags *d;
	char dir[40];
	char path[4][72];
	int paths;
};

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));

	r->d = diags_new();
	snprintf(r->dir, sizeof(r->dir), "/tmp/bantin-settings-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	while (r->paths > 0)
		unlink(r->path[--r->paths]);
	rmdir(r->dir);
	diags_free(r->d);
	test_free(r);
	return 0;
}

static const char *file_with(struct rig *r, const char *name, const char *text)
{
	char *path = r->path[r->paths++];
	FILE *f;

	snprintf(path, sizeof(r->path[0]), "%s/%s", r->dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return path;
}

static struct settings *load(struct rig *r, const char *text)
{
	return settings_load_text(STR("test.yaml"), str_of(text), r->d);
}

/* The diagnostics hold a line for `file` that says `what`. */
static void says(struct rig *r, const char *file, const char *what)
{
	struct buf b;

	for (size_t i = 0; i < r->d->n; i++)
		if (str_is(r->d->v[i].file, file) &&
			str_find(r->d->v[i].text, str_of(what), 0) >= 0)
			return;
	buf_init(&b, 65536);
	diags_print(r->d, &b);
	fail_msg("nothing about '%s' of %s in:\n%s", what, file, buf_z(&b));
}

static void the_shipped_set_is_whole(void **state)
{
	struct rig *r = *state;
	struct settings *s = load(r, "channels:\n" CONSOLE);

	assert_non_null(s);
	assert_int_equal(r->d->n, 0);
	assert_int_equal(s->channels_n, 1);
	assert_non_null(s->rules);
	assert_non_null(s->replies);
	assert_ptr_equal(settings_channel(s, STR("demo")), &s->channels[0]);
	assert_null(settings_channel(s, STR("Demo")));
	assert_null(settings_channel(s, STR("")));
	assert_true(channel_can_send(&s->channels[0]));
	settings_unref(s);
	settings_unref(NULL);
}

static void a_broken_channel_refuses_all(void **state)
{
	struct rig *r = *state;

	assert_null(
		load(r, "channels:\n" CONSOLE
			"  - {name: x, provider: smsgat, token: " TOKEN "}\n"
			"  - {name: y, provider: smsgate, token: " TOKEN
			", urk: 1, url: \"http://127.0.0.1:1\", username: u, "
			"password: p}\n"));
	says(r, "test.yaml", "smsgat'");
	says(r, "test.yaml", "urk");
}

static void every_fault_of_every_file_is_told(void **state)
{
	struct rig *r = *state;
	const char *rules = file_with(r, "rules.yaml", "intents: [\n");
	const char *vi =
		file_with(r, "replies.vi.yaml", "nothing_of_ours: \"x\"\n");
	const char *en = file_with(r, "replies.en.yaml", "ack: [\n");
	char text[512];

	snprintf(text, sizeof(text),
		"rules: %s\nreplies: %s\nchannels:\n"
		"  - {name: x, provider: nobody, token: " TOKEN "}\n",
		rules, r->dir);
	assert_null(load(r, text));
	says(r, "test.yaml", "nobody");
	says(r, rules, "");
	says(r, vi, "");
	says(r, en, "");
}

static void a_missing_file_is_told(void **state)
{
	struct rig *r = *state;

	assert_null(
		load(r, "rules: /nonexistent/rules.yaml\nchannels:\n"
			"  - {name: x, provider: nobody, token: " TOKEN "}\n"));
	says(r, "/nonexistent/rules.yaml", "");
	says(r, "test.yaml", "nobody");
	assert_null(settings_load("/nonexistent/bantin.yaml", r->d));
	says(r, "/nonexistent/bantin.yaml", "");
}

/* Rules that are well-formed, but whose own example reads otherwise. */
static void an_example_that_fails_refuses_the_rules(void **state)
{
	struct rig *r = *state;
	struct str shipped = config_shipped_rules();
	char *copy = test_calloc(shipped.n + 1, 1), *at;
	char text[256];
	const char *rules;

	memcpy(copy, shipped.p, shipped.n);
	at = strstr(copy, "- {text: \"Stop.\"}");
	assert_non_null(at);
	memcpy(at, "- {text: \"Xyzq.\"}", 18);
	rules = file_with(r, "rules.yaml", copy);
	test_free(copy);
	snprintf(text, sizeof(text), "rules: %s\nchannels:\n" CONSOLE, rules);
	assert_null(load(r, text));
	says(r, rules, "Xyzq.");
}

/* Under the sanitizer: the old set lives for its jobs, the new one without. */
static void a_reload_shares_nothing(void **state)
{
	struct rig *r = *state;
	const char *path = file_with(r, "bantin.yaml", "channels:\n" CONSOLE);
	struct settings *old = settings_load(path, r->d), *fresh, *job;

	assert_non_null(old);
	job = settings_ref(old);
	assert_ptr_equal(job, old);
	fresh = settings_load(path, r->d);
	assert_non_null(fresh);
	assert_ptr_not_equal(fresh, old);
	assert_ptr_not_equal(fresh->rules, old->rules);
	assert_ptr_not_equal(fresh->channels[0].state, old->channels[0].state);
	assert_ptr_not_equal(
		fresh->channels[0].name.p, old->channels[0].name.p);
	settings_unref(old);
	assert_true(str_is(job->channels[0].name, "demo"));
	assert_true(ruleset_version(job->rules).n > 0);
	settings_unref(job);
	assert_true(str_is(fresh->channels[0].name, "demo"));
	settings_unref(fresh);
}

static void *ref_and_drop(void *arg)
{
	for (int i = 0; i < 20000; i++)
		settings_unref(settings_ref(arg));
	settings_unref(arg);
	return NULL;
}

static void references_are_counted_across_threads(void **state)
{
	struct settings *s = load(*state, "channels:\n" CONSOLE);
	pthread_t t[2];

	assert_non_null(s);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&t[i], NULL, ref_and_drop,
					 settings_ref(s)),
			0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_join(t[i], NULL), 0);
	assert_int_equal(atomic_load(&s->refs), 1);
	settings_unref(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_shipped_set_is_whole),
		TEST(a_broken_channel_refuses_all),
		TEST(every_fault_of_every_file_is_told),
		TEST(a_missing_file_is_told),
		TEST(an_example_that_fails_refuses_the_rules),
		TEST(a_reload_shares_nothing),
		TEST(references_are_counted_across_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
