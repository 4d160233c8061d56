//! A secret in the clear, for as long as it must be.

use std::fmt;

use zeroize::Zeroize;

/// A value that must not be shown: no Display, no Serialize, Debug prints nothing of it, and it is
/// zeroised on drop.
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into custody.
    #[must_use]
    pub const fn new(value: T) -> Secret<T> {
        Secret(value)
    }

    /// The value itself. Each call is a place to look at in review: showing a secret to a person is
    /// an action with a journal entry.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Secret<T> {
        Secret(value)
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Witness<'a>(&'a AtomicBool);

    impl Zeroize for Witness<'_> {
        fn zeroize(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_secret_is_wiped_when_it_goes() {
        let wiped = AtomicBool::new(false);
        let secret = Secret::new(Witness(&wiped));
        assert!(!wiped.load(Ordering::SeqCst));
        drop(secret);
        assert!(wiped.load(Ordering::SeqCst));
    }

    #[test]
    fn debug_prints_nothing_of_it() {
        let secret = Secret::new(String::from("DE02120300000000202051"));
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(..) Secret(..)");
        assert_eq!(secret.expose(), "DE02120300000000202051");
    }
}
