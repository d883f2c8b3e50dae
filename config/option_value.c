/*
 * option_value - is this value what its option takes?
 *
 * One line of the table below per type: how a value is read, how its range is
 * said. A fault tells name, what would be right and what was given, except
 * for texts of the wrong length: they may be secrets. Pure.
 */
#include "config/option_value.h"

#include <assert.h>
#include <inttypes.h>

#define SHOWN_MAX 40
#define PHONE_DIGITS_MIN 8
#define PHONE_DIGITS_MAX 15 /* E.164 */

typedef int read_fn(
	const struct option *o, struct str s, struct arena *a, void *field);

static int read_int(
	const struct option *o, struct str s, struct arena *a, void *field)
{
	int64_t v;

	(void)a;
	if (str_to_i64(s, &v) < 0)
		return -1;
	if ((o->min != 0 || o->max != 0) && (v < o->min || v > o->max))
		return -1;
	*(int64_t *)field = v;
	return 0;
}

static int read_bool(
	const struct option *o, struct str s, struct arena *a, void *field)
{
	(void)o;
	(void)a;
	if (!str_is(s, "true") && !str_is(s, "false"))
		return -1;
	*(bool *)field = str_is(s, "true");
	return 0;
}

static int read_text(
	const struct option *o, struct str s, struct arena *a, void *field)
{
	int n = node_columns(s);

	if ((o->min != 0 || o->max != 0) && (n < o->min || n > o->max))
		return -1;
	*(struct str *)field = arena_str(a, s);
	return 0;
}

static int read_enum(
	const struct option *o, struct str s, struct arena *a, void *field)
{
	struct str rest = str_of(o->choices), choice;

	(void)a;
	for (int i = 0; str_next(&rest, '|', &choice); i++)
		if (str_eq(choice, s)) {
			*(int *)field = i;
			return 0;
		}
	return -1;
}

static int digits(struct str s)
{
	int v = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

static int read_time(
	const struct option *o, struct str s, struct arena *a, void *field)
{
	int h, m;

	(void)o;
	(void)a;
	if (s.n != 5 || s.p[2] != ':')
		return -1;
	h = digits(str_part(s, 0, 2));
	m = digits(str_from(s, 3));
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return -1;
	*(int *)field = h * 60 + m;
	return 0;
}

/* ":8080" behind a host, a port of 1 to 65535; without one it is fine. */
static bool has_good_port(struct str host)
{
	const ptrdiff_t bracket = str_find_byte(host, ']', 0);
	const ptrdiff_t colon =
		str_find_byte(host, ':', bracket > 0 ? (size_t)bracket : 0);
	int64_t port;

	if (colon < 0)
		return true;
	return str_to_i64(str_from(host, (size_t)colon + 1), &port) == 0 &&
	       port > 0 && port <= 65535;
}

/* HOST:PORT of what follows http://; what logs in before an @ is passed. */
static struct str authority(struct str s)
{
	size_t n = 0;
	ptrdiff_t at;

	while (n < s.n && s.p[n] != '/' && s.p[n] != '?' && s.p[n] != '#')
		n++;
	s = str_part(s, 0, n);
	at = str_find_byte(s, '@', 0);
	return at < 0 ? s : str_from(s, (size_t)at + 1);
}

static int read_url(
	const struct option *o, struct str s, struct arena *a, void *field)
{
	size_t head = str_starts(s, STR("https://"))  ? 8
		      : str_starts(s, STR("http://")) ? 7
						      : 0;

	(void)o;
	if (head == 0 || s.n == head || s.p[head] == '/')
		return -1;
	for (size_t i = head; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == 0x7f)
			return -1;
	if (!has_good_port(authority(str_from(s, head))))
		return -1;
	*(struct str *)field = arena_str(a, s);
	return 0;
}

static int read_phone(
	const struct option *o, struct str s, struct arena *a, void *field)
{
	(void)o;
	if (s.n < 1 + PHONE_DIGITS_MIN || s.n > 1 + PHONE_DIGITS_MAX ||
		s.p[0] != '+' || s.p[1] == '0')
		return -1;
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
	*(struct str *)field = arena_str(a, s);
	return 0;
}

static const struct type {
	read_fn *read; /* of the value, or of one item of a list; NULL: none */
	size_t item;   /* bytes of one item of a list; 0: no list */
} type[] = {
	[OPTION_INT] = {.read = read_int},
	[OPTION_BOOL] = {.read = read_bool},
	[OPTION_TEXT] = {.read = read_text},
	[OPTION_ENUM] = {.read = read_enum},
	[OPTION_TIME] = {.read = read_time},
	[OPTION_URL] = {.read = read_url},
	[OPTION_PHONE] = {.read = read_phone},
	[OPTION_TEXTS] = {.read = read_text, .item = sizeof(struct str)},
	[OPTION_INTS] = {.read = read_int, .item = sizeof(int64_t)},
	[OPTION_NODE] = {0},
};

static void put_range(const struct option *o, const char *unit, struct buf *out)
{
	if (o->max == INT64_MAX)
		buf_putf(out, " of at least %" PRId64, o->min);
	else if (o->min == o->max && o->min != 0)
		buf_putf(out, " equal to %" PRId64, o->min);
	else if (o->min != o->max)
		buf_putf(out, " from %" PRId64 " to %" PRId64, o->min, o->max);
	if (unit != NULL)
		buf_putf(out, " %s", unit);
}

static void put_length(const struct option *o, struct buf *out)
{
	if (o->min == 0 && o->max == 0)
		return;
	if (o->max == INT64_MAX)
		buf_putf(out, " of at least %" PRId64 " characters", o->min);
	else
		buf_putf(out, " of %" PRId64 " to %" PRId64 " characters",
			o->min, o->max);
}

static void put_choices(const struct option *o, struct buf *out)
{
	struct str rest = str_of(o->choices), choice;

	for (const char *sep = ""; str_next(&rest, '|', &choice);
		sep = rest.p != NULL && str_find_byte(rest, '|', 0) < 0 ? " or "
									: ", ")
		buf_putf(out, "%s" STR_FMT, sep, STR_ARG(choice));
}

void option_value_takes(const struct option *o, struct buf *out)
{
	static const char *const says[] = {
		[OPTION_INT] = "a whole number",
		[OPTION_BOOL] = "true or false",
		[OPTION_TEXT] = "a text",
		[OPTION_ENUM] = "",
		[OPTION_TIME] = "a time of day as HH:MM",
		[OPTION_URL] = "an address as http://HOST or https://HOST",
		[OPTION_PHONE] = "a phone number as +84912345678",
		[OPTION_TEXTS] = "a list of texts",
		[OPTION_INTS] = "a list of whole numbers",
		[OPTION_NODE] = "a map or a list",
	};

	buf_putz(out, says[o->type]);
	if (o->type == OPTION_INT || o->type == OPTION_INTS)
		put_range(o, o->unit, out);
	else if (o->type == OPTION_TEXT || o->type == OPTION_TEXTS)
		put_length(o, out);
	else if (o->type == OPTION_ENUM)
		put_choices(o, out);
}

/* given: what stands there instead, in words. */
static int refuse(const struct option *o, const char *given, struct err *err)
{
	struct buf takes;

	buf_init(&takes, sizeof(err->text));
	option_value_takes(o, &takes);
	err_set(err, "'%s' takes %s, not %s", o->name, buf_z(&takes), given);
	buf_release(&takes);
	return -1;
}

/* One value, or one item of a list. */
static int read_one(const struct option *o, struct str s, struct arena *a,
	void *at, struct err *err)
{
	struct buf given;

	if (type[o->type].read(o, s, a, at) == 0)
		return 0;
	buf_init(&given, sizeof(err->text));
	if (type[o->type].read == read_text)
		buf_putf(&given, "one of %d", node_columns(s));
	else if (node_columns(s) > SHOWN_MAX)
		buf_putf(&given, "these %d characters", node_columns(s));
	else
		buf_putf(&given, "'" STR_FMT "'", STR_ARG(s));
	refuse(o, buf_z(&given), err);
	buf_release(&given);
	return -1;
}

int option_value_text(const struct option *o, struct str text, struct arena *a,
	void *field, struct err *err)
{
	size_t item = type[o->type].item, n = 1;
	struct option_list *list = field;
	struct str rest = text, piece;
	char *v;

	if (o->type == OPTION_NODE)
		return err_set(err, "'%s' is set in the file alone", o->name);
	if (item == 0)
		return read_one(o, text, a, field, err);
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	v = arena_alloc(a, n * item);
	for (n = 0; text.n > 0 && str_next(&rest, ',', &piece); n++)
		if (read_one(o, str_trim(piece), a, v + n * item, err) < 0)
			return -1;
	*list = (struct option_list){v, n};
	return 0;
}

static const char *kind_str(const struct node *n)
{
	static const char *const name[] = {
		[NODE_SCALAR] = "a single value",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "a map",
	};

	return node_is_null(n) ? "nothing; give a value or remove the key"
			       : name[n->kind];
}

static int read_scalar(const struct option *o, const struct node *n,
	struct arena *a, void *at, struct diags *d)
{
	struct err err;

	if (n->kind != NODE_SCALAR || node_is_null(n))
		refuse(o, kind_str(n), &err);
	else if (read_one(o, n->text, a, at, &err) == 0)
		return 0;
	return node_error(n, d, "%s", err.text);
}

static int read_list(const struct option *o, const struct node *n,
	struct arena *a, struct option_list *ret, struct diags *d)
{
	const struct node *const *items = n->kind == NODE_LIST ? n->items : &n;
	size_t count = n->kind == NODE_LIST ? n->n : 1;
	size_t item = type[o->type].item;
	char *v = arena_alloc(a, count * item);
	int rc = 0;

	if (node_is_null(n)) /* all items commented out */
		count = 0;
	for (size_t i = 0; i < count; i++)
		if (read_scalar(o, items[i], a, v + i * item, d) < 0)
			rc = -1;
	*ret = (struct option_list){v, count};
	return rc;
}

int option_value_node(const struct option *o, const struct node *n,
	struct arena *a, void *field, struct diags *d)
{
	if (o->type == OPTION_NODE) {
		*(const struct node **)field = n;
		return 0;
	}
	assert(type[o->type].read != NULL);
	if (type[o->type].item > 0)
		return read_list(o, n, a, field, d);
	return read_scalar(o, n, a, field, d);
}
