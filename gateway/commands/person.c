/*
 * person - what is kept of one person; erase it.
 *
 * The answer to XEM DL and XOA DL. Both go to whoever writes, because looking
 * is written down as well, in the same transaction: what could not be audited
 * is not shown.
 */
#include "gateway/store/person.h"
#include "gateway/commands/command.h"
#include "gateway/local.h"
#include "parsers/phone.h"

#include <stdio.h>

/* ---- asking ---- */

static int usage(const char *what)
{
	fprintf(stderr, "bantin person: %s\n", what);
	return EXIT_USAGE;
}

static int read_who(const struct command_line *line, struct jdoc *request)
{
	struct str first = str_of(line->argv[1]);
	struct phone phone;
	int64_t no;

	if (line->argc == 2) {
		if (phone_parse(first, &phone) != 0)
			return usage("no phone; or give unit and number: "
				     "MG07 12");
		jdoc_set_str(request, "phone", str_of(phone.z));
		return EXIT_FINE;
	}
	if (str_to_i64(str_of(line->argv[2]), &no) != 0 || no < 1)
		return usage("a member's number is 1 or more");
	jdoc_set_str(request, "unit", first);
	jdoc_set_int(request, "no", no);
	return EXIT_FINE;
}

static void print_value(
	struct str key, const struct jdoc *v, struct arena *a, int offset_min)
{
	int64_t n;
	bool at = key.n > 3 && memcmp(key.p + key.n - 3, "_at", 3) == 0;

	if (jdoc_str(v).p != NULL)
		printf("  " STR_FMT ": " STR_FMT "\n", STR_ARG(key),
			STR_ARG(jdoc_text(v, a)));
	else if (jdoc_int(v, &n) && at)
		printf("  " STR_FMT ": %s\n", STR_ARG(key),
			local_full(n, offset_min).z);
	else if (jdoc_int(v, &n))
		printf("  " STR_FMT ": %lld\n", STR_ARG(key), (long long)n);
}

struct printing {
	struct arena *arena;
	int offset_min;
};

static void on_value(void *arg, struct str key, const struct jdoc *v)
{
	const struct printing *p = arg;

	print_value(key, v, p->arena, p->offset_min);
}

static void on_section(void *arg, struct str name, const struct jdoc *rows)
{
	for (size_t i = 0; i < jdoc_len(rows); i++) {
		printf(STR_FMT "\n", STR_ARG(name));
		jdoc_each(jdoc_item(rows, i), on_value, arg);
	}
}

static int finish(const struct command_line *line, const struct jdoc *answer,
	struct printing *p)
{
	struct str done = jdoc_str(jdoc_at(answer, "done"));

	if (command_value(line, "--json") != NULL)
		printf(STR_FMT "\n", STR_ARG(jdoc_print(answer, p->arena)));
	else if (done.p != NULL)
		printf(STR_FMT "\n", STR_ARG(done));
	else
		jdoc_each(answer, on_section, p);
	return EXIT_FINE;
}

static int ask(const struct command_line *line, const struct settings *set,
	struct jdoc *request)
{
	struct printing p = {
		arena_new(16384), (int)set->config->utc_offset * 60};
	struct err err = {""};
	struct jdoc *answer = command_write(line, set, request, &err);
	struct str error = answer != NULL ? jdoc_str(jdoc_at(answer, "error"))
					  : str_of(err.text);
	int status = EXIT_WRONG;

	if (error.p != NULL)
		fprintf(stderr, "bantin person: " STR_FMT "\n", STR_ARG(error));
	else
		status = finish(line, answer, &p);
	jdoc_free(answer);
	arena_free(p.arena);
	return status;
}

static int run(const struct command_line *line)
{
	bool erase = strcmp(line->argv[0], "erase") == 0;
	struct jdoc *request;
	struct settings *set;
	int status;

	if (!erase && strcmp(line->argv[0], "show") != 0)
		return usage("show or erase");
	if (erase && command_value(line, "--yes") == NULL)
		return usage("erase cannot be undone; say --yes");
	request = jdoc_object();
	jdoc_set_str(request, "act", str_of(line->argv[0]));
	status = read_who(line, request);
	set = status == EXIT_FINE ? command_settings(line) : NULL;
	if (set == NULL) {
		jdoc_free(request);
		return status == EXIT_FINE ? EXIT_WRONG : status;
	}
	status = ask(line, set, request);
	settings_unref(set);
	return status;
}

/* ---- the writer's side ---- */

static int refuse(struct jdoc *answer, const char *why)
{
	jdoc_set_str(answer, "error", str_of(why));
	return -1;
}

static int find(struct store *s, const struct jdoc *request, struct arena *a,
	struct person_ref *ret)
{
	struct str phone = jdoc_str(jdoc_at(request, "phone"));
	int64_t no = 0;

	if (phone.p != NULL)
		return person_find_phone(s, phone, a, ret);
	(void)jdoc_int(jdoc_at(request, "no"), &no);
	return person_find_member(
		s, jdoc_str(jdoc_at(request, "unit")), no, a, ret);
}

static int erase(struct store *s, const struct person_ref *p,
	const struct ticket_end *by, struct arena *a, struct jdoc *answer)
{
	jdoc_set_str(answer, "done",
		p->shared ? STR("erased, but for the phone: it is another "
				"member's, too")
			  : STR("erased; figures stay. Backups made before "
				"still hold it"));
	return person_erase(s, p, by, a);
}

static int apply_in(struct store *s, const struct jdoc *request, int64_t now_ms,
	struct arena *a, struct jdoc *answer)
{
	bool gone = str_is(jdoc_str(jdoc_at(request, "act")), "erase");
	struct audit_entry e = {
		.now_ms = now_ms,
		.what = gone ? "person erase" : "person show",
	};
	struct person_ref p;
	int rc = find(s, request, a, &p);

	if (rc <= 0)
		return rc < 0 ? -1 : refuse(answer, "nothing is kept of them");
	e.unit_id = p.unit_id;
	e.member_no = p.member_no;
	e.phone = p.phone;
	if (command_audit(s, request, &e) != 0)
		return -1;
	return gone ? erase(s, &p,
			      &(struct ticket_end){.now_ms = now_ms,
				      .by = command_who(request, a)},
			      a, answer)
		    : person_show(s, &p, answer);
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct arena *a = arena_new(8192);
	int rc = apply_in(s, request, now_ms, a, answer);

	(void)set;
	arena_free(a);
	return rc;
}

static const struct command_option options[] = {
	{"--yes", NULL, "erase: really"},
	{"--json", NULL, "print JSON"},
	{0},
};

const struct command command_person = {
	.name = "person",
	.operands = "show|erase PHONE|UNIT NUMBER",
	.min_operands = 2,
	.max_operands = 3,
	.summary = "what is kept of one person; erase it",
	.help = "show prints everything that is kept of a member or a phone: "
		"the row of the list, roles, consents, what was written and "
		"sent, attendance, answers. It answers a request XEM DL. erase "
		"--yes answers XOA DL: name and phones go, with "
		"everything that the person wrote, and whatever others wrote "
		"with that name or number in it; the number on the list "
		"(and the province of who is away), reports and counts stay. "
		"Where a phone stood, p12 stands, a "
		"number that nothing leads back from. The log of the database "
		"is cut short at once; backups made before still hold it. A "
		"phone that is also another member's is kept. What the phone "
		"had asked (`bantin ticket`) is then closed. Both are "
		"audited (`bantin report audit`) and go through a running "
		"serve.",
	.options = options,
	.run = run,
	.apply = apply,
};
