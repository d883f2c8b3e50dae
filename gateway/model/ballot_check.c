/*
 * ballot_check - does the chain of an item hold, and what does it say?
 *
 * The ballots and what their voters were told are kept apart and walked side
 * by side: what is in one alone was put in or taken out, what differs was
 * changed. A ballot that was changed is named alone: the next one is
 * measured against what its voter was told. Only what holds is counted. Pure.
 */
#include "gateway/model/ballot.h"

#include <limits.h>

struct walk {
	const struct ballot_chain *c;
	struct arena *a;
	struct ballot_faults *faults;
	struct str prev; /* what the next ballot must carry */
};

static void add(struct walk *w, int seq, int member_no, const char *what)
{
	w->faults->v[w->faults->n++] =
		(struct ballot_fault){seq, member_no, what};
}

static bool is_hash(struct str stored, const struct ballot_hash *h)
{
	return str_is(stored, h->z);
}

static void check_pair(
	struct walk *w, struct ballot *b, const struct ballot_receipt *r)
{
	struct ballot_hash link = ballot_link(b, w->a);

	b->holds = is_hash(b->hash, &link) && str_eq(b->hash, r->hash) &&
		   str_eq(b->prev, w->prev) && b->member_no == r->member_no;
	if (!b->holds)
		add(w, r->seq, r->member_no, "changed");
	w->prev = r->hash;
}

static void walk_pairs(struct walk *w)
{
	const struct ballot_chain *c = w->c;
	size_t i = 0, k = 0;

	while (i < c->n || k < c->receipts_n) {
		int seq = i < c->n ? c->v[i].seq : INT_MAX;
		int told = k < c->receipts_n ? c->receipts[k].seq : INT_MAX;

		if (told < seq) {
			add(w, told, c->receipts[k].member_no, "taken out");
			w->prev = c->receipts[k++].hash;
		} else if (seq < told) {
			c->v[i].holds = false;
			add(w, seq, c->v[i++].member_no, "put in");
		} else {
			check_pair(w, &c->v[i++], &c->receipts[k++]);
		}
	}
}

void ballot_check(const struct ballot_chain *c, struct arena *a,
	struct ballot_faults *ret)
{
	const struct ballot_item *item = c->item;
	struct ballot_hash genesis = ballot_genesis(item, a), seal;
	struct walk w = {.c = c, .a = a, .faults = ret, .prev = item->digest};

	*ret = (struct ballot_faults){
		ARENA_ARRAY(a, struct ballot_fault, c->n + c->receipts_n + 2),
		0};
	if (!is_hash(item->digest, &genesis))
		add(&w, 0, 0, "the question or the list of voters changed");
	walk_pairs(&w);
	if (item->seal.p == NULL && item->closed_at != 0)
		add(&w, 0, 0, "its seal was taken out");
	if (item->seal.p == NULL)
		return;
	seal = ballot_seal(item, w.prev, a);
	if (!is_hash(item->seal, &seal))
		add(&w, 0, 0, "it does not end as it was closed");
}

static struct ballot_voter *voter_of(struct ballot_item *i, int member_no)
{
	for (size_t k = 0; k < i->voters_n; k++)
		if (i->voters[k].member_no == member_no)
			return &i->voters[k];
	return NULL;
}

/* Of two of one member the later by the provider's clock, whichever came
 * first; of two of one instant the one that came last. */
static bool is_outdone(const struct ballot_chain *c, const struct ballot *one)
{
	for (const struct ballot *b = c->v; b < c->v + c->n; b++)
		if (b->holds && b->member_no == one->member_no &&
			(b->voted_at > one->voted_at ||
				(b->voted_at == one->voted_at && b > one)))
			return true;
	return false;
}

void ballot_take(const struct ballot_chain *c, struct ballot_item *i)
{
	for (size_t k = 0; k < i->voters_n; k++)
		i->voters[k].choice = CHOICES_N;
	for (size_t k = 0; k < c->n; k++) {
		struct ballot_voter *v = voter_of(i, c->v[k].member_no);

		if (v != NULL && c->v[k].holds && !is_outdone(c, &c->v[k]))
			v->choice = choice_parse(c->v[k].choice);
	}
}
