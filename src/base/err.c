/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int err_vset(struct err_info *info, int code, const char *format, va_list args)
{
	if (!info)
		return code;
	info->code = code;
	int n = vsnprintf(info->text, sizeof(info->text), format, args);
	if (n >= (int)sizeof(info->text)) {
		/* Do not leave half a character at the end. */
		size_t end = sizeof(info->text) - 1;
		while (end && ((unsigned char)info->text[end - 1] & 0xC0) == 0x80)
			end--;
		if (end)
			info->text[end - 1] = '\0';
	}
	return code;
}

int (err_set)(struct err_info *info, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	err_vset(info, code, format, args);
	va_end(args);
	return code;
}

static const char *errno_text(int value)
{
	switch (value) {
	case ENOENT: return "文件不存在";
	case EACCES:
	case EPERM: return "没有权限";
	case ENOSPC: return "磁盘已满";
	case EISDIR: return "这是一个文件夹";
	case ENOTDIR: return "路径中有一级不是文件夹";
	case EROFS: return "磁盘是只读的";
	case EMFILE:
	case ENFILE: return "打开的文件太多";
	case EFBIG: return "文件太大";
	case EPIPE: return "对方已关闭";
	case EIO: return "磁盘读写出错";
	case EADDRNOTAVAIL: return "这台机器没有这个地址";
	default: return NULL;
	}
}

int err_io(struct err_info *info, const char *what, const char *path, int errno_value)
{
	const char *text = errno_text(errno_value);
	if (text)
		return err_set(info, ERR_IO, "无法%s %s：%s", what, path, text);
	return err_set(info, ERR_IO, "无法%s %s：系统错误 %d", what, path, errno_value);
}

int err_io_make(struct err_info *info, const char *what, const char *path, int errno_value)
{
	if (errno_value == ENOENT)
		return err_set(info, ERR_IO, "无法%s %s：文件夹不存在", what, path);
	return err_io(info, what, path, errno_value);
}
