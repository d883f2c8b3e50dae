/*
 * option_doc - how does a person learn what can be set?
 *
 * The option tables once more, for reading: as the list of a man page
 * (mdoc(7)), and as a YAML file whose values are the defaults, so that the
 * sample itself can be loaded. Pure.
 */
#include "config/option_value.h"

/* Text in which no character starts a request or an escape. */
static void put_roff(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\\')
			buf_putz(out, "\\e");
		else if (i == 0 && (s.p[i] == '.' || s.p[i] == '\''))
			buf_putf(out, "\\&%c", s.p[i]);
		else
			buf_putc(out, s.p[i]);
}

/* "A text" is no news to anybody. */
static bool says_little(const struct option *o)
{
	return (o->type == OPTION_TEXT || o->type == OPTION_TEXTS) &&
	       o->min == 0 && o->max == 0;
}

static void man_takes(const struct option *o, struct buf *out)
{
	struct buf takes;

	buf_putz(out, "\nTakes ");
	buf_init(&takes, 1000);
	option_value_takes(o, &takes);
	put_roff(out, buf_str(&takes));
	buf_release(&takes);
	buf_putc(out, '.');
}

static void man_one(const struct option *o, struct buf *out)
{
	buf_putf(out, ".It Ic %s\n", o->name);
	put_roff(out, str_of(o->help));
	if (!says_little(o))
		man_takes(o, out);
	buf_putc(out, '\n');
	if (o->required) {
		buf_putz(out, "Required.\n");
	} else if (o->fallback != NULL && o->fallback[0] != '\0') {
		buf_putz(out, "Default:\n.Ql ");
		put_roff(out, str_of(o->fallback));
		buf_putz(out, " .\n");
	}
}

void option_man(const struct option *v, size_t n, struct buf *out)
{
	buf_putz(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < n; i++)
		man_one(&v[i], out);
	buf_putz(out, ".El\n");
}

/* "limits." of "limits.per_second", "a.b." of "a.b.c"; empty at the top. */
static struct str map_of(const struct option *o)
{
	struct str s = str_of(o->name);

	while (s.n > 0 && s.p[s.n - 1] != '.')
		s.n--;
	return s;
}

static void put_indent(struct buf *out, int n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

/* Letters and digits with little between them need no quotes. */
static bool is_plain(struct str s)
{
	static const char inner[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:+-";

	if (s.n == 0 || strchr("_.:+-", s.p[0]) != NULL || s.p[s.n - 1] == ':')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr(inner, s.p[i]) == NULL)
			return false;
	return true;
}

static void put_value(const struct option *o, struct buf *out)
{
	struct str s = str_of(o->fallback);

	if (o->type == OPTION_TEXTS || o->type == OPTION_INTS) {
		buf_putf(out, "[" STR_FMT "]", STR_ARG(s));
		return;
	}
	if (o->type == OPTION_INT || is_plain(s)) {
		buf_put(out, s);
		return;
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, s.p[i]);
	}
	buf_putc(out, '"');
}

static void put_comment(const struct option *o, int indent, struct buf *out)
{
	put_indent(out, indent);
	buf_putf(out, "# %s%s\n", o->help, o->required ? " Required." : "");
	if (says_little(o))
		return;
	put_indent(out, indent);
	buf_putz(out, "# Takes ");
	option_value_takes(o, out);
	buf_putz(out, ".\n");
}

static void sample_one(const struct option *o, int indent, struct buf *out)
{
	struct str name = str_from(str_of(o->name), map_of(o).n);

	put_comment(o, indent, out);
	put_indent(out, indent);
	/* Without a default there is nothing that could be loaded. */
	buf_putf(out, "%s" STR_FMT ":", o->fallback == NULL ? "#" : "",
		STR_ARG(name));
	if (o->fallback != NULL) {
		buf_putc(out, ' ');
		put_value(o, out);
	}
	buf_putc(out, '\n');
}

/*
 * Names the maps that an option stands in and the one before it did not;
 * gives what is to be added to the indent.
 */
static int open_maps(
	struct str before, struct str map, int indent, struct buf *out)
{
	int deeper = 0;
	size_t at = 0, n;

	for (; at < map.n; at += n, deeper += 2) {
		n = (size_t)str_find_byte(map, '.', at) - at + 1;
		if (str_starts(before, str_part(map, 0, at + n)))
			continue;
		put_indent(out, indent + deeper);
		buf_putf(out, STR_FMT ":\n", STR_ARG(str_part(map, at, n - 1)));
	}
	return deeper;
}

void option_sample(
	const struct option *v, size_t n, int indent, struct buf *out)
{
	struct str before = STR(""), map;
	int deeper;

	for (size_t i = 0; i < n; i++) {
		map = map_of(&v[i]);
		deeper = open_maps(before, map, indent, out);
		sample_one(&v[i], indent + deeper, out);
		before = map;
	}
}
