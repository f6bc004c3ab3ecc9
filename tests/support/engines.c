/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/engines.h"

#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const bool engine_sqlite = false, engine_postgres = true;

/* One server a test program. */
static struct {
	char folder[64];
	char bin[256];
	pid_t pid;
	unsigned n_databases;
} server;

/* Holds the folders of all engines; goes when the program ends, so also after a
 * setup that failed. */
static struct {
	char folder[56];
	pid_t owner;
	unsigned n_engines;
} base;

static void remove_folder(const char *folder)
{
	char command[256];
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0)
		print_error("could not remove %s\n", folder);
}

static void stop_server(void)
{
	if (server.pid > 0) {
		kill(server.pid, SIGQUIT);
		waitpid(server.pid, NULL, 0);
	}
	if (server.folder[0])
		remove_folder(server.folder);
	server.pid = 0;
	server.folder[0] = '\0';
}

static void tidy_up(void)
{
	if (getpid() != base.owner)
		return;		/* a child */
	stop_server();
	if (base.folder[0])
		remove_folder(base.folder);
}

static void tidy_up_at_exit(void)
{
	if (base.owner != getpid() && atexit(tidy_up) == 0)
		base.owner = getpid();
}

static bool make_folder(char folder[64])
{
	const char *temp = getenv("TMPDIR");
	tidy_up_at_exit();
	if (!base.folder[0]) {
		if (!temp || strlen(temp) + strlen("/jinwei-test-XXXXXX") >= sizeof(base.folder))
			temp = "/tmp";
		snprintf(base.folder, sizeof(base.folder), "%s/jinwei-test-XXXXXX", temp);
		if (!mkdtemp(base.folder)) {
			base.folder[0] = '\0';
			return false;
		}
	}
	return snprintf(folder, 64, "%s/%u", base.folder, ++base.n_engines % 1000000) < 64 &&
	       mkdir(folder, 0700) == 0;
}

/* PostgreSQL refuses to run as root. */
static void drop_privileges(void)
{
	if (geteuid() != 0)
		return;
	const struct passwd *user = getpwnam("postgres");
	if (!user)
		user = getpwnam("nobody");
	if (!user || setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid))
		_exit(120);
}

static pid_t spawn(const char *const argv[])
{
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		drop_privileges();
		prctl(PR_SET_PDEATHSIG, SIGQUIT);
		if (getppid() != parent || !freopen("/dev/null", "w", stdout) ||
		    !freopen("log", "a", stderr))
			_exit(121);
		execv(argv[0], (char *const *)argv);
		_exit(122);
	}
	return pid;
}

static bool find_programs(void)
{
	glob_t found;
	if (glob("/usr/lib/postgresql/*/bin/postgres", 0, NULL, &found) != 0)
		return false;
	const char *last = found.gl_pathv[found.gl_pathc - 1];
	snprintf(server.bin, sizeof(server.bin), "%.*s", (int)(strrchr(last, '/') - last), last);
	globfree(&found);
	return true;
}

bool engines_sync;

int engines_start(void **state)
{
	(void)state;
	char initdb[300], postgres[300], data[80], socket_option[100], url[160];
	int status = -1;

	if (!find_programs()) {
		print_error("PostgreSQL is not installed (package postgresql)\n");
		return -1;
	}
	tidy_up_at_exit();
	/* Its own user must get there, so not in TMPDIR. */
	snprintf(server.folder, sizeof(server.folder), "/tmp/jinwei-pg-XXXXXX");
	if (!mkdtemp(server.folder)) {
		server.folder[0] = '\0';
		return -1;
	}
	if (chmod(server.folder, 0777))
		return -1;
	char before[4096];
	if (!getcwd(before, sizeof(before)) || chdir(server.folder))
		return -1;
	snprintf(initdb, sizeof(initdb), "%s/initdb", server.bin);
	snprintf(postgres, sizeof(postgres), "%s/postgres", server.bin);
	snprintf(data, sizeof(data), "%s/data", server.folder);
	snprintf(socket_option, sizeof(socket_option), "unix_socket_directories=%s", server.folder);
	const char *const make[] = {initdb, "-D", data, "-U", "jinwei", "-A", "trust", "-E", "UTF8",
			      "--locale=C.UTF-8", "--no-sync", NULL};
	const char *const run[] = {postgres, "-D", data, "-c", "listen_addresses=", "-c", socket_option,
			     "-c", engines_sync ? "fsync=on" : "fsync=off", "-c", "max_connections=80", NULL};
	waitpid(spawn(make), &status, 0);
	server.pid = status == 0 ? spawn(run) : 0;
	if (chdir(before) || status)
		return -1;
	snprintf(url, sizeof(url), "postgresql:///postgres?host=%s&user=jinwei", server.folder);
	for (int i = 0; i < 200; i++) {
		if (PQping(url) == PQPING_OK)
			return 0;
		usleep(50000);
	}
	print_error("PostgreSQL did not start; see %s/log\n", server.folder);
	return -1;
}

int engines_stop(void **state)
{
	(void)state;
	stop_server();
	return 0;
}

void engine_url(struct engine *engine, bool postgres, const char *name, char url[256])
{
	char sql[128], admin[160];
	if (!postgres) {
		snprintf(url, 256, "%s/%s.db", engine->folder, name);
		return;
	}
	snprintf(admin, sizeof(admin), "postgresql:///postgres?host=%s&user=jinwei", server.folder);
	PGconn *pg = PQconnectdb(admin);
	unsigned number = ++server.n_databases;
	snprintf(sql, sizeof(sql), "CREATE DATABASE t%u", number);
	PGresult *result = PQexec(pg, sql);
	assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
	PQclear(result);
	PQfinish(pg);
	snprintf(url, 256, "postgresql:///t%u?host=%s&user=jinwei", number, server.folder);
}

int engine_setup(void **state)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	struct err_info info = {0};
	engine->postgres = *(const bool *)*state;
	if (!make_folder(engine->folder)) {
		free(engine);
		return -1;
	}
	engine_url(engine, engine->postgres, "main", engine->url);
	if (db_open(&engine->db, engine->url, &info) < 0) {
		print_error("%s\n", info.text);
		remove_folder(engine->folder);
		free(engine);
		return -1;
	}
	*state = engine;
	return 0;
}

int engine_teardown(void **state)
{
	struct engine *engine = *state;
	db_close(engine->db);
	remove_folder(engine->folder);
	free(engine);
	return 0;
}
