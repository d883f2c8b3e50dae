/*
 * fetch: what a provider answered, or why it did not. Against a small server
 * of our own on the same loop.
 */
#include "gateway/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TIMEOUT_S 1
#define PEERS_MAX 16

struct rig {
	struct event_base *base;
	struct evconnlistener *listener;
	struct bufferevent *peer[PEERS_MAX];
	size_t peers;
	char url[64];
	struct fetch *fetch;
	/* What the server says; NULL: nothing, ever. */
	const char *head;
	size_t body_n; /* that many x behind it */
	bool hang_up;  /* at once, when the request is there */
	int asked;     /* whole requests that came */
	char request[4096];
	/* What fetch reported. */
	int done;
	int64_t id, ids;
	int status;
	bool before_sent;
	char why[256], content_type[64], retry_after[64];
	size_t answer_n;
	char answer[64];
};

static void on_read(struct bufferevent *bev, void *arg)
{
	static const char xs[65536];
	struct rig *r = arg;
	struct evbuffer *out = bufferevent_get_output(bev);
	size_t n = strlen(r->request);

	n += bufferevent_read(bev, r->request + n, sizeof(r->request) - 1 - n);
	r->request[n] = '\0';
	r->asked += strstr(r->request, "\r\n\r\n") != NULL;
	if (r->hang_up) {
		shutdown(bufferevent_getfd(bev), SHUT_RDWR);
		return;
	}
	/* A whole request of these tests ends so. */
	if (r->head == NULL || strstr(r->request, "\r\n\r\n") == NULL)
		return;
	evbuffer_add(out, r->head, strlen(r->head));
	for (size_t left = r->body_n; left > 0;) {
		size_t k = left < sizeof(xs) ? left : sizeof(xs);

		evbuffer_add(out, xs, k);
		left -= k;
	}
}

static void on_accept(struct evconnlistener *l, evutil_socket_t fd,
	struct sockaddr *sa, int len, void *arg)
{
	struct rig *r = arg;
	struct bufferevent *bev =
		bufferevent_socket_new(r->base, fd, BEV_OPT_CLOSE_ON_FREE);

	(void)l;
	(void)sa;
	(void)len;
	assert_non_null(bev);
	assert_true(r->peers < PEERS_MAX);
	r->peer[r->peers++] = bev;
	bufferevent_setcb(bev, on_read, NULL, NULL, r);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct sockaddr_in sa = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);

	alarm(60);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	r->base = event_base_new();
	r->listener = evconnlistener_new_bind(r->base, on_accept, r,
		LEV_OPT_CLOSE_ON_FREE, 16, (struct sockaddr *)&sa, sizeof(sa));
	assert_non_null(r->listener);
	getsockname(evconnlistener_get_fd(r->listener), (struct sockaddr *)&sa,
		&len);
	snprintf(r->url, sizeof(r->url), "http://127.0.0.1:%u/send?a=1",
		ntohs(sa.sin_port));
	r->fetch = fetch_new(r->base, TIMEOUT_S);
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	if (r->fetch != NULL)
		fetch_free(r->fetch);
	while (r->peers > 0)
		bufferevent_free(r->peer[--r->peers]);
	if (r->listener != NULL)
		evconnlistener_free(r->listener);
	event_base_free(r->base);
	test_free(r);
	alarm(0);
	return 0;
}

#define NOTE(to, s) snprintf((to), sizeof(to), STR_FMT, STR_ARG(s))

static void on_fetched(void *arg, int64_t id, const struct provider_response *a,
	bool before_sent, struct str why)
{
	struct rig *r = arg;

	r->done++;
	r->id = id;
	r->ids += id;
	r->status = a->status;
	r->before_sent = before_sent;
	r->answer_n = a->body.n;
	NOTE(r->answer, a->body);
	NOTE(r->why, why);
	NOTE(r->content_type, a->content_type);
	NOTE(r->retry_after, a->retry_after);
}

/* Starts one and waits for its end. */
static void post(struct rig *r, const char *head, size_t body_n)
{
	char url[64], body[] = "{\"to\":\"+84900000007\"}";
	const struct provider_header extra = {STR("X-Key"), STR("k1")};
	struct provider_call call = {
		.method = "POST",
		.url = {url, strlen(r->url)},
		.content_type = STR("application/json"),
		.body = str_of(body),
		.username = STR("u"),
		.password = STR("p:1"),
		.headers = &extra,
		.headers_n = 1,
	};
	int before = r->done;

	snprintf(url, sizeof(url), "%s", r->url);
	r->head = head;
	r->body_n = body_n;
	r->request[0] = '\0';
	assert_int_equal(fetch_start(r->fetch, &call, 77, on_fetched, r), 0);
	/* The strings are copied, and done is never called from inside. */
	memset(body, '?', sizeof(body) - 1);
	memset(url, '?', sizeof(url) - 1);
	assert_int_equal(r->done, before);
	assert_int_equal(fetch_under_way(r->fetch), 1);
	while (r->done == before)
		event_base_loop(r->base, EVLOOP_ONCE);
	assert_int_equal(r->id, 77);
	assert_int_equal(fetch_under_way(r->fetch), 0);
}

static void an_answer_comes_back_whole(void **state)
{
	struct rig *r = *state;

	post(r,
		"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n"
		"Content-Length: 8\r\n\r\n{\"id\":1}",
		0);
	assert_int_equal(r->status, 202);
	assert_string_equal(r->answer, "{\"id\":1}");
	assert_string_equal(r->content_type, "application/json");
	assert_string_equal(r->retry_after, "");
	assert_false(r->before_sent);
	assert_memory_equal(r->request, "POST /send?a=1 HTTP/1.1\r\n", 25);
	assert_non_null(strstr(r->request, "\r\nX-Key: k1\r\n"));
	assert_non_null(
		strstr(r->request, "\r\nContent-Type: application/json\r\n"));
	/* base64 of u:p:1 */
	assert_non_null(
		strstr(r->request, "\r\nAuthorization: Basic dTpwOjE=\r\n"));
	assert_null(strstr(r->request, "Expect:"));
	assert_non_null(
		strstr(r->request, "\r\n\r\n{\"to\":\"+84900000007\"}"));
}

static void a_status_is_an_answer(void **state)
{
	struct rig *r = *state;

	post(r, "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nsick", 0);
	assert_int_equal(r->status, 500);
	assert_string_equal(r->answer, "sick");
	assert_false(r->before_sent);
	post(r,
		"HTTP/1.1 429 Slow\r\nretry-after: 17\r\n"
		"Content-Length: 0\r\n\r\n",
		0);
	assert_int_equal(r->status, 429);
	assert_string_equal(r->retry_after, "17");
	/* A redirect is told, not followed: the text would go elsewhere. */
	post(r,
		"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
		"Content-Length: 0\r\n\r\n",
		0);
	assert_int_equal(r->status, 302);
}

static void a_huge_body_is_capped(void **state)
{
	struct rig *r = *state;

	post(r, "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n", 5000000);
	assert_int_equal(r->status, 200);
	assert_true(r->answer_n <= FETCH_BODY_MAX);
}

static void refused_means_nothing_left(void **state)
{
	struct rig *r = *state;

	evconnlistener_free(r->listener);
	r->listener = NULL;
	post(r, NULL, 0);
	assert_int_equal(r->status, 0);
	assert_true(r->before_sent);
	assert_string_not_equal(r->why, "");
}

/* A listener whose backlog is full drops what else comes, as a provider does
 * that is off the net: nobody has to look after such a text. */
static void no_connection_means_nothing_left(void **state)
{
	struct rig *r = *state;
	struct sockaddr_in sa = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);
	int full = socket(AF_INET, SOCK_STREAM, 0), fd[4];

	assert_int_equal(bind(full, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(listen(full, 0), 0);
	getsockname(full, (struct sockaddr *)&sa, &len);
	for (int i = 0; i < 4; i++) {
		fd[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(fd[i], (struct sockaddr *)&sa, len);
	}
	snprintf(r->url, sizeof(r->url), "http://127.0.0.1:%u/",
		ntohs(sa.sin_port));
	post(r, NULL, 0);
	assert_int_equal(r->status, 0);
	assert_true(r->before_sent);
	for (int i = 0; i < 4; i++)
		close(fd[i]);
	close(full);
}

/* It had the request: it may have been sent. */
static void hanging_up_is_unknown(void **state)
{
	struct rig *r = *state;

	r->hang_up = true;
	post(r, NULL, 0);
	assert_int_equal(r->status, 0);
	assert_false(r->before_sent);
	assert_string_not_equal(r->why, "");
}

static void silence_ends_in_a_timeout(void **state)
{
	struct rig *r = *state;

	post(r, NULL, 0);
	assert_int_equal(r->status, 0);
	assert_false(r->before_sent);
	assert_string_not_equal(r->why, "");
	/* Half an answer: its status, and that it is not whole. */
	post(r, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 0);
	assert_int_equal(r->status, 200);
	assert_string_not_equal(r->why, "");
	assert_false(r->before_sent);
	/* An interim status is none. */
	post(r, "HTTP/1.1 103 Early Hints\r\n\r\n", 0);
	assert_int_equal(r->status, 0);
	assert_string_not_equal(r->why, "");
}

#define FINE "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* curl would repeat by itself what went into a kept connection. */
static void a_request_leaves_once(void **state)
{
	struct rig *r = *state;

	post(r, FINE, 0);
	assert_int_equal(r->status, 200);
	r->hang_up = true;
	post(r, NULL, 0);
	assert_int_equal(r->asked, 2);
	assert_int_equal(r->status, 0);
	assert_false(r->before_sent);
	assert_string_not_equal(r->why, "");
}

static void an_answer_too_many_is_nobodys(void **state)
{
	static const char stray[] =
		"HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n";
	struct rig *r = *state;

	post(r, FINE, 0);
	assert_int_equal(r->peers, 1);
	bufferevent_write(r->peer[0], stray, sizeof(stray) - 1);
	while (evbuffer_get_length(bufferevent_get_output(r->peer[0])) > 0)
		event_base_loop(r->base, EVLOOP_ONCE);
	post(r, FINE, 0);
	assert_int_equal(r->status, 200);
	assert_int_equal(r->peers, 2);
	assert_int_equal(r->asked, 2);
}

static void addresses_that_are_none_are_said(void **state)
{
	static const char *const url[] = {"", "nonsense", "file:///etc/passwd",
		"http://127.0.0.1:99999/"};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(url) / sizeof(url[0]); i++) {
		snprintf(r->url, sizeof(r->url), "%s", url[i]);
		post(r, NULL, 0);
		assert_int_equal(r->status, 0);
		assert_string_not_equal(r->why, "");
		/* Not a byte can have left. */
		assert_true(r->before_sent);
	}
}

static void many_run_beside_one_another(void **state)
{
	struct rig *r = *state;
	struct provider_call call = {.method = "GET", .url = str_of(r->url)};

	r->head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
		  "Connection: close\r\n\r\n";
	for (int64_t id = 1; id <= 8; id++)
		assert_int_equal(
			fetch_start(r->fetch, &call, id, on_fetched, r), 0);
	assert_int_equal(fetch_under_way(r->fetch), 8);
	while (r->done < 8) {
		r->request[0] = '\0';
		event_base_loop(r->base, EVLOOP_ONCE);
	}
	assert_int_equal(r->ids, 36);
	assert_int_equal(fetch_under_way(r->fetch), 0);
}

/* Under the sanitizer: nothing leaks, and done is not called. */
static void freeing_abandons(void **state)
{
	struct rig *r = *state;
	struct provider_call call = {.method = "GET", .url = str_of(r->url)};

	assert_int_equal(fetch_start(r->fetch, &call, 1, on_fetched, r), 0);
	while (r->request[0] == '\0')
		event_base_loop(r->base, EVLOOP_ONCE);
	assert_int_equal(fetch_start(r->fetch, &call, 2, on_fetched, r), 0);
	fetch_free(r->fetch);
	r->fetch = NULL;
	event_base_loop(r->base, EVLOOP_NONBLOCK);
	assert_int_equal(r->done, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_comes_back_whole),
		TEST(a_status_is_an_answer),
		TEST(a_huge_body_is_capped),
		TEST(refused_means_nothing_left),
		TEST(no_connection_means_nothing_left),
		TEST(hanging_up_is_unknown),
		TEST(silence_ends_in_a_timeout),
		TEST(a_request_leaves_once),
		TEST(an_answer_too_many_is_nobodys),
		TEST(addresses_that_are_none_are_said),
		TEST(many_run_beside_one_another),
		TEST(freeing_abandons),
	};

	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
