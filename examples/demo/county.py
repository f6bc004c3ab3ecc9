# SPDX-License-Identifier: Apache-2.0
"""The made-up county: its committees, its organisations and their names.

Nothing here exists. 临江市云岭县 and its three well-described townships are the
ones shown in the product's screens, so that a score seen there can be found
here: the scores of PINNED are theirs.
"""

from dataclasses import dataclass, field as dc_field

CITY, COUNTY = "LJ", "LJ-YL"

# (code, name, organisations)
TOWNSHIPS = [
    ("01", "城关镇", 36), ("02", "石桥镇", 24), ("03", "柳河镇", 25), ("04", "青山乡", 21),
    ("05", "白塔镇", 27), ("06", "大湾乡", 21), ("07", "龙泉镇", 30), ("08", "双河镇", 28),
    ("09", "松林乡", 20), ("10", "平安镇", 27), ("11", "枫林乡", 21), ("12", "红岩乡", 21),
    ("13", "云台街道", 25), ("14", "东塘街道", 24), ("15", "马蹄镇", 33), ("16", "古渡镇", 33),
    ("17", "竹溪乡", 30), ("18", "回龙镇", 33), ("19", "黄柏乡", 30), ("20", "桐子镇", 33),
]

# Committees of the county's own: (code, name, [(name, field, kind)])
COMMITTEES = [
    ("81", "县直机关工委", [(f"{n}党支部", "机关", "党支部") for n in (
        "县委办公室 县政府办公室 县人大机关 县政协机关 县纪委监委机关 县委组织部 县委宣传部 "
        "县委政法委 县法院 县检察院 县财政局 县民政局 县人社局 县自然资源局 县农业农村局 "
        "县水利局 县交通运输局 县住建局 县审计局 县统计局 县司法局 县信访局 县应急局 县税务局"
    ).split()] + [(f"{n}党支部", "其他事业单位", "党支部") for n in
                  "县融媒体中心 县图书馆 县文化馆 县气象站".split()]),
    ("82", "县委教育工委", [(f"{n}党支部", "学校", "党支部") for n in (
        "云岭县第一中学 云岭县第二中学 云岭县第三中学 云岭县实验中学 云岭县实验小学 云岭县城北小学 "
        "云岭县城南小学 云岭县特殊教育学校 云岭县幼儿园").split()]
        + [("云岭县电化教育馆党支部", "其他事业单位", "党支部")]),
    ("83", "县卫健系统党委", [
        ("云岭县人民医院党总支", "医疗卫生单位", "党总支"),
        ("云岭县人民医院内科党支部", "医疗卫生单位", "党支部"),
        ("云岭县人民医院外科党支部", "医疗卫生单位", "党支部"),
        ("云岭县人民医院机关党支部", "医疗卫生单位", "党支部"),
        ("云岭县中医院党支部", "医疗卫生单位", "党支部"),
        ("云岭县妇幼保健院党支部", "医疗卫生单位", "党支部"),
        ("云岭县疾控中心党支部", "医疗卫生单位", "党支部")]),
    ("84", "县国资系统党委", [("云岭县城投公司党委", "国有企业", "党委")]
        + [(f"{n}党支部", "国有企业", "党支部") for n in (
        "云岭县水务公司 云岭县粮油公司 云岭县公交公司 云岭县林场 "
        "云岭农村商业银行 云岭县供销公司 云岭县保安公司").split()]),
    ("85", "县委两新工委", [(f"{n}党支部", "非公有制经济组织", "党支部") for n in (
        "云岭恒达纺织公司 云岭绿野食品公司 云岭新材料公司 云岭百货商场 云岭汽车运输公司").split()]
        + [("云岭建材公司,云岭门窗厂联合党支部", "非公有制经济组织", "党支部")]
        + [(f"{n}党支部", "社会组织", "党支部") for n in (
            "云岭县律师协会 云岭县个体私营经济协会 云岭县餐饮商会 云岭县民办幼儿园协会").split()]),
    ("86", "云岭职业技术学院党委", [(f"云岭职业技术学院{n}党支部", "高等院校", "党支部") for n in
                            "机关 机电系 农林系 学生".split()]),
]

# The branches of a general branch stand under it, not under the committee.
UNDER = {"83-902": "83-901", "83-903": "83-901", "83-904": "83-901"}

FIELD_BLOCK = {"街道社区": 1, "机关": 2, "学校": 2, "医疗卫生单位": 2, "其他事业单位": 2,
               "国有企业": 3, "非公有制经济组织": 4, "社会组织": 5, "农村": 6}

# Three townships as the screens show them: (name, field, published score or None)
PINNED = {
    "02": [
        ("石桥社区党支部", "街道社区", "93.04"),
        ("镇机关党支部", "机关", "94.56"), ("镇中心学校党支部", "学校", "90.15"),
        ("镇卫生院党支部", "医疗卫生单位", "89.93"),
        ("农业服务中心党支部", "其他事业单位", "85.81"), ("财政所党支部", "机关", "62.10"),
        ("云岭茶业公司党支部", "非公有制经济组织", "87.79"),
        ("石桥建材公司党支部", "非公有制经济组织", "76.53"),
        ("镇茶叶协会党支部", "社会组织", "79.62"),
        ("柳树沟村党支部", "农村", "57.84"), ("三岔口村党支部", "农村", "61.35"),
        ("石桥村党支部", "农村", "91.73"), ("东街村党支部", "农村", "89.01"),
        ("上坪村党支部", "农村", "84.26"), ("下坪村党支部", "农村", "81.43"),
        ("杨家湾村党支部", "农村", "88.12"), ("大塘村党支部", "农村", "61.35"),
        ("水磨村党支部", "农村", "86.83"), ("青杠坡村党支部", "农村", "80.04"),
        ("马鞍山村党支部", "农村", "83.42"), ("桐梓园村党支部", "农村", "74.77"),
        ("黄泥坳村党支部", "农村", "70.92"), ("清水塘村党支部", "农村", "85.17"),
        ("铜鼓岭村党支部", "农村", "78.34"),
    ],
    "03": [
        ("柳河社区党支部", "街道社区", "91.06"), ("柳河镇机关党支部", "机关", "94.20"),
        ("柳河中学党支部", "学校", "90.38"), ("柳河中心小学党支部", "学校", "86.24"),
        ("柳河镇卫生院党支部", "医疗卫生单位", "87.15"),
        ("柳河砖瓦厂党支部", "非公有制经济组织", "71.42"),
        ("柳河镇柑橘协会党支部", "社会组织", "73.60"),
        ("上坝村党支部", "农村", "84.60"), ("双桥村党支部", "农村", "85.73"),
        ("梅子坝村党支部", "农村", "84.18"), ("烂泥沟村党支部", "农村", "66.93"),
        ("岩脚村党支部", "农村", "61.85"), ("牛栏坡村党支部", "农村", "60.47"),
        ("老鹰嘴村党支部", "农村", "58.31"),
        ("柳林村党支部", "农村", "83.77"), ("下坝村党支部", "农村", "83.05"),
        ("青石滩村党支部", "农村", "82.64"), ("观音桥村党支部", "农村", "81.90"),
        ("罗家湾村党支部", "农村", "81.12"), ("木瓜村党支部", "农村", "80.48"),
        ("长岭岗村党支部", "农村", "79.36"), ("九道拐村党支部", "农村", "77.25"),
        ("干溪沟村党支部", "农村", "75.81"), ("土地坳村党支部", "农村", "69.74"),
        ("响水洞村党支部", "农村", "68.15"),
    ],
    "07": [
        ("龙泉社区党总支", "街道社区", "91.24"), ("古井社区党支部", "街道社区", "85.37"),
        ("桂花园社区党支部", "街道社区", "79.64"),
        ("龙泉镇机关党支部", "机关", "95.12"), ("龙泉中学党支部", "学校", "90.65"),
        ("龙泉中心小学党支部", "学校", "86.90"), ("龙泉镇卫生院党支部", "医疗卫生单位", "76.48"),
        ("龙泉水库管理所党支部", "国有企业", "82.71"),
        ("龙泉云雾茶业公司党支部", "非公有制经济组织", "81.33"),
        ("龙泉竹木制品厂党支部", "非公有制经济组织", "66.15"),
        ("龙泉镇养老服务协会党支部", "社会组织", "71.80"),
        ("龙泉村党总支", "农村", "92.05"), ("长坡村党支部", "农村", "56.40"),
        ("上坪村党支部", "农村", "84.18"), ("下坪村党支部", "农村", "77.93"),
        ("石板冲村党支部", "农村", "83.52"), ("清水塘村党支部", "农村", "88.27"),
        ("枣子坪村党支部", "农村", "61.30"), ("黄泥坳村党支部", "农村", "80.94"),
        ("牛栏冲村党支部", "农村", "84.75"),
    ],
}

# Villages the screens name in other townships.
NAMED_VILLAGES = {"05": {14: "周家垭"}, "06": {5: "土桥"}, "08": {1: "河口"},
                  "09": {4: "燕子岩"}, "11": {3: "鹰嘴岩", 7: "老枫树"}}

# Members on the register where a screen shows them.
MEMBERS = {"07-101": 86, "07-102": 41, "07-103": 33, "07-201": 38, "07-202": 29, "07-203": 24,
           "07-204": 17, "07-301": 12, "07-401": 9, "07-402": 5, "07-501": 4, "07-601": 72,
           "07-602": 46, "07-603": 39, "07-604": 35, "07-605": 44, "07-606": 51, "07-607": 28,
           "07-608": 33, "07-609": 37, "03-601": 41, "02-601": 37}
SECRETARIES = {"07-101": "谢红梅", "07-601": "李春生", "07-602": "欧阳明", "07-607": "",
               "02-601": "黄小军", "03-601": "谭志远", "08-601": ""}
# A village shown with all its figures: points by rater, then votes good, fair,
# average, poor and spoiled.
SHOWN = {"code": "03-601", "present": (28, 156),
         "raters": [(17.5, 8.5, 13, 9, 8.5, 17.5, 13), (17, 8.5, 12.5, 8.5, 8.5, 17.5, 13),
                    (17.5, 8, 13, 9, 8, 18, 13)],
         "self": (18.5, 9, 13.5, 9.5, 9, 18.5, 13.5),
         "members": (15, 9, 2, 0, 0), "residents": (26, 27, 2, 2, 1)}
RATERS = {"02": ["郭正华", "苏晓梅", "陈立新"], "03": ["郑国栋", "马晓琴", "田永刚"]}

VILLAGE_HEADS = ("青石 白羊 金竹 黄桷 石门 红星 大坪 小河 梨树 桃花 双龙 天井 板栗 栗子 柏香 花椒 楠木 杉木 "
                 "凉水 响滩 高桥 新桥 马家 陈家 何家 蒋家 罗家 冯家 邓家 凌家 莲花 凤凰 仙女 铁炉 瓦窑 水井 "
                 "火石 乌龟 鲤鱼 麻柳 茅草 葫芦 月亮 太阳 团结 光明 新民 丰收 东风 向阳").split()
VILLAGE_TAILS = "坪 沟 坝 湾 岭 垭 塘 冲 坡 寨 坳 岩".split()
COMMUNITIES = ("东门 西门 南门 北门 滨河 站前 文庙 书院 钟楼 桂花 丁香 梧桐 银杏 花园 新城 云台 东塘 学府 "
               "民主 和平 建设 幸福 永兴 太平 广场").split()
SURNAMES = ("王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 "
            "邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜").split()
GIVEN = ("建国 志强 秀兰 桂英 小平 永康 德明 文静 卫东 丽娟 春生 光辉 时新 月华 金水 满秀 立新 海波 国富 玉珍 "
         "家兴 世荣 明亮 红霞 正华 晓梅 国栋 晓琴 永刚 学文 大勇 爱民 长青 福生 素芳 天祥 玥 喆 堃 垚 翀 淼 "
         "先进 云飞 兴旺 开明 朝阳 雪梅 少华 定邦").split()


@dataclass
class Org:
    """One line of the register. `target` is the published score aimed at."""
    code: str
    parent: str
    name: str
    level: str
    field: str
    kind: str
    committee: str = ""        # code of the township or committee it belongs to
    target: str = ""
    members: int = 0
    residents: int = 0
    present: tuple = ()        # members and residents present; empty: not filled in
    secretary: str = ""
    note: str = ""
    notes: list = dc_field(default_factory=list)


def kind_of(name):
    return "党总支" if name.endswith("党总支") else "党支部"


def person(rng):
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def village_names(rng):
    """All the village names there are, in a random order, each once."""
    names = [h + t for h in VILLAGE_HEADS for t in VILLAGE_TAILS]
    rng.shuffle(names)
    return iter(names)


def township_units(code, name, total, rng, villages, communities):
    """(name, field, target) of a township; the screens' ones first."""
    units = list(PINNED.get(code, []))
    if code in ("02", "03"):
        return units
    if code == "07":
        units += [(f"{next(villages)}村党支部", "农村", "") for _ in range(total - len(units))]
        return units
    short = name[:-2] if name.endswith("街道") else name[:-1]
    street = name.endswith("街道")
    n_community = 11 if street else 6 if code == "01" else rng.choice((1, 1, 2))
    units += [(f"{next(communities) if street or code == '01' else short}社区党支部"
               if i == 0 or street or code == "01" else f"{short}新区社区党支部", "街道社区", "")
              for i in range(n_community)]
    units.append((f"{name}机关党支部", "机关", ""))
    if total >= 24:
        units.append((f"{short}中学党支部", "学校", ""))
    units.append((f"{short}中心小学党支部", "学校", ""))
    units.append((f"{name}{'社区卫生服务中心' if street else '卫生院'}党支部", "医疗卫生单位", ""))
    units.append((f"{name}{'党群' if street else '农业'}服务中心党支部", "其他事业单位", ""))
    soe = {"01": ["城关自来水公司", "城关粮站"], "08": ["双河水电站"], "16": ["古渡航运公司"],
           "18": ["回龙林场"], "10": ["平安石灰厂"], "14": ["东塘菜市场公司"]}.get(code, [])
    units += [(f"{n}党支部", "国有企业", "") for n in soe]
    trade = "茶业公司 竹木制品厂 养殖专业合作社 农机专业合作社 食品厂 石材公司 建筑公司".split()
    rng.shuffle(trade)
    n_private = 5 if street else 3 if code == "01" else rng.choice((1, 2, 2))
    units += [(f"{short}{trade[i]}党支部", "非公有制经济组织", "") for i in range(n_private)]
    if street or rng.random() < 0.4:
        units.append((f"{name}{rng.choice(('老年协会', '志愿者协会', '商会'))}党支部", "社会组织", ""))
    named = NAMED_VILLAGES.get(code, {})
    for i in range(1, total - len(units) + 1):
        village = named.get(i) or next(villages)
        kind = "党总支" if rng.random() < 0.06 else "党支部"
        units.append((f"{village}村{kind}", "农村", ""))
    return units


def number_units(code, committee, units):
    """Orgs with codes: committee, field block, running number."""
    running, orgs = {}, []
    for name, field, target in sorted(units, key=lambda u: FIELD_BLOCK[u[1]]):
        block = FIELD_BLOCK[field]
        running[block] = running.get(block, 0) + 1
        orgs.append(Org(f"{code}-{block}{running[block]:02d}", committee, name, "基层", field,
                        kind_of(name), code, target))
    return orgs


def build(rng):
    """All lines of the register, parents first."""
    orgs = [Org(CITY, "", "中共临江市委员会", "市级", "地方党委", "党委"),
            Org(COUNTY, CITY, "中共云岭县委员会", "县级", "地方党委", "党委")]
    villages = village_names(rng)
    communities = iter(rng.sample(COMMUNITIES, len(COMMUNITIES)) + [f"第{n}" for n in "一二三四五六七八"])
    for code, name, total in TOWNSHIPS:
        street = name.endswith("街道")
        orgs.append(Org(code, COUNTY, f"中共{name}{'工作委员会' if street else '委员会'}", "乡级",
                        "地方党委", "党工委" if street else "党委"))
        orgs += number_units(code, code, township_units(code, name, total, rng, villages,
                                                        communities))
    for code, name, units in COMMITTEES:
        orgs.append(Org(code, COUNTY, f"中共云岭{name}" if name.startswith("县") else f"中共{name}",
                        "乡级", "", "党工委" if name.endswith("工委") else "党委"))
        for i, (unit, field, kind) in enumerate(units, 1):
            number = f"{code}-9{i:02d}"
            orgs.append(Org(number, UNDER.get(number, code), unit, "基层", field, kind, code))
    return orgs
