/*
 * mailbox: order, bounds, and no wake-up lost between threads.
 */
#include "gateway/base/mailbox.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define POSTS 200000
#define CAP 64

struct item {
	struct mail mail; /* first: an item is its link */
	int number;
};

static bool readable(struct mailbox *m)
{
	struct pollfd p = {.fd = mailbox_fd(m), .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void keeps_order_and_bound(void **state)
{
	struct mailbox *m = mailbox_new(2);
	struct item v[3] = {{.number = 0}, {.number = 1}, {.number = 2}};
	struct mail *all;

	(void)state;
	assert_null(mailbox_take(m));
	assert_int_equal(mailbox_post(m, &v[0].mail), 0);
	assert_int_equal(mailbox_post(m, &v[1].mail), 0);
	assert_int_equal(mailbox_post(m, &v[2].mail), -1);
	assert_int_equal(mailbox_len(m), 2);
	all = mailbox_take(m);
	assert_ptr_equal(all, &v[0]);
	assert_ptr_equal(all->next, &v[1]);
	assert_null(all->next->next);
	assert_null(mailbox_take(m));
	assert_int_equal(mailbox_post(m, &v[2].mail), 0);
	assert_ptr_equal(mailbox_wait(m), &v[2]);
	mailbox_free(m);
	mailbox_free(NULL);
}

static void fd_follows_content(void **state)
{
	struct mailbox *m = mailbox_new(4);
	struct mail a, b;

	(void)state;
	assert_int_equal(mailbox_post(m, &a), 0); /* before it was watched */
	assert_true(readable(m));
	assert_int_equal(mailbox_post(m, &b), 0);
	assert_true(readable(m));
	assert_ptr_equal(mailbox_take(m), &a);
	assert_false(readable(m));
	assert_null(mailbox_take(m));
	assert_int_equal(mailbox_post(m, &a), 0);
	assert_true(readable(m));
	assert_ptr_equal(mailbox_wait(m), &a);
	assert_false(readable(m));
	mailbox_free(m);
}

static void closing_lets_the_rest_out(void **state)
{
	struct mailbox *m = mailbox_new(4);
	struct mail a, b;

	(void)state;
	assert_int_equal(mailbox_post(m, &a), 0);
	mailbox_close(m);
	assert_int_equal(mailbox_post(m, &b), -1);
	assert_ptr_equal(mailbox_wait(m), &a);
	assert_null(mailbox_wait(m));
	assert_null(mailbox_take(m));
	mailbox_free(m);
}

struct load {
	struct mailbox *box;
	struct item *items;
	int first, step;
};

static void *post_all(void *arg)
{
	const struct load *l = arg;

	for (int i = l->first; i < POSTS; i += l->step) {
		l->items[i].number = i;
		while (mailbox_post(l->box, &l->items[i].mail) != 0)
			(void)sched_yield();
	}
	return NULL;
}

/* All of it once, each poster's own in order. */
static int check(const struct mail *all, int last[2])
{
	int n = 0;

	for (; all != NULL; all = all->next, n++) {
		int number = ((const struct item *)all)->number;

		assert_true(number > last[number % 2]);
		last[number % 2] = number;
	}
	return n;
}

static void wait_fd(struct mailbox *m)
{
	struct pollfd p = {.fd = mailbox_fd(m), .events = POLLIN};

	/* A lost wake-up fails here instead of hanging. */
	assert_int_equal(poll(&p, 1, 20000), 1);
}

static void run_load(bool by_fd)
{
	struct mailbox *m = mailbox_new(CAP);
	struct item *items = calloc(POSTS, sizeof(*items));
	struct load load[2] = {{m, items, 0, 2}, {m, items, 1, 2}};
	int got = 0, last[2] = {-2, -1};
	pthread_t t[2];

	assert_non_null(items);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			pthread_create(&t[i], NULL, post_all, &load[i]), 0);
	while (got < POSTS) {
		if (by_fd)
			wait_fd(m);
		got += check(by_fd ? mailbox_take(m) : mailbox_wait(m), last);
	}
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_join(t[i], NULL), 0);
	assert_int_equal(got, POSTS);
	assert_null(mailbox_take(m));
	if (by_fd)
		assert_false(readable(m));
	mailbox_free(m);
	free(items);
}

static void waits_under_load(void **state)
{
	(void)state;
	run_load(false);
}

static void polls_under_load(void **state)
{
	(void)state;
	run_load(true);
}

static void *wait_for_end(void *arg)
{
	return mailbox_wait(arg);
}

static void closing_wakes_the_reader(void **state)
{
	struct mailbox *m = mailbox_new(1);
	void *got = m;
	pthread_t t;

	(void)state;
	assert_int_equal(pthread_create(&t, NULL, wait_for_end, m), 0);
	mailbox_close(m);
	assert_int_equal(pthread_join(t, &got), 0);
	assert_null(got);
	mailbox_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_order_and_bound),
		cmocka_unit_test(fd_follows_content),
		cmocka_unit_test(closing_lets_the_rest_out),
		cmocka_unit_test(closing_wakes_the_reader),
		cmocka_unit_test(waits_under_load),
		cmocka_unit_test(polls_under_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
