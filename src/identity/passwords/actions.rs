//! Hashing and comparing, bounded.

use std::fmt;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use axum::http::StatusCode;
use tokio::task::spawn_blocking;

use super::rules::Password;
use super::store;
use crate::msg;
use crate::platform::app::{App, Lane, NoTurn};
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, StoreError};
use crate::platform::web::Problem;

const PASSES: u32 = 1;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

/// The hash of a password that nobody has, with the parameters of real ones: the time to compare with it is the time of theirs.
fn nobodys(memory_kib: u32) -> String {
    format!(
        "$argon2id$v=19$m={memory_kib},t={PASSES},p={LANES}$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    )
}

/// A password's hash as a PHC string, with its salt and parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed(pub(super) String);

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashed(..)")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    #[error("the password could not be hashed")]
    Failed,
    /// Too many wait for their turn already.
    #[error("too many passwords wait to be hashed")]
    Busy,
}

impl From<HashingError> for Problem {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::Busy => Self::new(StatusCode::TOO_MANY_REQUESTS, msg!("error-too-busy")),
            HashingError::Failed => Self::internal(error),
        }
    }
}

fn hasher(memory_kib: u32) -> Argon2<'static> {
    let params = Params::new(memory_kib, PASSES, LANES, None)
        .expect("46 MiB, one pass and one lane are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a new password.
pub async fn hash(app: &App, password: Password) -> Result<Hashed, HashingError> {
    let mut salt = [0; SALT_BYTES];
    app.entropy().fill(&mut salt);
    let kib = app.hashing.memory_kib();
    bounded(app, Lane::Known, move || salted(&password, &salt, kib)).await?
}

/// What comparing a password has shown.
#[derive(Debug)]
pub enum Verdict {
    Wrong,
    /// Right: the hash that was compared.
    Right(Hashed),
    /// Right, and hashed with lesser parameters than today's: the hash that was compared, and the one to keep from now on.
    RightAndWeak {
        was: Hashed,
        anew: Hashed,
    },
}

impl Verdict {
    #[must_use]
    pub fn is_right(&self) -> bool {
        !matches!(self, Self::Wrong)
    }

    /// Whether the stored hash is still the one that was compared. A password is compared before the transaction that acts on it:
    /// whoever acts asks this there, or one that was replaced meanwhile would still let somebody in.
    pub(in crate::identity) fn still_holds(
        &self,
        reads: &mut impl Reads,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        let compared = match self {
            Self::Wrong => return Ok(false),
            Self::Right(compared) | Self::RightAndWeak { was: compared, .. } => compared,
        };
        Ok(store::find(reads, person)?.as_ref() == Some(compared))
    }

    /// The same where it is to let her in: she may have disowned it meanwhile.
    pub(in crate::identity) fn still_signs_in(
        &self,
        reads: &mut impl Reads,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        Ok(!store::is_disowned(reads, person)? && self.still_holds(reads, person)?)
    }
}

/// Whether the password is the one. Without a hash to compare with it takes as long, and says no.
pub async fn verify(
    app: &App,
    lane: Lane,
    password: Password,
    hashed: Option<Hashed>,
) -> Result<Verdict, HashingError> {
    let mut salt = [0; SALT_BYTES];
    app.entropy().fill(&mut salt);
    let kib = app.hashing.memory_kib();
    bounded(app, lane, move || {
        let nobodys = nobodys(kib);
        let phc = hashed.as_ref().map_or(&nobodys, |hashed| &hashed.0);
        let Ok(parsed) = PasswordHash::new(phc) else {
            return Ok(Verdict::Wrong);
        };
        let typed = password.expose().as_bytes();
        let matches = hasher(kib).verify_password(typed, &parsed).is_ok();
        let is_current = is_current(&parsed, kib);
        let Some(was) = hashed.filter(|_| matches) else {
            return Ok(Verdict::Wrong);
        };
        if is_current {
            return Ok(Verdict::Right(was));
        }
        let anew = salted(&password, &salt, kib)?;
        Ok(Verdict::RightAndWeak { was, anew })
    })
    .await?
}

/// Whether a hash was made with the parameters that new ones get.
fn is_current(phc: &PasswordHash, memory_kib: u32) -> bool {
    phc.algorithm == Algorithm::Argon2id.ident()
        && Params::try_from(phc).is_ok_and(|params| {
            params.m_cost() >= memory_kib && params.t_cost() >= PASSES && params.p_cost() >= LANES
        })
}

fn salted(
    password: &Password,
    salt: &[u8; SALT_BYTES],
    memory_kib: u32,
) -> Result<Hashed, HashingError> {
    hasher(memory_kib)
        .hash_password_with_salt(password.expose().as_bytes(), salt)
        .map(|phc: PasswordHash| Hashed(phc.to_string()))
        .map_err(|_| HashingError::Failed)
}

pub(super) async fn bounded<T: Send + 'static>(
    app: &App,
    lane: Lane,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, HashingError> {
    let turn = app.hashing.turn(lane).await.map_err(|why| match why {
        NoTurn::Full => HashingError::Busy,
        NoTurn::Closed => HashingError::Failed,
    })?;
    spawn_blocking(move || {
        let _turn = turn;
        work()
    })
    .await
    .map_err(|_| HashingError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::app::{HASHING_KIB, Hashing};

    #[test]
    fn the_hash_of_nobodys_password_costs_what_a_real_one_does() {
        let kib = Hashing::default().memory_kib();
        assert_eq!(kib, HASHING_KIB, "what the program takes");
        let nobodys = nobodys(kib);
        let phc = PasswordHash::new(&nobodys).expect("a PHC string");
        let params = Params::try_from(&phc).expect("Argon2's parameters");
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (47_104, 1, 1)
        );
        assert!(is_current(&phc, kib));
        let lesser = nobodys.replace("m=47104", "m=19456");
        assert!(!is_current(
            &PasswordHash::new(&lesser).expect("a PHC string"),
            kib
        ));
    }
}
