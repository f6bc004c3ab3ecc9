#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sample templates of examples/: a workbook and a document with
placeholders, as an office might make them.

usage: make_templates.py [FOLDER]
"""
import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
TYPE = 'application/vnd.openxmlformats-officedocument.'


def write(folder, name, parts):
    with zipfile.ZipFile(os.path.join(folder, name), 'w', zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts:
            info = zipfile.ZipInfo(part, (2026, 11, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, HEAD + content)


def types(overrides):
    return (f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + ''.join(f'<Override PartName="/{part}" ContentType="{TYPE}{kind}+xml"/>' for part, kind in overrides)
            + '</Types>')


def rels(rows):
    return (f'<Relationships xmlns="{PACKAGE}/relationships">'
            + ''.join(f'<Relationship Id="rId{i + 1}" Type="{REL}/{kind}" Target="{target}"/>'
                      for i, (kind, target) in enumerate(rows)) + '</Relationships>')


class Sheet:
    """Rows of (text, style), shared strings as Excel keeps them."""

    def __init__(self, strings):
        self.strings, self.rows, self.merges = strings, [], []

    def row(self, height, cells):
        number = len(self.rows) + 1
        out = []
        for i, (text, style) in enumerate(cells):
            place = f'{chr(65 + i)}{number}'
            if text is None:
                out.append(f'<c r="{place}" s="{style}"/>')
            elif text.startswith('='):
                out.append(f'<c r="{place}" s="{style}"><f>{text[1:]}</f><v>0</v></c>')
            else:
                if text not in self.strings:
                    self.strings.append(text)
                out.append(f'<c r="{place}" s="{style}" t="s"><v>{self.strings.index(text)}</v></c>')
        self.rows.append(f'<row r="{number}" ht="{height}" customHeight="1">{"".join(out)}</row>')

    def xml(self, widths, landscape, foot):
        columns = ''.join(f'<col min="{i + 1}" max="{i + 1}" width="{w}" customWidth="1"/>'
                          for i, w in enumerate(widths))
        merges = ''.join(f'<mergeCell ref="{m}"/>' for m in self.merges)
        return (f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
                f'<dimension ref="A1:{chr(64 + len(widths))}{len(self.rows)}"/>'
                '<sheetViews><sheetView workbookViewId="0" showGridLines="0"/></sheetViews>'
                f'<sheetFormatPr defaultRowHeight="18"/><cols>{columns}</cols>'
                f'<sheetData>{"".join(self.rows)}</sheetData>'
                f'<mergeCells count="{len(self.merges)}">{merges}</mergeCells>'
                '<printOptions horizontalCentered="1"/>'
                '<pageMargins left="0.6" right="0.6" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
                f'<pageSetup paperSize="9" fitToHeight="0" orientation="{"landscape" if landscape else "portrait"}"/>'
                f'<headerFooter><oddFooter>&amp;L{foot}&amp;R第 &amp;P 页</oddFooter></headerFooter></worksheet>')


# Fonts: 0 plain, 1 title, 2 bold. Styles: 0 plain, 1 title, 2 line, 3 head, 4 text, 5 centred,
# 6 number, 7 bold centred, 8 right.
def styles():
    def font(name, size, bold=False):
        return f'<font>{"<b/>" if bold else ""}<sz val="{size}"/><name val="{name}"/><family val="1"/></font>'
    edge = ''.join(f'<{side} style="thin"><color auto="1"/></{side}>' for side in ('left', 'right', 'top', 'bottom'))

    def xf(font_id, border, horizontal, fill=0, form=0):
        return (f'<xf numFmtId="{form}" fontId="{font_id}" fillId="{fill}" borderId="{border}" xfId="0" '
                f'applyFont="1" applyBorder="1" applyFill="1" applyAlignment="1">'
                f'<alignment horizontal="{horizontal}" vertical="center" wrapText="1"/></xf>')
    return (f'<styleSheet xmlns="{MAIN}"><fonts count="3">{font("仿宋_GB2312", 11)}{font("方正小标宋简体", 18)}'
            f'{font("黑体", 11, True)}</fonts>'
            '<fills count="3"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill>'
            '<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/></patternFill></fill></fills>'
            f'<borders count="2"><border><left/><right/><top/><bottom/></border><border>{edge}</border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="9">{xf(0, 0, "general")}{xf(1, 0, "center")}{xf(0, 0, "left")}{xf(2, 1, "center", 2)}'
            f'{xf(0, 1, "left")}{xf(0, 1, "center")}{xf(0, 1, "center", 0, 1)}{xf(2, 1, "center")}{xf(0, 0, "right")}'
            '</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>')


def workbook(folder):
    strings = []
    whole = Sheet(strings)
    whole.row(34, [('{{单位}}基层党组织情况汇总', 1)] + [(None, 1)] * 5)
    whole.row(22, [('填报单位：{{单位}}', 2), (None, 2), (None, 2), ('填表时间：{{填表时间}}', 8), (None, 8), (None, 8)])
    whole.row(26, [(t, 3) for t in ('序号', '单位', '党支部数', '党员数', '整顿中', '书记')])
    whole.row(24, [('{{下级.序号}}', 5), ('{{下级.名称}}', 4), ('{{下级.组织数}}', 6), ('{{下级.党员总数}}', 6),
                   ('{{下级.整顿数}}', 6), ('{{下级.书记}}', 5)])
    whole.row(24, [('合计', 7), (None, 7), ('=SUM(C4:C4)', 6), ('=SUM(D4:D4)', 6), ('{{合计.下级.整顿数}}', 6), (None, 7)])
    whole.row(40, [('党委书记签字：', 2), (None, 2), (None, 2), ('（盖章）', 8), (None, 8), (None, 8)])
    whole.merges = ['A1:F1', 'A2:C2', 'D2:F2', 'A5:B5', 'A6:C6', 'D6:F6']
    each = Sheet(strings)
    each.row(34, [('{{单位}}党组织台账（{{年度}}年）', 1)] + [(None, 1)] * 6)
    each.row(26, [(t, 3) for t in ('序号', '代码', '党组织名称', '领域', '党员数', '书记', '书记电话')])
    each.row(24, [('{{组织.序号}}', 5), ('{{组织.代码}}', 5), ('{{组织.名称}}', 4), ('{{组织.领域}}', 5),
                  ('{{组织.党员数}}', 6), ('{{组织.书记}}', 5), ('{{组织.书记电话}}', 5)])
    each.row(24, [('合计', 7), (None, 7), (None, 7), (None, 7), ('=SUM(E3:E3)', 6), (None, 7), (None, 7)])
    each.row(30, [('改好以后原样交回；“代码”一列请不要动', 2)] + [(None, 2)] * 6)
    each.merges = ['A1:G1', 'A4:D4', 'A5:G5']
    sst = ''.join(f'<si><t>{s}</t></si>' for s in strings)
    write(folder, '模板-党组织台账.xlsx', [
        ('[Content_Types].xml', types([('xl/workbook.xml', 'spreadsheetml.sheet.main'),
                                       ('xl/worksheets/sheet1.xml', 'spreadsheetml.worksheet'),
                                       ('xl/worksheets/sheet2.xml', 'spreadsheetml.worksheet'),
                                       ('xl/styles.xml', 'spreadsheetml.styles'),
                                       ('xl/sharedStrings.xml', 'spreadsheetml.sharedStrings')])),
        ('_rels/.rels', rels([('officeDocument', 'xl/workbook.xml')])),
        ('xl/workbook.xml', f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
         '<sheet name="汇总" sheetId="1" r:id="rId1"/><sheet name="{{下级.名称}}" sheetId="2" r:id="rId2"/></sheets>'
         '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">汇总!$A$1:$F$6</definedName>'
         '<definedName name="_xlnm.Print_Area" localSheetId="1">\'{{下级.名称}}\'!$A$1:$G$5</definedName>'
         '<definedName name="_xlnm.Print_Titles" localSheetId="1">\'{{下级.名称}}\'!$2:$2</definedName>'
         '</definedNames></workbook>'),
        ('xl/_rels/workbook.xml.rels', rels([('worksheet', 'worksheets/sheet1.xml'), ('worksheet', 'worksheets/sheet2.xml'),
                                             ('styles', 'styles.xml'), ('sharedStrings', 'sharedStrings.xml')])),
        ('xl/worksheets/sheet1.xml', whole.xml([7, 30, 12, 12, 12, 16], False, '{{单位}}')),
        ('xl/worksheets/sheet2.xml', each.xml([7, 14, 36, 14, 10, 14, 18], True, '{{单位}}　{{填表时间}}')),
        ('xl/styles.xml', styles()),
        ('xl/sharedStrings.xml', f'<sst xmlns="{MAIN}" count="{len(strings)}" uniqueCount="{len(strings)}">{sst}</sst>'),
    ])


def run(text, size=32, font='仿宋_GB2312', bold=False):
    return (f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>{"<w:b/>" if bold else ""}'
            f'<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>')


def paragraph(*runs, align='both', indent=True):
    first = '<w:ind w:firstLineChars="200" w:firstLine="640"/>' if indent else ''
    return (f'<w:p><w:pPr><w:spacing w:line="560" w:lineRule="exact"/>{first}<w:jc w:val="{align}"/></w:pPr>'
            f'{"".join(runs)}</w:p>')


def cell(width, *runs):
    return (f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{"".join(runs)}</w:p></w:tc>')


def document(folder):
    widths = (900, 3200, 2000, 1400, 1560)
    heads = ('序号', '党组织', '联系领导', '问题数', '完成时限')
    edge = ''.join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
                   for side in ('top', 'left', 'bottom', 'right', 'insideH', 'insideV'))
    table = ('<w:tbl><w:tblPr><w:tblW w:w="9060" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>' + edge
             + '</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
             + ''.join(f'<w:gridCol w:w="{w}"/>' for w in widths) + '</w:tblGrid>'
             + '<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>'
             + ''.join(cell(w, run(t, 24, '黑体')) for w, t in zip(widths, heads)) + '</w:tr>'
             # As Word leaves them: a placeholder cut into runs, some with a font of their own.
             + '<w:tr><w:trPr><w:cantSplit/></w:trPr>'
             + cell(widths[0], run('{{整顿.', 24), run('序号}}', 24))
             + cell(widths[1], run('{{', 24), run('整顿', 24, '仿宋_GB2312', True), '<w:proofErr w:type="gramStart"/>',
                    run('.名称}', 24), run('}', 24))
             + cell(widths[2], run('{{整顿.联系领导}}', 24)) + cell(widths[3], run('{{整顿.问题数}}', 24))
             + cell(widths[4], run('{{整顿.完成时限}}', 24)) + '</w:tr></w:tbl>')
    body = (paragraph(run('关于{{单位}}软弱涣散基层', 44, '方正小标宋简体'), run('党组织整顿情况的报告', 44, '方正小标宋简体'),
                      align='center', indent=False)
            + paragraph(run('截至{{填表时间}}，{{单位}}共有党支部{{组织数}}个、党员{{党员总数}}名，正在整顿的党组织{{整顿数}}个。'))
            + paragraph(run('一、整顿对象', 32, '黑体')) + table
            + paragraph(run('二、问题和措施', 32, '黑体'))
            + paragraph(run('{{问题.序号}}．{{问题.党组织}}：', 32, '楷体_GB2312'), run('{{问题.问题}}。'))
            + paragraph(run('措施：{{问题.措施}}；责任人：{{问题.责任人}}，{{问题.时限}}前完成，'), run('进展：{{问题.进展}}。'))
            + paragraph(run('三、下一步', 32, '黑体')) + paragraph(run('（请在这里填写）'))
            + paragraph(run('{{单位}}'), align='right', indent=False)
            + paragraph(run('{{填表时间}}'), align='right', indent=False))
    foot = paragraph('<w:r><w:t xml:space="preserve">{{单位}}　— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                     '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
                     '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r>',
                     align='center', indent=False)
    section = ('<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/>'
               '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" '
               'w:gutter="0"/></w:sectPr>')
    write(folder, '模板-整顿情况报告.docx', [
        ('[Content_Types].xml', types([('word/document.xml', 'wordprocessingml.document.main'),
                                       ('word/footer1.xml', 'wordprocessingml.footer')])),
        ('_rels/.rels', rels([('officeDocument', 'word/document.xml')])),
        ('word/document.xml', f'<w:document xmlns:w="{WORD}" xmlns:r="{REL}"><w:body>{body}{section}</w:body></w:document>'),
        ('word/_rels/document.xml.rels', rels([('footer', 'footer1.xml')])),
        ('word/footer1.xml', f'<w:ftr xmlns:w="{WORD}">{foot}</w:ftr>'),
    ])


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    workbook(folder)
    document(folder)


main()
