/* SPDX-License-Identifier: Apache-2.0 */
#include "app/grading.h"

#include <sched.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/par.h"
#include "import/scheme_yaml.h"
#include "report/result_csv.h"
#include "report/result_table.h"
#include "report/result_xlsx.h"

unsigned grading_threads(void)
{
	cpu_set_t cpus;
	int n = sched_getaffinity(0, sizeof(cpus), &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
	return n < 1 ? 1 : n > PAR_THREADS_MAX ? PAR_THREADS_MAX : (unsigned)n;
}

static unsigned threads_of(const struct grading_job *job)
{
	return job->threads ? job->threads : grading_threads();
}

/* Whether two paths name the same regular file, there already or not. */
static bool same_file(const char *a, const char *b)
{
	struct stat x, y;
	bool there = stat(a, &x) == 0;
	if (there != (stat(b, &y) == 0))
		return false;
	return there ? S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino :
		       strcmp(a, b) == 0;
}

/* A result must not replace what it was made from, nor another result. */
static int check_paths(const char *const *in, int n_in, const char *const *out, int n_out,
		       struct err_info *info)
{
	for (int i = 0; i < n_out; i++) {
		if (!out[i] || strcmp(out[i], "-") == 0)
			continue;
		for (int k = 0; k < n_in; k++)
			if (in[k] && same_file(out[i], in[k]))
				return err_set(info, ERR_INPUT, "结果不能写到输入文件 %s，请换一个文件名", in[k]);
		for (int k = 0; k < i; k++)
			if (out[k] && same_file(out[i], out[k]))
				return err_set(info, ERR_INPUT, "两个结果不能写到同一个文件 %s", out[i]);
	}
	return 0;
}

/* Standard input can be read once, standard output written once. */
static int check_job(const struct grading_job *job, struct err_info *info)
{
	const char *in[] = {job->paths.orgs, job->paths.scores, job->paths.ballots, job->paths.local,
			    job->scheme};
	const char *out[] = {job->out, job->xlsx, job->summary, job->show ? "-" : NULL};
	int stdin_uses = 0, stdout_uses = 0;
	for (size_t i = 0; i < ARRAY_LEN(in); i++)
		stdin_uses += in[i] && strcmp(in[i], "-") == 0;
	for (size_t i = 0; i < ARRAY_LEN(out); i++)
		stdout_uses += out[i] && strcmp(out[i], "-") == 0;
	if (stdin_uses > 1)
		return err_set(info, ERR_INPUT, "只能有一个输入文件是“-”（标准输入）");
	if (stdout_uses > 1)
		return err_set(info, ERR_INPUT, "只能有一个输出是“-”（标准输出）");
	return check_paths(in, ARRAY_LEN(in), out, ARRAY_LEN(out), info);
}

static uint64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Who looks nothing up later needs no ballots any more. */
static int compute(struct grading *g, const struct grading_job *job)
{
	struct grade_input *in = &g->input;
	unsigned threads = par_worth(threads_of(job), in->orgs.n);
	return job->paths.look_up_later ?
		       grade_run(&g->graded, &g->scheme, &in->orgs, &in->book, threads) :
		       grade_once(&g->graded, &g->scheme, &in->orgs, &in->book, threads);
}

int grading_run(struct grading *g, const struct grading_job *job, struct diag *errors,
		struct diag *warnings, struct err_info *info)
{
	uint64_t start = now_us();
	*g = (struct grading){0};
	int r = check_job(job, info);
	if (r == 0)
		r = scheme_load(&g->scheme, job->scheme, errors, info);
	if (r == 0 && g->scheme.kind == SCHEME_RECTIFICATION)
		r = err_set(info, ERR_INPUT, "方案“%s”只管整顿，不定级：没有指标、评价主体和等次",
			    g->scheme.id);
	if (r == 0)
		r = grade_input_read(&g->input, &g->scheme, &job->paths, threads_of(job),
				     job->progress, job->progress_arg, errors, warnings, info);
	g->times.load_us = now_us() - start;
	start = now_us();
	if (r == 0 && compute(g, job) < 0)
		r = err_nomem(info);
	g->times.compute_us = now_us() - start;
	if (r < 0)
		grading_done(g);
	return r;
}

void grading_done(struct grading *g)
{
	if (!g)
		return;
	graded_done(&g->graded);
	grade_input_done(&g->input);
	scheme_done(&g->scheme);
}

static int open_wanted(struct outfile *file, const char *path, struct err_info *info)
{
	return path ? outfile_open(file, path, info) : 0;
}

/* The roll-up, made and written. */
struct roll_up {
	struct summary summary;
	struct grading *grading;
	struct outfile file;
	bool wanted;		/* as a file */
	bool last;              /* to ask what the sources came to */
};

static int roll_up(void *arg, struct err_info *info)
{
	struct roll_up *roll = arg;
	if (summary_run(&roll->summary, &roll->grading->graded) < 0)
		return err_nomem(info);
	int r = roll->wanted ? summary_csv_write(&roll->file, &roll->summary, info) : 0;
	if (roll->last)
		graded_drop_sources(&roll->grading->graded, &roll->grading->input.book);
	return r;
}

int grading_write(struct grading *g, const struct grading_job *job, struct err_info *info)
{
	AUTO(outfile) struct outfile out = OUTFILE_INIT, xlsx = OUTFILE_INIT;
	struct roll_up roll = {.grading = g, .file = OUTFILE_INIT, .wanted = job->summary != NULL};
	bool needed = job->summary || job->xlsx || job->show;
	uint64_t start = now_us();

	/* All are opened before the first byte is written. */
	int r = open_wanted(&out, job->out, info);
	if (r == 0)
		r = open_wanted(&xlsx, job->xlsx, info);
	if (r == 0)
		r = open_wanted(&roll.file, job->summary, info);
	/* The rows of the results do not wait for a roll-up that only goes to its file. */
	bool beside = needed && job->out && !job->xlsx && !job->show;
	if (r == 0 && needed && !beside)
		r = roll_up(&roll, info);
	roll.last = beside && !job->paths.look_up_later;
	if (r == 0 && job->xlsx)
		r = result_xlsx_write(&xlsx, &g->graded, &roll.summary, info);
	if (r == 0 && job->out)
		r = result_csv_write(&out, &g->graded, threads_of(job),
				     beside ? &(struct result_first){roll_up, &roll} : NULL, info);
	/* … and all are complete before the first appears. They are not synced:
	 * after a power failure the same command makes them again. */
	struct outfile *files[] = {&out, &xlsx, &roll.file};
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(files); i++)
		if (files[i]->fd >= 0)
			r = outfile_commit(files[i], info);
	if (r == 0 && job->show)
		r = result_table_show(job->show, &g->graded, &roll.summary, info);
	summary_done(&roll.summary);
	outfile_done(&roll.file);
	g->times.export_us = now_us() - start;
	return r;
}
