/*
 * advice_channel - what can a channel not mean that is written like this?
 *
 * Who may call that nobody would be kept out by, numbers that it can never
 * reach, an address of the provider that has the path in it already, and
 * reports that could not find us. Pure.
 */
#include "gateway/advice_parts.h"

/* Entry i of a list; the list itself where it is one value. */
static const struct node *at_item(
	const struct node *map, const char *key, size_t i)
{
	const struct node *at = advice_at(map, key);

	return at->kind == NODE_LIST && i < at->n ? at->items[i] : at;
}

/* ---- allow_from ---- */

static bool has_host_bits(const struct cidr *c)
{
	for (int i = c->bits; i < 128; i++)
		if ((c->address[i / 8] >> (7 - i % 8) & 1) != 0)
			return true;
	return false;
}

/* Anybody of IPv4 is ::ffff:0:0/96. */
static bool is_anybody(const struct cidr *c)
{
	struct cidr four;

	return c->bits == 0 || (cidr_parse(STR("0.0.0.0/0"), &four) == 0 &&
				       c->bits <= four.bits &&
				       memcmp(c->address, four.address,
					       (size_t)c->bits / 8) == 0);
}

static void look_at_allowed(const struct giving *g, const struct channel *c)
{
	const struct config_channel *cc = c->config;
	const struct str *from = cc->allow_from.v;

	for (size_t i = 0; i < cc->allow_n; i++) {
		const struct node *at = at_item(cc->node, "allow_from", i);
		const struct str says = from[i];
		const ptrdiff_t slash = str_find_byte(says, '/', 0);

		if (is_anybody(&cc->allow[i]))
			node_warn(at, g->d,
				"this allows everybody; name the addresses "
				"that the provider calls from, or leave it "
				"out");
		else if (slash > 0 && has_host_bits(&cc->allow[i]))
			node_warn(at, g->d,
				"what follows the first bits of a block is "
				"ignored: one address is " STR_FMT,
				STR_ARG(str_part(says, 0, (size_t)slash)));
	}
}

/* ---- numbers ---- */

/* Numbers are compared as +84912345678; short codes are digits without a
 * trunk 0. */
static void look_at_reach(const struct giving *g, const struct channel *c)
{
	const struct option_list *l = &c->config->reaches;

	for (size_t i = 0; i < l->n; i++) {
		const struct str s = ((const struct str *)l->v)[i];

		if (str_starts(s, STR("0")))
			node_warn(at_item(c->config->node, "reaches", i), g->d,
				"no number begins like this: they are "
				"compared as +84912345678, so write "
				"+84" STR_FMT,
				STR_ARG(str_from(s, 1)));
	}
}

/* ---- where it sends to ---- */

static void look_at_path(const struct giving *g, const struct channel *c)
{
	const struct node *at = node_get(c->config->node, "url");
	const char *path = c->provider->send_path;
	ptrdiff_t found;

	if (at == NULL || at->kind != NODE_SCALAR || path == NULL)
		return;
	found = str_find(at->text, str_of(path), 0);
	if (found > 0)
		node_warn(at, g->d,
			"%s is added by itself; leave it out: " STR_FMT, path,
			STR_ARG(str_part(at->text, 0, (size_t)found)));
}

/* A text carries the address for its own report. */
static void look_at_reports(const struct giving *g, const struct channel *c)
{
	const struct config *cfg = g->s->config;
	const struct node *at = advice_at(c->config->node, "provider");
	const struct node *url = node_get(c->config->node, "url");

	if (!c->provider->tells_address || !channel_can_send(c) ||
		(url != NULL && url->kind == NODE_SCALAR &&
			advice_is_near(advice_host(url->text))))
		return;
	if (cfg->public_url.n == 0 &&
		advice_is_this_machine(advice_host(cfg->listen)))
		node_warn(at, g->d,
			"texts of channel " STR_FMT " tell the provider where "
			"to report to, and it cannot reach http://" STR_FMT
			"; set public_url",
			STR_ARG(c->name), STR_ARG(cfg->listen));
}

void advice_channel(const struct giving *g, const struct channel *c)
{
	look_at_allowed(g, c);
	look_at_reach(g, c);
	look_at_path(g, c);
	look_at_reports(g, c);
}
