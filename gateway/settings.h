#ifndef GATEWAY_SETTINGS_H
#define GATEWAY_SETTINGS_H

#include "config/config.h"
#include "config/menus.h"
#include "config/replies.h"
#include "gateway/providers/provider.h"
#include "parsers/ruleset.h"

#include <stdatomic.h>

/* A configured channel with its provider's own state. Immutable. */
struct channel {
	struct str name;
	const struct config_channel *config;
	const struct provider *provider;
	void *state;
	struct str ca; /* PEM text; absent: the system's certificates */
	size_t index;  /* in settings.channels */
};

/*
 * All that a reload exchanges, as one immutable whole: configuration, rules,
 * replies, menus, channels. Jobs hold a reference, so nothing changes midway.
 */
struct settings {
	atomic_int refs;
	struct arena *arena;
	struct config *config;
	struct ruleset *rules;
	struct replies *replies;
	struct menus *menus;
	struct channel *channels;
	size_t channels_n;
	struct str *own; /* all channels' own numbers: E.164, short codes */
	size_t own_n;
};

/*
 * Reads and checks everything, the rules' own examples included; NULL when
 * anything is wrong, with every fault in d.
 */
struct settings *settings_load(const char *config_path, struct diags *d);
/* The same, with every fault on stderr. advice: gets the warnings; NULL: they
 * are not asked for. */
struct settings *settings_load_or_tell(
	const char *config_path, struct diags *advice);
/* The same from a configuration text (`rehearse`, `parse`). */
struct settings *settings_load_text(
	struct str file, struct str text, struct diags *d);
struct settings *settings_ref(struct settings *s);
void settings_unref(struct settings *s); /* NULL is fine */

const struct channel *settings_channel(
	const struct settings *s, struct str name); /* NULL: none */
/* Is this (E.164, or as it came) a number or sender of any channel? */
bool settings_is_own(const struct settings *s, struct str phone);
bool channel_can_send(const struct channel *c);
/* Can it send, and to this number (E.164, or a short code)? A name in letters
 * takes no texts: nobody reaches it. */
bool channel_reaches(const struct channel *c, struct str to);
/* A text leaves by its own channel (the one on which its recipient's text
 * came; absent: none) when that reaches the number, else by the first that
 * does; NULL: none does. */
const struct channel *settings_channel_for(
	const struct settings *s, struct str own, struct str to);

/*
 * The file that commands read without -c: config/bantin.yaml, else
 * /etc/bantin/bantin.yaml.
 */
const char *settings_default_path(void);

#endif
