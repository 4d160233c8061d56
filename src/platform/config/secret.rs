//! Passwords that this program shows to others (PostgreSQL, a mail server): read from files, never kept in a `String`.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use countersign_sealing::Secret;
use zeroize::Zeroizing;

use super::error::ConfigError;

/// A password in the clear, for as long as a connection needs it.
pub type Password = Secret<String>;

const LONGEST_BYTES: u64 = 4096;

/// Reads a file of one line, whose line end is not part of the password.
///
/// # Errors
/// Refuses a file that everybody can read. A group may read it, as an orchestrator's mounted secret wants.
pub fn read_password(path: &Path) -> Result<Password, ConfigError> {
    let unreadable = |error: std::io::Error| ConfigError::PasswordUnreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let file = File::open(path).map_err(unreadable)?;
    // The mode is that of the opened file: nobody can swap it between the check and the reading.
    let mode = file.metadata().map_err(unreadable)?.mode() & 0o777;
    if mode & 0o007 != 0 {
        return Err(ConfigError::PasswordReadable {
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::new());
    let malformed = || ConfigError::PasswordMalformed {
        path: path.to_owned(),
    };
    file.take(LONGEST_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => malformed(),
            _ => unreadable(error),
        })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.contains(['\n', '\r', '\0']) || line.len() as u64 > LONGEST_BYTES {
        return Err(malformed());
    }
    Ok(Password::new(line.to_owned()))
}
