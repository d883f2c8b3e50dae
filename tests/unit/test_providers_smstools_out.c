/*
 * smstools: what leaves as a file, what sent/ and failed/ say of it, and
 * every value of a status report.
 */
#include "tests/unit/smstools_rig.h"

static struct provider_outgoing outgoing(void)
{
	return (struct provider_outgoing){
		.id = 17,
		.id_text = STR("m17:reply:0.19b2f4"),
		.to = STR("+84900000007"),
		.text = STR("MG07 5/11: TS47"),
	};
}

static void test_files(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct provider_outgoing o = outgoing();
	struct provider_call call = rig_build(&r, o);

	(void)unused;
	rig_same(r.a, call.file, "bantin.m17+reply+0.19b2f4");
	assert_int_equal(call.url.n, 0);
	rig_same(r.a, call.body,
		"To: 84900000007\nAlphabet: UTF\nAutosplit: 3\nReport: yes\n"
		"X-Bantin: m17:reply:0.19b2f4\n\nMG07 5/11: TS47");
	o.is_reply = true;
	o.to = STR("195");
	o.ucs2 = true;
	o.text = STR("họp\n\nX: y");
	o.valid_s = 86400;
	rig_same(r.a, rig_build(&r, o).body,
		"To: s195\nAlphabet: UTF\nAutosplit: 3\nReport: yes\n"
		"Validity: 1 day\nPriority: High\n"
		"X-Bantin: m17:reply:0.19b2f4\n\nhọp\n\nX: y");
	rig_close(&r);
}

static void test_options(void **unused)
{
	struct rig r = rig_open("smstools", "",
		"{folder: /spool/, queue: VT, report: false, work_folder: "
		"/w, reports_folder: /spool/report, poll_s: 9}");
	struct provider_folders f;

	(void)unused;
	assert_int_equal(r.rc, 0);
	r.p->spool->folders(r.state, &f);
	rig_same(r.a, f.in[PROVIDER_FILE_IN], "/spool/incoming");
	rig_same(r.a, f.in[PROVIDER_FILE_SENT], "/spool/sent");
	rig_same(r.a, f.in[PROVIDER_FILE_FAILED], "/spool/failed");
	rig_same(r.a, f.in[PROVIDER_FILE_REPORT], "/spool/report");
	rig_same(r.a, f.out, "/spool/outgoing");
	rig_same(r.a, f.ours, "/w");
	assert_int_equal(r.p->spool->poll_s(r.state), 9);
	rig_same(r.a, rig_build(&r, outgoing()).body,
		"To: 84900000007\nAlphabet: UTF\nAutosplit: 3\nReport: no\n"
		"Queue: VT\nX-Bantin: m17:reply:0.19b2f4\n\nMG07 5/11: TS47");
	rig_close(&r);
	r = rig_open("smstools", "", "{}");
	r.p->spool->folders(r.state, &f);
	rig_same(r.a, f.ours, "/var/spool/sms/incoming/.bantin");
	assert_int_equal(f.in[PROVIDER_FILE_REPORT].n, 0);
	rig_close(&r);
}

static void test_wrong_options(void **unused)
{
	static const char *const yaml[] = {
		"{poll_s: 0}",
		"{poll_s: 61}",
		"{time_offset: 15}",
		"{folder: ''}",
		"{report: maybe}",
		"{queue: \"a\\nTo: 1\"}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(yaml) / sizeof(yaml[0]); i++) {
		struct rig r = rig_open("smstools", "", yaml[i]);

		assert_int_equal(r.rc, -1);
		assert_true(r.d->n > 0);
		rig_close(&r);
	}
}

static void test_validity(void **unused)
{
	static const struct {
		int64_t valid_s;
		const char *line; /* NULL: none */
	} v[] = {
		{0, NULL},
		{-5, NULL},
		{10, "\nValidity: 5 min\n"},
		{3600, "\nValidity: 60 min\n"},
		{86399, "\nValidity: 1439 min\n"},
		{86400, "\nValidity: 1 day\n"},
		{INT64_C(7) * 86400, "\nValidity: 7 day\n"},
	};
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);

	(void)unused;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct provider_outgoing o = outgoing();
		struct str body;

		o.valid_s = v[i].valid_s;
		body = rig_build(&r, o).body;
		if (v[i].line == NULL)
			assert_int_equal(
				str_find(body, STR("Validity"), 0), -1);
		else
			assert_true(str_find(body, str_of(v[i].line), 0) > 0);
	}
	rig_close(&r);
}

/* No id may name a file elsewhere, or add a header. */
static void test_odd_ids(void **unused)
{
	static const char *const id[] = {
		"../../etc/passwd", "a b", "o7;rm", "o7.19b2\xC3\xA0"};
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct provider_outgoing o = outgoing();
	struct provider_call call;
	struct err err;

	(void)unused;
	for (size_t i = 0; i < sizeof(id) / sizeof(id[0]); i++) {
		o.id_text = str_of(id[i]);
		call = rig_build(&r, o);
		assert_int_equal(call.file.n, 7 + 64);
		assert_int_equal(str_find_byte(call.file, '/', 0), -1);
	}
	o.id_text = STR("o7\nTo: 1");
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), -1);
	o = outgoing();
	o.to = STR("+84abc");
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), -1);
	o.to = STR("");
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), -1);
	rig_close(&r);
}

/* ---- sent/ and failed/ ---- */

#define OURS                                                                   \
	"To: 84900000007\nAlphabet: UTF\nReport: yes\n"                        \
	"X-Bantin: m17:reply:0.19b2f4\nModem: GSM1\n"

static void test_sent(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct smstools_paper p = {
		.kind = PROVIDER_FILE_SENT,
		.name = "bantin.m17+reply+0.19b2f4",
		.bytes = STR(OURS "Sent: 26-11-22 09:54:18\nMessage_id: 1 2 "
				  "255 .\n\nX-Bantin: o1.1\nhi"),
	};
	struct provider_inbound in = smstools_read(&r, &p);

	(void)unused;
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports_n, 1);
	assert_int_equal(in.reports[0].state, PROVIDER_REPORT_SENT);
	rig_same(r.a, in.reports[0].own, "m17:reply:0.19b2f4");
	rig_same(r.a, in.reports[0].to, "+84900000007");
	assert_int_equal(in.reports[0].parts, 0);
	assert_int_equal(in.keys_n, 3);
	rig_same(r.a, in.keys[0], "kGSM1.84900000007.1");
	rig_same(r.a, in.keys[2], "kGSM1.84900000007.255");
	/* No report was asked for: no reference. */
	p.bytes = STR(OURS "\nhi");
	assert_int_equal(smstools_read(&r, &p).keys_n, 0);
	/* Its headers are still to come. */
	p.fresh = true;
	p.bytes = STR("To: 84900000007\nX-Bantin: o1.1\n\nhi");
	assert_int_equal(smstools_read(&r, &p).event, PROVIDER_LATER);
	p.fresh = false;
	assert_int_equal(smstools_read(&r, &p).event, PROVIDER_REPORTS);
	p.bytes = STR("To: 84900000007\nModem: GSM1\n\nX-Bantin: o1.1");
	assert_int_equal(smstools_read(&r, &p).event, PROVIDER_UNREADABLE);
	rig_close(&r);
}

static void test_failed(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct smstools_paper p = {
		.kind = PROVIDER_FILE_FAILED,
		.name = "bantin.m17+reply+0.19b2f4",
		.bytes = STR(OURS "Fail_reason: +CMS ERROR: 38 (Network out of "
				  "order)\nFailed: 26-11-22 09:54:22\n\nhi"),
	};
	struct provider_inbound in = smstools_read(&r, &p);

	(void)unused;
	assert_int_equal(in.reports[0].state, PROVIDER_REPORT_FAILED);
	rig_same(r.a, in.reports[0].own, "m17:reply:0.19b2f4");
	rig_same(r.a, in.reports[0].said,
		"+CMS ERROR: 38 (Network out of order)");
	assert_int_equal(in.keys_n, 0);
	p.bytes = STR(OURS "\nhi");
	rig_same(r.a, smstools_read(&r, &p).reports[0].said, "smsd gave it up");
	rig_close(&r);
}

/* ---- status reports ---- */

#define REPORT                                                                 \
	"From: 84900000007\nFrom_TOA: 91 international, ISDN/telephone\n"      \
	"Sent: 26-11-22 16:54:18\nSubject: GSM1\nModem: GSM1\nAlphabet: "      \
	"ISO\nUDH: no\n\nSMS STATUS REPORT\nMessage_id: %d\n"                  \
	"Discharge_timestamp: 26-11-22 16:54:18\nStatus: %s"

static struct provider_inbound report(const struct rig *r,
	struct smstools_paper *p, int mr, const char *status)
{
	p->name = "GSM1.Bugo91";
	p->bytes = arena_printf(r->a, REPORT, mr, status);
	return smstools_read(r, p);
}

static void test_every_status(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct smstools_paper p = {.about = OURS "Message_id: 117 .\n\nhi"};

	(void)unused;
	for (int n = 0; n <= 130; n++) {
		struct str said = arena_printf(r.a, "%d,words of it", n);
		struct provider_inbound in = report(&r, &p, 117, said.p);
		enum provider_report_state want =
			n > 127   ? PROVIDER_REPORT_UNKNOWN
			: n == 70 ? PROVIDER_REPORT_EXPIRED
			: n >= 64 ? PROVIDER_REPORT_FAILED
			: n >= 32 ? PROVIDER_REPORT_TEMPORARY
				  : PROVIDER_REPORT_DELIVERED;

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports[0].state, want);
		rig_same(r.a, in.reports[0].own, "m17:reply:0.19b2f4");
		rig_same(r.a, in.reports[0].said, said.p);
		assert_int_equal(in.reports[0].parts, 0);
		assert_true(in.reports[0].at_ms == INT64_C(1795341258000));
	}
	assert_int_equal(report(&r, &p, 117, "what").reports[0].state,
		PROVIDER_REPORT_UNKNOWN);
	rig_same(r.a, p.asked, "kGSM1.84900000007.117");
	rig_close(&r);
}

static void test_part_of_a_text(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct smstools_paper p = {.kind = PROVIDER_FILE_REPORT,
		.about = OURS "Message_id: 254 255 0 .\n\nhi"};
	struct provider_inbound in = report(&r, &p, 255, "0,Ok");

	(void)unused;
	assert_int_equal(in.reports[0].part, 2);
	assert_int_equal(in.reports[0].parts, 3);
	in = report(&r, &p, 9, "0,Ok");
	assert_int_equal(in.reports[0].parts, 0);
	rig_close(&r);
}

/* Of a text that is not known (yet), of a phone that is not ours. */
static void test_unmatched(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct smstools_paper p = {.fresh = true};
	struct provider_inbound in = report(&r, &p, 117, "0,Ok");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_LATER);
	p.fresh = false;
	in = report(&r, &p, 117, "0,Ok");
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports[0].own.n, 0);
	rig_same(r.a, in.reports[0].ref, "kGSM1.84900000007.117");
	assert_int_equal(
		report(&r, &p, 256, "0,Ok").event, PROVIDER_UNREADABLE);
	p.kind = PROVIDER_FILE_REPORT;
	p.bytes = STR("From: 1\n\nno report at all");
	assert_int_equal(smstools_read(&r, &p).event, PROVIDER_UNREADABLE);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_wrong_options),
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_odd_ids),
		cmocka_unit_test(test_sent),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_every_status),
		cmocka_unit_test(test_part_of_a_text),
		cmocka_unit_test(test_unmatched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
