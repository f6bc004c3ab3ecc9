/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/apart.h"

/* Seen by the children too. */
struct shared {
	atomic_int begun;
	pthread_mutex_t *held;
};

static int setup(void **state)
{
	*state = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return *state == MAP_FAILED;
}

static int teardown(void **state) { return munmap(*state, sizeof(struct shared)); }

static void assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static int says(void *arg, struct err_info *info)
{
	(void)arg;
	return err_set(info, ERR_LIMIT, "太多");
}

static void what_the_work_says_comes_back(void **state)
{
	struct err_info info = {0};
	assert_int_equal(apart_run(says, *state, &info), ERR_LIMIT);
	assert_int_equal(info.code, ERR_LIMIT);
	assert_string_equal(info.text, "太多");
	assert_no_child();
}

static int crashes(void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	raise(SIGKILL);
	return 0;
}

static void a_child_that_dies_is_want_of_memory(void **state)
{
	assert_int_equal(apart_run(crashes, *state, NULL), ERR_NOMEM);
	assert_no_child();
}

static int stands_still(void *arg, struct err_info *info)
{
	struct shared *shared = arg;
	(void)info;
	atomic_fetch_add(&shared->begun, 1);
	while (pause())
		;
	return 0;
}

static void a_child_that_stands_still_is_ended_and_the_second_too(void **state)
{
	static const struct apart_limits limits = {.idle_ms = 1000, .whole_ms = 600000};
	struct shared *shared = *state;
	struct err_info info = {0};
	assert_int_equal(apart_run_within(&limits, stands_still, shared, &info), ERR_IO);
	assert_non_null(strstr(info.text, "停住不动"));
	assert_int_equal(atomic_load(&shared->begun), 2);
	assert_no_child();
}

static int works_for_ever(void *arg, struct err_info *info)
{
	struct shared *shared = arg;
	(void)info;
	atomic_fetch_add(&shared->begun, 1);
	while (atomic_load(&shared->begun))
		;
	return 0;
}

static void a_child_that_works_for_ever_is_ended_once(void **state)
{
	static const struct apart_limits limits = {.idle_ms = 600000, .whole_ms = 1000};
	struct shared *shared = *state;
	struct err_info info = {0};
	assert_int_equal(apart_run_within(&limits, works_for_ever, shared, &info), ERR_IO);
	assert_non_null(strstr(info.text, "用时过长"));
	assert_int_equal(atomic_load(&shared->begun), 1);
	assert_no_child();
}

static int takes_a_lock(void *arg, struct err_info *info)
{
	struct shared *shared = arg;
	(void)info;
	atomic_fetch_add(&shared->begun, 1);
	pthread_mutex_lock(shared->held);
	pthread_mutex_unlock(shared->held);
	return 0;
}

static void *lets_go_once_a_child_has_begun(void *arg)
{
	struct shared *shared = arg;
	while (atomic_load(&shared->begun) == 0)
		usleep(1000);
	pthread_mutex_unlock(shared->held);
	return NULL;
}

static void a_lock_held_while_forking_is_met_once(void **state)
{
	static const struct apart_limits limits = {.idle_ms = 1000, .whole_ms = 600000};
	struct shared *shared = *state;
	pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread;
	shared->held = &held;
	pthread_mutex_lock(&held);
	assert_int_equal(pthread_create(&thread, NULL, lets_go_once_a_child_has_begun, shared), 0);
	assert_int_equal(apart_run_within(&limits, takes_a_lock, shared, NULL), 0);
	assert_int_equal(atomic_load(&shared->begun), 2);
	pthread_join(thread, NULL);
	assert_no_child();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(what_the_work_says_comes_back),
		TEST(a_child_that_dies_is_want_of_memory),
		TEST(a_child_that_stands_still_is_ended_and_the_second_too),
		TEST(a_child_that_works_for_ever_is_ended_once),
		TEST(a_lock_held_while_forking_is_met_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
