/*
 * fact - which facts of a unit are kept, and what does a typed one mean?
 *
 * The names are those of the fields of a text where one says the same. A
 * share is kept as its numerator and denominator; nobody types a percentage.
 * Pure; any thread.
 */
#include "gateway/model/fact.h"

#include <assert.h>

#define COUNT_MAX INT64_C(10000000)
#define LEVELS 4

#define INFO(id, name, type, span, of, help)                                   \
	[FACT_##id] = {name, help, FACT_##type, FACT_##span, FACT_##of},

static const struct {
	const char *name, *help;
	enum fact_type type;
	enum fact_span span;
	enum fact_of of;
} info[FACT_N] = {FACTS(INFO)};

const char *fact_str(enum fact f)
{
	assert(f < FACT_N);
	return info[f].name;
}

const char *fact_help(enum fact f)
{
	assert(f < FACT_N);
	return info[f].help;
}

enum fact_type fact_type(enum fact f)
{
	assert(f < FACT_N);
	return info[f].type;
}

enum fact_span fact_span(enum fact f)
{
	assert(f < FACT_N);
	return info[f].span;
}

enum fact_of fact_of(enum fact f)
{
	assert(f < FACT_N);
	return info[f].of;
}

enum fact fact_parse(struct str name)
{
	for (int f = 0; f < FACT_N; f++)
		if (str_is(name, info[f].name))
			return (enum fact)f;
	return FACT_N;
}

/* ---- values ---- */

struct word {
	const char *typed, *kept;
};

static int look_up(
	const struct word *v, size_t n, struct str typed, struct str *ret)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(typed, str_of(v[i].typed))) {
			*ret = str_of(v[i].kept);
			return 0;
		}
	return -1;
}

static int read_yes(struct str typed, struct str *ret, struct err *err)
{
	static const struct word words[] = {{"yes", "true"}, {"true", "true"},
		{"co", "true"}, {"có", "true"}, {"no", "false"},
		{"false", "false"}, {"khong", "false"}, {"không", "false"}};

	if (look_up(words, sizeof(words) / sizeof(words[0]), typed, ret) == 0)
		return 0;
	return err_set(err, "yes or no, not '" STR_FMT "'", STR_ARG(typed));
}

static int read_grade(struct str typed, struct str *ret, struct err *err)
{
	static const struct word words[] = {{"none", "none"},
		{"difficult", "difficult"},
		{"very_difficult", "very_difficult"}};

	if (look_up(words, sizeof(words) / sizeof(words[0]), typed, ret) == 0)
		return 0;
	return err_set(err,
		"none, difficult or very_difficult, not '" STR_FMT "'",
		STR_ARG(typed));
}

/* The scale that held in 2016, and the one since (domain notes §2.5). */
static int read_level(
	int64_t scale, struct str typed, struct str *ret, struct err *err)
{
	static const struct word numbers[LEVELS] = {
		{"1", "1"}, {"2", "2"}, {"3", "3"}, {"4", "4"}};
	static const struct word scales[][LEVELS] = {
		{{"tsvm", "1"}, {"httnv", "2"}, {"htnv", "3"},
			{"yeu_kem", "4"}},
		{{"htxsnv", "1"}, {"httnv", "2"}, {"htnv", "3"},
			{"khtnv", "4"}},
	};
	const struct word *v = scales[scale == 1 ? 0 : 1];

	if (look_up(numbers, LEVELS, typed, ret) == 0 ||
		look_up(v, LEVELS, typed, ret) == 0)
		return 0;
	return err_set(err,
		"%s, %s, %s or %s, or their number from 1 to 4, not "
		"'" STR_FMT "'",
		v[0].typed, v[1].typed, v[2].typed, v[3].typed, STR_ARG(typed));
}

static int count_of(struct str s, int64_t *ret)
{
	return str_to_i64(s, ret) == 0 && *ret >= 0 && *ret <= COUNT_MAX ? 0
									 : -1;
}

static int share_of(struct str s, int64_t *ret_n, int64_t *ret_d)
{
	struct str n;

	if (!str_next(&s, '/', &n) || count_of(n, ret_n) != 0 ||
		count_of(s, ret_d) != 0)
		return -1;
	return *ret_d > 0 && *ret_n <= *ret_d ? 0 : -1;
}

int fact_value(const struct fact_typed *t, struct arena *a, struct str *ret,
	struct err *err)
{
	struct str typed = t->text;
	int64_t n, d;

	switch (fact_type(t->fact)) {
	case FACT_YES:
		return read_yes(typed, ret, err);
	case FACT_GRADE:
		return read_grade(typed, ret, err);
	case FACT_LEVEL:
		return read_level(t->scale, typed, ret, err);
	case FACT_SHARE:
		if (share_of(typed, &n, &d) != 0)
			return err_set(err,
				"--n and --d, how many of how many, or 412/920;"
				" not '" STR_FMT "'",
				STR_ARG(typed));
		*ret = arena_printf(a, "%lld/%lld", (long long)n, (long long)d);
		return 0;
	case FACT_COUNT:
		break;
	}
	if (count_of(typed, &n) != 0)
		return err_set(err,
			"a number from 0 to %lld, not '" STR_FMT "'",
			(long long)COUNT_MAX, STR_ARG(typed));
	*ret = arena_printf(a, "%lld", (long long)n);
	return 0;
}

int fact_number(enum fact f, struct str kept, int64_t *ret_n, int64_t *ret_d)
{
	*ret_d = 1;
	switch (fact_type(f)) {
	case FACT_YES:
		*ret_n = str_is(kept, "true");
		return *ret_n != 0 || str_is(kept, "false") ? 0 : -1;
	case FACT_GRADE:
		*ret_n = !str_is(kept, "none");
		return kept.n > 0 ? 0 : -1;
	case FACT_SHARE:
		return share_of(kept, ret_n, ret_d);
	case FACT_LEVEL:
	case FACT_COUNT:
		break;
	}
	return count_of(kept, ret_n);
}

/* ---- kinds of units ---- */

enum unit_class unit_class_of(struct str kind)
{
	static const struct {
		const char *kind;
		enum unit_class is;
	} kinds[] = {
		{"hamlet", CLASS_HAMLET},
		{"ban", CLASS_HAMLET},
		{"bản", CLASS_HAMLET},
		{"xom", CLASS_HAMLET},
		{"xóm", CLASS_HAMLET},
		{"thon", CLASS_HAMLET},
		{"thôn", CLASS_HAMLET},
		{"tdp", CLASS_HAMLET},
		{"tieu_khu", CLASS_HAMLET},
		{"tieu khu", CLASS_HAMLET},
		{"tiểu khu", CLASS_HAMLET},
		{"commune", CLASS_COMMUNE},
		{"ward", CLASS_COMMUNE},
		{"xa", CLASS_COMMUNE},
		{"xã", CLASS_COMMUNE},
		{"phuong", CLASS_COMMUNE},
		{"phường", CLASS_COMMUNE},
		{"school", CLASS_SCHOOL},
		{"health", CLASS_HEALTH},
		{"enterprise", CLASS_ENTERPRISE},
		{"cooperative", CLASS_ENTERPRISE},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_ieq(kind, str_of(kinds[i].kind)))
			return kinds[i].is;
	return CLASS_OTHER;
}
