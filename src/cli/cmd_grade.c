/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_grade.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/grading.h"
#include "base/file.h"
#include "domain/exact.h"

enum {
	OPT_SCHEME,
	OPT_ORGS,
	OPT_SCORES,
	OPT_BALLOTS,
	OPT_LOCAL,
	OPT_OUT,
	OPT_XLSX,
	OPT_SUMMARY,
	OPT_SHOW,
	OPT_THREADS,
	OPT_TIMINGS,
};

static const struct cli_option options[] = {
	[OPT_SCHEME] = {"scheme", "方案", "方案文件，或内置方案的代码（jinwei scheme list 列出）", true},
	[OPT_ORGS] = {"orgs", "文件", "组织名册，.csv 或 .xlsx；“-”为标准输入", true},
	[OPT_SCORES] = {"scores", "文件", "得分", true},
	[OPT_BALLOTS] = {"ballots", "文件", "测评票", true},
	[OPT_LOCAL] = {"local", "文件", "党委自设的个性指标（5+2+X）", false},
	[OPT_OUT] = {"out", "文件", "结果 CSV；不写则输出到屏幕", false},
	[OPT_XLSX] = {"xlsx", "文件", "结果工作簿，给人看", false},
	[OPT_SUMMARY] = {"summary", "文件", "各级汇总 CSV", false},
	[OPT_SHOW] = {"show", NULL, "在屏幕上显示结果表", false},
	[OPT_THREADS] = {"threads", "个数", "用几个处理器核心；不写则全用", false},
	[OPT_TIMINGS] = {"timings", "文件", "把读入、计算、写出各用了几秒写成 JSON（性能测试用）", false},
	{0},
};

/* A bar on the terminal; nothing where the output goes elsewhere. */
static void show_progress(void *arg, const char *name, uint64_t done, uint64_t total)
{
	enum { WIDTH = 30 };
	static const char bar[] = "##############################";
	int *shown = arg;
	int percent = total ? (int)(done * 100 / total) : 0;
	if (percent == *shown)
		return;
	*shown = percent;
	int n = percent * WIDTH / 100;
	fprintf(stderr, "\r%s [%-*.*s] %3d%%", name, WIDTH, n, bar, percent);
	if (percent == 100)
		fprintf(stderr, "\r\033[K");
	fflush(stderr);
}

static int read_threads(const char *text, unsigned *ret_threads)
{
	uint64_t value = 0;
	if (text && (!digits_parse(str_from(text), 64, &value) || !value)) {
		fprintf(stderr, "错误：--threads 应为 1 到 64 的整数，不是“%s”\n", text);
		return EXIT_WRONG;
	}
	*ret_threads = (unsigned)value;
	return 0;
}

/* How many are not graded, and why (spec: exit status 3). */
static void tell_ungraded(const struct graded *g)
{
	uint32_t count[3] = {0};
	uint32_t missing[SCHEME_SOURCES_MAX] = {0};
	for (uint32_t i = 0; i < g->orgs->n; i++) {
		uint8_t s = g->status[i];
		if (s == STATUS_GRADED || s == STATUS_NODE)
			continue;
		count[0] += s == STATUS_OUTSIDE;
		count[1] += s == STATUS_MISSING;
		count[2] += s == STATUS_TURNOUT;
		for (int k = 0; s == STATUS_MISSING && k < g->scheme->n_sources; k++)
			missing[k] += graded_missing(g, i) >> k & 1;
	}
	fprintf(stderr, "%u 个组织中有 %u 个没有定级：\n", g->n_orgs, g->n_orgs - g->n_graded);
	if (count[0])
		fprintf(stderr, "  %u 个不在方案范围内（领域为空、不属于任何类别，或组织类型不参加定级）\n",
			count[0]);
	if (count[1]) {
		fprintf(stderr, "  %u 个缺少评分：", count[1]);
		const char *separator = "";
		for (int k = 0; k < g->scheme->n_sources; k++)
			if (missing[k]) {
				fprintf(stderr, "%s缺“%s” %u 个", separator,
					g->scheme->sources[k].label, missing[k]);
				separator = "，";
			}
		fprintf(stderr, "\n");
	}
	if (count[2])
		fprintf(stderr, "  %u 个参评人数不够\n", count[2]);
}

/* Writes the results. Files not yet in their place must not outlive us: a
 * reader that goes away and a file that may grow no more are errors like any
 * other, and who interrupts waits until they are written, unless standard output
 * could keep us here for ever. */
static int write_results(struct grading *grading, const struct grading_job *job,
			 struct err_info *info)
{
	const char *const out[] = {job->out, job->xlsx, job->summary, job->show ? "-" : NULL};
	sigset_t held, before;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&held);
	for (int i = 0; i < 3; i++)
		sigaddset(&held, (int[]){SIGINT, SIGTERM, SIGHUP}[i]);
	for (size_t i = 0; i < ARRAY_LEN(out); i++)
		if (out[i] && strcmp(out[i], "-") == 0)
			sigemptyset(&held);
	sigprocmask(SIG_BLOCK, &held, &before);
	int r = grading_write(grading, job, info);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

static int write_timings(const char *path, const struct grading_times *t, struct err_info *info)
{
	AUTO(outfile) struct outfile file = OUTFILE_INIT;
	AUTO(buf) struct buf text = {0};
	const struct {
		const char *name;
		uint64_t us;
	} phases[] = {{"load", t->load_us}, {"compute", t->compute_us}, {"export", t->export_us}};
	for (size_t i = 0; i < ARRAY_LEN(phases); i++) {
		buf_addf(&text, "%s\"%s\": ", i ? ", " : "{", phases[i].name);
		decimal_format_places(&text, (phases[i].us + 50) / 100, 4);
	}
	buf_adds(&text, "}\n");
	int r = outfile_open(&file, path, info);
	if (r == 0)
		r = text.failed ? err_nomem(info) : outfile_write(&file, text.data, text.len, info);
	return r == 0 ? outfile_commit(&file, info) : r;
}

static int run(const struct cli_args *args)
{
	int shown = -1;
	struct grading_job job = {
		.scheme = args->value[OPT_SCHEME],
		.paths = {args->value[OPT_ORGS], args->value[OPT_SCORES], args->value[OPT_BALLOTS],
			  args->value[OPT_LOCAL]},
		.out = args->value[OPT_OUT],
		.xlsx = args->value[OPT_XLSX],
		.summary = args->value[OPT_SUMMARY],
		.show = args->value[OPT_SHOW] ? stdout : NULL,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
		.progress_arg = &shown,
	};
	if (!job.out && !job.show)
		job.out = "-";
	if (read_threads(args->value[OPT_THREADS], &job.threads))
		return EXIT_WRONG;

	AUTO(diag) struct diag errors = {0}, warnings = {0};
	struct err_info info = {0};
	struct grading grading;
	cli_mind_lost_files();
	int r = grading_run(&grading, &job, &errors, &warnings, &info);
	for (int i = 0; i < warnings.n; i++)
		fprintf(stderr, "注意：%s\n", warnings.at[i]);
	if (r < 0)
		return errors.total ? cli_fail_diag(&errors) : cli_fail(&info);
	r = write_results(&grading, &job, &info);
	if (r == 0 && args->value[OPT_TIMINGS])
		r = write_timings(args->value[OPT_TIMINGS], &grading.times, &info);
	int status = EXIT_OK;
	if (r < 0) {
		status = cli_fail(&info);
	} else if (grading.graded.n_graded < grading.graded.n_orgs) {
		tell_ungraded(&grading.graded);
		status = EXIT_PARTLY;
	}
	grading_done(&grading);
	return status;
}

const struct cli_command cmd_grade = {
	.name = "grade",
	.summary = "按方案给组织分类定级、排名、评星",
	.options = options,
	.run = run,
};
