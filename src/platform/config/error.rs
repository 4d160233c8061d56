//! What can be wrong with a configuration, and where it was said.

use std::fmt;
use std::path::PathBuf;

/// Where a value was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Standard,
    File {
        path: PathBuf,
        line: usize,
    },
    /// The name of the variable.
    Environment(String),
    /// The name of the option, with its dashes.
    CommandLine(&'static str),
    /// The name of the systemd credential.
    Credential(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Environment(variable) => write!(f, "environment variable {variable}"),
            Self::CommandLine(option) => write!(f, "command line, {option}"),
            Self::Credential(name) => write!(f, "systemd credential {name}"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "{path}: the configuration file cannot be read: {reason}. Name an existing file with --config"
    )]
    Unreadable { path: PathBuf, reason: String },
    #[error("{path}, line {line}: this is not TOML: {reason}")]
    Syntax {
        path: PathBuf,
        line: usize,
        reason: String,
    },
    #[error("{origin}: there is no key {key}. The nearest is {nearest}")]
    Unknown {
        origin: Origin,
        key: String,
        nearest: &'static str,
    },
    #[error("{origin}: {key} = {value} is not accepted: {accepted}")]
    Value {
        origin: Origin,
        key: &'static str,
        value: String,
        accepted: String,
    },
    /// The value is not repeated: it holds the secret.
    #[error(
        "{origin}: {key} holds a password, which every user of this machine or reader of the file could see. \
         Take it out of the address, write it to a file that only this program's user can read, and name that file in {file_key}"
    )]
    Password {
        origin: Origin,
        key: &'static str,
        file_key: &'static str,
    },
    #[error("{origin}: {key}: {problem}")]
    Conflict {
        origin: Origin,
        key: &'static str,
        problem: String,
    },
    #[error("{path}: the password file cannot be read: {reason}")]
    PasswordUnreadable { path: PathBuf, reason: String },
    #[error("{path} can be read by everybody (mode {mode:o}): run `chmod 600 {path}` and change the password", path = path.display())]
    PasswordReadable { path: PathBuf, mode: u32 },
    #[error("{path}: the password file must hold one line of UTF-8 text and nothing else")]
    PasswordMalformed { path: PathBuf },
}
