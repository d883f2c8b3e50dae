/*
 * spool_folders - where do a channel's files stand, and may we touch them?
 *
 * Files are taken and given by rename. So every folder must be writable, all
 * must be on one file system, and one with the sticky bit must be our own: in
 * any other only a file's owner may move it. This is checked with the
 * configuration, before a file can get stuck. Holds no state.
 */
#include "gateway/spool_folders.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a new folder: its group may be the other program's. */
#define FOLDER_MODE 02770

static const char *const our_folders[] = {
	SPOOL_TAKEN, SPOOL_KNOWN, SPOOL_REFUSED, SPOOL_DRAFT, SPOOL_GIVEN};

const char *spool_path(struct arena *a, struct str folder, struct str name)
{
	return arena_printf(
		a, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(name))
		.p;
}

const char *spool_our_path(struct arena *a, const struct provider_folders *f,
	const char *which, struct str name)
{
	return arena_printf(a, STR_FMT "/%s%s" STR_FMT, STR_ARG(f->ours), which,
		name.n > 0 ? "/" : "", STR_ARG(name))
		.p;
}

/* A folder as it is; absent ones have no fault. */
struct look {
	const struct channel *channel;
	struct arena *arena;
	struct diags *d;
	dev_t dev; /* of the first one; 0: none yet */
};

static int fault(const struct look *l, const char *path, const char *what)
{
	return node_error(l->channel->config->node, l->d,
		"channel " STR_FMT ": %s: %s", STR_ARG(l->channel->name), path,
		what);
}

static int check_folder(struct look *l, struct str folder)
{
	const char *path;
	struct stat st;

	if (folder.n == 0)
		return 0;
	path = arena_z(l->arena, folder);
	if (stat(path, &st) != 0)
		return fault(l, path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return fault(l, path, "is no folder");
	if (access(path, R_OK | W_OK | X_OK) != 0)
		return fault(l, path,
			"we may not move files in it; put our user into its "
			"group, and let the group write");
	if ((st.st_mode & S_ISVTX) != 0 && st.st_uid != geteuid() &&
		geteuid() != 0)
		return fault(l, path,
			"has the sticky bit, so we may not move another's "
			"files; chmod -t, or run as its owner");
	if (l->dev != 0 && l->dev != st.st_dev)
		return fault(l, path,
			"is on another file system; all folders must be on "
			"one");
	l->dev = st.st_dev;
	return 0;
}

int spool_check(const struct channel *c, struct arena *a, struct diags *d)
{
	struct look l = {.channel = c, .arena = a, .d = d};
	struct provider_folders f = {0};
	struct stat st;
	int rc = 0;

	if (c->provider->spool == NULL)
		return 0;
	c->provider->spool->folders(c->state, &f);
	for (size_t i = 0; i < PROVIDER_FILE_KIND_N; i++)
		rc |= check_folder(&l, f.in[i]);
	rc |= check_folder(&l, f.out);
	/* Not there: it will be made. */
	if (stat(arena_z(a, f.ours), &st) == 0)
		rc |= check_folder(&l, f.ours);
	return rc;
}

/* 1: made, 0: it was there. */
static int make(const char *path, struct err *err)
{
	if (mkdir(path, FOLDER_MODE) == 0)
		return 1;
	return errno == EEXIST ? 0
			       : err_set(err, "%s: %s", path, strerror(errno));
}

int spool_prepare(
	const struct provider_folders *f, struct arena *a, struct err *err)
{
	size_t n = sizeof(our_folders) / sizeof(our_folders[0]);
	const char *top = arena_z(a, f->ours);
	int made = make(top, err);

	for (size_t i = 0; i < n && made >= 0; i++) {
		int rc = make(
			spool_our_path(a, f, our_folders[i], STR("")), err);

		made = rc < 0 ? rc : made + rc;
	}
	return made > 0 ? spool_sync(top, err) : made;
}

int spool_sync(const char *folder, struct err *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int no = fd < 0 || fsync(fd) != 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return no != 0 ? err_set(err, "%s: %s", folder, strerror(no)) : 0;
}
