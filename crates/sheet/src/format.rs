//! Format codes of numbers, as parsed pieces (ECMA-376 Part 1, 18.8.30 and 18.8.31; BIFF holds the same codes).

/// A format code: what a number looks like in its cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Format {
    /// As the file says it.
    pub(crate) code: String,
    /// The parts between semicolons; at least one.
    pub(crate) sections: Vec<Section>,
    /// How it shows whole numbers, where that is simple: most cells hold such a number in such a format.
    pub(crate) whole: Option<Whole>,
}

/// A simple way to show a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// Its digits.
    Digits,
    /// Its digits, thousands parted.
    Thousands,
}

/// One part of a code: what numbers of one kind look like.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Section {
    /// Which numbers it is for, where it says so itself.
    pub(crate) condition: Option<Condition>,
    /// Which words numbers are written in, where not in digits.
    pub(crate) words: Option<Words>,
    /// What stands in the cell, in order.
    pub(crate) pieces: Vec<Piece>,
    /// It holds something that we cannot spell: a fraction, an era.
    pub(crate) is_strange: bool,
}

/// `[>=10000]`
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Condition {
    /// Whether a number stands so to the limit.
    pub(crate) compare: Compare,
    /// What it is compared with.
    pub(crate) limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
}

/// `[DBNum1]` to `[DBNum3]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// 一百二十
    Plain,
    /// 壹佰贰拾
    Formal,
    /// Full-width digits.
    Wide,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Characters that stand there as they are.
    Literal(String),
    /// A place for a digit: `0`, `#` or `?`.
    Digit(char),
    /// The decimal point.
    Point,
    /// A comma: between digits thousands are parted, behind them the number is divided by a thousand.
    Comma,
    /// Times a hundred, and a `%` there.
    Percent,
    /// The power of ten; whether a plus sign is shown.
    Exponent(bool),
    /// The number as if it had no format.
    General,
    /// The text of the cell.
    Text,
    /// A part of a date or a time.
    Date(Date),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Date {
    /// How many digits.
    Year(usize),
    /// How many letters.
    Month(usize),
    Day(usize),
    /// 星期三, or 三 for `aaa`.
    ChineseWeekday(usize),
    Hour(usize),
    Minute(usize),
    Second(usize),
    /// Digits behind the second.
    Fraction(usize),
    /// Hours, minutes or seconds in all, by their letter.
    Elapsed(char, usize),
    /// The words for the two halves of the day.
    Half(&'static str, &'static str),
}

/// A code may have so many bytes: programs keep no more than 255 characters. A longer one is not taken apart.
const MAX_CODE: usize = 2048;

impl Format {
    /// Parses a code.
    pub(crate) fn parse(code: &str) -> Self {
        if code.len() > MAX_CODE {
            let start = code.chars().take(20).chain(['…']).collect();
            let section = Section { is_strange: true, ..Section::default() };
            return Self { code: start, sections: vec![section], whole: None };
        }
        let sections: Vec<Section> = split(code).into_iter().map(section).collect();
        let whole = match sections.as_slice() {
            [Section { condition: None, words: None, is_strange: false, pieces }] => whole(pieces),
            _ => None,
        };
        Self { code: code.to_owned(), sections, whole }
    }

    /// The format that a number without any has.
    pub(crate) fn general() -> Self {
        Self::parse("General")
    }
}

fn whole(pieces: &[Piece]) -> Option<Whole> {
    use Piece::{Comma, Digit, General};
    match pieces {
        [General] | [Digit('0')] => Some(Whole::Digits),
        [Digit('#'), Comma, Digit('#'), Digit('#'), Digit('0')] => Some(Whole::Thousands),
        _ => None,
    }
}

/// The parts between the semicolons that are no text.
fn split(code: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut is_quoted, mut is_escaped) = (0, false, false);
    for (at, c) in code.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '\\' | '!' | '_' | '*' => is_escaped = true,
            ';' => {
                parts.push(code.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(code.get(start..).unwrap_or_default());
    parts
}

fn section(text: &str) -> Section {
    let mut parser = Parser { rest: text, section: Section::default() };
    while parser.step() {}
    let mut section = parser.section;
    tell_minutes(&mut section.pieces);
    tell_kind(&mut section);
    section
}

struct Parser<'a> {
    rest: &'a str,
    section: Section,
}

impl<'a> Parser<'a> {
    /// Takes one piece off the front; false at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        for (word, piece) in WORDS {
            if let Some(rest) = strip_prefix(self.rest, word) {
                self.rest = rest;
                self.section.pieces.push(piece.clone());
                return true;
            }
        }
        match first {
            '"' => self.quoted(),
            '\\' | '!' => {
                self.take(1);
                let literal = self.take(1);
                self.literal(literal);
            }
            // A blank as wide as the next character, or that character up to the edge of the cell: nothing that says anything.
            '_' | '*' => {
                self.take(2);
            }
            '[' => self.bracket(),
            '0' | '#' | '?' => {
                self.take(1);
                self.section.pieces.push(Piece::Digit(first));
            }
            '.' => self.one(Piece::Point),
            ',' => self.one(Piece::Comma),
            '%' => self.one(Piece::Percent),
            '@' => self.one(Piece::Text),
            'e' | 'E' if self.rest.get(1..).is_some_and(|rest| rest.starts_with(['+', '-'])) => {
                let sign = self.take(2).ends_with('+');
                self.section.pieces.push(Piece::Exponent(sign));
            }
            _ if is_date_letter(first) => self.date(first.to_ascii_lowercase()),
            _ => {
                let literal = self.take(1);
                self.literal(literal);
            }
        }
        true
    }

    /// Takes so many characters off the front.
    fn take(&mut self, characters: usize) -> &'a str {
        let at = self.rest.char_indices().nth(characters).map_or(self.rest.len(), |(at, _)| at);
        let (taken, rest) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn one(&mut self, piece: Piece) {
        self.take(1);
        self.section.pieces.push(piece);
    }

    fn literal(&mut self, text: &str) {
        match self.section.pieces.last_mut() {
            Some(Piece::Literal(last)) => last.push_str(text),
            _ => self.section.pieces.push(Piece::Literal(text.to_owned())),
        }
    }

    fn quoted(&mut self) {
        self.take(1);
        let (text, rest) = self.rest.split_once('"').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.literal(text);
    }

    fn bracket(&mut self) {
        self.take(1);
        let (inside, rest) = self.rest.split_once(']').unwrap_or((self.rest, ""));
        self.rest = rest;
        let lower = inside.to_ascii_lowercase();
        if let Some(currency) = inside.strip_prefix('$') {
            // The sign of a currency, and the language of the names of months.
            self.literal(currency.split('-').next().unwrap_or_default());
        } else if let Some(condition) = condition(inside) {
            self.section.condition = Some(condition);
        } else if let Some(letter @ ('h' | 'm' | 's')) = lower.chars().next().filter(|&c| lower.chars().all(|d| d == c))
        {
            self.section.pieces.push(Piece::Date(Date::Elapsed(letter, inside.len())));
        } else {
            match lower.as_str() {
                "dbnum1" => self.section.words = Some(Words::Plain),
                "dbnum2" => self.section.words = Some(Words::Formal),
                "dbnum3" => self.section.words = Some(Words::Wide),
                // A colour.
                _ => {}
            }
        }
    }

    fn date(&mut self, letter: char) {
        let run = self.rest.chars().take_while(|c| c.to_ascii_lowercase() == letter).count();
        self.take(run);
        let piece = match letter {
            'y' => Date::Year(run),
            'e' => Date::Year(4),
            'm' => Date::Month(run),
            'd' => Date::Day(run),
            'a' if run > 2 => Date::ChineseWeekday(run),
            'h' => Date::Hour(run),
            's' => Date::Second(run),
            // Eras, Buddhist years, and letters that mean nothing.
            _ => {
                self.section.is_strange = true;
                return;
            }
        };
        self.section.pieces.push(Piece::Date(piece));
    }
}

/// Words with a meaning of their own, the longer before the shorter.
const WORDS: [(&str, Piece); 5] = [
    ("General", Piece::General),
    ("G/通用格式", Piece::General),
    ("AM/PM", Piece::Date(Date::Half("AM", "PM"))),
    ("A/P", Piece::Date(Date::Half("A", "P"))),
    ("上午/下午", Piece::Date(Date::Half("上午", "下午"))),
];

fn strip_prefix<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

const fn is_date_letter(c: char) -> bool {
    matches!(
        c,
        'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'a' | 'A' | 'e' | 'E' | 'g' | 'G' | 'b' | 'B'
    )
}

fn condition(text: &str) -> Option<Condition> {
    const SIGNS: [(&str, Compare); 6] = [
        ("<=", Compare::LessOrEqual),
        (">=", Compare::GreaterOrEqual),
        ("<>", Compare::NotEqual),
        ("<", Compare::Less),
        (">", Compare::Greater),
        ("=", Compare::Equal),
    ];
    let (number, compare) = SIGNS.into_iter().find_map(|(sign, compare)| Some((text.strip_prefix(sign)?, compare)))?;
    Some(Condition { compare, limit: number.trim().parse().ok()? })
}

/// An `m` that follows hours or stands before seconds means minutes.
fn tell_minutes(pieces: &mut [Piece]) {
    let is_time = |piece: &Piece, letter: char| match piece {
        Piece::Date(Date::Hour(_)) => letter == 'h',
        Piece::Date(Date::Second(_)) => letter == 's',
        Piece::Date(Date::Elapsed(own, _)) => *own == letter,
        _ => false,
    };
    let dates: Vec<usize> = (0..pieces.len()).filter(|&at| matches!(pieces.get(at), Some(Piece::Date(_)))).collect();
    for (place, &at) in dates.iter().enumerate() {
        let Some(&Piece::Date(Date::Month(run))) = pieces.get(at) else { continue };
        let neighbour = |place: Option<usize>| place.and_then(|place| pieces.get(*dates.get(place)?));
        let after_hours = neighbour(place.checked_sub(1)).is_some_and(|piece| is_time(piece, 'h'));
        let before_seconds = neighbour(Some(place + 1)).is_some_and(|piece| is_time(piece, 's'));
        if let Some(piece) = pieces.get_mut(at).filter(|_| run <= 2 && (after_hours || before_seconds)) {
            *piece = Piece::Date(Date::Minute(run));
        }
    }
}

/// In a date, a point with zeros behind it is a part of the second, and commas are commas; in a number, a slash between digits makes it a
/// fraction.
fn tell_kind(section: &mut Section) {
    let has = |wanted: fn(&Piece) -> bool| section.pieces.iter().any(wanted);
    if has(|piece| matches!(piece, Piece::Date(_))) {
        section.pieces = date_pieces(std::mem::take(&mut section.pieces));
    } else if has(|piece| matches!(piece, Piece::Digit(_))) {
        let slash = section.pieces.windows(3).any(|three| match three {
            [Piece::Digit(_), Piece::Literal(text), Piece::Digit(_)] => text == "/",
            _ => false,
        });
        section.is_strange |= slash;
    }
}

fn date_pieces(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut changed: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (piece, changed.last_mut()) {
            (Piece::Digit('0'), Some(Piece::Date(Date::Fraction(digits)))) => *digits += 1,
            (Piece::Point, Some(Piece::Date(Date::Second(_) | Date::Elapsed('s', _)))) => {
                changed.push(Piece::Date(Date::Fraction(0)));
            }
            (Piece::Point, _) => changed.push(Piece::Literal(".".to_owned())),
            (Piece::Comma, _) => changed.push(Piece::Literal(",".to_owned())),
            (Piece::Percent, _) => changed.push(Piece::Literal("%".to_owned())),
            (Piece::Digit(digit), _) => changed.push(Piece::Literal(digit.to_string())),
            (piece, _) => changed.push(piece),
        }
    }
    changed
}

/// The code of a number in the list that every program knows, as people in China see it (18.8.30, and the list for `zh-cn` there).
pub(crate) fn builtin(id: u32) -> Option<&'static str> {
    Some(match id {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 => "\"¥\"#,##0;\"¥\"\\-#,##0",
        6 => "\"¥\"#,##0;[Red]\"¥\"\\-#,##0",
        7 => "\"¥\"#,##0.00;\"¥\"\\-#,##0.00",
        8 => "\"¥\"#,##0.00;[Red]\"¥\"\\-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        41 => "_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"_ ;_ @_ ",
        42 => "_ \"¥\"* #,##0_ ;_ \"¥\"* \\-#,##0_ ;_ \"¥\"* \"-\"_ ;_ @_ ",
        43 => "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        44 => "_ \"¥\"* #,##0.00_ ;_ \"¥\"* \\-#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_in_text_part_nothing() {
        assert_eq!(split(r#"0;"a;b";\;"#), ["0", r#""a;b""#, r"\;"]);
        assert_eq!(split(""), [""]);
    }

    #[test]
    fn an_m_is_a_month_or_a_minute() {
        let dates = |code: &str| -> Vec<Date> {
            let section = Format::parse(code).sections.remove(0);
            section
                .pieces
                .into_iter()
                .filter_map(|piece| if let Piece::Date(date) = piece { Some(date) } else { None })
                .collect()
        };
        assert_eq!(dates("yyyy/m/d"), [Date::Year(4), Date::Month(1), Date::Day(1)]);
        assert_eq!(dates("h:mm"), [Date::Hour(1), Date::Minute(2)]);
        assert_eq!(dates("mm:ss.0"), [Date::Minute(2), Date::Second(2), Date::Fraction(1)]);
        assert_eq!(dates(r#"[$-804]yyyy"年"m"月""#), [Date::Year(4), Date::Month(1)]);
    }

    #[test]
    fn a_code_without_end_is_unknown() {
        let format = Format::parse(&"0".repeat(MAX_CODE + 1));
        assert!(format.sections[0].is_strange && format.code.chars().count() == 21);
    }

    #[test]
    fn any_code_is_parsed() {
        for code in ["[", "\"", "\\", "_", "*", "[>", "E+", "0/0/0", "[$", "年月日", "上午/", ";;;;;;"] {
            assert!(!Format::parse(code).sections.is_empty());
        }
    }
}
