//! Composite fonts: codes of one to four bytes through a `CMap` to the CIDs of a character collection (ISO 32000-2, 9.7).
//!
//! Read here and not by the library: it gives no Unicode for an embedded font of a known collection without `ToUnicode`, which Chinese
//! producers write, and it would unpack the font program, which is large and says nothing that text needs.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use smol_str::SmolStr;

use super::font::{Code, EM, text_of};
use super::{predefined, unpack};

/// The text of a `CMap`: one that names each of 65,536 codes has 1.5 MB.
const LARGEST_CMAP: usize = 8 << 20;

/// Where a vertical font does not tell: one em down (ISO 32000-2, table 115).
const USUAL_DOWN: f32 = -1000.0;

/// CIDs have two bytes.
const MOST_CIDS: u32 = 0xFFFF;

pub(super) struct Composite {
    encoding: Arc<CMap>,
    /// Two bytes each, and the code is the CID.
    identity: bool,
    /// How long a code is that the `CMap` does not know.
    unknown: Unknown,
    to_unicode: Option<CMap>,
    /// `ToUnicode` is the name of an identity: the codes are Unicode already, unless the collection says otherwise.
    codes_are_unicode: bool,
    /// The map from CIDs to Unicode, where the collection is a known one; and that map, once a code needs it.
    collection: Option<CMapName<'static>>,
    collected: OnceCell<Option<Arc<CMap>>>,
    vertical: bool,
    widths: HashMap<u32, f32>,
    width: f32,
    downs: HashMap<u32, f32>,
    down: f32,
    seen: RefCell<HashMap<u32, Code>>,
}

impl std::fmt::Debug for Composite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Composite").field("vertical", &self.vertical).finish_non_exhaustive()
    }
}

/// How many bytes to pass over where a code is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    One,
    Two,
    /// Two after a lead byte of GBK, Big5, EUC and their like.
    ByLeadByte,
}

impl Composite {
    pub(super) fn new(dict: &Dict<'_>, descendant: &Dict<'_>) -> Option<Self> {
        let named = dict.get::<Name<'_>>("Encoding");
        let encoding = match (&named, dict.get::<Stream<'_>>("Encoding")) {
            (Some(name), _) => match CMapName::from_bytes(name) {
                CMapName::IdentityH => Arc::new(CMap::identity_h()),
                CMapName::IdentityV => Arc::new(CMap::identity_v()),
                known => predefined::named(known)?,
            },
            (None, Some(stream)) => Arc::new(parse(&stream)?),
            (None, None) => Arc::new(CMap::identity_h()),
        };
        let identity = named.as_ref().is_none_or(|name| name.starts_with(b"Identity"))
            && dict.get::<Stream<'_>>("Encoding").is_none();
        let family = encoding
            .metadata()
            .character_collection
            .as_ref()
            .map(|collection| collection.family.clone())
            .filter(|family| *family != CidFamily::AdobeIdentity)
            .or_else(|| family(descendant));
        Some(Self {
            identity,
            unknown: unknown(named.as_deref(), &encoding),
            to_unicode: dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| parse(&stream)),
            codes_are_unicode: dict.get::<Name<'_>>("ToUnicode").is_some_and(|name| name.starts_with(b"Identity")),
            collection: family.and_then(|family| family.ucs2_cmap()),
            collected: OnceCell::new(),
            vertical: encoding.metadata().writing_mode == Some(WritingMode::Vertical),
            widths: descendant.get::<Array<'_>>("W").map(|array| widths(&array, 1)).unwrap_or_default(),
            width: descendant.get::<f32>("DW").unwrap_or(EM as f32),
            downs: descendant.get::<Array<'_>>("W2").map(|array| widths(&array, 3)).unwrap_or_default(),
            down: descendant.get::<[f32; 2]>("DW2").map_or(USUAL_DOWN, |[_, down]| down),
            seen: RefCell::default(),
            encoding,
        })
    }

    pub(super) const fn is_vertical(&self) -> bool {
        self.vertical
    }

    pub(super) fn read(&self, bytes: &[u8]) -> Option<(u32, usize)> {
        let first = u32::from(*bytes.first()?);
        if self.identity {
            return Some(bytes.get(1).map_or((first, 1), |second| (first << 8 | u32::from(*second), 2)));
        }
        let mut code = 0;
        for (index, byte) in bytes.iter().take(4).enumerate() {
            code = code << 8 | u32::from(*byte);
            if self.encoding.lookup_cid_code(code, index as u8 + 1).is_some() {
                return Some((code, index + 1));
            }
        }
        let length = match self.unknown {
            Unknown::One => 1,
            Unknown::Two => 2,
            Unknown::ByLeadByte => 1 + usize::from(first > 0x80),
        };
        let code = bytes.iter().take(length).fold(0, |code, byte| code << 8 | u32::from(*byte));
        Some((code, length.min(bytes.len())))
    }

    pub(super) fn code(&self, code: u32) -> Code {
        if let Some(known) = self.seen.borrow().get(&code) {
            return known.clone();
        }
        let cid = self.cid(code);
        let width = f64::from(cid.and_then(|cid| self.widths.get(&cid)).copied().unwrap_or(self.width)) / EM;
        let down = f64::from(cid.and_then(|cid| self.downs.get(&cid)).copied().unwrap_or(self.down)) / EM;
        let advance = if self.vertical { down } else { width };
        let read = Code { text: self.text(code, cid), advance, guessed: false, width };
        self.seen.borrow_mut().insert(code, read.clone());
        read
    }

    fn cid(&self, code: u32) -> Option<u32> {
        if self.identity {
            return Some(code);
        }
        (1..=4).find_map(|length| self.encoding.lookup_cid_code(code, length))
    }

    fn collected(&self) -> Option<&CMap> {
        self.collected.get_or_init(|| predefined::named(self.collection?)).as_deref()
    }

    fn text(&self, code: u32, cid: Option<u32>) -> SmolStr {
        let stated = self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code)).map(|said| text_of(&said));
        stated.filter(|text| !text.is_empty()).unwrap_or_else(|| {
            let collected = self.collected().and_then(|map| map.lookup_bf_string(cid?));
            let said =
                collected.or_else(|| char::from_u32(code).filter(|_| self.codes_are_unicode).map(BfString::Char));
            said.map(|said| text_of(&said)).unwrap_or_default()
        })
    }
}

pub(super) fn parse(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&unpack::unpack(stream, LARGEST_CMAP).ok()?, hayro_cmap::load_embedded)
}

fn family(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let registry = info.get::<PdfString<'_>>("Registry")?;
    let ordering = info.get::<PdfString<'_>>("Ordering")?;
    Some(CidFamily::from_registry_ordering(&registry, &ordering))
}

fn unknown(name: Option<&[u8]>, encoding: &CMap) -> Unknown {
    let name = String::from_utf8_lossy(name.unwrap_or_default());
    if name.contains("UCS2") || name.contains("UTF16") || name.starts_with("Identity") {
        Unknown::Two
    } else if !name.is_empty() {
        Unknown::ByLeadByte
    } else if (0..=0xFF).any(|code| encoding.lookup_cid_code(code, 1).is_some()) {
        Unknown::One
    } else {
        Unknown::Two
    }
}

/// `W` and `W2`: `first [w …]` or `first last w`, with `parts` numbers for each CID of which the first is the advance.
fn widths(array: &Array<'_>, parts: usize) -> HashMap<u32, f32> {
    let mut widths = HashMap::new();
    let mut pending: Vec<f32> = Vec::new();
    for object in array.iter::<Object<'_>>() {
        match object {
            Object::Number(number) => {
                pending.push(number.as_f32());
                if let [first, last, advance, rest @ ..] = pending.as_slice()
                    && rest.len() + 1 == parts
                {
                    let (first, last) = (*first as u32, (*last as u32).min(MOST_CIDS));
                    widths.extend((first..=last).map(|cid| (cid, *advance)));
                    pending.clear();
                }
            }
            Object::Array(list) => {
                let first = pending.first().map_or(0, |first| *first as u32);
                let advances = list.iter::<f32>().step_by(parts).zip(first..=MOST_CIDS);
                widths.extend(advances.map(|(advance, cid)| (cid, advance)));
                pending.clear();
            }
            _ => {}
        }
    }
    widths
}
