#ifndef TESTS_UNIT_REPORT_MONTH_H
#define TESTS_UNIT_REPORT_MONTH_H

/* Two communes and their November 2026, as the registry and rows. */

static const char units_csv[] =
	"code,name,kind,parent,aliases,valid_from,valid_to\n"
	"T,Tỉnh,province,,,2025-07-01,\n"
	"X,Xã Một,commune,T,,2025-07-01,\n"
	"X1,Giôn,hamlet,X,,2025-07-01,\n"
	"X2,Na Pản,hamlet,X,,2025-07-01,\n"
	"X3,Bo,hamlet,X,,2025-07-01,\n"
	"X4,Cũ,hamlet,X,,2025-07-01,2026-10-31\n"
	"Y,Xã Hai,commune,T,,2025-07-01,\n"
	"Y1,Xanh,hamlet,Y,,2025-07-01,\n";
static const char members_csv[] =
	"unit,no,name,standing,status,dest,phone,language,consent\n"
	"X1,1,A,official,active,,+84900000011,vi,yes\n"
	"X1,2,B,official,away,Bình Dương,+84900000012,vi,yes\n"
	"X1,3,C,official,away,Hà Nội,,vi,yes\n"
	"X1,4,D,official,exempt,,,vi,yes\n"
	"X1,5,E,official,temp_transfer_out,,,vi,yes\n"
	"X2,1,F,official,active,,,vi,yes\n"
	"X2,2,G,official,away,Bình Dương,,vi,yes\n"
	"X3,1,H,official,active,,,vi,yes\n"
	"X4,1,I,official,active,,,vi,yes\n";
static const char roles_csv[] = "phone,role,unit,member,valid_from,valid_to\n"
				"+84900000001,secretary,X1,1,2025-07-01,\n"
				"+84900000002,secretary,X2,1,2025-07-01,\n"
				"+84900000005,secretary,Y1,,2025-07-01,\n";

/* Instants of local days at noon. */
#define AT(day) "(strftime('%s', '" day "') * 1000 + 18000000)"
#define UNIT(code) "(SELECT id FROM unit WHERE code = '" code "')"
#define MEETING(id, code, period, kind, planned, held, state)                  \
	"INSERT INTO meeting (id, unit, period, kind, planned_on, held_on, "   \
	"state) VALUES (" #id ", " UNIT(code) ", '" period "', '" kind         \
					      "', " planned ", " held          \
					      ", '" state "');"
#define REPORT(id, version, figures, on)                                       \
	"INSERT INTO meeting_report (meeting, version, total, present, "       \
	"excused, unexcused, away, exempt, from_phone, created_at) VALUES "    \
	"(" #id ", " #version ", " figures ", '+84900000001', " AT(on) ");"
#define CHANGE(code, no, event, fields, on)                                    \
	"INSERT INTO member_event (unit, member_no, event, state, fields, "    \
	"created_at) VALUES (" UNIT(code) ", " #no ", '" event                 \
					  "', 'applied', " fields              \
					  ", " AT(on) ");"
#define INVITED(id, code, no, phone, audience)                                 \
	"INSERT INTO invited (meeting, unit, member_no, phone, audience, "     \
	"created_at) VALUES (" #id ", " UNIT(code) ", " #no ", '" phone        \
						   "', '" audience "', 0);"
#define ANSWER(id, code, no, answer, fields)                                   \
	"INSERT INTO invitation (meeting, unit, member_no, answer, source, "   \
	"fields, created_at) VALUES (" #id                                     \
	", " UNIT(code) ", " #no ", '" answer "', 'sms', " fields ", 0);"
#define OPINION(code, topic, state, on)                                        \
	"INSERT INTO opinion (unit, phone, topic_code, text, state, "          \
	"created_at) VALUES (" UNIT(code) ", 'p', " topic ", '=1+1', '" state  \
					  "', " AT(on) ");"
#define TEXT_IN(id, phone, intent, state, on)                                  \
	"INSERT INTO message (channel, provider_id, from_phone, text, "        \
	"text_hash, sent_at, received_at, state, intent) VALUES ('a', '" #id   \
	"', '" phone "', 't', 0, " AT(on) ", " AT(on) ", '" state "', " intent \
						      ");"
#define TEXT_OUT(phone, lane, state, parts, on)                                \
	"INSERT INTO outbox (to_phone, text, lane, channel, state, attempts, " \
	"created_at, due_at, valid_until, parts) VALUES ('" phone              \
	"', 't', '" lane "', 'a', '" state "', 1, " AT(on) ", 0, 0, " parts    \
							   ");"

/* What is wrong with it is in comments: it must not count. */
static const char month[] = MEETING(1, "X1", "2026-11", "regular",
	"'2026-11-05'", "'2026-11-05'",
	"held") REPORT(1, 1, "47, 35, 10, 2, NULL, NULL", "2026-11-06")
	REPORT(1, 2, "47, 36, 10, 1, NULL, NULL", "2026-11-09") MEETING(
		2, "X1", "2026-11", "thematic", "NULL", "'2026-11-12'", "held")
	/* reported after four days */
	REPORT(2, 1, "40, 38, 2, 0, NULL, NULL", "2026-11-16") MEETING(
		3, "X2", "2026-11", "regular", "NULL", "'2026-11-08'", "held")
		REPORT(3, 1, "20, 15, 5, 0, 3, 1", "2026-11-10")
	/* called off */
	MEETING(4, "X2", "2026-11", "thematic", "NULL", "'2026-11-09'",
		"cancelled") REPORT(4, 1, "20, 20, 0, 0, NULL, NULL",
		"2026-11-10") "UPDATE meeting_report SET voided_at = 1 WHERE "
			      "meeting = 4;"
	/* no report yet, and it was due on the 17th */
	MEETING(5, "X3", "2026-11", "regular", "'2026-11-15'", "NULL",
		"announced") MEETING(6, "Y1", "2026-11", "regular", "NULL",
		"NULL",
		"none") "UPDATE meeting SET reason = '=mua lũ' WHERE id = "
			"6;" MEETING(7, "X1", "2026-10", "regular", "NULL",
				"'2026-10-05'",
				"held") REPORT(7, 1, "47, 40, 7, 0, NULL, NULL",
				"2026-10-05") CHANGE("X1", 1, "away",
				"'{\"dest\":\"Đồng Nai\"}'",
				"2026-10-01") CHANGE("X1", 1, "returned",
				"NULL", "2026-11-10") CHANGE("X2", 2, "away",
				"'{\"dest\":\"Bình Dương\"}'", "2026-11-03")
	/* one member, two phones */
	INVITED(1, "X1", 2, "+84900000012", "member") INVITED(
		1, "X1", 2, "+84900000022", "member") INVITED(1, "X1", 3,
		"+84900000013", "member") INVITED(1, "X1", 0, "+84900000090",
		"overseer") INVITED(3, "X2", 2, "+84900000023",
		"member") ANSWER(1, "X1", 2, "yes", "NULL") ANSWER(1, "X1", 2,
		"no", "NULL") ANSWER(1, "X1", 4, "yes", "NULL") ANSWER(3, "X2",
		2, "yes", "'{\"remote_request\":true}'") OPINION("X1", "'03'",
		"open", "2026-11-02") OPINION("X1", "'03'", "open",
		"2026-11-30") OPINION("X1", "NULL", "answered",
		"2026-11-03") OPINION("X2", "'03'", "open",
		"2026-11-04") OPINION("none", "'01'", "open",
		"2026-11-05") OPINION("X2", "'03'", "open",
		"2026-10-31") TEXT_IN(1, "+84900000001", "'meeting_report'",
		"done",
		"2026-11-06") TEXT_IN(2, "+84900000001", "'meeting_report'",
		"asked", "2026-11-06") TEXT_IN(3, "+84900000001",
		"'meeting_report'", "duplicate",
		"2026-11-06") TEXT_IN(4, "+84900000001", "'correction'", "done",
		"2026-11-09") TEXT_IN(5, "+84900000002", "'meeting_report'",
		"done",
		"2026-11-10") TEXT_IN(6, "+84999999999", "'unknown'", "ignored",
		"2026-11-10") TEXT_IN(7, "", "NULL", "quarantined",
		"2026-11-10") TEXT_IN(8, "+84900000001", "'meeting_report'",
		"done",
		"2026-10-05") TEXT_OUT("+84900000001", "reply", "delivered",
		"1", "2026-10-05") TEXT_OUT("+84900000001", "reply",
		"delivered", "1", "2026-11-06") TEXT_OUT("+84900000001",
		"reply", "delivered", "1", "2026-11-09")
		TEXT_OUT("+84900000002", "urgent", "sent", "2", "2026-11-10")
			TEXT_OUT("+84999999999", "reply", "failed", "NULL",
				"2026-11-10");

#endif
