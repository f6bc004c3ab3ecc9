/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of an OOXML package: found by name, inflated under limits and
 * parsed as XML against a small table of the elements that matter. All else
 * (mc:, extensions, what a later Office adds) is skipped with its content.
 *
 * Declared sizes are not believed: bytes are counted as they inflate. A DTD is
 * refused, and with it every entity.
 */
#ifndef JW_IMPORT_XLSX_PART_H
#define JW_IMPORT_XLSX_PART_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
	PART_DEPTH_MAX = 64,		/* elements within each other */
	PART_TOKEN_MAX = 1 << 20,	/* bytes of one tag or comment */
	/* What inflates to more than 64 MiB may be 300 times the archive at the most. */
	PART_RATIO_FROM = 64 << 20,
	PART_RATIO_MAX = 300,
	/* Of package_load. */
	PACKAGE_PARTS_MAX = 2000,
	PACKAGE_LOAD_MAX = 64 << 20,	/* bytes of all parts together, inflated */
};

/* What to do with a package that isn't whole. */
#define PACKAGE_COPY_AGAIN "多半没有拷完、没有下载完，请重新拷贝或下载；还不行，就在原来的电脑上用 Office 或 WPS " \
	"打开后重新保存"

struct zip;

struct package {
	struct zip *zip;
	const char *name;	/* the file's, for messages; borrowed */
	uint64_t len;		/* of the archive */
	uint64_t inflated;	/* bytes of all parts read so far */
	uint64_t inflated_max;	/* package_read refuses more; 0: TABLE_XLSX_INFLATED_MAX */
};

/* Opens an archive in memory, borrowed until package_done. ERR_INPUT (also for an old or
 * enciphered document under a new name), ERR_NOMEM. */
int package_open(struct package *ret_package, const char *name, const void *data, size_t len,
		 struct err_info *info);
void package_done(struct package *package);

bool package_has(const struct package *package, const char *part);

/* Copies up to `size` bytes of a part's beginning; 0 without such a part. */
size_t package_peek(struct package *package, const char *part, char *out, size_t size);

/* One element that matters: where (`parent`) it means which `state`. States
 * count from 1; the root's parent is 0. The table ends with a name of NULL. */
struct part_rule {
	uint8_t parent;
	const char *name;
	uint8_t state;
};

/* How a part is read. Callbacks return 0 or an error, which ends the reading;
 * any of them may be NULL. */
struct part_reader {
	const struct part_rule *rules;
	int (*start)(void *arg, int state, const char **attrs, struct err_info *info);
	int (*text)(void *arg, int state, struct str text, struct err_info *info);
	int (*end)(void *arg, int state, struct err_info *info);
	void *arg;
};

/* Reads a part to its end. ERR_NOT_FOUND without such a part (and no message),
 * ERR_INPUT, ERR_LIMIT, ERR_NOMEM, or what a callback returned. */
int package_read(struct package *package, const char *part, const struct part_reader *reader,
		 struct err_info *info);

/* A part as bytes. */
struct package_part {
	const char *name;
	struct str data;
	bool xml;		/* .xml or .rels: well-formed UTF-8 without a DTD */
};

/* Inflates all parts, in the archive's order, into `arena`: for files that are
 * filled in place. ERR_INPUT: broken, a password, a name that climbs out, two of
 * one name, XML that is not well-formed; ERR_LIMIT: over PACKAGE_PARTS_MAX or
 * PACKAGE_LOAD_MAX, or what inflates too far; ERR_NOMEM. */
int package_load(struct package *package, struct arena *arena, struct package_part **ret_parts,
		 int *ret_n, struct err_info *info);

/* An attribute by its name without namespace; NULL if it isn't there. */
const char *part_attr(const char **attrs, const char *name);

/* The attribute r:id. */
const char *part_attr_rid(const char **attrs);

#endif
