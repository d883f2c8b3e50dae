#ifndef GATEWAY_POISON_H
#define GATEWAY_POISON_H

#include "gateway/base/digest.h"
#include "gateway/base/err.h"

/*
 * The memory of what was being read when the process died: a small file,
 * mapped shared, that survives the process (not a power cut, which is no
 * crash of ours). One slot a body under way. Loop thread.
 */
struct poison;

enum poison_look {
	POISON_CLEAN,    /* never seen at a crash */
	POISON_SUSPECT,  /* was under way at a crash: read it alone */
	POISON_CONDEMNED /* was alone at a second crash: do not read it */
};

#define POISON_SLOTS 4096

/* NULL with err when the file cannot be had. What was under way when the
 * process died becomes suspect, what was alone is condemned. */
struct poison *poison_open(const char *path, int64_t now_ms, struct err *err);
void poison_close(struct poison *p);
size_t poison_suspects(const struct poison *p);
enum poison_look poison_look(const struct poison *p, const struct digest *d);
/* Before a body is read. Returns its slot, or -1: no slot is free. */
int poison_enter(
	struct poison *p, const struct digest *d, bool alone, int64_t now_ms);
/* Its fate is certain (committed, refused or stored as quarantined). */
void poison_leave(struct poison *p, int slot);

#endif
