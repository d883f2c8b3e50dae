/*
 * config - what has the technician asked for in bantin.yaml?
 *
 * Reads the file through the tables of config_options.c, then checks what a
 * type and a range cannot say: addresses, windows, days, tokens, names. A
 * fault never stops the next check, so one run shows them all. A config owns
 * an arena with all of its strings and the YAML tree; it does not change
 * while it is served.
 */
#include "config/config.h"

#include "config/figures.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_FIRST 16384
#define DAY_MIN INT64_C(1440)

/* The tree (NULL: none, as for defaults), and where faults go. */
struct check {
	struct config *config;
	const struct node *root;
	struct diags *diags;
};

/* At a node, or (NULL) about the whole file. */
__attribute__((format(printf, 3, 4))) static void fault(
	const struct check *c, const struct node *at, const char *fmt, ...)
{
	char says[1000];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(says, sizeof(says), fmt, ap);
	va_end(ap);
	if (at != NULL)
		node_error(at, c->diags, "%s", says);
	else
		diags_add(c->diags, c->config->file, 0, 0, "%s", says);
}

static bool all_in(struct str s, const char *others, bool upper)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			    (upper && c >= 'A' && c <= 'Z') ||
			    (c != '\0' && strchr(others, c) != NULL);

		if (!fine)
			return false;
	}
	return true;
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* "127.0.0.1:8080", "[::1]:8080" */
static bool is_address(struct str s)
{
	char host[INET6_ADDRSTRLEN];
	unsigned char binary[sizeof(struct in6_addr)];
	bool six = s.n > 0 && s.p[0] == '[';
	ptrdiff_t end = str_find(s, six ? STR("]:") : STR(":"), 0);
	struct str name, port;
	int64_t n;

	if (end < 0)
		return false;
	name = str_part(s, six, (size_t)end - six);
	port = str_from(s, (size_t)end + (six ? 2 : 1));
	if (name.n >= sizeof(host) || !is_digits(port) ||
		str_to_i64(port, &n) < 0 || n > 65535)
		return false;
	memcpy(host, name.p, name.n);
	host[name.n] = '\0';
	return strlen(host) == name.n &&
	       inet_pton(six ? AF_INET6 : AF_INET, host, binary) == 1;
}

static void check_address(const struct check *c, const char *key, struct str s)
{
	if (!is_address(s))
		fault(c, node_get(c->root, key),
			"'%s' takes ADDRESS:PORT, as 127.0.0.1:8080 or "
			"[::1]:8080, not '" STR_FMT "'",
			key, STR_ARG(s));
}

static void check_listen(const struct check *c)
{
	check_address(c, "listen", c->config->listen);
	if (c->config->admin_listen.n == 0)
		c->config->admin_listen = c->config->listen;
	else
		check_address(c, "admin_listen", c->config->admin_listen);
}

/* Paths are put behind it. */
static void check_public_url(const struct check *c)
{
	struct str *url = &c->config->public_url;
	const struct node *at = node_get(c->root, "public_url");

	while (str_ends(*url, STR("/")))
		url->n--;
	if (url->n > PUBLIC_URL_MAX)
		fault(c, at, "'public_url' takes at most %d characters",
			PUBLIC_URL_MAX);
	for (size_t i = 0; i < url->n; i++)
		if (url->p[i] <= ' ' || strchr("?#@\"<>", url->p[i]) != NULL) {
			fault(c, at,
				"'public_url' takes https://HOST, with a path "
				"where a proxy needs one, and no '%c'",
				url->p[i] <= ' ' ? ' ' : url->p[i]);
			return;
		}
}

static int minute_of(struct str s)
{
	int64_t h, m;

	if (s.n != 5 || s.p[2] != ':' || !is_digits(str_part(s, 0, 2)) ||
		!is_digits(str_from(s, 3)) ||
		str_to_i64(str_part(s, 0, 2), &h) < 0 ||
		str_to_i64(str_from(s, 3), &m) < 0 || m > 59 ||
		h * 60 + m > DAY_MIN)
		return -1;
	return (int)(h * 60 + m);
}

static void check_window(const struct check *c)
{
	struct str s = c->config->send_window, from = str_part(s, 0, 5);
	struct config *cfg = c->config;

	cfg->window_from = minute_of(from);
	cfg->window_to = minute_of(str_from(s, 6));
	if (s.n != 11 || s.p[5] != '-' || cfg->window_from < 0 ||
		cfg->window_to <= cfg->window_from)
		fault(c, node_get(c->root, "send_window"),
			"'send_window' takes HH:MM-HH:MM within one day, as "
			"07:00-21:00, not '" STR_FMT "'",
			STR_ARG(s));
}

/* YYYY-MM-DD, or MM-DD (then 29 February is a day). */
static bool is_day(struct str s)
{
	static const int len[] = {
		31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t y = 2000, m, d;

	if (s.n == 10 && s.p[4] == '-' && is_digits(str_part(s, 0, 4))) {
		if (str_to_i64(str_part(s, 0, 4), &y) < 0 || y < 1970)
			return false;
		s = str_from(s, 5);
	}
	if (s.n != 5 || s.p[2] != '-' || !is_digits(str_part(s, 0, 2)) ||
		!is_digits(str_from(s, 3)) ||
		str_to_i64(str_part(s, 0, 2), &m) < 0 ||
		str_to_i64(str_from(s, 3), &d) < 0)
		return false;
	if (m == 2 && d == 29)
		return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
	return m >= 1 && m <= 12 && d >= 1 && d <= len[m - 1];
}

static void check_holidays(const struct check *c)
{
	const struct node *list = node_get(c->root, "holidays"), *at;
	const struct str *day = c->config->holidays.v;

	for (size_t i = 0; i < c->config->holidays.n; i++) {
		if (is_day(day[i]))
			continue;
		at = list != NULL && list->kind == NODE_LIST ? list->items[i]
							     : list;
		fault(c, at,
			"'holidays' takes days as 2026-02-17, or 04-30 for "
			"every year, not '" STR_FMT "'",
			STR_ARG(day[i]));
	}
}

static void check_token(const struct check *c, const struct node *map,
	struct str s, const char *key)
{
	if (!all_in(s, "_-", true))
		fault(c, node_get(map, key),
			"'%s' takes letters, digits, _ and - alone", key);
}

/* "*384*7#": what stands behind it in what was dialled is found by it. */
static void check_code(const struct check *c, const struct node *where,
	struct str s, const char *key)
{
	struct str rest = str_part(s, 1, s.n > 2 ? s.n - 2 : 0), piece;
	bool good = str_starts(s, STR("*")) && str_ends(s, STR("#"));

	while (good && str_next(&rest, '*', &piece))
		good = piece.n > 0 && is_digits(piece);
	if (!good)
		fault(c, where, "'%s' is like *384*7#, not '" STR_FMT "'", key,
			STR_ARG(s));
}

static void check_tls(const struct check *c)
{
	bool cert = c->config->tls_certificate.n > 0;
	bool key = c->config->tls_key.n > 0;

	if (cert != key)
		fault(c, node_get(c->root, "tls"),
			"'tls' has a %s but no %s; give both",
			cert ? "certificate" : "key",
			cert ? "key" : "certificate");
}

static void check_retry(const struct check *c)
{
	const struct config_outbox *o = &c->config->outbox;
	const struct node *map = node_get(c->root, "outbox"), *at;

	at = node_get(map, "retry_max_s");
	if (o->retry_max_s < o->retry_base_s)
		fault(c, at != NULL ? at : map,
			"'outbox.retry_max_s' is less than "
			"'outbox.retry_base_s'; give at least as much");
}

static void name_replies(const struct check *c)
{
	struct config *cfg = c->config;
	struct str dir = cfg->replies;

	if (dir.n == 0)
		return;
	while (dir.n > 1 && str_ends(dir, STR("/")))
		dir.n--;
	cfg->replies_vi = arena_printf(
		cfg->arena, STR_FMT "/replies.vi.yaml", STR_ARG(dir));
	cfg->replies_en = arena_printf(
		cfg->arena, STR_FMT "/replies.en.yaml", STR_ARG(dir));
}

static void check_all(const struct check *c)
{
	check_listen(c);
	check_public_url(c);
	check_window(c);
	check_holidays(c);
	check_token(c, c->root, c->config->metrics_token, "metrics_token");
	check_tls(c);
	check_retry(c);
	check_code(c, node_get(node_get(c->root, "ussd"), "code"),
		c->config->ussd.code, "ussd.code");
	name_replies(c);
}

/* What a channel does not say itself, the file says for it. */
static void inherit(struct config_channel *ch, const struct config *c)
{
	const struct node *own = node_get(ch->node, "limits");
	const struct config_limits *all = &c->limits;

	if (node_get(ch->node, "ussd_code") == NULL)
		ch->ussd_code = c->ussd.code;
	ch->has_limits = own != NULL;
	if (node_get(own, "per_second") == NULL)
		ch->limits.per_second = all->per_second;
	if (node_get(own, "per_hour") == NULL)
		ch->limits.per_hour = all->per_hour;
	if (node_get(own, "per_day") == NULL)
		ch->limits.per_day = all->per_day;
}

static struct option_table channel_table(struct config_channel *into)
{
	struct option_table t = {.into = into};

	t.v = config_channel_options(&t.n);
	return t;
}

static void check_unique(const struct check *c, const struct config_channel *ch)
{
	const struct config_channel *other = c->config->channels;

	while (other != ch && !str_eq(other->name, ch->name))
		other++;
	if (other != ch && ch->name.n > 0)
		fault(c, node_get(ch->node, "name"),
			"a channel '" STR_FMT "' stands in line %d already; "
			"give each its own name",
			STR_ARG(ch->name), other->node->line);
}

static void check_reaches(
	const struct check *c, const struct config_channel *ch)
{
	const struct str *v = ch->reaches.v;

	for (size_t i = 0; i < ch->reaches.n; i++)
		if (!is_digits(str_from(v[i], str_starts(v[i], STR("+")))))
			fault(c, node_get(ch->node, "reaches"),
				"'reaches' takes beginnings of numbers, as "
				"+84 or 80 for short codes, not '" STR_FMT "'",
				STR_ARG(v[i]));
}

static void read_allowed(const struct check *c, struct config_channel *ch)
{
	const struct node *list = node_get(ch->node, "allow_from"), *at;
	const struct str *v = ch->allow_from.v;
	const size_t n = ch->allow_from.n;
	struct cidr *read = ARENA_ARRAY(c->config->arena, struct cidr, n);

	for (size_t i = 0; i < n; i++) {
		if (cidr_parse(v[i], &read[i]) == 0)
			continue;
		at = list->kind == NODE_LIST ? list->items[i] : list;
		fault(c, at,
			"'allow_from' takes addresses and blocks, as "
			"192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, not "
			"'" STR_FMT "'",
			STR_ARG(v[i]));
	}
	ch->allow = read;
	ch->allow_n = n;
}

static void check_channel(const struct check *c, struct config_channel *ch)
{
	if (!all_in(ch->name, "_-", false))
		fault(c, node_get(ch->node, "name"),
			"'name' takes lower-case letters, digits, _ and - "
			"alone, not '" STR_FMT "'",
			STR_ARG(ch->name));
	check_unique(c, ch);
	check_token(c, ch->node, ch->token, "token");
	if (node_get(ch->node, "ussd_code") != NULL)
		check_code(c, node_get(ch->node, "ussd_code"), ch->ussd_code,
			"ussd_code");
	check_reaches(c, ch);
	read_allowed(c, ch);
}

static void read_channels(const struct check *c)
{
	const struct node *list = c->config->channels_node;
	struct config_channel *ch;
	struct option_table t;

	if (node_is_null(list))
		return;
	if (list->kind != NODE_LIST) {
		fault(c, list, "'channels' takes a list; write '- name: …'");
		return;
	}
	ch = ARENA_ARRAY(c->config->arena, struct config_channel, list->n);
	c->config->channels = ch;
	c->config->channels_n = list->n;
	for (size_t i = 0; i < list->n; i++, ch++) {
		ch->node = list->items[i];
		t = channel_table(ch);
		if (option_read_some(
			    ch->node, &t, c->config->arena, c->diags) == 0)
			inherit(ch, c->config);
		check_channel(c, ch);
	}
}

static struct option_table file_table(struct config *into)
{
	struct option_table t = {.into = into};

	t.v = config_options(&t.n);
	return t;
}

static struct config *config_new(struct str file)
{
	struct config *c = calloc(1, sizeof(*c));

	assert(c != NULL);
	c->arena = arena_new(ARENA_FIRST);
	c->file = arena_str(c->arena, file);
	return c;
}

struct config *config_load(struct str file, struct str text, struct diags *d)
{
	struct config *cfg = config_new(file);
	struct option_table t = file_table(cfg);
	struct check c = {.config = cfg, .diags = d};
	size_t before = d->n + d->dropped;

	cfg->root = c.root = node_parse(file, text, cfg->arena, d);
	if (c.root != NULL && c.root->kind == NODE_MAP) {
		/* Its faults are counted with the others' below. */
		(void)!option_read(c.root, &t, 1, cfg->arena, d);
		check_all(&c);
		figures_load(cfg, cfg->figures_node, d);
		read_channels(&c);
	} else if (c.root != NULL) {
		fault(&c, c.root, "options are a map; write 'key: value'");
	}
	if (d->n + d->dropped == before)
		return cfg;
	config_free(cfg);
	return NULL;
}

struct config *config_default(void)
{
	struct config *cfg = config_new(STR("defaults"));
	struct option_table t = file_table(cfg);
	struct diags *d = diags_new();
	struct check c = {.config = cfg, .diags = d};
	int rc = option_read(NULL, &t, 1, cfg->arena, d);

	check_all(&c);
	figures_load(cfg, NULL, d);
	assert(rc == 0 && d->n == 0);
	diags_free(d);
	cfg->database = STR(":memory:");
	return cfg;
}

void config_free(struct config *c)
{
	if (c == NULL)
		return;
	arena_free(c->arena);
	free(c);
}

int config_channel_open(const struct config_channel *c,
	const struct option_table *provider_table, struct arena *a,
	struct diags *d)
{
	struct config_channel again = {0};
	struct option_table t[] = {*provider_table, channel_table(&again)};

	return option_read(c->node, t, 2, a, d);
}

int config_set(
	struct config *c, struct str name, struct str value, struct err *err)
{
	struct option_table t = file_table(c);
	struct check all = {.config = c, .diags = diags_new()};
	int rc = option_set(&t, name, value, c->arena, err);

	for (size_t i = 0; i < c->channels_n; i++)
		inherit(&c->channels[i], c);
	if (rc == 0) {
		check_all(&all);
		if (all.diags->n > 0)
			rc = err_set(
				err, STR_FMT, STR_ARG(all.diags->v[0].text));
	}
	diags_free(all.diags);
	return rc;
}
