/*
 * http: what reaches the handler, answers given late, clients that go away,
 * and the cap on connections.
 */
#include "tests/unit/http_rig.h"

static void a_request_arrives_whole(void **state)
{
	struct rig *r = *state;
	static const char post[] =
		"POST /in/demo/%41b?x=1&y=?2 HTTP/1.1\r\nHost: x\r\n"
		"Content-Length: 11\r\n\r\na\0b=1&c=xyz";
	int fd = dial(r);

	put(r, fd, post, sizeof(post) - 1);
	assert_int_equal(answer(r, fd), 200);
	close(fd);
	assert_string_equal(r->method, "POST");
	assert_string_equal(r->path, "/in/demo/%41b"); /* undecoded */
	assert_string_equal(r->query, "x=1&y=?2");
	assert_int_equal(r->body_n, 11);
	assert_memory_equal(r->body, "a", 2);
	assert_string_equal(r->peer, "127.0.0.1");
	assert_string_equal(
		r->url + strlen(r->url) - 22, "/in/demo/%41b?x=1&y=?2");
	assert_memory_equal(r->url, "http://127.0.0.1:", 17);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_REQUESTS), 1);
}

static void one_connection_takes_many_requests(void **state)
{
	struct rig *r = *state;
	int fd = dial(r);

	for (int i = 0; i < 5; i++) {
		r->now_us += (REQUEST_S - 1) * INT64_C(1000000);
		puts_to(r, fd, GET("/a"));
		assert_int_equal(answer(r, fd), 200);
	}
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS), 1);
	close(fd);
	settle(r);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS), 0);
}

static void an_answer_can_be_given_later(void **state)
{
	struct rig *r = *state;
	int fd = dial(r);

	r->park = true;
	puts_to(r, fd, GET("/later"));
	while (r->parked_n == 0)
		turn(r);
	assert_int_equal(http_waiting(r->http), 1);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_PARKED), 1);
	/* Its time does not run while we owe the answer. */
	r->now_us += INT64_C(10000000) * REQUEST_S;
	event_base_loop(r->base, EVLOOP_NONBLOCK);
	http_answer(
		r->parked[--r->parked_n], &(struct http_answer){.status = 503,
						  .body = STR("later"),
						  .retry_after_s = 7});
	assert_int_equal(answer(r, fd), 503);
	assert_non_null(strstr(r->in, "Retry-After: 7\r\n"));
	assert_non_null(strstr(r->in, "\r\n\r\nlater"));
	assert_int_equal(http_waiting(r->http), 0);
	close(fd);
}

/* Under the sanitizer: nothing is touched after it is gone, nothing leaks. */
static void the_client_may_go_away_first(void **state)
{
	struct rig *r = *state;
	struct linger hard = {.l_onoff = 1};
	int fd[3];

	r->park = true;
	for (int i = 0; i < 3; i++) {
		fd[i] = dial(r);
		puts_to(r, fd[i], GET("/gone"));
	}
	while (r->parked_n < 3)
		turn(r);
	close(fd[0]);
	setsockopt(fd[1], SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	close(fd[1]);
	settle(r);
	assert_int_equal(http_waiting(r->http), 3);
	while (r->parked_n > 0)
		http_answer_status(r->parked[--r->parked_n], 200);
	assert_int_equal(answer(r, fd[2]), 200);
	close(fd[2]);
	settle(r);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS), 0);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_REQUESTS), 3);
	r->park = false;
	assert_int_equal(ask(r, GET("/next")), 200);
}

static void at_the_cap_the_backlog_waits(void **state)
{
	struct rig *r = *state;
	int fd[MAX_CONNECTIONS + 3];
	const int n = MAX_CONNECTIONS + 3;

	r->park = true;
	for (int i = 0; i < n; i++) {
		fd[i] = dial(r);
		puts_to(r, fd[i], GET("/"));
	}
	settle(r);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS),
		MAX_CONNECTIONS);
	assert_int_equal(http_waiting(r->http), MAX_CONNECTIONS);
	r->park = false;
	while (r->parked_n > 0)
		http_answer_status(r->parked[--r->parked_n], 200);
	for (int i = 0; i < n; i++) {
		assert_int_equal(answer(r, fd[i]), 200);
		close(fd[i]);
		settle(r);
		assert_true(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS) <=
			    MAX_CONNECTIONS);
	}
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS), 0);
}

/* Who owes nothing goes, the longest idle first, and nobody who is fresh. */
static void at_the_cap_the_longest_idle_makes_room(void **state)
{
	struct rig *r = *state;
	int fd[MAX_CONNECTIONS], late;

	for (int i = 0; i < MAX_CONNECTIONS; i++) {
		fd[i] = dial(r);
		settle(r);
		r->now_us += 1000;
	}
	puts_to(r, fd[0], GET("/"));
	assert_int_equal(answer(r, fd[0]), 200); /* idle anew: the last */
	r->park = true;
	puts_to(r, fd[1], GET("/"));
	settle(r);
	late = dial(r);
	puts_to(r, late, GET("/"));
	settle(r);
	assert_int_equal(r->parked_n, 1);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_EVICTED), 0);
	r->now_us += INT64_C(2000000);
	while (r->parked_n < 2) /* the sweep's second is real */
		turn(r);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_EVICTED), 1);
	assert_true(is_closed(r, fd[2]));
	assert_false(is_closed(r, fd[0]));
	assert_false(is_closed(r, fd[1]));
	assert_false(is_closed(r, fd[3]));
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS),
		MAX_CONNECTIONS);
	for (int i = 0; i < MAX_CONNECTIONS; i++)
		close(fd[i]);
	close(late);
}

static void stopping_takes_nobody_new(void **state)
{
	struct rig *r = *state;
	int fd[MAX_CONNECTIONS], late;

	for (int i = 0; i < MAX_CONNECTIONS; i++)
		fd[i] = dial(r);
	settle(r);
	http_stop_listening(r->http);
	late = dial(r);
	for (int i = 0; i < MAX_CONNECTIONS; i++)
		close(fd[i]);
	settle(r); /* room again, but no more listening */
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS), 0);
	close(late);
}

/* RFC 9112 3.2.2: a server must accept the absolute form. */
static void the_path_begins_with_a_slash(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, GET("http://sms.example.vn/in/demo?a=1")), 200);
	assert_string_equal(r->path, "/in/demo");
	assert_string_equal(r->query, "a=1");
	assert_int_equal(ask(r, GET("http://sms.example.vn")), 200);
	assert_string_equal(r->path, "/");
	assert_int_equal(ask(r, GET("//in//demo")), 200);
	assert_int_equal(r->path[0], '/');
}

static void an_address_in_use_is_said(void **state)
{
	struct rig *r = *state;
	struct http_options o = options_of(r);
	struct err err = {""};

	o.address = http_address(r->http);
	assert_null(http_new(&o, &err));
	assert_non_null(strstr(err.text, "127.0.0.1:"));
	o.address = STR("nowhere:http");
	assert_null(http_new(&o, &err));
	assert_non_null(strstr(err.text, "nowhere:http"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_arrives_whole),
		TEST(one_connection_takes_many_requests),
		TEST(an_answer_can_be_given_later),
		TEST(the_client_may_go_away_first),
		TEST(at_the_cap_the_backlog_waits),
		TEST(at_the_cap_the_longest_idle_makes_room),
		TEST(stopping_takes_nobody_new),
		TEST(the_path_begins_with_a_slash),
		TEST(an_address_in_use_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
