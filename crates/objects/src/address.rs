//! An address taken apart, and refused where it would carry credentials into the dataset.

use nianbao_bulk::Trouble;

/// What kind of storage an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    S3,
    Google,
    Azure,
    /// A web server: one file an address, no folders.
    Web,
}

/// An address: `s3://bucket/key`. A key is the text as the storage has it, without any escapes; what a web server is asked for is its whole address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    pub(crate) scheme: Scheme,
    /// The scheme and the bucket: `s3://bucket`.
    pub(crate) root: &'a str,
    pub(crate) bucket: &'a str,
    /// What follows the slash behind the bucket.
    pub(crate) key: &'a str,
}

/// Names of parameters by which an address is signed, or lets its bearer in; in lower case.
const SIGNATURES: [&str; 9] = [
    "sig",
    "signature",
    "awsaccesskeyid",
    "access_token",
    "token",
    "x-amz-signature",
    "x-amz-security-token",
    "x-goog-signature",
    "x-oss-signature",
];

impl<'a> Address<'a> {
    pub(crate) fn parse(address: &'a str) -> Result<Self, Trouble> {
        let (scheme, rest) = address.split_once("://").ok_or_else(|| wrong("no address"))?;
        let scheme = match scheme {
            "s3" => Scheme::S3,
            "gs" => Scheme::Google,
            "az" => Scheme::Azure,
            "https" | "http" => Scheme::Web,
            _ => return Err(wrong("no address of s3://, gs://, az://, https:// or http://")),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (bucket, rest) = rest.split_at(end);
        if bucket.contains('@') {
            return Err(wrong(
                "a name or password before the host would stand in the dataset for all to read; credentials are taken from the environment alone",
            ));
        }
        if bucket.is_empty() {
            return Err(wrong("it names no bucket, or no host"));
        }
        if scheme == Scheme::Web && is_signed(rest) {
            return Err(wrong(
                "a signed address opens the file to whoever reads the dataset, where it would stand; fetch the file, or name it by its bucket",
            ));
        }
        let root = address.get(..address.len() - rest.len()).unwrap_or_default();
        Ok(Self { scheme, root, bucket, key: rest.strip_prefix('/').unwrap_or(rest) })
    }

    /// Whether it can only be a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.key.is_empty() || self.key.ends_with('/')
    }
}

fn is_signed(rest: &str) -> bool {
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let mut names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default().to_ascii_lowercase());
    names.any(|name| SIGNATURES.contains(&name.as_str()))
}

/// The user has to change something: it holds for the whole run.
pub(crate) fn wrong(why: &str) -> Trouble {
    Trouble { kind: "unreadable", message: why.to_owned(), everywhere: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_text_behind_the_bucket() {
        let parsed = Address::parse("s3://reports/政府/年报 2023?#.docx").unwrap();
        assert_eq!((parsed.root, parsed.bucket), ("s3://reports", "reports"));
        assert_eq!((parsed.key, parsed.is_folder()), ("政府/年报 2023?#.docx", false));
        assert!(Address::parse("gs://b").unwrap().is_folder());
        assert!(Address::parse("az://b/c/").unwrap().is_folder());
        assert_eq!(Address::parse("http://127.0.0.1:9000/x?id=1").unwrap().scheme, Scheme::Web);
    }

    #[test]
    fn what_would_carry_credentials_is_refused_and_not_repeated() {
        for address in [
            "https://me:secret@host/x",
            "s3://AKIA:secret@bucket/x",
            "https://host/x?id=1&X-Amz-Signature=secret",
            "https://host/x?sv=1&sig=secret",
        ] {
            let trouble = Address::parse(address).unwrap_err();
            assert!(trouble.everywhere && !trouble.message.contains("secret"), "{}", trouble.message);
        }
        assert!(Address::parse("https://host/x?id=1&design=2").is_ok());
        for address in ["s3:///x", "ftp://host/x", "nothing"] {
            assert!(Address::parse(address).is_err(), "{address}");
        }
    }
}
