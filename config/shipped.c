/*
 * shipped - what do the rules and texts say where nobody changed them?
 *
 * The files that stand beside this one, inside the binary: a fresh install
 * needs no other.
 */
#include "config/config.h"
#include "gateway/base/embed.h"

EMBED(rules, "config/rules.yaml");
EMBED(figures, "config/figures.yaml");
EMBED(menus, "config/menus.yaml");
EMBED(replies_vi, "config/replies.vi.yaml");
EMBED(replies_en, "config/replies.en.yaml");

struct str config_shipped_rules(void)
{
	return EMBEDDED(rules);
}

struct str config_shipped_figures(void)
{
	return EMBEDDED(figures);
}

struct str config_shipped_menus(void)
{
	return EMBEDDED(menus);
}

struct str config_shipped_replies(const char *language)
{
	return strcmp(language, "en") == 0 ? EMBEDDED(replies_en)
					   : EMBEDDED(replies_vi);
}
