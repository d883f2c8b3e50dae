/*
 * writer and reader: what is durable when a job comes back, and what becomes
 * of its neighbours when one fails. On a real database in a folder of its own.
 */
#include "gateway/reader.h"
#include "gateway/store/outbox.h"
#include "gateway/writer.h"

#include <ftw.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define T0 INT64_C(1793968200000)
#define MAILBOX 8

struct rig {
	char dir[64], path[96];
	struct metrics metrics;
	struct mailbox *out;
	struct writer *writer;
	struct store *look; /* what another connection sees */
	int done;           /* jobs that came back so far */
};

enum deed {
	ADD,         /* one outbox row */
	ADD_FAIL,    /* one row, then no */
	LOSE_BATCH,  /* the transaction is gone, as when the disk is full */
	ADD_BIG,     /* more than fits below the limit */
	WAIT_AND_ADD /* until the test lets go */
};

struct work {
	struct job job; /* first */
	struct rig *rig;
	enum deed deed;
	int runs;
	int place; /* in the order of coming back; 0: not yet */
	int64_t row;
	sem_t started, go;
};

static void add_row(struct work *w, struct store *s, size_t bytes)
{
	char *text = test_calloc(bytes + 1, 1);
	struct outbox_row row = {
		.to = STR("+84900000007"),
		.text = {text, bytes},
		.lane = STR("reply"),
		.channel = STR("demo"),
		.created_at = T0,
		.due_at = T0,
		.valid_until = T0 + 3600000,
	};

	memset(text, 'x', bytes);
	if (outbox_add(s, &row, &w->row) != 0)
		w->row = -1;
	test_free(text);
}

static int on_run(struct job *j, struct store *s)
{
	struct work *w = (struct work *)j;

	w->runs++;
	if (w->deed == WAIT_AND_ADD) {
		sem_post(&w->started);
		while (sem_wait(&w->go) != 0)
			;
	}
	add_row(w, s, w->deed == ADD_BIG ? 1 << 20 : 8);
	if (w->deed == LOSE_BATCH)
		store_rollback(s);
	if (w->deed == ADD_FAIL || w->deed == LOSE_BATCH)
		return -1;
	return w->row > 0 ? 0 : -1;
}

static void on_done(struct job *j)
{
	struct work *w = (struct work *)j;

	w->place = ++w->rig->done;
}

static struct work work_of(struct rig *r, enum deed deed)
{
	struct work w = {
		.job = {.run = on_run, .done = on_done, .messages = 1},
		.rig = r,
		.deed = deed,
	};

	assert_int_equal(sem_init(&w.started, 0, 0), 0);
	assert_int_equal(sem_init(&w.go, 0, 0), 0);
	return w;
}

/* The loop's side, until n jobs have come back in all. */
static void collect(struct rig *r, int n)
{
	struct mail *m = NULL, *next;

	while (r->done < n) {
		for (m = mailbox_wait(r->out); m != NULL; m = next) {
			next = m->next;
			job_finish((struct job *)m);
		}
	}
}

static void collect_rest(struct rig *r)
{
	struct mail *next;

	for (struct mail *m = mailbox_take(r->out); m != NULL; m = next) {
		next = m->next;
		job_finish((struct job *)m);
	}
}

static int64_t rows(struct store *s)
{
	struct outbox_counts c;

	assert_int_equal(outbox_counts(s, &c), 0);
	return c.by_state[OUTBOX_QUEUED];
}

static struct store *open_store(const struct rig *r, enum store_mode mode)
{
	struct err err = {""};
	struct store *s = store_open(r->path, mode, &err);

	assert_string_equal(err.text, "");
	assert_non_null(s);
	return s;
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));

	alarm(60); /* a job that never comes back fails, and does not hang */
	snprintf(r->dir, sizeof(r->dir), "/tmp/bantin-writer-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->path, sizeof(r->path), "%s/bantin.db", r->dir);
	r->out = mailbox_new((size_t)MAILBOX * 2);
	r->writer = writer_start(
		open_store(r, STORE_WRITE), &(struct writer_options){
						    .mailbox = MAILBOX,
						    .batch_max = 4,
						    .out = r->out,
						    .metrics = &r->metrics,
					    });
	r->look = open_store(r, STORE_READ);
	*state = r;
	return 0;
}

static int remove_one(
	const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st;
	(void)what;
	(void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	if (r->writer != NULL) {
		writer_stop(r->writer);
		collect_rest(r);
		writer_free(r->writer);
	}
	store_close(r->look);
	mailbox_free(r->out);
	nftw(r->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	test_free(r);
	alarm(0);
	return 0;
}

/* Holds the writer in its first job, so that what follows is one batch. */
static void post_behind(
	struct rig *r, struct work *first, struct work *v, size_t n)
{
	*first = work_of(r, WAIT_AND_ADD);
	assert_int_equal(writer_post(r->writer, &first->job), 0);
	while (sem_wait(&first->started) != 0)
		;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(writer_post(r->writer, &v[i].job), 0);
	assert_int_equal(writer_outstanding(r->writer), n + 1);
	sem_post(&first->go);
}

static void what_came_back_is_stored(void **state)
{
	struct rig *r = *state;
	struct work w = work_of(r, ADD);

	for (int i = 1; i <= 3; i++) {
		assert_int_equal(writer_post(r->writer, &w.job), 0);
		collect(r, i);
		assert_int_equal(w.job.status, JOB_OK);
		assert_int_equal(rows(r->look), i);
		assert_int_equal(writer_outstanding(r->writer), 0);
	}
	assert_true(writer_is_well(r->writer));
	assert_int_equal(r->metrics.commit_bucket[0], 3);
}

static void a_batch_is_one_commit_in_order(void **state)
{
	struct rig *r = *state;
	struct work first, v[6];

	for (int i = 0; i < 6; i++)
		v[i] = work_of(r, ADD);
	post_behind(r, &first, v, 6);
	collect(r, 7);
	assert_int_equal(first.place, 1);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(v[i].place, i + 2);
		assert_int_equal(v[i].runs, 1);
		assert_int_equal(v[i].row, first.row + i + 1);
		assert_int_equal(v[i].job.status, JOB_OK);
	}
	/* 1 alone, then at most batch_max = 4: le 1, le 4, le 2 */
	assert_int_equal(r->metrics.commit_bucket[0], 1);
	assert_int_equal(r->metrics.commit_bucket[2], 1);
	assert_int_equal(r->metrics.commit_bucket[1], 1);
	assert_int_equal(r->metrics.commit_sum, 7);
}

static void a_bad_job_fails_alone(void **state)
{
	struct rig *r = *state;
	struct work first, v[4];

	for (int i = 0; i < 4; i++)
		v[i] = work_of(r, i == 1 ? ADD_FAIL : ADD);
	post_behind(r, &first, v, 4);
	collect(r, 5);
	for (int i = 0; i < 4; i++) {
		/* The bad one and the one before it are run again. */
		assert_int_equal(v[i].runs, i < 2 ? 2 : 1);
		assert_int_equal(v[i].job.status, i == 1 ? JOB_FAILED : JOB_OK);
		assert_int_equal(v[i].place, i + 2);
	}
	assert_int_equal(rows(r->look), 4);
	assert_int_equal(r->metrics.commit_sum, 4); /* not the failed one */
	assert_true(writer_is_well(r->writer));     /* the job's fault */
}

static void a_lost_batch_is_run_one_by_one(void **state)
{
	struct rig *r = *state;
	struct work first, v[4];

	for (int i = 0; i < 4; i++)
		v[i] = work_of(r, i == 2 ? LOSE_BATCH : ADD);
	post_behind(r, &first, v, 4);
	collect(r, 5);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(v[i].job.status, i == 2 ? JOB_FAILED : JOB_OK);
		assert_int_equal(v[i].place, i + 2);
	}
	assert_int_equal(v[0].runs, 2);
	assert_int_equal(v[3].runs, 1);
	assert_int_equal(rows(r->look), 4);
	assert_true(writer_is_well(r->writer));
}

static void a_full_mailbox_is_refused(void **state)
{
	struct rig *r = *state;
	struct work first, v[MAILBOX], late = work_of(r, ADD);

	for (int i = 0; i < MAILBOX - 1; i++)
		v[i] = work_of(r, ADD);
	post_behind(r, &first, v, MAILBOX - 1);
	/* Finished, but not yet collected, still counts: the loop's mailbox
	 * has room for no more. */
	assert_int_equal(writer_post(r->writer, &late.job), -1);
	assert_int_equal(writer_outstanding(r->writer), MAILBOX);
	collect(r, MAILBOX);
	assert_int_equal(writer_post(r->writer, &late.job), 0);
	collect(r, MAILBOX + 1);
	assert_int_equal(late.job.status, JOB_OK);
	assert_int_equal(late.runs, 1);
}

/* The collected jobs count themselves off after the thread has ended. */
static void stopping_runs_what_is_queued(void **state)
{
	struct rig *r = *state;
	struct work first, v[5], late = work_of(r, ADD);

	for (int i = 0; i < 5; i++)
		v[i] = work_of(r, ADD);
	post_behind(r, &first, v, 5);
	writer_stop(r->writer);
	assert_int_equal(r->done, 0);
	assert_int_equal(writer_post(r->writer, &late.job), -1);
	collect_rest(r);
	assert_int_equal(r->done, 6);
	for (int i = 0; i < 5; i++)
		assert_int_equal(v[i].job.status, JOB_OK);
	assert_int_equal(writer_outstanding(r->writer), 0);
	writer_free(r->writer);
	r->writer = NULL;
	assert_int_equal(rows(r->look), 6);
	assert_int_equal(late.runs, 0);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = bytes < l.rlim_max ? bytes : l.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void a_full_disk_fails_all_and_passes(void **state)
{
	struct rig *r = *state;
	struct work first, v[4], after = work_of(r, ADD);
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGXFSZ, &ignore, NULL);
	for (int i = 0; i < 4; i++)
		v[i] = work_of(r, ADD_BIG);
	limit_files(4096);
	post_behind(r, &first, v, 4);
	collect(r, 5);
	limit_files(RLIM_INFINITY);
	assert_int_equal(first.job.status, JOB_FAILED);
	for (int i = 0; i < 4; i++)
		assert_int_equal(v[i].job.status, JOB_FAILED);
	assert_int_equal(rows(r->look), 0);
	assert_int_equal(r->metrics.commit_sum, 0);
	assert_int_equal(writer_post(r->writer, &after.job), 0);
	collect(r, 6);
	assert_int_equal(after.job.status, JOB_OK);
	assert_int_equal(rows(r->look), 1);
	assert_true(writer_is_well(r->writer));
}

/* ---- reader ---- */

static int on_count(struct job *j, struct store *s)
{
	struct work *w = (struct work *)j;

	w->runs++;
	assert_false(store_in_tx(s));
	w->row = rows(s);
	return w->deed == ADD ? 0 : -1;
}

static int on_write(struct job *j, struct store *s)
{
	add_row((struct work *)j, s, 8);
	return ((struct work *)j)->row > 0 ? 0 : -1;
}

static void the_reader_sees_commits_and_cannot_write(void **state)
{
	struct rig *r = *state;
	struct reader *reader =
		reader_start(open_store(r, STORE_READ), 4, r->out);
	struct work w = work_of(r, ADD), q = work_of(r, ADD),
		    bad = work_of(r, ADD_FAIL), forbidden = work_of(r, ADD);

	q.job.run = bad.job.run = on_count;
	forbidden.job.run = on_write;
	assert_int_equal(writer_post(r->writer, &w.job), 0);
	collect(r, 1);
	assert_int_equal(reader_post(reader, &q.job), 0);
	assert_int_equal(reader_post(reader, &bad.job), 0);
	assert_int_equal(reader_post(reader, &forbidden.job), 0);
	collect(r, 4);
	assert_int_equal(q.row, 1);
	assert_int_equal(q.job.status, JOB_OK);
	assert_int_equal(bad.job.status, JOB_FAILED);
	assert_int_equal(forbidden.job.status, JOB_FAILED);
	assert_int_equal(rows(r->look), 1);
	reader_stop(reader);
	reader_free(reader);
}

static void the_reader_is_bounded_and_stops(void **state)
{
	struct rig *r = *state;
	struct reader *reader =
		reader_start(open_store(r, STORE_READ), 2, r->out);
	struct work v[3];

	for (int i = 0; i < 3; i++) {
		v[i] = work_of(r, ADD);
		v[i].job.run = on_count;
		assert_int_equal(
			reader_post(reader, &v[i].job), i < 2 ? 0 : -1);
	}
	reader_stop(reader);
	assert_int_equal(reader_post(reader, &v[2].job), -1);
	collect_rest(r);
	reader_free(reader);
	assert_int_equal(r->done, 2);
	assert_int_equal(v[2].runs, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_came_back_is_stored),
		TEST(a_batch_is_one_commit_in_order),
		TEST(a_bad_job_fails_alone),
		TEST(a_lost_batch_is_run_one_by_one),
		TEST(a_full_mailbox_is_refused),
		TEST(stopping_runs_what_is_queued),
		TEST(a_full_disk_fails_all_and_passes),
		TEST(the_reader_sees_commits_and_cannot_write),
		TEST(the_reader_is_bounded_and_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
