/*
 * control: frames whole, broken and halved, and a command that writes. A real
 * Unix socket and a real writer; the test turns the loop.
 */
#include "gateway/control.h"

#include "gateway/base/clock.h"
#include "gateway/store/outbox.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SEND                                                                   \
	"{\"command\":\"send\",\"to\":\"+84900000007\",\"text\":\"xin chao\"}"
#define CLIENTS_MAX 16 /* as in control.c */

struct rig {
	char dir[40], path[64];
	struct event_base *base;
	struct metrics metrics;
	struct mailbox *out;
	struct writer *writer;
	struct settings *set;
	struct control_env env;
	struct control *control;
	int written;
	bool hold;     /* leave finished jobs where they are */
	char in[4096]; /* the last answer */
};

static void on_written(void *arg)
{
	((struct rig *)arg)->written++;
}

static struct settings *settings_with(const char *channels)
{
	struct diags *d = diags_new();
	char text[512];
	struct settings *s;

	snprintf(text, sizeof(text), "database: x.db\nchannels:\n%s", channels);
	s = settings_load_text(STR("test.yaml"), str_of(text), d);
	diags_free(d);
	assert_non_null(s);
	return s;
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct err err = {""};

	alarm(60);
	snprintf(r->dir, sizeof(r->dir), "/tmp/bantin-control-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->path, sizeof(r->path), "%s/x.sock", r->dir);
	r->base = event_base_new();
	r->out = mailbox_new(8);
	r->writer = writer_start(store_open(NULL, STORE_MEMORY, &err),
		&(struct writer_options){
			.mailbox = 2,
			.batch_max = 4,
			.out = r->out,
			.metrics = &r->metrics,
		});
	r->set = settings_with("  - {name: demo, provider: console, "
			       "token: 0123456789abcdef0123456789abcdef}\n");
	r->env = (struct control_env){
		.base = r->base,
		.writer = r->writer,
		.settings = r->set,
		.clock = &clock_system,
		.written = on_written,
		.arg = r,
	};
	r->control = control_new(r->path, &r->env, &err);
	assert_string_equal(err.text, "");
	assert_non_null(r->control);
	*state = r;
	return 0;
}

static void collect(struct rig *r)
{
	struct mail *next;

	for (struct mail *m = mailbox_take(r->out); m != NULL; m = next) {
		next = m->next;
		job_finish((struct job *)m);
	}
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	writer_stop(r->writer);
	collect(r);
	control_free(r->control);
	writer_free(r->writer);
	settings_unref(r->set);
	mailbox_free(r->out);
	event_base_free(r->base);
	assert_int_equal(access(r->path, F_OK), -1); /* it removes it */
	assert_int_equal(rmdir(r->dir), 0);
	test_free(r);
	alarm(0);
	return 0;
}

static void turn(struct rig *r)
{
	event_base_loop(r->base, EVLOOP_NONBLOCK);
	if (!r->hold)
		collect(r);
}

static int dial(struct rig *r)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", r->path);
	assert_true(fd >= 0);
	while (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		assert_int_equal(errno, EAGAIN); /* the backlog is full */
		turn(r);
	}
	return fd;
}

static void put(int fd, const char *z)
{
	assert_int_equal(send(fd, z, strlen(z), MSG_NOSIGNAL), strlen(z));
}

/* Sends a frame of its true length. */
static void put_frame(int fd, const char *json)
{
	char head[32];

	snprintf(head, sizeof(head), "%zu\n", strlen(json));
	put(fd, head);
	put(fd, json);
}

/* Until the server closes; what it said, without its length line. */
static const char *answer(struct rig *r, int fd)
{
	size_t n = 0;
	ssize_t got;
	const char *body;

	for (;;) {
		got = recv(fd, r->in + n, sizeof(r->in) - 1 - n, 0);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			break;
		if (got > 0)
			n += (size_t)got;
		turn(r);
	}
	close(fd);
	r->in[n] = '\0';
	body = strchr(r->in, '\n');
	if (body == NULL)
		return r->in;
	assert_int_equal(strtol(r->in, NULL, 10), strlen(body + 1));
	return body + 1;
}

static const char *ask(struct rig *r, const char *json)
{
	int fd = dial(r);

	put_frame(fd, json);
	return answer(r, fd);
}

static int on_count(struct job *j, struct store *s)
{
	struct outbox_counts c;

	(void)j;
	return outbox_counts(s, &c) == 0 && c.by_state[OUTBOX_QUEUED] == 1 ? 0
									   : -1;
}

static void on_counted(struct job *j)
{
	(void)j;
}

/* The writer's own database holds exactly one queued row. */
static bool one_row(struct rig *r)
{
	struct job j = {.run = on_count, .done = on_counted};

	assert_int_equal(writer_post(r->writer, &j), 0);
	while (writer_outstanding(r->writer) > 0)
		turn(r);
	return j.status == JOB_OK;
}

static void a_command_writes(void **state)
{
	struct rig *r = *state;
	struct stat st;

	assert_string_equal(ask(r, SEND), "{\"outbox\":1,\"segments\":1}");
	assert_int_equal(r->written, 1);
	assert_true(one_row(r));
	assert_int_equal(stat(r->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_frame_may_come_in_crumbs(void **state)
{
	struct rig *r = *state;
	char frame[256];
	int fd = dial(r);

	snprintf(frame, sizeof(frame), "%zu\n%s", strlen(SEND), SEND);
	for (size_t i = 0; frame[i] != '\0'; i++) {
		turn(r);
		assert_int_equal(writer_outstanding(r->writer), 0);
		assert_int_equal(send(fd, frame + i, 1, MSG_NOSIGNAL), 1);
	}
	assert_string_equal(answer(r, fd), "{\"outbox\":1,\"segments\":1}");
}

/* One request a connection: what follows it is nobody's. */
static void what_follows_a_frame_is_ignored(void **state)
{
	struct rig *r = *state;
	int fd = dial(r);

	put_frame(fd, SEND);
	put_frame(fd, SEND);
	assert_string_equal(answer(r, fd), "{\"outbox\":1,\"segments\":1}");
	assert_true(one_row(r));
}

static void lengths_that_are_none_are_refused(void **state)
{
	static const char *const head[] = {"abc\n{}", "\n{}", "0\n", "-5\n{}",
		"1.5\n{}", "134217729\n{}", "99999999999999999999\n{}",
		"1234567890123", "2 \n{}", "0x2\n{}"};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++) {
		int fd = dial(r);

		put(fd, head[i]);
		assert_non_null(strstr(answer(r, fd), "{\"error\":\"not a"));
	}
	assert_int_equal(r->written, 0);
}

static void requests_that_are_none_are_refused(void **state)
{
	static const char *const json[] = {"{", "[]", "17", "{}", "\"send\"",
		"{\"command\":17}", "{\"command\":\"nobody\"}",
		"{\"command\":\"\"}", "{\"command\":\"version\"}",
		"{\"command\":\"serve\"}", "\xff\xfe"};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(json) / sizeof(json[0]); i++)
		assert_memory_equal(ask(r, json[i]), "{\"error\":\"", 10);
	assert_int_equal(r->written, 0);
	assert_string_equal(ask(r, SEND), "{\"outbox\":1,\"segments\":1}");
}

static void a_refusal_stores_nothing(void **state)
{
	struct rig *r = *state;
	struct settings *mute = settings_with(
		"  - {name: demo, provider: generic, "
		"token: 0123456789abcdef0123456789abcdef,\n"
		"     inbound: {source: json, id: id, from: from, to: to, "
		"text: text}}\n");

	r->env.settings = mute; /* a reload */
	assert_string_equal(ask(r, SEND),
		"{\"error\":\"no channel of the configuration can send "
		"to that number\"}");
	assert_int_equal(r->written, 0);
	assert_false(one_row(r));
	r->env.settings = r->set;
	settings_unref(mute);
}

/* Under the sanitizer: half a frame and a hang-up leave nothing behind. */
static void who_hangs_up_is_forgotten(void **state)
{
	static const char *const half[] = {"", "5", "50\n", "50\n{\"command\""};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(half) / sizeof(half[0]); i++) {
		for (int k = 0; k < CLIENTS_MAX + 1; k++) {
			int fd = dial(r);

			put(fd, half[i]);
			turn(r);
			close(fd);
			turn(r);
		}
	}
	assert_string_equal(ask(r, SEND), "{\"outbox\":1,\"segments\":1}");
}

/* Its command is written all the same: it was whole. */
static void who_hangs_up_while_it_runs_is_served(void **state)
{
	struct rig *r = *state;
	int fd = dial(r);

	r->hold = true;
	put_frame(fd, SEND);
	while (writer_outstanding(r->writer) == 0)
		turn(r);
	close(fd);
	for (int i = 0; i < 10; i++)
		turn(r);
	r->hold = false;
	while (writer_outstanding(r->writer) > 0)
		turn(r);
	assert_int_equal(r->written, 1);
	assert_true(one_row(r));
}

static void a_full_writer_is_said(void **state)
{
	struct rig *r = *state;
	int fd[3];

	r->hold = true; /* room for two that nobody collects */
	for (int i = 0; i < 2; i++) {
		fd[i] = dial(r);
		put_frame(fd[i], SEND);
		while (writer_outstanding(r->writer) <= (size_t)i)
			turn(r);
	}
	assert_string_equal(ask(r, SEND), "{\"error\":\"busy; try again\"}");
	r->hold = false;
	assert_non_null(strstr(answer(r, fd[0]), "\"outbox\":1"));
	assert_non_null(strstr(answer(r, fd[1]), "\"outbox\":2"));
}

static void clients_are_bounded(void **state)
{
	struct rig *r = *state;
	int fd[CLIENTS_MAX], late;

	for (int i = 0; i < CLIENTS_MAX; i++) {
		fd[i] = dial(r);
		put(fd[i], "5");
		turn(r);
	}
	late = dial(r);
	assert_string_equal(answer(r, late), ""); /* closed at once */
	close(fd[0]);
	turn(r);
	assert_string_equal(ask(r, SEND), "{\"outbox\":1,\"segments\":1}");
	for (int i = 1; i < CLIENTS_MAX; i++)
		close(fd[i]); /* the server learns of it, or is freed first */
}

struct asker {
	const char *path;
	struct jdoc *answer;
	struct err err;
	atomic_bool done;
};

static void *ask_blocking(void *arg)
{
	struct asker *a = arg;
	struct jdoc *q = jdoc_object();

	jdoc_set_str(q, "command", STR("send"));
	jdoc_set_str(q, "to", STR("+84900000007"));
	jdoc_set_str(q, "text", STR("xin chao"));
	a->answer = control_ask(a->path, q, 0, &a->err);
	jdoc_free(q);
	atomic_store(&a->done, true);
	return NULL;
}

static void both_sides_understand_each_other(void **state)
{
	struct rig *r = *state;
	struct asker a = {.path = r->path};
	int64_t id = 0;
	pthread_t t;

	assert_int_equal(pthread_create(&t, NULL, ask_blocking, &a), 0);
	while (!atomic_load(&a.done))
		turn(r);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_non_null(a.answer);
	assert_true(jdoc_int(jdoc_at(a.answer, "outbox"), &id));
	assert_int_equal(id, 1);
	jdoc_free(a.answer);
}

static void nobody_there_is_said(void **state)
{
	struct rig *r = *state;
	struct asker a = {.path = "/nonexistent/x.sock"};
	char longer[200];
	struct err err = {""};

	ask_blocking(&a);
	assert_null(a.answer);
	assert_non_null(strstr(a.err.text, "/nonexistent/x.sock"));
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	a.path = longer;
	ask_blocking(&a);
	assert_null(a.answer);
	assert_non_null(strstr(a.err.text, "too long"));
	assert_null(control_new(longer, &r->env, &err));
	assert_non_null(strstr(err.text, "too long"));
	assert_null(control_new("/nonexistent/x.sock", &r->env, &err));
	assert_non_null(strstr(err.text, "/nonexistent/x.sock"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	/* As the engine does: a hang-up is an error of write(2). */
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	const struct CMUnitTest tests[] = {
		TEST(a_command_writes),
		TEST(a_frame_may_come_in_crumbs),
		TEST(what_follows_a_frame_is_ignored),
		TEST(lengths_that_are_none_are_refused),
		TEST(requests_that_are_none_are_refused),
		TEST(a_refusal_stores_nothing),
		TEST(who_hangs_up_is_forgotten),
		TEST(who_hangs_up_while_it_runs_is_served),
		TEST(a_full_writer_is_said),
		TEST(clients_are_bounded),
		TEST(both_sides_understand_each_other),
		TEST(nobody_there_is_said),
	};

	sigaction(SIGPIPE, &ignore, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
