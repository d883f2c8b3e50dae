/*
 * generic, delivery reports: maps, words, ids, parts, lists, replies, and
 * faults of a configuration shown at their place.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define STATES                                                                 \
	"states: {DELIVRD: delivered, UNDELIV: failed, EXPIRED: expired, "     \
	"ACCEPTD: sent, ENROUTE: queued, UNKNOWN: temporary, '1': delivered, " \
	"BLOCKED: opted_out}"

static struct provider_inbound report(
	const struct rig *r, struct provider_request q)
{
	struct provider_inbound in;

	q.dlr = true;
	q.now_ms = RIG_NOW_MS;
	assert_true(provider_takes_reports(r->p, r->state));
	r->p->parse_dlr(r->state, &q, r->a, &in);
	return in;
}

static struct provider_inbound report_query(
	const struct rig *r, const char *query)
{
	return report(r, (struct provider_request){
				 .method = STR("GET"), .query = str_of(query)});
}

static struct provider_inbound report_body(
	const struct rig *r, const char *query, const char *body)
{
	return report(r, (struct provider_request){.method = STR("POST"),
				 .query = str_of(query),
				 .body = str_of(body)});
}

static void test_states(void **unused)
{
	static const struct {
		const char *says;
		enum provider_report_state want;
	} t[] = {
		{"DELIVRD", PROVIDER_REPORT_DELIVERED},
		{"delivrd", PROVIDER_REPORT_DELIVERED},
		{"+DELIVRD+", PROVIDER_REPORT_DELIVERED},
		{"1", PROVIDER_REPORT_DELIVERED},
		{"UNDELIV", PROVIDER_REPORT_FAILED},
		{"EXPIRED", PROVIDER_REPORT_EXPIRED},
		{"ACCEPTD", PROVIDER_REPORT_SENT},
		{"ENROUTE", PROVIDER_REPORT_QUEUED},
		{"UNKNOWN", PROVIDER_REPORT_TEMPORARY},
		{"BLOCKED", PROVIDER_REPORT_OPTED_OUT},
		{"DELIVR", PROVIDER_REPORT_UNKNOWN},
		{"DELIVRDX", PROVIDER_REPORT_UNKNOWN},
		{"", PROVIDER_REPORT_UNKNOWN},
		{"%FF%00", PROVIDER_REPORT_UNKNOWN},
	};
	struct rig r = rig_open("generic", TOKEN,
		"dlr: {source: query, status: stat, " STATES "}\n");

	(void)unused;
	assert_int_equal(r.rc, 0);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str query =
			arena_printf(r.a, "id=p%d&stat=%s%c", 9, t[i].says, 0);
		struct provider_inbound in = report_query(&r, query.p);

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		assert_int_equal(in.reports->state, t[i].want);
		rig_same(r.a, in.reports->ref, "p9");
		assert_true(str_is_utf8(in.reports->said));
	}
	rig_close(&r);
}

static void test_all_fields(void **unused)
{
	struct rig r = rig_open("generic", TOKEN,
		"dlr: {source: json, list: data.list, id: x.id, own_id: ref, "
		"to: to, status: 'st[0]', error: why, part: n, parts: of, "
		"time: at, time_format: '%d/%m/%Y %H:%M', time_offset: 7, "
		"event: ev, " STATES "}\n");
	struct provider_inbound in = report_body(&r, "o=other",
		"{\"data\":{\"list\":[{\"x\":{\"id\":77},\"ref\":\"db-7\","
		"\"to\":\"0912345678\",\"st\":[\"UNDELIV\"],"
		"\"why\":\"absent\",\"n\":2,\"of\":\"3\","
		"\"at\":\"22/06/2024 15:46\",\"ev\":\"e1\"},"
		"{\"x\":{\"id\":78},\"st\":[\"DELIVRD\"],\"n\":9,"
		"\"at\":\"soon\"}]}}");

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports_n, 2);
	rig_same(r.a, in.reports[0].ref, "77");
	rig_same(r.a, in.reports[0].own, "db-7");
	rig_same(r.a, in.reports[0].to, "+84912345678");
	rig_same(r.a, in.reports[0].said, "UNDELIV: absent");
	rig_same(r.a, in.reports[0].event, "e1");
	assert_int_equal(in.reports[0].part, 2);
	assert_int_equal(in.reports[0].parts, 3);
	assert_int_equal(in.reports[0].at_ms, 1719045960000);
	/* The address names one text, so it says nothing of a list. */
	assert_null(in.reports[1].own.p);
	assert_null(in.reports[1].to.p);
	assert_int_equal(in.reports[1].part, PROVIDER_PART_UNSAID);
	assert_int_equal(in.reports[1].parts, 0);
	assert_int_equal(in.reports[1].at_ms, 0);
	rig_close(&r);
}

/* By {dlr_url}: our id is in its query, whatever the body is. */
static void test_own_id_of_the_address(void **unused)
{
	static const char *const source[] = {"json", "form", "xml", "query"};
	static const char *const body[] = {"{\"status\":\"DELIVRD\"}",
		"status=DELIVRD", "<r><status>DELIVRD</status></r>", ""};

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		struct provider_inbound in;
		char yaml[300];
		struct rig r;

		snprintf(yaml, sizeof(yaml), "dlr: {source: %s, " STATES "}\n",
			source[i]);
		r = rig_open("generic", TOKEN, yaml);
		assert_int_equal(r.rc, 0);
		in = report_body(&r, "o=db%3A7&status=DELIVRD", body[i]);
		assert_int_equal(in.event, PROVIDER_REPORTS);
		rig_same(r.a, in.reports->own, "db:7");
		assert_null(in.reports->ref.p);
		assert_int_equal(in.reports->state, PROVIDER_REPORT_DELIVERED);
		rig_close(&r);
	}
}

static void test_xml_list(void **unused)
{
	struct rig r = rig_open("generic", TOKEN,
		"dlr: {source: xml, list: batch.report, id: '@id', status: "
		"state.code, error: state.@text, " STATES "}\n");
	struct provider_inbound in = report_body(&r, "",
		"<?xml version=\"1.0\"?><x><batch>"
		"<report id=\"a\"><state text=\"gone\"><code> UNDELIV\n</code>"
		"</state></report><other/>"
		"<report id='b'><state><code>DELIVRD</code></state></report>"
		"</batch></x>");

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports_n, 2);
	rig_same(r.a, in.reports[0].said, "UNDELIV: gone");
	rig_same(r.a, in.reports[1].ref, "b");
	in = report_body(&r, "", "<x><batch/></x>");
	assert_int_equal(in.event, PROVIDER_IGNORED);
	/* The second names no text. */
	in = report_body(
		&r, "", "<x><batch><report id='a'/><report/></batch></x>");
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_non_null(strstr(in.err.text, "report 2"));
	assert_int_equal(in.reports_n, 1);
	assert_int_equal(in.left_out, 1);
	rig_close(&r);
}

static void test_unreadable(void **unused)
{
	static const struct {
		const char *source, *query, *body;
	} t[] = {
		{"json", "", ""},
		{"json", "", "{\"id\":\"a\",\"status\":\"DEL"},
		{"json", "", "{\"status\":\"DELIVRD\"}"},
		{"json", "", "[1]"},
		{"json", "", "[{\"status\":\"DELIVRD\"},{}]"},
		{"xml", "", "<r><id>a</id>"},
		{"xml", "", "<r/>"},
		{"form", "", "id=%4"},
		{"form", "", "status=DELIVRD"},
		{"query", "id=%zz", ""},
		{"query", "", "id=a"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in;
		char yaml[300];
		struct rig r;

		snprintf(yaml, sizeof(yaml), "dlr: {source: %s, " STATES "}\n",
			t[i].source);
		r = rig_open("generic", TOKEN, yaml);
		in = report_body(&r, t[i].query, t[i].body);
		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_string_not_equal(in.err.text, "");
		rig_close(&r);
	}
}

static void test_methods_and_paths(void **unused)
{
	struct rig none = rig_open("generic", TOKEN, "inbound: {}\n");
	struct rig r = rig_open("generic", TOKEN,
		"inbound: {source: json}\ndlr: {source: query, " STATES "}\n");
	struct provider_request q = {.method = STR("GET")};

	(void)unused;
	assert_false(provider_takes_reports(none.p, none.state));
	assert_true(provider_takes_reports(r.p, r.state));
	assert_false(provider_takes_method(r.p, r.state, &q));
	q.dlr = true;
	assert_true(provider_takes_method(r.p, r.state, &q));
	q.method = STR("PUT");
	assert_false(provider_takes_method(r.p, r.state, &q));
	rig_close(&none);
	rig_close(&r);
}

static void check_reply(const struct rig *r, enum provider_event event,
	int status, const char *type, const char *body)
{
	const struct provider_inbound in = {.event = event};
	const struct provider_answer a = r->p->answer(r->state, &in, r->a);

	assert_int_equal(a.status, status);
	assert_string_equal(a.content_type, type);
	if (body[0] != '\0')
		rig_same(r->a, a.body, body);
	else
		assert_int_equal(a.body.n, 0);
}

static void test_replies(void **unused)
{
	struct rig plain =
		rig_open("generic", TOKEN, "inbound: {}\ndlr: {" STATES "}\n");
	struct rig jasmin = rig_open("generic", TOKEN,
		"inbound: {reply: {body: ACK/Jasmin}}\n"
		"dlr: {" STATES "}\n");
	struct rig two = rig_open("generic", TOKEN,
		"inbound: {reply: {status: 202, type: text/xml, "
		"body: <Response/>}}\n"
		"dlr: {reply: {status: 200, body: ''}, " STATES "}\n");

	(void)unused;
	check_reply(&plain, PROVIDER_MESSAGES, 200, "text/plain", "");
	check_reply(&plain, PROVIDER_REPORTS, 200, "text/plain", "");
	check_reply(
		&jasmin, PROVIDER_MESSAGES, 200, "text/plain", "ACK/Jasmin");
	check_reply(&jasmin, PROVIDER_REPORTS, 200, "text/plain", "ACK/Jasmin");
	check_reply(&two, PROVIDER_IGNORED, 202, "text/xml", "<Response/>");
	check_reply(&two, PROVIDER_REPORTS, 200, "text/xml", "");
	rig_close(&plain);
	rig_close(&jasmin);
	rig_close(&two);
}

static void test_faults(void **unused)
{
	static const struct {
		const char *yaml;
		int line, col;
		const char *says;
	} t[] = {
		{"dlr: {id: a}\n", 1, 6, "states"},
		{"dlr: {states: [a]}\n", 1, 15, "map"},
		{"dlr:\n  states: {A: done}\n", 2, 15, "'done'"},
		{"dlr: {status: '', states: {A: sent}}\n", 1, 6, "status"},
		{"dlr: {id: 'a[', states: {A: sent}}\n", 1, 11, "no path"},
		{"dlr: {source: form, list: a, states: {A: sent}}\n", 1, 27,
			"list"},
		{"dlr: {time_format: iso, states: {A: sent}}\n", 1, 20,
			"rfc3339"},
		{"dlr: {id: a|b|c|d|e, states: {A: sent}}\n", 1, 11, "4"},
		{"dlr: {reply: {status: 404}, states: {A: sent}}\n", 1, 23,
			"200"},
		{"outbound: {url: 'http://h/?d={dlr_url}'}\n", 1, 17, "dlr"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("generic", TOKEN, t[i].yaml);

		assert_int_equal(r.rc, -1);
		assert_int_equal(r.d->n, 1);
		assert_non_null(
			strstr(arena_z(r.a, r.d->v[0].text), t[i].says));
		assert_int_equal(r.d->v[0].line, t[i].line);
		assert_int_equal(r.d->v[0].col, t[i].col);
		rig_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_all_fields),
		cmocka_unit_test(test_own_id_of_the_address),
		cmocka_unit_test(test_xml_list),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_methods_and_paths),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
