//! A PDF of as many pages as are asked for: on each a heading, prose and a ruled table of 25 rows and 8 columns [ISO 32000-1].

use std::fmt::Write as _;

const ROWS: usize = 25;
const COLUMNS: usize = 8;

/// The file.
pub(crate) fn file(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 6 + 2 * page)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>".to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 \
         /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
    ];
    for page in 0..pages {
        let content = content(page);
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents {} 0 R >>",
            7 + 2 * page
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    with_cross_references(&objects)
}

fn with_cross_references(objects: &[String]) -> Vec<u8> {
    let (mut file, mut places) = ("%PDF-1.7\n".to_owned(), String::new());
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (size, start) = (objects.len() + 1, file.len());
    let _ = write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

fn content(page: usize) -> String {
    let mut content = String::from("0.5 w\n");
    for row in 0..=ROWS {
        let _ = writeln!(content, "60 {y} m 540 {y} l S", y = 700 - 20 * row);
    }
    for column in 0..=COLUMNS {
        let _ = writeln!(content, "{x} 700 m {x} {} l S", 700 - 20 * ROWS, x = 60 + 60 * column);
    }
    show(&mut content, 60, 770, &format!("第{}节 收到和处理申请情况", page + 1));
    show(&mut content, 60, 740, "本表由承办科室逐月登记，年末与档案核对后汇总，结果如下。");
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let text = match (row, column) {
                (0, _) => format!("列{}", column + 1),
                (_, 0) => format!("项目{row}"),
                _ => ((page * 7 + row * 31 + column * 13) % 997).to_string(),
            };
            show(&mut content, 64 + 60 * column, 686 - 20 * row, &text);
        }
    }
    content
}

fn show(content: &mut String, x: usize, y: usize, text: &str) {
    let _ = write!(content, "BT /F 9 Tf {x} {y} Td <");
    for unit in text.encode_utf16() {
        let _ = write!(content, "{unit:04X}");
    }
    content.push_str("> Tj ET\n");
}
