/* SPDX-License-Identifier: Apache-2.0 */
/* A look back at a workbook just written: libxlsxwriter does not notice every
 * full disk. */
#ifndef JW_REPORT_XLSX_CHECK_H
#define JW_REPORT_XLSX_CHECK_H

#include "base/err.h"

/* Reads a workbook that was just written back: every part must have its right
 * checksum and a complete XML document's end. ERR_IO if not: the disk was full. */
int xlsx_check(const char *path, struct err_info *info);

#endif
