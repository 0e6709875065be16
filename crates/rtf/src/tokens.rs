//! The syntax: groups, control words and symbols, and text (RTF 1.9.1, "Conventions of an RTF Reader").

use memchr::memchr3;

/// One piece of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A group begins.
    Open,
    /// A group ends.
    Close,
    /// A control word and its number.
    Word(&'a [u8], Option<i32>),
    /// A control symbol: a backslash and a character that is no letter.
    Symbol(u8),
    /// A byte of text, written `\'b9`.
    Byte(u8),
    /// Text as it stands there; line ends in it mean nothing.
    Text(&'a [u8]),
}

/// The pieces of a file, one after the other. What `\bin` announces is passed over.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What stands behind the last piece.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let rest = self.rest();
        let taken = rest.get(..length).unwrap_or(rest);
        self.at += taken.len();
        taken
    }

    /// What stands behind a backslash; nothing where the file ends with it.
    fn control(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let first = *rest.first()?;
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return Some(if first == b'\'' { self.byte() } else { Token::Symbol(first) });
        }
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let name = self.take(length);
        let number = self.number();
        if self.rest().first() == Some(&b' ') {
            self.at += 1;
        }
        if name == b"bin" {
            self.take(number.and_then(|length| usize::try_from(length).ok()).unwrap_or_default());
        }
        Some(Token::Word(name, number))
    }

    fn number(&mut self) -> Option<i32> {
        let rest = self.rest();
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.get(sign..)?.iter().take_while(|byte| byte.is_ascii_digit());
        let (mut length, mut value) = (0, 0_i64);
        for digit in digits {
            length += 1;
            value = value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
        }
        if length == 0 {
            return None;
        }
        self.at += sign + length;
        let value = if sign == 1 { -value } else { value };
        Some(i32::try_from(value).unwrap_or(if sign == 1 { i32::MIN } else { i32::MAX }))
    }

    /// The two digits behind `\'`; a symbol that means nothing where they are none.
    fn byte(&mut self) -> Token<'a> {
        let digit = |index: usize| self.rest().get(index).and_then(|&byte| char::from(byte).to_digit(16));
        match digit(0).zip(digit(1)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(byte) => {
                self.at += 2;
                Token::Byte(byte)
            }
            None => Token::Symbol(b'\''),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let token = match *rest.first()? {
            b'{' => Token::Open,
            b'}' => Token::Close,
            b'\\' => {
                self.at += 1;
                return self.control();
            }
            _ => {
                let end = memchr3(b'\\', b'{', b'}', rest).unwrap_or(rest.len());
                return Some(Token::Text(self.take(end)));
            }
        };
        self.at += 1;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Token<'_>> {
        Tokens::new(bytes).collect()
    }

    #[test]
    fn words_numbers_symbols_and_text_are_told_apart() {
        let found = all(b"{\\b0 on\\u-3913?\\~\\*\\'b9a\\par-b}");
        let wanted = [
            Token::Open,
            Token::Word(b"b", Some(0)),
            Token::Text(b"on"),
            Token::Word(b"u", Some(-3913)),
            Token::Text(b"?"),
            Token::Symbol(b'~'),
            Token::Symbol(b'*'),
            Token::Byte(0xB9),
            Token::Text(b"a"),
            Token::Word(b"par", None),
            Token::Text(b"-b"),
            Token::Close,
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn binary_data_are_passed_over() {
        assert_eq!(all(b"\\bin4 }{\\x}"), [Token::Word(b"bin", Some(4)), Token::Close]);
        assert_eq!(all(b"\\bin99999999999 a"), [Token::Word(b"bin", Some(i32::MAX))]);
        assert_eq!(all(b"\\bin-1 a"), [Token::Word(b"bin", Some(-1)), Token::Text(b"a")]);
    }

    #[test]
    fn what_is_cut_off_or_no_number_does_no_harm() {
        assert_eq!(all(b"a\\"), [Token::Text(b"a")]);
        assert_eq!(all(b"\\'b"), [Token::Symbol(b'\''), Token::Text(b"b")]);
        assert_eq!(all(b"\\'zz"), [Token::Symbol(b'\''), Token::Text(b"zz")]);
        assert_eq!(all(b"\\li-999999999999999999999 "), [Token::Word(b"li", Some(i32::MIN))]);
    }
}
