//! Which encoding the bytes of a text are in: that of its font's character set, else the document's (RTF 1.9.1, "Font Table", "Character
//! Set").

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, GBK, IBM866, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

/// The character set of a font.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Charset {
    /// That of the document.
    #[default]
    Document,
    /// That of western Windows, or so the font says: programs say it of any font.
    Western,
    /// One with an encoding of its own.
    Of(&'static Encoding),
    /// Pictures in place of letters.
    Symbol,
}

impl Charset {
    /// The character set of this number (`\fcharset`).
    pub(crate) fn of_number(number: i32) -> Self {
        Self::Of(match number {
            0 => return Self::Western,
            2 => return Self::Symbol,
            77 => MACINTOSH,
            128 => SHIFT_JIS,
            129 => EUC_KR,
            134 => GBK,
            136 => BIG5,
            161 => WINDOWS_1253,
            162 => WINDOWS_1254,
            163 => WINDOWS_1258,
            177 => WINDOWS_1255,
            178 => WINDOWS_1256,
            186 => WINDOWS_1257,
            204 => WINDOWS_1251,
            222 => WINDOWS_874,
            238 => WINDOWS_1250,
            _ => return Self::Document,
        })
    }

    /// Whether a character of it can take two bytes.
    pub(crate) fn is_double(self) -> bool {
        matches!(self, Self::Of(encoding) if is_double(encoding))
    }
}

/// Whether a character can take two bytes, of which the first is 81 to FE.
pub(crate) fn is_double(encoding: &'static Encoding) -> bool {
    [GBK, GB18030, BIG5, EUC_KR, SHIFT_JIS].contains(&encoding)
}

/// The encoding of a code page (`\ansicpg`, `\cpg`); `None` for one that nobody writes Chinese in, or that is none.
pub(crate) fn of_code_page(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        866 => IBM866,
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 | 20936 => GBK,
        949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10000 => MACINTOSH,
        54936 => GB18030,
        65001 => UTF_8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_character_sets_and_code_pages_are_known() {
        assert_eq!(Charset::of_number(134), Charset::Of(GBK));
        assert_eq!(Charset::of_number(136), Charset::Of(BIG5));
        assert!(Charset::of_number(134).is_double() && !Charset::of_number(0).is_double());
        assert_eq!(Charset::of_number(1), Charset::Document);
        assert_eq!(of_code_page(936), Some(GBK));
        assert_eq!(of_code_page(437), None);
    }
}
