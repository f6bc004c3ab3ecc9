/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files read whole, and files written so that nobody ever sees half of one.
 */
#ifndef JW_BASE_FILE_H
#define JW_BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the whole of `path` ("-": standard input) to `buf`. ERR_IO,
 * ERR_NOMEM; ERR_LIMIT beyond `limit` bytes. */
int file_read(const char *path, uint64_t limit, struct buf *buf, struct err_info *info);

/*
 * An output file. It is written without a name (or under a temporary one) and
 * appears there only by file_commit; without it nothing is left behind.
 * "-" is standard output; that, and a path that is no regular file (a pipe, a
 * device), is written directly.
 */
struct outfile {
	int fd;			/* write here; -1: not open */
	bool direct;		/* no temporary file */
	bool keep_fd;		/* standard output: not ours to close */
	bool nameless;		/* has no name yet, not even a temporary one */
	char *path;		/* where it shall appear; owned */
	char *temp;		/* where it is now, or when it is committed; owned; NULL if direct */
};

#define OUTFILE_INIT ((struct outfile){.fd = -1})

/* Opens `path` for writing; of a symbolic link what it leads to. ERR_IO,
 * ERR_NOMEM. */
int outfile_open(struct outfile *ret_file, const char *path, struct err_info *info);

/* By what it can be opened until it is committed; not for a direct one. */
enum { OUTFILE_ROOM = 32 };
const char *outfile_here(const struct outfile *file, char room[OUTFILE_ROOM]);

/* Writes all of it at the end. ERR_IO. */
int outfile_write(struct outfile *file, const void *data, size_t len, struct err_info *info);

/* Makes it durable before it has its place: afterwards outfile_commit can
 * hardly fail. Several files of one result are all synced before the first is
 * committed. ERR_IO. */
int outfile_sync(struct outfile *file, struct err_info *info);

/* Puts the synced file in its place. ERR_IO. */
int outfile_commit(struct outfile *file, struct err_info *info);

/* Closes; removes what was not committed. NULL is fine. */
void outfile_done(struct outfile *file);

#endif
