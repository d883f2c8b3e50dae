/*
 * fetch - HTTP out: what did the provider answer?
 *
 * curl multi driven by libevent: curl names the sockets and the timer, the
 * loop reports their events. No curl_multi function is called from inside a
 * curl callback; a finished transfer is found again by its handle. Certificates
 * are verified, redirects and proxies are not followed, an answer's body has a
 * ceiling.
 */
#include "gateway/fetch.h"

#include "gateway/base/buf.h"
#include "gateway/base/log.h"

#include <assert.h>
#include <curl/curl.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* An idle connection is not used again: the other side may be closing it just
 * then, and what was sent into it is in doubt. Node's servers close theirs
 * after 5 seconds, the soonest of those that are common. */
#define KEEP_IDLE_S 4L
#define PORTS 65536

struct transfer {
	struct transfer *next, **prev;
	struct fetch *fetch;
	CURL *easy;
	struct curl_slist *headers;
	struct buf request, answer;
	int64_t id;
	fetch_done *done;
	void *arg;
	bool fresh; /* not on a kept connection */
	char error[CURL_ERROR_SIZE];
};

struct fetch {
	struct event_base *base;
	CURLM *multi;
	struct event *timer;
	struct transfer *transfers;
	size_t under_way;
	long timeout_s;
	curl_socket_t kept[PORTS]; /* by its port of ours; 0: none */
};

static void transfer_free(struct transfer *t)
{
	curl_multi_remove_handle(t->fetch->multi, t->easy);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	buf_release(&t->request);
	buf_release(&t->answer);
	free(t);
}

static void unlink_transfer(struct transfer *t)
{
	*t->prev = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
	t->fetch->under_way--;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	buf_put(&t->answer, (struct str){p, size * n});
	/* Past the ceiling nobody listens: the status counts. */
	return t->answer.over ? 0 : size * n;
}

static bool has_left(const struct transfer *t)
{
	long sent = 0;

	curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent > 0;
}

/*
 * A kept connection on which something waits before we asked: a farewell, or
 * an answer too many, which curl would take for that to our request. Of two
 * connections with the same port of ours, to two servers, one is asked for
 * the other: at worst that costs a new connection, or this check.
 */
static bool is_stale(const struct transfer *t, int own_port)
{
	long fresh = 0;
	int fd = 0;
	char c;

	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &fresh);
	if (fresh == 0 && own_port > 0 && own_port < PORTS)
		fd = t->fetch->kept[own_port];
	return fd > 0 && recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

/* It may be kept: while a transfer is under way curl does not tell which
 * socket it has. */
static void note_socket(const struct transfer *t)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	long port = 0;

	curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd);
	curl_easy_getinfo(t->easy, CURLINFO_LOCAL_PORT, &port);
	if (port > 0 && port < PORTS)
		t->fetch->kept[port] = fd;
}

/*
 * Before each request, also when curl repeats by itself one that went into a
 * kept connection and brought no byte back. It may have been read.
 */
static int on_request(void *arg, char *ip, char *own_ip, int port, int own_port)
{
	const struct transfer *t = arg;

	(void)ip;
	(void)own_ip;
	(void)port;
	return has_left(t) || is_stale(t, own_port) ? CURL_PREREQFUNC_ABORT
						    : CURL_PREREQFUNC_OK;
}

static struct str header_of(CURL *easy, const char *name)
{
	struct curl_header *h;

	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
		return (struct str){NULL, 0};
	return str_of(h->value);
}

/* curl's sentence, and where it is about trust what that means. */
static void say_why(
	const struct transfer *t, CURLcode code, char *says, size_t size)
{
	const char *z =
		t->error[0] != '\0' ? t->error : curl_easy_strerror(code);

	if (code == CURLE_ABORTED_BY_CALLBACK)
		z = "the connection was closed before an answer came";
	snprintf(says, size, "%s%s",
		code == CURLE_PEER_FAILED_VERIFICATION
			? "its certificate is not trusted: "
			: "",
		z);
}

static void report(struct transfer *t, CURLcode code)
{
	struct provider_response r = {.body = buf_str(&t->answer)};
	long status = 0;
	char says[CURL_ERROR_SIZE + 64];
	struct str why = {NULL, 0};

	/* We hung up ourselves. */
	if (code == CURLE_WRITE_ERROR && t->answer.over)
		code = CURLE_OK;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200) { /* not an interim one */
		r.status = (int)status;
		r.content_type = header_of(t->easy, "Content-Type");
		r.retry_after = header_of(t->easy, "Retry-After");
		r.rate_reset = header_of(t->easy, "X-Rate-Limit-Reset");
	}
	if (code != CURLE_OK) {
		say_why(t, code, says, sizeof(says));
		why = str_of(says);
	}
	/* Whatever went wrong: a name, a connect that timed out, a handshake.
	 */
	t->done(t->arg, t->id, &r, !has_left(t), why);
}

/* By its handle, among the few that are under way: nothing that curl carries
 * for us can outlive what it points to. */
static struct transfer *transfer_of(struct fetch *f, const CURL *easy)
{
	struct transfer *t = f->transfers;

	while (t != NULL && t->easy != easy)
		t = t->next;
	return t;
}

/* The connection was stale and nothing has left: once more, on a new one. */
static bool again(struct transfer *t, CURLcode code)
{
	if (code != CURLE_ABORTED_BY_CALLBACK || t->fresh || has_left(t))
		return false;
	t->fresh = true;
	curl_multi_remove_handle(t->fetch->multi, t->easy);
	curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
	return curl_multi_add_handle(t->fetch->multi, t->easy) == CURLM_OK;
}

static void take_finished(struct fetch *f)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
		struct transfer *t = transfer_of(f, m->easy_handle);
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		assert(t != NULL);
		if (again(t, code))
			continue;
		note_socket(t);
		report(t, code);
		unlink_transfer(t);
		transfer_free(t);
	}
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int mask = (what & EV_READ ? CURL_CSELECT_IN : 0) |
		   (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
	int running;

	curl_multi_socket_action(f->multi, fd, mask, &running);
	take_finished(f);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	take_finished(f);
}

/* curl: watch this socket from now on, or no longer. */
static int on_watch(
	CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct fetch *f = arg;
	struct event *ev = socket_arg;
	short mask = EV_PERSIST;

	(void)easy;
	if (ev != NULL)
		event_free(ev);
	curl_multi_assign(f->multi, fd, NULL);
	if (what == CURL_POLL_REMOVE)
		return 0;
	if (what & CURL_POLL_IN)
		mask |= EV_READ;
	if (what & CURL_POLL_OUT)
		mask |= EV_WRITE;
	ev = event_new(f->base, fd, mask, on_socket, f);
	assert(ev != NULL);
	event_add(ev, NULL);
	curl_multi_assign(f->multi, fd, ev);
	return 0;
}

/* curl: call me in this many milliseconds; -1: not at all. */
static int on_when(CURLM *multi, long timeout_ms, void *arg)
{
	struct fetch *f = arg;
	struct timeval tv = {
		.tv_sec = timeout_ms / 1000,
		.tv_usec = timeout_ms % 1000 * 1000,
	};

	(void)multi;
	if (timeout_ms < 0)
		event_del(f->timer);
	else
		event_add(f->timer, &tv);
	return 0;
}

struct fetch *fetch_new(struct event_base *base, int64_t timeout_s)
{
	struct fetch *f = calloc(1, sizeof(*f));

	assert(f != NULL);
	f->base = base;
	f->timeout_s = (long)timeout_s;
	f->multi = curl_multi_init();
	f->timer = event_new(base, -1, 0, on_timer, f);
	assert(f->multi != NULL && f->timer != NULL);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, on_when);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
	return f;
}

void fetch_timeout(struct fetch *f, int64_t timeout_s)
{
	f->timeout_s = (long)timeout_s;
}

void fetch_free(struct fetch *f)
{
	for (struct transfer *t = f->transfers, *next; t != NULL; t = next) {
		next = t->next;
		transfer_free(t);
	}
	curl_multi_cleanup(f->multi);
	event_free(f->timer);
	free(f);
}

static void add_header(struct transfer *t, struct str name, struct str value)
{
	struct buf line;

	buf_init(&line, 8192);
	buf_put(&line, name);
	buf_putz(&line, ": ");
	buf_put(&line, value);
	t->headers = curl_slist_append(t->headers, buf_z(&line));
	buf_release(&line);
}

static void set_login(CURL *easy, const struct provider_call *call)
{
	struct buf b;

	if (call->username.p == NULL)
		return;
	buf_init(&b, 1024);
	buf_put(&b, call->username);
	curl_easy_setopt(easy, CURLOPT_USERNAME, buf_z(&b));
	buf_clear(&b);
	buf_put(&b, call->password);
	curl_easy_setopt(easy, CURLOPT_PASSWORD, buf_z(&b));
	curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	buf_release(&b);
}

static void set_body(struct transfer *t, const struct provider_call *call)
{
	CURL *easy = t->easy;

	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
	if (call->content_type.p == NULL)
		return;
	buf_put(&t->request, call->body);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, buf_z(&t->request));
	curl_easy_setopt(
		easy, CURLOPT_POSTFIELDSIZE, (long)buf_str(&t->request).n);
	add_header(t, STR("Content-Type"), call->content_type);
	/* No "Expect: 100-continue": it costs a round trip for nothing. */
	t->headers = curl_slist_append(t->headers, "Expect:");
}

/*
 * Whom do we believe? Certificates are verified always. No proxy: what the
 * environment says of one is for other programs, and a phone in the local
 * network would silently be asked through it.
 */
static void set_trust(CURL *easy, struct str ca)
{
	struct curl_blob pem = {
		.data = (void *)ca.p,
		.len = ca.n,
		.flags = CURL_BLOB_COPY,
	};

	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(
		easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	if (ca.n > 0)
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &pem);
}

/* False: the URL or the body is larger than any provider takes. */
static bool set_up(struct transfer *t, const struct provider_call *call)
{
	CURL *easy = t->easy;
	struct buf url;
	bool fits;

	buf_init(&url, 65536);
	buf_put(&url, call->url);
	fits = !url.over;
	curl_easy_setopt(easy, CURLOPT_URL, buf_z(&url));
	buf_release(&url);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	/* 2 and 3 repeat requests, too, at their server's word. */
	curl_easy_setopt(
		easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, KEEP_IDLE_S);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, t->fetch->timeout_s);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "bantin/" BANTIN_VERSION);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
	set_trust(easy, call->ca);
	set_login(easy, call);
	set_body(t, call);
	for (size_t i = 0; i < call->headers_n; i++)
		add_header(t, call->headers[i].name, call->headers[i].value);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, t->headers);
	return fits && !t->request.over;
}

int fetch_start(struct fetch *f, const struct provider_call *call, int64_t id,
	fetch_done *done, void *arg)
{
	struct transfer *t = calloc(1, sizeof(*t));
	bool fits;

	assert(t != NULL);
	t->easy = curl_easy_init();
	assert(t->easy != NULL);
	t->fetch = f;
	t->id = id;
	t->done = done;
	t->arg = arg;
	buf_init(&t->request, (size_t)1 << 20);
	buf_init(&t->answer, FETCH_BODY_MAX);
	t->next = f->transfers;
	t->prev = &f->transfers;
	if (t->next != NULL)
		t->next->prev = &t->next;
	f->transfers = t;
	f->under_way++;
	fits = set_up(t, call);
	if (fits && curl_multi_add_handle(f->multi, t->easy) == CURLM_OK)
		return 0;
	unlink_transfer(t);
	transfer_free(t);
	return -1;
}

size_t fetch_under_way(const struct fetch *f)
{
	return f->under_way;
}
