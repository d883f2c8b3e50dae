/*
 * registry_cells - is this cell of a registry file right?
 *
 * One function per kind of cell. Whoever filled the file in sees file, line,
 * number of the field, what was read and what would be right. Pure.
 */
#include "gateway/store/registry_cells.h"

#include "gateway/model/day.h"
#include "parsers/phone.h"

#define TEXT_MAX 200
#define CODE_MAX 32
#define NUMBER_MAX 9999

#define WRONG(c, column, ...)                                                  \
	csv_table_wrong((c)->table, (c)->row, (column), (c)->d, __VA_ARGS__)

static const char *name_of(const struct cell *c, int column)
{
	return c->table->columns[column];
}

int cell_needed(const struct cell *c, int column, struct str *ret)
{
	*ret = cell_text(c, column);
	if (ret->n == 0)
		return WRONG(c, column, "%s is empty", name_of(c, column));
	if (ret->n > TEXT_MAX)
		return WRONG(c, column, "%s has %zu bytes, at most %d fit",
			name_of(c, column), ret->n, TEXT_MAX);
	return 0;
}

static bool is_code_byte(char ch)
{
	return (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') ||
	       (ch >= '0' && ch <= '9') || ch == '-';
}

int cell_code(const struct cell *c, int column, struct str *ret)
{
	size_t i = 0;

	if (cell_needed(c, column, ret) < 0)
		return -1;
	while (i < ret->n && is_code_byte(ret->p[i]))
		i++;
	if (i == ret->n && ret->n <= CODE_MAX)
		return 0;
	return WRONG(c, column,
		"%s \"" STR_FMT "\": use letters A-Z, digits and -, at most "
		"%d, as in MG07",
		name_of(c, column), STR_ARG(*ret), CODE_MAX);
}

int cell_choice(const struct cell *c, int column, const char *choices,
	const char *fallback, struct str *ret)
{
	struct str rest = str_of(choices), one;

	*ret = cell_text(c, column);
	if (ret->n == 0 && fallback != NULL) {
		*ret = str_of(fallback);
		return 0;
	}
	while (str_next(&rest, '|', &one))
		if (str_eq(one, *ret))
			return 0;
	return WRONG(c, column, "%s \"" STR_FMT "\" is none of %s",
		name_of(c, column), STR_ARG(*ret), choices);
}

int cell_number(
	const struct cell *c, int column, bool may_be_empty, int64_t *ret)
{
	struct str s = cell_text(c, column);

	*ret = 0;
	if (s.n == 0 && may_be_empty)
		return 0;
	if (str_to_i64(s, ret) == 0 && *ret >= 1 && *ret <= NUMBER_MAX)
		return 0;
	return WRONG(c, column, "%s \"" STR_FMT "\" is no number from 1 to %d",
		name_of(c, column), STR_ARG(s), NUMBER_MAX);
}

int cell_phone(const struct cell *c, int column, bool may_be_empty,
	struct arena *a, struct str *ret)
{
	struct str s = cell_text(c, column);
	struct phone phone;

	*ret = (struct str){NULL, 0};
	if (s.n == 0 && may_be_empty)
		return 0;
	if (phone_parse(s, &phone) < 0)
		return WRONG(c, column,
			"%s \"" STR_FMT "\" is no phone number; write it as "
			"+84912345678 or 0912345678",
			name_of(c, column), STR_ARG(s));
	*ret = arena_str(a, str_of(phone.z));
	return 0;
}

static int cell_day(const struct cell *c, int column, struct str *ret)
{
	*ret = cell_text(c, column);
	if (ret->n == 0) {
		*ret = (struct str){NULL, 0};
		return 0;
	}
	if (day_parse(*ret) != DAY_NONE)
		return 0;
	return WRONG(c, column,
		"%s \"" STR_FMT "\" is no day; write it as 2026-11-05",
		name_of(c, column), STR_ARG(*ret));
}

int cell_days(const struct cell *c, int from_column, int to_column,
	struct str *ret_from, struct str *ret_to)
{
	int rc = cell_day(c, from_column, ret_from);

	if (cell_day(c, to_column, ret_to) < 0 || rc < 0)
		return -1;
	if (ret_from->p == NULL || ret_to->p == NULL ||
		str_cmp(*ret_from, *ret_to) <= 0)
		return 0;
	return WRONG(c, to_column, "%s " STR_FMT " is before %s " STR_FMT,
		name_of(c, to_column), STR_ARG(*ret_to),
		name_of(c, from_column), STR_ARG(*ret_from));
}
