/*
 * control: whatever a client of the Unix socket sends, it is answered with
 * one frame, or closed, and the server is as before. Commands that would
 * write are left out: they run on another thread.
 */
#include "tests/fuzz/fuzz.h"

#include "gateway/commands/command.h"
#include "gateway/control.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX 65536
#define TURNS_MAX 10000

static struct rig {
	struct event_base *base;
	struct control_env env;
	struct control *control;
	char dir[40], path[64];
	char answer[ANSWER_MAX];
} rig;

static void clean_up(void)
{
	control_free(rig.control);
	event_base_free(rig.base);
	rmdir(rig.dir);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err;

	(void)argc;
	(void)argv;
	snprintf(rig.dir, sizeof(rig.dir), "/tmp/bantin-fuzz-XXXXXX");
	MUST(mkdtemp(rig.dir) != NULL);
	snprintf(rig.path, sizeof(rig.path), "%s/x.sock", rig.dir);
	rig.base = event_base_new();
	rig.env.base = rig.base;
	rig.env.clock = &clock_system;
	rig.control = control_new(rig.path, &rig.env, &err);
	MUST(rig.control != NULL);
	atexit(clean_up);
	return 0;
}

static int dial(void)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", rig.path);
	MUST(fd >= 0);
	MUST(connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0);
	return fd;
}

/* Until the server closes: what it said. */
static struct str listen_to(int fd)
{
	size_t n = 0;

	for (int i = 0; i < TURNS_MAX; i++) {
		ssize_t got = recv(fd, rig.answer + n, ANSWER_MAX - n, 0);

		if (got == 0 || (got < 0 && errno == ECONNRESET))
			return (struct str){rig.answer, n};
		MUST(got > 0 || errno == EAGAIN);
		n += got > 0 ? (size_t)got : 0;
		event_base_loop(rig.base, EVLOOP_NONBLOCK);
	}
	abort(); /* it never closes */
}

static void check_answer(struct str answer)
{
	struct str rest = answer, line;
	struct jdoc *doc;
	struct err err;
	int64_t n;

	if (answer.n == 0)
		return;
	MUST(str_next(&rest, '\n', &line) && rest.p != NULL);
	MUST(str_to_i64(line, &n) == 0 && (size_t)n == rest.n);
	doc = jdoc_parse(rest, &err);
	MUST(doc != NULL && jdoc_at(doc, "error") != NULL);
	jdoc_free(doc);
}

static bool would_write(struct str text)
{
	for (size_t i = 0; i < command_table_n; i++)
		if (command_table[i]->apply != NULL &&
			str_find(text, str_of(command_table[i]->name), 0) >= 0)
			return true;
	/* A name may be spelt with escapes. */
	return str_find(text, STR("\\"), 0) >= 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = fuzz_text(data, n);
	int fd;

	if (would_write(text))
		return 0;
	fd = dial();
	(void)!send(fd, text.p, text.n, MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	check_answer(listen_to(fd));
	close(fd);
	return 0;
}
