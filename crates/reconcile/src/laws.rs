//! What holds of every document, whatever stands in it: the promises of `NORMAL_FORM.md`.

use std::collections::{BTreeMap, BTreeSet};

use nianbao_model::{
    Area, Block, Boundary, Cell, Document, Format, Grid, Nesting, Origin, Paragraph, Row, Span, Table, WarningKind,
};
use proptest::prelude::*;

use crate::reconcile;

/// Texts that pull the passes in all directions; `⏎` parts lines.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\u{3000}",
    "0",
    "1",
    "2",
    "12",
    "—",
    "/",
    "20⏎23",
    "-⏎5",
    "3⏎4⏎件",
    "2019",
    "2020",
    "2021",
    "商业",
    "企业",
    "科研",
    "机构",
    "商业⏎企业",
    "结⏎果⏎维⏎持",
    "三⏎、⏎本⏎年⏎度",
    "内容",
    "数量",
    "总计",
    "其他",
    "规章",
    "1.重复申请",
    "2. 申请人逾期未按通知缴纳费用、行政机",
    "2.⏎逾期未缴费用（指",
    "关不再处理其申请",
    "信息公开申请",
    "期限内）",
    "、续",
    "3. 其他",
    "（三）不予公开",
    "(四) 无法提供",
    "四、结转下年度",
    "第二十条第（五）项",
    "其中：",
    "注：略。⏎　　另见附页",
    "联系人⏎　　电话12⏎　　34",
    "Total of",
    "all offices",
    "of course,⏎see⏎below",
    "- 3 -",
    "一、总体情况⏎⏎2023年，我局认真贯彻落实有关规定，坚持公开为常态、不公开为例外，各项工作有序推进。",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(TEXTS).prop_map(str::to_owned),
        1 => "[ 　⏎0-9a-b中三（）()、.：。-]{0,12}",
    ]
}

fn boundary() -> impl Strategy<Value = Boundary> {
    use Boundary::{Inferred, PageBreak, Ruled, Stated};
    prop_oneof![1 => Just(Stated), 1 => Just(Ruled), 3 => Just(Inferred), 3 => Just(PageBreak)]
}

fn grid() -> impl Strategy<Value = Grid> {
    prop_oneof![Just(Grid::Stated), Just(Grid::Inferred), Just(Grid::Lost)]
}

/// A row: its boundary, whether it is a header or hidden, and per cell text, height and width.
type RowPlan = (Boundary, bool, Vec<(String, usize, usize)>);

#[derive(Clone, Debug)]
enum Plan {
    Paragraph(String),
    Table {
        grid: Grid,
        rows: Vec<RowPlan>,
        /// Repeat the first rows at the top: a header seen before.
        repeated: usize,
        nested_in: Option<(usize, usize, usize, usize)>,
    },
}

fn row() -> impl Strategy<Value = RowPlan> {
    let size = || prop_oneof![9 => Just(1usize), 1 => 2..4usize];
    let cells = proptest::collection::vec((text(), size(), size()), 0..6);
    (boundary(), proptest::bool::weighted(0.05), cells)
}

fn plan() -> impl Strategy<Value = Plan> {
    let nested = proptest::option::weighted(0.3, (0..6usize, 0..7usize, 0..6usize, 0..4usize));
    prop_oneof![
        1 => text().prop_map(Plan::Paragraph),
        3 => (grid(), proptest::collection::vec(row(), 0..9), 0..3usize, nested)
            .prop_map(|(grid, rows, repeated, nested_in)| Plan::Table { grid, rows, repeated, nested_in }),
    ]
}

fn lines(text: &str) -> Vec<String> {
    text.split('⏎').map(str::to_owned).collect()
}

/// Makes the document; each cell and paragraph gets an origin of its own.
fn build(plans: Vec<Plan>) -> Document {
    let mut document = Document::new(Format::Text);
    let mut number = 0;
    let mut origin = || {
        number += 1;
        Origin::Line { line: number, field: None }
    };
    let mut seen: Vec<RowPlan> = Vec::new();
    for plan in plans {
        match plan {
            Plan::Paragraph(text) => {
                let paragraph = Paragraph::new(lines(&text), origin());
                document.blocks.push(Block::Paragraph(paragraph));
            }
            Plan::Table { grid, rows, repeated, nested_in } => {
                let again: Vec<RowPlan> = seen.iter().take(repeated).cloned().collect();
                let rows: Vec<RowPlan> = again.into_iter().chain(rows).collect();
                let mut table = Table::new(grid);
                table.nested_in = nested_in.map(|(block, row, column, line)| Nesting { block, row, column, line });
                for (above, odd, _) in &rows {
                    table.push_row(Row { header: *odd, hidden: *odd, ..Row::new(*above) });
                }
                for (row, (_, _, cells)) in rows.iter().enumerate() {
                    let mut column = 0;
                    for (text, height, width) in cells {
                        let area = Area {
                            rows: Span::with_length(row, *height).unwrap(),
                            columns: Span::with_length(column, *width).unwrap(),
                        };
                        column += width;
                        let _ = table.place(Cell::new(area, lines(text), origin()));
                    }
                }
                seen = rows;
                document.blocks.push(Block::Table(table));
            }
        }
    }
    document
}

fn characters<'a>(lines: impl IntoIterator<Item = &'a String>) -> BTreeMap<char, usize> {
    let mut count = BTreeMap::new();
    for c in lines.into_iter().flat_map(|line| line.chars()).filter(|c| !c.is_whitespace()) {
        *count.entry(c).or_default() += 1;
    }
    count
}

/// All text with its places, cell by cell and paragraph by paragraph.
fn texts(document: &Document) -> Vec<(&[String], &[Origin])> {
    let mut texts = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => texts.push((&paragraph.lines[..], &paragraph.origins[..])),
            Block::Table(table) => {
                texts.extend(table.cells().iter().map(|cell| (&cell.lines[..], &cell.origins[..])));
            }
        }
    }
    texts
}

/// The places of all headers that were dropped.
fn dropped(document: &Document) -> BTreeSet<&Origin> {
    let repeated = document.warnings.iter().filter(|warning| warning.kind == WarningKind::HeaderRepeated);
    repeated.flat_map(|warning| &warning.at).collect()
}

fn assert_nothing_lost(before: &Document, after: &Document) -> Result<(), TestCaseError> {
    let dropped = dropped(after);
    let kept = |origins: &[Origin]| !origins.iter().any(|origin| dropped.contains(origin));
    let old = texts(before);
    let wanted = characters(old.iter().filter(|(_, origins)| kept(origins)).flat_map(|(lines, _)| *lines));
    let new = texts(after);
    prop_assert_eq!(characters(new.iter().flat_map(|(lines, _)| *lines)), wanted);
    let there: BTreeSet<&Origin> = new.iter().flat_map(|(_, origins)| *origins).collect();
    let count: usize = new.iter().map(|(_, origins)| origins.len()).sum();
    prop_assert_eq!(there.len(), count, "a place stands twice");
    for block in &before.blocks {
        let origins: Vec<&Origin> = match block {
            Block::Paragraph(paragraph) if paragraph.is_blank() => Vec::new(),
            Block::Paragraph(paragraph) => paragraph.origins.iter().collect(),
            Block::Table(table) => table.cells().iter().flat_map(|cell| &cell.origins).collect(),
        };
        for origin in origins {
            prop_assert!(there.contains(origin) || dropped.contains(origin), "{} is lost", origin);
        }
    }
    Ok(())
}

fn assert_form(document: &Document) -> Result<(), TestCaseError> {
    for table in document.tables() {
        for (index, cell) in table.cells().iter().enumerate() {
            prop_assert!(cell.area().rows.end() <= table.rows().len());
            prop_assert!(cell.area().columns.end() <= table.columns());
            prop_assert!(!cell.origins.is_empty());
            for other in &table.cells()[index + 1..] {
                prop_assert!(!cell.area().overlaps(other.area()) && cell.area().corner() < other.area().corner());
            }
        }
    }
    for (lines, _) in texts(document) {
        prop_assert!(lines.iter().all(|line| !line.trim().is_empty() && line.trim_end() == line));
    }
    let blank = |block: &Block| matches!(block, Block::Paragraph(paragraph) if paragraph.is_blank());
    prop_assert!(!document.blocks.iter().any(blank));
    Ok(())
}

/// The origin of the cell around each nested table, by the origin of that table's first cell.
fn outer_cells(document: &Document) -> Vec<(Origin, Vec<Origin>)> {
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if let Block::Table(table) = block
            && let Some(nesting) = table.nested_in
            && nesting.block < index
            && let Some(Block::Table(outer)) = document.blocks.get(nesting.block)
            && let Some(cell) = outer.get(nesting.row, nesting.column)
            && let Some(first) = table.cells().first()
        {
            found.push((first.origins[0].clone(), cell.origins.clone()));
        }
    }
    found
}

fn assert_nesting_kept(before: &Document, after: &Document) -> Result<(), TestCaseError> {
    let new: BTreeMap<Origin, Vec<Origin>> = outer_cells(after).into_iter().collect();
    for (inner, outer) in outer_cells(before) {
        // The first cell of a nested table may have gone into another cell; then its table is named by that one.
        if let Some(now) = new.get(&inner) {
            prop_assert!(now.contains(&outer[0]), "{} was inside {} and is inside {:?}", inner, outer[0], now);
        }
    }
    Ok(())
}

fn seen(document: &Document) -> String {
    format!("{:#?}\n{:#?}", document.blocks, document.warnings)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn reconciling_keeps_its_promises(plans in proptest::collection::vec(plan(), 0..6)) {
        let before = build(plans);
        let after = reconcile(before.clone());
        assert_nothing_lost(&before, &after)?;
        assert_form(&after)?;
        assert_nesting_kept(&before, &after)?;
        let once = seen(&after);
        prop_assert_eq!(seen(&reconcile(after)), once);
    }
}
