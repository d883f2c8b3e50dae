/*
 * Every wrong file in tests/golden/config/ gives just the faults that stand
 * beside it in a .diags file. To add one, write the YAML and run this with
 * GOLDEN=write; then read what it wrote.
 */
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#define DIR "tests/golden/config/"
#define FILE_MAX (1U << 20)

/* Stands for a provider's own table. */
struct own {
	struct str flavor;
};

static const struct option own_option[] = {
	{.name = "flavor",
		.type = OPTION_TEXT,
		.required = true,
		.help = "Taste.",
		.offset = offsetof(struct own, flavor)},
};

static void load(const char *path, struct arena *a, struct diags *d)
{
	struct str text, name = str_from(str_of(path), sizeof(DIR) - 1);
	struct own own = {0};
	struct option_table table = OPTION_TABLE(own_option, &own);
	struct config *c;
	struct err err;
	int rc = 0;

	assert_int_equal(config_read_file(path, FILE_MAX, a, &text, &err), 0);
	c = config_load(name, text, d);
	for (size_t i = 0; c != NULL && i < c->channels_n; i++)
		rc |= config_channel_open(&c->channels[i], &table, a, d);
	assert_true(c == NULL ? d->n > 0 : (rc != 0) == (d->n > 0));
	config_free(c);
}

static void compare(const char *path, struct arena *a, const struct buf *got)
{
	struct str base = str_part(str_of(path), 0, strlen(path) - 5);
	char *want_path =
		arena_z(a, arena_printf(a, STR_FMT ".diags", STR_ARG(base)));
	const char *mode = getenv("GOLDEN");
	struct str want;
	struct err err;
	FILE *f;

	if (mode != NULL && strcmp(mode, "write") == 0) {
		f = fopen(want_path, "we");
		assert_non_null(f);
		assert_int_equal(fwrite(got->p, 1, got->n, f), got->n);
		assert_int_equal(fclose(f), 0);
		return;
	}
	if (config_read_file(want_path, FILE_MAX, a, &want, &err) < 0)
		fail_msg("%s", err.text);
	if (!str_eq(want, buf_str(got)))
		fail_msg("%s: got\n" STR_FMT "expected\n" STR_FMT, path,
			STR_ARG(buf_str(got)), STR_ARG(want));
}

static void test_golden(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob(DIR "*.yaml", 0, NULL, &found), 0);
	assert_true(found.gl_pathc > 20);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct arena *a = arena_new(4096);
		struct diags *d = diags_new();
		struct buf got;

		buf_init(&got, FILE_MAX);
		load(found.gl_pathv[i], a, d);
		diags_print(d, &got);
		assert_true(got.n > 0);
		compare(found.gl_pathv[i], a, &got);
		buf_release(&got);
		diags_free(d);
		arena_free(a);
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
