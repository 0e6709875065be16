//! What can happen to bytes on their way: changed, cut, lost, doubled, in each other's place.

use std::ops::Range;

use crate::dice::Dice;

/// Bytes that mean something in one format or another.
const BYTES: [u8; 12] = [0, 1, 0x7F, 0x80, 0xFF, b'9', b'<', b'>', b'"', b'(', b'\n', b'/'];

/// Lengths and counts that no file should believe.
const NUMBERS: [u32; 8] = [0, 1, 0x7F, 0xFFFF, 0x10_0000, 0x7FFF_FFFF, 0x8000_0000, u32::MAX];

type Harm = fn(&mut Vec<u8>, &mut Dice);

const HARMS: [Harm; 9] = [
    |bytes, dice| changed(bytes, dice),
    |bytes, dice| changed(bytes, dice),
    |bytes, dice| counted(bytes, dice),
    |bytes, dice| blanked(bytes, dice),
    cut,
    lost,
    doubled,
    exchanged,
    many_times,
];

/// The bytes, spoilt once to three times.
pub(crate) fn spoilt(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        if !bytes.is_empty() {
            dice.pick(&HARMS)(&mut bytes, dice);
        }
    }
    bytes
}

/// A few bytes, in places that lie close together as often as not.
fn changed(bytes: &mut [u8], dice: &mut Dice) {
    let mut at = dice.below(bytes.len());
    for _ in 0..=dice.below(12) {
        at = if dice.chance(50) { dice.below(bytes.len()) } else { at + dice.below(9) };
        if let Some(byte) = bytes.get_mut(at) {
            *byte = if dice.chance(30) { *byte ^ 1 << dice.below(8) } else { *dice.pick(&BYTES) };
        }
    }
}

/// A number of two or four bytes.
fn counted(bytes: &mut [u8], dice: &mut Dice) {
    let number = dice.pick(&NUMBERS).to_le_bytes();
    let (at, length) = (dice.below(bytes.len()) & !1, if dice.chance(50) { 2 } else { 4 });
    for (byte, new) in bytes.iter_mut().skip(at).zip(number).take(length) {
        *byte = new;
    }
}

fn cut(bytes: &mut Vec<u8>, dice: &mut Dice) {
    bytes.truncate(dice.below(bytes.len()));
}

fn lost(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let block = block(bytes, dice);
    bytes.drain(block);
}

fn doubled(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let block = block(bytes, dice);
    let again = bytes[block.clone()].to_vec();
    bytes.splice(block.end..block.end, again);
}

/// A short piece, very often: nesting, records and rows without end.
fn many_times(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let block = block(bytes, dice);
    let piece = bytes[block.start..block.end.min(block.start + 64)].to_vec();
    let again = piece.repeat(1 + dice.below(2000));
    bytes.splice(block.start..block.start, again);
}

fn exchanged(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let (one, other) = (block(bytes, dice), block(bytes, dice));
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    if first.end <= second.start {
        let text = [
            &bytes[..first.start],
            &bytes[second.clone()],
            &bytes[first.end..second.start],
            &bytes[first],
            &bytes[second.end..],
        ];
        *bytes = text.concat();
    }
}

fn blanked(bytes: &mut [u8], dice: &mut Dice) {
    let byte = *dice.pick(&[0, 0xFF, b' ']);
    let block = block(bytes, dice);
    bytes[block].fill(byte);
}

/// A run of bytes; in markup and in lines it begins and ends where something does, as often as not.
fn block(bytes: &[u8], dice: &mut Dice) -> Range<usize> {
    let start = dice.below(bytes.len());
    let longest = [16, 256, 4096][dice.below(3)];
    let end = (start + 1 + dice.below(longest)).min(bytes.len());
    if dice.chance(50) {
        return start..end;
    }
    let mark = if bytes.contains(&b'<') { b'<' } else { b'\n' };
    let from = |at: usize| bytes[at..].iter().position(|&byte| byte == mark).map_or(at, |ahead| at + ahead);
    let (start, end) = (from(start), from(end.min(bytes.len() - 1)));
    if start < end { start..end } else { start..start + 1 }
}
