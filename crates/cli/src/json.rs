//! JSON that is safe to look at: what a terminal would act upon is escaped, whatever the documents hold.
//!
//! JSON itself escapes only the control characters below the blank (RFC 8259, 7). An escaped character is the same character to whoever
//! reads the JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::fit::{acts, may_act};

/// Writes a value on one line.
pub(crate) fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Escaped(CompactFormatter)))?;
    writeln!(out)
}

/// Writes a value as a page for people.
pub(crate) fn write_page(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Escaped(PrettyFormatter::new())))?;
    writeln!(out)
}

/// Lays JSON out as another one does, and escapes more.
struct Escaped<F>(F);

impl<F: Formatter> Formatter for Escaped<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if !may_act(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(acts) {
            let (before, after) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut characters = after.chars();
            if let Some(c) = characters.next() {
                // All of them take a single unit of UTF-16.
                write!(out, "\\u{:04x}", u32::from(c))?;
            }
            rest = characters.as_str();
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const HOSTILE: &str = "甲\u{1b}[31m\u{9b}2J\u{7f}\u{202e}cod.局\u{2066}\"\\\n年报";

    fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_that_a_terminal_acts_upon_is_written() {
        let value = json!({HOSTILE: [HOSTILE, 3, null]});
        let line = written(|out| write_line(out, &value));
        assert!(!line.trim_end().contains(acts), "{line:?}");
        assert!(line.contains("甲\\u001b[31m\\u009b2J\\u007f\\u202ecod.局\\u2066\\\"\\\\\\n年报"), "{line}");
        assert!(!written(|out| write_page(out, &value)).replace('\n', "").contains(acts));
    }

    #[test]
    fn what_is_read_back_is_what_was_written() {
        let value = json!({HOSTILE: {"a": [[], {}, HOSTILE, 1.5, true]}});
        for text in [written(|out| write_line(out, &value)), written(|out| write_page(out, &value))] {
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
        let plain = json!({"a": [1, {"b": "年报"}]});
        assert_eq!(written(|out| write_line(out, &plain)).trim_end(), plain.to_string());
        assert_eq!(written(|out| write_page(out, &plain)).trim_end(), serde_json::to_string_pretty(&plain).unwrap());
    }
}
