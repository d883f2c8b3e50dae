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

struct transfer {
	struct transfer *next, **prev;
	struct fetch *fetch;
	CURL *easy;
	struct curl_slist *headers;
	struct buf request, answer;
	int64_t id;
	fetch_done *done;
	void *arg;
	char error[CURL_ERROR_SIZE];
};

struct fetch {
	struct event_base *base;
	CURLM *multi;
	struct event *timer;
	struct transfer *transfers;
	size_t under_way;
	long timeout_s;
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
	/* Past the ceiling the rest is read and dropped: the status counts. */
	return size * n;
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

	snprintf(says, size, "%s%s",
		code == CURLE_PEER_FAILED_VERIFICATION
			? "its certificate is not trusted: "
			: "",
		z);
}

static void report(struct transfer *t, CURLcode code)
{
	struct provider_response r = {.body = buf_str(&t->answer)};
	long status = 0, sent = 0;
	char says[CURL_ERROR_SIZE + 64];
	struct str why = {NULL, 0};

	if (code == CURLE_OK) {
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
		r.status = (int)status;
		r.content_type = header_of(t->easy, "Content-Type");
		r.retry_after = header_of(t->easy, "Retry-After");
	} else {
		say_why(t, code, says, sizeof(says));
		why = str_of(says);
	}
	/* Whatever went wrong: a name, a connect that timed out, a handshake.
	 */
	curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &sent);
	t->done(t->arg, t->id, &r, sent == 0, why);
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
