//! Small pages written by hand, each for one thing that content can do.

use super::*;
use crate::page::Direction;

/// A file of one page of 600 by 800 points, with `Helvetica` as `F1`. `page` goes into its dictionary, `resources` into its resources,
/// `objects` behind the rest; their numbers begin at 10. It has no table of objects: the library finds them.
fn file(content: &str, page: &str, resources: &str, objects: &str) -> Vec<u8> {
    format!(
        "%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [20 0 R] /D << /OFF [20 0 R] >> >> >> endobj\n\
         2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n\
         3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R {page} \
         /Resources << /Font << /F1 5 0 R /F2 11 0 R >> {resources} >> >> endobj\n\
         4 0 obj << /Length {} >>\nstream\n{content}\nendstream endobj\n\
         5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> endobj\n\
         20 0 obj << /Type /OCG /Name (old) >> endobj\n{objects}\n\
         trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n",
        content.len()
    )
    .into_bytes()
}

fn page_of(content: &str, page: &str, resources: &str, objects: &str) -> Page {
    Source::open(&file(content, page, resources, objects)).unwrap().page(0).unwrap()
}

fn page(content: &str) -> Page {
    page_of(content, "", "", "")
}

fn text(page: &Page) -> String {
    page.glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
}

#[track_caller]
fn near(one: f32, other: f32) {
    assert!((one - other).abs() < 0.01, "{one} is not {other}");
}

const AT: &str = "BT /F1 10 Tf 100 700 Td";

#[test]
fn a_glyph_has_the_box_that_its_line_gives_it() {
    let page = page(&format!("{AT} (Ab) Tj ET"));
    let [a, b] = page.glyphs.as_slice() else { panic!("{:?}", page.glyphs) };
    near(a.bbox.left, 100.0);
    near(a.bbox.right, 106.67);
    near(b.bbox.left, 106.67);
    near(a.baseline, 100.0);
    near(a.size, 10.0);
    assert!(a.bbox.top < a.baseline && a.baseline < a.bbox.bottom);
    assert_eq!(a.direction, Direction::Right);
}

#[test]
fn spacing_and_adjustment_move_the_next_glyph() {
    let spaced = page(&format!("{AT} 2 Tc 5 Tw [(A A) -1000 (A)] TJ ET"));
    let lefts: Vec<f32> = spaced.glyphs.iter().filter(|glyph| glyph.text == "A").map(|glyph| glyph.bbox.left).collect();
    near(lefts[1] - lefts[0], 6.67 + 2.0 + 2.78 + 2.0 + 5.0);
    near(lefts[2] - lefts[1], 6.67 + 2.0 + 10.0);
    let narrow = page(&format!("{AT} 50 Tz (AA) Tj ET"));
    near(narrow.glyphs[1].bbox.left - narrow.glyphs[0].bbox.left, 6.67 / 2.0);
}

#[test]
fn turned_pages_are_seen_as_a_person_sees_them() {
    let content = format!("{AT} (A) Tj ET");
    for (rotate, direction, baseline, left) in [
        (90, Direction::TurnedDown, 700.0, None),
        (180, Direction::Left, 700.0, Some(600.0 - 106.67)),
        (270, Direction::TurnedUp, 100.0, None),
    ] {
        let page = page_of(&content, &format!("/Rotate {rotate}"), "", "");
        let glyph = &page.glyphs[0];
        assert_eq!(glyph.direction, direction, "{rotate}");
        near(glyph.baseline, baseline);
        left.into_iter().for_each(|left| near(glyph.bbox.left, left));
        assert_eq!((page.width, page.height), if rotate == 180 { (600.0, 800.0) } else { (800.0, 600.0) });
    }
}

#[test]
fn places_are_counted_from_the_corner_of_the_crop_box_in_points() {
    let cropped = page_of(&format!("{AT} (A) Tj ET"), "/CropBox [50 100 550 750]", "", "");
    near(cropped.glyphs[0].bbox.left, 50.0);
    near(cropped.glyphs[0].baseline, 50.0);
    assert_eq!((cropped.width, cropped.height), (500.0, 650.0));
    let large = page_of(&format!("{AT} (A) Tj ET"), "/UserUnit 2", "", "");
    near(large.glyphs[0].bbox.left, 200.0);
    near(large.glyphs[0].size, 20.0);
    assert_eq!(large.height, 1600.0);
}

#[test]
fn what_is_outside_the_clip_or_the_page_is_left_out() {
    let page = page(&format!(
        "q 90 690 60 30 re W n {AT} (in) Tj 200 0 Td (out) Tj ET 0 700 m 600 700 l S Q {AT} 0 -900 Td (off) Tj 0 850 Td (on) Tj ET"
    ));
    assert_eq!(text(&page), "inon");
    assert_eq!(page.rules.len(), 1);
    near(page.rules[0].bbox.left, 90.0);
    near(page.rules[0].bbox.right, 150.0);
}

#[test]
fn layers_that_are_off_are_not_read() {
    let content = format!("/OC /Old BDC {AT} (old) Tj ET 10 10 m 90 10 l S /Span BMC EMC EMC {AT} (new) Tj ET /Fm Do");
    let form = "10 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /OC 20 0 R /Length 9 >>\nstream\n0 0 9 9 re f\nendstream endobj";
    let page = page_of(&content, "", "/Properties << /Old 20 0 R >> /XObject << /Fm 10 0 R >>", form);
    assert_eq!(text(&page), "new");
    assert!(page.rules.is_empty() && page.fills.is_empty());
}

#[test]
fn white_on_white_is_not_seen_but_white_on_dark_is() {
    let page =
        page(&format!("1 g {AT} (no) Tj ET 0 0 0.5 rg 90 600 100 30 re f 1 g BT /F1 10 Tf 100 610 Td (yes) Tj ET"));
    assert_eq!(text(&page), "yes");
}

#[test]
fn text_under_a_box_is_not_read() {
    let page = page(&format!("{AT} (12) Tj ET 1 g 95 690 40 20 re f 0 g {AT} (15) Tj ET"));
    assert_eq!(text(&page), "15");
}

#[test]
fn marked_text_stays_below_a_blended_box() {
    let content = format!("{AT} (12) Tj ET /Blend gs 1 1 0 rg 95 690 40 20 re f");
    assert_eq!(text(&page_of(&content, "", "/ExtGState << /Blend << /BM /Multiply >> >>", "")), "12");
    assert_eq!(text(&page_of(&content, "", "/ExtGState << /Blend << /ca 0.4 >> >>", "")), "12");
}

#[test]
fn filled_and_stroked_text_is_one_bold_text() {
    let page = page(&format!("{AT} 2 Tr (Ab) Tj ET"));
    assert_eq!(text(&page), "Ab");
    assert!(page.glyphs.iter().all(|glyph| glyph.bold));
}

#[test]
fn hairlines_count_and_white_lines_do_not() {
    let page = page("0 w 10 10 m 90 10 l S 1 G 10 20 m 90 20 l S 0 G [2 1] 0 d 2 w 10 30 m 10 90 l S [] 0 d");
    assert_eq!(page.rules.len(), 2);
    assert_eq!((page.rules[0].width, page.rules[0].dashed), (0.0, false));
    assert_eq!((page.rules[1].width, page.rules[1].dashed), (2.0, true));
    near(page.rules[1].bbox.top, 710.0);
    near(page.rules[1].bbox.bottom, 770.0);
}

#[test]
fn a_picture_as_thin_as_a_line_is_a_rule() {
    let image = "10 0 obj << /Type /XObject /Subtype /Image /Width 1 /Height 1 /ImageMask true /Length 1 >>\nstream\n0\nendstream endobj";
    let content = "q 200 0 0 0.5 100 500 cm /Im Do Q q 200 0 0 100 100 100 cm /Im Do Q";
    let page = page_of(content, "", "/XObject << /Im 10 0 R >>", image);
    assert_eq!((page.rules.len(), page.images.len()), (1, 1));
    near(page.rules[0].width, 0.5);
    near(page.images[0].top, 600.0);
}

#[test]
fn forms_are_drawn_where_their_matrix_puts_them_and_never_in_themselves() {
    let form = "10 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 50 50] /Matrix [2 0 0 2 0 0] /Resources << /Font << /F1 5 0 R >> \
                /XObject << /Fm 10 0 R >> >> /Length 50 >>\nstream\nBT /F1 10 Tf 5 5 Td (A) Tj 200 0 Td (B) Tj ET /Fm Do\nendstream endobj";
    let page = page_of("q 1 0 0 1 100 100 cm /Fm Do Q", "", "/XObject << /Fm 10 0 R >>", form);
    assert_eq!(text(&page), "A");
    near(page.glyphs[0].bbox.left, 110.0);
    near(page.glyphs[0].baseline, 690.0);
    near(page.glyphs[0].size, 20.0);
}

#[test]
fn form_fields_show_their_appearance_whatever_state_the_content_left() {
    let objects = "10 0 obj << /Type /Annot /Subtype /Widget /Rect [100 600 200 620] /AP << /N 12 0 R >> >> endobj\n\
                   12 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F1 5 0 R >> >> /Length 37 >>\n\
                   stream\n/Tx BMC BT /F1 10 Tf 2 5 Td (7) Tj ET EMC\nendstream endobj";
    let page = page_of("0.1 0 0 0.1 5 5 cm 0 0 10 10 re W n", "/Annots [10 0 R]", "", objects);
    assert_eq!(text(&page), "7");
    near(page.glyphs[0].bbox.left, 102.0);
    near(page.glyphs[0].baseline, 195.0);
}

/// A composite font that is only named.
fn composite(encoding: &str, more: &str) -> String {
    format!(
        "11 0 obj << /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /{encoding} /DescendantFonts [12 0 R] >> endobj\n\
         12 0 obj << /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> {more} \
         >> endobj"
    )
}

#[test]
fn codes_of_gbk_become_characters_by_way_of_their_cids() {
    // 年报 and a digit.
    let page =
        page_of("BT /F2 10 Tf 100 700 Td <C4EAB1A837> Tj ET", "", "", &composite("GBK-EUC-H", "/W [814 [500 500]]"));
    assert_eq!(text(&page), "年报7");
    near(page.glyphs[1].bbox.left, 110.0);
    near(page.glyphs[2].bbox.left, 120.0);
}

#[test]
fn cids_of_a_known_collection_become_characters_without_any_map() {
    // CID 34 is A in Adobe-GB1.
    assert_eq!(text(&page_of("BT /F2 10 Tf 100 700 Td <0022> Tj ET", "", "", &composite("Identity-H", ""))), "A");
}

#[test]
fn an_unknown_code_takes_its_lead_byte_and_the_next_with_it() {
    let page = page_of("BT /F2 10 Tf 100 700 Td <FEFEC4EA> Tj ET", "", "", &composite("GBK-EUC-H", ""));
    assert_eq!(text(&page), "\u{FFFD}年");
    assert_eq!(page.unmapped, 1);
}

#[test]
fn text_in_a_font_that_cannot_be_followed_is_not_passed_over() {
    let lost = page_of("BT /F2 10 Tf 100 700 Td <C4EAB1A8> Tj ET", "", "", &composite("Nobody-H", ""));
    assert_eq!(lost.unmapped, 2);
    assert_eq!(text(&page("BT /None 10 Tf 100 700 Td (total 12) Tj ET")), "total 12");
}

#[test]
fn a_vertical_font_goes_down_in_boxes_of_one_em() {
    let page = page_of("BT /F2 10 Tf 100 700 Td <C4EAB1A8> Tj ET", "", "", &composite("GBK-EUC-V", ""));
    let [first, second] = page.glyphs.as_slice() else { panic!("{:?}", page.glyphs) };
    assert_eq!(first.direction, Direction::Down);
    near(first.bbox.left, 95.0);
    near(first.bbox.right, 105.0);
    near(first.bbox.top, 100.0);
    near(first.bbox.bottom, 110.0);
    near(first.baseline, 100.0);
    near(second.bbox.top, 110.0);
}

#[test]
fn windows_turns_the_glyphs_of_fonts_named_with_an_at_sign() {
    let font = composite("GBK-EUC-H", "").replace("/BaseFont /SimSun /Encoding", "/BaseFont /@SimSun /Encoding");
    let page = page_of("BT /F2 10 Tf 0 -1 1 0 100 700 Tm <C4EA> Tj ET", "", "", &font);
    assert_eq!(page.glyphs[0].direction, Direction::Down);
}

#[test]
fn content_goes_on_behind_what_cannot_be_followed() {
    let page = page(&format!("m l (x) w BI /W 1 /H 1 /BPC 8 /CS /G ID \x01EI\x7f EI {AT} (on) Tj ET Q Q EMC"));
    assert_eq!(text(&page), "on");
}

#[test]
fn a_page_without_words_is_a_matter_for_ocr_or_for_nobody() {
    let picture =
        "10 0 obj << /Type /XObject /Subtype /Image /Width 1 /Height 1 /Length 1 >>\nstream\n0\nendstream endobj";
    let scan = file("500 0 0 700 50 50 cm /Im Do", "", "/XObject << /Im 10 0 R >>", picture);
    let mut source = Source::open(&scan).unwrap();
    assert!(source.page(0).is_some());
    assert_eq!(source.finish(), Err(Error::NeedsOcr { pages: vec![0] }));
    let numbered =
        file(&format!("500 0 0 700 50 50 cm /Im Do {AT} (- 3 -) Tj ET"), "", "/XObject << /Im 10 0 R >>", picture);
    let mut source = Source::open(&numbered).unwrap();
    assert!(source.page(0).is_some());
    assert_eq!(source.finish(), Err(Error::NeedsOcr { pages: vec![0] }));
    let mut blank = Source::open(&file("", "", "", "")).unwrap();
    assert!(blank.page(0).unwrap().glyphs.is_empty());
    assert_eq!(blank.finish(), Ok(Vec::new()));
}
