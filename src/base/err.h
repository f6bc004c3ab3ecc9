/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to say that something went wrong.
 *
 * Functions return 0 or a negative `enum err`. What a person needs to know
 * goes into the caller's `struct err_info`, in plain Chinese, naming the file,
 * row, column and what was expected. Below cli/ and the router nothing logs,
 * exits or maps codes. Outputs named `ret_` are set only on success.
 */
#ifndef JW_BASE_ERR_H
#define JW_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

enum err {
	ERR_NOMEM = -1,		/* no memory */
	ERR_IO = -2,		/* the system refused a read, write, open, rename … */
	ERR_INPUT = -3,		/* what the user gave is wrong; the message says how to mend it */
	ERR_LIMIT = -4,		/* over a stated limit */
	ERR_NOT_FOUND = -5,	/* no such thing */
	ERR_STATE = -6,		/* not now: something else must be done first */
	ERR_DENIED = -7,	/* no right to do this */
	ERR_CONFLICT = -8,	/* somebody else changed it meanwhile */
};

/* Room for one message; longer ones are cut at a character's edge. */
enum { ERR_TEXT_MAX = 1024 };

/* The message of the last failure. The caller owns it; zero it before use. */
struct err_info {
	int code;
	char text[ERR_TEXT_MAX];
};

/* Sets code and text and returns `code`, so that `return err_set(…)` reads
 * well. `info` may be NULL. The text is cut, never overrun. */
int err_set(struct err_info *info, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* So that clang-tidy, which sees one file at a time, knows what it returns. */
#ifdef __clang_analyzer__
#define err_set(info, code, ...) ((void)(err_set)(info, code, __VA_ARGS__), (code))
#endif

/* As err_set, from a va_list. */
int err_vset(struct err_info *info, int code, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/* err_set(…, ERR_NOMEM, "内存不足"). Here, so that analyzers see that it fails. */
static inline int err_nomem(struct err_info *info)
{
	err_set(info, ERR_NOMEM, "内存不足");
	return ERR_NOMEM;
}

/* ERR_IO with the system's reason for `errno_value`: "无法<what> <path>：…". */
int err_io(struct err_info *info, const char *what, const char *path, int errno_value);

/* The same of a file that is to be made: what does not exist is its folder. */
int err_io_make(struct err_info *info, const char *what, const char *path, int errno_value);

#endif
