/*
 * record_text - how is a record repeated to its sender?
 *
 * One table, in the order of the text: each field that may be said again has
 * a line with its label, or the words for its values. What has no line (names,
 * opinions, reasons) is never sent back. The labels are those of the commands,
 * the same in both languages, so that an echo can be copied into the next
 * text. Pure; writer thread.
 */
#include "handlers/record_text.h"

#include "parsers/segment.h"

#define LIST_MAX 40 /* characters of one list */
#define TEXT_MAX 24 /* characters of a place */

struct word {
	const char *value, *shown;
};

static const struct word status_words[] = {
	{"away", "DI"},
	{"returned", "VE"},
	{"temp_exempt", "MIEN"},
	{"exempt", "MIEN"},
	{"temp_transfer_out", "CHUYEN TAM"},
	{"transfer_out", "CHUYENDI"},
	{"transfer_in", "CHUYENDEN"},
	{"admitted", "KN"},
	{"official", "CHINHTHUC"},
	{"deceased", "TU TRAN"},
	{"removal_proposed", "XOATEN"},
	{"lapse_reported", "NGHI"},
	{NULL, NULL},
};

static const struct word step_words[] = {
	{"listed", "DANH SACH"},
	{"class_started", "DANGHOC"},
	{"class_done", "XONGLOP"},
	{"helper_assigned", "PHAN CONG"},
	{"blocked", "VUONG"},
	{"dropped", "THOI"},
	{"admitted", "KN"},
	{NULL, NULL},
};

static const struct word choice_words[] = {
	{"for", "DY"},
	{"against", "KDY"},
	{"abstain", "TRANG"},
	{NULL, NULL},
};

static const struct word answer_words[] = {
	{"yes", "CO"},
	{"no", "KHONG"},
	{"maybe", "CHUA RO"},
	{NULL, NULL},
};

static const struct word role_words[] = {
	{"secretary", "BT moi"},
	{"deputy", "PBT moi"},
	{"head", "TB moi"},
	{NULL, NULL},
};

static const struct word reason_words[] = {
	{"disaster", "thien tai"},
	{"weather", "thoi tiet"},
	{"harvest", "mua vu"},
	{"quorum", "thieu nguoi"},
	{"other", "viec khac"},
	{NULL, NULL},
};

/* label stands before the value, after behind it. */
static const struct line {
	enum field field;
	enum intent only; /* INTENT_N: any */
	const char *label, *after;
	const struct word *words; /* NULL: the value itself */
} lines[] = {
	{FIELD_UNIT, INTENT_N, "", "", NULL},
	{FIELD_DATE, INTENT_N, "", "", NULL},
	{FIELD_TIME, INTENT_N, "", "", NULL},
	{FIELD_PERIOD, INTENT_N, "T", "", NULL},
	{FIELD_TASK, INTENT_N, "viec ", "", NULL},
	{FIELD_CANDIDATE, INTENT_N, "UT ", "", NULL},
	{FIELD_STEP, INTENT_N, "", "", step_words},
	{FIELD_MEMBER, INTENT_N, "DV ", "", NULL},
	{FIELD_MEMBERS, INTENT_N, "DV ", "", NULL},
	{FIELD_STATUS, INTENT_N, "", "", status_words},
	{FIELD_DEST, INTENT_N, "", "", NULL},
	{FIELD_MONTHS, INTENT_N, "", "T", NULL},
	{FIELD_SINCE, INTENT_N, "tu ", "", NULL},
	{FIELD_APPLICATION_DATE, INTENT_N, "DON ", "", NULL},
	{FIELD_COUNT, INTENT_N, "", " nguoi", NULL},
	{FIELD_DECISION, INTENT_N, "QD ", "", NULL},
	{FIELD_TOTAL, INTENT_N, "TS", "", NULL},
	{FIELD_PRESENT, INTENT_N, "CM", "", NULL},
	{FIELD_ABSENT_MEMBERS, INTENT_N, "V ", "", NULL},
	{FIELD_EXCUSED_MEMBERS, INTENT_N, "VP ", "", NULL},
	{FIELD_UNEXCUSED_MEMBERS, INTENT_N, "VK ", "", NULL},
	{FIELD_PRESENT_MEMBERS, INTENT_N, "CM ", "", NULL},
	{FIELD_LATE_MEMBERS, INTENT_N, "MUON ", "", NULL},
	{FIELD_REST_PRESENT, INTENT_N, "con lai CM", "", NULL},
	{FIELD_UPPER, INTENT_N, "CT", "", NULL},
	{FIELD_TOPICS, INTENT_N, "ND", "", NULL},
	{FIELD_ITEM_COUNT, INTENT_MEETING_ANNOUNCE, "BQ", "", NULL},
	{FIELD_DUE, INTENT_TASK, "HAN ", "", NULL},
	{FIELD_ITEM, INTENT_N, "BQ", "", NULL},
	{FIELD_CHOICE, INTENT_N, "", "", choice_words},
	{FIELD_ANSWER, INTENT_N, "", "", answer_words},
	{FIELD_ROLE_CHANGE, INTENT_N, "", "", role_words},
	{FIELD_COMMITTEE_SIZE, INTENT_N, "chi uy ", " nguoi", NULL},
	{FIELD_PHONE, INTENT_N, "so ", "", NULL},
	{FIELD_REASON, INTENT_NO_MEETING, "", "", reason_words},
};

static const struct fact {
	enum field field;
	const char *yes, *no;
} facts[] = {
	{FIELD_HEAD_IS_MEMBER, "TB la DV", "TB khong la DV"},
	{FIELD_SECRETARY_IS_HEAD, "BT kiem TB", "BT khong kiem TB"},
	{FIELD_HAS_COMMITTEE, "co chi uy", "khong co chi uy"},
};

static void sort(int *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && v[k - 1] > v[k]; k--) {
			int t = v[k];

			v[k] = v[k - 1];
			v[k - 1] = t;
		}
}

struct str record_numbers(const int *v, size_t n, struct arena *a)
{
	int *sorted = ARENA_ARRAY(a, int, n + 1);
	struct str list = {"", 0};
	size_t end;

	if (n > 0)
		memcpy(sorted, v, n * sizeof(*v));
	sort(sorted, n);
	for (size_t i = 0; i < n && list.n <= LIST_MAX; i = end) {
		for (end = i + 1; end < n; end++)
			if (sorted[end] > sorted[end - 1] + 1)
				break;
		list = arena_printf(a, STR_FMT "%s%d", STR_ARG(list),
			i > 0 ? "," : "", sorted[i]);
		if (sorted[end - 1] > sorted[i])
			list = arena_printf(a, STR_FMT "-%d", STR_ARG(list),
				sorted[end - 1]);
	}
	return list.n <= LIST_MAX ? list : arena_printf(a, "%zu nguoi", n);
}

static struct str word_of(const struct word *words, struct str value)
{
	for (; words->value != NULL; words++)
		if (str_is(value, words->value))
			return str_of(words->shown);
	return (struct str){NULL, 0};
}

static struct str topics_text(const struct value *v, struct arena *a)
{
	const struct str *codes = v->list.p;
	struct str list = {"", 0};

	for (size_t i = 0; i < v->list.n && list.n < LIST_MAX; i++)
		list = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(list),
			i > 0 ? "," : "", STR_ARG(codes[i]));
	return list;
}

static struct str period_text(day_t day, struct arena *a)
{
	struct ymd d = day_ymd(day);

	return arena_printf(a, "%d", d.m);
}

/* The value alone; absent: it is not said again. */
static struct str value_text(
	const struct line *l, const struct value *v, struct arena *a)
{
	struct day_text d;

	switch (field_type(l->field)) {
	case FIELD_T_DAY:
		d = day_short((day_t)v->i);
		return arena_str(a, str_of(d.z));
	case FIELD_T_TIME:
		return arena_printf(
			a, "%dh%02d", (int)v->i / 60, (int)v->i % 60);
	case FIELD_T_PERIOD:
		return period_text((day_t)v->i, a);
	case FIELD_T_INTS:
		return record_numbers(v->list.p, v->list.n, a);
	case FIELD_T_TEXTS:
		return topics_text(v, a);
	case FIELD_T_BOOL:
		return v->i != 0 ? STR("") : (struct str){NULL, 0};
	case FIELD_T_INT:
		return arena_printf(a, "%lld", (long long)v->i);
	default:
		return l->words != NULL
			       ? word_of(l->words, v->s)
			       : str_part(segment_ascii(v->s, a), 0, TEXT_MAX);
	}
}

static struct str join(struct str list, struct str piece, struct arena *a)
{
	return arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(list),
		list.n > 0 ? " " : "", STR_ARG(piece));
}

static struct str add_line(struct str list, const struct line *l,
	const struct fields *f, struct arena *a)
{
	struct str value = value_text(l, &f->v[l->field], a);

	if (value.p == NULL)
		return list;
	return join(list,
		arena_printf(a, "%s" STR_FMT "%s", l->label, STR_ARG(value),
			l->after),
		a);
}

/* "BQ1 DY BQ2 KDY" */
static struct str add_choices(
	struct str list, const struct fields *f, struct arena *a)
{
	const struct field_map_entry *v;

	if (!field_has(f, FIELD_CHOICES))
		return list;
	v = f->v[FIELD_CHOICES].list.p;
	for (size_t i = 0; i < f->v[FIELD_CHOICES].list.n; i++) {
		struct str word = word_of(choice_words, v[i].value);

		list = join(list,
			arena_printf(
				a, "BQ%d " STR_FMT, v[i].key, STR_ARG(word)),
			a);
	}
	return list;
}

/* A committee of three is one. */
static bool is_said_already(const struct fields *f, enum field fact)
{
	return fact == FIELD_HAS_COMMITTEE && f->v[fact].i != 0 &&
	       field_has(f, FIELD_COMMITTEE_SIZE);
}

struct str record_text(
	enum intent intent, const struct fields *f, struct arena *a)
{
	struct str list = {"", 0};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (field_has(f, lines[i].field) &&
			(lines[i].only == INTENT_N || lines[i].only == intent))
			list = add_line(list, &lines[i], f, a);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (field_has(f, facts[i].field) &&
			!is_said_already(f, facts[i].field))
			list = join(list,
				str_of(f->v[facts[i].field].i != 0
						? facts[i].yes
						: facts[i].no),
				a);
	return intent == INTENT_VOTE ? add_choices(list, f, a) : list;
}

bool record_gives_number(const struct proposal_ref *p)
{
	struct str status = field_text(p->fields, FIELD_STATUS);

	return (str_is(status, "admitted") || str_is(status, "transfer_in")) &&
	       !field_has(p->fields, FIELD_MEMBER) &&
	       !field_has(p->fields, FIELD_MEMBERS) &&
	       field_int(p->fields, FIELD_COUNT, 1) == 1;
}
