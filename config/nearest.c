/*
 * nearest - which known name did a person mean?
 *
 * The smallest number of single-character edits and swaps of neighbours
 * (optimal string alignment) wins, if it is small for the length of what was
 * written; else all known names are listed. Between two nearest_ calls the
 * struct owns a buffer.
 */
#include "config/nearest.h"

#define LENGTH_MAX 48
#define LIST_MAX 1500

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits that are still a slip: abc 1, report 2, per_second 3. */
static size_t slip(size_t n)
{
	return n < 4 ? 1 : n < 8 ? 2 : 3;
}

static size_t distance(struct str a, struct str b)
{
	size_t row[3][LENGTH_MAX + 1]; /* of the last three letters of a */
	size_t *above2, *above, *here;

	if (str_eq(a, b))
		return 0;
	if (a.n > LENGTH_MAX || b.n > LENGTH_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		above2 = row[(i + 1) % 3];
		above = row[(i + 2) % 3];
		here = row[i % 3];
		here[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			here[j] = least(least(above[j], here[j - 1]) + 1,
				above[j - 1] + (a.p[i - 1] != b.p[j - 1]));
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				a.p[i - 2] == b.p[j - 1])
				here[j] = least(here[j], above2[j - 2] + 1);
		}
	}
	return row[a.n % 3][b.n];
}

void nearest_begin(struct nearest *n, struct str key)
{
	*n = (struct nearest){.key = key, .distance = slip(key.n) + 1};
	buf_init(&n->all, LIST_MAX);
}

void nearest_offer(struct nearest *n, struct str name)
{
	size_t apart =
		name.n > n->key.n ? name.n - n->key.n : n->key.n - name.n;
	size_t d;

	/* Known to the letter: nothing to advise. */
	if (name.n == 0 || n->distance == 0 || str_eq(name, n->last))
		return;
	n->last = name;
	if (n->all.n > 0)
		buf_putz(&n->all, ", ");
	buf_put(&n->all, name);
	/* So many letters more are so many edits at least. */
	d = apart < n->distance ? distance(n->key, name) : SIZE_MAX;
	if (d < n->distance && d < name.n) {
		n->distance = d;
		n->name = name;
	}
}

void nearest_advise(struct nearest *n, struct buf *out)
{
	if (n->name.n > 0)
		buf_putf(out, "did you mean '" STR_FMT "'?", STR_ARG(n->name));
	else
		buf_putf(out, "known here: " STR_FMT "%s",
			STR_ARG(buf_str(&n->all)), n->all.over ? ", …" : "");
	buf_release(&n->all);
}
