//! Where a root is kept, as one URI. It names files with secrets and holds none, so that it may be shown.

mod kms;
mod pkcs11;
mod vault;

use std::fmt;
use std::path::{Path, PathBuf};

pub use kms::KmsUri;
pub use pkcs11::TokenUri;
pub use vault::VaultUri;

/// Where a root is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RootUri {
    /// `file:PATH`, or a path alone.
    File(PathBuf),
    /// `systemd:NAME`: the file of this name among the service's credentials.
    Systemd {
        name: String,
        /// `$CREDENTIALS_DIRECTORY`; none where systemd gave no credentials.
        folder: Option<PathBuf>,
    },
    /// `pkcs11:…` (RFC 7512).
    Pkcs11(TokenUri),
    /// `vault:https://…`
    Vault(VaultUri),
    /// `awskms:arn:…`
    Kms(KmsUri),
}

/// What every message about a bad URI ends with.
pub const FORMS: &str = "give a path, file:PATH, systemd:NAME, pkcs11:token=NAME;object=NAME?module-path=PATH&pin-source=file:PATH, \
     vault:https://HOST:8200/v1/transit/keys/NAME?token-file=PATH, or awskms:ARN?access-key-file=PATH&secret-key-file=PATH";

impl RootUri {
    /// Reads a URI.
    ///
    /// # Errors
    /// What is wrong with it, in words that repeat none of its values: one may be a secret that does not belong there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((scheme, rest)) = scheme(text) else {
            return Ok(Self::File(PathBuf::from(text)));
        };
        match scheme {
            "file" if rest.is_empty() => Err("file: names no file".to_owned()),
            "file" => Ok(Self::File(PathBuf::from(rest))),
            "systemd" => credential(rest),
            "pkcs11" => TokenUri::parse(rest).map(Self::Pkcs11),
            "vault" => VaultUri::parse(rest).map(Self::Vault),
            "awskms" => KmsUri::parse(rest).map(Self::Kms),
            other => Err(format!("there is no kind of root {other}: {FORMS}")),
        }
    }

    /// A relative path is below this folder; other kinds name absolute paths alone.
    #[must_use]
    pub fn below(self, base: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(base.join(path)),
            other => other,
        }
    }

    /// The same, with the folder of the service's credentials.
    #[must_use]
    pub fn with_credentials(self, credentials: Option<&Path>) -> Self {
        match self {
            Self::Systemd { name, .. } => Self::Systemd {
                name,
                folder: credentials.map(Path::to_owned),
            },
            other => other,
        }
    }

    /// The file that this program makes on its first start; none where somebody else makes the root.
    #[must_use]
    pub fn own_file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            _ => None,
        }
    }

    /// Whether both name one key, by whatever credentials.
    #[must_use]
    pub fn is_same_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(two)) => one == two,
            (Self::Systemd { name: one, .. }, Self::Systemd { name: two, .. }) => one == two,
            (Self::Pkcs11(one), Self::Pkcs11(two)) => one.is_same_key(two),
            (Self::Vault(one), Self::Vault(two)) => one.is_same_key(two),
            (Self::Kms(one), Self::Kms(two)) => one.is_same_key(two),
            _ => false,
        }
    }
}

impl fmt::Display for RootUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Systemd { name, .. } => write!(f, "systemd:{name}"),
            Self::Pkcs11(token) => token.fmt(f),
            Self::Vault(vault) => vault.fmt(f),
            Self::Kms(kms) => kms.fmt(f),
        }
    }
}

/// A scheme and what follows it. A path may hold a colon behind a slash, and a scheme has at least two letters.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'+');
    is_scheme.then_some((scheme, rest))
}

/// The name of a file in a folder of systemd's, and of none elsewhere.
fn credential(name: &str) -> Result<RootUri, String> {
    let is_name = !name.is_empty()
        && name != "."
        && name != ".."
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !is_name {
        return Err(
            "systemd: wants the name of a credential, such as systemd:field-root".to_owned(),
        );
    }
    Ok(RootUri::Systemd {
        name: name.to_owned(),
        folder: None,
    })
}

/// Undoes percent-encoding (RFC 3986, 2.1).
fn decoded(text: &str) -> Result<Vec<u8>, String> {
    let bad = || "a % is not followed by two hexadecimal digits".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).ok_or_else(bad)?;
        let digits = std::str::from_utf8(digits).map_err(|_| bad())?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(bad());
        }
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| bad())?);
        rest = &rest[2..];
    }
    Ok(bytes)
}

fn decoded_text(text: &str) -> Result<String, String> {
    String::from_utf8(decoded(text)?).map_err(|_| "a value is not UTF-8".to_owned())
}

/// The `name=value` pairs of a query, each name once.
fn pairs(query: &str, known: &[&str]) -> Result<Vec<(String, String)>, String> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair
            .split_once('=')
            .ok_or("behind the ? stand pairs of name=value, joined by &")?;
        if !known.contains(&name) {
            return Err(format!(
                "there is no {name} behind the ?: it may hold {}",
                known.join(", ")
            ));
        }
        if pairs.iter().any(|(given, _)| given == name) {
            return Err(format!("{name} is given twice"));
        }
        pairs.push((name.to_owned(), decoded_text(value)?));
    }
    Ok(pairs)
}

/// A path that means the same wherever the program is started.
fn absolute(name: &str, value: String) -> Result<PathBuf, String> {
    let bare = value
        .strip_prefix("file:")
        .map(str::to_owned)
        .unwrap_or(value);
    let path = PathBuf::from(bare);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err(format!("{name} must be an absolute path"))
    }
}

#[cfg(test)]
mod tests;
