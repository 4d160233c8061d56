//! Codes from a seed and the clock, and recovery codes.

use std::fmt;

use aws_lc_rs::{constant_time, digest, hmac};
use countersign_sealing::{Entropy, SealedValue};
use zeroize::{Zeroize, Zeroizing};

use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;

/// RFC 4226, 4: R6 recommends 160 bits.
const SEED_BYTES: usize = 20;
/// RFC 6238, 4.1.
const STEP_US: i64 = 30 * Micros::SECOND;
/// Clocks differ by up to one step (RFC 6238, 5.2).
const DRIFT_STEPS: i64 = 1;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's letters: none is taken for another.
const READABLE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The secret that a person's app and we share.
pub struct Seed([u8; SEED_BYTES]);

impl Seed {
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; SEED_BYTES];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// RFC 4648 base32 without padding, as apps take it.
    #[must_use]
    pub fn to_base32(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(32));
        for chunk in self.0.chunks_exact(5) {
            let bits = chunk
                .iter()
                .fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            for shift in (0..8).rev() {
                out.push(char::from(
                    BASE32[usize::try_from(bits >> (5 * shift) & 31).unwrap_or(0)],
                ));
            }
        }
        out
    }

    /// Reads the base32 that [`Self::to_base32`] writes, spaces aside.
    #[must_use]
    pub fn from_base32(text: &str) -> Option<Self> {
        let digits: Option<Vec<u64>> = text
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(|byte| Some(BASE32.iter().position(|known| *known == byte)? as u64))
            .collect();
        let bytes: Vec<u8> = digits?
            .chunks_exact(8)
            .flat_map(|chunk| {
                let bits = chunk.iter().fold(0u64, |bits, digit| bits << 5 | digit);
                bits.to_be_bytes().into_iter().skip(3)
            })
            .collect();
        bytes.try_into().ok().map(Self)
    }

    /// The address that a QR code carries (Google's Key URI format, which all apps read).
    #[must_use]
    pub fn uri(&self, organisation: &str, email: &str) -> Zeroizing<String> {
        let encode = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes())
                .collect::<String>()
                .replace('+', "%20")
        };
        let issuer = encode(&format!("Countersign {organisation}"));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}",
            encode(email),
            *self.to_base32()
        ))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

impl Zeroize for Seed {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl SealedValue for Seed {
    fn with_bytes<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        read(&self.0)
    }

    fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        bytes.as_slice().try_into().ok().map(Self)
    }
}

/// The time step of a moment.
#[must_use]
pub fn step_of(now: Micros) -> i64 {
    now.0.div_euclid(STEP_US)
}

/// The six digits of a step (RFC 6238 over RFC 4226, HMAC-SHA-1: the one algorithm that every app knows).
#[must_use]
pub fn code_at(seed: &Seed, step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed.0);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[tag.len() - 1] & 0x0f);
    let number = tag[offset..offset + 4]
        .iter()
        .fold(0u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

/// The step a code belongs to, if it is one of now and newer than the newest that was accepted.
#[must_use]
pub fn accepted_step(seed: &Seed, code: &str, now: Micros, last_step: i64) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let current = step_of(now);
    (current - DRIFT_STEPS..=current + DRIFT_STEPS).find(|step| {
        let equal = constant_time::verify_slices_are_equal(
            code_at(seed, *step).as_bytes(),
            code.as_bytes(),
        );
        *step > last_step && equal.is_ok()
    })
}

/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
/// Five bits each: 120 in all, above the 112 from which on ASVS 5.0, 6.5.2, asks for no slow hash.
const RECOVERY_CHARS: usize = 24;

/// A recovery code: 120 random bits in 24 readable characters.
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; RECOVERY_CHARS];
        entropy.fill(&mut bytes);
        let text = bytes
            .iter()
            .map(|byte| char::from(READABLE[usize::from(byte & 31)]))
            .collect();
        Self(Zeroizing::new(text))
    }

    /// As people type it: small letters, hyphens, spaces, O for 0, I or L for 1. One of another length is none: codes of
    /// 80 bits, as they were made before, want a slow hash.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let normalised: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let known = |c: char| u8::try_from(c).is_ok_and(|byte| READABLE.contains(&byte));
        let is_as_long = normalised.len() == RECOVERY_CHARS;
        (is_as_long && normalised.chars().all(known)).then(|| Self(Zeroizing::new(normalised)))
    }

    /// In groups of four, for the one page that shows it.
    #[must_use]
    pub fn shown(&self) -> String {
        let groups: Vec<&str> = (0..self.0.len())
            .step_by(4)
            .map(|start| &self.0[start..start + 4])
            .collect();
        groups.join("-")
    }

    /// What the database keeps. A fast hash is enough for 120 random bits (ASVS 5.0, 6.5.2).
    #[must_use]
    pub fn stored(&self, person: PersonId) -> Vec<u8> {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(b"countersign recovery code 1");
        context.update(person.as_bytes());
        context.update(self.0.as_bytes());
        context.finish().as_ref().to_vec()
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use countersign_sealing::SeededEntropy;

    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of its eight digits.
        let seed = Seed(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Micros(seconds * Micros::SECOND);
            assert_eq!(code_at(&seed, step_of(now)), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_within_one_step_and_once() {
        let seed = Seed(*b"12345678901234567890");
        let now = Micros(1_234_567_890 * Micros::SECOND);
        let step = step_of(now);
        for (offset, expected) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = code_at(&seed, step + offset);
            assert_eq!(
                accepted_step(&seed, &code, now, 0).is_some(),
                expected,
                "{offset}"
            );
        }
        let code = code_at(&seed, step);
        assert_eq!(accepted_step(&seed, &code, now, 0), Some(step));
        assert_eq!(accepted_step(&seed, &code, now, step), None);
        assert_eq!(accepted_step(&seed, "", now, 0), None);
    }

    #[test]
    fn a_seed_reads_back_from_its_base32() {
        let seed = Seed(*b"12345678901234567890");
        assert_eq!(*seed.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let again = Seed::from_base32("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(again.expect("our own text").0, seed.0);
    }

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let code = RecoveryCode::generate(&SeededEntropy::new(1));
        let typed = code
            .shown()
            .to_lowercase()
            .replace('0', "o")
            .replace('1', "l");
        assert_eq!(RecoveryCode::parse(&typed).expect("typed").0, code.0);
        assert!(RecoveryCode::parse("ABCD").is_none());
        assert!(RecoveryCode::parse("ÄÄÄÄ-ÄÄÄÄ-ÄÄÄÄ-ÄÄÄÄ").is_none());
        assert!(RecoveryCode::parse("ABCD-EFGH-JKMN-PQRS-TVWX").is_none());
    }

    #[test]
    fn a_recovery_code_has_enough_bits_for_a_fast_hash() {
        let bits_per_char = READABLE.len().ilog2() as usize;
        let code = RecoveryCode::generate(&SeededEntropy::new(1));
        assert!(code.0.len() * bits_per_char >= 112, "ASVS 5.0, 6.5.2");
        assert_eq!(code.shown().split('-').count(), 6);
        // Each byte decides one character, and all 32 come up.
        let all: String = (0..100)
            .map(|seed| {
                RecoveryCode::generate(&SeededEntropy::new(seed))
                    .0
                    .to_string()
            })
            .collect();
        assert!(READABLE.iter().all(|byte| all.contains(char::from(*byte))));
    }

    /// A row of such a code may still be there, and nothing that is typed finds it.
    #[test]
    fn a_code_of_the_former_length_is_none() {
        let code = RecoveryCode::generate(&SeededEntropy::new(1));
        for length in [16, 20, 23, 25, 28] {
            let text: String = code.0.chars().cycle().take(length).collect();
            assert!(RecoveryCode::parse(&text).is_none(), "{length}");
        }
        assert!(RecoveryCode::parse("abcd-efgh-jkmn-pqrs").is_none());
        assert!(RecoveryCode::parse("abcd-efgh-jkmn-pqrs-tvwx-yz01").is_some());
    }
}
