/* check - is everything that the gateway runs by in order? */
#include "gateway/base/clock.h"
#include "gateway/commands/command.h"
#include "gateway/modem.h"
#include "gateway/tls.h"
#include "handlers/guide.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)

static void print(const struct diags *d)
{
	struct buf b;

	buf_init(&b, OUTPUT_MAX);
	diags_print(d, &b);
	fputs(buf_z(&b), stderr);
	buf_release(&b);
}

/* With what is unwise on stderr. */
static struct settings *load(const struct command_line *line)
{
	struct diags *d = diags_new();
	struct settings *set = settings_load_or_tell(line->config, d);

	if (set != NULL)
		print(d);
	diags_free(d);
	return set;
}

/* What serve does not wait for: see ruleset_audit(); every screen of the
 * menus; and a modem's daemon may make its database later. */
static int audit(const struct settings *set)
{
	struct diags *d = diags_new();
	int rc = ruleset_audit(set->rules, d) | modems_check(set, d);

	guide_check(set->menus, set->replies, set->config, d);
	if (d->n > 0)
		rc = -1;
	print(d);
	diags_free(d);
	return rc;
}

/* As serve would; a certificate that is about to expire is no fault. */
static int look_at_tls(const struct command_line *line, const struct config *c)
{
	struct tls *t;
	struct err err;

	if (tls_load_or_tell(c, &t) != 0)
		return -1;
	if (t != NULL && tls_trouble(t, clock_wall_ms(line->clock), &err))
		fprintf(stderr, "warning: %s\n", err.text);
	tls_free(t);
	return 0;
}

static int run(const struct command_line *line)
{
	struct settings *set = load(line);
	int status = EXIT_WRONG;

	if (set != NULL && look_at_tls(line, set->config) == 0 &&
		audit(set) == 0) {
		printf("%s: fine (%zu channel%s, rules " STR_FMT ")\n",
			line->config, set->channels_n,
			set->channels_n == 1 ? "" : "s",
			STR_ARG(ruleset_version(set->rules)));
		status = EXIT_FINE;
	}
	settings_unref(set);
	return status;
}

const struct command command_check = {
	.name = "check",
	.summary = "check configuration, rules, replies and menus",
	.help = "Reads the configuration, the rules with all their examples, "
		"the replies in both languages, the menus and the "
		"certificate, as serve would. Then looks "
		"for rules of different intents that take each other's "
		"examples, so that only their order decides, and for patterns "
		"that backtrack too much on long texts made of the examples, "
		"into the databases of modems' daemons, and at every screen "
		"that a led conversation can show, with its longest values. "
		"Prints every fault as FILE:LINE:COLUMN: what is wrong, and "
		"what would be right. What is allowed and unwise is a "
		"warning, after which all may still be fine: callbacks that "
		"only a token guards, tokens that can be guessed, addresses "
		"that no provider can have signed, secrets in the clear, and "
		"what a channel can hardly mean: no log-in, no {to}, a path "
		"that is added by itself, numbers that do not exist.",
	.run = run,
};
