#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "config/option.h"
#include "gateway/base/cidr.h"

/*
 * bantin.yaml as a struct. Add an option: a field here, a line in
 * config_options.c.
 */
struct config_limits {
	int64_t per_second, per_hour, per_day; /* 0: none */
};

#define CHANNEL_TOKEN_MIN 32
#define PUBLIC_URL_MAX 159 /* bytes */

/*
 * What all channels share. A provider reads its own keys from `node` with a
 * table of its own (see gateway/providers/provider.h).
 */
struct config_channel {
	struct str name;     /* [a-z0-9_-], unique */
	struct str provider; /* checked against the provider table on floor 5 */
	struct str token;    /* last element of the callback path */
	struct option_list numbers;    /* "number": own numbers, struct str */
	struct option_list allow_from; /* who may call: addresses, struct str */
	const struct cidr *allow;      /* the same, read; none: anybody */
	size_t allow_n;
	struct option_list reaches; /* beginnings of numbers; none: all */
	struct config_limits limits;
	bool has_limits;
	struct str ussd_code; /* "*384*7#"; what `ussd.code` says if unset */
	struct str ca;        /* a PEM file; absent: the system's */
	int64_t max_in_flight;
	int fold; /* enum fold_policy: keep | fold-if-it-saves | fold */
	const struct node *node;
};

struct figures;

struct config {
	struct arena *arena; /* owns all of it */
	struct str file;
	struct str listen, admin_listen, database, public_url;
	bool simulator;
	struct str rules, menus, replies;  /* as given: files, a folder */
	struct str replies_vi, replies_en; /* files; absent: the shipped */
	int64_t utc_offset;                /* hours */
	struct str tls_certificate, tls_key;
	struct str send_window;      /* HH:MM-HH:MM */
	int window_from, window_to;  /* minutes of the local day: send_window */
	struct option_list holidays; /* YYYY-MM-DD or MM-DD, struct str */
	struct config_limits limits;
	struct config_http {
		int64_t max_header, max_body; /* bytes */
		int64_t max_connections;
		int64_t request_s; /* whole request, from accept or last answer
				    */
		int64_t max_waiting; /* answers parked at once */
	} http;
	struct config_writer {
		int64_t mailbox;   /* jobs that may wait */
		int64_t batch_max; /* jobs in one transaction */
	} writer;
	struct config_outbox {
		int64_t window;    /* rows held in memory */
		int64_t timeout_s; /* one provider request */
		int64_t retry_base_s, retry_max_s, max_attempts;
		int64_t retry_after_max_s; /* of a provider's Retry-After */
		int64_t failover_s;
		int64_t urgent_late_h, bulk_late_h; /* 0: never too late */
		int64_t reply_valid_h, bulk_valid_h;
		int64_t report_park_s; /* a report waits for its text */
	} outbox;
	struct config_inbound {
		int64_t parts_s; /* parts wait for the rest of their text */
	} inbound;
	struct config_report {
		int64_t look_back_days;   /* 45 */
		int64_t join_window_days; /* 7: report joins an announced
					     meeting */
		int64_t max_figure;       /* number_range above this */
	} report;
	struct config_question {
		int64_t valid_h;   /* 24: how long a partial record is kept */
		int64_t max_tries; /* 2: then it goes to commune staff */
	} question;
	struct config_monthly {
		int64_t report_due_days;  /* after the meeting */
		int remind_at;            /* minutes of the local day, all */
		int64_t staff_after_days; /* after the day it was due */
		int staff_at;
		int64_t deputy_days; /* after the meeting */
		int deputy_at;
		int64_t ask_day; /* of the month before; 0: nobody is asked */
		int ask_at;
		struct option_list digest_days; /* of the month, int64_t */
		int digest_at;
		bool close;
		int close_at;      /* on the first of the next month */
		int64_t known_day; /* of the month; later is not closed */
	} monthly;
	struct config_task {
		int64_t remind_days; /* before the day on which it is due */
		int remind_at;       /* minutes of the local day */
		int64_t late_days;   /* after that day */
		int late_at;
	} task;
	struct config_candidate {
		int64_t certificate_months; /* that a class counts for */
		int64_t warn_days;          /* before that is over */
		int warn_at;
	} candidate;
	struct config_invite {
		int64_t reminders;               /* 0..2 */
		int64_t first_days, second_days; /* before the meeting */
		int remind_at;
		int64_t forecast_days; /* before the meeting */
		int forecast_at;
		int64_t quorum_percent; /* more than this */
	} invite;
	struct config_members {
		int64_t back_months, exempt_months, probation_months;
		int64_t review_days; /* working days, after a probation */
		int64_t absences;    /* months in a year; 0: none told */
		int at;              /* minutes of the local day */
	} members;
	struct config_approve {
		/* After the proposal; 0: not at all. */
		int64_t remind_days, escalate_days, expire_days;
		int at;
	} approve;
	struct config_retention {
		/* 0: for ever. */
		int64_t texts_days, delivery_days, quarantine_days;
		int64_t attendance_months;
		int at;
	} retention;
	struct config_ticket {
		/* In working days, but erase_days. */
		int64_t answer_days, remind_days, erase_days;
		int at;
	} ticket;
	bool remote_votes_count; /* else shown beside the room's */
	struct config_vote {
		int64_t late_min; /* sent in time, it may arrive so late */
		struct option_list refused; /* words of what is secret */
	} vote;
	struct config_send {
		int64_t unasked_per_day; /* to one number; 0: no limit */
	} send;
	struct config_consent {
		bool ask; /* once, before the first invitation */
	} consent;
	struct config_broadcast {
		int64_t per_minute;   /* 0: as fast as channels may */
		int64_t max_segments; /* of one text */
	} broadcast;
	struct config_budget {
		int64_t replies_per_hour; /* to one number; 0: none */
		int64_t same_per_hour;    /* the same one; 0: none */
		int64_t unknown_per_day;  /* neutral lines to an unknown number
					   */
		int64_t strangers_per_hour; /* to all of a channel; 0: none */
	} budget;
	struct config_ussd {
		struct str code; /* "*384*7#" */
		int64_t budget_ms;
		int64_t resume_min, drop_min, session_min;
	} ussd;
	int64_t cost_per_segment; /* of a text out; 0: not known */
	struct str metrics_token;
	const struct node *root; /* the whole file; NULL: defaults */
	const struct node *channels_node, *figures_node;
	const struct figures *figures; /* figures.h */
	struct config_channel *channels;
	size_t channels_n;
};

/*
 * Reads and checks a whole file; NULL when anything is wrong (all of it is in
 * d). Provider names and provider keys are checked on floor 5.
 */
struct config *config_load(struct str file, struct str text, struct diags *d);
/* The defaults alone: no channels, database ":memory:". */
struct config *config_default(void);
void config_free(struct config *c);
/*
 * Reads a channel's keys once more, now with its provider's table: faults in
 * the provider's keys, and keys that neither knows. 0 / -1.
 */
int config_channel_open(const struct config_channel *c,
	const struct option_table *provider_table, struct arena *a,
	struct diags *d) __attribute__((warn_unused_result));
/* For `rehearse`: one option by dotted name. */
int config_set(struct config *c, struct str name, struct str value,
	struct err *err) __attribute__((warn_unused_result));
const struct option *config_options(size_t *ret_n);
const struct option *config_channel_options(size_t *ret_n);

/* A whole file of at most max bytes into the arena; -1 with err. */
int config_read_file(const char *path, size_t max, struct arena *a,
	struct str *ret, struct err *err) __attribute__((warn_unused_result));

/* The shipped files, inside the binary. */
struct str config_shipped_rules(void);
struct str config_shipped_figures(void);
struct str config_shipped_menus(void);
struct str config_shipped_replies(const char *language); /* "vi", "en" */

#endif
