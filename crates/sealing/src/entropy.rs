//! Where randomness comes from. It is an argument everywhere, so that tests are repeatable.

use std::cell::RefCell;
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
///
/// Nonces and salts come from a pool of each thread's own, drawn 512 bytes at once: one by one they
/// would cost more than sealing a value. Keys are always drawn afresh. A pool cannot be doubled by a fork:
/// without `unsafe`, which this workspace forbids, a process is only ever started by replacing its memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) {
        if out.len() <= POOLED_AT_MOST {
            POOL.with_borrow_mut(|pool| pool.take(out));
        } else {
            draw(out);
        }
    }
}

/// A nonce has 12 bytes, a commitment's salt 16.
const POOLED_AT_MOST: usize = 16;
const POOL_LENGTH: usize = 512;

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOL_LENGTH], used: POOL_LENGTH }) };
}

struct Pool {
    bytes: [u8; POOL_LENGTH],
    used: usize,
}

impl Pool {
    fn take(&mut self, out: &mut [u8]) {
        if self.bytes.len() - self.used < out.len() {
            draw(&mut self.bytes);
            self.used = 0;
        }
        let taken = &mut self.bytes[self.used..self.used + out.len()];
        out.copy_from_slice(taken);
        // What was given out must not lie about a second time.
        taken.fill(0);
        self.used += out.len();
    }
}

fn draw(out: &mut [u8]) {
    SystemRandom::new()
        .fill(out)
        .expect("AWS-LC ends the process itself when the system gives it no randomness");
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
        // More than a pool's worth, from two threads, of the lengths on both sides of the pool's limit.
        for length in [8, 12, 16, 17, 32] {
            let take_many = move || {
                (0..200)
                    .map(|_| take(&SystemEntropy, length))
                    .collect::<Vec<_>>()
            };
            let other = std::thread::spawn(take_many);
            let mut all = take_many();
            all.extend(other.join().expect("no panic"));
            assert!(all.iter().all(|bytes| bytes.iter().any(|byte| *byte != 0)));
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 400, "{length}");
        }
    }
}
