#ifndef GATEWAY_BASE_ERR_H
#define GATEWAY_BASE_ERR_H

/* One sentence that says what went wrong, and what would be right. */
struct err {
	char text[400];
};

/* Writes the sentence (e may be NULL) and returns -1. */
int err_set(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
