//! Rows: what belongs to one row of the source and stands in two is joined.
//!
//! Two rows are candidates only where nothing but the layout, or a page break, parts them; `evidence.rs` tells whether they are one.
//! The row with the figures stays, so that no figure ever moves: the other's label goes into its label, what is blank into what
//! stands over or under it.

use nianbao_model::{Block, Boundary, Document, Grid, Table, Warning, WarningKind};

use crate::evidence::{Scene, View, is_soft};
use crate::nested;
use crate::text;

/// Joins rows that are one, in all tables.
pub(crate) fn join(document: &mut Document) -> bool {
    let nestings = nested::lines(&document.blocks);
    let mut changed = false;
    for index in 0..document.blocks.len() {
        let Some(Block::Table(table)) = document.blocks.get_mut(index) else {
            continue;
        };
        if !table.rows().iter().skip(1).any(|row| is_soft(row.above)) {
            continue;
        }
        let plan = Plan::of(table, |row| nestings.in_row(index, row));
        if plan.labels.is_empty() {
            continue;
        }
        document.warnings.extend(plan.labels.iter().map(|label| label.warning(table)));
        for (row, above) in table.rows_mut().iter_mut().zip(&plan.above) {
            row.above = *above;
        }
        let dropped: Vec<bool> = plan.heirs.iter().map(Option::is_some).collect();
        let slots = plan.slots(table);
        nested::drop_rows(&mut document.blocks, index, &dropped, |cell| {
            let place = slots.binary_search_by_key(&cell.area().corner(), |slot| slot.0).ok()?;
            slots.get(place).map(|slot| slot.1)
        });
        changed = true;
    }
    changed
}

/// Which rows go into which.
struct Plan {
    /// For each row that goes: where to.
    heirs: Vec<Option<Heir>>,
    /// The upper boundary of each row when all is done.
    above: Vec<Boundary>,
    /// The labels that were put together.
    labels: Vec<Label>,
}

/// Where a row goes that is joined to another.
struct Heir {
    /// The row that takes it in.
    row: usize,
    /// The columns that go together: here and there. The last is that of the label.
    columns: Vec<(usize, usize)>,
}

impl Heir {
    /// Goes to `row` in place of the row it went to so far, which goes there too, `columns` together.
    fn move_on(&mut self, row: usize, columns: &[(usize, usize)]) {
        self.row = row;
        for (_, there) in &mut self.columns {
            let pair = columns.iter().find(|pair| pair.0 == *there).or(columns.last());
            *there = pair.map_or(*there, |pair| pair.1);
        }
    }
}

/// A label and the slots of its parts, in reading order.
struct Label {
    parts: Vec<(usize, usize)>,
}

impl Label {
    fn warning(&self, table: &Table) -> Warning {
        let cells = || self.parts.iter().filter_map(|&(row, column)| table.get(row, column));
        let lines = cells().flat_map(|cell| cell.lines.iter().cloned()).collect();
        let places = cells().flat_map(|cell| cell.origins.iter().cloned()).collect();
        Warning::new(WarningKind::RowsJoined { label: text::whole(lines) }, places)
    }
}

impl Plan {
    /// Each row is held against the nearest one above it that stays, as that one reads by then.
    fn of(table: &Table, hosts: impl Fn(usize) -> bool) -> Self {
        let mut views: Vec<View<'_>> = (0..table.rows().len()).map(|row| View::of(table, row, hosts(row))).collect();
        let scene = Scene::of(table);
        let mut heirs: Vec<Option<Heir>> = (0..views.len()).map(|_| None).collect();
        let mut labels: Vec<Label> = Vec::new();
        let (mut before, mut up) = (None, 0);
        let mut is_growing = false;
        for low in 1..views.len() {
            let Some(join) = scene.join(&views, before, up, low) else {
                (before, up) = (Some(up), low);
                is_growing = false;
                continue;
            };
            let columns = join.put_together(&mut views, up, low);
            let Some(&(upper, lower)) = columns.last() else {
                continue;
            };
            if !is_growing {
                labels.push(Label { parts: vec![(up, upper)] });
            }
            is_growing = true;
            let first = labels.last().and_then(|label| label.parts.first()).map_or(up, |part| part.0);
            if let Some(label) = labels.last_mut() {
                label.parts.push((low, lower));
            }
            if join.keeps_lower {
                // Rows that went into the upper one go on with it.
                for heir in heirs.iter_mut().take(low).skip(first).flatten() {
                    heir.move_on(low, &columns);
                }
                if let Some(heir) = heirs.get_mut(up) {
                    *heir = Some(Heir { row: low, columns });
                }
                up = low;
            } else if let Some(heir) = heirs.get_mut(low) {
                let columns = columns.iter().map(|&(upper, lower)| (lower, upper)).collect();
                *heir = Some(Heir { row: up, columns });
            }
        }
        let above = views.iter().map(|view| view.above).collect();
        Self { heirs, above, labels }
    }

    /// For each cell of a row that goes, sorted, the slot of the cell that takes it in. Blank cells go to their own column where the
    /// columns are known, else to the label.
    fn slots(&self, table: &Table) -> Vec<((usize, usize), (usize, usize))> {
        let mut slots = Vec::new();
        for (row, heir) in self.heirs.iter().enumerate() {
            let Some(heir) = heir else { continue };
            for cell in table.cells_from(row) {
                let (_, column) = cell.area().corner();
                let has_own = table.grid != Grid::Lost && table.get(heir.row, column).is_some();
                let pair = heir.columns.iter().find(|pair| pair.0 == column);
                let there = match (pair, heir.columns.last()) {
                    (Some(pair), _) => pair.1,
                    (None, Some(label)) if !has_own => label.1,
                    _ => column,
                };
                slots.push(((row, column), (heir.row, there)));
            }
        }
        slots
    }
}

#[cfg(test)]
mod tests {
    use crate::build::{one, rows, warnings};
    use crate::reconcile;
    use nianbao_model::Boundary::{Inferred, PageBreak, Ruled, Stated};
    use nianbao_model::{Boundary, Grid, WarningKind};

    fn joined(grid: Grid, list: &[(Boundary, &str)]) -> Vec<String> {
        rows(&reconcile(one(grid, list)))
    }

    #[test]
    fn a_row_that_a_page_break_cuts_through_a_figure_is_one() {
        let done = reconcile(one(
            Grid::Stated,
            &[
                (Stated, "内容|甲|乙|总计"),
                (Stated, "（一）予以公开|1|2|3"),
                (Stated, "（二）部分公开（只计这|531|521|158"),
                (PageBreak, "一情形）|||0"),
                (Stated, "（三）不予公开|4|5|9"),
            ],
        ));
        assert_eq!(rows(&done)[2], "（二）部分公开（只计这一情形）|531|521|158⏎0");
        assert_eq!(warnings(&done)[0], "rows_joined");
    }

    #[test]
    fn a_row_of_its_own_after_a_page_break_stays() {
        let header = (Stated, "内容|甲|乙|总计");
        for second in ["（三）不予公开|||4", "其中网上申请|1|2|3", "|||4"] {
            let done = reconcile(one(Grid::Stated, &[header, (Stated, "（二）部分公开|1|2|3"), (PageBreak, second)]));
            assert_eq!(rows(&done).len(), 3, "{second}");
        }
    }

    #[test]
    fn the_rest_of_a_label_below_its_figures_goes_up() {
        let done = reconcile(one(
            Grid::Lost,
            &[
                (
                    Inferred,
                    "|（六）其他处理|1. 申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|0|0|0|0|0|0",
                ),
                (Inferred, "||2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信|0|0|0|0|0|0"),
                (PageBreak, "|信息公开申请|||||||"),
                (Inferred, "|3. 其他|0|0|0|0|0|0|0|0"),
                (Inferred, "|(七) 总计|0|0|0|0|0|0|0|0"),
            ],
        ));
        let label = "2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信信息公开申请";
        assert_eq!(rows(&done)[1], format!("||{label}|0|0|0|0|0|0"));
        assert_eq!(rows(&done).len(), 4);
        assert!(matches!(&done.warnings[0].kind, WarningKind::RowsJoined { label: found } if found == label));
        assert_eq!(done.warnings[0].at.len(), 2);
    }

    #[test]
    fn the_rest_of_a_label_beside_the_figures_takes_in_its_beginning() {
        for grid in [Grid::Lost, Grid::Inferred] {
            let list = [
                (Inferred, "内容|甲|乙"),
                (Inferred, "1.重复申请|1|2"),
                (Inferred, "2.申请人无正当理由逾期不补正、行政机||"),
                (Inferred, "关不再处理其政府信息公开申请|0|0"),
                (Inferred, "3.其他|1|2"),
            ];
            let wanted = "2.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|0|0";
            let done = joined(grid, &list);
            assert_eq!(done.len(), 4, "{grid:?}");
            assert!(
                done[2].starts_with("2.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|"),
                "{done:?}"
            );
            assert_eq!(done[2], wanted);
        }
    }

    #[test]
    fn the_label_of_a_group_stays_apart_from_the_one_that_is_cut() {
        for grid in [Grid::Lost, Grid::Inferred] {
            let list = [
                (Inferred, "（五）不予处理|5.要求确认或重新出具已获取信息|1|2"),
                (Inferred, "（六）其他处理|1.申请人无正当理由逾期不补正、行政机关||"),
                (PageBreak, "|不再处理其政府信息公开申请|149|42"),
                (Inferred, "|2.其他|3|4"),
            ];
            let wanted = "（六）其他处理|1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|149|42";
            assert_eq!(joined(grid, &list)[1], wanted, "{grid:?}");
        }
    }

    #[test]
    fn a_label_around_its_figures_becomes_one() {
        let list = [
            (Inferred, "1.重复申请|1|2"),
            (Inferred, "2.申请人无正当理由逾期不补正（指||"),
            (Inferred, "未在期限内补正）、行政机|0|0"),
            (Inferred, "关不再处理||"),
            (Inferred, "3.其他|1|2"),
        ];
        assert_eq!(
            joined(Grid::Inferred, &list)[1],
            "2.申请人无正当理由逾期不补正（指未在期限内补正）、行政机关不再处理|0|0"
        );
        assert_eq!(joined(Grid::Inferred, &list).len(), 3);
    }

    #[test]
    fn figures_whose_label_stands_alone_above_join_it() {
        let list = [
            (Inferred, "内容|甲|乙"),
            (Inferred, "1.申请人逾期未缴纳费用||"),
            (Inferred, "|3|4"),
            (Inferred, "2.其他|1|2"),
        ];
        assert_eq!(joined(Grid::Inferred, &list), ["内容|甲|乙", "1.申请人逾期未缴纳费用|3|4", "2.其他|1|2"]);
    }

    #[test]
    fn figures_under_the_title_of_a_group_are_not_given_to_it() {
        let list = [
            (Inferred, "（二）部分公开||1|2"),
            (Inferred, "（三）不予公开（指各种情形）|||"),
            (Inferred, "||3|4"),
            (Inferred, "|2.其他法律行政法规禁止公开|1|2"),
        ];
        assert_eq!(joined(Grid::Lost, &list).len(), 4);
        let list = [
            (Inferred, "（一）予以公开||1|2"),
            (Inferred, "（二）部分公开（指各种情形）|||"),
            (Inferred, "||3|4"),
            (Inferred, "（三）不予公开|1.属于国家秘密|1|2"),
        ];
        assert_eq!(joined(Grid::Lost, &list)[1], "（二）部分公开（指各种情形）||3|4");
    }

    #[test]
    fn groups_headers_and_notes_are_not_swallowed() {
        let lists: [&[(Boundary, &str)]; 7] = [
            &[
                (Inferred, "文件|1|2|3"),
                (Inferred, "第二十条第（五）项|||"),
                (Inferred, "内容|本年处理决定数量||"),
                (Inferred, "许可|0||"),
            ],
            &[
                (Inferred, "8.属于行政查询事项|0|0"),
                (PageBreak, "（四）无法提供||"),
                (Inferred, "1.不掌握相关政府信息|0|0"),
            ],
            &[(Inferred, "5.要求行政机关确认信息|0|0"), (Inferred, "（六）其他处理||"), (Inferred, "其他|0|0")],
            &[(Inferred, "总数|1|2"), (Inferred, "其中：||"), (Inferred, "男|1|1")],
            &[(Inferred, "2.其他|1|2"), (PageBreak, "注：以上单位为件||")],
            &[
                (Inferred, "Assets||"),
                (Inferred, "Buildings|1|2"),
                (Inferred, "Liabilities||"),
                (Inferred, "Loans|1|2"),
            ],
            &[(Inferred, "统计情况一览表如下所示||"), (Inferred, "规章|1|2"), (Inferred, "文件|1|2")],
        ];
        for list in lists {
            for grid in [Grid::Lost, Grid::Inferred] {
                assert_eq!(joined(grid, list).len(), list.len(), "{list:?}");
            }
        }
    }

    #[test]
    fn rows_that_the_source_states_stay_whatever_they_hold() {
        for above in [Stated, Ruled] {
            let list = [(above, "2.逾期未按通知缴纳费用（指|0"), (above, "期限内）|"), (above, "3.其他|1")];
            assert_eq!(joined(Grid::Stated, &list).len(), 3);
        }
    }

    #[test]
    fn text_never_goes_into_a_figure() {
        let list = [(Inferred, "1.重复申请|1|2"), (PageBreak, "|、续|"), (Inferred, "2.其他|1|2")];
        assert_eq!(joined(Grid::Inferred, &list).len(), 3);
    }

    #[test]
    fn a_row_of_words_cut_by_a_page_is_joined_where_its_text_shows_it() {
        let list = [
            (Stated, "姓名|单位|事由"),
            (Ruled, "张三|某局（原某|查询"),
            (PageBreak, "|办）|"),
            (Ruled, "李四|某委|查询"),
        ];
        assert_eq!(joined(Grid::Stated, &list)[1], "张三|某局（原某办）|查询");
        let list = [(Stated, "序号|单位"), (Ruled, "1|某市某局办公"), (PageBreak, "|室"), (Ruled, "2|某委")];
        assert_eq!(joined(Grid::Stated, &list)[1], "1|某市某局办公室");
        let list = [(Stated, "姓名|单位"), (Ruled, "张三|某局"), (PageBreak, "|某委"), (Ruled, "李四|某委")];
        assert_eq!(joined(Grid::Stated, &list).len(), 4);
    }

    #[test]
    fn a_label_goes_on_below_a_repeated_header() {
        let list = [
            (Stated, "内容|数量"),
            (Ruled, "1.逾期未按通知缴纳费用、不再处理其申|0"),
            (PageBreak, "内容|数量"),
            (Ruled, "请|"),
            (Ruled, "2.其他|1"),
        ];
        let done = reconcile(one(Grid::Stated, &list));
        assert_eq!(rows(&done), ["内容|数量", "1.逾期未按通知缴纳费用、不再处理其申请|0", "2.其他|1"]);
        assert_eq!(warnings(&done), ["header_repeated", "rows_joined", "lines_joined"]);
    }
}
