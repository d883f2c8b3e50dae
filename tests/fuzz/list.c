/*
 * list: a roll call's numbers are roll numbers, and without a doubt nobody is
 * in two lists that exclude each other.
 */
#include "tests/fuzz/situation.h"

#define MEMBER_MAX 999999 /* six digits are read */
#define TEXT_MAX 600

static struct settings *set;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	set = situation_settings();
	return 0;
}

static bool is_in(const struct fields *f, enum field id, int member)
{
	const int *v = field_has(f, id) ? f->v[id].list.p : NULL;

	for (size_t i = 0; v != NULL && i < f->v[id].list.n; i++)
		if (v[i] == member)
			return true;
	return false;
}

static void check_list(const struct situation *s, enum field id)
{
	static const enum field other[] = {FIELD_EXCUSED_MEMBERS,
		FIELD_UNEXCUSED_MEMBERS, FIELD_PRESENT_MEMBERS};
	const struct fields *f = &s->reading.fields;
	const int *v = field_has(f, id) ? f->v[id].list.p : NULL;

	for (size_t i = 0; v != NULL && i < f->v[id].list.n; i++) {
		MUST(v[i] > 0 && v[i] <= MEMBER_MAX);
		for (size_t k = 0; k < 3; k++)
			MUST(other[k] == id || s->outcome.clarify ||
				!is_in(f, other[k], v[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const enum field lists[] = {FIELD_EXCUSED_MEMBERS,
		FIELD_UNEXCUSED_MEMBERS, FIELD_PRESENT_MEMBERS};
	struct arena *a = arena_new(65536);
	struct situation *s = ARENA_NEW(a, struct situation);
	struct str head = {"\0\0\0", 3}, tail = fuzz_text(data, n);

	s->set = set;
	s->arena = a;
	if (n <= TEXT_MAX && str_is_utf8(tail)) {
		situation_make(s, &head);
		s->message.text = arena_printf(
			a, "DD MG07 5/11 V " STR_FMT, STR_ARG(tail));
		situation_run(s);
		for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
			if (s->reading.intent == INTENT_ATTENDANCE)
				check_list(s, lists[i]);
	}
	arena_free(a);
	return 0;
}
