//! Text: lines, and the columns that tabs part.

use super::smallest::smallest;
use crate::error::Error;

/// The smallest text that shows the same.
pub(super) fn shrink(bytes: Vec<u8>, shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>) -> Result<Vec<u8>, Error> {
    if bytes.contains(&0) {
        return Err(Error::Usage("a text in UTF-16 cannot be taken apart yet; save it as UTF-8".to_owned()));
    }
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let text = |kept: &[usize]| kept.iter().filter_map(|&index| lines.get(index)).copied().collect::<Vec<_>>().concat();
    let kept = smallest(lines.len(), &mut |kept| shows(&text(kept)))?;
    let bytes = text(&kept);
    let count = bytes.split(|&byte| byte == b'\n').map(|line| line.split(|&byte| byte == b'\t').count()).max();
    let columns = smallest(count.unwrap_or_default(), &mut |kept| shows(&with_columns(&bytes, kept)))?;
    Ok(with_columns(&bytes, &columns))
}

/// The text with these columns alone; lines without tabs stay.
fn with_columns(bytes: &[u8], kept: &[usize]) -> Vec<u8> {
    let line = |line: &[u8]| {
        if !line.contains(&b'\t') {
            return line.to_vec();
        }
        let end: &[u8] = if line.ends_with(b"\n") { b"\n" } else { b"" };
        let fields: Vec<&[u8]> = line.strip_suffix(b"\n").unwrap_or(line).split(|&byte| byte == b'\t').collect();
        let fields: Vec<&[u8]> = kept.iter().filter_map(|&index| fields.get(index)).copied().collect();
        [&fields.join(&b'\t'), end].concat()
    };
    bytes.split_inclusive(|&byte| byte == b'\n').flat_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_that_are_not_needed_go() {
        let text = "一\n二\tA\tB\tC\n三\t1\t2\t3\n四\n";
        let needed = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            Ok(text.contains('三') && text.contains('2'))
        };
        let smaller = shrink(text.as_bytes().to_vec(), &mut { needed }).unwrap();
        assert_eq!(String::from_utf8(smaller).unwrap(), "三\t2\n");
    }
}
