//! A key in a PKCS#11 token, as RFC 7512 writes it: `pkcs11:token=…;object=…?module-path=…&pin-source=file:…`.
//!
//! `pin-value` is refused: whoever may read the configuration could use the key.

use std::fmt;
use std::path::PathBuf;

use super::{absolute, decoded, decoded_text, pairs};

/// Which key in which token, and who may use it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenUri {
    /// The token's label.
    pub token: Option<String>,
    pub serial: Option<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    /// The key's label (CKA_LABEL).
    pub object: Option<String>,
    /// CKA_ID
    pub id: Option<Vec<u8>>,
    /// The library that speaks to the token.
    pub module_path: PathBuf,
    /// A file with the user's PIN on one line.
    pub pin_source: PathBuf,
}

impl TokenUri {
    /// Reads what follows `pkcs11:`.
    pub(super) fn parse(rest: &str) -> Result<Self, String> {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self::default();
        for attribute in path.split(';').filter(|attribute| !attribute.is_empty()) {
            uri.take(attribute)?;
        }
        if query.split('&').any(|pair| pair.starts_with("pin-value")) {
            return Err(
                "pin-value would be read by everybody who reads the configuration: write the PIN to a file that only this \
                 program's user can read, name it in pin-source, and give the token another PIN"
                    .to_owned(),
            );
        }
        for (name, value) in pairs(query, &["module-path", "pin-source"])? {
            let path = absolute(&name, value)?;
            match name.as_str() {
                "module-path" => uri.module_path = path,
                _ => uri.pin_source = path,
            }
        }
        uri.complete()
    }

    /// RFC 7512, 2.3: an attribute that is not known makes the URI unusable.
    fn take(&mut self, attribute: &str) -> Result<(), String> {
        let (name, value) = attribute
            .split_once('=')
            .ok_or("before the ? stand pairs of name=value, joined by ;")?;
        let text = |value: &str| decoded_text(value).map(Some);
        match name {
            "token" => self.token = text(value)?,
            "serial" => self.serial = text(value)?,
            "manufacturer" => self.manufacturer = text(value)?,
            "model" => self.model = text(value)?,
            "object" => self.object = text(value)?,
            "id" => self.id = Some(decoded(value)?),
            "type" if value == "secret-key" => {}
            "type" => return Err("a root is of type=secret-key".to_owned()),
            other => {
                return Err(format!(
                    "there is no {other} before the ?: it may hold token, serial, manufacturer, model, object, id, type"
                ));
            }
        }
        Ok(())
    }

    fn complete(self) -> Result<Self, String> {
        let missing = if self.token.is_none() && self.serial.is_none() {
            "the token: token=NAME or serial=NUMBER"
        } else if self.object.is_none() && self.id.is_none() {
            "the key: object=NAME or id=%01"
        } else if self.module_path.as_os_str().is_empty() {
            "the library: ?module-path=/usr/lib/…"
        } else if self.pin_source.as_os_str().is_empty() {
            "the file with the PIN: pin-source=file:/etc/countersign/pin"
        } else {
            return Ok(self);
        };
        Err(format!("this does not name {missing}"))
    }

    pub(super) fn is_same_key(&self, other: &Self) -> bool {
        let key = |uri: &Self| {
            (
                uri.token.clone(),
                uri.serial.clone(),
                uri.object.clone(),
                uri.id.clone(),
            )
        };
        key(self) == key(other)
    }
}

impl fmt::Display for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pkcs11:")?;
        let named = [
            ("token", &self.token),
            ("serial", &self.serial),
            ("manufacturer", &self.manufacturer),
            ("model", &self.model),
            ("object", &self.object),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                write!(f, "{name}=")?;
                encode(f, value.as_bytes(), false)?;
                f.write_str(";")?;
            }
        }
        if let Some(id) = &self.id {
            f.write_str("id=")?;
            encode(f, id, true)?;
            f.write_str(";")?;
        }
        write!(
            f,
            "type=secret-key?module-path={}&pin-source=file:{}",
            self.module_path.display(),
            self.pin_source.display()
        )
    }
}

fn encode(f: &mut fmt::Formatter<'_>, bytes: &[u8], all: bool) -> fmt::Result {
    for byte in bytes {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        if is_plain && !all {
            write!(f, "{}", char::from(*byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}
