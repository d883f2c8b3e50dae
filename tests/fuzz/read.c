/*
 * read: any text, from any sender, under any question: what was read stands
 * in the text; a report that is stored adds up and was not doubtful; every
 * text that goes back can be rendered.
 */
#include "tests/fuzz/situation.h"

#include "handlers/render.h"

static struct settings *set;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	set = situation_settings();
	return 0;
}

static void check_reading(const struct situation *s)
{
	const struct reading *r = &s->reading;

	MUST(r->intent < INTENT_N && r->problem < PROBLEM_N);
	MUST(r->spans_n <= READING_SPANS_MAX);
	for (size_t i = 0; i < r->spans_n; i++) {
		MUST(r->spans[i].field < FIELD_N && r->spans[i].n > 0);
		MUST(r->spans[i].at + r->spans[i].n <= s->message.text.n);
	}
}

static void check_json(const struct situation *s)
{
	struct jdoc *once = fields_to_json(&s->outcome.fields);
	struct fields again = {0};
	struct err err = {""};

	MUST(fields_from_json(once, s->arena, &again, &err) == 0);
	jdoc_free(once);
}

static int64_t figure(const struct fields *f, enum field id)
{
	return field_int(f, id, 0);
}

/* What a stored version may look like (docs/language.md). */
static void check_report(const struct fields *f)
{
	int64_t present = figure(f, FIELD_PRESENT);
	int64_t total = figure(f, FIELD_TOTAL);

	MUST(field_has(f, FIELD_DATE));
	MUST(!field_has(f, FIELD_TOTAL) || present <= total);
	if (field_has(f, FIELD_TOTAL) && field_has(f, FIELD_PRESENT) &&
		field_has(f, FIELD_EXCUSED) && field_has(f, FIELD_UNEXCUSED))
		MUST(present + figure(f, FIELD_EXCUSED) +
				figure(f, FIELD_UNEXCUSED) ==
			total);
	if (field_has(f, FIELD_PRESENT))
		MUST(figure(f, FIELD_VOTE_FOR) + figure(f, FIELD_VOTE_AGAINST) +
				figure(f, FIELD_VOTE_ABSTAIN) <=
			present);
}

static void check_effects(const struct situation *s)
{
	const struct outcome *o = &s->outcome;

	MUST(o->n <= EFFECTS_MAX);
	for (size_t i = 0; i < o->n; i++) {
		const struct effect *e = &o->v[i];

		if (e->kind == EFFECT_REPORT) {
			MUST(!o->clarify);
			check_report(e->fields);
		}
		if (e->kind == EFFECT_REPLY || e->kind == EFFECT_ASK ||
			e->kind == EFFECT_NOTIFY)
			MUST(render_reply(s->set->replies, &e->reply,
				     s->context.language, s->arena)
					.n > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(65536);
	struct situation *s = ARENA_NEW(a, struct situation);
	struct str rest = fuzz_text(data, n);

	s->set = set;
	s->arena = a;
	situation_make(s, &rest);
	if (rest.n == 0 || str_is_utf8(rest)) {
		situation_run(s);
		check_reading(s);
		check_json(s);
		check_effects(s);
	}
	arena_free(a);
	return 0;
}
