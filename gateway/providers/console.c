/*
 * console - the demo's provider: what leaves is printed, nothing is sent.
 *
 * Texts come in as POST {"from": …, "text": …}, with "id", "to" and "time"
 * where the caller has them, so that a person with curl can play a phone.
 * There is no HTTP request for what goes out: the engine prints it. Owns
 * nothing; pure.
 */
#include "gateway/providers/fieldmap.h"
#include "gateway/providers/providers.h"

static const struct fieldmap map = {
	.map =
		{
			.source = RECORD_JSON,
			.list = "",
			.field =
				{
					[FIELDMAP_ID] = {{"id"}},
					[FIELDMAP_FROM] = {{"from"}},
					[FIELDMAP_TO] = {{"to"}},
					[FIELDMAP_TEXT] = {{"text"}},
					[FIELDMAP_TIME] = {{"time"}},
				},
			.fields_n = FIELDMAP_FIELD_N,
		},
};

/* Nothing of its own to check: the channel's path token guards it. */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	(void)state;
	(void)r;
	return PROVIDER_VERIFY_OK;
}

static void parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	(void)state;
	fieldmap_read(&map, r, a, out);
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	(void)state;
	(void)o;
	(void)a;
	(void)err;
	*ret = (struct provider_call){.local = true};
	return 0;
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	(void)state;
	(void)r;
	(void)a;
	return (struct provider_verdict){
		.kind = PROVIDER_OK,
		.retry_after_s = -1,
		.why = STR("printed"),
	};
}

const struct provider provider_console = {
	.name = "console",
	.help = "prints what it sends; for trying things out",
	.takes_our_id = true,
	.can_receive = true,
	.can_send = true,
	.shows_reply = true,
	.verify = verify,
	.parse_inbound = parse_inbound,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
