/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "app/audits.h"
#include "cli/demo.h"
#include "cli/office.h"
#include "cli/place.h"
#include "db/migrate.h"
#include "store/schema.h"
#include "store/setting.h"
#include "web/server.h"
#include "web/site.h"

enum {
	GRACE_MS = 10000,	/* for running requests, when told to stop */
	ANCHOR_S = 24 * 3600,	/* how often the heads of the audit chains are anchored */
};

static const struct cli_option options[] = {
	{"db", "地址", "数据库：SQLite 文件，或 postgresql://… 地址（默认：状态目录里的 jinwei.db）", false},
	{"listen", "地址", "监听地址（默认 127.0.0.1:8080；:8080 表示所有网卡）", false},
	{"tls-cert", "文件", "TLS 证书（PEM）", false},
	{"tls-key", "文件", "TLS 私钥（PEM）", false},
	{"public-url", "网址", "大家打开网页用的地址，印在账号条上，例如 https://jw.example/（默认：监听地址）", false},
	{"behind-proxy", "IP地址", "前面有反向代理时写它的 IP 地址，只认它转来的客户地址（X-Forwarded-For）", false},
	{"demo", "文件", "演示：把示例县名册装进 --db 指定的新数据库，并打印演示账号", false},
	{0},
};
enum { OPT_DB, OPT_LISTEN, OPT_CERT, OPT_KEY, OPT_PUBLIC, OPT_PROXY, OPT_DEMO };

static void log_line(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

enum { ADDRESS_MAX = 256 };

/* http or https, a host, nothing after it but a slash. */
static int check_public(const char *url, char ret_address[ADDRESS_MAX], struct err_info *info)
{
	size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
	size_t host = strcspn(url + scheme, "/?# \t");

	if (!scheme || !host || (url[scheme + host] && strcmp(url + scheme + host, "/") != 0) ||
	    snprintf(ret_address, ADDRESS_MAX, "%.*s/", (int)(scheme + host), url) >= ADDRESS_MAX)
		return err_set(info, ERR_INPUT, "--public-url “%s”不对，应像 https://jw.example/ 或 http://10.1.2.3:8080/",
			       url);
	return 0;
}

static int check_proxy(const char *address, struct err_info *info)
{
	struct in6_addr bytes;

	if (address && inet_pton(AF_INET, address, &bytes) != 1 && inet_pton(AF_INET6, address, &bytes) != 1)
		return err_set(info, ERR_INPUT, "--behind-proxy “%s”不是 IP 地址", address);
	return 0;
}

/* `code` is "" unless the installation is new. */
static void print_start(const struct web *web, const char *address, const char *code)
{
	if (*code)
		printf("还没有账号。请用浏览器打开下面的一次性地址，建立首批账号：\n%sfirst?code=%s\n",
		       address, code);
	if (strcmp(web->address, address) != 0)
		printf("大家打开网页用的地址：%s\n", web->address);
	printf("网页服务已启动：%s\n", address);
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

/* Serves until SIGTERM or SIGINT, which all threads have blocked. `new_demo`: NULL if it
 * was there. */
static int serve(struct web *web, const struct server_config *config, const struct demo_slips *new_demo,
		 const sigset_t *signals, struct err_info *info)
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
	if (new_demo)
		demo_print_accounts();
	print_start(web, server_address(server), code);
	if (new_demo) {
		demo_print_slips(new_demo, server_address(server));
		printf("用浏览器打开这个地址。按 Ctrl-C 停止。\n");
	}
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

/* Whoever starts it again: made-up data stay made-up. */
static int read_demo(struct db_tx *tx, void *arg, struct err_info *info)
{
	int64_t demo;
	(void)info;
	int r = store_setting_int(tx, 0, DEMO_SETTING, 0, &demo);
	if (r == 0)
		*(bool *)arg = demo != 0;
	return r;
}

static int open_and_serve(const struct cli_args *args, const sigset_t *signals,
			  struct diag *diag, struct err_info *info)
{
	const char *demo = args->value[OPT_DEMO];
	const char *listen = args->value[OPT_LISTEN], *public = args->value[OPT_PUBLIC];
	char address[ADDRESS_MAX] = "";
	struct server_config config = {.listen = listen ? listen : "127.0.0.1:8080",
				       .cert = args->value[OPT_CERT], .key = args->value[OPT_KEY],
				       .proxy = args->value[OPT_PROXY],
				       .log = demo ? NULL : log_line};	/* the accounts stay in sight */
	struct db *db = NULL;
	struct app app = {0};
	struct web web = {0};
	struct demo_slips slips;

	if (demo && !args->value[OPT_DB])
		return err_set(info, ERR_INPUT, "演示要用 --db 指定一个新的数据库文件");
	if (demo && access(demo, R_OK) != 0)	/* before there is a database */
		return err_io(info, "打开", demo, errno);
	int r = public ? check_public(public, address, info) : 0;
	if (r == 0)
		r = check_proxy(config.proxy, info);
	if (r == 0)
		r = place_open_db(&db, args->value[OPT_DB], info);
	if (r == 0)
		r = db_claim(db, false, info);
	if (r == 0 && demo)
		r = check_demo(args, db, info);
	if (r == 0)
		r = db_migrate(db, &store_schema, (int64_t)time(NULL) * 1000, NULL, info);
	if (r == 0)
		r = app_init(&app, db, info);
	app.thumbnailer = "/proc/self/exe";
	if (r == 0 && demo)
		r = demo_load(&app, demo, diag, &slips, info);
	if (r == 0)
		r = site_init(&web, &app, JINWEI_VERSION, info);
	web.address = address;
	if (r == 0)
		r = db_read(db, read_demo, &web.demo, info);
	if (r == 0)
		r = serve(&web, &config, demo ? &slips : NULL, signals, info);
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

	/* Pass phrases and choices pass through memory: no core dump, and nobody
	 * but root attaches to the process. */
	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
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
