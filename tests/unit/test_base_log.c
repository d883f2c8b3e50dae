/*
 * log and clock: what stands on stderr, read back through a pipe.
 */
#include "gateway/base/clock.h"
#include "gateway/base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

struct capture {
	int saved, pipe[2];
	char text[16384];
};

static void capture_begin(struct capture *c)
{
	assert_int_equal(pipe(c->pipe), 0);
	c->saved = dup(STDERR_FILENO);
	assert_true(c->saved >= 0);
	assert_true(dup2(c->pipe[1], STDERR_FILENO) >= 0);
}

static void capture_end(struct capture *c)
{
	size_t n = 0;
	ssize_t got;

	assert_true(dup2(c->saved, STDERR_FILENO) >= 0);
	(void)close(c->saved);
	(void)close(c->pipe[1]);
	while ((got = read(c->pipe[0], c->text + n, sizeof(c->text) - 1 - n)) >
		0)
		n += (size_t)got;
	c->text[n] = '\0';
	(void)close(c->pipe[0]);
}

/* The line without its time, which is checked for its form. */
static const char *after_time(const struct capture *c)
{
	static const char form[] = "ts=0000-00-00T00:00:00.000Z ";

	for (size_t i = 0; form[i] != '\0'; i++) {
		char got = c->text[i];

		assert_true(form[i] == '0' ? got >= '0' && got <= '9'
					   : got == form[i]);
	}
	return c->text + sizeof(form) - 1;
}

static void writes_logfmt(void **state)
{
	struct capture c;

	(void)state;
	capture_begin(&c);
	log_info("stored", LOG_I("message", -17),
		LOG_PHONE("from", STR("+84900000012")), LOG_Z("state", "done"));
	capture_end(&c);
	assert_string_equal(after_time(&c),
		"level=info event=stored message=-17 from=+8490***012 "
		"state=done\n");
}

static void quotes(void **state)
{
	static const struct {
		struct str value;
		const char *want;
	} row[] = {
		{STR("a/b:c,d"), "a/b:c,d"},
		{STR(""), "\"\""},
		{{NULL, 0}, "\"\""},
		{STR("two words"), "\"two words\""},
		{STR("a=b"), "\"a=b\""},
		{STR("say \"x\""), "\"say \\\"x\\\"\""},
		{STR("c:\\d"), "\"c:\\\\d\""},
		{STR("a\nlevel=error"), "\"a\\nlevel=error\""},
		{STR("\x1b[31m\x7f"), "\"\\x1b[31m\\x7f\""},
		{STR("a\0b"), "\"a\\x00b\""},
		{STR("Giôn"), "\"Giôn\""},
		{STR("\xff\xe1\xba"), "\"\\xff\\xe1\\xba\""},
	};
	struct capture c;
	char want[128];

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		capture_begin(&c);
		log_warn("e", LOG_S("k", row[i].value));
		capture_end(&c);
		(void)snprintf(want, sizeof(want), "level=warn event=e k=%s\n",
			row[i].want);
		assert_string_equal(after_time(&c), want);
	}
}

static void cuts_what_is_too_long(void **state)
{
	char big[2000], control[600];
	const struct log_field fields[] = {
		LOG_S("a", ((struct str){control, sizeof(control)})),
		LOG_S("b", ((struct str){control, sizeof(control)})),
		LOG_S("c", ((struct str){control, sizeof(control)})),
		LOG_I("d", 1),
		{.type = LOG_T_END},
	};
	struct capture c;

	(void)state;
	memset(big, 'x', sizeof(big));
	memset(control, '\x01', sizeof(control));
	capture_begin(&c);
	log_error("e", LOG_S("k", ((struct str){big, sizeof(big)})));
	capture_end(&c);
	assert_int_equal(strlen(after_time(&c)),
		strlen("level=error event=e k=\"\"...\n") + 500);
	assert_non_null(strstr(c.text, "xx...\"\n"));
	capture_begin(&c);
	log_write(LOG_ERROR, "e", fields);
	capture_end(&c);
	assert_true(strlen(c.text) < 4096);
	assert_non_null(strstr(c.text, " b=\""));
	assert_null(strstr(c.text, " c="));
	assert_non_null(strstr(c.text, "...\" cut=1\n"));
}

static void masks(void **state)
{
	static const char *const row[][2] = {
		{"+84912345678", "+8491***678"},
		{"+849000000000000000000007", "+8490***007"},
		{"1234567", "1***567"},
		{"12345678", "12***678"},
		{"123456", "***"},
		{"8049", "***"},
		{"", "***"},
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++)
		assert_string_equal(
			log_phone_mask(str_of(row[i][0])).z, row[i][1]);
	assert_string_equal(log_phone_mask((struct str){NULL, 0}).z, "***");
}

static void dies(void **state)
{
	struct capture c;
	int status;
	pid_t pid;

	(void)state;
	capture_begin(&c);
	pid = fork();
	if (pid == 0) {
		die("bantin.yaml:%d: no", 7);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	capture_end(&c);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_string_equal(c.text, "bantin.yaml:7: no\n");
}

static void clock_runs(void **state)
{
	int64_t mono = clock_mono_us(&clock_system);

	(void)state;
	assert_true(clock_wall_ms(&clock_system) > INT64_C(1700000000000));
	assert_true(clock_mono_us(&clock_system) >= mono);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_logfmt),
		cmocka_unit_test(quotes),
		cmocka_unit_test(cuts_what_is_too_long),
		cmocka_unit_test(masks),
		cmocka_unit_test(dies),
		cmocka_unit_test(clock_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
