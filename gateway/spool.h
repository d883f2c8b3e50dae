#ifndef GATEWAY_SPOOL_H
#define GATEWAY_SPOOL_H

#include "gateway/inlet.h"

struct event_base;

/*
 * Channels of files (provider.spool): what another program put into their
 * folders becomes texts and reports, each once. Loop thread.
 */
struct spool;

/* Looks into the folders from now on, and first at what was under way. */
struct spool *spool_new(struct event_base *base, struct inlet_env *env);
/* A reload: env has other settings. */
void spool_use(struct spool *s);
/* Takes nothing more; what is under way may finish. */
void spool_stop(struct spool *s);
/* What is still under way stays where it is, and is read again. */
void spool_free(struct spool *s);

#endif
