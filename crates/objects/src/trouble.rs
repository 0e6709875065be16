//! What storages say when they refuse, in our words: which kind it is, whether trying again may help, and no word of theirs that could hold
//! credentials (their messages name keys and signatures).

use std::time::Duration;

use nianbao_bulk::Trouble;
use object_store::Error;

/// Codes of storages that mean: not with these credentials, or not this bucket, whatever is asked for.
const EVERYWHERE: [&str; 15] = [
    "AccountProblem",
    "AuthenticationFailed",
    "AuthorizationHeaderMalformed",
    "ContainerNotFound",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidAuthenticationInfo",
    "InvalidBucketName",
    "InvalidSecurity",
    "InvalidToken",
    "NoSuchBucket",
    "PermanentRedirect",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
];

/// How often something is tried, and how long is waited in between the first time; twice as long each further time.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(200);

/// Why one attempt failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) trouble: Trouble,
    /// Whether another attempt may fare better.
    pub(crate) again: bool,
}

impl Failed {
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { trouble: Trouble { kind, message: message.into(), everywhere: false }, again: false }
    }

    /// The line broke, or the other side did.
    pub(crate) fn unreachable(why: &str) -> Self {
        let message = format!("it cannot be fetched now ({why}); run again with --retry failed");
        Self { again: true, ..Self::new("unreachable", message) }
    }
}

/// Tries until it goes well, can go no better, or was tried often enough.
pub(crate) async fn attempts<T, F: Future<Output = Result<T, Failed>>>(
    mut once: impl FnMut() -> F,
) -> Result<T, Trouble> {
    let mut attempt = 1;
    loop {
        match once().await {
            Ok(done) => return Ok(done),
            Err(failed) if failed.again && attempt < ATTEMPTS => {
                tokio::time::sleep(PAUSE * 2_u32.pow(attempt - 1)).await;
                attempt += 1;
            }
            Err(failed) => return Err(failed.trouble),
        }
    }
}

/// What an error of a storage means. The library has tried again already where that can help.
pub(crate) fn explain(error: &Error) -> Trouble {
    let text = everything(error);
    let code = code(&text);
    let said = code.map(|code| format!(" ({code})")).unwrap_or_default();
    let (kind, message) = match error {
        _ if code == Some("NoSuchBucket") || code == Some("ContainerNotFound") => {
            ("not_found", format!("no such bucket{said}; check the address"))
        }
        Error::NotFound { .. } => ("not_found", "nothing stands at this address; check it".to_owned()),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => (
            "unreadable",
            format!("the storage refuses{said}; check the credentials in the environment, and what they allow"),
        ),
        Error::InvalidPath { .. } => {
            ("unreadable", "its name holds an empty step, or one of dots: it cannot be asked for".to_owned())
        }
        Error::Precondition { .. } | Error::NotModified { .. } => {
            ("changed", "it changed while it was fetched; run again".to_owned())
        }
        _ => {
            let why = code.map_or_else(|| plain(&text), str::to_owned);
            ("unreachable", format!("it cannot be reached now ({why}); run again with --retry failed"))
        }
    };
    Trouble { kind, message, everywhere: code.is_some_and(|code| EVERYWHERE.contains(&code)) }
}

/// Whether the other side said that it will not.
pub(crate) const fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. } | Error::PermissionDenied { .. } | Error::Unauthenticated { .. })
}

/// An error with all that lies below it.
fn everything(error: &Error) -> String {
    let mut text = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(error) = below {
        text = format!("{text}: {error}");
        below = error.source();
    }
    text
}

/// What stands in the element `Code` of an answer in XML.
fn code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    (code.len() < 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(code)
}

/// The few words that a person needs of a long error: what the line did.
fn plain(text: &str) -> String {
    const KNOWN: [(&str, &str); 8] = [
        ("dns error", "the host is not known"),
        ("Connection refused", "the host refuses the connection"),
        ("certificate", "its certificate is not trusted"),
        ("timed out", "it took too long"),
        ("Timeout", "it took too long"),
        ("error decoding response body", "the connection ended early"),
        ("status 5", "the storage has a fault"),
        ("status 429", "the storage is asked too much"),
    ];
    let lower = text.to_ascii_lowercase();
    let known = KNOWN.iter().find(|(words, _)| lower.contains(&words.to_ascii_lowercase()));
    known.map_or("the storage does not answer as it should", |(_, plain)| plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(body: &str) -> Error {
        Error::PermissionDenied { path: "x".to_owned(), source: body.to_owned().into() }
    }

    #[test]
    fn the_code_is_told_and_nothing_that_opens_a_storage() {
        let body = "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIASECRET</AWSAccessKeyId></Error>";
        let trouble = explain(&denied(body));
        assert!(trouble.everywhere);
        assert_eq!(trouble.kind, "unreadable");
        assert!(trouble.message.contains("SignatureDoesNotMatch") && !trouble.message.contains("AKIA"), "{trouble}");
        assert!(!explain(&denied("<Code>AccessDenied</Code>")).everywhere);
    }

    #[test]
    fn a_bucket_that_is_not_there_is_wrong_everywhere_and_an_object_is_not() {
        let missing = |body: &str| Error::NotFound { path: "x".to_owned(), source: body.to_owned().into() };
        assert!(explain(&missing("<Code>NoSuchBucket</Code>")).everywhere);
        let object = explain(&missing("<Code>NoSuchKey</Code>"));
        assert_eq!((object.kind, object.everywhere), ("not_found", false));
    }

    #[test]
    fn what_the_line_did_is_said_in_few_words() {
        let error =
            Error::Generic { store: "S3", source: "tcp connect error: Connection refused (os error 111)".into() };
        assert!(explain(&error).message.contains("(the host refuses the connection)"));
    }
}
