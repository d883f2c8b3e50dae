/*
 * settings - what the program runs by, as one immutable whole.
 *
 * Loads bantin.yaml, rules, replies, menus and the channels' own keys, checks
 * them against each other and runs the rules' examples. Nothing is kept of a
 * set that has a fault, so a reload swaps all or nothing. Reference counted:
 * the loop takes references, the writer's jobs drop them.
 */
#include "gateway/settings.h"

#include "config/nearest.h"
#include "gateway/advice.h"
#include "gateway/spool_folders.h"
#include "gateway/tls.h"
#include "handlers/guide.h"
#include "handlers/render.h"
#include "parsers/phone.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX ((size_t)4 << 20)
#define ADVICE_MAX 1024

/* One of the files that the program has a shipped copy of. */
struct source {
	struct str path; /* as configured; empty: the shipped one */
	const char *leaf;
	struct str shipped;
	struct str file, text; /* what was read, and from where */
};

static int read_source(struct arena *a, struct source *s, struct diags *d)
{
	struct err err;

	if (s->path.n == 0) {
		s->file = arena_printf(a, "config/%s", s->leaf);
		s->text = s->shipped;
		return 0;
	}
	s->file = s->path;
	if (config_read_file(
		    arena_z(a, s->path), FILE_MAX, a, &s->text, &err) != 0)
		return diags_add(d, s->path, 0, 0, "%s", err.text);
	return 0;
}

static void load_rules(struct settings *s, struct diags *d)
{
	struct source f = {
		.path = s->config->rules,
		.leaf = "rules.yaml",
		.shipped = config_shipped_rules(),
	};

	if (read_source(s->arena, &f, d) != 0)
		return;
	s->rules = ruleset_load(f.file, f.text, d);
	if (s->rules != NULL && ruleset_check(s->rules, d) != 0) {
		ruleset_unref(s->rules);
		s->rules = NULL;
	}
}

static void load_replies(struct settings *s, struct diags *d)
{
	struct source vi = {
		.path = s->config->replies_vi,
		.leaf = "replies.vi.yaml",
		.shipped = config_shipped_replies("vi"),
	};
	struct source en = {
		.path = s->config->replies_en,
		.leaf = "replies.en.yaml",
		.shipped = config_shipped_replies("en"),
	};

	if (read_source(s->arena, &vi, d) != 0 ||
		read_source(s->arena, &en, d) != 0)
		return;
	s->replies = replies_load(vi.file, vi.text, en.file, en.text, d);
	if (s->replies != NULL && render_check(s->replies, d) != 0) {
		replies_free(s->replies);
		s->replies = NULL;
	}
}

/* Behind the replies: its texts keep to the same words. Rendering all screens
 * takes a while: of the shipped file, only `bantin check` does. */
static void load_menus(struct settings *s, struct diags *d)
{
	struct source f = {
		.path = s->config->menus,
		.leaf = "menus.yaml",
		.shipped = config_shipped_menus(),
	};

	if (s->replies == NULL || read_source(s->arena, &f, d) != 0)
		return;
	s->menus = menus_load(f.file, f.text, d);
	if (s->menus != NULL && f.path.n > 0)
		guide_check(s->menus, s->replies, s->config, d);
}

static int unknown_provider(const struct config_channel *cfg, struct diags *d)
{
	struct nearest near;
	struct buf advice;

	buf_init(&advice, ADVICE_MAX);
	nearest_begin(&near, cfg->provider);
	for (size_t i = 0; i < provider_table_n; i++)
		nearest_offer(&near, str_of(provider_table[i]->name));
	nearest_advise(&near, &advice);
	node_error(node_get(cfg->node, "provider"), d,
		"unknown provider '" STR_FMT "'; %s", STR_ARG(cfg->provider),
		buf_z(&advice));
	buf_release(&advice);
	return -1;
}

/* Read now, so that no send finds it gone or broken. */
static int read_ca(struct settings *s, struct channel *c, struct diags *d)
{
	struct str path = c->config->ca;
	const struct node *at = node_get(c->config->node, "ca");
	struct err err;
	int n;

	if (path.n == 0)
		return 0;
	if (config_read_file(arena_z(s->arena, path), FILE_MAX, s->arena,
		    &c->ca, &err) != 0)
		return node_error(at, d, "%s", err.text);
	n = tls_count_certificates(c->ca, &err);
	if (n < 0)
		return node_error(at, d, STR_FMT ": not readable: %s",
			STR_ARG(path), err.text);
	if (n == 0)
		return node_error(at, d,
			STR_FMT ": holds no certificate; give a PEM file",
			STR_ARG(path));
	return 0;
}

static int open_channel(struct settings *s, struct channel *c, struct diags *d)
{
	const struct config_channel *cfg = c->config;
	const struct provider *p = provider_find(cfg->provider);
	struct option_table table;

	if (p == NULL)
		return unknown_provider(cfg, d);
	c->name = cfg->name;
	c->provider = p;
	c->state = arena_alloc(s->arena, p->state_size);
	table = (struct option_table){p->options, p->options_n, c->state};
	if (read_ca(s, c, d) != 0 ||
		config_channel_open(cfg, &table, s->arena, d) != 0)
		return -1;
	if (p->open != NULL && p->open(c->state, cfg, s->arena, d) != 0)
		return -1;
	return spool_check(c, s->arena, d);
}

static int open_channels(struct settings *s, struct diags *d)
{
	size_t n = s->config->channels_n;
	int rc = 0;

	s->channels = ARENA_ARRAY(s->arena, struct channel, n);
	s->channels_n = n;
	for (size_t i = 0; i < n; i++) {
		s->channels[i].config = &s->config->channels[i];
		s->channels[i].index = i;
		rc |= open_channel(s, &s->channels[i], d);
	}
	return rc;
}

/* Own numbers stand in the configuration as people write them. */
static void add_own(struct settings *s, struct str number)
{
	struct phone p;

	if (number.n == 0)
		return;
	s->own[s->own_n++] = phone_parse(number, &p) == 0
				     ? arena_str(s->arena, str_of(p.z))
				     : number;
}

static void list_own(struct settings *s)
{
	size_t n = s->channels_n;

	for (size_t i = 0; i < s->channels_n; i++)
		n += s->channels[i].config->numbers.n;
	s->own = ARENA_ARRAY(s->arena, struct str, n);
	for (size_t i = 0; i < s->channels_n; i++) {
		const struct config_channel *c = s->channels[i].config;
		const struct node *sender = node_get(c->node, "sender");
		const struct str *v = c->numbers.v;

		for (size_t k = 0; k < c->numbers.n; k++)
			add_own(s, v[k]);
		if (sender != NULL && sender->kind == NODE_SCALAR)
			add_own(s, sender->text);
	}
}

static void destroy(struct settings *s)
{
	menus_free(s->menus);
	replies_free(s->replies);
	ruleset_unref(s->rules);
	config_free(s->config);
	arena_free(s->arena);
	free(s);
}

struct settings *settings_load_text(
	struct str file, struct str text, struct diags *d)
{
	struct settings *s = calloc(1, sizeof(*s));
	size_t faults = d->n;

	assert(s != NULL);
	s->arena = arena_new(16384);
	atomic_init(&s->refs, 1);
	s->config = config_load(file, text, d);
	if (s->config != NULL) {
		load_rules(s, d);
		load_replies(s, d);
		load_menus(s, d);
		if (open_channels(s, d) == 0 && s->rules != NULL &&
			s->replies != NULL && s->menus != NULL &&
			d->n == faults && advice_give(s, d) == 0) {
			list_own(s);
			return s;
		}
	}
	destroy(s);
	return NULL;
}

struct settings *settings_load(const char *config_path, struct diags *d)
{
	struct arena *a = arena_new(65536);
	struct settings *s = NULL;
	struct str text;
	struct err err;

	if (config_read_file(config_path, FILE_MAX, a, &text, &err) != 0)
		diags_add(d, str_of(config_path), 0, 0, "%s", err.text);
	else
		s = settings_load_text(str_of(config_path), text, d);
	arena_free(a);
	return s;
}

struct settings *settings_load_or_tell(
	const char *config_path, struct diags *advice)
{
	struct diags *d = advice != NULL ? advice : diags_new();
	struct settings *s = settings_load(config_path, d);
	struct buf b;

	buf_init(&b, FILE_MAX);
	if (s == NULL)
		diags_print(d, &b);
	fputs(buf_z(&b), stderr);
	buf_release(&b);
	if (advice == NULL)
		diags_free(d);
	return s;
}

struct settings *settings_ref(struct settings *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void settings_unref(struct settings *s)
{
	if (s != NULL && atomic_fetch_sub_explicit(
				 &s->refs, 1, memory_order_acq_rel) == 1)
		destroy(s);
}

const struct channel *settings_channel(
	const struct settings *s, struct str name)
{
	for (size_t i = 0; i < s->channels_n; i++)
		if (str_eq(s->channels[i].name, name))
			return &s->channels[i];
	return NULL;
}

bool settings_is_own(const struct settings *s, struct str phone)
{
	for (size_t i = 0; i < s->own_n; i++)
		if (str_eq(s->own[i], phone))
			return true;
	return false;
}

bool channel_can_send(const struct channel *c)
{
	return provider_can_send(c->provider, c->state);
}

static bool is_phone(struct str to)
{
	size_t plus = str_starts(to, STR("+"));

	for (size_t i = plus; i < to.n; i++)
		if (to.p[i] < '0' || to.p[i] > '9')
			return false;
	return to.n > plus;
}

bool channel_reaches(const struct channel *c, struct str to)
{
	const struct str *prefix = c->config->reaches.v;

	if (!channel_can_send(c) || !is_phone(to))
		return false;
	for (size_t i = 0; i < c->config->reaches.n; i++)
		if (str_starts(to, prefix[i]))
			return true;
	return c->config->reaches.n == 0;
}

const struct channel *settings_channel_for(
	const struct settings *s, struct str own, struct str to)
{
	const struct channel *c = settings_channel(s, own);

	if (c != NULL && channel_reaches(c, to))
		return c;
	for (size_t i = 0; i < s->channels_n; i++)
		if (channel_reaches(&s->channels[i], to))
			return &s->channels[i];
	return NULL;
}

const char *settings_default_path(void)
{
	static const char here[] = "config/bantin.yaml";

	return access(here, R_OK) == 0 ? here : "/etc/bantin/bantin.yaml";
}
