//! Pages drawn in code, and what is read of them.

use nianbao_model::Table;

use crate::layout::{Item, items};
use crate::page::{Direction, Fill, Glyph, Page, Rect, Rule};
use crate::table::table;

/// A page of A4 size.
fn page() -> Page {
    Page { width: 595.0, height: 842.0, ..Page::default() }
}

fn glyph(c: char, left: f32, baseline: f32, size: f32) -> Glyph {
    let width = if c.is_ascii() { 0.5 * size } else { size };
    Glyph {
        text: c.to_string().into(),
        bbox: Rect { left, top: baseline - 0.8 * size, right: left + width, bottom: baseline + 0.2 * size },
        baseline,
        size,
        font: 0,
        bold: false,
        direction: Direction::Right,
        invisible: false,
    }
}

impl Page {
    /// Writes a text from `left` on; ASCII is half as wide as Han.
    fn write(&mut self, left: f32, baseline: f32, text: &str) -> &mut Self {
        self.write_sized(left, baseline, 10.0, text)
    }

    fn write_sized(&mut self, mut left: f32, baseline: f32, size: f32, text: &str) -> &mut Self {
        for c in text.chars() {
            let glyph = glyph(c, left, baseline, size);
            left = glyph.bbox.right;
            self.glyphs.push(glyph);
        }
        self
    }

    /// Writes the cells of a row without rules.
    fn row(&mut self, baseline: f32, cells: &[(f32, &str)]) -> &mut Self {
        for (left, text) in cells {
            self.write(*left, baseline, text);
        }
        self
    }

    fn rule(&mut self, left: f32, top: f32, right: f32, bottom: f32) -> &mut Self {
        self.rules.push(Rule { bbox: Rect { left, top, right, bottom }, width: 0.5, dashed: false });
        self
    }

    /// Draws all rules between these columns and rows.
    fn grid(&mut self, xs: &[f32], ys: &[f32]) -> &mut Self {
        let ends = |places: &[f32]| (places[0], places[places.len() - 1]);
        let ((left, right), (top, bottom)) = (ends(xs), ends(ys));
        for y in ys {
            self.rule(left, *y, right, *y);
        }
        for x in xs {
            self.rule(*x, top, *x, bottom);
        }
        self
    }

    /// The tables of the page, a line for each row, cells parted by bars, lines of a cell by slashes.
    fn tables(&mut self) -> Vec<Vec<String>> {
        self.read().iter().map(rows).collect()
    }

    fn read(&mut self) -> Vec<Table> {
        let mut warnings = Vec::new();
        let drafts = items(self.clone()).into_iter().filter_map(|item| match item {
            Item::Draft(draft) => Some(draft),
            Item::Table(_) | Item::Text(_) => None,
        });
        drafts.filter_map(|draft| table(&draft, 0, &mut warnings)).collect()
    }
}

fn rows(table: &Table) -> Vec<String> {
    let cell = |cell: &nianbao_model::Cell| {
        let wide = cell.area().columns.length();
        let span = if wide > 1 { format!("↔{wide}") } else { String::new() };
        cell.lines.join("/") + &span
    };
    (0..table.rows().len()).map(|row| table.cells_from(row).iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

#[test]
fn rules_draw_the_cells() {
    let mut page = page();
    page.grid(&[100.0, 200.0, 300.0], &[100.0, 120.0, 140.0]).write(110.0, 113.0, "规章").write(210.0, 113.0, "12");
    page.write(110.0, 133.0, "行政规范性文件").write(210.0, 133.0, "7");
    assert_eq!(page.tables(), [["规章|12", "行政规范性文件|7"]]);
}

#[test]
fn shading_draws_cells_too() {
    let mut page = page();
    for (row, y) in [100.0, 120.0, 140.0].into_iter().enumerate() {
        for x in [100.0, 200.0] {
            page.fills.push(Fill { bbox: Rect { left: x, top: y, right: x + 100.0, bottom: y + 20.0 }, white: false });
        }
        page.row(y + 13.0, &[(110.0, "规章"), (210.0, ["1", "2", "3"][row])]);
    }
    assert_eq!(page.tables(), [["规章|1", "规章|2", "规章|3"]]);
}

#[test]
fn several_rows_stand_in_one_box() {
    let mut page = page();
    page.grid(&[100.0, 200.0, 260.0, 320.0], &[100.0, 120.0, 180.0]);
    page.row(113.0, &[(110.0, "Country"), (210.0, "1996"), (270.0, "1997")]);
    page.row(133.0, &[(110.0, "Austria"), (210.0, "58.6"), (270.0, "79")]);
    page.row(150.0, &[(110.0, "Denmark"), (210.0, "59.5"), (270.0, "48")]);
    page.row(167.0, &[(110.0, "Finland"), (210.0, "89.1"), (270.0, "96")]);
    assert_eq!(page.tables(), [["Country|1996|1997", "Austria|58.6|79", "Denmark|59.5|48", "Finland|89.1|96"]]);
}

#[test]
fn a_wrapped_label_in_a_box_is_one_row() {
    let mut page = page();
    page.grid(&[100.0, 160.0, 220.0], &[100.0, 120.0, 150.0]);
    page.row(113.0, &[(105.0, "信息内容"), (170.0, "数量")]);
    page.write(105.0, 132.0, "要求提供公").write(105.0, 145.0, "开出版物").write(170.0, 138.0, "31");
    assert_eq!(page.tables(), [["信息内容|数量", "要求提供公/开出版物|31"]]);
}

#[test]
fn columns_are_told_from_gaps() {
    let mut page = page();
    page.row(100.0, &[(80.0, "Street"), (250.0, "Houses"), (350.0, "People")]);
    for (y, name, houses, people) in
        [(115.0, "North road", "12", "40"), (130.0, "Mill lane", "7", "19"), (145.0, "Quay", "103", "288")]
    {
        page.row(y, &[(80.0, name), (255.0, houses), (355.0, people)]);
    }
    assert_eq!(page.tables(), [["Street|Houses|People", "North road|12|40", "Mill lane|7|19", "Quay|103|288"]]);
    assert_eq!(page.read()[0].grid, nianbao_model::Grid::Inferred);
}

#[test]
fn a_header_in_the_middle_over_two_columns_is_over_both() {
    let mut page = page();
    page.row(100.0, &[(285.0, "Houses")]);
    page.row(113.0, &[(80.0, "Street"), (250.0, "all"), (330.0, "let")]);
    for (y, all, rented) in [(130.0, "120", "40"), (145.0, "7", "1"), (160.0, "103", "28")] {
        page.row(y, &[(80.0, "Some road"), (250.0, all), (330.0, rented)]);
    }
    assert_eq!(page.tables()[0][..2], ["|Houses↔2", "Street|all|let"]);
}

#[test]
fn a_label_of_two_lines_beside_figures_in_its_middle_is_one_row() {
    let mut page = page();
    for (y, figure) in [(100.0, "11"), (130.0, "12"), (160.0, "13")] {
        page.write(80.0, y, "Dwellings with")
            .write(80.0, y + 12.0, "shops below them")
            .row(y + 6.0, &[(250.0, figure), (320.0, "5")]);
    }
    let row = |figure: &str| format!("Dwellings with/shops below them|{figure}|5");
    assert_eq!(page.tables(), [[row("11"), row("12"), row("13")]]);
}

#[test]
fn tables_beside_each_other_are_two() {
    let mut page = page();
    for left in [60.0, 320.0] {
        page.grid(&[left, left + 100.0, left + 200.0], &[100.0, 120.0, 140.0]);
        page.row(113.0, &[(left + 5.0, "甲"), (left + 105.0, "1")])
            .row(133.0, &[(left + 5.0, "乙"), (left + 105.0, "2")]);
    }
    assert_eq!(page.tables(), [["甲|1", "乙|2"], ["甲|1", "乙|2"]]);
}

#[test]
fn running_text_in_two_columns_is_no_table() {
    let mut page = page();
    for line in 0..20 {
        let y = 100.0 + 14.0 * line as f32;
        page.write(60.0, y, "本机关严格依照条例办理公开申请事项并");
        page.write(320.0, y, "按期答复申请人同时加强平台的日常维护");
    }
    assert!(page.tables().is_empty());
    let first = items(page.clone()).into_iter().next();
    let Some(Item::Text(lines)) = first else { panic!("no text") };
    assert!(lines.iter().all(|line| line.bbox.right < 300.0), "the left column is read first");
}

#[test]
fn a_list_and_a_table_of_contents_are_no_tables() {
    let mut list = page();
    let mut contents = page();
    for line in 0..6 {
        let y = 100.0 + 16.0 * line as f32;
        list.row(y, &[(80.0, "1."), (110.0, "keep the register"), (300.0, "open to all")]);
        contents.row(
            y,
            &[(80.0, "Chapter on registers ..............."), (420.0, ["3", "5", "9", "12", "20", "31"][line])],
        );
    }
    assert!(contents.tables().is_empty());
    list.glyphs.retain(|glyph| glyph.bbox.left < 290.0);
    assert!(list.tables().is_empty());
}

#[test]
fn labels_of_a_chart_are_no_table() {
    let mut page = page();
    for line in 0..8 {
        let y = 120.0 + 20.0 * line as f32;
        page.row(y, &[(80.0, "450"), (320.0, "450")]).rule(110.0, y, 300.0, y);
    }
    page.drawings = vec![Rect { left: 112.0, top: 130.0, right: 298.0, bottom: 250.0 }];
    assert!(page.tables().is_empty());
}

#[test]
fn a_mark_that_hangs_over_its_rule_stays_with_its_text() {
    let mut page = page();
    page.grid(&[100.0, 150.0, 200.0], &[100.0, 120.0, 140.0]).row(113.0, &[(102.0, "正当理由、"), (165.0, "178")]);
    page.row(133.0, &[(102.0, "其他"), (165.0, "3")]);
    page.glyphs.iter_mut().filter(|glyph| glyph.text == "、").for_each(|glyph| {
        glyph.bbox.left = 146.0;
        glyph.bbox.right = 156.0;
    });
    page.glyphs.iter_mut().filter(|glyph| glyph.text == "由").for_each(|glyph| glyph.bbox.right = 146.0);
    assert_eq!(page.tables(), [["正当理由、|178", "其他|3"]]);
}

#[test]
fn digits_set_wide_are_one_number_but_a_shown_blank_parts_two() {
    let mut page = page();
    page.grid(&[100.0, 160.0, 220.0], &[100.0, 120.0, 140.0]).write(105.0, 113.0, "规章").write(105.0, 133.0, "文件");
    for (index, digit) in "8255".chars().enumerate() {
        page.glyphs.push(glyph(digit, 165.0 + 9.0 * index as f32, 113.0, 10.0));
    }
    page.write(165.0, 133.0, "3 7");
    assert_eq!(page.tables(), [["规章|8255", "文件|3 7"]]);
}

#[test]
fn a_raised_digit_is_no_part_of_the_number() {
    let mut page = page();
    page.grid(&[100.0, 160.0, 220.0], &[100.0, 120.0, 140.0]).write(105.0, 113.0, "规章").write(165.0, 113.0, "891");
    page.write_sized(180.0, 109.0, 5.5, "3").row(133.0, &[(105.0, "文件"), (165.0, "4")]);
    assert_eq!(page.tables(), [["规章|891 3", "文件|4"]]);
}

#[test]
fn a_number_that_fills_its_cell_goes_on_below() {
    let mut page = page();
    page.grid(&[100.0, 160.0, 181.0], &[100.0, 130.0, 160.0]);
    page.write(105.0, 118.0, "规章").write(103.0, 148.0, "其他");
    page.write(163.0, 112.0, "743").write(163.0, 125.0, "1").write(163.0, 148.0, "52");
    assert_eq!(page.tables(), [["规章|7431", "其他|52"]]);
}

#[test]
fn a_turned_table_is_read_upright_and_keeps_its_place() {
    let mut upright = page();
    upright.grid(&[100.0, 200.0, 300.0], &[100.0, 120.0, 140.0, 160.0]);
    for (y, figure) in [(113.0, "12"), (133.0, "7"), (153.0, "31")] {
        upright.row(y, &[(110.0, "行政规范性文件"), (210.0, figure), (250.0, "abcdefgh")]);
    }
    let rows = upright.tables();
    let mut turned = page();
    // A quarter to the right: the top of the upright table is at the right of the page.
    let turn =
        |rect: Rect| Rect { left: 595.0 - rect.bottom, top: rect.left, right: 595.0 - rect.top, bottom: rect.right };
    for glyph in &upright.glyphs {
        let baseline = 595.0 - glyph.baseline;
        turned.glyphs.push(Glyph {
            bbox: turn(glyph.bbox),
            baseline,
            direction: Direction::TurnedDown,
            ..glyph.clone()
        });
    }
    turned.rules = upright.rules.iter().map(|rule| Rule { bbox: turn(rule.bbox), ..*rule }).collect();
    assert_eq!(turned.tables(), rows);
    let table = &turned.read()[0];
    assert_eq!(table.cells()[0].origins[0].to_string(), "p1 475,100..495,200");
}
