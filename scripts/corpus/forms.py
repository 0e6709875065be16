"""The two editions of the form: keys, labels, and figures that keep the form's equations."""

import random
from decimal import Decimal

WHO = ["natural_person", "enterprise", "research", "public_welfare", "legal_service", "other", "total"]
WHO_LABELS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
RESULTS = ["upheld", "corrected", "other", "pending", "total"]
RESULT_LABELS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
REMEDIES = ["reconsideration", "litigation.direct", "litigation.after_reconsideration"]

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RECEIVED = "一、本年新收政府信息公开申请数量"
CARRIED_IN = "二、上年结转政府信息公开申请数量"
OUTCOME = "三、本年度办理结果"
CARRIED_OUT = "四、结转下年度继续办理"

# Group label and rows of table 3 between （一） and （七）. A group of one row has no label of its own.
OUTCOME_GROUPS_2021 = [
    (None, [("granted", "（一）予以公开")]),
    (None, [("partially_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")]),
    ("（三）不予公开", [
        ("denied.state_secret", "1.属于国家秘密"),
        ("denied.prohibited_by_law", "2.其他法律行政法规禁止公开"),
        ("denied.security_and_stability", "3.危及“三安全一稳定”"),
        ("denied.third_party_rights", "4.保护第三方合法权益"),
        ("denied.internal_affairs", "5.属于三类内部事务信息"),
        ("denied.process_information", "6.属于四类过程性信息"),
        ("denied.enforcement_files", "7.属于行政执法案卷"),
        ("denied.administrative_query", "8.属于行政查询事项"),
    ]),
    ("（四）无法提供", [
        ("unavailable.not_held", "1.本机关不掌握相关政府信息"),
        ("unavailable.needs_creation", "2.没有现成信息需要另行制作"),
        ("unavailable.still_unclear", "3.补正后申请内容仍不明确"),
    ]),
    ("（五）不予处理", [
        ("not_processed.petition", "1.信访举报投诉类申请"),
        ("not_processed.duplicate", "2.重复申请"),
        ("not_processed.publication", "3.要求提供公开出版物"),
        ("not_processed.excessive", "4.无正当理由大量反复申请"),
        ("not_processed.reissue", "5.要求行政机关确认或重新出具已获取信息"),
    ]),
    ("（六）其他处理", [
        ("other.not_corrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("other.fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        ("other.other", "3.其他"),
    ]),
]
SINGLE_OTHER = [(None, [("other.total", "（六）其他处理")])]
OUTCOME_GROUPS_2019 = OUTCOME_GROUPS_2021[:-1] + SINGLE_OTHER

# Blocks of table 2: the article, the headers of its figures, and its rows.
DISCLOSURE_2021 = [
    ("第二十条第（一）项", ["本年制发件数", "本年废止件数", "现行有效件数"], [
        ("规章", ["rules.issued", "rules.repealed", "rules.in_force"]),
        ("行政规范性文件", ["normative_documents.issued", "normative_documents.repealed", "normative_documents.in_force"]),
    ]),
    ("第二十条第（五）项", ["本年处理决定数量"], [("行政许可", ["licensing.decisions"])]),
    ("第二十条第（六）项", ["本年处理决定数量"], [
        ("行政处罚", ["penalties.decisions"]),
        ("行政强制", ["coercion.decisions"]),
    ]),
    ("第二十条第（八）项", ["本年收费金额（单位：万元）"], [("行政事业性收费", ["fees.amount"])]),
]
ITEMS_2019 = ["上一年项目数量", "本年增/减", "处理决定数量"]
DISCLOSURE_2019 = [
    ("第二十条第（一）项", ["本年新制作数量", "本年新公开数量", "对外公开总数量"], [
        ("规章", ["rules.made", "rules.published", "rules.public_total"]),
        ("规范性文件", ["normative_documents.made", "normative_documents.published", "normative_documents.public_total"]),
    ]),
    ("第二十条第（五）项", ITEMS_2019, [
        ("行政许可", ["licensing.items_last_year", "licensing.change", "licensing.decisions"]),
        ("其他对外管理服务事项", ["other_services.items_last_year", "other_services.change", "other_services.decisions"]),
    ]),
    ("第二十条第（六）项", ITEMS_2019, [
        ("行政处罚", ["penalties.items_last_year", "penalties.change", "penalties.decisions"]),
        ("行政强制", ["coercion.items_last_year", "coercion.change", "coercion.decisions"]),
    ]),
    ("第二十条第（八）项", ITEMS_2019[:2], [("行政事业性收费", ["fees.items_last_year", "fees.change"])]),
    ("第二十条第（九）项", ["采购项目数量", "采购总金额"], [("政府集中采购", ["procurement.projects", "procurement.amount"])]),
]


def disclosure_blocks(form):
    return DISCLOSURE_2021 if form == "2021" else DISCLOSURE_2019


def outcome_groups(form):
    return OUTCOME_GROUPS_2021 if form == "2021" else OUTCOME_GROUPS_2019


def disclosure_keys(form):
    return ["disclosure." + key for _, _, rows in disclosure_blocks(form) for _, keys in rows for key in keys]


def outcome_rows(groups):
    return ["outcome." + key for _, rows in groups for key, _ in rows]


def request_rows(groups):
    return ["received", "carried_in", *outcome_rows(groups), "outcome.total", "carried_out"]


def request_keys(groups):
    return [f"requests.{row}.{who}" for row in request_rows(groups) for who in WHO]


def remedy_keys():
    return [f"remedies.{block}.{result}" for block in REMEDIES for result in RESULTS]


def disclosure_figures(form, rng):
    """Distinct figures for table 2, none of them 0; fees and amounts with decimals, changes with a sign."""
    keys = disclosure_keys(form)
    figures = dict(zip(keys, rng.sample(range(2, 900), len(keys))))
    if form == "2021":
        figures["disclosure.fees.amount"] = Decimal(rng.randrange(1001, 99999)) / 100 + Decimal("0.001")
        return figures
    for key in keys:
        if key.endswith(".change"):
            figures[key] = rng.choice([-1, 1]) * rng.randrange(2, 80)
    figures["disclosure.procurement.amount"] = rng.randrange(10000, 900000)
    return figures


def dense_parts(groups, rng):
    """Every cell of the outcome rows filled, all different."""
    keys = [(row, who) for row in outcome_rows(groups) for who in WHO[:-1]]
    return dict(zip(keys, rng.sample(range(1, 640), len(keys))))


def sparse_parts(groups, rng):
    """As small agencies have it: a few cells filled, the rest 0."""
    keys = [(row, who) for row in outcome_rows(groups) for who in WHO[:-1]]
    parts = dict.fromkeys(keys, 0)
    for key, value in zip(rng.sample(keys, 17), rng.sample(range(1, 60), 17)):
        parts[key] = value
    return parts


def request_figures(groups, rng, sparse):
    """Table 3, with every row, column and balance equation kept; in the dense style all 175 figures differ."""
    while True:
        parts = (sparse_parts if sparse else dense_parts)(groups, rng)
        figures = request_sums(groups, parts, rng, 5 if sparse else 60)
        if sparse or len(set(figures.values())) == len(figures):
            return figures


def request_sums(groups, parts, rng, carried):
    figures = {}
    for who in WHO[:-1]:
        total = sum(parts[row, who] for row in outcome_rows(groups))
        carried_out = rng.randrange(0 if carried < 10 else 1, carried)
        carried_in = rng.randrange(0, min(carried, total + carried_out + 1))
        column = {(row, who): parts[row, who] for row in outcome_rows(groups)}
        column |= {
            ("received", who): total + carried_out - carried_in,
            ("carried_in", who): carried_in,
            ("outcome.total", who): total,
            ("carried_out", who): carried_out,
        }
        figures |= {f"requests.{row}.{name}": value for (row, name), value in column.items()}
    for row in request_rows(groups):
        figures[f"requests.{row}.total"] = sum(figures[f"requests.{row}.{who}"] for who in WHO[:-1])
    return figures


def remedy_figures(rng):
    while True:
        figures = {}
        for block in REMEDIES:
            parts = rng.sample(range(1, 90), 4)
            for result, value in zip(RESULTS, [*parts, sum(parts)]):
                figures[f"remedies.{block}.{result}"] = value
        if len(set(figures.values())) == len(figures):
            return figures


def figures(form, groups, seed, sparse=False):
    """All figures of one report, in the order of the form; the same seed gives the same figures."""
    rng = random.Random(seed)
    made = disclosure_figures(form, rng)
    requests = request_figures(groups, rng, sparse)
    made |= {key: requests[key] for key in request_keys(groups)}
    made |= remedy_figures(rng)
    return made


def broken_equations(groups, figures):
    """Codes of the equations that do not hold: the self-check of every case."""
    value = lambda row, who: figures[f"requests.{row}.{who}"] or 0
    broken = set()
    for row in request_rows(groups):
        if sum(value(row, who) for who in WHO[:-1]) != value(row, "total"):
            broken.add("requests.row")
    for who in WHO:
        if sum(value(row, who) for row in outcome_rows(groups)) != value("outcome.total", who):
            broken.add("requests.outcome")
        if value("received", who) + value("carried_in", who) != value("outcome.total", who) + value("carried_out", who):
            broken.add("requests.balance")
    for block in REMEDIES:
        parts = [figures[f"remedies.{block}.{result}"] or 0 for result in RESULTS]
        if sum(parts[:-1]) != parts[-1]:
            broken.add("remedies.total")
    return sorted(broken)
