//! Characters of symbol fonts as Unicode (`w:sym`, ECMA-376 Part 1, 17.3.3.30).
//!
//! Such a font puts pictures where letters are, and Word moves its codes into the private use area (U+F000 and up). Only the marks that
//! carry meaning in an official document are told: boxes ticked and empty, circled numbers, signs of arithmetic, Greek letters. Any other
//! character stays as the source has it.

/// The character that `code` shows in `font`; `None` where the code is no character at all.
pub fn shown(font: &str, code: u32) -> Option<char> {
    let low = u8::try_from(code & 0xFF).unwrap_or_default();
    let is_private = (0xF000..=0xF0FF).contains(&code);
    if is_private || code <= 0xFF {
        let font = font.trim().to_ascii_lowercase();
        let told = match font.as_str() {
            "wingdings" => wingdings(low),
            "wingdings 2" => wingdings_2(low),
            "symbol" => symbol(low),
            _ => None,
        };
        if told.is_some() {
            return told;
        }
    }
    char::from_u32(code).filter(|c| !c.is_control())
}

const fn wingdings(code: u8) -> Option<char> {
    Some(match code {
        0x6C => '●',
        0x6E => '■',
        0x6F | 0x71 | 0x72 | 0xA8 => '□',
        0x75 => '◆',
        0x80 => '⓪',
        0x81..=0x8A => enclosed('①', code - 0x81),
        0x8B => '⓿',
        0x8C..=0x95 => enclosed('❶', code - 0x8C),
        0xA1 => '○',
        0xD8 => '➢',
        0xDF => '←',
        0xE0 => '→',
        0xFB => '✘',
        0xFC => '✔',
        0xFD => '☒',
        0xFE => '☑',
        _ => return None,
    })
}

const fn wingdings_2(code: u8) -> Option<char> {
    Some(match code {
        0x4F => '✗',
        0x50 => '✓',
        0x51 | 0x53 | 0x54 => '☒',
        0x52 => '☑',
        0x2A | 0xA3 => '□',
        0x6A..=0x73 => enclosed('①', code - 0x6A),
        0x97 => '●',
        0xA2 => '■',
        _ => return None,
    })
}

const fn symbol(code: u8) -> Option<char> {
    Some(match code {
        0x2D => '−',
        0xA3 => '≤',
        0xB0 => '°',
        0xB1 => '±',
        0xB3 => '≥',
        0xB4 => '×',
        0xB7 => '•',
        0xB8 => '÷',
        0xB9 => '≠',
        0xBB => '≈',
        0xD6 => '√',
        0xE5 => '∑',
        0x61 => 'α',
        0x62 => 'β',
        0x64 => 'δ',
        0x67 => 'γ',
        0x6D => 'μ',
        0x70 => 'π',
        0x73 => 'σ',
        0x77 => 'ω',
        0x44 => 'Δ',
        0x53 => 'Σ',
        0x57 => 'Ω',
        // Figures and marks stand where ASCII has them.
        0x20 | 0x28..=0x29 | 0x2B..=0x2C | 0x2E..=0x3B | 0x3D | 0x5B | 0x5D => code as char,
        _ => return None,
    })
}

const fn enclosed(first: char, step: u8) -> char {
    match char::from_u32(first as u32 + step as u32) {
        Some(c) => c,
        None => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_circled_numbers_are_told() {
        assert_eq!(shown("Wingdings", 0xF0FE), Some('☑'));
        assert_eq!(shown("Wingdings", 0xFB), Some('✘'));
        assert_eq!(shown("Wingdings", 0xF0A8), Some('□'));
        assert_eq!(shown("Wingdings 2", 0xF052), Some('☑'));
        assert_eq!(shown("Wingdings", 0xF083), Some('③'));
        assert_eq!(shown("Symbol", 0xF0B1), Some('±'));
    }

    #[test]
    fn any_other_character_stays_as_it_is() {
        assert_eq!(shown("宋体", 0x25A1), Some('□'));
        assert_eq!(shown("Webdings", 0xF061), Some('\u{F061}'));
        assert_eq!(shown("Wingdings", 0x4E00), Some('一'));
        assert_eq!(shown("Wingdings", 0x11_0000), None);
        assert_eq!(shown("Arial", 7), None);
    }
}
