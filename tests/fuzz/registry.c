/*
 * registry: three CSV files of any bytes are imported as a whole or not at
 * all, and then with a reason; importing them a second time changes nothing
 * that is counted.
 */
#include "tests/fuzz/fuzz.h"

#include "gateway/store/registry.h"

#define NOW_MS INT64_C(1794000000000)

static struct store *store;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err;

	(void)argc;
	(void)argv;
	store = store_open("", STORE_MEMORY, &err);
	MUST(store != NULL);
	return 0;
}

static void check_again(
	const struct registry_files *f, const struct registry_counts *before)
{
	struct diags *d = diags_new();
	struct registry_counts n;

	MUST(registry_import(store, f, NOW_MS, &n, d) == 0);
	MUST(n.units == before->units && n.members == before->members);
	MUST(n.roles == before->roles);
	diags_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = fuzz_text(data, n);
	struct registry_files f = {.dir = STR("d")};
	struct diags *d = diags_new();
	struct registry_counts counts;

	f.units = fuzz_part(&rest);
	f.members = fuzz_part(&rest);
	f.roles = fuzz_part(&rest);
	MUST(store_begin(store) == 0);
	if (registry_import(store, &f, NOW_MS, &counts, d) == 0)
		check_again(&f, &counts);
	else
		MUST(d->n > 0);
	store_rollback(store);
	diags_free(d);
	return 0;
}
