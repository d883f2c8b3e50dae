/*
 * files: whatever stands in a file of smsd, it is a message with an id and a
 * text in UTF-8, a report that names a text, something for later, or refused
 * with a reason, the same each time; and keys can be names of files.
 */
#include "tests/fuzz/fuzz.h"

#include "gateway/providers/provider.h"

#define NOW_MS INT64_C(1795341255000)

static struct str known(void *arg, struct str key, struct arena *a)
{
	const struct str *about = arg;

	(void)a;
	MUST(key.n > 0 && key.n <= 200 && key.p[0] != '.');
	MUST(str_find_byte(key, '/', 0) < 0 && str_is_utf8(key));
	return *about;
}

static void check_messages(const struct provider_inbound *in)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct message *m = &in->v[i];

		MUST(m->provider_id.n > 0);
		MUST(m->provider_id.n <= PROVIDER_ID_MAX);
		MUST(m->text.p != NULL && m->text.n <= PROVIDER_RAW_TEXT_MAX);
		MUST(m->text.n == 0 || str_is_utf8(m->text));
		MUST(m->from.n == 0 || str_is_utf8(m->from));
		MUST(m->to.n == 0 || str_is_utf8(m->to));
		MUST((m->part_total > 0) == (m->part_ref.n > 0));
	}
}

static void check_reports(const struct provider_inbound *in, struct arena *a)
{
	for (size_t i = 0; i < in->reports_n; i++) {
		const struct provider_report *r = &in->reports[i];

		MUST(r->own.n > 0 || r->ref.n > 0);
		MUST(r->own.n <= PROVIDER_ID_MAX);
		MUST(r->ref.n <= PROVIDER_ID_MAX);
		MUST(r->own.n == 0 || str_is_utf8(r->own));
		MUST(r->said.n == 0 || str_is_utf8(r->said));
		MUST(r->part >= 0 && r->part <= r->parts);
	}
	for (size_t i = 0; i < in->keys_n; i++)
		(void)known(&(struct str){NULL, 0}, in->keys[i], a);
}

static void check_file(struct str rest, void *state, struct arena *a)
{
	const struct provider *p = provider_find(STR("smstools"));
	struct provider_inbound one, two;
	struct str about;
	struct provider_file f = {
		.name = STR("GSM1.fNdO2y"), .known = known, .arg = &about};
	struct provider_request r = {.now_ms = NOW_MS, .file = &f};

	f.kind = (enum provider_file_kind)fuzz_choice(
		&rest, PROVIDER_FILE_KIND_N);
	f.fresh = fuzz_choice(&rest, 2) != 0;
	about = fuzz_part(&rest);
	r.body = rest;
	p->parse_inbound(state, &r, a, &one);
	p->parse_inbound(state, &r, a, &two);
	MUST(one.event == two.event && one.n == two.n);
	MUST(one.event != PROVIDER_LATER || f.fresh);
	MUST(one.event != PROVIDER_UNREADABLE || one.err.text[0] != '\0');
	MUST((one.event == PROVIDER_MESSAGES) == (one.n > 0));
	MUST((one.event == PROVIDER_REPORTS) == (one.reports_n > 0));
	check_messages(&one);
	check_reports(&one, a);
	for (size_t i = 0; i < one.n; i++)
		MUST(str_eq(one.v[i].provider_id, two.v[i].provider_id));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct provider *p = provider_find(STR("smstools"));
	struct arena *a = arena_new(8192);
	struct diags *d = diags_new();
	struct option_table table = {
		p->options, p->options_n, arena_alloc(a, p->state_size)};
	const struct config_channel c = {
		.node = node_parse(STR("files"), STR("{}"), a, d)};

	MUST(option_read_some(c.node, &table, a, d) == 0);
	MUST(p->open(table.into, &c, a, d) == 0);
	check_file(fuzz_text(data, n), table.into, a);
	diags_free(d);
	arena_free(a);
	return 0;
}
