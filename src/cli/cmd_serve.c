/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/audits.h"
#include "cli/demo.h"
#include "cli/office.h"
#include "cli/place.h"
#include "db/migrate.h"
#include "store/schema.h"
#include "web/server.h"
#include "web/site.h"

enum {
	GRACE_MS = 10000,	/* for running requests, when told to stop */
	ANCHOR_S = 24 * 3600,	/* how often the heads of the audit chains are anchored */
};

static const struct cli_option options[] = {
	{"db", "FILE", "数据库：SQLite 文件，或 postgresql://… 地址（默认：状态目录里的 jinwei.db）", false},
	{"listen", "ADDR", "监听地址（默认 127.0.0.1:8080；:8080 表示所有网卡）", false},
	{"tls-cert", "FILE", "TLS 证书（PEM）", false},
	{"tls-key", "FILE", "TLS 私钥（PEM）", false},
	{"demo", "FILE", "演示：把示例县名册装进 --db 指定的新数据库，并打印演示账号", false},
	{0},
};
enum { OPT_DB, OPT_LISTEN, OPT_CERT, OPT_KEY, OPT_DEMO };

static void log_line(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

/* The address people type: a wildcard is no address. */
static void print_address(const struct server *server, const char *listen, bool tls,
			  const char *path)
{
	const char *colon = strrchr(listen, ':');
	int len = colon ? (int)(colon - listen) : 0;
	bool any = len == 0 || strncmp(listen, "0.0.0.0:", 8) == 0 || strncmp(listen, "[::]:", 5) == 0;

	printf("%s://%.*s:%d%s\n", tls ? "https" : "http", any ? 9 : len, any ? "127.0.0.1" : listen,
	       server_port(server), path);
}

/* `code` is "" unless the installation is new. */
static void print_start(const struct server *server, const char *listen, bool tls, const char *code)
{
	if (*code) {
		char path[SITE_CODE_LEN + 16];
		snprintf(path, sizeof(path), "/first?code=%s", code);
		printf("还没有账号。请用浏览器打开下面的一次性地址，建立首批账号：\n");
		print_address(server, listen, tls, path);
	}
	printf("网页服务已启动：");
	print_address(server, listen, tls, "/");
}

/* What must be done now and then while serving. */
static void anchor(struct app *app)
{
	struct caller caller = office_caller();
	struct audit_head head;
	struct err_info info = {0};

	if (audits_anchor(app, &caller, &head, &info) < 0)
		fprintf(stderr, "日志锚定没有成功：%s\n", info.text);
}

/* Serves until SIGTERM or SIGINT, which all threads have blocked. */
static int serve(struct web *web, const struct server_config *config, const sigset_t *signals,
		 struct err_info *info)
{
	const struct timespec day = {ANCHOR_S, 0};
	char code[SITE_CODE_LEN + 1] = "";
	struct server *server;

	int r = web->gate.is_new(web->gate.arg, info);
	if (r > 0)
		site_make_code(web, code);
	if (r >= 0)
		r = server_start(&server, web, config, info);
	if (r < 0)
		return r;
	if (web->demo)
		demo_print_accounts();
	print_start(server, config->listen, config->cert != NULL, code);
	if (web->demo)
		printf("用浏览器打开这个地址。按 Ctrl-C 停止。\n");
	fflush(stdout);
	do
		anchor(web->app);
	while (sigtimedwait(signals, NULL, &day) < 0);
	printf("正在停止……\n");
	fflush(stdout);
	server_stop(server, GRACE_MS);
	return 0;
}

/* Accounts with printed passwords must not get into anybody's real data, nor
 * onto the network unasked. */
static int check_demo(const struct cli_args *args, struct db *db, struct err_info *info)
{
	int migration;

	if (!args->value[OPT_LISTEN] && getenv("LISTEN_FDS"))
		return err_set(info, ERR_INPUT, "演示只在本机监听；要用别的地址，请写明 --listen");
	int r = db_schema_at(db, &migration, info);
	if (r == 0 && migration != 0)
		r = err_set(info, ERR_STATE, "演示只能用新的数据库，这个已经用过，请换一个文件或先删掉它");
	return r;
}

static int open_and_serve(const struct cli_args *args, const sigset_t *signals,
			  struct diag *diag, struct err_info *info)
{
	const char *demo = args->value[OPT_DEMO];
	const char *listen = args->value[OPT_LISTEN];
	struct server_config config = {.listen = listen ? listen : "127.0.0.1:8080",
				       .cert = args->value[OPT_CERT], .key = args->value[OPT_KEY],
				       .log = demo ? NULL : log_line};	/* the accounts stay in sight */
	struct db *db = NULL;
	struct app app = {0};
	struct web web = {0};

	if (demo && !args->value[OPT_DB])
		return err_set(info, ERR_INPUT, "演示要用 --db 指定一个新的数据库文件");
	int r = place_open_db(&db, args->value[OPT_DB], info);
	if (r == 0 && demo)
		r = check_demo(args, db, info);
	if (r == 0)
		r = db_migrate(db, &store_schema, (int64_t)time(NULL) * 1000, NULL, info);
	if (r == 0)
		r = app_init(&app, db, info);
	if (r == 0 && demo)
		r = demo_load(&app, demo, diag, info);
	if (r == 0)
		r = site_init(&web, &app, JINWEI_VERSION, info);
	web.demo = demo != NULL;
	if (r == 0)
		r = serve(&web, &config, signals, info);
	site_done(&web);
	app_done(&app);
	db_close(db);
	return r;
}

static int run(const struct cli_args *args)
{
	struct err_info info = {0};
	AUTO(diag) struct diag diag = {0};
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	int r = open_and_serve(args, &signals, &diag, &info);
	if (r == 0)
		return EXIT_OK;
	return diag.total ? cli_fail_diag(&diag) : cli_fail(&info);
}

const struct cli_command cmd_serve = {
	.name = "serve",
	.summary = "启动网页服务",
	.options = options,
	.run = run,
};
