/*
 * ballot - how do remote votes hang together, and how are they counted?
 *
 * Each ballot of an item carries the hash of the one before it; the first
 * carries the item's, which covers the question and the list of voters. What
 * is hashed is plain text, a line a value, so that anybody with sha256sum can
 * follow it. The count keeps the room and the remote votes apart. Pure.
 */
#include "gateway/model/ballot.h"

#include "gateway/base/digest.h"

#include <assert.h>

static const char *const choice_name[CHOICES_N] = {
	[CHOICE_FOR] = "for",
	[CHOICE_AGAINST] = "against",
	[CHOICE_ABSTAIN] = "abstain",
};

const char *choice_str(enum choice c)
{
	assert(c < CHOICES_N);
	return choice_name[c];
}

enum choice choice_parse(struct str s)
{
	for (int c = 0; c < CHOICES_N; c++)
		if (str_is(s, choice_name[c]))
			return (enum choice)c;
	return CHOICES_N;
}

bool ballot_is_official(const struct ballot_voter *v)
{
	return str_is(v->standing, "official");
}

/* ---- the chain ---- */

static struct ballot_hash hash_of(const struct str *parts, size_t n)
{
	struct digest d = digest_of(DIGEST_SHA256, parts, n);
	static const char hex[] = "0123456789abcdef";
	struct ballot_hash h = {""};

	assert(d.n * 2 + 1 == sizeof(h.z));
	for (size_t i = 0; i < d.n; i++) {
		h.z[2 * i] = hex[d.b[i] >> 4];
		h.z[2 * i + 1] = hex[d.b[i] & 15];
	}
	return h;
}

/* "item 4 8 1 2/3 1793…", a line a voter, the question at the end: it may
 * hold anything. */
struct ballot_hash ballot_genesis(const struct ballot_item *i, struct arena *a)
{
	struct str *parts = ARENA_ARRAY(a, struct str, i->voters_n + 2);

	parts[0] = arena_printf(a, "item %lld %lld %d " STR_FMT " %lld\n",
		(long long)i->id, (long long)i->meeting_id, i->no,
		STR_ARG(i->threshold), (long long)i->opened_at);
	for (size_t k = 0; k < i->voters_n; k++)
		parts[k + 1] = arena_printf(a,
			"voter %d " STR_FMT " " STR_FMT "\n",
			i->voters[k].member_no, STR_ARG(i->voters[k].standing),
			STR_ARG(i->voters[k].status));
	parts[i->voters_n + 1] =
		arena_printf(a, "question " STR_FMT "\n", STR_ARG(i->question));
	return hash_of(parts, i->voters_n + 2);
}

struct ballot_hash ballot_link(const struct ballot *b, struct arena *a)
{
	struct str text = arena_printf(a,
		"ballot %lld %d %d " STR_FMT " " STR_FMT
		" %lld %lld %lld\n" STR_FMT "\n",
		(long long)b->item_id, b->seq, b->member_no, STR_ARG(b->choice),
		STR_ARG(b->counted_as), (long long)b->voted_at,
		(long long)b->created_at, (long long)b->message_id,
		STR_ARG(b->prev));

	return hash_of(&text, 1);
}

struct ballot ballot_cast(
	const struct context *c, const struct vote_ref *v, struct str choice)
{
	return (struct ballot){
		.item_id = v->id,
		.seq = v->seq + 1,
		.member_no = v->member_no,
		.choice = choice,
		.counted_as =
			v->official ? STR(BALLOT_VOTE) : STR(BALLOT_OPINION),
		.voted_at = c->sent_at,
		.created_at = c->now_ms,
		.message_id = c->message_id,
		.prev = v->head,
	};
}

struct ballot_hash ballot_seal(
	const struct ballot_item *i, struct str head, struct arena *a)
{
	struct str *parts = ARENA_ARRAY(a, struct str, i->voters_n + 1);
	size_t n = 0;

	parts[n++] = arena_printf(a, "closed %lld %lld\n" STR_FMT "\n",
		(long long)i->id, (long long)i->closed_at, STR_ARG(head));
	for (size_t k = 0; k < i->voters_n; k++)
		if (i->voters[k].left)
			parts[n++] = arena_printf(
				a, "left %d\n", i->voters[k].member_no);
	return hash_of(parts, n);
}

/* ---- counting ---- */

/* Among those of whom a share must agree: not who has left the roll or is
 * exempt, unless in the room or with a vote that counts. */
static bool counts_below(const struct ballot_voter *v, bool by_vote)
{
	bool exempt =
		str_is(v->status, "exempt") || str_is(v->status, "temp_exempt");

	if (!ballot_is_official(v))
		return false;
	return v->present || by_vote || (!v->left && !exempt);
}

static int votes_sum(const struct ballot_votes *v)
{
	int sum = 0;

	for (int c = 0; c < CHOICES_N; c++)
		sum += v->n[c];
	return sum;
}

/*
 * More votes than voters: exempt members were in the room, who then count
 * below; what is left are votes that must not count, or count twice, and for
 * all that is known they are in favour.
 */
static void take_excess(const struct ballot_item *i,
	const struct ballot_rule *rule, struct ballot_count *ret)
{
	int excess = votes_sum(&ret->room) - ret->denominator;

	if (rule->remote_counts)
		excess += votes_sum(&ret->remote);
	for (size_t k = 0; k < i->voters_n && excess > 0; k++) {
		const struct ballot_voter *v = &i->voters[k];
		bool by_vote = v->choice != CHOICES_N && rule->remote_counts;

		if (ballot_is_official(v) && !v->left &&
			!counts_below(v, by_vote)) {
			ret->denominator++;
			excess--;
		}
	}
	if (excess > 0)
		ret->in_favour -=
			excess < ret->in_favour ? excess : ret->in_favour;
}

void ballot_count(const struct ballot_item *i, const struct ballot_rule *rule,
	struct ballot_count *ret)
{
	ret->remote = ret->opinions = (struct ballot_votes){{0}};
	ret->twice = ret->denominator = 0;
	for (size_t k = 0; k < i->voters_n; k++) {
		const struct ballot_voter *v = &i->voters[k];
		bool voted = v->choice != CHOICES_N;
		bool remote = voted && !v->present && ballot_is_official(v);

		if (voted && !ballot_is_official(v))
			ret->opinions.n[v->choice]++;
		if (remote)
			ret->remote.n[v->choice]++;
		ret->twice += voted && v->present && ballot_is_official(v);
		ret->denominator +=
			counts_below(v, remote && rule->remote_counts);
	}
	ret->in_favour = ret->room.n[CHOICE_FOR];
	if (rule->remote_counts)
		ret->in_favour += ret->remote.n[CHOICE_FOR];
	take_excess(i, rule, ret);
	ret->carried =
		ret->room_known && ret->denominator > 0 &&
		(rule->two_thirds ? 3 * ret->in_favour >= 2 * ret->denominator
				  : 2 * ret->in_favour > ret->denominator);
}
