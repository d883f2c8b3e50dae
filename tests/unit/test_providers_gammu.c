/* gammu: rows of inbox and sentitems in, rows of outbox out. */
#include "tests/unit/provider_rig.h"

#define CHANNEL "{database: smsd.db}"
#define ROW(rest)                                                              \
	"{\"inbox\":{\"id\":7,\"received\":\"2024-06-22 15:46:11\","           \
	"\"at\":1719045900,\"sender\":\"+84912345678\"," rest "}}"
#define SENT(rest)                                                             \
	"{\"sentitems\":{\"id\":3,\"part\":1,\"creator\":\"o7.19b\","          \
	"\"to\":\"+84912345678\",\"udh\":\"\",\"at\":1719045900," rest "}}"

static struct rig with(const char *yaml)
{
	struct rig r = rig_open("gammu", "", yaml);

	assert_int_equal(r.rc, 0);
	return r;
}

static void assert_str(struct str got, const char *want)
{
	if (!str_is(got, want))
		fail_msg("\"" STR_FMT "\" instead of \"%s\"", STR_ARG(got),
			want);
}

static void test_texts(void **state)
{
	static const struct {
		const char *body, *text, *ref;
		int no, total;
	} t[] = {
		{ROW("\"text\":\"GIA LUA\",\"hex\":\"\",\"udh\":\"\""),
			"GIA LUA", "", 0, 0},
		{ROW("\"text\":\"x\",\"hex\":\"00480000\""), "H\xEF\xBF\xBD",
			"", 0, 0},
		{ROW("\"coding\":\"Unicode_No_Compression\",\"text\":\"\","
		     "\"hex\":\"00481ECD0070\""),
			"Họp", "", 0, 0},
		{ROW("\"coding\":\"Default_No_Compression\","
		     "\"text\":\"à è\",\"hex\":\"00E0002000E8\""),
			"à è", "", 0, 0},
		{ROW("\"coding\":\"8bit\",\"text\":\"\",\"hex\":\"41FF\""),
			"A\\xFF", "", 0, 0},
		{ROW("\"text\":\"\",\"hex\":\"\""), "", "", 0, 0},
		{ROW("\"text\":\"ca bai\",\"hex\":\"00630061\","
		     "\"udh\":\"050003AA0201\""),
			"ca", "aa", 1, 2},
		{ROW("\"text\":\"\",\"hex\":\"00620061\","
		     "\"udh\":\"06080412340202\""),
			"ba", "1234", 2, 2},
		{ROW("\"text\":\"b\",\"message\":5,\"part\":2,\"parts\":3"),
			"b", "m5", 2, 3},
		{ROW("\"text\":\"b\",\"part\":4,\"parts\":3"), "b", "", 0, 0},
		{ROW("\"text\":\"b\",\"udh\":\"0500\""), "b", "", 0, 0},
		{ROW("\"text\":\"b\",\"udh\":\"zz\""), "b", "", 0, 0},
	};
	struct rig r = with("{database: d}");

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_int_equal(in.n, 1);
		assert_str(in.v->text, t[i].text);
		assert_str(in.v->from, "+84912345678");
		assert_str(in.v->part_ref, t[i].ref);
		assert_int_equal(in.v->part_no, t[i].no);
		assert_int_equal(in.v->part_total, t[i].total);
		assert_int_equal(in.v->sent_at, 1719045900000);
	}
	rig_close(&r);
}

/* Same bytes, same name; another row of that number has another. */
static void test_names(void **state)
{
	static const char *const other[] = {
		ROW("\"text\":\"B\""),
		"{\"inbox\":{\"id\":7,\"received\":\"2024-06-22 15:46:12\","
		"\"sender\":\"+84912345678\",\"text\":\"A\"}}",
		"{\"inbox\":{\"id\":8,\"received\":\"2024-06-22 15:46:11\","
		"\"sender\":\"+84912345678\",\"text\":\"A\"}}",
		"{\"inbox\":{\"id\":7,\"received\":\"2024-06-22 15:46:11\","
		"\"sender\":\"+84912345679\",\"text\":\"A\"}}",
	};
	struct rig r = with(CHANNEL);
	struct str id = rig_parse_z(&r, ROW("\"text\":\"A\"")).v->provider_id;

	(void)state;
	assert_true(str_starts(id, STR("7-20240622154611-")));
	assert_true(str_eq(
		id, rig_parse_z(&r, ROW("\"text\":\"A\"")).v->provider_id));
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		assert_false(
			str_eq(id, rig_parse_z(&r, other[i]).v->provider_id));
	rig_close(&r);
}

static void test_odd_rows(void **state)
{
	static const struct {
		const char *body;
		enum provider_event event;
	} t[] = {
		{ROW("\"text\":\"so du 10000d\",\"class\":127"),
			PROVIDER_IGNORED},
		{"{\"outbox\":{}}", PROVIDER_UNREADABLE},
		{"{\"sentitems\":{}}", PROVIDER_UNREADABLE},
		{"{\"inbox\":7}", PROVIDER_UNREADABLE},
		{"{\"inbox\":{\"id\":7,", PROVIDER_UNREADABLE},
		{"", PROVIDER_UNREADABLE},
		{"{\"inbox\":{}}", PROVIDER_MESSAGES},
	};
	struct rig r = with(CHANNEL);
	struct provider_inbound in;
	char *huge;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		in = rig_parse_z(&r, t[i].body);
		assert_int_equal(in.event, t[i].event);
		assert_int_equal(in.event == PROVIDER_UNREADABLE,
			in.err.text[0] != '\0');
	}
	in = rig_parse_z(&r, "{\"inbox\":{\"id\":1,\"at\":9999999999,"
			     "\"sender\":\"VIETTEL\",\"text\":\"QC\"}}");
	assert_str(in.v->from, "VIETTEL");
	assert_int_equal(in.v->sent_at, RIG_NOW_MS); /* not in the future */
	huge = arena_alloc(r.a, 200000);
	memset(huge, 'a', 200000);
	in = rig_parse(&r, rig_post(arena_printf(r.a, ROW("\"text\":\"%.*s\""),
				   200000, huge)));
	assert_int_equal(in.v->text.n, PROVIDER_RAW_TEXT_MAX);
	rig_close(&r);
}

static void test_reports(void **state)
{
	static const struct {
		const char *status;
		enum provider_report_state state;
	} t[] = {
		{"Reserved", PROVIDER_REPORT_QUEUED},
		{"SendingOK", PROVIDER_REPORT_SENT},
		{"SendingOKNoReport", PROVIDER_REPORT_SENT},
		{"DeliveryPending", PROVIDER_REPORT_SENT},
		{"DeliveryOK", PROVIDER_REPORT_DELIVERED},
		{"DeliveryUnknown", PROVIDER_REPORT_TEMPORARY},
		{"DeliveryFailed", PROVIDER_REPORT_FAILED},
		{"SendingError", PROVIDER_REPORT_FAILED},
		{"Error", PROVIDER_REPORT_FAILED},
		{"Eaten", PROVIDER_REPORT_UNKNOWN},
	};
	struct rig r = with(CHANNEL);
	struct provider_inbound in;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str body = arena_printf(r.a,
			SENT("\"status\":\"%s\",\"error\":-1"), t[i].status);

		in = rig_parse(&r, rig_post(body));
		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		assert_int_equal(in.reports->state, t[i].state);
		assert_str(in.reports->said, t[i].status);
		assert_str(in.reports->own, "o7.19b");
		assert_int_equal(in.reports->parts, 0);
		assert_int_equal(in.reports->at_ms, 1719045900000);
	}
	in = rig_parse_z(&r, "{\"sentitems\":{\"id\":3,\"part\":2,"
			     "\"creator\":\"a.1\",\"status\":\"DeliveryFailed\""
			     ",\"error\":65,\"udh\":\"050003AA0302\"}}");
	assert_str(in.reports->said, "DeliveryFailed (TP-Status 65)");
	assert_str(in.reports->event, "3.2.DeliveryFailed.65");
	assert_int_equal(in.reports->part, 2);
	assert_int_equal(in.reports->parts, 3);
	/* A time that no clock says is none. */
	in = rig_parse_z(&r, "{\"sentitems\":{\"id\":3,\"part\":1,"
			     "\"creator\":\"a.1\",\"status\":\"SendingOK\","
			     "\"error\":-1,\"at\":1794000001794000000}}");
	assert_int_equal(in.reports->at_ms, 0);
	rig_close(&r);
}

static void test_nobody_may_call(void **state)
{
	struct rig r = with(CHANNEL);
	const struct provider_request q = rig_post(STR("{}"));

	(void)state;
	assert_int_equal(r.p->verify(r.state, &q), PROVIDER_VERIFY_REFUSED);
	assert_true(r.p->is_proven(r.state, false));
	assert_false(provider_takes_reports(r.p, r.state));
	assert_true(provider_takes_our_id(r.p, r.state));
	rig_close(&r);
}

/* ---- out ---- */

static const struct modem_out *build(
	const struct rig *r, const char *text, bool ucs2, int64_t valid_s)
{
	const struct provider_outgoing o = {
		.id_text = STR("o7.19b"),
		.to = STR("+84912345678"),
		.text = str_of(text),
		.valid_s = valid_s,
		.ucs2 = ucs2,
	};
	struct provider_call call = {0};
	struct err err;

	assert_int_equal(r->p->build_send(r->state, &o, r->a, &call, &err), 0);
	assert_non_null(call.rows);
	return call.rows;
}

static void test_one_part(void **state)
{
	struct rig r = with("{database: d, phone_id: sim1, reports: false}");
	const struct modem_out *o = build(&r, "Họp", true, 0);

	(void)state;
	assert_str(o->creator, "o7.19b");
	assert_str(o->to, "+84912345678");
	assert_str(o->sender, "sim1");
	assert_string_equal(o->coding, "Unicode_No_Compression");
	assert_int_equal(o->parts_n, 1);
	assert_str(o->parts[0].hex, "00481ECD0070");
	assert_str(o->parts[0].udh, "");
	assert_false(o->report);
	o = build(&r, "Hop", false, 0);
	assert_string_equal(o->coding, "Default_No_Compression");
	assert_str(o->parts[0].text, "Hop");
	rig_close(&r);
}

/* n times the same; of each part so many characters. */
static void check_parts(
	const struct rig *r, const char *one, size_t n, size_t per_part)
{
	const size_t size = strlen(one);
	const bool ucs2 = size > 1;
	char *text = arena_alloc(r->a, n * size + 1);
	const struct modem_out *o;
	size_t left = n;

	for (size_t i = 0; i < n * size; i++)
		text[i] = one[i % size];
	o = build(r, text, ucs2, 0);
	assert_int_equal(o->parts_n, (n + per_part - 1) / per_part);
	for (size_t i = 0; i < o->parts_n; i++) {
		size_t here = left < per_part ? left : per_part;
		char tail[40];

		assert_int_equal(o->parts[i].text.n, here * size);
		snprintf(tail, sizeof(tail), "%02zX%02zX", o->parts_n, i + 1);
		assert_true(str_starts(o->parts[i].udh, STR("050003")));
		assert_true(str_ends(o->parts[i].udh, str_of(tail)));
		assert_memory_equal(o->parts[i].udh.p, o->parts[0].udh.p, 10);
		left -= here;
	}
}

static void test_parts(void **state)
{
	struct rig r = with(CHANNEL);

	(void)state;
	check_parts(&r, "a", 161, 153);
	check_parts(&r, "{", 81, 76);                /* two septets each */
	check_parts(&r, "ạ", 135, 67);               /* one unit */
	check_parts(&r, "\xF0\x9F\x98\x80", 36, 33); /* two units */
	rig_close(&r);
}

static void test_too_long(void **state)
{
	struct rig r = with(CHANNEL);
	char *text = arena_alloc(r.a, (size_t)153 * 50 + 2);
	struct provider_outgoing o = {.id_text = STR("o1.1")};
	struct provider_call call;
	struct err err;

	(void)state;
	memset(text, 'a', 153 * 50 + 1);
	o.text = (struct str){text, (size_t)153 * 50};
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), 0);
	assert_int_equal(call.rows->parts_n, 50);
	o.text.n++;
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), -1);
	assert_non_null(strstr(err.text, "50 SMS"));
	rig_close(&r);
}

/* 3GPP TS 23.040 §9.2.3.12.1, rounded up. */
static void test_validity(void **state)
{
	static const struct {
		int64_t s;
		int want;
	} t[] = {{0, 255}, {1, 0}, {300, 0}, {301, 1}, {43200, 143},
		{43201, 144}, {86400, 167}, {86401, 168}, {172801, 169},
		{2592000, 196}, {2592001, 197}, {38102400, 255},
		{INT64_MAX, 255}};
	struct rig r = with(CHANNEL);

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(
			build(&r, "a", false, t[i].s)->validity, t[i].want);
	rig_close(&r);
}

static void test_verdicts(void **state)
{
	static const struct {
		int status;
		bool unsent;
		enum provider_verdict_kind kind;
	} t[] = {
		{200, false, PROVIDER_OK},
		{0, true, PROVIDER_TEMPORARY},
		{0, false, PROVIDER_UNKNOWN},
	};
	struct rig r = with(CHANNEL);

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_response p = {
			.status = t[i].status,
			.unsent = t[i].unsent,
			.why = STR("the modem is gone"),
		};
		struct provider_verdict v =
			r.p->parse_send_response(r.state, &p, r.a);

		assert_int_equal(v.kind, t[i].kind);
		assert_true(str_find(v.why,
				    t[i].status == 200 ? STR("outbox") : p.why,
				    0) >= 0);
	}
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_odd_rows),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_nobody_may_call),
		cmocka_unit_test(test_one_part),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
