/*
 * smsgate: what its events and answers say of a text that we sent, in the
 * words of its documentation (providers.md).
 */
#include "tests/unit/provider_rig.h"

#define AT INT64_C(1719045971000)

static struct rig open_channel(void)
{
	return rig_open("smsgate", "0123456789abcdef0123456789abcdef",
		"url: http://127.0.0.1:9101\n");
}

static struct provider_inbound parse(
	const struct rig *r, const char *event, const char *payload)
{
	return rig_parse(r, rig_post(arena_printf(r->a,
				    "{\"deviceId\":\"d\",\"event\":\"%s\","
				    "\"id\":\"ev1\",\"payload\":{%s},"
				    "\"webhookId\":\"w\"}",
				    event, payload)));
}

static void test_reports(void **unused)
{
	static const struct {
		const char *event, *payload, *said;
		enum provider_report_state state;
		int part, parts;
		int64_t at_ms;
	} t[] = {
		{"sms:sent",
			"\"messageId\":\"o7.1a\",\"phoneNumber\":"
			"\"0912345678\",\"simNumber\":1,\"partsCount\":2,"
			"\"sentAt\":\"2024-06-22T15:46:11.000+07:00\"",
			"sms:sent", PROVIDER_REPORT_SENT, 0, 2, AT},
		{"sms:delivered",
			"\"messageId\":\"o7.1a\",\"recipient\":"
			"\"+84912345678\",\"deliveredAt\":"
			"\"2024-06-22T15:46:11.000+07:00\"",
			"sms:delivered", PROVIDER_REPORT_DELIVERED,
			PROVIDER_PART_UNSAID, 0, AT},
		{"sms:failed",
			"\"messageId\":\"o7.1a\",\"recipient\":"
			"\"+84912345678\",\"failedAt\":"
			"\"2024-06-22T08:46:11Z\",\"reason\":\"No service\"",
			"sms:failed: No service", PROVIDER_REPORT_FAILED, 0, 0,
			AT},
		{"sms:cancelled",
			"\"messageId\":\"o7.1a\",\"phoneNumber\":"
			"\"+84912345678\"",
			"sms:cancelled", PROVIDER_REPORT_FAILED, 0, 0, 0},
		{"sms:sent",
			"\"messageId\":\"o7.1a\",\"recipient\":null,"
			"\"phoneNumber\":\"+84912345678\","
			"\"partsCount\":0,\"sentAt\":\"soon\"",
			"sms:sent", PROVIDER_REPORT_SENT, 0, 0, 0},
		{"sms:sent",
			"\"messageId\":\"o7.1a\",\"recipient\":"
			"\"+84912345678\",\"partsCount\":99999999999",
			"sms:sent", PROVIDER_REPORT_SENT, 0, 0, 0},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in =
			parse(&r, t[i].event, t[i].payload);

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		assert_int_equal(in.n, 0);
		rig_same(r.a, in.reports->own, "o7.1a");
		rig_same(r.a, in.reports->ref, "o7.1a");
		rig_same(r.a, in.reports->event, "ev1");
		rig_same(r.a, in.reports->to, "+84912345678");
		rig_same(r.a, in.reports->said, t[i].said);
		assert_int_equal(in.reports->state, t[i].state);
		assert_int_equal(in.reports->part, t[i].part);
		assert_int_equal(in.reports->parts, t[i].parts);
		assert_int_equal(in.reports->at_ms, t[i].at_ms);
	}
	rig_close(&r);
}

static void test_a_report_names_its_text(void **unused)
{
	struct rig r = open_channel();

	(void)unused;
	assert_int_equal(
		parse(&r, "sms:delivered", "").event, PROVIDER_UNREADABLE);
	assert_int_equal(parse(&r, "sms:sent", "\"messageId\":\"\"").event,
		PROVIDER_UNREADABLE);
	assert_int_equal(parse(&r, "sms:failed", "\"messageId\":7").event,
		PROVIDER_REPORTS);
	rig_close(&r);
}

/* Each event has its own webhook; people give either path. */
static void test_both_paths_read_alike(void **unused)
{
	struct rig r = open_channel();
	struct provider_request q =
		rig_post(STR("{\"event\":\"sms:delivered\",\"payload\":"
			     "{\"messageId\":\"o7.1a\"}}"));
	struct provider_inbound in;

	(void)unused;
	r.p->parse_dlr(r.state, &q, r.a, &in);
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_null(in.reports->event.p);
	assert_null(in.reports->to.p);
	rig_close(&r);
}

static void test_answers(void **unused)
{
	static const struct {
		const char *body, *why;
		enum provider_verdict_kind want;
	} t[] = {
		{"{\"id\":\"o7.1a\",\"state\":\"Pending\",\"recipients\":[{"
		 "\"phoneNumber\":\"+84912345678\",\"state\":\"Pending\"}]}",
			NULL, PROVIDER_OK},
		{"{\"id\":\"o7.1a\",\"state\":\"Processed\"}", NULL,
			PROVIDER_OK},
		{"{\"id\":\"o7.1a\",\"state\":\"Sent\"}", NULL, PROVIDER_OK},
		{"{\"id\":\"o7.1a\",\"state\":\"Failed\",\"recipients\":[{"
		 "\"state\":\"Failed\",\"error\":\"Invalid number\"}]}",
			"taken and given up: Invalid number",
			PROVIDER_PERMANENT},
		{"{\"id\":\"o7.1a\",\"recipients\":[{\"state\":\"Failed\"}]}",
			"taken and given up: Failed", PROVIDER_PERMANENT},
		{"{\"id\":\"o7.1a\",\"state\":\"Cancelled\"}",
			"taken and given up: Cancelled", PROVIDER_PERMANENT},
		{"{\"id\":\"o7.1a\",\"state\":\"ToCome\"}", NULL, PROVIDER_OK},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, 202, t[i].body, NULL);

		assert_int_equal(v.kind, t[i].want);
		rig_same(r.a, v.ref, "o7.1a");
		if (t[i].why != NULL)
			rig_same(r.a, v.why, t[i].why);
	}
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_a_report_names_its_text),
		cmocka_unit_test(test_both_paths_read_alike),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
