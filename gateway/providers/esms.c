/*
 * esms - eSMS.vn: a Vietnamese aggregator, texts out and a short code in.
 *
 * A send is JSON with both keys in its body; HTTP 200 says nothing, CodeResult
 * does. RequestId is our id and is taken once: 124 tells that the text is
 * there already, so no answer may be tried again. Reports come to the
 * CallbackUrl, unsigned: each text's has a key of its own (esms_in.c checks
 * it, and reads what comes in). Facts: providers.md §3.4. Pure; all state is
 * in the configuration's arena.
 */
#include "gateway/providers/esms.h"

#include "gateway/base/digest.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"

#define SEND_PATH "/MainService.svc/json/SendMultipleMessage_V4_post_json/"
#define SAID_MAX 120
#define KEY_HEX ((size_t)32)

#define ESMS(field) offsetof(struct esms, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.fallback = "https://rest.esms.vn",
		.help = "What precedes /MainService.svc.",
		.offset = ESMS(url),
	},
	{
		.name = "api_key",
		.type = OPTION_TEXT,
		.min = 8,
		.max = 128,
		.help = "ApiKey of the account. Without it the channel only "
			"receives.",
		.offset = ESMS(api_key),
	},
	{
		.name = "secret_key",
		.type = OPTION_TEXT,
		.min = 8,
		.max = 128,
		.help = "SecretKey of the account.",
		.offset = ESMS(secret_key),
	},
	{
		.name = "sms_type",
		.type = OPTION_ENUM,
		.fallback = "2",
		.choices = "1|2|8",
		.help = "SmsType of what is sent: 1 advertising, 2 customer "
			"care under a brandname, 8 a fixed number.",
		.offset = ESMS(sms_type),
	},
	{
		.name = "brandname",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 20,
		.help = "The sender as registered with eSMS; unset: the "
			"channel's first own number.",
		.offset = ESMS(brandname),
	},
	{
		.name = "campaign",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 100,
		.help = "campaignid, by which eSMS groups texts on its pages.",
		.offset = ESMS(campaign),
	},
	{
		.name = "sandbox",
		.type = OPTION_BOOL,
		.fallback = "false",
		.help = "eSMS answers as usual, sends nothing and charges "
			"nothing.",
		.offset = ESMS(sandbox),
	},
	{
		.name = "private_key",
		.type = OPTION_TEXT,
		.min = 6,
		.max = 256,
		.help = "PrivateKey of the short code; texts that come in must "
			"then carry a valid sign.",
		.offset = ESMS(private_key),
	},
	{
		.name = "cpid",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 64,
		.help = "cpid that eSMS gave us; texts that come in must then "
			"carry it.",
		.offset = ESMS(cpid),
	},
};

struct str esms_report_key(
	const struct esms *e, struct str own, struct arena *a)
{
	const struct digest d = digest_hmac(DIGEST_SHA256, e->secret_key,
		(const struct str[]){STR("report of "), own}, 2);

	return str_part(digest_hex(&d, a), 0, KEY_HEX);
}

static int check_keys(
	const struct esms *e, const struct config_channel *c, struct diags *d)
{
	if (c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a token: eSMS signs no "
			"delivery report, and what it signs is weak",
			STR_ARG(c->name));
	if ((e->api_key.n > 0) != (e->secret_key.n > 0))
		return node_error(provider_key(c, "api_key", "secret_key"), d,
			"channel " STR_FMT " needs both api_key and "
			"secret_key, or neither to only receive",
			STR_ARG(c->name));
	if (e->api_key.n > 0 && e->sms_type != ESMS_FIXED_NUMBER &&
		e->brandname.n == 0 && c->numbers.n == 0)
		return node_error(provider_key(c, "sms_type", "api_key"), d,
			"channel " STR_FMT " needs a brandname: texts of "
			"sms_type 1 and 2 leave under one",
			STR_ARG(c->name));
	if (e->api_key.n > 0 && e->brandname.n == 0 && c->numbers.n == 0)
		node_warn(provider_key(c, "sms_type", NULL), d,
			"channel " STR_FMT " sends from a fixed number, and "
			"none is said; set number",
			STR_ARG(c->name));
	return 0;
}

static int open_esms(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct esms *e = state;
	struct str base = e->url;

	if (check_keys(e, c, d) != 0)
		return -1;
	while (str_ends(base, STR("/")))
		base.n--;
	if (e->api_key.n > 0)
		e->send_url = arena_printf(a, STR_FMT SEND_PATH, STR_ARG(base));
	return 0;
}

/* A report's own key proves that its sender was told of this text, not who it
 * is: only texts are signed. */
static bool is_proven(const void *state, bool dlr)
{
	const struct esms *e = state;

	return !dlr && e->private_key.n > 0;
}

static bool takes_method(const void *state, const struct provider_request *r)
{
	(void)state;
	return str_is(r->method, "GET");
}

static bool can_send_now(const void *state)
{
	const struct esms *e = state;

	return e->send_url.n > 0;
}

/* "1" means diacritics: letters that GSM-7 has (à, è, é …) are some, too. */
static bool has_diacritics(const struct provider_outgoing *o)
{
	for (size_t i = 0; i < o->text.n; i++)
		if ((unsigned char)o->text.p[i] >= 0x80)
			return true;
	return o->ucs2;
}

static struct jdoc *message_body(const struct esms *e,
	const struct provider_outgoing *o, struct arena *a)
{
	static const char *const type[] = {
		[ESMS_ADVERTISING] = "1",
		[ESMS_CARE] = "2",
		[ESMS_FIXED_NUMBER] = "8",
	};
	const struct str unicode = has_diacritics(o) ? STR("1") : STR("0");
	const struct str from = e->brandname.n > 0 ? e->brandname : o->from;
	struct jdoc *doc = jdoc_object();

	jdoc_set_str(doc, "ApiKey", e->api_key);
	jdoc_set_str(doc, "SecretKey", e->secret_key);
	jdoc_set_str(doc, "Phone",
		str_from(o->to, str_starts(o->to, STR("+")) ? 1 : 0));
	jdoc_set_str(doc, "Content", o->text);
	jdoc_set_str(doc, "SmsType", str_of(type[e->sms_type]));
	if (from.n > 0)
		jdoc_set_str(doc, "Brandname", from);
	jdoc_set_str(doc, "IsUnicode", unicode);
	jdoc_set_str(doc, "Unicode", unicode); /* the name in newer pages */
	jdoc_set_str(doc, "Sandbox", e->sandbox ? STR("1") : STR("0"));
	if (e->campaign.n > 0)
		jdoc_set_str(doc, "campaignid", e->campaign);
	jdoc_set_str(doc, "RequestId", o->id_text);
	if (o->report_url.n > 0)
		jdoc_set_str(doc, "CallbackUrl",
			arena_printf(a, STR_FMT "&k=" STR_FMT,
				STR_ARG(o->report_url),
				STR_ARG(esms_report_key(e, o->id_text, a))));
	return doc;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct esms *e = state;
	struct jdoc *doc;

	if (e->send_url.n == 0)
		return err_set(err,
			"this channel has no api_key and secret_key to send "
			"with");
	doc = message_body(e, o, a);
	*ret = (struct provider_call){
		.method = "POST",
		.url = e->send_url,
		.content_type = STR("application/json"),
		.body = jdoc_print(doc, a),
	};
	jdoc_free(doc);
	return 0;
}

/*
 * Keys, balance, brandname and addresses are ours to mend, and must not cost
 * a text. A code that nobody knows is a refusal, and a person sees it.
 */
static const struct code {
	const char *code;
	enum provider_verdict_kind kind;
	const char *means;
} codes[] = {
	{"100", PROVIDER_OK, "accepted"},
	{"124", PROVIDER_OK, "it has this text already"},
	{"99", PROVIDER_PERMANENT, "the number is blocked"},
	{"101", PROVIDER_TEMPORARY,
		"wrong api_key or secret_key in our configuration"},
	{"103", PROVIDER_TEMPORARY, "the account has no balance left"},
	{"104", PROVIDER_TEMPORARY,
		"it knows no such brandname: wrong in our configuration, or "
		"not registered yet"},
	{"108", PROVIDER_PERMANENT, "no such number"},
	{"118", PROVIDER_TEMPORARY, "wrong sms_type in our configuration"},
	{"120", PROVIDER_PERMANENT, "too many numbers in one call"},
	{"140", PROVIDER_TEMPORARY,
		"our address is not on the list that eSMS keeps"},
	{"146", PROVIDER_PERMANENT,
		"the text is like no template that is registered"},
	{"177", PROVIDER_PERMANENT,
		"the brandname is not registered with this network"},
};

static const struct code *code_of(struct str code)
{
	static const struct code unknown = {
		NULL, PROVIDER_PERMANENT, "refused"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (str_is(code, codes[i].code))
			return &codes[i];
	return &unknown;
}

static bool repeats(struct str body, struct str secret)
{
	return secret.n > 0 && str_find(body, secret, 0) >= 0;
}

/* " (their words)", on one line; nothing when there are none. */
static struct str words_of(const struct jdoc *doc, struct arena *a)
{
	const struct str s = str_trim(jdoc_str(jdoc_at(doc, "ErrorMessage")));

	if (s.n == 0)
		return STR("");
	return arena_printf(a, " (" STR_FMT ")",
		STR_ARG(mo_clean(str_part(s, 0, SAID_MAX), a)));
}

/* A body without a CodeResult is somebody else's: a log-in page, a router. */
static void read_taken(const struct provider_response *r, struct arena *a,
	struct provider_verdict *v)
{
	struct jdoc *doc = mo_json(r->body, a, NULL);
	const struct jdoc *at = jdoc_at(doc, "CodeResult");
	const struct str said = at != NULL ? jdoc_text(at, a) : STR("");
	const struct code *code = code_of(said);
	const struct jdoc *id = jdoc_at(doc, "SMSID");
	struct str ref = id != NULL ? jdoc_text(id, a) : STR("");

	if (said.n == 0) {
		v->kind = PROVIDER_UNKNOWN;
		v->why = arena_printf(a,
			"answered %d without a CodeResult in it: wrong url in "
			"our configuration, or a log-in page?",
			r->status);
		jdoc_free(doc);
		return;
	}
	v->kind = code->kind;
	if (v->kind == PROVIDER_OK && ref.n > 0)
		v->ref = mo_id(ref, a);
	v->why = arena_printf(a, "answered code " STR_FMT ": %s" STR_FMT,
		STR_ARG(mo_clean(str_part(said, 0, 16), a)), code->means,
		STR_ARG(words_of(doc, a)));
	jdoc_free(doc);
}

/* What quotes our request is not shown: the keys are in it. */
static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct esms *e = state;
	struct provider_verdict v = provider_verdict_http(r, a);

	if (v.kind == PROVIDER_OK)
		read_taken(r, a, &v);
	if (repeats(r->body, e->secret_key) || repeats(r->body, e->api_key))
		v.why = arena_printf(
			a, "answered %d; its words repeat our keys", r->status);
	return v;
}

const struct provider provider_esms = {
	.name = "esms",
	.help = "eSMS.vn: brandname or fixed number out, a short code in",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct esms),
	.takes_our_id = true,
	.can_receive = true,
	.can_send = true,
	.send_path = "/MainService.svc",
	.tells_address = true,
	.open = open_esms,
	.verify = esms_verify,
	.is_proven = is_proven,
	.parse_inbound = esms_parse_inbound,
	.parse_dlr = esms_parse_dlr,
	.takes_method = takes_method,
	.can_send_now = can_send_now,
	.answer = esms_answer,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
