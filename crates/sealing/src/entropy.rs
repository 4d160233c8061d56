//! Where randomness comes from. It is an argument everywhere, so that tests are repeatable.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// A source of unpredictable bytes for keys, nonces and salts.
pub trait Entropy: Send + Sync {
    /// Overwrites all of `out`.
    fn fill(&self, out: &mut [u8]);
}

/// The operating system's randomness through AWS-LC's generator. The one for production.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) {
        SystemRandom::new()
            .fill(out)
            .expect("AWS-LC ends the process itself when the system gives it no randomness");
    }
}

/// Repeatable bytes from a seed: block n is HMAC-SHA256(seed, n). For tests and sample data only;
/// two of them with one seed give the same nonces, which is fatal to AES-GCM in production.
pub struct SeededEntropy {
    seed: hmac::Key,
    next_block: AtomicU64,
}

impl SeededEntropy {
    /// Starts a sequence that depends on nothing but `seed`.
    #[must_use]
    pub fn new(seed: u64) -> SeededEntropy {
        SeededEntropy {
            seed: hmac::Key::new(hmac::HMAC_SHA256, &seed.to_be_bytes()),
            next_block: AtomicU64::new(0),
        }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let block = self.next_block.fetch_add(1, Ordering::Relaxed);
            let tag = hmac::sign(&self.seed, &block.to_be_bytes());
            chunk.copy_from_slice(&tag.as_ref()[..chunk.len()]);
        }
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededEntropy(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(entropy: &dyn Entropy, length: usize) -> Vec<u8> {
        let mut out = vec![0; length];
        entropy.fill(&mut out);
        out
    }

    #[test]
    fn a_seed_repeats_and_another_seed_differs() {
        let (one, same, other) = (
            SeededEntropy::new(1),
            SeededEntropy::new(1),
            SeededEntropy::new(2),
        );
        let first = take(&one, 80);
        assert_eq!(first, take(&same, 80));
        assert_ne!(first, take(&other, 80));
        assert_ne!(first, take(&one, 80));
    }

    #[test]
    fn the_system_never_repeats_itself() {
        assert_ne!(take(&SystemEntropy, 32), take(&SystemEntropy, 32));
    }
}
