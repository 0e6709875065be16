//! The formats of numbers by the codes that DOC and RTF have for them.

use nianbao_model::NumberFormat;

/// The names of the formats of numbers in the order of their codes [MS-OSHARED 2.2.1.3]; each is that of ECMA-376 Part 1, 17.18.59.
const FORMATS: [&str; 60] = [
    "decimal",
    "upperRoman",
    "lowerRoman",
    "upperLetter",
    "lowerLetter",
    "ordinal",
    "cardinalText",
    "ordinalText",
    "hex",
    "chicago",
    "ideographDigital",
    "japaneseCounting",
    "aiueo",
    "iroha",
    "decimalFullWidth",
    "decimalHalfWidth",
    "japaneseLegal",
    "japaneseDigitalTenThousand",
    "decimalEnclosedCircle",
    "decimalFullWidth2",
    "aiueoFullWidth",
    "irohaFullWidth",
    "decimalZero",
    "bullet",
    "ganada",
    "chosung",
    "decimalEnclosedFullstop",
    "decimalEnclosedParen",
    "decimalEnclosedCircleChinese",
    "ideographEnclosedCircle",
    "ideographTraditional",
    "ideographZodiac",
    "ideographZodiacTraditional",
    "taiwaneseCounting",
    "ideographLegalTraditional",
    "taiwaneseCountingThousand",
    "taiwaneseDigital",
    "chineseCounting",
    "chineseLegalSimplified",
    "chineseCountingThousand",
    "decimal",
    "koreanDigital",
    "koreanCounting",
    "koreanLegal",
    "koreanDigital2",
    "hebrew1",
    "arabicAlpha",
    "hebrew2",
    "arabicAbjad",
    "hindiVowels",
    "hindiConsonants",
    "hindiNumbers",
    "hindiCounting",
    "thaiLetters",
    "thaiNumbers",
    "thaiCounting",
    "vietnameseCounting",
    "numberInDash",
    "russianLower",
    "russianUpper",
];

/// The format that a code stands for; its name for one that we cannot spell.
///
/// # Errors
/// The name of the format, or its code where it has none.
pub fn number_format(code: u16) -> Result<NumberFormat, String> {
    if code == 0xFF {
        return Ok(NumberFormat::None);
    }
    match FORMATS.get(usize::from(code)) {
        Some(&name) => NumberFormat::from_word(name).ok_or_else(|| name.to_owned()),
        None => Err(format!("number format {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_to_its_format() {
        assert_eq!(number_format(0), Ok(NumberFormat::Decimal));
        assert_eq!(number_format(37), Ok(NumberFormat::ChineseCounting));
        assert_eq!(number_format(255), Ok(NumberFormat::None));
        assert_eq!(number_format(49), Err("hindiVowels".to_owned()));
        assert_eq!(number_format(200), Err("number format 200".to_owned()));
    }
}
