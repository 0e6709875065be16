//! A web page and what it needs in one file: MHTML [RFC 2557], which Word and Excel call a single file web page.
//!
//! A reader of our own: parts, two transfer encodings and three headers are all that is asked, and no part may cost more than its
//! bytes. A mail library reads addresses, dates and attachments too, and none of them resolves frames.

/// How deep parts may hold parts. Word writes one level, mail programs three.
const MAX_DEPTH: usize = 8;

/// How many parts are looked at. A workbook has some for each sheet.
const MAX_PARTS: usize = 10_000;

/// One part of a file, its content decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// `text/html`.
    pub(crate) kind: String,
    /// The encoding that the header declares.
    pub(crate) charset: Option<String>,
    /// Where it was saved from: what frames refer to.
    pub(crate) location: String,
    /// Its name, by which the whole may say which part is the first.
    id: String,
    pub(crate) content: Vec<u8>,
}

/// Whether the file begins as MHTML does: with headers, among them one that says it has parts or is a page.
pub(crate) fn is_mhtml(bytes: &[u8]) -> bool {
    let (headers, _) = Headers::read(trimmed(bytes));
    let kind = headers.kind();
    headers.has("mime-version") && (kind.starts_with("multipart/") || kind == "text/html")
        || kind == "multipart/related"
}

/// The parts of a file in their order; the one that the whole names as its first comes first.
pub(crate) fn parts(bytes: &[u8]) -> Vec<Part> {
    let bytes = trimmed(bytes);
    let (headers, body) = Headers::read(bytes);
    let mut parts = Vec::new();
    // What is still to be looked at, the next one last.
    let mut left = vec![(headers.clone(), body, 0)];
    while let Some((headers, body, depth)) = left.pop() {
        if parts.len() >= MAX_PARTS || left.len() >= MAX_PARTS {
            break;
        }
        match headers.boundary() {
            Some(boundary) if depth < MAX_DEPTH => {
                let inner = split(body, &boundary);
                left.extend(inner.into_iter().rev().map(|part| {
                    let (headers, body) = Headers::read(part);
                    (headers, body, depth + 1)
                }));
            }
            _ => parts.push(headers.part(body)),
        }
    }
    let start = headers.parameter("content-type", "start");
    if let Some(first) = start.and_then(|start| parts.iter().position(|part| !part.id.is_empty() && part.id == start)) {
        parts.get_mut(..=first).unwrap_or_default().rotate_right(1);
    }
    parts
}

/// Without a byte order mark and blank lines before the first header.
fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start()
}

/// The headers of the whole or of a part: names in small letters, values unfolded.
#[derive(Clone, Debug, Default)]
struct Headers(Vec<(String, String)>);

/// More headers than this are none.
const MAX_HEADERS: usize = 200;

impl Headers {
    /// The headers, and what follows the blank line behind them.
    fn read(bytes: &[u8]) -> (Self, &[u8]) {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut rest = bytes;
        while let Some((line, after)) = first_line(rest) {
            if line.trim_ascii().is_empty() {
                rest = after;
                break;
            }
            let text = String::from_utf8_lossy(line);
            if text.starts_with([' ', '\t'])
                && let Some((_, value)) = headers.last_mut()
            {
                value.push(' ');
                value.push_str(text.trim());
            } else if let Some((name, value)) = text.split_once(':').filter(|(name, _)| is_name(name))
                && headers.len() < MAX_HEADERS
            {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            } else {
                break;
            }
            rest = after;
        }
        (Self(headers), rest)
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The content type without its parameters.
    fn kind(&self) -> String {
        self.get("content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// A parameter of a header: `charset` in `text/html; charset="gb2312"`.
    fn parameter(&self, header: &str, name: &str) -> Option<String> {
        let value = self.get(header).split(';').skip(1).find_map(|parameter| {
            let (known, value) = parameter.split_once('=')?;
            known.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })?;
        Some(value.trim_matches('"').trim_matches(['<', '>']).to_owned())
    }

    /// What stands between the parts of a part that has some.
    fn boundary(&self) -> Option<String> {
        self.kind().starts_with("multipart/").then(|| self.parameter("content-type", "boundary")).flatten()
    }

    fn part(&self, body: &[u8]) -> Part {
        let encoding = self.get("content-transfer-encoding").to_ascii_lowercase();
        let content = match encoding.as_str() {
            "quoted-printable" => quoted_printable(body),
            "base64" => base64(body),
            _ => body.to_vec(),
        };
        Part {
            kind: self.kind(),
            charset: self.parameter("content-type", "charset"),
            location: self.get("content-location").to_owned(),
            id: self.get("content-id").trim_matches(['<', '>']).to_owned(),
            content,
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The first line without its end, and the rest.
fn first_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let end = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| at + 1);
    let (line, rest) = bytes.split_at_checked(end)?;
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest))
}

/// The parts between lines that are the boundary. The last may lack its end where the file was cut.
fn split<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    while let Some((line, after)) = body.get(at..).and_then(first_line) {
        let end = at;
        at = body.len() - after.len();
        let mark = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary.as_bytes()));
        let Some(tail) = mark.map(<[u8]>::trim_ascii) else { continue };
        if tail.is_empty() || tail == b"--" {
            parts.extend(start.take().and_then(|start| body.get(start..end)));
            if parts.len() >= MAX_PARTS {
                break;
            }
            start = tail.is_empty().then_some(at);
        }
    }
    parts.extend(start.and_then(|start| body.get(start..)));
    parts
}

/// RFC 2045, 6.7. What is no encoding stands for itself.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        let hex = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
        rest = match (first, after) {
            (b'=', [b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) => after,
            (b'=', [high, low, after @ ..]) if hex(Some(high)).is_some() && hex(Some(low)).is_some() => {
                let byte = hex(Some(high)).unwrap_or(0) * 16 + hex(Some(low)).unwrap_or(0);
                decoded.push(byte as u8);
                after
            }
            _ => {
                decoded.push(first);
                after
            }
        };
    }
    decoded
}

/// RFC 2045, 6.8. Whatever is not of the alphabet is passed over, up to the end mark.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for &byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"--=_x\"; start=\"<b>\"\r\n\r\n\
        preamble\r\n----=_x\r\nContent-Type: image/png\r\n\r\npicture\r\n----=_x\r\nContent-ID: <b>\r\nContent-Location: file:///C:/a.htm\r\n\
        Content-Type: text/html; charset=\"gb2312\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p class=3Dx>=B9=E6=\r\n=D5=C2\r\n----=_x--\r\n";

    #[test]
    fn the_root_part_comes_first_and_is_decoded() {
        assert!(is_mhtml(FILE.as_bytes()));
        let parts = parts(FILE.as_bytes());
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].kind.as_str(), parts[0].charset.as_deref()), ("text/html", Some("gb2312")));
        assert_eq!(parts[0].location, "file:///C:/a.htm");
        assert_eq!(parts[0].content, b"<p class=x>\xB9\xE6\xD5\xC2\r\n");
    }

    #[test]
    fn a_file_that_was_cut_gives_what_is_there() {
        let cut = &FILE[..FILE.len() - 20];
        assert_eq!(parts(cut.as_bytes()).len(), 2);
    }

    #[test]
    fn base64_is_decoded_over_line_ends() {
        assert_eq!(base64(b"5pS/5bqc\r\n5L+h5oGv"), "政府信息".as_bytes());
        assert_eq!(base64(b"YQ=="), b"a");
    }

    #[test]
    fn a_text_with_a_colon_is_no_mhtml() {
        assert!(!is_mhtml("From: 甲\n\n正文".as_bytes()));
        assert!(!is_mhtml("标题：年度报告".as_bytes()));
        assert!(!is_mhtml(b""));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = is_mhtml(&bytes);
            let _ = parts(&bytes);
            prop_assert!(quoted_printable(&bytes).len() <= bytes.len());
            prop_assert!(base64(&bytes).len() <= bytes.len());
        }
    }
}
