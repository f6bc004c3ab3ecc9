/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a ballot needs on paper (spec: ballots.md), as PDF on A4: slips to cut,
 * fold and draw; sheets without any mark; the tally sheet to sign. Everything
 * is appended to a buffer; nothing touches a file.
 */
#ifndef JW_REPORT_BALLOT_PDF_H
#define JW_REPORT_BALLOT_PDF_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/ballot.h"

enum { SLIPS_A_PAGE = 8 };

/* Slips of one class, eight a page. All are alike but for code and QR; none has
 * a number. */
struct ballot_slips {
	const char *title;		/* "2026 年度民主测评" */
	const char *org;		/* who is rated, or where the meeting is */
	const char *class_label;	/* 党员 */
	const char *address;		/* "https://cp.yunling.example/v"; the QR adds #CODE */
	const char (*codes)[BALLOT_CODE_LEN + 1];
	int n;
};
/* ERR_NOMEM; ERR_INPUT where the address is too long for a QR code. */
int ballot_slips_pdf(const struct ballot_slips *slips, struct buf *out, struct err_info *info);

/* `n` identical sheets: rows to tick, one column an option. */
struct ballot_sheets {
	const char *title, *org;
	const char *const *rows;	/* what is rated */
	int n_rows;
	const char *const *options;
	int n_options;
	int n;
};
int ballot_sheets_pdf(const struct ballot_sheets *sheets, struct buf *out, struct err_info *info);

/* A heading, lines of text, tables, and lines to sign on. */
struct ballot_table {
	const char *heading;		/* above it; may be NULL */
	const char *const *cells;	/* row by row; the first row is the head */
	int n_rows, n_columns;
};
struct ballot_record {
	const char *title, *subtitle;
	const char *const *lines;
	int n_lines;
	const struct ballot_table *tables;
	int n_tables;
	const char *const *signers;	/* "监票人　田国富" */
	int n_signers;
	const char *foot;		/* small print; may be NULL */
};
int ballot_record_pdf(const struct ballot_record *record, struct buf *out, struct err_info *info);

#endif
