/*
 * handover - has this text been given to the program that sends it?
 *
 * A file is written as a draft, gets a second name among those given, and is
 * then moved to where the other program looks. The move is the one moment
 * that counts; what a crash left tells on which side of it we are:
 *
 *   no mark                begin again
 *   mark, and the draft    finished, but not moved: move it
 *   mark, no draft         handed over, whatever became of it since
 *
 * Marks are taken away when they are old (spool.c). Any thread.
 */
#include "gateway/handover.h"

#include "gateway/base/fault.h"
#include "gateway/base/log.h"
#include "gateway/spool_folders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The other program's user is in the folder's group and rewrites it. */
#define FILE_MODE 0660

struct paths {
	const char *draft, *given, *out;          /* files */
	const char *draft_in, *given_in, *out_in; /* their folders */
};

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static int failed(const char *path, struct err *err)
{
	return err_set(err, "%s: %s", path, strerror(errno));
}

static int write_all(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			s = str_from(s, (size_t)n);
	}
	return 0;
}

static int write_draft(const char *path, struct str bytes, struct err *err)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	int rc = 0;

	if (fd < 0)
		return failed(path, err);
	/* Whatever our umask is. */
	if (fchmod(fd, FILE_MODE) != 0 || write_all(fd, bytes) != 0 ||
		fsync(fd) != 0)
		rc = failed(path, err);
	close(fd);
	return rc;
}

/* Nothing is given before its draft is sure to outlive a power cut. */
static int prepare(const struct paths *p, struct str bytes, struct err *err)
{
	if (write_draft(p->draft, bytes, err) != 0 ||
		spool_sync(p->draft_in, err) != 0)
		return -1;
	if (link(p->draft, p->given) != 0)
		return failed(p->given, err);
	return spool_sync(p->given_in, err);
}

int handover(const struct handover *h, struct arena *a, bool *ret_had,
	struct err *err)
{
	const struct provider_folders *f = &h->folders;
	const struct paths p = {
		.draft = spool_our_path(a, f, SPOOL_DRAFT, h->name),
		.given = spool_our_path(a, f, SPOOL_GIVEN, h->name),
		.out = spool_path(a, f->out, h->name),
		.draft_in = spool_our_path(a, f, SPOOL_DRAFT, STR("")),
		.given_in = spool_our_path(a, f, SPOOL_GIVEN, STR("")),
		.out_in = arena_z(a, f->out),
	};
	bool marked = is_there(p.given);
	struct err late;

	*ret_had = marked && !is_there(p.draft);
	if (*ret_had)
		return 0;
	fault_point("file-before");
	if (!marked && prepare(&p, h->bytes, err) != 0)
		return -1;
	fault_point("file-marked");
	if (rename(p.draft, p.out) != 0)
		return failed(p.out, err);
	fault_point("file-moved");
	if (spool_sync(p.out_in, &late) != 0)
		log_warn("handover_unsynced", LOG_Z("why", late.text));
	return 0;
}
