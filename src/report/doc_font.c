/* SPDX-License-Identifier: Apache-2.0 */
#include "report/doc_font.h"

const struct doc_font_names *doc_font_names(enum doc_font font)
{
	static const struct doc_font_names names[FONT_COUNT] = {
		[FONT_TITLE] = {"方正小标宋简体", "小标宋,方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong",
				"Noto Serif CJK SC,Source Han Serif SC,AR PL UMing CN", true},
		[FONT_BODY] = {"仿宋_GB2312", "仿宋,FangSong,FangSong_GB2312,方正仿宋_GB2312,华文仿宋,STFangsong",
			       "FandolFang,FandolFang R,Noto Serif CJK SC,Source Han Serif SC,AR PL UMing CN",
			       false},
		[FONT_HEAD] = {"黑体", "SimHei,方正黑体_GBK,华文黑体,STHeiti",
			       "Noto Sans CJK SC,Source Han Sans SC,WenQuanYi Zen Hei,Noto Serif CJK SC", true},
		[FONT_SUB] = {"楷体_GB2312", "楷体,KaiTi,KaiTi_GB2312,方正楷体_GB2312,华文楷体,STKaiti",
			      "FandolKai,AR PL UKai CN,AR PL KaitiM GB,Noto Serif CJK SC,AR PL UMing CN",
			      false},
		[FONT_SONG] = {"宋体", "SimSun,NSimSun,方正书宋_GBK,华文宋体,STSong",
			       "FandolSong,Noto Serif CJK SC,Source Han Serif SC,AR PL UMing CN", false},
	};
	return &names[font];
}

enum doc_font doc_style_font(enum doc_style style)
{
	switch (style) {
	case DOC_HEAD1:
	case DOC_ANNEX:
		return FONT_HEAD;
	case DOC_HEAD2:
		return FONT_SUB;
	default:
		return FONT_BODY;
	}
}

int doc_style_half_points(enum doc_style style)
{
	return style == DOC_NOTE ? 24 : 32;
}
