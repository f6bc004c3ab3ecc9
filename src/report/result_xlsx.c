/* SPDX-License-Identifier: Apache-2.0 */
#include "report/result_xlsx.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/apart.h"
#include "report/scheme_text.h"
#include "report/xlsx_check.h"

enum {
	SHEET_ROWS_MAX = 1048576,
	GRADE_STYLES = 5,	/* best to worst, as on the screen */
	TITLE_ROWS = 2,		/* title and note above the head */
	NAME_WIDTH = 34,
	RULE_FIRST_WIDTH = 30,		/* columns of the rules' tables */
	RULE_WIDTH = 22,
};

/* What the sheets share. The workbook is written in constant memory: rows once
 * and in order. */
struct book_out {
	const struct graded *graded;
	struct summary *summary;
	lxw_workbook *workbook;
	lxw_format *title, *note, *head, *text, *code, *number, *score, *mean, *center, *strong;
	lxw_format *grade[GRADE_STYLES];
	lxw_format *quota, *warn, *wrap, *section;
	bool failed;		/* a call was refused */
	bool nomem;
};

static lxw_format *style(struct book_out *out, bool bold, uint8_t align)
{
	lxw_format *f = workbook_add_format(out->workbook);
	if (!f) {
		out->nomem = true;
		return NULL;
	}
	format_set_font_name(f, "宋体");
	format_set_font_size(f, 11);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	if (bold)
		format_set_bold(f);
	if (align)
		format_set_align(f, align);
	return f;
}

static lxw_format *cell_style(struct book_out *out, bool bold, uint8_t align)
{
	lxw_format *f = style(out, bold, align);
	if (f) {
		format_set_border(f, LXW_BORDER_THIN);
		format_set_border_color(f, 0xC4BEB5);
	}
	return f;
}

static lxw_format *decimals(struct book_out *out, int places)
{
	static const char *const pattern[] = {"0", "0.0", "0.00", "0.000", "0.0000"};
	lxw_format *f = cell_style(out, false, LXW_ALIGN_RIGHT);
	if (f)
		format_set_num_format(f, pattern[places]);
	return f;
}

static void make_styles(struct book_out *out)
{
	/* The screen's colours; the word in the cell says the same. */
	static const lxw_color_t ink[GRADE_STYLES] = {0xFFFFFF, 0x28637F, 0x5A6472, 0x7A590B, 0xA8320E};
	static const lxw_color_t fill[GRADE_STYLES] = {0x1D6045, 0xD6E6EE, 0xE6E8EB, 0xF3E6C2, 0xF8DCD2};

	out->title = style(out, true, LXW_ALIGN_LEFT);
	out->note = style(out, false, LXW_ALIGN_LEFT);
	out->head = cell_style(out, true, LXW_ALIGN_CENTER);
	out->text = cell_style(out, false, LXW_ALIGN_LEFT);
	out->code = cell_style(out, false, LXW_ALIGN_LEFT);
	out->number = cell_style(out, false, LXW_ALIGN_RIGHT);
	out->score = decimals(out, out->graded->scheme->places);
	out->mean = decimals(out, 2);
	out->center = cell_style(out, false, LXW_ALIGN_CENTER);
	out->strong = cell_style(out, true, LXW_ALIGN_LEFT);
	out->quota = cell_style(out, false, LXW_ALIGN_CENTER);
	out->warn = cell_style(out, false, LXW_ALIGN_LEFT);
	out->wrap = cell_style(out, false, LXW_ALIGN_LEFT);
	out->section = style(out, true, LXW_ALIGN_LEFT);
	for (int i = 0; i < GRADE_STYLES; i++) {
		out->grade[i] = cell_style(out, i == 0 || i == GRADE_STYLES - 1, LXW_ALIGN_CENTER);
		if (out->grade[i]) {
			format_set_font_color(out->grade[i], ink[i]);
			format_set_bg_color(out->grade[i], fill[i]);
		}
	}
	if (out->nomem)
		return;
	format_set_font_size(out->title, 16);
	format_set_font_color(out->title, 0x8E1B22);
	format_set_font_color(out->note, 0x69635C);
	format_set_bg_color(out->head, 0xF6F5F2);
	format_set_text_wrap(out->head);
	format_set_num_format(out->code, "@");
	format_set_font_color(out->quota, 0xA8320E);
	format_set_font_color(out->warn, 0xA8320E);
	format_set_text_wrap(out->wrap);
	format_set_font_size(out->section, 13);
}

static void check(struct book_out *out, lxw_error error)
{
	/* Where memory runs out the library often only leaves something out; the
	 * C library's word for it stays behind. */
	if (error == LXW_ERROR_MEMORY_MALLOC_FAILED || errno == ENOMEM)
		out->nomem = true;
	else if (error != LXW_NO_ERROR)
		out->failed = true;
}

static void put(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row, int column,
		const char *text, lxw_format *format)
{
	check(out, worksheet_write_string(sheet, row, (lxw_col_t)column, text, format));
}

static void put_str(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row, int column,
		    struct str text, lxw_format *format)
{
	char copy[ORG_NAME_MAX + 1];
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	put(out, sheet, row, column, copy, format);
}

/* value ÷ 10^places: at most 15 digits, so the cell shows exactly this. */
static void put_number(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row, int column,
		       uint64_t value, int places, lxw_format *format)
{
	static const double unit[] = {1, 10, 100, 1000, 10000};
	check(out, worksheet_write_number(sheet, row, (lxw_col_t)column, (double)value / unit[places],
					  format));
}

static lxw_worksheet *add_sheet(struct book_out *out, const char *name)
{
	lxw_worksheet *sheet = workbook_add_worksheet(out->workbook, name);
	if (!sheet) {
		out->nomem = true;
		return NULL;
	}
	worksheet_set_paper(sheet, 9);	/* A4 */
	worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.6);
	worksheet_set_footer(sheet, "&C第 &P 页，共 &N 页");
	worksheet_fit_to_pages(sheet, 1, 0);
	return sheet;
}

static void width(struct book_out *out, lxw_worksheet *sheet, int column, int characters)
{
	check(out, worksheet_set_column(sheet, (lxw_col_t)column, (lxw_col_t)column, characters, NULL));
}

static lxw_format *grade_style(const struct book_out *out, int grade)
{
	/* The first grade is style 1, the last style 5, those between in order. */
	int last = out->graded->scheme->n_grades - 1;
	if (grade == last && last > 0)
		return out->grade[GRADE_STYLES - 1];
	return out->grade[grade < GRADE_STYLES - 1 ? grade : GRADE_STYLES - 2];
}

/* --- sheet 1: organisations --- */

struct column {
	const char *name;
	int width;
};

static void write_columns(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row, int n,
			  const struct column *columns)
{
	check(out, worksheet_set_row(sheet, row, 24, NULL));
	for (int i = 0; i < n; i++)
		put(out, sheet, row, i, columns[i].name, out->head);
}

static void write_why(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row, int column,
		      uint32_t node)
{
	const struct graded *g = out->graded;
	AUTO(buf) struct buf why = {0};
	switch (g->status[node]) {
	case STATUS_OUTSIDE:
		buf_adds(&why, "不在方案范围内");
		break;
	case STATUS_MISSING: {
		uint32_t missing = graded_missing(g, node);
		buf_adds(&why, "缺少");
		for (int i = 0; i < g->scheme->n_sources; i++)
			if (missing >> i & 1)
				buf_addf(&why, "“%s”", g->scheme->sources[i].label);
		break;
	}
	case STATUS_TURNOUT:
		buf_adds(&why, "参评人数不够");
		break;
	default:
		break;
	}
	put(out, sheet, row, column, buf_str(&why), out->warn);
	out->nomem |= why.failed;
}

static void write_org(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row, uint32_t node)
{
	static const char *const stars[] = {"不定星", "★", "★★", "★★★", "★★★★", "★★★★★"};
	const struct graded *g = out->graded;
	const struct scheme *s = g->scheme;
	uint8_t category = g->orgs->category[node];
	uint32_t parent = orgs_parent(g->orgs, node);

	put_str(out, sheet, row, 0, orgs_code(g->orgs, node), out->code);
	put_str(out, sheet, row, 1, orgs_name(g->orgs, node), out->text);
	put_str(out, sheet, row, 2, parent == ORG_NONE ? STR("") : orgs_name(g->orgs, parent), out->text);
	put(out, sheet, row, 3, category == CATEGORY_NONE ? "" : s->categories[category].label, out->text);
	if (g->status[node] != STATUS_GRADED) {
		for (int i = 4; i < 10; i++)
			put(out, sheet, row, i, "", out->text);
		write_why(out, sheet, row, 10, node);
		return;
	}
	put_number(out, sheet, row, 4, graded_score(g, node), s->places, out->score);
	put(out, sheet, row, 5, s->grades[g->grade[node]].label, grade_style(out, g->grade[node]));
	put(out, sheet, row, 6, g->quota[node] == QUOTA_NONE ? "按得分" : "按比例",
	    g->quota[node] == QUOTA_NONE ? out->center : out->quota);
	put_number(out, sheet, row, 7, g->rank[node], 0, out->number);
	put(out, sheet, row, 8, g->stars[node] == STARS_NONE ? "" : stars[g->stars[node]], out->center);
	uint8_t approval = graded_approval(g, node);
	put(out, sheet, row, 9, approval == LEVEL_NONE ? "" : s->level_label[approval], out->center);
	put(out, sheet, row, 10, "", out->text);
}

static void write_orgs(struct book_out *out)
{
	static const struct column columns[] = {
		{"组织代码", 17}, {"名称", NAME_WIDTH}, {"上级", 22}, {"类别", 20}, {"综合得分", 10},
		{"等次", 9}, {"定级依据", 9}, {"排名", 8}, {"星级", 12}, {"审定", 9}, {"没有定级的原因", 26},
	};
	enum { COLUMNS = ARRAY_LEN(columns) };
	const struct graded *g = out->graded;
	lxw_worksheet *sheet = add_sheet(out, "定级结果");
	if (!sheet)
		return;
	for (int i = 0; i < COLUMNS; i++)
		width(out, sheet, i, columns[i].width);
	worksheet_set_landscape(sheet);
	worksheet_freeze_panes(sheet, TITLE_ROWS + 1, 2);
	worksheet_repeat_rows(sheet, TITLE_ROWS, TITLE_ROWS);
	check(out, worksheet_set_row(sheet, 0, 28, NULL));
	put(out, sheet, 0, 0, g->scheme->title, out->title);
	AUTO(buf) struct buf note = {0};
	buf_addf(&note, "共 %u 个组织，已定级 %u 个，没有定级 %u 个。依据：%s", g->n_orgs, g->n_graded,
		 g->n_orgs - g->n_graded, g->scheme->source);
	put(out, sheet, 1, 0, buf_str(&note), out->note);
	write_columns(out, sheet, TITLE_ROWS, COLUMNS, columns);
	lxw_row_t row = TITLE_ROWS + 1;
	for (uint32_t i = 0; i < g->orgs->n && !out->failed && !out->nomem; i++)
		if (g->status[i] != STATUS_NODE)
			write_org(out, sheet, row++, i);
	check(out, worksheet_autofilter(sheet, TITLE_ROWS, 0, row > TITLE_ROWS + 1 ? row - 1 : row,
					COLUMNS - 1));
}

/* --- sheet 2: roll-up --- */

static int depth_of(const struct orgs *orgs, uint32_t node)
{
	int depth = 0;
	for (uint32_t up = orgs_parent(orgs, node); up != ORG_NONE; up = orgs_parent(orgs, up))
		depth++;
	return depth;
}

/* Returns whether there was a row to write. */
static bool write_cell(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row, uint32_t node,
		       uint8_t category)
{
	const struct graded *g = out->graded;
	const struct scheme *s = g->scheme;
	bool all = category == CATEGORY_NONE;
	struct summary_cell cell;
	uint64_t mean = 0;
	int column = 0;

	if (!summary_get(out->summary, node, category, &cell))
		return false;
	AUTO(buf) struct buf name = {0};
	for (int i = all ? depth_of(g->orgs, node) : 0; i > 0; i--)
		buf_adds(&name, "　");
	if (all)
		buf_add(&name, orgs_name(g->orgs, node).data, orgs_name(g->orgs, node).len);
	put(out, sheet, row, column++, buf_str(&name), all ? out->strong : out->text);
	put(out, sheet, row, column++, s->level_label[g->orgs->level[node]], out->text);
	put(out, sheet, row, column++, all ? "合计" : s->categories[category].label,
	    all ? out->strong : out->text);
	put_number(out, sheet, row, column++, cell.orgs, 0, out->number);
	put_number(out, sheet, row, column++, cell.graded, 0, out->number);
	for (int i = 0; i < s->n_grades; i++)
		put_number(out, sheet, row, column++, cell.grades[i], 0, out->number);
	for (int i = SCHEME_STARS_MAX; i >= 0 && s->n_stars; i--)
		put_number(out, sheet, row, column++, cell.stars[i], 0, out->number);
	if (!cell.graded) {
		put(out, sheet, row, column, "", out->text);
	} else {
		if (summary_mean(out->summary, node, category, &cell, &mean) < 0)
			out->nomem = true;
		put_number(out, sheet, row, column, mean, 2, out->mean);
	}
	return true;
}

static void write_summary(struct book_out *out)
{
	static const char *const stars[] = {"不定星", "一星", "二星", "三星", "四星", "五星"};
	const struct graded *g = out->graded;
	const struct scheme *s = g->scheme;
	struct column columns[6 + SCHEME_GRADES_MAX + SCHEME_STARS_MAX + 1] = {
		{"单位", 34}, {"层级", 9}, {"类别", 22}, {"应定级（个）", 10}, {"已定级（个）", 10}};
	int n = 5;
	for (int i = 0; i < s->n_grades; i++)
		columns[n++] = (struct column){s->grades[i].label, 8};
	for (int i = SCHEME_STARS_MAX; i >= 0 && s->n_stars; i--)
		columns[n++] = (struct column){stars[i], 8};
	columns[n++] = (struct column){"平均分", 10};

	lxw_worksheet *sheet = add_sheet(out, "各级汇总");
	if (!sheet)
		return;
	for (int i = 0; i < n; i++)
		width(out, sheet, i, columns[i].width);
	worksheet_set_landscape(sheet);
	worksheet_freeze_panes(sheet, 1, 1);
	worksheet_repeat_rows(sheet, 0, 0);
	write_columns(out, sheet, 0, n, columns);
	lxw_row_t row = 1;
	for (uint32_t i = 0; i < g->orgs->n && !out->failed && !out->nomem; i++) {
		if (!summary_has(out->summary, i))
			continue;
		row += write_cell(out, sheet, row, i, CATEGORY_NONE);
		for (int c = 0; c < s->n_categories; c++)
			row += write_cell(out, sheet, row, i, (uint8_t)c);
	}
	check(out, worksheet_autofilter(sheet, 0, 0, row > 1 ? row - 1 : 1, (lxw_col_t)(n - 1)));
}

/* --- sheet 3: the rules --- */

/* Lines that a text takes in a column; Chinese counts two characters. */
static int lines_of(const char *text, int characters)
{
	int columns = 0;
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if ((*p & 0xC0) != 0x80)
			columns += *p < 0x80 ? 1 : 2;
	return columns <= characters ? 1 : (columns + characters - 1) / characters;
}

/* A row as high as its fullest cell, since nobody computes it on opening. */
static void set_height(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row,
		       const struct scheme_text_row *r, int n)
{
	int lines = 1;
	for (int i = 0; i < n; i++) {
		int here = lines_of(r->cell[i], (i ? RULE_WIDTH : RULE_FIRST_WIDTH) - 2);
		lines = here > lines ? here : lines;
	}
	check(out, worksheet_set_row(sheet, row, 16.0 * lines, NULL));
}

static lxw_row_t write_section(struct book_out *out, lxw_worksheet *sheet, lxw_row_t row,
			       const struct scheme_text_section *section)
{
	put(out, sheet, row++, 0, section->title, out->section);
	if (section->n_columns) {
		for (int i = 0; i < section->n_columns; i++)
			put(out, sheet, row, i, section->head[i], out->head);
		row++;
	}
	for (const struct scheme_text_row *r = section->rows; r; r = r->next, row++) {
		set_height(out, sheet, row, r, section->n_columns);
		for (int i = 0; i < section->n_columns; i++)
			put(out, sheet, row, i, r->cell[i], out->wrap);
	}
	for (const struct scheme_text_line *l = section->lines; l; l = l->next)
		put(out, sheet, row++, 0, l->text, out->note);
	return row + 1;
}

static void write_rules(struct book_out *out, const struct scheme_text *text)
{
	lxw_worksheet *sheet = add_sheet(out, "规则和假设");
	if (!sheet)
		return;
	width(out, sheet, 0, RULE_FIRST_WIDTH);
	check(out, worksheet_set_column(sheet, 1, SCHEME_TEXT_COLUMNS - 1, RULE_WIDTH, NULL));
	worksheet_set_landscape(sheet);
	lxw_row_t row = 0;
	put(out, sheet, row++, 0, out->graded->scheme->title, out->title);
	for (const struct scheme_text_section *s = text->first; s; s = s->next)
		row = write_section(out, sheet, row, s);
}

/* --- the whole --- */

/* A file in memory has a path too; it is copied to a pipe afterwards. */
static int copy_out(struct outfile *file, int fd, struct err_info *info)
{
	char block[1 << 16];
	off_t at = 0;
	for (;;) {
		ssize_t n = pread(fd, block, sizeof(block), at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_io(info, "写入", file->path, errno);
		if (n == 0)
			return 0;
		int r = outfile_write(file, block, (size_t)n, info);
		if (r < 0)
			return r;
		at += n;
	}
}

static int write_workbook(const char *path, struct book_out *out, const struct scheme_text *text,
			  struct err_info *info)
{
	lxw_workbook_options options = {.constant_memory = LXW_TRUE, .use_zip64 = LXW_TRUE};
	errno = 0;
	out->workbook = workbook_new_opt(path, &options);
	if (!out->workbook)
		return err_nomem(info);
	make_styles(out);
	if (!out->nomem)
		write_orgs(out);
	if (!out->nomem)
		write_summary(out);
	if (!out->nomem)
		write_rules(out, text);
	lxw_error error = workbook_close(out->workbook);
	check(out, error);
	if (out->nomem)
		return err_nomem(info);
	if (out->failed)
		return err_set(info, ERR_IO, "无法写出工作簿：%s", lxw_strerror(error));
	/* The library does not notice a full disk under its temporary files. */
	return xlsx_check(path, info);
}

/* The library crashes where memory runs out, so it works apart. */
struct xlsx_work {
	const char *path;
	struct book_out *out;
	const struct scheme_text *text;
};

static int work_apart(void *arg, struct err_info *info)
{
	struct xlsx_work *work = arg;
	int r = write_workbook(work->path, work->out, work->text, info);
	/* What it says, in English, is about memory only. */
	if (r == 0 && lseek(STDERR_FILENO, 0, SEEK_END) > 0)
		return err_nomem(info);
	return r;
}

static int write_apart(const char *path, struct book_out *out, const struct scheme_text *text,
		       struct err_info *info)
{
	struct xlsx_work work = {path, out, text};
	return apart_run(work_apart, &work, info);
}

int result_xlsx_write(struct outfile *file, const struct graded *graded, struct summary *summary,
		      struct err_info *info)
{
	if (graded->n_orgs > SHEET_ROWS_MAX - TITLE_ROWS - 1)
		return err_set(info, ERR_LIMIT, "%s：一张工作表最多 %d 行，放不下 %u 个组织；请改用 --out 输出 CSV",
			       file->path, SHEET_ROWS_MAX, graded->n_orgs);
	AUTO(scheme_text) struct scheme_text text = {0};
	int r = scheme_text_make(&text, graded->scheme, info);
	if (r < 0)
		return r;
	struct book_out out = {.graded = graded, .summary = summary};
	char here[OUTFILE_ROOM];
	if (!file->direct)
		return write_apart(outfile_here(file, here), &out, &text, info);

	char path[64];
	int fd = memfd_create("xlsx", MFD_CLOEXEC);
	if (fd < 0)
		return err_io(info, "写入", file->path, errno);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = write_apart(path, &out, &text, info);
	if (r == 0)
		r = copy_out(file, fd, info);
	close(fd);
	return r;
}
