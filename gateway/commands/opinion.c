/*
 * opinion - which opinions wait for an answer, and which has got one?
 *
 * `list` reads, `answer` goes to whoever writes. What people wrote, `report
 * opinions --texts` shows.
 */
#include "gateway/store/opinion.h"
#include "gateway/store/lineage.h"

#include "gateway/commands/command.h"

#include <stdio.h>

static struct str or_dash(struct str s)
{
	return s.n > 0 ? s : STR("-");
}

static void show(const struct command_line *line, const struct settings *set,
	const struct opinion_row *r, struct arena *a)
{
	int offset = (int)set->config->utc_offset * 60;
	struct day_text came = day_iso(day_of_ms(r->came_at, offset));
	struct str unit = or_dash(r->unit), topic = or_dash(r->topic);
	struct jdoc *v;

	if (command_value(line, "--json") == NULL) {
		printf("%-6lld %-12.*s %-6.*s %s\n", (long long)r->id,
			STR_ARG(unit), STR_ARG(topic), came.z);
		return;
	}
	v = jdoc_object();
	jdoc_set_int(v, "opinion", r->id);
	jdoc_set_str(v, "unit", r->unit);
	jdoc_set_str(v, "topic", r->topic);
	jdoc_set_str(v, "came_on", str_of(came.z));
	printf(STR_FMT "\n", STR_ARG(jdoc_print(v, a)));
	jdoc_free(v);
}

static int list(const struct command_line *line, const struct settings *set,
	struct arena *a)
{
	const char *path = arena_z(a, set->config->database);
	struct str unit = str_of(command_value(line, "--unit"));
	struct opinion_rows rows;
	struct err err = {""};
	struct store *s = store_open(path, STORE_READ, &err);
	int rc;

	if (s == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_WRONG;
	}
	rc = unit.p != NULL ? lineage_named(s, unit, a, &unit) : 1;
	if (rc == 0)
		fprintf(stderr,
			"bantin opinion: there is no unit '" STR_FMT "'\n",
			STR_ARG(unit));
	rc = rc > 0 ? opinion_open(s, unit, a, &rows) : rc == 0 ? 1 : -1;
	if (rc < 0)
		fprintf(stderr, "%s\n", store_error(s));
	store_close(s);
	for (size_t i = 0; rc == 0 && i < rows.n; i++)
		show(line, set, &rows.v[i], a);
	return rc == 0 ? EXIT_FINE : EXIT_WRONG;
}

static int answer(const struct command_line *line, const struct settings *set)
{
	struct jdoc *r = jdoc_object(), *ids = jdoc_array(), *got;
	struct err err = {""};
	struct str error;
	int64_t id;

	jdoc_set(r, "opinions", ids);
	for (int i = 1; i < line->argc; i++) {
		if (str_to_i64(str_of(line->argv[i]), &id) != 0 || id < 1) {
			fprintf(stderr,
				"bantin opinion: no number '%s'; list shows "
				"them\n",
				line->argv[i]);
			jdoc_free(r);
			return EXIT_USAGE;
		}
		jdoc_push(ids, jdoc_new_int(id));
	}
	got = command_write(line, set, r, &err);
	error = got != NULL ? jdoc_str(jdoc_at(got, "error"))
			    : str_of(err.text);
	if (error.p != NULL)
		fprintf(stderr, "bantin opinion: " STR_FMT "\n",
			STR_ARG(error));
	else
		printf("%d answered\n", line->argc - 1);
	id = error.p == NULL ? EXIT_FINE : EXIT_WRONG;
	jdoc_free(got);
	return (int)id;
}

static int run(const struct command_line *line)
{
	bool lists = strcmp(line->argv[0], "list") == 0;
	struct settings *set;
	struct arena *a;
	int status;

	if ((!lists && strcmp(line->argv[0], "answer") != 0) ||
		(lists ? line->argc > 1 : line->argc < 2)) {
		fprintf(stderr, "bantin opinion: list, or answer NUMBER...\n");
		return EXIT_USAGE;
	}
	set = command_settings(line);
	if (set == NULL)
		return EXIT_WRONG;
	a = arena_new(65536);
	status = lists ? list(line, set, a) : answer(line, set);
	arena_free(a);
	settings_unref(set);
	return status;
}

/* The writer's side: all of them, or none. */
static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *ret)
{
	const struct jdoc *ids = jdoc_at(request, "opinions");
	struct err why = {""};
	int64_t id = 0;
	int rc = 1;

	(void)set;
	(void)now_ms;
	for (size_t i = 0; i < jdoc_len(ids) && rc > 0; i++) {
		(void)jdoc_int(jdoc_item(ids, i), &id);
		rc = opinion_answer(s, id);
	}
	if (rc == 0) {
		(void)err_set(&why, "no opinion %lld waits for an answer",
			(long long)id);
		jdoc_set_str(ret, "error", str_of(why.text));
	}
	return rc > 0 ? 0 : -1;
}

static const struct command_option options[] = {
	{"--unit", "CODE", "list: only those of this unit"},
	{"--json", NULL, "list: a line of JSON each"},
	{0},
};

const struct command command_opinion = {
	.name = "opinion",
	.operands = "list|answer [NUMBER...]",
	.min_operands = 1,
	.max_operands = -1,
	.summary = "which opinions wait for an answer, and which has got one",
	.help = "list shows those that wait: number, unit, topic and day, "
		"without their words (`report opinions --texts`). answer 12 "
		"says that number 12 has been answered, in a meeting or on "
		"paper; several at once, all of them or none.",
	.options = options,
	.run = run,
	.apply = apply,
};
