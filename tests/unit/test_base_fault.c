/*
 * fault: kills where it is told, and pauses one thread until it is woken. The
 * library has no faults in it, so the file itself is compiled in here.
 */
#define BANTIN_FAULT_POINTS
/* NOLINTNEXTLINE(bugprone-suspicious-include): the fault build of it */
#include "gateway/base/fault.c"

#include <pthread.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Runs body in a child under that fault; its stderr is at *ret_err. */
static pid_t child(const char *fault, int (*body)(void), int *ret_err)
{
	int p[2];
	pid_t pid;

	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(p[1], STDERR_FILENO);
		(void)close(p[0]);
		(void)close(p[1]);
		(void)setenv("BANTIN_FAULT", fault, 1);
		fault_init();
		_exit(body());
	}
	(void)close(p[1]);
	*ret_err = p[0];
	return pid;
}

/* Exit status, or minus the signal. */
static int end_of(pid_t pid, int err)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	(void)close(err);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int pass_points(void)
{
	fault_point("commit-before");
	fault_point_text("poison", STR("HOP 5/11"));
	return 7;
}

static int pass_poison(void)
{
	fault_point_text("poison", STR("HOP POISON"));
	return 7;
}

static void kills_at_its_point(void **state)
{
	static const struct {
		const char *fault;
		int (*body)(void);
		int end;
	} row[] = {
		{"", pass_points, 7},
		{"commit-after:kill", pass_points, 7},
		{"commit:kill", pass_points, 7},
		{"commit-before:kill", pass_points, -SIGKILL},
		{"poison:kill", pass_points, 7},
		{"poison:kill", pass_poison, -SIGKILL},
		{"poison:stop", pass_poison, 1},
		{"poison", pass_poison, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		int err;
		pid_t pid = child(row[i].fault, row[i].body, &err);

		assert_int_equal(end_of(pid, err), row[i].end);
	}
}

static void *pass_in_thread(void *arg)
{
	fault_point("commit-before");
	fault_point("commit-before");
	return arg;
}

static int pause_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, pass_in_thread, NULL) != 0)
		return 1;
	/* This thread goes on while the other one is held. */
	if (write(STDERR_FILENO, "!", 1) != 1)
		return 1;
	return pthread_join(t, NULL) == 0 ? 7 : 1;
}

/* Reads the child's stderr until it holds that many lines and exclamations. */
static void await(int fd, int lines, int marks)
{
	while (lines > 0 || marks > 0) {
		char c;

		assert_int_equal(read(fd, &c, 1), 1);
		lines -= c == '\n';
		marks -= c == '!';
	}
}

static void pauses_each_time(void **state)
{
	int err;
	pid_t pid = child("commit-before:pause", pause_thread, &err);

	(void)state;
	await(err, 1, 1);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	assert_int_equal(kill(pid, SIGUSR2), 0);
	await(err, 1, 0);
	assert_int_equal(kill(pid, SIGUSR2), 0);
	assert_int_equal(end_of(pid, err), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kills_at_its_point),
		cmocka_unit_test(pauses_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
