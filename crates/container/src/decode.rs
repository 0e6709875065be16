//! Text decoded by its content.

/// Text, and how it was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The name of the encoding, as the Encoding Standard has it.
    pub encoding: &'static str,
    /// Some bytes are no text in that encoding and were replaced by U+FFFD.
    pub lossy: bool,
}

/// Decodes `bytes`: by a byte order mark, else by their content.
pub fn decode(bytes: &[u8]) -> Decoded {
    let (text, encoding, lossy) = encoding_rs::UTF_8.decode(bytes);
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        lossy,
    }
}
