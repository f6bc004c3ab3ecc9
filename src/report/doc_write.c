/* SPDX-License-Identifier: Apache-2.0 */
#include "report/doc_write.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
	const char *id, *label, *mime;
} formats[DOC_FORMAT_COUNT] = {
	[DOC_XLSX] = {"xlsx", "Excel 工作簿",
		      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	[DOC_DOCX] = {"docx", "Word 文档",
		      "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	[DOC_PDF] = {"pdf", "PDF", "application/pdf"},
	[DOC_PLAIN] = {"txt", "文字", "text/plain; charset=utf-8"},
};

const char *doc_format_id(enum doc_format format) { return formats[format].id; }
const char *doc_format_label(enum doc_format format) { return formats[format].label; }
const char *doc_format_mime(enum doc_format format) { return formats[format].mime; }

static int read_back(int fd, struct buf *out, struct err_info *info)
{
	char block[1 << 16];
	for (off_t at = 0;;) {
		ssize_t n = pread(fd, block, sizeof(block), at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_io(info, "读取", "刚写好的文件", errno);
		if (n == 0)
			return out->failed ? err_nomem(info) : 0;
		buf_add(out, block, (size_t)n);
		at += n;
		if (at > DOC_BYTES_MAX)
			return err_set(info, ERR_LIMIT, "文件超过 %d MB，请分开打印", DOC_BYTES_MAX >> 20);
	}
}

static int write_apart(const struct doc *doc, enum doc_format format, struct buf *out,
		       struct err_info *info)
{
	int fd = memfd_create("doc", MFD_CLOEXEC);
	if (fd < 0)
		return err_io(info, "写出", "文件", errno);
	int r = doc_write_fd(doc, format, fd, info);
	if (r == 0)
		r = read_back(fd, out, info);
	close(fd);
	return r;
}

int doc_write(const struct doc *doc, enum doc_format format, struct buf *out,
	      struct err_info *info)
{
	int r;
	if (doc->failed)
		return err_nomem(info);
	switch (format) {
	case DOC_XLSX:
	case DOC_PDF:
		return write_apart(doc, format, out, info);
	case DOC_DOCX:
		r = doc_write_docx(doc, out, info);
		break;
	default:
		r = doc_write_plain(doc, out, info);
		break;
	}
	return r == 0 && out->failed ? err_nomem(info) : r;
}

static int write_all(int fd, const struct buf *b, struct err_info *info)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(fd, b->data + at, b->len - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_io(info, "写出", "文件", errno);
		at += (size_t)n;
	}
	return 0;
}

int doc_write_fd(const struct doc *doc, enum doc_format format, int fd, struct err_info *info)
{
	if (doc->failed)
		return err_nomem(info);
	if (format == DOC_XLSX)
		return doc_write_xlsx(doc, fd, info);
	if (format == DOC_PDF)
		return doc_write_pdf(doc, fd, info);
	AUTO(buf) struct buf b = {0};
	int r = doc_write(doc, format, &b, info);
	return r < 0 ? r : write_all(fd, &b, info);
}
