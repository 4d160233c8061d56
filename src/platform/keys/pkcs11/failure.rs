//! What goes wrong with a token, in words. Codes of the standard are named; no PIN ever is.

use countersign_sealing::UnwrapError;
use cryptoki::error::{Error, RvError};

use super::super::root::RootError;

#[derive(Debug)]
pub(super) enum Failure {
    Library(Error),
    PinFile(String),
    PinWrong,
    PinLocked,
    NoToken,
    TwoTokens,
    NoKey,
    TwoKeys,
    NotAes256,
    Extractable,
    Unreported,
    Refused,
    Late,
    Ended,
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl Failure {
    pub(super) fn of_login(error: Error) -> Self {
        match error {
            Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
                _,
            ) => Self::PinWrong,
            Error::Pkcs11(RvError::PinLocked | RvError::PinExpired, _) => Self::PinLocked,
            other => Self::Other(other),
        }
    }

    /// Tokens say in many ways that a tag does not fit: SoftHSM calls it a general error.
    pub(super) fn of_decryption(failure: Self) -> Self {
        match failure {
            Self::Other(Error::Pkcs11(
                RvError::GeneralError
                | RvError::FunctionFailed
                | RvError::EncryptedDataInvalid
                | RvError::EncryptedDataLenRange
                | RvError::SignatureInvalid
                | RvError::DataInvalid
                | RvError::DataLenRange,
                _,
            )) => Self::Refused,
            other => other,
        }
    }

    /// The failure of this root.
    pub(super) fn of(self, root: &str) -> RootError {
        let (what, mend): (String, &'static str) = match self {
            Self::Refused => return RootError::Refused(UnwrapError::Refused),
            Self::Library(error) => (
                format!("its library cannot be loaded ({error})"),
                "See that module-path names the PKCS#11 library of your token, for this machine's processor, and that it is set up",
            ),
            Self::PinFile(what) => (what, "Mend the file that pin-source names"),
            Self::PinWrong => (
                "the token refused the PIN".to_owned(),
                "Write the user's PIN into the file that pin-source names; it is not tried again, so that the token does not lock itself",
            ),
            Self::PinLocked => (
                "the PIN is locked or has expired".to_owned(),
                "Have the token's security officer set the user's PIN anew, and write it into the file that pin-source names",
            ),
            Self::NoToken => (
                "there is no such token".to_owned(),
                "See that the token is connected and set up for this user, and that the URI names its label or serial number",
            ),
            Self::TwoTokens => (
                "more than one token is called so".to_owned(),
                "Name the one by serial=NUMBER",
            ),
            Self::NoKey => (
                "the token has no such key".to_owned(),
                "Restore the key from the token's backup: what was wrapped by it does not open without it. On a new installation, make it as docs/keys.md says",
            ),
            Self::TwoKeys => (
                "the token has more than one such key".to_owned(),
                "Name the one by id=%01",
            ),
            Self::NotAes256 => (
                "the key is not one of 256 bits for AES".to_owned(),
                "Name a key for AES-256, made as docs/keys.md says",
            ),
            Self::Extractable => (
                "the key can be taken out of the token".to_owned(),
                "Use one that is not extractable, made as docs/keys.md says",
            ),
            Self::Unreported => (
                "the token does not report of the key that it is one of 256 bits for AES and not extractable".to_owned(),
                "Use a token that shows CKA_KEY_TYPE, CKA_VALUE_LEN and CKA_EXTRACTABLE of its keys",
            ),
            Self::Late => (
                "the token did not answer within 20 seconds".to_owned(),
                "See whether others can use the token, and start again",
            ),
            Self::Ended => (
                "its library ended unexpectedly".to_owned(),
                "See the library's own log",
            ),
            Self::Other(error) => (
                format!("the token answered {}", code(&error)),
                "See the library's own log, and whether others can use the token",
            ),
        };
        RootError::Unusable {
            root: root.to_owned(),
            what,
            mend,
        }
    }
}

fn code(error: &Error) -> String {
    match error {
        Error::Pkcs11(code, function) => format!("{code:?} to {function:?}"),
        other => other.to_string(),
    }
}

/// Whether the session is gone, and a new one may do better.
pub(super) fn is_lost_session(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::DeviceRemoved
                | RvError::DeviceError
                | RvError::TokenNotPresent
                | RvError::UserNotLoggedIn
                | RvError::KeyHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::CryptokiNotInitialized,
            _
        )
    )
}
