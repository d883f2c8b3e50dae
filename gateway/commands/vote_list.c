/*
 * vote_list - what was put to the vote, and do its ballots hold?
 *
 * Each item is counted anew from its chain; every ballot that was changed by
 * hand is named on stderr, and then the status is 1.
 */
#include "gateway/commands/vote_parts.h"
#include "gateway/store/lineage.h"
#include "gateway/store/votes.h"

#include <stdio.h>

static struct jdoc *votes_json(const struct ballot_votes *v)
{
	struct jdoc *o = jdoc_object();

	for (int c = 0; c < CHOICES_N; c++)
		jdoc_set_int(o, choice_str((enum choice)c), v->n[c]);
	return o;
}

static const char *state_of(const struct vote_row *row)
{
	return row->off ? "void" : row->item.closed_at != 0 ? "closed" : "open";
}

static struct jdoc *faults_json(const struct ballot_faults *f)
{
	struct jdoc *list = jdoc_array();

	for (size_t i = 0; i < f->n; i++) {
		struct jdoc *o = jdoc_object();

		jdoc_set_int(o, "seq", f->v[i].seq);
		jdoc_set_int(o, "member", f->v[i].member_no);
		jdoc_set_str(o, "fault", str_of(f->v[i].what));
		jdoc_push(list, o);
	}
	return list;
}

static void show_json(const struct vote_ask *k, const struct vote_row *row,
	const struct vote_result *r)
{
	struct jdoc *o = jdoc_object();
	struct day_text day = {""};

	if (row->day != DAY_NONE)
		day = day_iso(row->day);
	jdoc_set_str(o, "unit", row->unit);
	jdoc_set_str(o, "meeting", str_of(day.z));
	jdoc_set_int(o, "item", row->item.no);
	jdoc_set_str(o, "state", str_of(state_of(row)));
	if (row->item.question.p != NULL)
		jdoc_set_str(o, "question", row->item.question);
	jdoc_set_str(o, "threshold", row->item.threshold);
	if (r->count.room_known)
		jdoc_set(o, "room", votes_json(&r->count.room));
	jdoc_set(o, "remote", votes_json(&r->count.remote));
	jdoc_set(o, "opinions", votes_json(&r->count.opinions));
	jdoc_set_int(o, "twice", r->count.twice);
	jdoc_set_int(o, "in_favour", r->count.in_favour);
	jdoc_set_int(o, "denominator", r->count.denominator);
	if (r->count.room_known)
		jdoc_set(o, "carried", jdoc_new_bool(r->count.carried));
	jdoc_set_int(o, "ballots", (int64_t)r->ballots);
	jdoc_set(o, "holds", jdoc_new_bool(r->faults.n == 0));
	jdoc_set(o, "faults", faults_json(&r->faults));
	printf(STR_FMT "\n", STR_ARG(jdoc_print(o, k->arena)));
	jdoc_free(o);
}

static void show_votes(const char *name, const struct ballot_votes *v)
{
	printf("  %s %d/%d/%d", name, v->n[CHOICE_FOR], v->n[CHOICE_AGAINST],
		v->n[CHOICE_ABSTAIN]);
}

static void show(const struct vote_row *row, const struct vote_result *r)
{
	struct day_text day = {"no day yet"};

	if (row->day != DAY_NONE)
		day = day_iso(row->day);
	printf(STR_FMT " %s BQ%d %s", STR_ARG(row->unit), day.z, row->item.no,
		state_of(row));
	if (r->count.room_known)
		show_votes("room", &r->count.room);
	show_votes("remote", &r->count.remote);
	show_votes("opinions", &r->count.opinions);
	if (r->count.room_known)
		printf("\n  %d of %d in favour, " STR_FMT " needed: %s",
			r->count.in_favour, r->count.denominator,
			STR_ARG(row->item.threshold),
			r->count.carried ? "carried" : "not carried");
	else
		printf("\n  the room's votes are not known, " STR_FMT
		       " of %d needed",
			STR_ARG(row->item.threshold), r->count.denominator);
	printf("; the chain %s\n", r->faults.n == 0 ? "holds" : "is BROKEN");
	if (row->item.question.p != NULL)
		printf("  " STR_FMT "\n", STR_ARG(row->item.question));
}

/* On stderr, in both forms: who looks must see them. */
static void name_faults(
	const struct vote_row *row, const struct ballot_faults *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].seq == 0 && f->v[i].member_no == 0)
			fprintf(stderr, "bantin vote: " STR_FMT " BQ%d: %s\n",
				STR_ARG(row->unit), row->item.no, f->v[i].what);
		else
			fprintf(stderr,
				"bantin vote: " STR_FMT
				" BQ%d: ballot %d of member %d was %s\n",
				STR_ARG(row->unit), row->item.no, f->v[i].seq,
				f->v[i].member_no, f->v[i].what);
}

static int show_rows(const struct vote_ask *k, struct vote_rows *rows)
{
	int status = EXIT_FINE;

	for (size_t i = 0; i < rows->n; i++) {
		struct vote_result r;

		if (votes_read(k->store, &rows->v[i], k->set->config, k->arena,
			    &r) != 0)
			return -1;
		if (k->json)
			show_json(k, &rows->v[i], &r);
		else
			show(&rows->v[i], &r);
		name_faults(&rows->v[i], &r.faults);
		if (r.faults.n > 0)
			status = EXIT_WRONG;
	}
	if (rows->n == 0 && !k->json)
		printf("nothing was put to the vote\n");
	return status;
}

/* All of a unit, or of all; of one meeting with --meeting. */
static int find_rows(const struct vote_ask *k, struct vote_rows *ret)
{
	const struct str all[2] = {{NULL, 0}, {NULL, 0}};
	struct str unit = str_of(command_value(k->line, "--unit"));
	const char *on = command_value(k->line, "--meeting");
	size_t kept = 0;

	if (unit.p != NULL &&
		lineage_named(k->store, unit, k->arena, &unit) < 0)
		return -1;
	if (votes_of_unit(k->store, 0, all, k->arena, ret) != 0)
		return -1;
	for (size_t i = 0; i < ret->n; i++)
		if ((unit.p == NULL || str_eq(ret->v[i].unit, unit)) &&
			(on == NULL || ret->v[i].day == day_parse(str_of(on))))
			ret->v[kept++] = ret->v[i];
	ret->n = kept;
	return 0;
}

int vote_list(struct vote_ask *k)
{
	const char *path = arena_z(k->arena, k->set->config->database);
	struct vote_rows rows;
	struct err err;
	int status = -1;

	k->store = store_open(path, STORE_READ, &err);
	if (k->store == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_WRONG;
	}
	if (find_rows(k, &rows) == 0)
		status = show_rows(k, &rows);
	if (status < 0)
		fprintf(stderr, "%s\n", store_error(k->store));
	store_close(k->store);
	return status < 0 ? EXIT_WRONG : status;
}
