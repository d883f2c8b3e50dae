/*
 * talk_list - which units and numbers may an answer speak of?
 *
 * What is typed may name a unit, by words that the store must look up.
 * A context has no list of members until a text speaks of them. A form asks
 * for them one screen at a time, and says at once what is not on the list:
 * so the list is loaded for just the steps that answer such a question.
 */
#include "gateway/talk_parts.h"

int talk_asked(const struct menus *m, const struct guide_state *g)
{
	const struct menus_form *form = menus_form(m, g->form);
	const struct menus_field *f =
		form != NULL ? menus_field(form, g->at) : NULL;

	return f != NULL ? f->type : TALK_NO_FIELD;
}

static bool asks_members(const struct menus *m, const struct guide_state *g)
{
	int type = talk_asked(m, g);

	return type == MENUS_MEMBER || type == MENUS_MEMBERS;
}

/* The unit that was answered; absent: the only one. */
static struct str unit_of(const struct menus *m, const struct guide_state *g)
{
	const struct menus_form *form = menus_form(m, g->form);

	for (size_t i = 0; i < g->n; i++) {
		const struct menus_field *f = menus_field(form, g->v[i].field);

		if (f != NULL && f->type == MENUS_UNIT)
			return g->v[i].value;
	}
	return (struct str){NULL, 0};
}

int talk_list(struct store *s, const struct settings *set,
	const struct guide_state *g, struct arena *a, struct context *c)
{
	struct fields *f;
	struct str unit;

	if (c->members_n > 0 || !asks_members(set->menus, g))
		return 0;
	f = ARENA_NEW(a, struct fields);
	unit = unit_of(set->menus, g);
	field_set_int(f, FIELD_MEMBER, 1);
	if (unit.n > 0)
		field_set_text(f, FIELD_UNIT, unit);
	return context_load_subject(s, f, a, c);
}

static bool has_letter(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] > '9')
			return true;
	return false;
}

void talk_find_units(const struct settings *set, struct str typed,
	struct arena *a, struct context_query *q)
{
	char *z;

	if (!has_letter(typed) || typed.n > GUIDE_INPUT_MAX)
		return;
	z = arena_z(a, typed);
	for (size_t i = 0; i < typed.n; i++)
		if (z[i] == '*')
			z[i] = ' ';
	q->unit_keys_n = scan_unit_keys(
		scan_text(set->rules, (struct str){z, typed.n}, a),
		&q->unit_keys);
}
