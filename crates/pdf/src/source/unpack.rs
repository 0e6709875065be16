//! Streams unpacked under a limit (ISO 32000-2, 7.4): a file of a few kilobytes may promise gigabytes, and the library would believe it.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Stream};
use memchr::memmem;

/// Why a stream was not unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Broken,
    TooLarge,
}

/// The content of a stream, if it has no more bytes than `limit`. What a damaged stream holds before the damage counts as its content.
pub(super) fn unpack<'a>(stream: &Stream<'a>, limit: usize) -> Result<Cow<'a, [u8]>, Refused> {
    let filters = stream.filters();
    if has_parameters(stream.dict()) {
        // Predictors are meant for pictures and tables of references: rare enough to be unpacked twice.
        run(&stream.raw_data(), &filters, limit)?;
        return stream.decoded_data().map_err(|_| Refused::Broken);
    }
    let raw = stream.raw_data();
    match filters.as_slice() {
        [] if raw.len() > limit => Err(Refused::TooLarge),
        [] => Ok(raw),
        filters => run(&raw, filters, limit).map(Cow::Owned),
    }
}

/// Whether a stream that the library will unpack by itself stays under the limit.
pub(super) fn fits(stream: &Stream<'_>, limit: usize) -> bool {
    let raw = stream.raw_data();
    match stream.filters().as_slice() {
        [] => raw.len() <= limit,
        [Filter::FlateDecode] if raw.len().saturating_mul(WORST_RATIO) <= limit => true,
        [Filter::FlateDecode] => measure(&raw, limit).is_ok(),
        filters => run(&raw, filters, limit).is_ok(),
    }
}

/// Whether a filter has parameters that only the library follows.
fn has_parameters(dict: &Dict<'_>) -> bool {
    let asks = |parameters: Dict<'_>| {
        parameters.get::<u32>("Predictor").is_some_and(|predictor| predictor > 1)
            || parameters.get::<u32>("EarlyChange") == Some(0)
    };
    ["DecodeParms", "DP"].iter().any(|key| {
        dict.get::<Dict<'_>>(key).is_some_and(asks)
            || dict.get::<Array<'_>>(key).is_some_and(|all| all.iter::<Dict<'_>>().any(asks))
    })
}

fn run(raw: &[u8], filters: &[Filter], limit: usize) -> Result<Vec<u8>, Refused> {
    let mut bytes = Cow::Borrowed(raw);
    for filter in filters {
        bytes = Cow::Owned(match filter {
            Filter::FlateDecode => inflate(&bytes, limit)?,
            Filter::LzwDecode => lzw(&bytes, limit)?,
            Filter::Ascii85Decode => ascii85(&bytes),
            Filter::AsciiHexDecode => ascii_hex(&bytes),
            Filter::RunLengthDecode => run_length(&bytes, limit)?,
            Filter::Crypt => continue,
            _ => return Err(Refused::Broken),
        });
    }
    Ok(bytes.into_owned())
}

/// Inflates zlib data; where its header is damaged, as bare deflate data.
fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Refused> {
    let (unpacked, whole) = read_all(ZlibDecoder::new(bytes), limit)?;
    if whole || !unpacked.is_empty() {
        return Ok(unpacked);
    }
    let (bare, _) = read_all(DeflateDecoder::new(bytes), limit)?;
    if !bare.is_empty() {
        return Ok(bare);
    }
    let (headless, _) = read_all(DeflateDecoder::new(bytes.get(2..).unwrap_or_default()), limit)?;
    if headless.is_empty() { Err(Refused::Broken) } else { Ok(headless) }
}

/// What can be read, and whether that is all.
fn read_all(from: impl Read, limit: usize) -> Result<(Vec<u8>, bool), Refused> {
    let mut unpacked = Vec::new();
    let whole = from.take(limit as u64 + 1).read_to_end(&mut unpacked).is_ok();
    if unpacked.len() > limit { Err(Refused::TooLarge) } else { Ok((unpacked, whole)) }
}

/// Codes of 9 to 12 bits, each a stretch of what came before (7.4.4); the width grows one code early, as is the default.
fn lzw(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Refused> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    const MOST_CODES: usize = 4096;
    let mut unpacked: Vec<u8> = Vec::new();
    // From code 258 on: where in the output the stretch of a code begins, and how long it is.
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    let mut previous: Option<(usize, usize)> = None;
    let (mut held, mut bits) = (0_u32, 0);
    let mut bytes = bytes.iter();
    loop {
        let width = match stretches.len() + 258 {
            0..=510 => 9,
            511..=1022 => 10,
            1023..=2046 => 11,
            _ => 12,
        };
        while bits < width {
            let Some(byte) = bytes.next() else { return Ok(unpacked) };
            held = held << 8 | u32::from(*byte);
            bits += 8;
        }
        bits -= width;
        let code = (held >> bits) as usize & ((1 << width) - 1);
        held &= (1 << bits) - 1;
        let start = unpacked.len();
        match code {
            CLEAR => {
                stretches.clear();
                previous = None;
                continue;
            }
            END => return Ok(unpacked),
            0..CLEAR => unpacked.push(code as u8),
            _ => match stretches.get(code - 258).copied() {
                Some((from, length)) => unpacked.extend_from_within(from..from + length),
                // The code that is just being made: the stretch before and its own first byte.
                None => {
                    let Some((from, length)) = previous.filter(|_| code - 258 == stretches.len()) else {
                        return Ok(unpacked);
                    };
                    unpacked.extend_from_within(from..from + length);
                    unpacked.extend_from_within(from..from + 1);
                }
            },
        }
        if unpacked.len() > limit {
            return Err(Refused::TooLarge);
        }
        if let Some((from, length)) = previous
            && stretches.len() + 258 < MOST_CODES
        {
            stretches.push((from, length + 1));
        }
        previous = Some((start, unpacked.len() - start));
    }
}

fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::with_capacity(bytes.len() / 5 * 4);
    let mut group: Vec<u8> = Vec::with_capacity(5);
    let mut flush = |group: &mut Vec<u8>| {
        let length = group.len();
        group.resize(5, 84);
        let value = group.iter().fold(0_u32, |value, digit| value.wrapping_mul(85).wrapping_add(u32::from(*digit)));
        unpacked.extend(value.to_be_bytes().iter().take(length.saturating_sub(1)));
        group.clear();
    };
    for byte in bytes.strip_prefix(b"<~").unwrap_or(bytes) {
        match byte {
            b'!'..=b'u' => group.push(byte - b'!'),
            b'z' if group.is_empty() => {
                group.resize(5, 0);
            }
            b'~' => break,
            _ => {}
        }
        if group.len() == 5 {
            flush(&mut group);
        }
    }
    if !group.is_empty() {
        flush(&mut group);
    }
    unpacked
}

fn ascii_hex(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = bytes
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |value, digit| value << 4 | digit) << (4 * (2 - pair.len())))
        .collect()
}

fn run_length(mut bytes: &[u8], limit: usize) -> Result<Vec<u8>, Refused> {
    let mut unpacked = Vec::new();
    while let Some((&length, rest)) = bytes.split_first() {
        match length {
            0..=127 => {
                let (literal, rest) = rest.split_at(rest.len().min(usize::from(length) + 1));
                unpacked.extend_from_slice(literal);
                bytes = rest;
            }
            128 => break,
            _ => {
                let Some((&byte, rest)) = rest.split_first() else { break };
                unpacked.extend(std::iter::repeat_n(byte, 257 - usize::from(length)));
                bytes = rest;
            }
        }
        if unpacked.len() > limit {
            return Err(Refused::TooLarge);
        }
    }
    Ok(unpacked)
}

/// How far deflate can blow up: 1032 to 1.
const WORST_RATIO: usize = 1_032;

/// Whether the streams that hold objects and references, which the library unpacks by itself, stay under the limit together.
///
/// They are looked for by name in the bytes of the file, without following its structure. What an encrypted file holds cannot be looked
/// at; there the memory limit of the process has to do.
pub(super) fn objects_fit(file: &[u8], limit: usize) -> bool {
    let mut left = limit;
    for name in [b"/ObjStm".as_slice(), b"/XRef"] {
        for found in memmem::find_iter(file, name) {
            let Some((dictionary, data)) = stream_around(file, found) else { continue };
            let packers = memmem::find_iter(dictionary, b"Decode").count()
                - memmem::find_iter(dictionary, b"DecodeParms").count();
            if packers > 1 {
                return false;
            }
            let unpacked = if memmem::find(dictionary, b"LZWDecode").is_some() {
                lzw(data, left).map(|bytes| bytes.len())
            } else {
                measure(data, left)
            };
            match unpacked {
                Ok(length) => left -= length.min(left),
                Err(_) => return false,
            }
        }
    }
    true
}

/// How long deflated data is, without keeping it.
fn measure(bytes: &[u8], limit: usize) -> Result<usize, Refused> {
    let mut from = ZlibDecoder::new(bytes).take(limit as u64 + 1);
    let mut length = 0;
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        length += read;
    }
    if length > limit { Err(Refused::TooLarge) } else { Ok(length) }
}

/// The dictionary around a name, and the bytes of the stream behind it.
fn stream_around(file: &[u8], name: usize) -> Option<(&[u8], &[u8])> {
    /// Dictionaries of such streams are short.
    const FARTHEST: usize = 4 * 1024;
    let before = file.get(name.saturating_sub(FARTHEST)..name)?;
    let start = name - (before.len() - memmem::rfind(before, b"obj")?);
    let behind = file.get(name..file.len().min(name + FARTHEST))?;
    let end = name + memmem::find(behind, b"stream")?;
    let data = file.get(end + b"stream".len()..)?;
    let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
    Some((file.get(start..end)?, data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = deflated(&vec![0; 1_000_000]);
        assert!(bomb.len() < 2_000);
        assert_eq!(inflate(&bomb, 100_000), Err(Refused::TooLarge));
        assert_eq!(inflate(&bomb, 1_000_000).map(|bytes| bytes.len()), Ok(1_000_000));
        assert_eq!(measure(&bomb, 100_000), Err(Refused::TooLarge));
    }

    #[test]
    fn a_torn_stream_gives_what_it_still_holds() {
        let text = (0..2_000).map(|n| format!("{n} ")).collect::<String>();
        let packed = deflated(text.as_bytes());
        let half = inflate(&packed[..packed.len() / 2], 1 << 20).unwrap();
        assert!(!half.is_empty() && text.as_bytes().starts_with(&half));
        let mut headless = packed;
        headless[0] = 0xFF;
        assert_eq!(inflate(&headless, 1 << 20).unwrap(), text.as_bytes());
    }

    #[test]
    fn the_example_of_the_specification_is_unpacked() {
        // ISO 32000-2, 7.4.4.2, example 1.
        let packed = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(lzw(&packed, 100).unwrap(), [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
    }

    #[test]
    fn text_filters_are_undone() {
        assert_eq!(ascii85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(ascii85(b"z!!~>"), [0, 0, 0, 0, 0]);
        assert_eq!(ascii_hex(b"48 65 6C 6c 6F 7>"), b"Hellop");
        assert_eq!(run_length(&[1, b'a', b'b', 254, b'c', 128], 100).unwrap(), b"abccc");
        assert_eq!(run_length(&[129, b'c', 129, b'c'], 200), Err(Refused::TooLarge));
    }

    #[test]
    fn object_streams_are_measured_before_the_library_unpacks_them() {
        let mut file = b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n".to_vec();
        file.extend(deflated(&vec![b' '; 3_000_000]));
        file.extend(b"\nendstream\nendobj\n");
        assert!(!objects_fit(&file, 1_000_000));
        assert!(objects_fit(&file, 4_000_000));
    }
}
