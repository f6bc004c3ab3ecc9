#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the demo county: a register, scores and ballots as a county has them.

    make_demo.py [DIRECTORY]      (default: the directory of this file)

All is made up and the same on every run. The figures are drawn so that the
grades come out believable, and some on purpose: exactly on a line, equal
around a quota or the five-star cap, without a sheet, with too few ballots. The
dirt is what offices send: GB18030, merged heads, a hidden sheet, full-width
digits, spaces, blank lines, commas in names.
"""

import csv
import io
import os
import random
import sys
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from demo import county, figures, workbook as wb

SEED = 20261120
MADE_UP = "示例数据，全部虚构"
# As in schemes/zhangji-town.yaml.
INDICATORS = ["党组织带头人", "工作思路", "工作制度", "活动阵地", "保障机制", "工作业绩", "群众评价"]
MAXIMA = {"行政村": (20, 10, 15, 10, 10, 20, 15), "其他": (20, 15, 15, 5, 10, 20, 15)}
COMMITTEE, SELF = "党委评定", "基层党组织自评"
OPTIONS = ("好", "较好", "一般", "较差")
OUTSIDE_FIELDS, KINDS = ("高等院校", ""), ("党总支", "党支部")
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")

# On purpose: code → (composite, valid ballots). 89.995 is published as 90.00.
EXACT = {"05-604": ("90", 100), "15-607": ("90", 80), "10-609": ("80", 80), "17-611": ("80", 50),
         "18-604": ("60", 50), "12-605": ("70", 60), "16-609": ("89.995", 200),
         "08-606": ("89.99", 100), "20-608": ("79.995", 200),
         "02-608": ("61.35", 40), "15-612": ("62.4", 50), "15-618": ("62.4", 60), "19-606": ("61.8", 60)}
# The same figures as another one: these fall together.
SAME = {"02-602": "02-608", "19-613": "19-606", "19-617": "19-606"}
POOR = {"15-603": "58.46", "19-602": "57.90", "09-604": "55.12", "08-601": "63.05"}
# Townships where nobody else comes near the quota's line.
CALM = ("07", "15", "19")

# Without a sheet, with too few ballots, or outside the scheme.
NO_SELF = ["01-402", "04-606", "06-609", "12-401", "16-611", "20-401", "85-905"]
EMPTY_SELF = ["13-403"]              # a row without a single figure
ONE_CELL = {"17-605": SELF, "81-917": COMMITTEE}
NO_BALLOTS = ["11-603", "11-607"]
LOW_TURNOUT = ["05-611", "10-603", "14-402", "18-615", "20-617"]
NO_FIELD = ["04-401", "16-401"]


# ---- people and figures -------------------------------------------------------

def people(org, rng):
    """Members and residents, on the register and present."""
    sizes = {"农村": (26, 62, 420, 1600), "街道社区": (38, 130, 1500, 6200), "机关": (9, 46, 2, 30),
             "学校": (8, 42, 20, 110), "医疗卫生单位": (7, 34, 18, 120), "其他事业单位": (5, 24, 3, 30),
             "国有企业": (8, 48, 15, 160), "非公有制经济组织": (3, 13, 6, 80),
             "社会组织": (3, 9, 5, 40), "高等院校": (18, 70, 20, 150)}
    low, high, few, many = sizes.get(org.field, (3, 12, 5, 40))
    org.members = county.MEMBERS.get(org.code, rng.randint(low, high))
    org.residents = rng.randint(few, many)
    if org.field in ("农村", "街道社区"):
        org.present = (max(8, org.members * rng.randint(55, 82) // 100), rng.randint(85, 230))


def eligible(org):
    return sum(org.present) if org.present else org.members + org.residents


def resize(org, wanted):
    """Makes the number of those present such that `wanted` is a usual turnout."""
    present = org.present[0] if org.present else org.members
    residents = max(wanted * 100 // 46 - present, wanted - present + 2)
    if org.field in ("农村", "街道社区"):
        org.present = (present, residents)
    else:
        org.residents = residents


def draw_target(org, rng):
    """A score: a fifth good, less than half fair, the rest average, few poor."""
    tilt = {"机关": -12, "学校": -10, "医疗卫生单位": -5, "街道社区": -6, "国有企业": -4,
            "非公有制经济组织": 8, "社会组织": 10}.get(org.field, 2)
    place = min(max(rng.randint(0, 999) + 10 * tilt, 0), 999)
    depth = rng.randint(0, 1000) / 1000
    if place < 190:
        score = 90.05 + 6.2 * depth ** 1.5
    elif place < 640:
        score = 80.05 + 9.9 * depth
    elif place < 976:
        score = 79.9 - 16.5 * depth ** 1.3
    else:
        score = 59.8 - 6 * depth
    if org.committee in CALM:
        score = max(score, 64 + 6 * depth)
    return f"{score:.2f}"


def ballots_cast(org, rng):
    """(cast, spoiled)."""
    n = eligible(org)
    if n < 20:
        return n, 0
    if org.code in LOW_TURNOUT:
        return max(6, n * rng.randint(20, 27) // 100), 0
    percent = rng.randint(34, 62) if org.present else rng.randint(55, 94)
    cast = -(-n * percent // 100)
    return cast, rng.choice((0, 0, 0, 1, 1, 2)) if cast > 30 else 0


def make_figures(org, rng):
    """(Figures, spoiled) of one organisation."""
    raters = 3 if org.committee < "80" else 2
    if org.code in EXACT:
        text, valid = EXACT[org.code]
        goal = Fraction(text)
        resize(org, valid)
        return figures.at(goal, valid, raters, rng, lambda c: c == goal), 0
    cast, spoiled = ballots_cast(org, rng)
    if org.target:
        goal = figures.rounded(Fraction(org.target))
        return figures.at(Fraction(org.target), cast - spoiled, raters, rng,
                          lambda c: figures.rounded(c) == goal), spoiled
    target = Fraction(POOR.get(org.code) or draw_target(org, rng))
    for _ in range(50):
        drawn = figures.first_guess(target, cast - spoiled, raters, rng)
        if figures.sound(drawn):
            return drawn, spoiled
    raise ValueError(f"{org.code}: no figures for {target}")


def twin(org, other, drawn):
    """Gives `org` the people and the figures of `other`."""
    org.members, org.residents, org.present = other.members, other.residents, other.present
    drawn[org.code] = drawn[other.code]


def tie_at_the_cap(units, drawn, rng):
    """Lifts two villages to where the five stars end, equal: the last place and
    the first one behind it."""
    def score(org):
        return drawn[org.code][0].composite

    good = sorted((u for u in units if gradable(u) and figures.rounded(score(u)) >= 9000),
                  key=score, reverse=True)
    cap = len(good) // 5
    above, below = score(good[cap - 2]), score(good[cap - 1])
    one, other = [u for u in good[cap + 2:] if u.field == "农村" and not u.target
                  and u.code not in EXACT][:2]
    one_drawn, spoiled = drawn[one.code]
    drawn[one.code] = (figures.at((above + below) / 2, one_drawn.valid, one_drawn.raters, rng,
                                  lambda c: below < c < above), spoiled)
    twin(other, one, drawn)


def outside(org):
    return org.field in OUTSIDE_FIELDS or org.kind not in KINDS


def gradable(org):
    return not outside(org) and org.code not in (
        *NO_SELF, *EMPTY_SELF, *ONE_CELL, *NO_BALLOTS, *LOW_TURNOUT)


def draw_all(orgs, rng):
    """code → (Figures, spoiled) of every unit."""
    units = [o for o in orgs if o.level == "基层"]
    drawn = {}
    by_code = {o.code: o for o in units}
    for code in (*EXACT, *SAME, *POOR, *NO_SELF, *EMPTY_SELF, *ONE_CELL, *NO_BALLOTS,
                 *LOW_TURNOUT, *NO_FIELD):
        assert code in by_code, f"no organisation {code}"
    for org in units:
        people(org, rng)
        if org.code == county.SHOWN["code"]:
            org.present = county.SHOWN["present"]
        drawn[org.code] = make_figures(org, rng)
        if org.code in NO_FIELD:
            org.field, org.note = "", "新成立，领域待定"
    for code, other in SAME.items():
        twin(by_code[code], by_code[other], drawn)
    tie_at_the_cap(units, drawn, rng)
    shown = county.SHOWN
    votes = [a + b for a, b in zip(shown["members"], shown["residents"])]
    drawn[shown["code"]] = (figures.Figures(int(2 * sum(map(sum, shown["raters"]))), 3,
                                            int(2 * sum(shown["self"])), *votes[:4]), votes[4])
    return drawn


# ---- the register ---------------------------------------------------------------

REGISTER_HEAD = [("序号", "", 5), ("组织代码", "", 10), ("上级代码", "", 9), ("名称", "", 32),
                 ("层级", "", 7), ("领域", "", 17), ("组织类型", "", 9), ("登记人数", "党员数", 8),
                 ("", "群众数", 8), ("在村在岗人数", "在村在岗党员数", 9), ("", "在村在岗群众数", 9),
                 ("书记和换届", "书记", 9), ("", "书记任职时间", 13), ("", "换届时间", 11), ("备注", "", 22)]


def register_rows(orgs, rng):
    """One list of cells per organisation, with the dirt of a copied-together list."""
    for number, org in enumerate(orgs, 1):
        unit = org.level == "基层"
        secretary = start = end = None
        if unit:
            secretary = county.SECRETARIES.get(org.code, county.person(rng))
            start = date(2022, 1, 4) + timedelta(days=rng.randint(0, 1500))
            end = date(2026, 12, 18) + timedelta(days=rng.randint(0, 900))
            org.note = org.note or ("" if secretary else "书记空缺")
        code = f" {org.code} " if rng.random() < 0.015 else org.code
        if rng.random() < 0.01:
            code = code.translate(FULL_WIDTH)
        name = org.name + "　" if rng.random() < 0.015 else org.name
        members = org.members
        if unit and rng.random() < 0.012:
            members = f" {members}" if rng.random() < 0.5 else str(members).translate(FULL_WIDTH)
        row = wb.TEXT if unit else wb.STRONG
        left = wb.LEFT if unit else wb.STRONG_LEFT
        people_ = [members, org.residents, *(org.present or (None, None))] if unit else [None] * 4
        yield ([(number, row), (code, row), (org.parent, row), (name, left), (org.level, row),
                (org.field, row), (org.kind, row)]
               + [(n, wb.NUMBER if unit else wb.STRONG) for n in people_]
               + [(secretary or None, row), (start if secretary else None, wb.DATE if unit else row),
                  (end, wb.DATE if unit else row), (org.note, left)])


def write_register(path, orgs, rng):
    book = wb.Workbook("云岭县基层党组织名册（虚构）")
    lists = book.sheet("字典", hidden=True)
    levels = ["市级", "县级", "乡级", "基层"]
    fields = sorted({o.field for o in orgs} - {""})
    kinds = sorted({o.kind for o in orgs})
    lists.widths = [10, 20, 12]
    lists.add([("层级", wb.PLAIN), ("领域", wb.PLAIN), ("组织类型", wb.PLAIN)])
    for i in range(max(len(levels), len(fields), len(kinds))):
        lists.add([(column[i] if i < len(column) else None, wb.PLAIN)
                   for column in (levels, fields, kinds)])

    sheet = book.sheet("组织名册")
    sheet.widths = [width for _, _, width in REGISTER_HEAD]
    width = len(REGISTER_HEAD)
    last_column = wb.column_name(width - 1)
    sheet.add([("云岭县基层党组织名册（2026年度）", wb.TITLE)] + [(None, wb.TITLE)] * (width - 1), 30)
    sheet.add([("填报单位：中共云岭县委组织部组织科　　　截至2026年10月31日　　　单位：人　　　"
                f"（{MADE_UP}）", wb.UNDER_TITLE)] + [(None, wb.UNDER_TITLE)] * (width - 1), 18)
    sheet.add([(top or None, wb.COLUMN_HEAD) for top, _, _ in REGISTER_HEAD], 20)
    sheet.add([(below or None, wb.COLUMN_HEAD) for _, below, _ in REGISTER_HEAD], 30)
    sheet.merges = [f"A1:{last_column}1", f"A2:{last_column}2", "H3:I3", "J3:K3", "L3:N3"]
    sheet.merges += [f"{wb.column_name(i)}3:{wb.column_name(i)}4"
                     for i, (top, below, _) in enumerate(REGISTER_HEAD) if top and not below]
    previous = ""
    for org, row in zip(orgs, register_rows(orgs, rng)):
        if org.level == "乡级" and previous and org.code in ("05", "13", "81"):
            sheet.add([])                          # left over where lists were joined
        sheet.add(row, 16)
        previous = org.level
    end = len(sheet.rows)
    sheet.frozen, sheet.print_rows = (4, 4), "1:4"
    sheet.filter = f"A4:{last_column}{end}"
    sheet.validations = [(f"{letter}5:{letter}{end}", f"字典!${source}$2:${source}${1 + count}")
                         for letter, source, count in (("E", "A", len(levels)),
                                                       ("F", "B", len(fields)),
                                                       ("G", "C", len(kinds)))]
    notes = book.sheet("填表说明")
    notes.widths = [90]
    for line in ("本表是晋位软件的示例，云岭县及表中所有组织、人名、数字均为虚构。",
                 "1. 组织代码按文本填写，前面的 0 不能丢。",
                 "2. 群众数：村、社区填常住人口中的非党员，其他单位填在职的非党员职工。",
                 "3. 在村在岗人数只由村、社区填写；其他单位不填，按登记人数算。",
                 "4. 领域按字典选填；新成立、领域没有定的可以先空着，空着的不参加定级。"):
        notes.add([(line, wb.TOP)], 20)
    book.save(path)


# ---- scores and ballots -----------------------------------------------------------

def number(half):
    return str(half // 2) if half % 2 == 0 else f"{half // 2}.5"


def dirty(text, rng, rate):
    """Now and then a space or full-width digits."""
    draw = rng.random()
    if draw < rate:
        return text.translate(FULL_WIDTH)
    return f" {text}" if draw < 2 * rate else f"{text} " if draw < 3 * rate else text


def raters_of(committee, rng):
    names = county.RATERS.get(committee) or [county.person(rng) for _ in range(3)]
    if committee == "12":
        names[2] = "罗\U0002cc56"      # a character outside the older GBK
    return names if committee < "80" else names[:2]


def score_rows(org, drawn, names, rng):
    """([committee rows], self row or None): organisation, source, rater, points, note."""
    maxima = MAXIMA["行政村" if org.field == "农村" else "其他"]
    shown = county.SHOWN if org.code == county.SHOWN["code"] else None
    per_rater = figures.share_out(drawn.committee, drawn.raters, rng)
    rows = []
    for i, name in enumerate(names):
        points = [int(2 * p) for p in shown["raters"][i]] if shown else \
            figures.spread(per_rater[i], maxima, rng)
        rows.append([COMMITTEE, name, [number(p) for p in points], ""])
    own = [int(2 * p) for p in shown["self"]] if shown else \
        figures.spread(drawn.self_half, maxima, rng)
    own = [SELF, "支委会", [number(p) for p in own], ""]
    if org.code in NO_SELF:
        own = None
    elif org.code in EMPTY_SELF:
        own[2], own[3] = [""] * 7, "未交"
    if org.code in ONE_CELL:
        row = own if ONE_CELL[org.code] == SELF else rows[-1]
        row[2][3], row[3] = "", "活动阵地待核"
    return rows, own


def to_csv(rows, encoding):
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def write_scores(path, units, drawn, rng):
    head = ["组织代码", "名称", "评价主体", "评价人", *INDICATORS, "备注"]
    rows, first = [head], True
    for committee in dict.fromkeys(o.committee for o in units):
        names = raters_of(committee, rng)
        given, own_rows = [], []
        for org in (o for o in units if o.committee == committee and not outside(o)):
            by_committee, own = score_rows(org, drawn[org.code][0], names, rng)
            for target, entries in ((given, by_committee), (own_rows, [own] if own else [])):
                for source, rater, points, note in entries:
                    target.append([dirty(org.code, rng, 0.006), org.name, source, rater,
                                   *(dirty(p, rng, 0.002) if p else p for p in points), note])
        if not given:
            continue
        if first:
            given[0][-1], first = MADE_UP, False
        rows += given + own_rows
        if committee in ("03", "07", "13", "18"):
            rows.append([""] * len(head))          # as Excel saves an empty row
    with open(path, "wb") as file:
        file.write(to_csv(rows, "gb18030"))


def vote_rows(org, drawn, spoiled, rng):
    """(voters, option, count) of one organisation."""
    if org.code == county.SHOWN["code"]:
        members, residents = county.SHOWN["members"], county.SHOWN["residents"]
    else:
        cast = drawn.valid + spoiled
        in_all = org.present or (org.members, org.residents)
        from_members = max(cast - in_all[1], min(in_all[0], cast * rng.randint(26, 40) // 100))
        if cast == sum(in_all):
            from_members = in_all[0]
        members, residents = figures.split_votes([*drawn.votes, spoiled], from_members, rng)
    for voters, counts in (("党员", members), ("群众", residents)):
        if not sum(counts):
            continue
        for option, n in zip((*OPTIONS, "废票"), counts):
            if n or option != "废票":
                yield voters, option, n


def write_ballots(path, units, drawn, rng):
    rows = [["组织代码", "名称", "评议人类别", "选项", "票数", "备注"]]
    for org in units:
        if org.code in NO_BALLOTS or outside(org):
            continue
        places = 2 if org.present and rng.random() < 0.03 else 1
        for voters, option, n in vote_rows(org, *drawn[org.code], rng):
            counts = [n] if places == 1 else [n - n // 3, n // 3]
            for i, count in enumerate(counts):
                rows.append([dirty(org.code, rng, 0.002), org.name, voters, option,
                             dirty(str(count), rng, 0.002), "第二投票点" if i else ""])
        if org.code.endswith("-601") and rng.random() < 0.3:
            rows.append([])
    rows[1][-1] = MADE_UP
    with open(path, "wb") as file:
        file.write(to_csv(rows, "utf-8-sig"))


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    rng = random.Random(SEED)
    orgs = county.build(rng)
    drawn = draw_all(orgs, rng)
    units = [o for o in orgs if o.level == "基层"]
    write_register(os.path.join(folder, "组织名册.xlsx"), orgs, rng)
    write_scores(os.path.join(folder, "评分表.csv"), units, drawn, rng)
    write_ballots(os.path.join(folder, "测评票.csv"), units, drawn, rng)
    print(len(units), "organisations:",
          ", ".join(f"{f or '(empty)'} {n}" for f, n in Counter(o.field for o in units).most_common()))


if __name__ == "__main__":
    main()
