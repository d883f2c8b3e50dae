/*
 * control - a command wants something written while `serve` runs: how?
 *
 * Listens on the Unix socket, reads one framed request, runs the command's
 * apply() as a writer job, answers when its commit is certain. Only the
 * socket's owner can connect (0600). Loop thread, but for the job's run.
 */
#include "gateway/control.h"

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/commands/command.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS_MAX 16
#define CLIENT_TIMEOUT_S 60
#define LENGTH_DIGITS_MAX 12

struct control {
	struct control_env *env;
	struct evconnlistener *listener;
	struct client *clients;
	size_t clients_n;
	char path[108];
};

struct client {
	struct job job; /* first */
	struct client *next, **prev;
	struct control *control; /* NULL: it is gone */
	struct bufferevent *bev; /* NULL: the peer is gone */
	struct settings *settings;
	const struct command *command;
	struct jdoc *request, *answer;
	int64_t now_ms;
	int64_t length; /* of the frame; -1: not yet read */
	bool running;
};

static void client_free(struct client *c)
{
	if (c->control != NULL) {
		*c->prev = c->next;
		if (c->next != NULL)
			c->next->prev = c->prev;
		c->control->clients_n--;
	}
	if (c->bev != NULL)
		bufferevent_free(c->bev);
	jdoc_free(c->request);
	jdoc_free(c->answer);
	settings_unref(c->settings);
	free(c);
}

static void send_frame(struct client *c)
{
	struct evbuffer *out;
	struct buf b;

	if (c->bev == NULL)
		return;
	out = bufferevent_get_output(c->bev);
	buf_init(&b, CONTROL_FRAME_MAX);
	jdoc_write(c->answer, &b);
	evbuffer_add_printf(out, "%zu\n", buf_str(&b).n);
	evbuffer_add(out, buf_str(&b).p, buf_str(&b).n);
	buf_release(&b);
}

static void answer_error(struct client *c, const char *why)
{
	jdoc_free(c->answer);
	c->answer = jdoc_object();
	jdoc_set_str(c->answer, "error", str_of(why));
	send_frame(c);
}

static int on_run(struct job *j, struct store *s)
{
	struct client *c = (struct client *)j;

	jdoc_free(c->answer);
	c->answer = jdoc_object();
	return c->command->apply(
		s, c->settings, c->request, c->now_ms, c->answer);
}

static void on_done(struct job *j)
{
	struct client *c = (struct client *)j;
	bool stored = j->status == JOB_OK;

	c->running = false;
	if (!stored && jdoc_at(c->answer, "error") == NULL)
		answer_error(c, "the database could not be written");
	else
		send_frame(c);
	if (stored && c->control != NULL)
		c->control->env->written(c->control->env->arg);
	if (c->bev == NULL || c->control == NULL)
		client_free(c);
}

/* Who asks, as the kernel knows it: what the audit says is no claim. */
static void set_uid(struct client *c)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	if (jdoc_is_object(c->request) &&
		getsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_PEERCRED,
			&peer, &n) == 0)
		jdoc_set_int(c->request, "uid", (int64_t)peer.uid);
}

static void run_request(struct client *c, struct str frame)
{
	struct control_env *env = c->control->env;
	struct err err;

	c->request = jdoc_parse(frame, &err);
	if (c->request == NULL) {
		answer_error(c, err.text);
		return;
	}
	if (str_is(jdoc_str(jdoc_at(c->request, "command")), "channels")) {
		c->answer = jdoc_object();
		env->channels(env->arg, c->answer);
		send_frame(c);
		return;
	}
	set_uid(c);
	c->command = command_find(jdoc_str(jdoc_at(c->request, "command")));
	if (c->command == NULL || c->command->apply == NULL) {
		answer_error(c, "no such command writes");
		return;
	}
	c->settings = settings_ref(env->settings);
	c->now_ms = clock_wall_ms(env->clock);
	c->job.run = on_run;
	c->job.done = on_done;
	if (writer_post(env->writer, &c->job) != 0)
		answer_error(c, "busy; try again");
	else
		c->running = true;
}

/* 1: the length line is read, 0: not yet there, -1: not one. */
static int read_length(struct client *c, struct evbuffer *in)
{
	size_t n;
	char *line = evbuffer_readln(in, &n, EVBUFFER_EOL_LF);
	int rc = -1;

	if (line == NULL)
		return evbuffer_get_length(in) > LENGTH_DIGITS_MAX ? -1 : 0;
	if (str_to_i64((struct str){line, n}, &c->length) == 0 &&
		c->length > 0 && (size_t)c->length <= CONTROL_FRAME_MAX)
		rc = 1;
	free(line);
	return rc;
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct client *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	if (c->running || c->answer != NULL)
		return;
	if (c->length < 0) {
		int rc = read_length(c, in);

		if (rc < 0)
			answer_error(c, "not a frame: LENGTH, newline, JSON");
		if (rc <= 0)
			return;
	}
	if (evbuffer_get_length(in) < (size_t)c->length)
		return;
	run_request(
		c, (struct str){(const char *)evbuffer_pullup(in, c->length),
			   (size_t)c->length});
	evbuffer_drain(in, (size_t)c->length);
}

static void on_written(struct bufferevent *bev, void *arg)
{
	struct client *c = arg;

	(void)bev;
	if (c->answer != NULL && !c->running)
		client_free(c);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct client *c = arg;

	/* It said all it has to say, and waits for the answer. */
	if (c->running && (what & BEV_EVENT_EOF))
		return;
	if (c->running) {
		bufferevent_free(bev);
		c->bev = NULL;
		return;
	}
	client_free(c);
}

static void on_accept(struct evconnlistener *l, evutil_socket_t fd,
	struct sockaddr *sa, int len, void *arg)
{
	static const struct timeval patience = {.tv_sec = CLIENT_TIMEOUT_S};
	struct control *ct = arg;
	struct client *c;

	(void)l;
	(void)sa;
	(void)len;
	if (ct->clients_n >= CLIENTS_MAX) {
		close(fd);
		return;
	}
	c = calloc(1, sizeof(*c));
	assert(c != NULL);
	c->control = ct;
	c->length = -1;
	c->bev = bufferevent_socket_new(
		ct->env->base, fd, BEV_OPT_CLOSE_ON_FREE);
	assert(c->bev != NULL);
	c->next = ct->clients;
	c->prev = &ct->clients;
	if (c->next != NULL)
		c->next->prev = &c->next;
	ct->clients = c;
	ct->clients_n++;
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_set_timeouts(c->bev, &patience, &patience);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

static int address_of(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(ret->sun_path))
		return -1;
	memcpy(ret->sun_path, path, strlen(path) + 1);
	return 0;
}

struct control *control_new(
	const char *path, struct control_env *env, struct err *err)
{
	struct sockaddr_un sa;
	struct control *c;
	mode_t mask;

	if (address_of(path, &sa) != 0) {
		err_set(err, "%s: the path is too long for a socket", path);
		return NULL;
	}
	c = calloc(1, sizeof(*c));
	assert(c != NULL);
	c->env = env;
	memcpy(c->path, sa.sun_path, sizeof(c->path));
	unlink(path); /* a crash leaves it; the lock says nobody else serves */
	mask = umask(0177);
	c->listener = evconnlistener_new_bind(env->base, on_accept, c,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, CLIENTS_MAX,
		(struct sockaddr *)&sa, sizeof(sa));
	umask(mask);
	if (c->listener != NULL)
		return c;
	err_set(err, "%s: %s", path, strerror(errno));
	free(c);
	return NULL;
}

void control_free(struct control *c)
{
	struct client *next;

	for (struct client *k = c->clients; k != NULL; k = next) {
		next = k->next;
		client_free(k);
	}
	evconnlistener_free(c->listener);
	unlink(c->path);
	free(c);
}

/* ---- the client's side ---- */

static int write_all(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		s = str_from(s, (size_t)n);
	}
	return 0;
}

static int read_all(int fd, struct buf *b)
{
	char chunk[65536];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		buf_put(b, (struct str){chunk, (size_t)n});
	}
	return b->over ? -1 : 0;
}

static struct jdoc *exchange(
	int fd, const struct jdoc *request, struct err *err)
{
	struct jdoc *answer = NULL;
	struct str rest, head;
	struct buf b, frame;

	buf_init(&b, CONTROL_FRAME_MAX + 64);
	buf_init(&frame, CONTROL_FRAME_MAX);
	jdoc_write(request, &frame);
	buf_putf(&b, "%zu\n", buf_str(&frame).n);
	buf_put(&b, buf_str(&frame));
	if (frame.over || b.over) {
		err_set(err, "the request is larger than 128 MiB");
	} else if (write_all(fd, buf_str(&b)) != 0) {
		err_set(err, "the running server hung up: %s", strerror(errno));
	} else {
		buf_clear(&b);
		if (read_all(fd, &b) != 0 || buf_str(&b).n == 0) {
			err_set(err, "the running server does not answer");
		} else {
			rest = buf_str(&b);
			str_next(&rest, '\n', &head);
			answer = jdoc_parse(rest, err);
		}
	}
	buf_release(&b);
	buf_release(&frame);
	return answer;
}

struct jdoc *control_ask(const char *path, const struct jdoc *request,
	int patience_s, struct err *err)
{
	struct timeval patience = {.tv_sec = patience_s};
	struct sockaddr_un sa;
	struct jdoc *answer = NULL;
	int fd;

	if (address_of(path, &sa) != 0) {
		err_set(err, "%s: the path is too long for a socket", path);
		return NULL;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			sizeof(patience)) != 0 ||
		connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		err_set(err, "%s: %s; is `bantin serve` running?", path,
			strerror(errno));
	else
		answer = exchange(fd, request, err);
	if (fd >= 0)
		close(fd);
	return answer;
}
