#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Grades the demo county and shows the result: run.sh [JINWEI]
#
# The county has organisations without a sheet and some outside the scheme, as
# every county has: `jinwei grade` then ends with status 3, which is fine here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
jinwei=${1:-$top/build/jinwei}
out=$top/build/demo

if [ ! -x "$jinwei" ]; then
	printf '没有找到程序 %s，请先在 %s 里运行 make。\n' "$jinwei" "$top" >&2
	exit 2
fi
mkdir -p "$out"

status=0
"$jinwei" grade --scheme zhangji-town --orgs "$here/组织名册.xlsx" --scores "$here/评分表.csv" \
	--ballots "$here/测评票.csv" --out "$out/结果.csv" --xlsx "$out/结果.xlsx" \
	--summary "$out/汇总.csv" --show || status=$?
case $status in
0 | 3) ;;
*) exit "$status" ;;
esac

cat <<END

示例县云岭县（全部虚构）定级完毕，结果在：
  $out/结果.csv    每个党组织一行
  $out/结果.xlsx   同样内容，用 Excel 或 WPS 打开
  $out/汇总.csv    各级汇总
输入的三张表在 $here，说明见 README.md。
END
