#ifndef GATEWAY_SPOOL_FOLDERS_H
#define GATEWAY_SPOOL_FOLDERS_H

#include "gateway/settings.h"

/*
 * The folders that a channel of files shares with another program, and ours,
 * below provider_folders.ours.
 */
#define SPOOL_TAKEN "taken"     /* moved here, not yet committed */
#define SPOOL_KNOWN "known"     /* SENT files, by the keys of reports */
#define SPOOL_REFUSED "refused" /* nobody could read them */
#define SPOOL_DRAFT "draft"     /* texts not yet handed over */
#define SPOOL_GIVEN "given"     /* texts that were handed over */

/* "FOLDER/NAME", in the arena. */
const char *spool_path(struct arena *a, struct str folder, struct str name);
/* "OURS/WHICH/NAME"; an empty name: the folder itself. */
const char *spool_our_path(struct arena *a, const struct provider_folders *f,
	const char *which, struct str name);

/*
 * May we take files from the channel's folders and put some there? Every fault
 * in d; creates nothing. 0 too for a channel that has none.
 */
int spool_check(const struct channel *c, struct arena *a, struct diags *d)
	__attribute__((warn_unused_result));
/* Makes ours where they are missing. */
int spool_prepare(const struct provider_folders *f, struct arena *a,
	struct err *err) __attribute__((warn_unused_result));
/* What a folder holds survives a power cut from now on. */
int spool_sync(const char *folder, struct err *err)
	__attribute__((warn_unused_result));

#endif
