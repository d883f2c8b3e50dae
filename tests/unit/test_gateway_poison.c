/*
 * poison and gate: what stood in the file when the process died, and who may
 * be read beside whom. "Dying" is closing the file without leaving.
 */
#include "gateway/gate.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define T0 INT64_C(1793968200000)
#define DAY_MS INT64_C(86400000)

struct rig {
	char path[64];
	struct poison *p;
	int64_t now_ms;
};

static struct digest body(int i)
{
	struct str s = {(const char *)&i, sizeof(i)};

	return digest_of(DIGEST_SHA256, &s, 1);
}

static void reopen(struct rig *r)
{
	struct err err = {""};

	poison_close(r->p);
	r->p = poison_open(r->path, r->now_ms, &err);
	assert_string_equal(err.text, "");
	assert_non_null(r->p);
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	int fd;

	snprintf(r->path, sizeof(r->path), "/tmp/bantin-poison-XXXXXX");
	fd = mkstemp(r->path);
	assert_true(fd >= 0);
	close(fd);
	r->now_ms = T0;
	reopen(r);
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	poison_close(r->p);
	unlink(r->path);
	test_free(r);
	return 0;
}

static int enter(struct rig *r, int i, bool alone)
{
	struct digest d = body(i);
	int slot = poison_enter(r->p, &d, alone, r->now_ms);

	return slot;
}

static enum poison_look look(struct rig *r, int i)
{
	struct digest d = body(i);

	return poison_look(r->p, &d);
}

static void one_is_condemned_at_the_second_crash(void **state)
{
	struct rig *r = *state;

	assert_int_equal(look(r, 1), POISON_CLEAN);
	assert_true(enter(r, 1, false) >= 0);
	poison_leave(r->p, enter(r, 2, false));
	assert_int_equal(look(r, 1), POISON_CLEAN); /* no crash yet */
	reopen(r);
	assert_int_equal(poison_suspects(r->p), 1);
	assert_int_equal(look(r, 1), POISON_SUSPECT);
	assert_int_equal(look(r, 2), POISON_CLEAN);
	reopen(r); /* a crash without it proves nothing */
	assert_int_equal(look(r, 1), POISON_SUSPECT);
	assert_true(enter(r, 1, true) >= 0);
	reopen(r);
	assert_int_equal(look(r, 1), POISON_CONDEMNED);
	r->now_ms += 400 * DAY_MS;
	reopen(r);
	assert_int_equal(look(r, 1), POISON_CONDEMNED);
}

static void an_innocent_suspect_is_cleared(void **state)
{
	struct rig *r = *state;

	assert_true(enter(r, 1, false) >= 0);
	reopen(r);
	poison_leave(r->p, enter(r, 1, true));
	assert_int_equal(look(r, 1), POISON_CLEAN);
	assert_int_equal(poison_suspects(r->p), 0);
	reopen(r);
	assert_int_equal(look(r, 1), POISON_CLEAN);
}

static void suspects_are_dropped_after_a_week(void **state)
{
	struct rig *r = *state;

	assert_true(enter(r, 1, false) >= 0);
	r->now_ms += 7 * DAY_MS;
	reopen(r);
	assert_int_equal(look(r, 1), POISON_SUSPECT);
	r->now_ms++;
	reopen(r);
	assert_int_equal(look(r, 1), POISON_CLEAN);
	assert_int_equal(poison_suspects(r->p), 0);
}

/*
 * A provider's retries put one body under way several times: all of it is one
 * suspect, and condemned means condemned.
 */
static void copies_are_one_body(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 3; i++)
		assert_true(enter(r, 1, false) >= 0);
	reopen(r);
	poison_leave(r->p, enter(r, 1, true)); /* all went well */
	assert_int_equal(look(r, 1), POISON_CLEAN);

	for (int i = 0; i < 3; i++)
		assert_true(enter(r, 2, false) >= 0);
	reopen(r);
	assert_true(enter(r, 2, true) >= 0);
	reopen(r);
	assert_int_equal(look(r, 2), POISON_CONDEMNED);
	assert_int_equal(poison_suspects(r->p), 1);
}

static void the_table_is_bounded(void **state)
{
	struct rig *r = *state;
	static int slot[POISON_SLOTS];

	for (int i = 0; i < POISON_SLOTS; i++) {
		slot[i] = enter(r, i, false);
		assert_true(slot[i] >= 0);
	}
	assert_int_equal(enter(r, POISON_SLOTS, false), -1);
	poison_leave(r->p, slot[17]);
	assert_int_equal(enter(r, POISON_SLOTS, false), slot[17]);
	poison_leave(r->p, slot[17]);
	reopen(r);
	assert_int_equal(poison_suspects(r->p), POISON_SLOTS - 1);
	assert_int_equal(look(r, POISON_SLOTS - 1), POISON_SUSPECT);
	assert_int_equal(look(r, 17), POISON_CLEAN);
}

static void scribble(const struct rig *r, off_t at, const void *p, size_t n)
{
	int fd = open(r->path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, p, n, at), n);
	close(fd);
}

static void a_corrupt_file_starts_anew(void **state)
{
	struct rig *r = *state;
	unsigned char junk[4096];

	assert_true(enter(r, 1, false) >= 0);
	scribble(r, 0, "NOTOURS!", 8);
	reopen(r);
	assert_int_equal(poison_suspects(r->p), 0);
	/* slots of no known state are free */
	memset(junk, 0xee, sizeof(junk));
	scribble(r, 48, junk, sizeof(junk));
	reopen(r);
	assert_int_equal(poison_suspects(r->p), 0);
	assert_true(enter(r, 1, false) >= 0);
	/* cut short: what is left is used */
	assert_int_equal(truncate(r->path, 20), 0);
	reopen(r);
	assert_int_equal(poison_suspects(r->p), 0);
	for (int i = 0; i < POISON_SLOTS; i++)
		assert_true(enter(r, i, false) >= 0);
}

static void its_room_on_the_disk_is_taken(void **state)
{
	struct rig *r = *state;
	struct stat st;

	/* As a backup tool restores it: holes behind the first bytes. */
	assert_int_equal(stat(r->path, &st), 0);
	assert_int_equal(truncate(r->path, 8), 0);
	assert_int_equal(truncate(r->path, st.st_size), 0);
	reopen(r);
	assert_int_equal(stat(r->path, &st), 0);
	assert_true((int64_t)st.st_blocks * 512 >= (int64_t)st.st_size);
}

static void a_file_that_cannot_be_had_is_said(void **state)
{
	struct err err = {""};

	(void)state;
	assert_null(poison_open("/nonexistent/x.poison", T0, &err));
	assert_non_null(strstr(err.text, "/nonexistent/x.poison"));
	err.text[0] = '\0';
	assert_null(poison_open("/tmp", T0, &err));
	assert_string_not_equal(err.text, "");
	poison_close(NULL);
}

/* ---- gate ---- */

struct ticket {
	struct gate_ticket t; /* first */
	struct gate *gate;
	int number;
	bool leaves_at_once;
	char *log;             /* "+1 " went, "x2 " was refused */
	struct ticket *enters; /* as it goes */
};

static int64_t now_ms(void *arg)
{
	return ((struct rig *)arg)->now_ms;
}

static void note(struct ticket *t, char what)
{
	size_t n = strlen(t->log);

	snprintf(t->log + n, 256 - n, "%c%d ", what, t->number);
}

static void on_go(struct gate_ticket *g)
{
	struct ticket *t = (struct ticket *)g;

	note(t, '+');
	if (t->enters != NULL)
		assert_int_equal(gate_enter(t->gate, &t->enters->t), GATE_GOES);
	if (t->leaves_at_once)
		gate_leave(t->gate, g);
}

static void on_refuse(struct gate_ticket *g)
{
	note((struct ticket *)g, 'x');
}

static void make(struct ticket *v, size_t n, struct gate *g, char *log)
{
	memset(v, 0, n * sizeof(*v));
	log[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		v[i].gate = g;
		v[i].number = (int)i;
		v[i].log = log;
		v[i].t.digest = body((int)i);
		v[i].t.go = on_go;
		v[i].t.refuse = on_refuse;
	}
}

/* Makes suspects of the bodies given by number, ended by -1. */
static void suspect(struct rig *r, const int *v)
{
	for (; *v >= 0; v++)
		assert_true(enter(r, *v, false) >= 0);
	reopen(r);
}

static void suspects_run_alone_and_in_turn(void **state)
{
	struct rig *r = *state;
	struct ticket v[6];
	struct gate *g;
	char log[256];

	suspect(r, (const int[]){2, 3, -1});
	g = gate_new(r->p, 10, now_ms, r);
	make(v, 6, g, log);
	for (int i = 0; i < 6; i++)
		assert_int_equal(gate_enter(g, &v[i].t), GATE_GOES);
	assert_string_equal(log, "+0 +1 "); /* nobody passes the suspects */
	gate_leave(g, &v[0].t);
	assert_string_equal(log, "+0 +1 ");
	gate_leave(g, &v[1].t);
	assert_string_equal(log, "+0 +1 +2 ");
	gate_leave(g, &v[2].t);
	assert_string_equal(log, "+0 +1 +2 +3 ");
	gate_leave(g, &v[3].t);
	assert_string_equal(log, "+0 +1 +2 +3 +4 +5 ");
	gate_leave(g, &v[5].t);
	gate_leave(g, &v[4].t);
	gate_free(g);
	assert_int_equal(poison_suspects(r->p), 0);
}

static void alone_at_a_crash_is_condemned(void **state)
{
	struct rig *r = *state;
	struct ticket v[3];
	struct gate *g;
	char log[256];

	suspect(r, (const int[]){1, -1});
	g = gate_new(r->p, 10, now_ms, r);
	make(v, 3, g, log);
	assert_int_equal(gate_enter(g, &v[1].t), GATE_GOES);
	assert_int_equal(gate_enter(g, &v[2].t), GATE_GOES);
	assert_string_equal(log, "+1 ");
	gate_close(g);
	reopen(r); /* the crash: only 1 was being read */
	assert_int_equal(look(r, 1), POISON_CONDEMNED);
	assert_int_equal(look(r, 2), POISON_CLEAN);
	free(g);
	g = gate_new(r->p, 10, now_ms, r);
	make(v, 3, g, log);
	assert_int_equal(gate_enter(g, &v[1].t), GATE_CONDEMNED);
	assert_string_equal(log, "");
	gate_free(g);
}

/* The second copy of a suspect waits; once the first was fine, it runs. */
static void copies_of_a_suspect_wait_for_the_first(void **state)
{
	struct rig *r = *state;
	struct ticket v[3];
	struct gate *g;
	char log[256];

	suspect(r, (const int[]){0, -1});
	g = gate_new(r->p, 10, now_ms, r);
	make(v, 3, g, log);
	v[1].t.digest = body(0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(gate_enter(g, &v[i].t), GATE_GOES);
	assert_string_equal(log, "+0 ");
	gate_leave(g, &v[0].t);
	assert_string_equal(log, "+0 +1 +2 ");
	gate_leave(g, &v[1].t);
	gate_leave(g, &v[2].t);
	gate_free(g);
}

static void go_may_leave_and_enter_at_once(void **state)
{
	struct rig *r = *state;
	struct ticket v[5];
	struct gate *g;
	char log[256];

	suspect(r, (const int[]){1, 2, -1});
	g = gate_new(r->p, 10, now_ms, r);
	make(v, 5, g, log);
	for (int i = 1; i < 4; i++)
		v[i].leaves_at_once = true;
	v[2].enters = &v[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(gate_enter(g, &v[i].t), GATE_GOES);
	assert_string_equal(log, "+0 ");
	gate_leave(g, &v[0].t);
	assert_string_equal(log, "+0 +1 +2 +3 +4 ");
	gate_leave(g, &v[4].t);
	gate_free(g);
}

static void the_line_is_bounded_and_closes(void **state)
{
	struct rig *r = *state;
	struct ticket v[6];
	struct gate *g;
	char log[256];

	suspect(r, (const int[]){0, -1});
	g = gate_new(r->p, 2, now_ms, r);
	make(v, 6, g, log);
	for (int i = 0; i < 3; i++)
		assert_int_equal(gate_enter(g, &v[i].t), GATE_GOES);
	assert_int_equal(gate_enter(g, &v[3].t), GATE_FULL);
	gate_close(g);
	assert_string_equal(log, "+0 x1 x2 ");
	assert_int_equal(gate_enter(g, &v[4].t), GATE_FULL);
	gate_leave(g, &v[0].t); /* what runs may finish */
	assert_int_equal(gate_enter(g, &v[5].t), GATE_FULL);
	assert_string_equal(log, "+0 x1 x2 ");
	gate_free(g);
}

/* A crash with every slot taken must not shut the door for a week. */
static void a_full_table_lets_clean_bodies_by(void **state)
{
	struct rig *r = *state;
	struct ticket v[3];
	struct gate *g;
	char log[256];

	for (int i = 0; i < POISON_SLOTS; i++)
		assert_true(enter(r, 100 + i, false) >= 0);
	reopen(r);
	assert_int_equal(poison_suspects(r->p), POISON_SLOTS);
	g = gate_new(r->p, 10, now_ms, r);
	make(v, 3, g, log);
	v[1].t.digest = body(100);
	for (int i = 0; i < 3; i++)
		assert_int_equal(gate_enter(g, &v[i].t), GATE_GOES);
	assert_string_equal(log, "+0 ");
	gate_leave(g, &v[0].t);
	assert_string_equal(log, "+0 +1 ");
	gate_leave(g, &v[1].t); /* which frees a slot */
	assert_string_equal(log, "+0 +1 +2 ");
	gate_leave(g, &v[2].t);
	gate_free(g);
}

static void without_a_file_everybody_goes(void **state)
{
	struct ticket v[3];
	struct gate *g = gate_new(NULL, 1, now_ms, *state);
	char log[256];

	make(v, 3, g, log);
	for (int i = 0; i < 3; i++)
		assert_int_equal(gate_enter(g, &v[i].t), GATE_GOES);
	assert_string_equal(log, "+0 +1 +2 ");
	for (int i = 0; i < 3; i++)
		gate_leave(g, &v[i].t);
	gate_free(g);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_is_condemned_at_the_second_crash),
		TEST(an_innocent_suspect_is_cleared),
		TEST(suspects_are_dropped_after_a_week),
		TEST(copies_are_one_body),
		TEST(the_table_is_bounded),
		TEST(a_corrupt_file_starts_anew),
		TEST(its_room_on_the_disk_is_taken),
		TEST(a_file_that_cannot_be_had_is_said),
		TEST(suspects_run_alone_and_in_turn),
		TEST(alone_at_a_crash_is_condemned),
		TEST(copies_of_a_suspect_wait_for_the_first),
		TEST(go_may_leave_and_enter_at_once),
		TEST(the_line_is_bounded_and_closes),
		TEST(a_full_table_lets_clean_bodies_by),
		TEST(without_a_file_everybody_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
