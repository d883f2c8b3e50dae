/*
 * menus_form - what does one form of menus.yaml ask, and what does it say?
 *
 * Reads a form with its fields, choices and pages, and checks that the names
 * in it fit together: what a field refers to is a field, what hangs on an
 * answer comes behind it, and the text that it says names fields alone. Used
 * once per load; owns nothing.
 */
#include "config/menus_parts.h"
#include "gateway/model/guide.h"

#define ARRAY_N(v) (sizeof(v) / sizeof((v)[0]))
#define PROMPT_HOLDS "today yesterday unit meeting item"

struct choice_parts {
	const struct node *label;
};

static const struct option choice_options[] = {
	{.name = "value",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 40,
		.help = "What it says in the form's text.",
		.offset = offsetof(struct menus_choice, value)},
	{.name = "silent",
		.type = OPTION_BOOL,
		.fallback = "false",
		.help = "It says nothing there.",
		.offset = offsetof(struct menus_choice, silent)},
};

static const struct option choice_label_options[] = {
	{.name = "label",
		.type = OPTION_NODE,
		.required = true,
		.help = "How it is shown.",
		.offset = offsetof(struct choice_parts, label)},
};

#define FIELD(key, kind, member, text)                                         \
	{                                                                      \
		.name = (key), .type = (kind), .help = (text),                 \
		.offset = offsetof(struct menus_field, member)                 \
	}

static const struct option field_options[] = {
	{.name = "name",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 20,
		.help = "What others call it.",
		.offset = offsetof(struct menus_field, name)},
	{.name = "type",
		.type = OPTION_ENUM,
		.required = true,
		.choices = "choice|unit|day|count|member|members|self|item|"
			   "place|words",
		.help = "What is read as an answer.",
		.offset = offsetof(struct menus_field, type)},
	FIELD("label", OPTION_TEXT, label, "What texts call the figure."),
	FIELD("if", OPTION_TEXT, if_field, "Asked only when this field …"),
	FIELD("is", OPTION_TEXTS, if_values, "… has one of these values."),
	{.name = "min",
		.type = OPTION_INT,
		.fallback = "0",
		.max = 9999,
		.help = "The smallest figure.",
		.offset = offsetof(struct menus_field, min)},
	{.name = "max",
		.type = OPTION_INT,
		.fallback = "0",
		.max = 9999,
		.help = "The largest; 0: as report.max_figure.",
		.offset = offsetof(struct menus_field, max)},
	FIELD("none", OPTION_TEXT, none, "The value that says nothing."),
	FIELD("within", OPTION_TEXT, within,
		"A field whose figure this one may not exceed."),
	FIELD("beside", OPTION_TEXTS, beside, "Fields that count with it."),
	{.name = "always",
		.type = OPTION_BOOL,
		.fallback = "false",
		.help = "Said also where only one can be meant.",
		.offset = offsetof(struct menus_field, always)},
	{.name = "completes",
		.type = OPTION_BOOL,
		.fallback = "false",
		.help = "Together they are as much as 'within'.",
		.offset = offsetof(struct menus_field, completes)},
	FIELD("apart", OPTION_TEXTS, apart,
		"Lists that may not have a number of this one."),
	FIELD("some", OPTION_TEXT, some,
		"A list: this one or that has a number."),
	FIELD("instead", OPTION_TEXT, instead,
		"The field that takes what is no choice."),
};

struct field_parts {
	const struct node *prompt, *hint, *choices;
};

static const struct option field_part_options[] = {
	{.name = "prompt",
		.type = OPTION_NODE,
		.required = true,
		.help = "What is asked.",
		.offset = offsetof(struct field_parts, prompt)},
	{.name = "hint",
		.type = OPTION_NODE,
		.help = "Said behind it where the roll is known.",
		.offset = offsetof(struct field_parts, hint)},
	{.name = "choices",
		.type = OPTION_NODE,
		.help = "Of a choice.",
		.offset = offsetof(struct field_parts, choices)},
};

static int read_choice(const struct menus_reader *r, const struct node *n,
	struct menus_choice *ret)
{
	struct choice_parts parts = {NULL};
	struct option_table t[] = {
		OPTION_TABLE(choice_options, ret),
		OPTION_TABLE(choice_label_options, &parts),
	};

	ret->node = n;
	if (option_read(n, t, 2, r->arena, r->diags) != 0)
		return -1;
	return menus_read_words(r, parts.label, PROMPT_HOLDS, &ret->label);
}

static int read_choices(const struct menus_reader *r, const struct node *list,
	struct menus_field *f)
{
	int rc = 0, n = menus_list_n(r, list, "choices");
	struct menus_choice *v;

	if (n < 0)
		return -1;
	if ((n > 0) != (f->type == MENUS_CHOICE))
		return node_error(f->node, r->diags,
			"'choices' go with 'type: choice' alone");
	f->choices = v = ARENA_ARRAY(r->arena, struct menus_choice, (size_t)n);
	f->choices_n = (size_t)n;
	for (size_t i = 0; i < f->choices_n; i++)
		rc |= read_choice(r, list->items[i], &v[i]);
	return rc;
}

static int read_field(const struct menus_reader *r, const struct node *n,
	struct menus_field *ret)
{
	struct field_parts parts = {NULL, NULL, NULL};
	struct option_table t[] = {
		OPTION_TABLE(field_options, ret),
		OPTION_TABLE(field_part_options, &parts),
	};

	ret->node = n;
	if (option_read(n, t, 2, r->arena, r->diags) != 0)
		return -1;
	if (parts.hint != NULL &&
		menus_read_words(r, parts.hint, "roll", &ret->hint) != 0)
		return -1;
	if (menus_read_words(r, parts.prompt, PROMPT_HOLDS, &ret->prompt) != 0)
		return -1;
	return read_choices(r, parts.choices, ret);
}

struct page_parts {
	const struct node *of, *text;
};

static const struct option page_options[] = {
	{.name = "for",
		.type = OPTION_NODE,
		.required = true,
		.help = "The roles that are shown it.",
		.offset = offsetof(struct page_parts, of)},
	{.name = "text",
		.type = OPTION_NODE,
		.required = true,
		.help = "What it says.",
		.offset = offsetof(struct page_parts, text)},
};

static int read_page(const struct menus_reader *r, const struct node *n,
	struct menus_page *ret)
{
	struct page_parts parts = {NULL, NULL};
	struct option_table t = OPTION_TABLE(page_options, &parts);

	if (option_read(n, &t, 1, r->arena, r->diags) != 0 ||
		menus_read_roles(r, parts.of, &ret->roles) != 0)
		return -1;
	return menus_read_words(r, parts.text, PROMPT_HOLDS, &ret->text);
}

struct form_parts {
	const struct node *fields, *pages;
};

static const struct option form_options[] = {
	{.name = "name",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 20,
		.help = "What menus call it.",
		.offset = offsetof(struct menus_form, name)},
	{.name = "does",
		.type = OPTION_ENUM,
		.fallback = "says",
		.choices = "says|shows|speaks",
		.help = "Says an SMS, shows pages, or changes the language.",
		.offset = offsetof(struct menus_form, does)},
	{.name = "say",
		.type = OPTION_TEXT,
		.max = 200,
		.help = "The SMS that its answers make.",
		.offset = offsetof(struct menus_form, say)},
	{.name = "half",
		.type = OPTION_TEXT,
		.help = "The field that must be answered before a form that "
			"was left is worth a text.",
		.offset = offsetof(struct menus_form, half)},
};

static const struct option form_part_options[] = {
	{.name = "fields",
		.type = OPTION_NODE,
		.help = "What is asked, in this order.",
		.offset = offsetof(struct form_parts, fields)},
	{.name = "pages",
		.type = OPTION_NODE,
		.help = "What is shown.",
		.offset = offsetof(struct form_parts, pages)},
};

static int read_fields(const struct menus_reader *r, const struct node *list,
	struct menus_form *f)
{
	int rc = 0, n = menus_list_n(r, list, "fields");
	struct menus_field *v;

	if (list == NULL || n < 0)
		return n;
	f->fields = v = ARENA_ARRAY(r->arena, struct menus_field, (size_t)n);
	f->fields_n = (size_t)n;
	for (int i = 0; i < n; i++)
		rc |= read_field(r, list->items[i], &v[i]);
	return rc;
}

static int read_pages(const struct menus_reader *r, const struct node *list,
	struct menus_form *f)
{
	int rc = 0, n = menus_list_n(r, list, "pages");
	struct menus_page *v;

	if (list == NULL || n < 0)
		return n;
	f->pages = v = ARENA_ARRAY(r->arena, struct menus_page, (size_t)n);
	f->pages_n = (size_t)n;
	for (int i = 0; i < n; i++)
		rc |= read_page(r, list->items[i], &v[i]);
	return rc;
}

int menus_read_form(const struct menus_reader *r, const struct node *n,
	struct menus_form *ret)
{
	struct form_parts parts = {NULL, NULL};
	struct option_table t[] = {
		OPTION_TABLE(form_options, ret),
		OPTION_TABLE(form_part_options, &parts),
	};

	ret->node = n;
	if (option_read(n, t, 2, r->arena, r->diags) != 0)
		return -1;
	if ((parts.pages != NULL) != (ret->does == MENUS_SHOWS) ||
		(parts.fields != NULL) == (ret->does == MENUS_SHOWS))
		return node_error(n, r->diags,
			"a form that shows has 'pages', any other 'fields'");
	if ((ret->say.n > 0) != (ret->does == MENUS_SAYS))
		return node_error(n, r->diags,
			"'say' goes with a form that says, and no other");
	return read_fields(r, parts.fields, ret) |
	       read_pages(r, parts.pages, ret);
}

/* ---- what hangs together ---- */

/* name: of a field before (or, with `after`, behind) this one; or absent. */
static void check_name(const struct menus_reader *r, const struct menus_form *f,
	const struct menus_field *at, struct str name, bool after)
{
	const struct menus_field *other = menus_field(f, name);

	if (name.n == 0 || (other != NULL && (after ? other > at : other < at)))
		return;
	node_error(at->node, r->diags,
		"'" STR_FMT "' is no field that comes %s", STR_ARG(name),
		after ? "behind it" : "before it");
}

static void check_names(const struct menus_reader *r,
	const struct menus_form *f, const struct menus_field *at,
	struct option_list names)
{
	const struct str *v = names.v;

	for (size_t i = 0; i < names.n; i++)
		check_name(r, f, at, v[i], false);
}

static void check_field(const struct menus_reader *r,
	const struct menus_form *f, const struct menus_field *at)
{
	for (const char *p = at->name.p; p < at->name.p + at->name.n; p++)
		if ((*p < 'a' || *p > 'z') && *p != '_') {
			node_error(at->node, r->diags,
				"a name takes the letters a to z and _");
			break;
		}
	if (menus_field(f, at->name) != at)
		node_error(at->node, r->diags,
			"there is a field '" STR_FMT "' already",
			STR_ARG(at->name));
	if ((at->if_field.n > 0) != (at->if_values.n > 0))
		node_error(at->node, r->diags, "'if' goes with 'is'");
	if (at->within.n > 0 && at->label.n == 0)
		node_error(at->node, r->diags, "'within' needs a 'label'");
	check_name(r, f, at, at->if_field, false);
	check_name(r, f, at, at->within, false);
	check_name(r, f, at, at->some, false);
	check_name(r, f, at, at->instead, true);
	check_names(r, f, at, at->beside);
	check_names(r, f, at, at->apart);
}

static void check_say(const struct menus_reader *r, const struct menus_form *f)
{
	ptrdiff_t open = str_find_byte(f->say, '{', 0), end;
	struct str name;

	for (; open >= 0; open = str_find_byte(f->say, '{', (size_t)end)) {
		end = str_find_byte(f->say, '}', (size_t)open);
		name = str_part(f->say, (size_t)open + 1,
			end < 0 ? 0 : (size_t)(end - open) - 1);
		if (menus_field(f, name) == NULL) {
			node_error(node_get(f->node, "say"), r->diags,
				"'say' has {" STR_FMT "}, which is no field",
				STR_ARG(name));
			return;
		}
	}
}

void menus_check_form(const struct menus_reader *r, const struct menus_form *f)
{
	if (f->fields_n > GUIDE_ANSWERS_MAX)
		node_error(f->node, r->diags, "a form has at most %d fields",
			GUIDE_ANSWERS_MAX);
	for (size_t i = 0; i < f->fields_n; i++)
		check_field(r, f, &f->fields[i]);
	check_say(r, f);
	if (f->half.n > 0 && menus_field(f, f->half) == NULL)
		node_error(node_get(f->node, "half"), r->diags,
			"'half' is no field");
	if (f->does == MENUS_SPEAKS &&
		(f->fields_n != 1 || f->fields[0].type != MENUS_CHOICE))
		node_error(f->node, r->diags,
			"a form that speaks has one choice, and no more");
}
