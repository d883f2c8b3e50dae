/*
 * yaml: the tree of any file has a place for each node, or a fault is named;
 * configuration, replies and rules are then read from it without harm, and
 * are refused only with a reason.
 */
#include "tests/fuzz/fuzz.h"

#include "config/config.h"
#include "config/replies.h"
#include "parsers/ruleset.h"

#define DEPTH_MAX 40

static void check_node(const struct node *n, int depth)
{
	MUST(n->line > 0 && n->col > 0 && depth < DEPTH_MAX);
	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++)
		check_node(n->items[i], depth + 1);
	for (size_t i = 0; n->kind == NODE_MAP && i < n->n; i++) {
		check_node(n->pairs[i].key, depth + 1);
		check_node(n->pairs[i].value, depth + 1);
	}
}

static void check_tree(struct str text, struct diags *d)
{
	struct arena *a = arena_new(16384);
	const struct node *n = node_parse(STR("f"), text, a, d);

	MUST(n != NULL || d->n > 0);
	if (n != NULL)
		check_node(n, 0);
	arena_free(a);
}

static void check_config(struct str text, struct diags *d)
{
	struct config *c = config_load(STR("f"), text, d);

	MUST((c == NULL) == (d->n > 0));
	config_free(c);
}

static void check_replies(struct str text, struct diags *d)
{
	struct replies *r = replies_load(
		STR("vi"), text, STR("en"), config_shipped_replies("en"), d);

	MUST((r == NULL) == (d->n > 0));
	replies_free(r);
}

static void check_rules(struct str text, struct diags *d)
{
	struct ruleset *rs = ruleset_load(STR("f"), text, d);

	MUST(rs != NULL || d->n > 0);
	if (rs != NULL && d->n == 0)
		(void)!ruleset_check(rs, d);
	ruleset_unref(rs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const check[])(struct str text, struct diags * d) = {
		check_tree, check_config, check_replies, check_rules};
	struct str rest = fuzz_text(data, n);
	struct diags *d = diags_new();
	struct buf b;

	check[fuzz_choice(&rest, 4)](rest, d);
	buf_init(&b, (size_t)1 << 20);
	diags_print(d, &b);
	buf_release(&b);
	diags_free(d);
	return 0;
}
