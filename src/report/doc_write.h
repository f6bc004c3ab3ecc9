/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document (doc.h) written out. All formats come from the same model, so
 * that they say the same; what a format cannot show (links, repeated heads) it
 * leaves out, never a word or a figure.
 */
#ifndef JW_REPORT_DOC_WRITE_H
#define JW_REPORT_DOC_WRITE_H

#include "base/buf.h"
#include "report/doc.h"

enum doc_format { DOC_XLSX, DOC_DOCX, DOC_PDF, DOC_PLAIN, DOC_FORMAT_COUNT };

enum { DOC_BYTES_MAX = 256 << 20 };	/* of one file */

/* "xlsx"; "Excel 工作簿"; the type for a browser. */
const char *doc_format_id(enum doc_format format);
const char *doc_format_label(enum doc_format format);
const char *doc_format_mime(enum doc_format format);

/* Adds the file to `out`. ERR_NOMEM (the document failed, or here), ERR_IO (a
 * full disk), ERR_LIMIT. What its sources say goes through. */
int doc_write(const struct doc *doc, enum doc_format format, struct buf *out,
	      struct err_info *info);

/* As doc_write, into an open file, which begins where it stands: for the
 * command line and for what is too large for memory. */
int doc_write_fd(const struct doc *doc, enum doc_format format, int fd, struct err_info *info);

/* The words and figures alone, a cell a line, without what only tells when it
 * was printed: what a check code is made of. */
int doc_write_essence(const struct doc *doc, struct buf *out, struct err_info *info);

/* ---- one file a format ---- */

/* By a library that crashes where memory ends, so in a process of its own; the
 * file is written from its start. */
int doc_write_xlsx(const struct doc *doc, int fd, struct err_info *info);
int doc_write_pdf(const struct doc *doc, int fd, struct err_info *info);
int doc_write_docx(const struct doc *doc, struct buf *out, struct err_info *info);
int doc_write_plain(const struct doc *doc, struct buf *out, struct err_info *info);

#endif
