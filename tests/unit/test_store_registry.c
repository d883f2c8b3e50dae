/*
 * Importing a registry: every wrong row is named and nothing is written;
 * again, it updates by key; and a province goes in within seconds.
 */
#include "tests/unit/store_fixture.h"

#include <string.h>

#define UNITS_HEAD "code,name,kind,parent,aliases,valid_from,valid_to\n"
#define MEMBERS_HEAD                                                           \
	"unit,no,name,standing,status,dest,phone,language,consent\n"
#define ROLES_HEAD "phone,role,unit,member,valid_from,valid_to\n"

static struct store *open_memory(void)
{
	struct err err;
	struct store *s = store_open(NULL, STORE_MEMORY, &err);

	assert_non_null(s);
	return s;
}

/* What an import of the three texts says; "" when it went in. */
static void assert_said(const char *units, const char *members,
	const char *roles, const char *want)
{
	struct store *s = open_memory();
	struct diags *d = diags_new();
	struct buf said;
	int rc = import(s, units, members, roles, d);

	buf_init(&said, 100000);
	diags_print(d, &said);
	assert_string_equal(buf_z(&said), want);
	assert_int_equal(rc, want[0] == '\0' ? 0 : -1);
	buf_release(&said);
	diags_free(d);
	store_close(s);
}

static void test_wrong_units(void **state)
{
	(void)state;
	assert_said(UNITS_HEAD "MG 7,Giôn,hamlet,,,,\n"
			       "MG08,,hamlet,XX,,2025-13-01,\n"
			       "MG09,Bo,hamlet,,,2026-01-01,2025-01-01\n"
			       "MG10,Bo,hamlet,MG11,,,\n"
			       "MG11,Co,hamlet,MG10,,,\n"
			       "MG10,Bo,hamlet,,,,\n",
		NULL, NULL,
		"units.csv:2:1: code \"MG 7\": use letters A-Z, digits and -, "
		"at most 32, as in MG07\n"
		"units.csv:3:2: name is empty\n"
		"units.csv:3:4: parent \"XX\" is no unit; give it a row of "
		"its own, or leave the field empty\n"
		"units.csv:3:6: valid_from \"2025-13-01\" is no day; write it "
		"as 2026-11-05\n"
		"units.csv:4:7: valid_to 2025-01-01 is before valid_from "
		"2026-01-01\n"
		"units.csv:5:4: unit MG10 lies below itself through parent "
		"MG11; a tree has no circles\n"
		"units.csv:6:4: unit MG11 lies below itself through parent "
		"MG10; a tree has no circles\n"
		"units.csv:7:1: unit MG10 stands already on line 5\n");
}

static void test_wrong_members(void **state)
{
	(void)state;
	assert_said(UNITS_HEAD "MG07,Giôn,hamlet,,,,\n",
		MEMBERS_HEAD "MG08,1,A,official,active,,,,\n"
			     "MG07,x,A,official,active,,,,\n"
			     "MG07,0,A,official,active,,,,\n"
			     "MG07,2,,full,gone,,12,fr,maybe\n"
			     "MG07,3,A,official,active,,,,\n"
			     "MG07,03,B,official,active,,,,\n",
		NULL,
		"members.csv:2:1: unit \"MG08\" is in no row of units.csv\n"
		"members.csv:3:2: no \"x\" is no number from 1 to 9999\n"
		"members.csv:4:2: no \"0\" is no number from 1 to 9999\n"
		"members.csv:5:3: name is empty\n"
		"members.csv:5:4: standing \"full\" is none of "
		"official|probationary\n"
		"members.csv:5:5: status \"gone\" is none of "
		"active|away|temp_exempt|exempt|temp_transfer_out\n"
		"members.csv:5:7: phone \"12\" is no phone number; write it "
		"as +84912345678 or 0912345678\n"
		"members.csv:5:8: language \"fr\" is none of vi|en\n"
		"members.csv:5:9: consent \"maybe\" is none of yes|no\n"
		"members.csv:7:2: member 03 of MG07 stands already on line "
		"6\n");
}

static void test_wrong_roles(void **state)
{
	(void)state;
	assert_said(UNITS_HEAD "MG07,Giôn,hamlet,,,,\n",
		MEMBERS_HEAD "MG07,1,A,official,active,,,,\n",
		ROLES_HEAD ",secretary,MG07,1,,\n"
			   "0912345678,boss,MG07,1,,\n"
			   "0912345678,secretary,MG07,9,,\n"
			   "0912345678,secretary,MG07,1,,\n"
			   "+84912345678,secretary,MG07,,,\n",
		"roles.csv:2:1: phone \"\" is no phone number; write it as "
		"+84912345678 or 0912345678\n"
		"roles.csv:3:2: role \"boss\" is none of "
		"secretary|deputy|staff|overseer\n"
		"roles.csv:4:4: unit MG07 has no member 9\n"
		"roles.csv:6:1: +84912345678 is secretary of MG07 already on "
		"line 5\n");
}

static void test_wrong_files(void **state)
{
	static const struct {
		const char *units, *want;
	} cases[] = {
		{"", "units.csv:1:1: empty; the first line is "
		     "code,name,kind,parent,aliases,valid_from,valid_to\n"},
		{"code,name,kind,parent,alias,valid_from,code\n",
			"units.csv:1:1: column \"aliases\" is missing; the "
			"header is "
			"code,name,kind,parent,aliases,valid_from,valid_to\n"
			"units.csv:1:1: column \"valid_to\" is missing; the "
			"header is "
			"code,name,kind,parent,aliases,valid_from,valid_to\n"
			"units.csv:1:5: unknown column \"alias\"; the header "
			"is "
			"code,name,kind,parent,aliases,valid_from,valid_to\n"
			"units.csv:1:7: a second column \"code\"; the header "
			"is "
			"code,name,kind,parent,aliases,valid_from,"
			"valid_to\n"},
		{UNITS_HEAD "MG07,Bo\nMG08,Bo,hamlet,,,,,\n",
			"units.csv:2:1: 2 fields, the header has 7; is a "
			"comma missing, or one too many?\n"
			"units.csv:3:1: 8 fields, the header has 7; is a "
			"comma missing, or one too many?\n"},
		{UNITS_HEAD "MG07,Gi\xc3n,hamlet,,,,\n",
			"units.csv:2:1: not UTF-8; save the file as "
			"\"CSV UTF-8\"\n"},
		{UNITS_HEAD "MG07,Gi\"o\"n,hamlet,,,,\n",
			"units.csv:2:2: a quote in the wrong place; put the "
			"field in quotes and double those inside: "
			"\"a \"\"b\"\"\"\n"},
		{UNITS_HEAD "MG07,\"Gion,hamlet,,,,\n",
			"units.csv:2:1: the file ends inside a quoted field\n"},
		{NULL, "units.csv:1:1: there are no units yet; a first import "
		       "needs this file\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_said(cases[i].units, NULL, NULL, cases[i].want);
}

static void test_tolerated(void **state)
{
	(void)state;
	assert_said("\xef\xbb\xbfname,code,kind,valid_to,valid_from,aliases,"
		    "parent\r\n\r\n"
		    "\"Giôn, \"\"trên\"\"\",MG07,hamlet,,,,MG\r\n"
		    "Mường Giôn,MG,commune,,,,\r\n",
		NULL, NULL, "");
}

static const char *roll_of(struct store *s, struct arena *a)
{
	struct message m = {.from = STR(SECRETARY), .sent_at = NOW};
	struct context_query q = {
		.message = &m, .now_ms = NOW, .utc_offset_min = 420};
	struct context c;

	assert_int_equal(context_load(s, &q, a, &c), 0);
	assert_int_equal(c.units_n, 1);
	return arena_z(a, arena_printf(a, STR_FMT " %d",
				  STR_ARG(c.units[0].name), c.units[0].roll));
}

static void test_again_updates_by_key(void **state)
{
	struct store *s = open_memory();
	struct arena *a = arena_new(10000);
	struct diags *d = diags_new();

	(void)state;
	assert_int_equal(import(s, units_csv, members_csv, roles_csv, d), 0);
	assert_string_equal(roll_of(s, a), "Giôn 3");
	/* Only what changes: the others stay. */
	assert_int_equal(
		import(s, UNITS_HEAD "MG07,Giôn Mới,hamlet,MG,,,\n",
			MEMBERS_HEAD "MG07,1,A,official,temp_transfer_out,,,,\n"
				     "MG08,2,B,official,active,,,,\n",
			NULL, d),
		0);
	assert_string_equal(roll_of(s, a), "Giôn Mới 2");
	/* A circle through rows that the file does not hold. */
	assert_int_equal(import(s, UNITS_HEAD "SL,Sơn La,province,MG07,,,\n",
				 NULL, NULL, d),
		-1);
	assert_int_equal(d->n, 1);
	assert_int_equal(d->v[0].line, 2);
	assert_string_equal(roll_of(s, a), "Giôn Mới 2");
	diags_free(d);
	arena_free(a);
	store_close(s);
}

static void test_province(void **state)
{
	enum { UNITS = 2500, MEMBERS = 90000 };
	struct store *s = open_memory();
	struct diags *d = diags_new();
	struct registry_counts n;
	struct registry_files f = {0};
	struct buf units, members;

	(void)state;
	buf_init(&units, 1 << 20);
	buf_init(&members, 16 << 20);
	buf_putz(&units, UNITS_HEAD);
	buf_putz(&members, MEMBERS_HEAD);
	for (int i = 0; i < UNITS; i++)
		buf_putf(&units, "U%04d,Bản %d,hamlet,%s,,,\n", i, i,
			i == 0 ? "" : "U0000");
	for (int i = 0; i < MEMBERS; i++)
		buf_putf(&members,
			"U%04d,%d,Lò Văn Inh,official,active,,0912%06d,,\n",
			i % UNITS, i / UNITS + 1, i);
	assert_false(units.over || members.over);
	f.units = buf_str(&units);
	f.members = buf_str(&members);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(registry_import(s, &f, NOW, &n, d), 0);
	assert_int_equal(n.units, UNITS);
	assert_int_equal(n.members, MEMBERS);
	assert_int_equal(n.contacts, MEMBERS);
	assert_int_equal(store_commit(s), 0);
	buf_release(&units);
	buf_release(&members);
	diags_free(d);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_units),
		cmocka_unit_test(test_wrong_members),
		cmocka_unit_test(test_wrong_roles),
		cmocka_unit_test(test_wrong_files),
		cmocka_unit_test(test_tolerated),
		cmocka_unit_test(test_again_updates_by_key),
		cmocka_unit_test(test_province),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
