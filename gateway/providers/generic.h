#ifndef GATEWAY_PROVIDERS_GENERIC_H
#define GATEWAY_PROVIDERS_GENERIC_H

#include "gateway/base/digest.h"
#include "gateway/providers/fieldmap.h"
#include "gateway/providers/generic_options_ussd.h"
#include "gateway/providers/template.h"

/*
 * A generic channel as configured and compiled; private to the provider. The
 * first half of each struct is filled by the options of generic_options.c,
 * the second by generic_open() and what it calls.
 */
struct generic_reply {
	int64_t status;
	struct str type, body;
	const char *content_type; /* made: type as a C string */
};

struct generic_in {
	int source, encoding;
	struct str list, field[FIELDMAP_FIELD_N];
	struct str time_format;
	int64_t time_offset;
	struct generic_reply reply;
	/* made */
	struct fieldmap map;
};

struct generic_signature;

struct generic_auth {
	bool https, dlr_unsigned;
	struct str secret, secret_header, secret_field;
	struct str username, password;
	int algorithm, encoding;
	struct str key, over, header, field, prefix;
	struct str timestamp_header, timestamp_field;
	int64_t tolerance_s;
	/* made */
	bool guarded;     /* something must be known to call */
	struct str basic; /* what Authorization says; absent: no log-in */
	const struct generic_signature *signature; /* NULL: none */
};

enum generic_report_field {
	GENERIC_REPORT_ID,
	GENERIC_REPORT_OWN_ID,
	GENERIC_REPORT_TO,
	GENERIC_REPORT_STATUS,
	GENERIC_REPORT_ERROR,
	GENERIC_REPORT_PART,
	GENERIC_REPORT_PARTS,
	GENERIC_REPORT_TIME,
	GENERIC_REPORT_EVENT,
	GENERIC_REPORT_FIELD_N
};

struct generic_state {
	struct str says;
	enum provider_report_state means;
};

struct generic_report {
	int source;
	struct str list, field[GENERIC_REPORT_FIELD_N];
	struct str time_format;
	int64_t time_offset;
	const struct node *states;
	struct generic_reply reply;
	/* made */
	bool on; /* the channel has a `dlr` */
	struct record_map map;
	struct spelling_time time;
	const struct generic_state *state;
	size_t states_n;
};

enum generic_method {
	GENERIC_POST,
	GENERIC_GET,
	GENERIC_PUT,
	GENERIC_METHOD_N
};

struct generic_header {
	struct str name;
	const struct template *value;
};

struct generic_out {
	int method;
	struct str url, type, body, username, password, bearer;
	const struct node *headers;
	struct option_list accept, retryable; /* of int64_t */
	bool idempotent;
	struct str success_path, success_contains;
	struct option_list success_values, success_retry; /* of struct str */
	struct str ref, ref_after, ref_before, error;
	/* made */
	const struct template *url_template, *body_template;
	struct str authorization; /* "Bearer …"; absent: none */
	const struct generic_header *header;
	size_t headers_n;
	/* NULL: not asked for */
	const char *ref_path, *success_at, *error_path;
};

enum generic_ussd_field {
	GENERIC_USSD_SESSION,
	GENERIC_USSD_PHONE,
	GENERIC_USSD_CODE,
	GENERIC_USSD_INPUT,
	GENERIC_USSD_SEQUENCE,
	GENERIC_USSD_EVENT,
	GENERIC_USSD_FIELD_N
};

struct generic_ussd {
	int source;
	struct str field[GENERIC_USSD_FIELD_N];
	struct option_list begins, ends; /* of struct str */
	bool cumulative;
	struct str goes_on, closes, type;
	/* made */
	bool on; /* the channel has a `ussd` */
	struct record_map map;
	struct str channel_code;
	const struct template *screen[2]; /* [more] */
	const char *content_type;
};

struct generic {
	struct generic_in in;
	struct generic_auth auth;
	struct generic_report dlr;
	struct generic_out out;
	struct generic_ussd ussd;
};

#define GENERIC_OPTIONS_N (69 + GENERIC_OPTIONS_USSD_N)
extern const struct option generic_options[GENERIC_OPTIONS_N];

/* provider.open: compiles what the options say. */
int generic_open(void *state, const struct config_channel *c, struct arena *a,
	struct diags *d);

/* What generic_open() hands to the parts that follow. */
struct generic_opening {
	struct generic *g;
	const struct config_channel *channel;
	struct arena *a;
	struct diags *d;
};

/*
 * Each reports its faults and gives 0 or -1. `where` and `in` are the nodes
 * that a fault is shown at, or that hold it.
 */
/* A path of JSON or XML; *ret NULL: left empty. */
int generic_open_path(const struct generic_opening *o, struct str s,
	const struct node *where, const char **ret);
/* The list of a map whose source is set. */
int generic_open_map(const struct generic_opening *o, struct str list,
	const struct node *in, struct record_map *ret);
/* The map's next field. */
int generic_open_field(const struct generic_opening *o, struct str names,
	const struct node *where, struct record_map *ret);
int generic_open_time(const struct generic_opening *o, struct str format,
	const struct node *in, struct spelling_time *ret);
/* What is not set comes from fallback (NULL: the defaults are set). */
int generic_open_reply(const struct generic_opening *o,
	const struct generic_reply *fallback, const struct node *in,
	struct generic_reply *ret);
int generic_open_auth(const struct generic_opening *o, const struct node *in,
	const struct node *dlr);
int generic_open_reports(
	const struct generic_opening *o, const struct node *dlr);
int generic_open_ussd(const struct generic_opening *o, const struct node *ussd);
/* A content type as a C string; one that is none is reported at `where`. */
int generic_open_type(const struct generic_opening *o, struct str type,
	const struct node *where, const char **ret);
int generic_open_send(const struct generic_opening *o, const struct node *out);

/* How values are escaped in a body of this content type. */
enum template_context generic_context(struct str type);

/* The parts of struct provider that are not in generic.c. */
enum provider_verify generic_verify(
	const void *state, const struct provider_request *r);
bool generic_is_proven(const void *state, bool dlr);
bool generic_signs_url(const void *state);
void generic_parse_dlr(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);
int generic_build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err);
struct provider_verdict generic_parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a);

#endif
