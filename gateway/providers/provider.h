#ifndef GATEWAY_PROVIDERS_PROVIDER_H
#define GATEWAY_PROVIDERS_PROVIDER_H

#include "config/config.h"
#include "gateway/model/guide.h"
#include "gateway/model/message.h"
#include "gateway/model/modem.h"

/*
 * One file per provider: bytes ↔ values. Pure: no sockets, no clock, no
 * store. A provider is one `const struct provider` and one line in
 * provider.c's table.
 */
struct provider_header {
	struct str name, value; /* name as sent; compare without case */
};

struct provider_request {
	struct str method; /* "GET", "POST", "PUT", "HEAD"; else "OTHER" */
	struct str url; /* public_url + path + query, as a signature needs it */
	struct str query; /* undecoded, without ? */
	struct str body;  /* raw bytes */
	const struct provider_header *headers;
	size_t headers_n;
	struct str peer; /* client address */
	bool secure;     /* it came over TLS, and to this very process */
	bool dlr;        /* it came to /dlr */
	bool ussd;       /* it came to /ussd */
	/* What follows the token in the path of /ussd, without the slash:
	 * "session/7/start"; may be empty. Undecoded. */
	struct str rest;
	int64_t now_ms;
	/* No callback: body is this file; NULL: it came by HTTP. */
	const struct provider_file *file;
};

struct str provider_request_header(
	const struct provider_request *r, const char *name);

enum provider_file_kind {
	PROVIDER_FILE_IN,     /* texts, and reports that have no folder */
	PROVIDER_FILE_SENT,   /* a text of ours that has left */
	PROVIDER_FILE_FAILED, /* one that was given up */
	PROVIDER_FILE_REPORT, /* a delivery report */
	PROVIDER_FILE_KIND_N
};

struct provider_folders {
	struct str in[PROVIDER_FILE_KIND_N]; /* absent: there is none */
	struct str out;  /* for texts; absent: the channel only receives */
	struct str ours; /* what is under way; on the same file system */
};

/* A file that another program wrote; its bytes are the request's body. */
struct provider_file {
	enum provider_file_kind kind;
	struct str name; /* as it was found */
	/* It may still be written, and what it is about be unknown: LATER. */
	bool fresh;
	/* The SENT file that has this key (provider_inbound.keys), in the
	 * arena; absent: there is none. */
	struct str (*known)(void *arg, struct str key, struct arena *a);
	void *arg;
};

enum provider_verify {
	PROVIDER_VERIFY_OK,
	PROVIDER_VERIFY_REFUSED /* 401: wrong signature, secret or time */
};

/* Ids that a provider may give, and texts: longer ones are cut or refused. */
#define PROVIDER_ID_MAX 128
#define PROVIDER_BATCH_MAX 500
#define PROVIDER_RAW_TEXT_MAX 65536

enum provider_event {
	PROVIDER_MESSAGES, /* one or more MO texts */
	PROVIDER_REPORTS,  /* one or more delivery reports */
	/* An event we do not use: answered 200. err says what it was, where a
	 * text might have been in it; else it is empty. */
	PROVIDER_IGNORED,
	PROVIDER_LATER,     /* a file that makes no sense yet */
	PROVIDER_UNREADABLE /* 400; err says what is wrong */
};

/* What a delivery report says of a text (providers.md §2). */
enum provider_report_state {
	PROVIDER_REPORT_UNKNOWN, /* a value nobody knows: kept, changes nothing
				  */
	PROVIDER_REPORT_QUEUED,
	PROVIDER_REPORT_SENT,
	PROVIDER_REPORT_DELIVERED,
	PROVIDER_REPORT_TEMPORARY, /* still trying */
	PROVIDER_REPORT_FAILED,
	PROVIDER_REPORT_EXPIRED,
	/* Failed: the person told the provider or the operator to stop; the
	 * number is opted out here, too. */
	PROVIDER_REPORT_OPTED_OUT
};

/* provider_report.part: of one part, and it does not say of which. */
#define PROVIDER_PART_UNSAID (-1)

/* One delivery report. It must name the text by `ref` or by `own`. */
struct provider_report {
	struct str ref; /* the provider's id, as parse_send_response gave it */
	struct str own; /* our provider_outgoing.id_text */
	struct str to;  /* E.164; may be absent */
	/* The report's own id, the same when it is repeated; absent: one that
	 * says the same of the same part and time is a repeat. */
	struct str event;
	enum provider_report_state state;
	struct str said; /* its own words, for `bantin why` */
	int part, parts; /* from 1; 0: it speaks of the whole text */
	int64_t at_ms;   /* the provider's time; 0: not said */
};

struct provider_inbound {
	enum provider_event event;
	struct message
		*v; /* channel, received_at are filled in by the caller */
	size_t n;
	struct provider_report *reports; /* PROVIDER_REPORTS */
	size_t reports_n;
	/* Of a batch: how many make no sense, and are none of v or reports;
	 * err says why of the first. */
	size_t left_out;
	/* Of a SENT file: names under which reports will ask for it; the last
	 * of a name counts. Of letters, digits and -._+, at most 200. */
	struct str *keys;
	size_t keys_n;
	struct err err;
};

/* What goes back for a 2xx, 401 …; the provider's dialect. */
struct provider_answer {
	int status;
	const char *content_type;
	struct str body;
};

/* One MT text that is to leave. */
struct provider_outgoing {
	int64_t id;         /* outbox row; our id in the provider's eyes */
	struct str id_text; /* the same as text, unique per database */
	struct str to;      /* E.164 */
	struct str from;    /* sender or own number; may be absent */
	struct str text;    /* already folded */
	int64_t valid_s;    /* seconds that it is still of use; 0: no limit */
	bool ucs2;
	size_t segments;
	bool is_reply; /* somebody waits for it */
	/* Where the provider may report to: /dlr/CHANNEL/TOKEN?o=ID_TEXT.
	 * Absent: no report can come. */
	struct str report_url;
};

/* An HTTP request to make. Strings in the arena given to build_send. */
struct provider_call {
	const char *method;
	struct str url;
	struct str content_type; /* absent: no body */
	struct str body;
	struct str username, password; /* Basic; absent: none */
	const struct provider_header *headers;
	size_t headers_n;
	struct str ca; /* PEM, set by the caller; absent: the system's */
	bool local; /* no HTTP: `console` has printed it, it counts as sent */
	/* No HTTP: body becomes the file of this name in the spool's folder
	 * for texts. The same name again is the same text. Absent: HTTP. */
	struct str file;
	/* No HTTP: rows for the database of a modem's daemon; NULL: none. The
	 * response's status is 200 when they are in it, else 0. */
	const struct modem_out *rows;
};

enum provider_verdict_kind {
	PROVIDER_OK,
	PROVIDER_TEMPORARY,
	PROVIDER_PERMANENT,
	PROVIDER_THROTTLED,
	PROVIDER_UNKNOWN /* it may have been sent */
};

struct provider_verdict {
	enum provider_verdict_kind kind;
	int64_t retry_after_s; /* THROTTLED, TEMPORARY; -1: not said */
	struct str ref;        /* provider's id of the text; absent: none */
	struct str why;        /* one short sentence for `bantin why` */
	/* PERMANENT: the person told the provider or the operator to stop;
	 * the number is opted out here, too. */
	bool opted_out;
};

/*
 * status 0: no answer; then `why` says refused, reset, timeout …, and
 * `unsent` that the request cannot have reached the provider.
 */
struct provider_response {
	int status;
	bool unsent;
	struct str why;
	struct str content_type, body;
	struct str retry_after; /* header, as sent */
	struct str rate_reset;  /* X-Rate-Limit-Reset, as sent */
	int64_t now_ms;
};

/*
 * A provider that shares folders with a program on this machine: the engine
 * moves the files (gateway/spool.c) and gives each to parse_inbound. There
 * are no callbacks, and nothing to verify.
 */
struct provider_spool {
	void (*folders)(const void *state, struct provider_folders *ret);
	/* Seconds from one look into the folders to the next. */
	int64_t (*poll_s)(const void *state);
	/* Others are left where they are: somebody else's, or unfinished. */
	bool (*is_wanted)(enum provider_file_kind kind, struct str name);
};

/*
 * A provider that serves USSD, at /ussd/CHANNEL: verified as its texts are
 * (verify(), request.ussd), one answer for each request.
 */
struct provider_ussd {
	/* Is it served, as the channel is configured? NULL: always. */
	bool (*serves)(const void *state);
	/* Its requests are told apart by what follows the token (request.rest);
	 * else a path that goes on is 404. */
	bool takes_rest;
	/* NULL: POST alone. */
	bool (*takes_method)(
		const void *state, const struct provider_request *r);
	void (*parse)(const void *state, const struct provider_request *r,
		struct arena *a, struct ussd_hop *ret, struct err *err);
	/* The screen (of ENDED and IGNORED: none, text empty) in its dialect.
	 * request: the one that is answered. */
	struct provider_answer (*answer)(const void *state,
		const struct provider_request *r, const struct ussd_hop *hop,
		const struct ussd_screen *screen, struct arena *a);
};

struct provider {
	const char *name;
	const char *help;             /* one line */
	const struct option *options; /* its own channel keys */
	size_t options_n;
	size_t state_size; /* of the struct that options fill */
	bool takes_our_id; /* a repeated send with the same id is harmless */
	bool can_receive, can_send;
	/* What is added to the url that is configured; NULL: nothing. */
	const char *send_path;
	bool tells_address; /* a text may carry where its reports go */
	bool shows_reply;   /* the callback's answer shows the texts queued */
	/* After options are read: compile templates, check keys. NULL: nothing.
	 * 0, or -1 with diags. State lives in the arena (the config's). */
	int (*open)(void *state, const struct config_channel *c,
		struct arena *a, struct diags *d);
	enum provider_verify (*verify)(
		const void *state, const struct provider_request *r);
	/* Are callbacks signed or logged in, as the channel is configured, so
	 * that verify() proves who calls? NULL: never, the token is the guard.
	 * Asked for texts (dlr false) and for reports. */
	bool (*is_proven)(const void *state, bool dlr);
	/* The signature covers the public address of the callback: without
	 * the right public_url nothing passes. NULL: it does not. */
	bool (*signs_url)(const void *state);
	void (*parse_inbound)(const void *state,
		const struct provider_request *r, struct arena *a,
		struct provider_inbound *out);
	/* /dlr/CHANNEL. NULL: reports come to /in, or not at all. Sets
	 * out->reports; verified and by the methods of parse_inbound. It may
	 * give texts, too, where one address serves all events. */
	void (*parse_dlr)(const void *state, const struct provider_request *r,
		struct arena *a, struct provider_inbound *out);
	/* NULL: parse_dlr != NULL. Asked through provider_takes_reports(). */
	bool (*takes_reports)(const void *state);
	/* NULL: POST alone. Asked through provider_takes_method(). */
	bool (*takes_method)(
		const void *state, const struct provider_request *r);
	/* NULL: can_send. Asked through provider_can_send(). */
	bool (*can_send_now)(const void *state);
	/* NULL: takes_our_id. Asked through provider_takes_our_id(). */
	bool (*takes_our_id_now)(const void *state);
	/* NULL: 200, text/plain, empty. For all but PROVIDER_UNREADABLE. */
	struct provider_answer (*answer)(const void *state,
		const struct provider_inbound *in, struct arena *a);
	int (*build_send)(const void *state, const struct provider_outgoing *o,
		struct arena *a, struct provider_call *ret, struct err *err);
	/* May be NULL where build_send only ever names a file. */
	struct provider_verdict (*parse_send_response)(const void *state,
		const struct provider_response *r, struct arena *a);
	const struct provider_spool *spool; /* NULL: it calls us by HTTP */
	/* NULL: it calls us. Else its texts and reports are rows of a modem
	 * daemon's database, each handed to parse_inbound as the JSON that
	 * store/gammu.h describes, and nobody may call. */
	const struct modem_source *(*modem)(const void *state);
	const struct provider_ussd *ussd; /* NULL: it has none */
};

/* For a fault: where the first of two keys stands that is set, or else the
 * channel. b may be NULL. */
const struct node *provider_key(
	const struct config_channel *c, const char *a, const char *b);

extern const struct provider *const provider_table[];
extern const size_t provider_table_n;
const struct provider *provider_find(struct str name); /* NULL: none */

/* Is /ussd served by this channel, as it is configured? If not: 404. */
bool provider_serves_ussd(const struct provider *p, const void *state);
/* May this callback come by its method? If not: 405. */
bool provider_takes_method(const struct provider *p, const void *state,
	const struct provider_request *r);
/* Does /dlr exist for this channel, as it is configured? If not: 404. */
bool provider_takes_reports(const struct provider *p, const void *state);
/* Can this channel send at all, as it is configured? */
bool provider_can_send(const struct provider *p, const void *state);
/* Is a repeated send with the same id harmless on this channel? */
bool provider_takes_our_id(const struct provider *p, const void *state);

/*
 * The verdict that HTTP alone gives. 2xx: OK. 429, 503: THROTTLED. 401, 403,
 * 404, 405, 407: TEMPORARY, because a wrong key or address is ours to mend and
 * must not cost a text. Other 4xx: PERMANENT. 504 and no answer: UNKNOWN,
 * unless nothing left. Other 5xx, 408, 3xx: TEMPORARY.
 */
struct provider_verdict provider_verdict_http(
	const struct provider_response *r, struct arena *a);
/* Retry-After in seconds, from seconds or an HTTP date; -1: absent, broken. */
int64_t provider_retry_after(const struct provider_response *r);

#endif
