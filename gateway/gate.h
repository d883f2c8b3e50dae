#ifndef GATEWAY_GATE_H
#define GATEWAY_GATE_H

#include "gateway/poison.h"

/*
 * Who may be read now: bodies side by side, suspects alone. Loop thread.
 */
struct gate;

/* One body on its way; lives with its exchange. */
struct gate_ticket {
	struct gate_ticket *next; /* while it waits */
	struct digest digest;
	int slot; /* in the poison file, while it runs */
	bool alone;
	/* Called when it may be read: at once, or later. */
	void (*go)(struct gate_ticket *t);
	/* Called instead of go when the gate closes for good. */
	void (*refuse)(struct gate_ticket *t);
};

enum gate_answer {
	GATE_GOES,      /* go was called, or will be */
	GATE_CONDEMNED, /* never read it: quarantine */
	GATE_FULL       /* too many wait: 503 */
};

/* poison may be NULL (no file): then everybody goes. */
struct gate *gate_new(struct poison *p, size_t max_waiting,
	int64_t (*now_ms)(void *arg), void *arg);
/* Refuses those who wait. */
void gate_close(struct gate *g);
void gate_free(struct gate *g);
enum gate_answer gate_enter(struct gate *g, struct gate_ticket *t);
/* Its fate is certain; may call others' go. */
void gate_leave(struct gate *g, struct gate_ticket *t);

#endif
