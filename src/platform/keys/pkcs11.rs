//! A root in a PKCS#11 token. The key never leaves it: the token encrypts and decrypts with AES-256-GCM, the place of what is
//! wrapped being the associated data.

mod failure;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_sealing::Key;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

use self::failure::Failure;
use super::root::RootError;
use super::uri::TokenUri;
use crate::platform::config::read_password;

const NONCE_BYTES: usize = 12;
const TAG_BITS: u64 = 128;
/// A token that is asked for longer is taken for one that does not answer. The call itself cannot be ended.
const PATIENCE: Duration = Duration::from_secs(20);

/// A key in a token, and a session in which it may be used.
pub struct Token {
    uri: TokenUri,
    module: Pkcs11,
    /// None after the token went away, until it is opened anew.
    open: Mutex<Option<Open>>,
}

struct Open {
    session: Session,
    key: ObjectHandle,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", self.uri)
    }
}

impl Token {
    /// Loads the library, signs in to the token and finds the key.
    pub(super) async fn open(uri: TokenUri) -> Result<Arc<Self>, RootError> {
        let name = uri.to_string();
        bounded(&name, move || {
            let module = load(&uri)?;
            let open = sign_in(&module, &uri)?;
            Ok(Arc::new(Self {
                uri,
                module,
                open: Mutex::new(Some(open)),
            }))
        })
        .await
    }

    pub(super) fn name(&self) -> String {
        self.uri.to_string()
    }

    /// Nonce, ciphertext and tag of these 32 bytes.
    pub(super) async fn encrypt(
        self: &Arc<Self>,
        key: &Key,
        aad: Vec<u8>,
    ) -> Result<Vec<u8>, RootError> {
        let token = Arc::clone(self);
        let key = Zeroizing::new(*key.expose());
        bounded(&self.name(), move || {
            token.with(|open| {
                // The token's own randomness: it alone knows how often its key was used.
                let mut nonce = [0; NONCE_BYTES];
                open.session.generate_random_slice(&mut nonce)?;
                let kept = nonce;
                let how = Mechanism::AesGcm(GcmParams::new(&mut nonce, &aad, TAG_BITS.into())?);
                let sealed = open.session.encrypt(&how, open.key, key.as_slice())?;
                Ok([kept.as_slice(), &sealed].concat())
            })
        })
        .await
    }

    /// The key that was encrypted with this associated data.
    pub(super) async fn decrypt(
        self: &Arc<Self>,
        body: &[u8],
        aad: Vec<u8>,
    ) -> Result<Key, RootError> {
        let token = Arc::clone(self);
        let body = body.to_vec();
        bounded(&self.name(), move || {
            let (nonce, sealed) = body
                .split_first_chunk::<NONCE_BYTES>()
                .ok_or(Failure::Refused)?;
            let plain = token.with(|open| {
                let mut nonce = *nonce;
                let how = Mechanism::AesGcm(GcmParams::new(&mut nonce, &aad, TAG_BITS.into())?);
                open.session
                    .decrypt(&how, open.key, sealed)
                    .map(Zeroizing::new)
            });
            let plain = plain.map_err(Failure::of_decryption)?;
            Key::from_slice(&plain).map_err(|_| Failure::Refused)
        })
        .await
    }

    /// Works in the session; once more in a new one where the token lost it.
    fn with<T>(&self, work: impl Fn(&Open) -> Result<T, Error>) -> Result<T, Failure> {
        let mut slot = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = slot.as_ref() {
            match work(open) {
                Err(error) if failure::is_lost_session(&error) => *slot = None,
                other => return Ok(other?),
            }
        }
        let open = sign_in(&self.module, &self.uri)?;
        let done = work(&open);
        *slot = Some(open);
        Ok(done?)
    }
}

/// Runs what blocks on a thread that may, and waits for it no longer than is reasonable.
async fn bounded<T: Send + 'static>(
    root: &str,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, RootError> {
    let worked = tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(work)).await;
    match worked {
        Ok(Ok(result)) => result.map_err(|failure| failure.of(root)),
        Ok(Err(_)) => Err(Failure::Ended.of(root)),
        Err(_) => Err(Failure::Late.of(root)),
    }
}

fn load(uri: &TokenUri) -> Result<Pkcs11, Failure> {
    let module = Pkcs11::new(&uri.module_path).map_err(Failure::Library)?;
    // Workers were started before, and no other process follows; threads are the library's own business.
    let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
    match module.initialize(arguments) {
        // The other root may be in a token of the same library.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(module),
        Err(error) => Err(Failure::Library(error)),
    }
}

fn sign_in(module: &Pkcs11, uri: &TokenUri) -> Result<Open, Failure> {
    let slot = find_token(module, uri)?;
    let session = module.open_ro_session(slot)?;
    let pin =
        read_password(&uri.pin_source).map_err(|error| Failure::PinFile(error.to_string()))?;
    let pin = AuthPin::new(pin.expose().as_str().into());
    match session.login(UserType::User, Some(&pin)) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
        Err(error) => return Err(Failure::of_login(error)),
    }
    let key = find_key(&session, uri)?;
    Ok(Open { session, key })
}

fn find_token(module: &Pkcs11, uri: &TokenUri) -> Result<Slot, Failure> {
    let mut found = Vec::new();
    for slot in module.get_slots_with_initialized_token()? {
        let info = module.get_token_info(slot)?;
        let is = |wanted: &Option<String>, has: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted == has.trim_end())
        };
        if is(&uri.token, info.label())
            && is(&uri.serial, info.serial_number())
            && is(&uri.manufacturer, info.manufacturer_id())
            && is(&uri.model, info.model())
        {
            found.push(slot);
        }
    }
    match found.as_slice() {
        [slot] => Ok(*slot),
        [] => Err(Failure::NoToken),
        _ => Err(Failure::TwoTokens),
    }
}

/// The one key that the URI names, if it may be a root: for AES-256, and never to be taken out of the token.
fn find_key(session: &Session, uri: &TokenUri) -> Result<ObjectHandle, Failure> {
    let mut wanted = vec![Attribute::Class(ObjectClass::SECRET_KEY)];
    wanted.extend(
        uri.object
            .iter()
            .map(|label| Attribute::Label(label.clone().into_bytes())),
    );
    wanted.extend(uri.id.iter().cloned().map(Attribute::Id));
    let key = match session.find_objects(&wanted)?.as_slice() {
        [key] => *key,
        [] => return Err(Failure::NoKey),
        _ => return Err(Failure::TwoKeys),
    };
    let asked = [
        AttributeType::KeyType,
        AttributeType::ValueLen,
        AttributeType::Extractable,
    ];
    may_be_root(&session.get_attributes(key, &asked)?)?;
    Ok(key)
}

/// Whether a key may be a root by what its token reports of it. The library leaves out what the token does not report, and that
/// speaks for no key.
fn may_be_root(reported: &[Attribute]) -> Result<(), Failure> {
    let (mut is_aes, mut is_256, mut stays) = (None, None, None);
    for attribute in reported {
        match attribute {
            Attribute::KeyType(kind) => is_aes = Some(*kind == KeyType::AES),
            Attribute::ValueLen(bytes) => is_256 = Some(usize::from(*bytes) == Key::LENGTH),
            // One that is not extractable is not shown either, sensitive or not (PKCS#11 v3.0, 4.9).
            Attribute::Extractable(is) => stays = Some(!is),
            _ => {}
        }
    }
    match (is_aes, is_256, stays) {
        (Some(false), ..) | (_, Some(false), _) => Err(Failure::NotAes256),
        (.., Some(false)) => Err(Failure::Extractable),
        (Some(true), Some(true), Some(true)) => Ok(()),
        _ => Err(Failure::Unreported),
    }
}

#[cfg(test)]
mod tests {
    use cryptoki::types::Ulong;

    use super::*;

    const RIGHT: [Attribute; 3] = [
        Attribute::KeyType(KeyType::AES),
        Attribute::ValueLen(Ulong::new(32)),
        Attribute::Extractable(false),
    ];

    #[test]
    fn a_key_of_which_the_token_reports_all_that_is_asked_may_be_a_root() {
        may_be_root(&RIGHT).expect("AES, 256 bits, and it stays");
    }

    #[test]
    fn a_key_of_which_the_token_leaves_something_out_is_no_root() {
        for left_out in 0..RIGHT.len() {
            let mut reported = RIGHT.to_vec();
            reported.remove(left_out);
            let refused = may_be_root(&reported);
            assert!(matches!(refused, Err(Failure::Unreported)), "{refused:?}");
        }
        let refused = may_be_root(&[]);
        assert!(matches!(refused, Err(Failure::Unreported)), "{refused:?}");
    }

    #[test]
    fn a_key_of_another_kind_or_length_or_one_that_can_be_taken_out_is_no_root() {
        let with = |at: usize, attribute: Attribute| {
            let mut reported = RIGHT.to_vec();
            reported[at] = attribute;
            may_be_root(&reported)
        };
        let other = with(0, Attribute::KeyType(KeyType::GENERIC_SECRET));
        assert!(matches!(other, Err(Failure::NotAes256)), "{other:?}");
        for bytes in [0, 16, 24, 33] {
            let other = with(1, Attribute::ValueLen(Ulong::new(bytes)));
            assert!(matches!(other, Err(Failure::NotAes256)), "{other:?}");
        }
        let other = with(2, Attribute::Extractable(true));
        assert!(matches!(other, Err(Failure::Extractable)), "{other:?}");
    }
}
