/* SPDX-License-Identifier: Apache-2.0 */
#include "import/grade_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/par.h"
#include "domain/exact.h"

enum {
	HEAD_BYTES = 64 << 10,	/* the fast reader's head must be within them */
	ROWS_PER_REPORT = 4096,
	MAP_FROM = 2 * CSV_BLOCK,
};

/* One file, open or in memory. */
struct input_file {
	const char *path;
	int fd;
	struct buf memory;	/* standard input and pipes are read whole */
	uint64_t size;
};

struct reading {
	struct grade_input *input;
	const struct scheme *scheme;
	unsigned threads;
	grade_progress progress;
	void *progress_arg;
	struct diag *errors, *warnings;
	struct err_info *info;
	const struct score_listener *listener;
	const char *name;	/* the present file, for messages */
	uint64_t size;
	bool tree_known;	/* rows of other files can be checked against it */
};

static const char *shown_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "标准输入" : path;
}

static void file_close(struct input_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	buf_done(&file->memory);
}

static int file_open(struct input_file *file, const char *path, struct err_info *info)
{
	struct stat st;
	*file = (struct input_file){.path = path, .fd = -1};
	if (strcmp(path, "-") != 0) {
		file->fd = open(path, O_RDONLY | O_CLOEXEC);
		bool stated = file->fd >= 0 && fstat(file->fd, &st) == 0;
		if (stated && S_ISDIR(st.st_mode))
			errno = EISDIR;
		if (file->fd < 0 || (stated && S_ISDIR(st.st_mode))) {
			/* A wrong path is the user's to mend, not the system's fault. */
			bool wrong = errno == ENOENT || errno == ENOTDIR || errno == EISDIR ||
				     errno == EACCES;
			err_io(info, "打开", path, errno);
			return wrong ? ERR_INPUT : ERR_IO;
		}
		if (stated && S_ISREG(st.st_mode)) {
			file->size = (uint64_t)st.st_size;
			return 0;
		}
		close(file->fd);
		file->fd = -1;
	}
	int r = file_read(path, TABLE_CSV_MAX, &file->memory, info);
	file->size = file->memory.len;
	return r;
}

static void show_bytes(void *arg, uint64_t bytes)
{
	struct reading *reading = arg;
	if (reading->progress)
		reading->progress(reading->progress_arg, reading->name,
				  bytes < reading->size ? bytes : reading->size, reading->size);
}

/* Forgets what was read of a file. */
static int start_over(struct reading *reading, enum grade_file which)
{
	struct grade_input *in = reading->input;
	switch (which) {
	case FILE_ORGS:
		orgs_done(&in->orgs);
		org_texts_done(&in->texts);
		return 0;
	case FILE_SCORES:
		return book_clear_scores(&in->book);
	case FILE_BALLOTS:
		book_clear_votes(&in->book);
		return 0;
	default:
		return 0;
	}
}

static struct grade_reader reader_for(struct reading *reading, enum grade_file which)
{
	struct grade_input *in = reading->input;
	return (struct grade_reader){
		.scheme = reading->scheme,
		.orgs = &in->orgs,
		.local = &in->local,
		.book = &in->book,
		.raters = &in->raters,
		.listener = reading->listener,
		.file = which,
		.name = reading->name,
	};
}

/* Maps a large file, so that it is read where the system keeps it; NULL where that is
 * not possible: then it is copied piece by piece. */
static const char *file_map(const struct input_file *file)
{
	if (file->fd < 0 || file->size < MAP_FROM || file->size > SIZE_MAX / 2)
		return NULL;
	void *data = mmap(NULL, file->size, PROT_READ, MAP_SHARED, file->fd, 0);
	return data == MAP_FAILED ? NULL : data;
}

/* Calls the fast reader. Texts of organisations stay in their file, which is given
 * back with them; other files are let go as they are read. */
static int read_blocks(struct reading *reading, struct grade_reader *reader,
		       const struct input_file *file, uint64_t body)
{
	struct org_texts *texts = reader->file == FILE_ORGS ? &reading->input->texts : NULL;
	const char *map = file_map(file);
	struct csv_source source = {file->fd, map ? map : file->memory.data, file->size, map && !texts};
	if (texts) {
		texts->file = map;
		texts->file_size = file->size;
	}
	int r = grade_fast_read(reader, &source, body, reading->threads, show_bytes, reading, texts);
	if (map && !texts)
		munmap((void *)(uintptr_t)map, file->size);
	return r;
}

/* Tries the fast reader; CSV_UNUSUAL where the precise one must look. */
static int read_fast(struct reading *reading, enum grade_file which, struct input_file *file)
{
	char *head = malloc(HEAD_BYTES);
	struct str *cells = malloc(CSV_COLUMNS_MAX * sizeof(*cells));
	int *leaf = malloc(CSV_COLUMNS_MAX * sizeof(*leaf));
	struct grade_reader reader = reader_for(reading, which);
	struct diag warnings = {0};
	uint64_t body = 0;
	int r = head && cells && leaf ? 0 : ERR_NOMEM;

	if (r == 0) {
		struct str text = {head, 0};
		if (file->fd >= 0) {
			ssize_t n = pread(file->fd, head, HEAD_BYTES, 0);
			text.len = n > 0 ? (size_t)n : 0;
		} else {
			text.len = file->size < HEAD_BYTES ? (size_t)file->size : HEAD_BYTES;
			memcpy(head, file->memory.data, text.len);
		}
		r = csv_fast_head(text, cells, &body);
	}
	if (r > 0) {
		for (int i = 0; i < r; i++)
			if (str_has_wide(cells[i]))	/* folded in place: head is ours */
				cells[i].len = str_fold_width(cells[i], head + (cells[i].data - head));
		reader.leaf = which == FILE_SCORES ? leaf : NULL;
		r = grade_head(&reader, r, cells, &warnings);
	}
	if (r == 0)
		r = read_blocks(reading, &reader, file, body);
	if (r == 0 && which == FILE_ORGS) {
		r = orgs_finish(&reading->input->orgs,
				par_worth(reading->threads, reading->input->orgs.n), NULL, NULL);
		reading->tree_known = r == 0;
	}
	for (int i = 0; r == 0 && i < warnings.n; i++)
		diag_add(reading->warnings, "%s", warnings.at[i]);
	diag_done(&warnings);
	free(head);
	free(cells);
	free(leaf);
	return r == 0 || r == ERR_NOMEM || r == ERR_IO || r == ERR_LIMIT ? r : CSV_UNUSUAL;
}

/* A head row kept while its file is read: trimmed and folded. */
struct kept_head {
	struct arena arena;
	struct str *cells;
	int *leaf;
};

static int keep_head(struct kept_head *head, const struct table_row *row)
{
	head->cells = arena_zalloc(&head->arena, (size_t)row->n, sizeof(*head->cells));
	head->leaf = arena_zalloc(&head->arena, (size_t)row->n, sizeof(*head->leaf));
	if (!head->cells || !head->leaf)
		return ERR_NOMEM;
	for (int i = 0; i < row->n; i++) {
		struct str cell = str_trim(row->cells[i]);
		char *copy = arena_strndup(&head->arena, cell.len ? cell.data : "", cell.len);
		if (!copy)
			return ERR_NOMEM;
		head->cells[i] = (struct str){copy, str_fold_width((struct str){copy, cell.len}, copy)};
	}
	return 0;
}

static void tell_broken(struct reading *reading, const struct table_row *row)
{
	diag_add(reading->errors, "%s 第 %llu 行第 %d 格：%s", reading->name,
		 (unsigned long long)row->line, row->why_cell + 1, row->why);
}

static int precise_rows(struct reading *reading, struct grade_reader *reader, struct table *table)
{
	struct table_row row;
	uint64_t rows = 0;
	int r;
	while ((r = table_next(table, &row, reading->info)) > 0) {
		if (++rows % ROWS_PER_REPORT == 0)
			show_bytes(reading, 0);
		if (row.broken) {
			tell_broken(reading, &row);
			continue;
		}
		if (row.n != reader->n_columns) {
			diag_add(reading->errors, "%s 第 %llu 行：有 %d 格，应与表头一样有 %d 格",
				 reading->name, (unsigned long long)row.line, row.n, reader->n_columns);
			continue;
		}
		reader->line = row.line;
		r = grade_row(reader, row.cells);
		if (r < 0 && r != ERR_INPUT)
			return r == ERR_NOMEM ? err_nomem(reading->info) :
						err_set(reading->info, r, "%s：超出上限", reading->name);
	}
	return r;
}

static int precise_table(struct reading *reading, struct grade_reader *reader, struct table *table)
{
	struct kept_head head = {0};
	struct table_row row;
	int r = table_next(table, &row, reading->info);

	reader->sheet = table_is_sheet(table);
	if (r == 0) {
		diag_add(reading->errors, "%s：文件是空的，第一行应为列名", reading->name);
		r = ERR_INPUT;
	} else if (r > 0 && row.broken) {
		tell_broken(reading, &row);
		r = ERR_INPUT;
	} else if (r > 0) {
		r = keep_head(&head, &row);
		if (r < 0)
			err_nomem(reading->info);
	}
	if (r == 0) {
		reader->leaf = reader->file == FILE_SCORES ? head.leaf : NULL;
		reader->line = row.line;
		r = grade_head(reader, row.n, head.cells, reading->warnings);
		bool sensible = reading->tree_known || reader->file == FILE_ORGS;
		if (r == 0 && sensible)
			r = precise_rows(reading, reader, table);
	}
	/* The tree is checked while the head is here to name columns. */
	if (reader->file == FILE_ORGS && r == 0) {
		int tree = orgs_finish(reader->orgs, 1, grade_tree_fault, reader);
		if (tree == ERR_NOMEM)
			r = err_nomem(reading->info);
		reading->tree_known = r == 0;
	}
	arena_done(&head.arena);
	return r == ERR_INPUT && reading->errors->total ? 0 : r;
}

static int read_precisely(struct reading *reading, enum grade_file which, struct input_file *file)
{
	struct grade_reader reader = reader_for(reading, which);
	struct table *table = NULL;
	int r = start_over(reading, which);

	reader.diag = reading->errors;
	if (r == 0)
		r = file->fd >= 0 ? table_open(&table, file->path, grade_is_head, &reader, reading->info) :
				    table_open_memory(&table, reading->name, file->memory.data,
						      file->memory.len, grade_is_head, &reader,
						      reading->info);
	else
		err_nomem(reading->info);
	if (r == ERR_INPUT || r == ERR_LIMIT) {
		diag_add(reading->errors, "%s", reading->info->text);
		return 0;
	}
	if (r == 0)
		r = precise_table(reading, &reader, table);
	table_free(table);
	free(reader.org_lines);
	return r;
}

static int read_file(struct reading *reading, enum grade_file which, const char *path)
{
	struct input_file file;
	reading->name = shown_name(path);
	int r = file_open(&file, path, reading->info);
	reading->size = file.size;
	if (r == ERR_INPUT) {
		diag_add(reading->errors, "%s", reading->info->text);
		r = 0;
	} else if (r == 0) {
		bool checkable = reading->tree_known || which == FILE_ORGS;
		/* Only the precise reader tells a listener. */
		bool heard = which == FILE_SCORES && reading->listener;
		bool fast = checkable && which != FILE_LOCAL && !heard && !table_workbook_name(reading->name);
		r = fast ? read_fast(reading, which, &file) : CSV_UNUSUAL;
		if (r == CSV_UNUSUAL || r == ERR_LIMIT)		/* of too much it finds the row */
			r = read_precisely(reading, which, &file);
		else if (r == ERR_NOMEM)
			err_nomem(reading->info);
		else if (r == ERR_IO)
			err_set(reading->info, r, "无法读取 %s", reading->name);
	}
	file_close(&file);
	return r;
}

static int read_local(struct reading *reading, const char *path)
{
	struct grade_input *in = reading->input;
	if (!path)
		return 0;
	if (!reading->scheme->local.given || !reading->scheme->scale_to_100) {
		diag_add(reading->errors, "%s：方案“%s”不允许自设个性指标（没有 local，或没有 scale_to_100）",
			 shown_name(path), reading->scheme->id);
		return 0;
	}
	int r = read_file(reading, FILE_LOCAL, path);
	for (uint32_t i = 0; r == 0 && i < in->local.n; i++) {
		const struct local_set *set = &in->local.sets[i];
		int32_t max = reading->scheme->local.max_total_e4;
		if (set->max_sum_e4 <= max)
			continue;
		AUTO(buf) struct buf sum = {0}, limit = {0};
		decimal_format_e4(&sum, set->max_sum_e4);
		decimal_format_e4(&limit, max);
		diag_add(reading->errors, "%s：“%.*s”的个性指标合计 %s 分，方案规定不超过 %s 分",
			 shown_name(path), STR_ARG(orgs_code(&in->orgs, set->node)), buf_str(&sum),
			 buf_str(&limit));
	}
	if (r == 0 && reading->tree_known && local_finish(&in->local, &in->orgs) < 0)
		return err_nomem(reading->info);
	return r;
}

static int read_all(struct reading *reading, const struct grade_paths *paths)
{
	struct grade_input *in = reading->input;
	int r = read_file(reading, FILE_ORGS, paths->orgs);
	if (r == 0 && orgs_categorise(&in->orgs, reading->scheme,
				      par_worth(reading->threads, in->orgs.n)) < 0)
		return err_nomem(reading->info);
	if (r == 0)
		r = read_local(reading, paths->local);
	if (r == 0 && book_init(&in->book, reading->scheme, &in->orgs, &in->local) < 0)
		return err_nomem(reading->info);
	if (r == 0)
		r = read_file(reading, FILE_SCORES, paths->scores);
	if (r == 0)
		r = read_file(reading, FILE_BALLOTS, paths->ballots);
	if (r == 0 && reading->errors->total)
		return ERR_INPUT;
	if (r == 0) {
		unsigned threads = par_worth(reading->threads, in->orgs.n);
		r = book_finish_votes(&in->book, threads);
		if (!paths->look_up_later) {
			orgs_drop_index(&in->orgs);
			if (in->book.votes)
				orgs_drop_lines(&in->orgs);
		}
		if (r == 0)
			r = book_finish(&in->book, threads);
		if (r == ERR_NOMEM)
			err_nomem(reading->info);
		else if (r == ERR_LIMIT)
			err_set(reading->info, r, "一个评价主体对同一组织的评价人太多：上限是 %d 人",
				BOOK_RATERS_MAX);
	}
	return r;
}

int grade_input_read(struct grade_input *input, const struct scheme *scheme,
		     const struct grade_paths *paths, unsigned threads, grade_progress progress,
		     void *progress_arg, struct diag *errors, struct diag *warnings,
		     struct err_info *info)
{
	struct reading reading = {
		.input = input,
		.scheme = scheme,
		.threads = threads,
		.progress = progress,
		.progress_arg = progress_arg,
		.errors = errors,
		.warnings = warnings,
		.info = info,
		.listener = paths->listener,
	};
	*input = (struct grade_input){0};
	int r = intern_init(&input->raters);
	if (r < 0)
		return err_nomem(info);
	r = read_all(&reading, paths);
	if (r < 0)
		grade_input_done(input);
	return r;
}

void grade_input_done(struct grade_input *input)
{
	if (!input)
		return;
	book_done(&input->book);
	local_done(&input->local);
	orgs_done(&input->orgs);
	org_texts_done(&input->texts);
	intern_done(&input->raters);
	*input = (struct grade_input){0};
}
