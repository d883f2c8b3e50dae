/*
 * null - how fast can evhttp alone answer here?
 *
 * Takes any request, answers 200 with no body, stores nothing: the ceiling
 * that `intake` is measured against, built with the same flags. For the
 * measure of Kannel, /reply answers with a text and /count with the number of
 * requests before it. Prints the same line as `bantin serve` when it listens;
 * ends on SIGTERM.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void on_request(struct evhttp_request *r, void *arg)
{
	struct evbuffer *body = evhttp_request_get_output_buffer(r);
	const char *uri = evhttp_request_get_uri(r);
	unsigned long *count = arg;

	if (strcmp(uri, "/count") == 0)
		evbuffer_add_printf(body, "%lu", *count);
	else
		++*count;
	if (strncmp(uri, "/reply", 6) == 0) {
		evhttp_add_header(evhttp_request_get_output_headers(r),
			"Content-Type", "text/plain; charset=utf-8");
		evbuffer_add_printf(body, "Da nhan");
	}
	evhttp_send_reply(r, HTTP_OK, "OK", NULL);
}

static void on_term(evutil_socket_t signo, short what, void *base)
{
	(void)signo;
	(void)what;
	event_base_loopbreak(base);
}

static int port_of(evutil_socket_t fd)
{
	struct sockaddr_in a = {0};
	socklen_t n = sizeof(a);

	return getsockname(fd, (struct sockaddr *)&a, &n) == 0
		       ? ntohs(a.sin_port)
		       : -1;
}

int main(void)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = base != NULL ? evhttp_new(base) : NULL;
	struct evhttp_bound_socket *bound =
		http != NULL
			? evhttp_bind_socket_with_handle(http, "127.0.0.1", 0)
			: NULL;
	unsigned long count = 0;
	struct event *term;

	if (bound == NULL) {
		fprintf(stderr, "null: cannot listen\n");
		return 1;
	}
	evhttp_set_gencb(http, on_request, &count);
	term = evsignal_new(base, SIGTERM, on_term, base);
	event_add(term, NULL);
	printf("listening on http://127.0.0.1:%d\n",
		port_of(evhttp_bound_socket_get_fd(bound)));
	(void)fflush(stdout);
	event_base_dispatch(base);
	event_free(term);
	evhttp_free(http);
	event_base_free(base);
	return 0;
}
