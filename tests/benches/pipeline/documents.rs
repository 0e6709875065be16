//! The Word files that are measured.
//!
//! Those of the corpus are lean: hardly any formatting. What people hand in is heavy: the text is a thirtieth of its markup.

use std::error::Error;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};

use nianbao_tests::case;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The part that the floor reads.
pub(crate) const MAIN: &str = "word/document.xml";

/// A file to be measured.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Files of the corpus.
pub(crate) fn lean() -> Result<Vec<File>, Box<dyn Error>> {
    let names = ["plain-2021", "plain-2019", "numbered-headings", "nested-twice", "changes-in-figures", "two-reports"];
    names.into_iter().map(|name| Ok(File { name, bytes: in_corpus(name)? })).collect()
}

/// The same report as LibreOffice saves it, and with the markup of WPS.
pub(crate) fn heavy() -> Result<Vec<File>, Box<dyn Error>> {
    let saved = include_bytes!("plain-2021-libreoffice.docx");
    Ok(vec![
        File { name: "plain-2021 saved by LibreOffice", bytes: saved.to_vec() },
        File { name: "plain-2021 with the markup of WPS", bytes: as_wps(&in_corpus("plain-2021")?)? },
        File { name: "plain-2019 with the markup of WPS", bytes: as_wps(&in_corpus("plain-2019")?)? },
    ])
}

fn in_corpus(name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let path = case::corpus().join("docx").join(name).with_extension("docx");
    fs::read(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The text of the main part.
pub(crate) fn main_part(bytes: &[u8]) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(bytes))?.by_name(MAIN)?.read_to_string(&mut text)?;
    Ok(text)
}

/// What WPS writes into the properties of every run of a table that was pasted from a sheet, as most of these are.
const RUN: &str = r#"<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:cs="宋体"/><w:b w:val="0"/><w:bCs w:val="0"/><w:i w:val="0"/><w:color w:val="000000"/><w:kern w:val="0"/><w:sz w:val="20"/><w:szCs w:val="20"/><w:u w:val="none"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar"/></w:rPr>"#;

/// And of every paragraph before the properties of its mark, which are those of a run.
const PARAGRAPH: &str = r#"<w:keepNext w:val="0"/><w:keepLines w:val="0"/><w:widowControl/><w:suppressLineNumbers w:val="0"/><w:spacing w:before="0" w:beforeAutospacing="0" w:after="0" w:afterAutospacing="0" w:line="240" w:lineRule="auto"/><w:ind w:left="0" w:right="0"/><w:jc w:val="center"/><w:textAlignment w:val="center"/>"#;

/// And of every cell.
const CELL: &str = r#"<w:tcBorders><w:top w:val="single" w:color="000000" w:sz="4" w:space="0"/><w:left w:val="single" w:color="000000" w:sz="4" w:space="0"/><w:bottom w:val="single" w:color="000000" w:sz="4" w:space="0"/><w:right w:val="single" w:color="000000" w:sz="4" w:space="0"/></w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="auto"/><w:noWrap w:val="0"/><w:tcMar><w:top w:w="15" w:type="dxa"/><w:left w:w="15" w:type="dxa"/><w:right w:w="15" w:type="dxa"/></w:tcMar><w:vAlign w:val="center"/>"#;

/// A file of the corpus with the markup that WPS would give it, and as many styles.
fn as_wps(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let paragraph = format!(r#"<w:p><w:pPr><w:pStyle w:val="2"/>{PARAGRAPH}{RUN}</w:pPr>"#);
    let main = main_part(bytes)?
        .replace("<w:pPr>", &format!("<w:pPr>{PARAGRAPH}"))
        .replace("<w:p><w:r>", &format!("{paragraph}<w:r>"))
        .replace("<w:r><w:t", &format!("<w:r>{RUN}<w:t"))
        .replace("</w:tcPr>", &format!("{CELL}</w:tcPr>"));
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let names: Vec<String> = archive.file_names().filter(|name| *name != MAIN).map(str::to_owned).collect();
    for name in names {
        writer.raw_copy_file(archive.by_name(&name)?)?;
    }
    for (name, text) in [(MAIN, main), ("word/styles.xml", styles())] {
        writer.start_file(name, SimpleFileOptions::default())?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Forty styles of some use and the three hundred exceptions that Word and WPS list.
fn styles() -> String {
    let style = |id: usize| {
        format!(
            r#"<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="style {id}"/><w:basedOn w:val="1"/><w:uiPriority w:val="0"/><w:pPr>{PARAGRAPH}</w:pPr>{RUN}</w:style>"#
        )
    };
    let exception = |id: usize| {
        format!(
            r#"<w:lsdException w:qFormat="1" w:unhideWhenUsed="0" w:uiPriority="0" w:semiHidden="0" w:name="heading {id}"/>"#
        )
    };
    let exceptions: String = (0..300).map(exception).collect();
    let styles: String = (1..40).map(style).collect();
    format!(
        r#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:latentStyles>{exceptions}</w:latentStyles>{styles}</w:styles>"#
    )
}
