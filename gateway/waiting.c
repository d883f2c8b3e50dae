/*
 * waiting - why does this queued text not leave now?
 *
 * Asks what a claim asks, in its order: the row (due, behind another, send
 * window, still of use: store/outbox_claim.c), the channel (dispatch.c), the
 * channel's room (claim.c). There is no rule of its own here, only words. What
 * `serve` alone knows (health, pace, what is under way) comes as its answer
 * over the control socket. Holds no state; reads only.
 */
#include "gateway/waiting.h"

#include "gateway/dispatch.h"
#include "gateway/local.h"
#include "gateway/model/day.h"
#include "gateway/window.h"

#include <assert.h>

#define MANY 1000000 /* room, where nobody serves */

#define KIND_NAME(id, name) name,

static const char *const kind_name[] = {WAITING_KINDS(KIND_NAME)};

const char *waiting_kind_str(enum waiting_kind k)
{
	assert(k < WAITING_N);
	return kind_name[k];
}

/* ---- the channels, from one process to the other ---- */

void waiting_tell(const struct claim *c, struct jdoc *answer)
{
	struct jdoc *all = jdoc_array();

	for (size_t i = 0; i < c->settings->channels_n; i++) {
		const struct claim_channel *ch = &c->channel[i];
		struct jdoc *v = jdoc_object();

		jdoc_set_str(v, "channel", c->settings->channels[i].name);
		jdoc_set(v, "away", jdoc_new_bool(c->away[i]));
		jdoc_set(v, "down", jdoc_new_bool(ch->probe));
		jdoc_set(v, "primed", jdoc_new_bool(ch->primed));
		jdoc_set_int(v, "room", (int64_t)ch->room.all);
		jdoc_set_int(v, "room_other", (int64_t)ch->room.other);
		jdoc_set_int(v, "wait", ch->known.wait);
		jdoc_set_int(v, "until_at", ch->known.until_ms);
		jdoc_set_int(v, "wait_us", ch->room.wait_us);
		jdoc_push(all, v);
	}
	jdoc_set(answer, "channels", all);
}

static int64_t int_at(const struct jdoc *v, const char *name)
{
	int64_t n = 0;

	(void)jdoc_int(jdoc_at(v, name), &n);
	return n;
}

static bool bool_at(const struct jdoc *v, const char *name)
{
	bool b = false;

	(void)jdoc_bool(jdoc_at(v, name), &b);
	return b;
}

/* A channel that the running server does not have (yet) has no room. */
static void learn(struct claim *c, size_t i, const struct jdoc *all)
{
	struct claim_channel *ch = &c->channel[i];

	for (size_t k = 0; k < jdoc_len(all); k++) {
		const struct jdoc *v = jdoc_item(all, k);

		if (!str_eq(jdoc_str(jdoc_at(v, "channel")),
			    c->settings->channels[i].name))
			continue;
		c->away[i] = bool_at(v, "away");
		ch->probe = bool_at(v, "down");
		ch->primed = bool_at(v, "primed");
		ch->room.all = (size_t)int_at(v, "room");
		ch->room.other = (size_t)int_at(v, "room_other");
		ch->room.wait_us = int_at(v, "wait_us");
		ch->known.wait = (enum claim_wait)int_at(v, "wait");
		ch->known.until_ms = int_at(v, "until_at");
	}
}

void waiting_view(struct waiting_view *v, struct settings *set,
	const struct jdoc *channels, struct arena *a, int64_t now_ms)
{
	const struct jdoc *all = jdoc_at(channels, "channels");

	claim_init(&v->claim, set, a, now_ms);
	v->serving = all != NULL;
	for (size_t i = 0; i < set->channels_n; i++) {
		struct claim_channel *ch = &v->claim.channel[i];

		if (v->serving) {
			learn(&v->claim, i, all);
		} else {
			ch->room.all = ch->room.other = MANY;
			ch->primed = true;
		}
	}
}

/* ---- why ---- */

static void until(struct waiting *w, enum waiting_kind kind, int64_t until_ms)
{
	w->kind = kind;
	w->until_ms = until_ms;
}

/* The channel takes nothing, or nothing that is not a reply: why? */
static void look_at_room(const struct claim *c, size_t i, bool reply,
	const struct route_room *room, struct waiting *ret)
{
	static const enum waiting_kind kind[] = {
		[CLAIM_GOES] = WAITING_ROOM,
		[CLAIM_HOUR_SHARE] = WAITING_SHARE,
		[CLAIM_DAY_SHARE] = WAITING_SHARE,
		[CLAIM_HOUR] = WAITING_HOUR,
		[CLAIM_DAY] = WAITING_DAY,
		[CLAIM_PAUSE] = WAITING_PAUSE,
		[CLAIM_DOWN] = WAITING_DOWN,
	};
	const struct claim_channel *ch = &c->channel[i];

	bool may = room->all > 0 && (reply || room->other > 0);

	/* What binds replies too stands before what does not. */
	if (ch->news.wait >= CLAIM_HOUR ||
		(ch->news.wait != CLAIM_GOES && !may))
		until(ret, kind[ch->news.wait], ch->news.until_ms);
	else if (may)
		until(ret, WAITING_NEXT, 0);
	else if (!ch->now_primed && ch->again_ms != 0)
		until(ret, WAITING_START, ch->again_ms);
	else if (ch->room.wait_us > 0)
		until(ret, WAITING_SECOND, c->now_ms + ch->room.wait_us / 1000);
	else if (room->all > 0)
		until(ret, WAITING_SHARE, ch->again_ms);
	else
		until(ret, WAITING_ROOM, 0);
}

static int look_at_channel(const struct waiting_view *v, struct store *s,
	size_t i, const struct outbox_row *row, struct waiting *ret)
{
	struct route_room room;

	if (claim_room(&v->claim, s, i, &room) < 0)
		return -1;
	look_at_room(&v->claim, i, outbox_is_reply(row), &room, ret);
	if (!v->serving && ret->kind == WAITING_NEXT)
		ret->kind = WAITING_IDLE;
	return 0;
}

static void look_at_row(const struct waiting_view *v,
	const struct outbox_row *row, const struct outbox_look *look,
	struct waiting *ret)
{
	const struct config *cfg = v->claim.settings->config;
	int64_t now_ms = v->claim.now_ms;

	switch (look->bar) {
	case OUTBOX_NOT_DUE:
		until(ret, WAITING_DUE, row->due_at);
		return;
	case OUTBOX_BEHIND:
		ret->kind = WAITING_BEHIND;
		ret->behind = look->behind;
		return;
	case OUTBOX_CAPPED:
		until(ret, WAITING_UNASKED, look->until);
		return;
	case OUTBOX_SHUT:
		until(ret,
			window_is_holiday(cfg, now_ms) ? WAITING_HOLIDAY
						       : WAITING_WINDOW,
			window_opens_at(cfg, now_ms));
		return;
	case OUTBOX_NO_BAR:
		break;
	}
	ret->kind = WAITING_NEXT;
	if (look->decision.fate != OUTBOX_END)
		return;
	ret->kind = WAITING_ENDS;
	ret->state = look->decision.state;
	ret->why = look->decision.why;
}

int waiting_of(const struct waiting_view *v, struct store *s,
	const struct outbox_row *row, struct waiting *ret)
{
	struct settings *set = v->claim.settings;
	struct dispatch_view view = {
		.settings = set,
		.away = v->claim.away,
		.by = &set->channels[0],
		.now_ms = v->claim.now_ms,
	};
	struct outbox_claim q = {
		.now_ms = v->claim.now_ms,
		.window_open = window_is_open(set->config, v->claim.now_ms),
		.unasked = (int)set->config->send.unasked_per_day,
		.decide = dispatch_decide,
		.arg = &view,
	};
	const struct channel *by = dispatch_channel(&view, row);
	struct outbox_look look;

	*ret = (struct waiting){.kind = WAITING_NEXT};
	if (by != NULL) {
		view.by = by;
		q.channel = ret->channel = by->name;
	}
	if (outbox_look(s, &q, row, &look) < 0)
		return -1;
	look_at_row(v, row, &look, ret);
	if (ret->kind != WAITING_NEXT || by == NULL)
		return 0;
	return look_at_channel(v, s, by->index, row, ret);
}

/* ---- in words ---- */

struct str waiting_text(
	const struct waiting_view *v, const struct waiting *w, struct arena *a)
{
	static const char *const words[] = {
		[WAITING_NEXT] = "nothing: it leaves next",
		[WAITING_IDLE] = "`bantin serve` does not run",
		[WAITING_DUE] = "not due",
		[WAITING_UNASKED] = "its number has had its unasked texts",
		[WAITING_WINDOW] = "outside the send window",
		[WAITING_HOLIDAY] = "a holiday",
		[WAITING_DOWN] = "does not answer; it is tried again",
		[WAITING_PAUSE] = "asked for a pause",
		[WAITING_SECOND] = "limit per second reached",
		[WAITING_HOUR] = "limit per hour reached",
		[WAITING_DAY] = "limit per day reached",
		[WAITING_START] = "what was sent before the restart counts",
		[WAITING_ROOM] = "waits for room: others are under way",
		[WAITING_SHARE] = "what is left of its limits is for replies",
	};
	const struct config *cfg = v->claim.settings->config;
	struct local_text at = local_near(
		w->until_ms, v->claim.now_ms, (int)cfg->utc_offset * 60);
	const char *preposition = w->kind == WAITING_DOWN ? " at " : " until ";
	bool of_channel = w->kind >= WAITING_DOWN && w->channel.n > 0;

	if (w->kind == WAITING_BEHIND)
		return arena_printf(a, "behind o%lld to the same number",
			(long long)w->behind);
	if (w->kind == WAITING_ENDS)
		return arena_printf(a, "ends as %s at its turn: %s",
			outbox_state_str(w->state), w->why);
	return arena_printf(a, "%.*s%s%s%s%s",
		of_channel ? (int)w->channel.n : 0,
		of_channel ? w->channel.p : "", of_channel ? ": " : "",
		words[w->kind], w->until_ms > 0 ? preposition : "",
		w->until_ms > 0 ? at.z : "");
}

struct jdoc *waiting_json(
	const struct waiting_view *v, const struct waiting *w, struct arena *a)
{
	struct jdoc *j = jdoc_object();

	jdoc_set_str(j, "kind", str_of(waiting_kind_str(w->kind)));
	if (w->until_ms > 0)
		jdoc_set_str(j, "until_at", str_of(instant_iso(w->until_ms).z));
	if (w->behind > 0)
		jdoc_set_int(j, "behind", w->behind);
	if (w->channel.n > 0)
		jdoc_set_str(j, "channel", w->channel);
	jdoc_set_str(j, "text", waiting_text(v, w, a));
	return j;
}
