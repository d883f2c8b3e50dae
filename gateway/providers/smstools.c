/*
 * smstools - SMS Server Tools 3 (smsd) and its modems, by their folders.
 *
 * A text leaves as a file in outgoing/, which smsd moves to sent/ or failed/
 * with its own headers added and ours kept; what comes in is smstools_in.c's.
 * The name of a file is made of our id, so that the engine can tell whether
 * it was handed over. Facts: providers.md §3.3, seen with 3.1.21. Pure; all
 * state is in the configuration's arena.
 */
#include "gateway/providers/smstools.h"

#include "gateway/base/buf.h"
#include "gateway/base/digest.h"
#include "gateway/providers/providers.h"
#include "parsers/phone.h"

/* Headers, and the longest text that smsd splits. */
#define FILE_MAX ((size_t)65536)
#define NAME_MAX_OURS ((size_t)120)
#define VALID_MIN_MIN 5
#define DAY_MIN 1440

#define SMSTOOLS(field) offsetof(struct smstools, field)

static const struct option options[] = {
	{
		.name = "folder",
		.type = OPTION_TEXT,
		.fallback = "/var/spool/sms",
		.min = 1,
		.max = 200,
		.help = "smsd's spool, with incoming, outgoing, sent and "
			"failed in it.",
		.offset = SMSTOOLS(folder),
	},
	{
		.name = "reports_folder",
		.type = OPTION_TEXT,
		.max = 200,
		.help = "Where smsd puts status reports, if smsd.conf has a "
			"`report =` folder; unset: into incoming.",
		.offset = SMSTOOLS(reports_folder),
	},
	{
		.name = "work_folder",
		.type = OPTION_TEXT,
		.max = 200,
		.help = "A folder of our own for files under way, on the same "
			"file system, made if it is missing; unset: .bantin "
			"in incoming.",
		.offset = SMSTOOLS(work_folder),
	},
	{
		.name = "poll_s",
		.type = OPTION_INT,
		.fallback = "1",
		.min = 1,
		.max = 60,
		.unit = "s",
		.help = "How long from one look into the folders to the next.",
		.offset = SMSTOOLS(poll_s),
	},
	{
		.name = "time_offset",
		.type = OPTION_INT,
		.fallback = "7",
		.min = -12,
		.max = 14,
		.unit = "h",
		.help = "The operator's time, in which texts say when they "
			"were sent, minus UTC.",
		.offset = SMSTOOLS(time_offset),
	},
	{
		.name = "queue",
		.type = OPTION_TEXT,
		.max = 64,
		.help = "The queue of smsd.conf to send through; unset: smsd "
			"chooses.",
		.offset = SMSTOOLS(queue),
	},
	{
		.name = "report",
		.type = OPTION_BOOL,
		.fallback = "true",
		.help = "Ask for a status report for each text.",
		.offset = SMSTOOLS(report),
	},
};

/* "FOLDER/LEAF" */
static struct str below(struct str folder, const char *leaf, struct arena *a)
{
	while (folder.n > 1 && str_ends(folder, STR("/")))
		folder.n--;
	return arena_printf(a, STR_FMT "/%s", STR_ARG(folder), leaf);
}

static bool is_line(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ')
			return false;
	return true;
}

static int open_smstools(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct smstools *s = state;
	struct provider_folders *f = &s->folders;

	if (!is_line(s->queue))
		return node_error(node_get(c->node, "queue"), d,
			"a queue's name is one line");
	f->in[PROVIDER_FILE_IN] = below(s->folder, "incoming", a);
	f->in[PROVIDER_FILE_SENT] = below(s->folder, "sent", a);
	f->in[PROVIDER_FILE_FAILED] = below(s->folder, "failed", a);
	f->in[PROVIDER_FILE_REPORT] = s->reports_folder;
	f->out = below(s->folder, "outgoing", a);
	f->ours = s->work_folder.n > 0
			  ? s->work_folder
			  : below(f->in[PROVIDER_FILE_IN], ".bantin", a);
	return 0;
}

static void folders(const void *state, struct provider_folders *ret)
{
	const struct smstools *s = state;

	*ret = s->folders;
}

static int64_t poll_s(const void *state)
{
	const struct smstools *s = state;

	return s->poll_s;
}

/* Whoever may write into the folders is let in by the operating system. */
static bool is_proven(const void *state, bool dlr)
{
	(void)state;
	(void)dlr;
	return true;
}

/* Nobody calls. */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	(void)state;
	return r->file != NULL ? PROVIDER_VERIFY_OK : PROVIDER_VERIFY_REFUSED;
}

/*
 * "m17:reply:0.19b2f4" becomes bantin.m17+reply+0.19b2f4. smsd hands names to
 * scripts: nothing that a shell would read. Other ids are named by their hash.
 */
static struct str file_name(struct str id, struct arena *a)
{
	struct str name = arena_str(a, id);
	char *p = arena_alloc(a, id.n);
	struct digest d;

	for (size_t i = 0; i < id.n; i++) {
		const char c = id.p[i];
		const bool plain = (c >= '0' && c <= '9') ||
				   (c >= 'a' && c <= 'z') ||
				   (c >= 'A' && c <= 'Z') || c == '.' ||
				   c == '-' || c == '_';

		if (!plain && c != ':')
			name.n = 0;
		p[i] = (char)(c == ':' ? '+' : c);
	}
	if (name.n > 0 && name.n <= NAME_MAX_OURS)
		return arena_printf(a, SMSTOOLS_PREFIX "%.*s", (int)name.n, p);
	d = digest_of(DIGEST_SHA256, &id, 1);
	name = digest_hex(&d, a);
	return arena_printf(a, SMSTOOLS_PREFIX STR_FMT, STR_ARG(name));
}

/* Without + (§3.3); what is no international number is a short one. */
static int put_to(struct buf *b, struct str to, struct err *err)
{
	const bool far = str_starts(to, STR("+"));
	const struct str digits = str_from(to, far);

	if (digits.n == 0)
		return err_set(err, "no number to send to");
	for (size_t i = 0; i < digits.n; i++)
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return err_set(err, "smsd sends to numbers only");
	buf_putz(b, far ? "To: " : "To: s");
	buf_put(b, digits);
	return 0;
}

/* smsd rounds down to what the network knows. */
static void put_validity(struct buf *b, int64_t valid_s)
{
	int64_t min = valid_s / 60;

	if (valid_s <= 0)
		return;
	if (min < VALID_MIN_MIN)
		min = VALID_MIN_MIN;
	if (min < DAY_MIN)
		buf_putf(b, "\nValidity: %lld min", (long long)min);
	else
		buf_putf(b, "\nValidity: %lld day", (long long)(min / DAY_MIN));
}

static int put_file(struct buf *b, const struct smstools *s,
	const struct provider_outgoing *o, struct err *err)
{
	if (!is_line(o->id_text))
		return err_set(err, "an id of several lines");
	if (put_to(b, o->to, err) != 0)
		return -1;
	buf_putz(b, "\nAlphabet: UTF\nAutosplit: 3\nReport: ");
	buf_putz(b, s->report ? "yes" : "no");
	put_validity(b, o->valid_s);
	if (o->is_reply)
		buf_putz(b, "\nPriority: High");
	if (s->queue.n > 0) {
		buf_putz(b, "\nQueue: ");
		buf_put(b, s->queue);
	}
	buf_putz(b, "\n" SMSTOOLS_ID ": ");
	buf_put(b, o->id_text);
	buf_putz(b, "\n\n");
	buf_put(b, o->text);
	return b->over ? err_set(err, "too long for one file") : 0;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	struct buf b;
	int rc;

	buf_init(&b, FILE_MAX);
	rc = put_file(&b, state, o, err);
	if (rc == 0)
		*ret = (struct provider_call){
			.file = file_name(o->id_text, a),
			.body = arena_str(a, buf_str(&b)),
		};
	buf_release(&b);
	return rc;
}

static const struct provider_spool spool = {
	.folders = folders,
	.poll_s = poll_s,
	.is_wanted = smstools_is_wanted,
};

const struct provider provider_smstools = {
	.name = "smstools",
	.help = "SMS Server Tools 3: modems, by smsd's folders",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct smstools),
	.takes_our_id = true, /* a name is handed over once */
	.can_send = true,
	.open = open_smstools,
	.verify = verify,
	.is_proven = is_proven,
	.parse_inbound = smstools_parse,
	.build_send = build_send,
	.spool = &spool,
};
