#ifndef GATEWAY_BASE_LOG_H
#define GATEWAY_BASE_LOG_H

#include "gateway/base/str.h"

/*
 * logfmt lines on stderr: `ts=… level=info event=stored message=17
 * from=+8490***012`. One write(2) a line, from any thread. Never log a text's
 * content or a whole phone number: LOG_PHONE masks.
 */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO };
enum log_type { LOG_T_END, LOG_T_INT, LOG_T_STR, LOG_T_PHONE };

struct log_field {
	const char *key;
	enum log_type type;
	int64_t i;
	struct str s;
};

#define LOG_I(k, v)                                                            \
	{                                                                      \
		.key = (k), .type = LOG_T_INT, .i = (v)                        \
	}
#define LOG_S(k, v)                                                            \
	{                                                                      \
		.key = (k), .type = LOG_T_STR, .s = (v)                        \
	}
#define LOG_Z(k, v) LOG_S(k, str_of(v))
#define LOG_PHONE(k, v)                                                        \
	{                                                                      \
		.key = (k), .type = LOG_T_PHONE, .s = (v)                      \
	}

/* fields end with a zeroed one. Values are quoted where logfmt needs it. */
void log_write(enum log_level level, const char *event,
	const struct log_field *fields);
#define log_error(event, ...)                                                  \
	log_write(LOG_ERROR, event,                                            \
		(const struct log_field[]){__VA_ARGS__, {0}})
#define log_warn(event, ...)                                                   \
	log_write(LOG_WARN, event, (const struct log_field[]){__VA_ARGS__, {0}})
#define log_info(event, ...)                                                   \
	log_write(LOG_INFO, event, (const struct log_field[]){__VA_ARGS__, {0}})

struct log_phone {
	char z[24];
};
/* +84912345678 → +8491***678; anything of six characters or less → ***. */
struct log_phone log_phone_mask(struct str phone);

/* Cannot start: prints the sentence to stderr and exits with status 1. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
