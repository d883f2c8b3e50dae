/*
 * gammu - a 4G modem behind gammu-smsd, through the daemon's own database.
 *
 * Nothing calls and nothing is called: gateway/modem.c reads rows of `inbox`
 * and `sentitems`, which gammu_in.c reads, and writes what build_send makes
 * into `outbox`. The creator of an outgoing row is our id, so that a repeated
 * send is recognised. Facts: providers.md §3.2, gammu-smsd-sql(7). Pure.
 */
#include "gateway/providers/gammu.h"

#include "gateway/providers/charset.h"
#include "gateway/providers/providers.h"
#include "parsers/segment.h"

#define GAMMU(field) offsetof(struct gammu, field)

static const struct option options[] = {
	{
		.name = "database",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 1000,
		.help = "The SQLite file that gammu-smsd works with: DBDir and "
			"Database of its configuration, joined.",
		.offset = GAMMU(source.database),
	},
	{
		.name = "phone_id",
		.type = OPTION_TEXT,
		.fallback = "",
		.max = 64,
		.help = "PhoneID of the gammu-smsd that is meant, when several "
			"share the database.",
		.offset = GAMMU(source.phone_id),
	},
	{
		.name = "poll_s",
		.type = OPTION_INT,
		.fallback = "2",
		.min = 1,
		.max = 3600,
		.unit = "s",
		.help = "How often the database is looked at.",
		.offset = GAMMU(source.poll_s),
	},
	{
		.name = "away_s",
		.type = OPTION_INT,
		.fallback = "300",
		.min = 0,
		.max = 86400,
		.unit = "s",
		.help = "The modem counts as gone when gammu-smsd has not "
			"refreshed its row of `phones` for so long, and takes "
			"no texts until it is back; more than StatusFrequency "
			"of its configuration. 0: never.",
		.offset = GAMMU(source.away_s),
	},
	{
		.name = "reports",
		.type = OPTION_BOOL,
		.fallback = "true",
		.help = "Ask the network for a delivery report of each text.",
		.offset = GAMMU(reports),
	},
};

static int open_gammu(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct gammu *g = state;

	(void)a;
	(void)d;
	if (c->numbers.n > 0)
		g->number = ((const struct str *)c->numbers.v)[0];
	return 0;
}

static const struct modem_source *modem(const void *state)
{
	return &((const struct gammu *)state)->source;
}

/* Nobody has a reason to call. */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	(void)state;
	(void)r;
	return PROVIDER_VERIFY_REFUSED;
}

static bool is_proven(const void *state, bool dlr)
{
	(void)state;
	(void)dlr;
	return true;
}

/* ---- rows out ---- */

/* Seconds as TP-VP, rounded up: 3GPP TS 23.040 §9.2.3.12.1. */
static int validity(int64_t s)
{
	static const struct {
		int64_t until_s, base_s, step_s;
		int first;
	} t[] = {
		{43200, 300, 300, 0},            /* 12 h in 5 minutes */
		{86400, 45000, 1800, 144},       /* 24 h in half hours */
		{2592000, 172800, 86400, 168},   /* 30 days */
		{38102400, 3024000, 604800, 197} /* 63 weeks, from the 5th */
	};

	for (size_t i = 0; s > 0 && i < sizeof(t) / sizeof(t[0]); i++) {
		if (s > t[i].until_s)
			continue;
		if (s <= t[i].base_s)
			return t[i].first;
		return t[i].first +
		       (int)((s - t[i].base_s + t[i].step_s - 1) / t[i].step_s);
	}
	return 255;
}

static struct str hex_of(struct str raw, struct arena *a)
{
	static const char digits[] = "0123456789ABCDEF";
	char *p = arena_alloc(a, 2 * raw.n + 1);

	for (size_t i = 0; i < raw.n; i++) {
		p[2 * i] = digits[(unsigned char)raw.p[i] >> 4];
		p[2 * i + 1] = digits[(unsigned char)raw.p[i] & 15];
	}
	return (struct str){p, 2 * raw.n};
}

/* As much of the text from `at` as one part holds: no pair of septets, and no
 * surrogate pair, is divided. */
static struct str take_part(struct str text, size_t at, bool ucs2)
{
	const int room = ucs2 ? 67 : 153;
	size_t end = at;
	int used = 0;

	while (end < text.n) {
		size_t n = str_utf8_len(text, end);
		int units = segment_count(str_part(text, end, n)).units;

		if (ucs2)
			units = n == 4 ? 2 : 1;
		if (n == 0 || used + units > room)
			break;
		used += units;
		end += n;
	}
	return str_part(text, at, end - at);
}

static size_t divide(const struct provider_outgoing *o, struct arena *a,
	struct modem_part *v)
{
	const struct segments all = segment_count(o->text);
	size_t n = 0;

	if (all.n <= 1) {
		v[0].text = o->text;
		return 1;
	}
	for (size_t at = 0; at < o->text.n && n < MODEM_PARTS_MAX; n++) {
		v[n].text = take_part(o->text, at, all.ucs2);
		if (v[n].text.n == 0)
			return 0;
		at += v[n].text.n;
		if (n + 1 == MODEM_PARTS_MAX && at < o->text.n)
			return 0;
	}
	for (size_t i = 0; i < n; i++)
		v[i].udh = arena_printf(a, "050003%02X%02zX%02zX",
			(unsigned int)(str_hash(o->id_text) & 0xff), n, i + 1);
	return n;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct gammu *g = state;
	struct modem_out *out = ARENA_NEW(a, struct modem_out);
	struct modem_part *v =
		ARENA_ARRAY(a, struct modem_part, MODEM_PARTS_MAX);

	if (!str_is_utf8(o->text))
		return err_set(err, "the text is not UTF-8");
	out->parts = v;
	out->parts_n = divide(o, a, v);
	if (out->parts_n == 0)
		return err_set(err, "longer than the %d SMS that gammu sends",
			MODEM_PARTS_MAX);
	for (size_t i = 0; i < out->parts_n; i++)
		v[i].hex = hex_of(charset_utf16be(v[i].text, a), a);
	out->creator = o->id_text;
	out->to = o->to;
	out->sender = g->source.phone_id;
	out->coding =
		o->ucs2 ? "Unicode_No_Compression" : "Default_No_Compression";
	out->validity = validity(o->valid_s);
	out->report = g->reports;
	*ret = (struct provider_call){.rows = out};
	return 0;
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	struct provider_verdict v = provider_verdict_http(r, a);

	(void)state;
	if (v.kind == PROVIDER_OK)
		v.why = STR("in gammu-smsd's outbox");
	return v;
}

const struct provider provider_gammu = {
	.name = "gammu",
	.help = "a modem behind gammu-smsd, through its SQLite database",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct gammu),
	.takes_our_id = true,
	.can_receive = true,
	.can_send = true,
	.open = open_gammu,
	.verify = verify,
	.is_proven = is_proven,
	.parse_inbound = gammu_parse_inbound,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
	.modem = modem,
};
