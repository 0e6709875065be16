//! Lines that were made without a name get theirs: the same bytes are read once, whatever they are called and however often they occur.

use nianbao_model::WarningKind;
use serde_json::json;

use crate::name;
use crate::output::SCHEMA;

/// Where the path stands in a line: behind the first of these, which is also the only one that is no part of a text.
const PATH: &str = "\"source\":{\"path\":\"";
const FORMAT: &str = "\"format\":\"";
/// The last member of a line: nothing but the warnings follows.
const WARNINGS: &str = "\"warnings\":[";

/// A line of `nianbao extract` or `nianbao tables` that was made under an empty path, as it would have been made under this one: the
/// path is put in, and a warning where it says another format than the bytes have.
pub fn named(path: &str, line: &str) -> String {
    let Some((head, rest)) = line.split_once(PATH) else {
        return line.to_owned();
    };
    let quoted = serde_json::Value::from(path).to_string();
    let mut text = String::with_capacity(line.len() + quoted.len() + 128);
    text.push_str(head);
    text.push_str(PATH.strip_suffix('"').unwrap_or(PATH));
    text.push_str(quoted.strip_suffix('"').unwrap_or(&quoted));
    let format = rest.split_once(FORMAT).and_then(|(_, rest)| rest.split_once('"')).map(|(format, _)| format);
    let warning = format.and_then(|format| warning(path, format));
    // A mark such as this cannot be part of a text: there each quote has a backslash before it.
    match warning.and_then(|warning| Some((warning, rest.rfind(WARNINGS)?))) {
        Some((warning, at)) => {
            let (before, after) = rest.split_at(at + WARNINGS.len());
            text.push_str(before);
            text.push_str(&warning);
            if !after.starts_with(']') {
                text.push(',');
            }
            text.push_str(after);
        }
        None => text.push_str(rest),
    }
    text
}

/// The line of a document that could not be read, or that was given up; `bytes` and their SHA-256 (in hexadecimal) where they are known.
pub fn failed_line(path: &str, bytes: Option<u64>, sha256: Option<&str>, kind: &str, message: &str) -> String {
    // Written out, because the order of the members is that of every other line.
    format!(
        "{{\"schema\":{},\"source\":{{\"path\":{},\"format\":null,\"bytes\":{},\"sha256\":{}}},\"status\":\"failed\",\
         \"error\":{{\"kind\":{},\"message\":{}}}}}",
        json!(SCHEMA),
        json!(path),
        json!(bytes),
        json!(sha256),
        json!(kind),
        json!(message)
    )
}

/// The warning of a name that disagrees, as it stands in a line.
fn warning(path: &str, format: &str) -> Option<String> {
    let kind: WarningKind = name::disagreement_of(path, format)?;
    Some(format!("{{\"kind\":{},\"message\":{},\"at\":[]}}", json!(kind.name()), json!(kind.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Forms, Output, extract, tables};

    /// A report, something else, and nothing that is known.
    const BYTES: [&[u8]; 4] = [
        "甲市乙局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
         信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n"
            .as_bytes(),
        "他说：\"warnings\":[]。\n\"source\":{\"path\":\"\"\n".as_bytes(),
        b"<html><body><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table></body></html>",
        b"%PDF-1.7 nothing",
    ];

    #[test]
    fn a_line_without_a_name_becomes_the_one_with_it() {
        let forms = Forms::builtin();
        for path in ["a/年报.txt", "a \"b\"\\c.doc", "年报.DOCX", "x.zip!年报.pdf", "show.php", "", "a\nb.xls"] {
            for bytes in BYTES {
                for (with, without) in extract(path, bytes, &forms).iter().zip(extract("", bytes, &forms)) {
                    assert_eq!(named(path, &json(&without)), json(with));
                }
                assert_eq!(named(path, &json(&tables("", bytes, false))), json(&tables(path, bytes, false)));
            }
        }
    }

    fn json(value: &impl serde::Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn a_line_of_a_file_that_could_not_be_read_is_like_any_other() {
        let told = failed_line("a.doc", None, None, "not_found", "it is \"gone\"");
        assert_eq!(told, json(&Output::unread("a.doc", "not_found", "it is \"gone\"".to_owned())));
        let empty = extract("a.doc", b"", &Forms::builtin());
        let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let failure = empty[0].failure().unwrap();
        assert_eq!(failed_line("a.doc", Some(0), Some(sha256), failure.kind, &failure.message), json(&empty[0]));
    }
}
