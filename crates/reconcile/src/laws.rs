//! Every document keeps the promises of `NORMAL_FORM.md`, whatever stands in it.

use nianbao_model::{
    Area, Block, Boundary, Cell, Document, Format, Grid, Nesting, Origin, Paragraph, Row, Span, Table,
};
use proptest::prelude::*;

use crate::build::lines;
use crate::promises::{broken, seen};
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn reconciling_keeps_its_promises(plans in proptest::collection::vec(plan(), 0..6)) {
        let before = build(plans);
        let after = reconcile(before.clone());
        prop_assert_eq!(broken(&before, &after), None);
        let once = seen(&after);
        prop_assert_eq!(seen(&reconcile(after)), once);
    }
}
