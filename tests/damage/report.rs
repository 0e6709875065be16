//! Sound reports: figures that keep every equation, and the official layout of their tables.

use std::collections::BTreeMap;

use super::sheet::{Part, Sheet, Slot};
use crate::dice::Dice;

/// What a document says of each figure; `None` for one that is blank.
pub(crate) type Values = BTreeMap<String, Option<String>>;

const WHO: [(&str, &str); 7] = [
    ("natural_person", "自然人"),
    ("enterprise", "商业企业"),
    ("research", "科研机构"),
    ("public_welfare", "社会公益组织"),
    ("legal_service", "法律服务机构"),
    ("other", "其他"),
    ("total", "总计"),
];
const RESULTS: [(&str, &str); 5] = [
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
];
const REMEDIES: [&str; 3] = ["reconsideration", "litigation.direct", "litigation.after_reconsideration"];

type Rows = &'static [(&'static str, &'static str)];
const GROUPS: [(&str, Rows); 6] = [
    ("", &[("granted", "（一）予以公开")]),
    ("", &[("partially_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")]),
    (
        "（三）不予公开",
        &[
            ("denied.state_secret", "1.属于国家秘密"),
            ("denied.prohibited_by_law", "2.其他法律行政法规禁止公开"),
            ("denied.security_and_stability", "3.危及“三安全一稳定”"),
            ("denied.third_party_rights", "4.保护第三方合法权益"),
            ("denied.internal_affairs", "5.属于三类内部事务信息"),
            ("denied.process_information", "6.属于四类过程性信息"),
            ("denied.enforcement_files", "7.属于行政执法案卷"),
            ("denied.administrative_query", "8.属于行政查询事项"),
        ],
    ),
    (
        "（四）无法提供",
        &[
            ("unavailable.not_held", "1.本机关不掌握相关政府信息"),
            ("unavailable.needs_creation", "2.没有现成信息需要另行制作"),
            ("unavailable.still_unclear", "3.补正后申请内容仍不明确"),
        ],
    ),
    (
        "（五）不予处理",
        &[
            ("not_processed.petition", "1.信访举报投诉类申请"),
            ("not_processed.duplicate", "2.重复申请"),
            ("not_processed.publication", "3.要求提供公开出版物"),
            ("not_processed.excessive", "4.无正当理由大量反复申请"),
            ("not_processed.reissue", "5.要求行政机关确认或重新出具已获取信息"),
        ],
    ),
    (
        "（六）其他处理",
        &[
            ("other.not_corrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
            ("other.fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
            ("other.other", "3.其他"),
        ],
    ),
];
const SINGLE_OTHER: (&str, Rows) = ("", &[("other.total", "（六）其他处理")]);

/// The article, its headers with their keys, and its rows with theirs.
type Block = (&'static str, Rows, Rows);
const DECIDED: Rows = &[("decisions", "本年处理决定数量")];
const BLOCKS_2021: [Block; 4] = [
    (
        "第二十条第（一）项",
        &[("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")],
        &[("rules", "规章"), ("normative_documents", "行政规范性文件")],
    ),
    ("第二十条第（五）项", DECIDED, &[("licensing", "行政许可")]),
    ("第二十条第（六）项", DECIDED, &[("penalties", "行政处罚"), ("coercion", "行政强制")]),
    ("第二十条第（八）项", &[("amount", "本年收费金额（单位：万元）")], &[("fees", "行政事业性收费")]),
];
const CHANGED: Rows = &[("items_last_year", "上一年项目数量"), ("change", "本年增/减"), ("decisions", "处理决定数量")];
const BLOCKS_2019: [Block; 5] = [
    (
        "第二十条第（一）项",
        &[("made", "本年新制作数量"), ("published", "本年新公开数量"), ("public_total", "对外公开总数量")],
        &[("rules", "规章"), ("normative_documents", "规范性文件")],
    ),
    ("第二十条第（五）项", CHANGED, &[("licensing", "行政许可"), ("other_services", "其他对外管理服务事项")]),
    ("第二十条第（六）项", CHANGED, &[("penalties", "行政处罚"), ("coercion", "行政强制")]),
    (
        "第二十条第（八）项",
        &[("items_last_year", "上一年项目数量"), ("change", "本年增/减")],
        &[("fees", "行政事业性收费")],
    ),
    (
        "第二十条第（九）项",
        &[("projects", "采购项目数量"), ("amount", "采购总金额")],
        &[("procurement", "政府集中采购")],
    ),
];

/// A report before anything happens to it.
pub(crate) struct Report {
    pub(crate) values: Values,
    pub(crate) disclosure: Sheet,
    pub(crate) requests: Sheet,
    pub(crate) remedies: Sheet,
}

impl Report {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let of_2019 = dice.chance(35);
        let mut groups = GROUPS.to_vec();
        if of_2019 || dice.chance(10) {
            groups[5] = SINGLE_OTHER;
        }
        let blocks: &[Block] = if of_2019 { &BLOCKS_2019 } else { &BLOCKS_2021 };
        // Of a hundred figures, how many are none: small agencies have hardly any.
        let zeros = *dice.pick(&[0, 0, 50, 90, 100]);
        let mut figures = BTreeMap::new();
        disclosure_figures(blocks, zeros, dice, &mut figures);
        request_figures(&groups, zeros, dice, &mut figures);
        remedy_figures(zeros, dice, &mut figures);
        // A form without a single mark is none.
        let zero = *dice.pick(if zeros == 100 { &["0", "/"] } else { &["0", "0", "0", "", "/", "—"] });
        let mut values: Values = BTreeMap::new();
        let mut shown = BTreeMap::new();
        for (key, figure) in figures {
            let printed = if figure == 0 { zero.to_owned() } else { figure.to_string() };
            values.insert(key.clone(), printed.parse::<i64>().ok().map(|figure| figure.to_string()));
            shown.insert(key, printed);
        }
        if zeros < 100 && !of_2019 && dice.chance(50) {
            shown.insert("disclosure.fees.amount".into(), "26.55".into());
            values.insert("disclosure.fees.amount".into(), Some("26.55".into()));
        }
        Self {
            values,
            disclosure: disclosure_sheet(blocks, &shown),
            requests: requests_sheet(&groups, &shown),
            remedies: remedies_sheet(&shown),
        }
    }
}

fn figure(zeros: usize, dice: &mut Dice) -> i64 {
    let most = *dice.pick(&[4, 30, 640]);
    if dice.chance(zeros) { 0 } else { i64::try_from(dice.below(most)).unwrap() }
}

fn disclosure_figures(blocks: &[Block], zeros: usize, dice: &mut Dice, figures: &mut BTreeMap<String, i64>) {
    for (_, headers, rows) in blocks {
        for (row, _) in *rows {
            for (header, _) in *headers {
                let sign = if *header == "change" && dice.chance(30) { -1 } else { 1 };
                figures.insert(format!("disclosure.{row}.{header}"), sign * figure(zeros, dice));
            }
        }
    }
}

fn request_figures(groups: &[(&str, Rows)], zeros: usize, dice: &mut Dice, figures: &mut BTreeMap<String, i64>) {
    let parts = || groups.iter().flat_map(|(_, rows)| rows.iter()).map(|(row, _)| format!("outcome.{row}"));
    let mut set = |row: &str, who: &str, value: i64| {
        figures.insert(format!("requests.{row}.{who}"), value);
        *figures.entry(format!("requests.{row}.total")).or_default() += value;
    };
    for (who, _) in &WHO[..6] {
        let mut total = 0;
        for part in parts() {
            let value = figure(zeros, dice);
            total += value;
            set(&part, who, value);
        }
        let carried_out = figure(zeros, dice);
        let carried_in = figure(zeros, dice).min(total + carried_out);
        set("outcome.total", who, total);
        set("carried_out", who, carried_out);
        set("carried_in", who, carried_in);
        set("received", who, total + carried_out - carried_in);
    }
}

fn remedy_figures(zeros: usize, dice: &mut Dice, figures: &mut BTreeMap<String, i64>) {
    for block in REMEDIES {
        let mut total = 0;
        for (result, _) in &RESULTS[..4] {
            let value = figure(zeros, dice);
            total += value;
            figures.insert(format!("remedies.{block}.{result}"), value);
        }
        figures.insert(format!("remedies.{block}.total"), total);
    }
}

// Layout.

fn disclosure_sheet(blocks: &[Block], shown: &BTreeMap<String, String>) -> Sheet {
    let mut sheet = Sheet::default();
    for (article, headers, rows) in blocks {
        sheet.add(vec![Slot::new(Part::Print, article).wide(4)]);
        let key = |row: &str, header: &str| format!("disclosure.{row}.{header}");
        let spread = |mut slots: Vec<Slot>| {
            let missing = 3 - slots.len();
            slots.last_mut().unwrap().columns += missing;
            slots
        };
        let heads = |header: &str| rows.iter().map(|(row, _)| key(row, header)).collect();
        let leaves = headers.iter().map(|(header, label)| Slot::head(label, heads(header))).collect();
        sheet.add([vec![Slot::new(Part::Print, "信息内容")], spread(leaves)].concat());
        for (row, label) in *rows {
            let figures = headers.iter().map(|(header, _)| Slot::figure(key(row, header), shown)).collect();
            sheet.add([vec![Slot::label(label, key(row, ""))], spread(figures)].concat());
        }
    }
    sheet
}

fn requests_sheet(groups: &[(&str, Rows)], shown: &BTreeMap<String, String>) -> Sheet {
    const CORNER: &str = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）";
    let mut sheet = Sheet::default();
    let outcomes = || groups.iter().flat_map(|(_, rows)| rows.iter()).map(|(row, _)| format!("outcome.{row}"));
    let rows: Vec<String> = ["received".to_owned(), "carried_in".to_owned()]
        .into_iter()
        .chain(outcomes())
        .chain(["outcome.total".to_owned(), "carried_out".to_owned()])
        .collect();
    let leaf =
        |who: &str, label: &str| Slot::head(label, rows.iter().map(|row| format!("requests.{row}.{who}")).collect());
    let leaves: Vec<Slot> = WHO.iter().map(|(who, label)| leaf(who, label)).collect();
    let figures =
        |row: &str| WHO.iter().map(|(who, _)| Slot::figure(format!("requests.{row}.{who}"), shown)).collect::<Vec<_>>();
    sheet.add(vec![Slot::new(Part::Print, CORNER).wide(3).tall(3), Slot::new(Part::Over, "申请人情况").wide(7)]);
    sheet.add(vec![
        leaves[0].clone().tall(2),
        Slot::new(Part::Over, "法人或其他组织").wide(5),
        leaves[6].clone().tall(2),
    ]);
    sheet.add(leaves[1..6].to_vec());
    let whole = |label: &str, row: &str| vec![Slot::label(label, format!("requests.{row}.")).wide(3)];
    sheet.add([whole("一、本年新收政府信息公开申请数量", "received"), figures("received")].concat());
    sheet.add([whole("二、上年结转政府信息公开申请数量", "carried_in"), figures("carried_in")].concat());
    let mut front = vec![Slot::new(Part::Group, "三、本年度办理结果").tall(1 + outcomes().count())];
    for (group, rows) in groups {
        if !group.is_empty() {
            front.push(Slot::new(Part::Group, group).tall(rows.len()));
        }
        for (row, label) in *rows {
            front.push(Slot::label(label, format!("requests.outcome.{row}.")).wide(if group.is_empty() {
                2
            } else {
                1
            }));
            front.extend(figures(&format!("outcome.{row}")));
            sheet.add(std::mem::take(&mut front));
        }
    }
    sheet.add(
        [vec![Slot::label("（七）总计", "requests.outcome.total.".into()).wide(2)], figures("outcome.total")].concat(),
    );
    sheet.add([whole("四、结转下年度继续办理", "carried_out"), figures("carried_out")].concat());
    sheet
}

fn remedies_sheet(shown: &BTreeMap<String, String>) -> Sheet {
    let mut sheet = Sheet::default();
    let leaves = |block: &str, tall: usize| {
        let leaf =
            |(result, label): &(&str, &str)| Slot::head(label, vec![format!("remedies.{block}.{result}")]).tall(tall);
        RESULTS.iter().map(leaf).collect::<Vec<_>>()
    };
    let over = |label: &str, wide: usize| Slot::new(Part::Over, label).wide(wide);
    sheet.add(vec![over("行政复议", 5), over("行政诉讼", 10)]);
    sheet.add([leaves(REMEDIES[0], 2), vec![over("未经复议直接起诉", 5), over("复议后起诉", 5)]].concat());
    sheet.add([leaves(REMEDIES[1], 1), leaves(REMEDIES[2], 1)].concat());
    let key = |block: &str, result: &str| format!("remedies.{block}.{result}");
    let figures = REMEDIES.iter().flat_map(|block| RESULTS.iter().map(move |(result, _)| key(block, result)));
    sheet.add(figures.map(|key| Slot::figure(key, shown)).collect());
    sheet
}
