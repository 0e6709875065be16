//! Tables cut, exchanged, and those of another kind.

use nianbao_model::Boundary;

use crate::damage::case::Case;
use crate::damage::sheet::{Part, Sheet, Slot};
use crate::dice::Dice;

pub(crate) fn cut(case: &mut Case, dice: &mut Dice, with_header: bool) -> bool {
    let sheet = dice.below(case.sheets.len());
    let whole = &mut case.sheets[sheet];
    let rows = whole.rows_with(Part::Figure);
    if rows.len() < 2 {
        return false;
    }
    let row = rows[1 + dice.below(rows.len() - 1)];
    let mut lines = whole.lines.split_off(row);
    // A cell that reaches over the cut stands in both parts, its words in the first.
    for at in 0..whole.lines.len() {
        let mut reaching = Vec::new();
        for slot in &mut whole.lines[at].slots {
            if at + slot.rows > row {
                let mut rest = slot.clone();
                rest.rows = at + slot.rows - row;
                rest.text.clear();
                slot.rows = row - at;
                reaching.push(rest);
            }
        }
        let place = lines[0].slots.iter().filter(|slot| slot.is(Part::Group) && slot.text.is_empty()).count();
        lines[0].slots.splice(place..place, reaching);
    }
    if with_header {
        let header = whole.lines.iter().take_while(|line| line.places(Part::Figure).is_empty()).cloned();
        lines.splice(..0, header.collect::<Vec<_>>());
    }
    lines[0].above = *dice.pick(&[Boundary::Stated, Boundary::PageBreak, Boundary::Inferred]);
    let before = if dice.chance(40) { vec!["（续上表）".to_owned()] } else { Vec::new() };
    case.sheets.insert(sheet + 1, Sheet { before, lines });
    true
}

pub(crate) fn cut_without_header(case: &mut Case, dice: &mut Dice) -> bool {
    cut(case, dice, false)
}

pub(crate) fn cut_with_header(case: &mut Case, dice: &mut Dice) -> bool {
    cut(case, dice, true)
}

pub(crate) fn exchange_tables(case: &mut Case, dice: &mut Dice) -> bool {
    let (one, other) = (dice.below(case.sheets.len()), dice.below(case.sheets.len()));
    case.sheets.swap(one, other);
    if dice.chance(50) {
        let (one, other) = (one.min(other), one.max(other));
        if one < other {
            let (head, tail) = case.sheets.split_at_mut(other);
            std::mem::swap(&mut head[one].before, &mut tail[0].before);
        }
    }
    one != other
}

/// A table of another kind, with labels that the form also has.
pub(crate) fn foreign_table(case: &mut Case, dice: &mut Dice) -> bool {
    let mut sheet = Sheet { before: vec!["另附统计表如下。".into()], lines: Vec::new() };
    let (heads, labels): (&[&str], &[&str]) = *dice.pick(&[
        (&["事项", "数量", "占比"][..], &["行政许可", "行政处罚", "行政强制"][..]),
        (&["事项", "数量"], &["行政许可", "行政处罚", "行政强制", "行政事业性收费"]),
        (&["项目", "2022年", "2023年"], &["本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量", "总计"]),
        (&["信息内容", "本年数", "上年数", "增减"], &["规章", "行政规范性文件"]),
        (&["单位", "自然人", "商业企业", "总计"], &["甲局", "乙局", "总计"]),
        (&["", "结果维持", "结果纠正", "总计"], &["甲局", "乙局"]),
        (&["信息内容", "发布数", "办件数"], &["行政许可", "行政处罚"]),
        (
            &["类别", "一季度", "二季度", "三季度", "四季度", "五科", "六科", "总计"],
            &["予以公开", "部分公开", "重复申请", "其他"],
        ),
    ]);
    sheet.add(heads.iter().map(|head| Slot::new(Part::Print, head)).collect());
    for label in labels {
        let figures = heads.iter().skip(1).map(|_| Slot::new(Part::Print, &dice.below(50).to_string()));
        sheet.add([Slot::new(Part::Print, label)].into_iter().chain(figures).collect());
    }
    let at = dice.below(case.sheets.len() + 1);
    case.sheets.insert(at, sheet);
    true
}
