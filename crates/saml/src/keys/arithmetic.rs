//! Powers modulo an odd number, for RSA keys and paddings that the cryptographic library does not take. How long it takes depends on
//! the numbers: with a public exponent nothing is lost by that; with a private one it is for a command line alone.

use std::cmp::Ordering;

use zeroize::Zeroizing;

/// `base ^ exponent mod modulus`, numbers as big-endian bytes; the result is as long as the modulus without leading zeros. None where
/// the modulus is even or zero, or the base is not below it.
pub(super) fn power(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let modulus = Modulus::of(modulus)?;
    let base = limbs(base);
    if compare(&base, &modulus.digits) != Ordering::Less {
        return None;
    }
    let length = modulus.digits.len();
    let widened = |mut digits: Zeroizing<Vec<u64>>| {
        digits.resize(length, 0);
        digits
    };
    let base = modulus.multiply(&widened(base), &modulus.square);
    let one = widened(limbs(&[1]));
    let mut result = modulus.multiply(&one, &modulus.square);
    for bit in exponent
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1))
    {
        result = modulus.multiply(&result, &result);
        if bit == 1 {
            result = modulus.multiply(&result, &base);
        }
    }
    let result = modulus.multiply(&result, &one);
    let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(
        result
            .iter()
            .rev()
            .flat_map(|digit| digit.to_be_bytes())
            .collect(),
    );
    Some(Zeroizing::new(
        bytes[bytes.len() - modulus.bytes..].to_vec(),
    ))
}

/// Little-endian digits without leading zeros.
fn limbs(bytes: &[u8]) -> Zeroizing<Vec<u64>> {
    let mut digits: Zeroizing<Vec<u64>> = Zeroizing::new(
        bytes
            .rchunks(8)
            .map(|chunk| {
                chunk
                    .iter()
                    .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
            })
            .collect(),
    );
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

struct Modulus {
    digits: Zeroizing<Vec<u64>>,
    /// The negated inverse of the lowest digit modulo 2^64.
    inverse: u64,
    /// The square of Montgomery's radix, modulo the modulus.
    square: Zeroizing<Vec<u64>>,
    bytes: usize,
}

impl Modulus {
    fn of(bytes: &[u8]) -> Option<Self> {
        let leading = bytes.iter().position(|byte| *byte != 0)?;
        let digits = limbs(bytes);
        let lowest = *digits.first().filter(|digit| *digit & 1 == 1)?;
        // Newton's iteration doubles the digits that are right; an odd number is its own inverse modulo 8.
        let mut inverse = lowest;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(lowest.wrapping_mul(inverse)));
        }
        let mut modulus = Self {
            square: Zeroizing::new(Vec::new()),
            inverse: inverse.wrapping_neg(),
            bytes: bytes.len() - leading,
            digits,
        };
        let mut square = Zeroizing::new(vec![0; modulus.digits.len()]);
        square[0] = 1;
        for _ in 0..modulus.digits.len() * 128 {
            modulus.double(&mut square);
        }
        modulus.square = square;
        Some(modulus)
    }

    fn double(&self, number: &mut [u64]) {
        let mut carry = 0;
        for digit in number.iter_mut() {
            let next = *digit >> 63;
            *digit = *digit << 1 | carry;
            carry = next;
        }
        self.reduce(number, carry);
    }

    /// Takes the modulus away once, where the number with its carry is not below it.
    fn reduce(&self, number: &mut [u64], carry: u64) {
        let below = number.iter().rev().cmp(self.digits.iter().rev()) == Ordering::Less;
        if carry == 0 && below {
            return;
        }
        let mut borrow = false;
        for (digit, taken) in number.iter_mut().zip(self.digits.iter()) {
            let (once, first) = digit.overflowing_sub(*taken);
            let (twice, second) = once.overflowing_sub(u64::from(borrow));
            *digit = twice;
            borrow = first || second;
        }
    }

    /// Montgomery's product of two numbers below the modulus, digit by digit.
    fn multiply(&self, a: &[u64], b: &[u64]) -> Zeroizing<Vec<u64>> {
        let length = self.digits.len();
        let mut sum = Zeroizing::new(vec![0u64; length + 2]);
        for factor in a {
            let mut carry = 0;
            for (at, digit) in b.iter().enumerate() {
                carry = step(&mut sum[at], *factor, *digit, carry);
            }
            let (top, over) = sum[length].overflowing_add(carry);
            sum[length] = top;
            sum[length + 1] = u64::from(over);
            let factor = sum[0].wrapping_mul(self.inverse);
            let mut carry = 0;
            for (at, digit) in self.digits.iter().enumerate() {
                carry = step(&mut sum[at], factor, *digit, carry);
            }
            let (top, over) = sum[length].overflowing_add(carry);
            sum[length] = top;
            sum[length + 1] += u64::from(over);
            // The lowest digit has become zero: everything moves down by one.
            sum.rotate_left(1);
            sum[length + 1] = 0;
        }
        let carry = sum[length];
        sum.truncate(length);
        self.reduce(&mut sum, carry);
        sum
    }
}

/// Adds a product and a carry to a digit; what is too much for it comes back.
fn step(digit: &mut u64, a: u64, b: u64, carry: u64) -> u64 {
    let sum = u128::from(*digit) + u128::from(a) * u128::from(b) + u128::from(carry);
    *digit = sum as u64;
    (sum >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::power;

    /// The same by u128, for numbers that fit.
    fn plain(base: u64, mut exponent: u64, modulus: u64) -> u64 {
        let (mut result, mut square) = (1u128, u128::from(base));
        let modulus = u128::from(modulus);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * square % modulus;
            }
            square = square * square % modulus;
            exponent >>= 1;
        }
        (result % modulus) as u64
    }

    #[test]
    fn powers_of_one_digit_are_those_of_plain_arithmetic() {
        let mut seed = 88_172_645_463_325_252u64;
        let mut next = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        for _ in 0..2000 {
            let modulus = (next() >> (next() % 60)) | 3;
            let (base, exponent) = (next() % modulus, next() >> (next() % 64));
            let found = power(
                &base.to_be_bytes(),
                &exponent.to_be_bytes(),
                &modulus.to_be_bytes(),
            )
            .expect("it is odd, and the base is below it");
            let found = found
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            assert_eq!(
                found,
                plain(base, exponent, modulus),
                "{base}^{exponent} mod {modulus}"
            );
        }
    }

    #[test]
    fn powers_of_many_digits_obey_fermat() {
        // 2^521 - 1 is prime: a^(p-1) is 1, a^p is a, for whatever a.
        let mut prime = vec![0xFF; 66];
        prime[0] = 0x01;
        let mut less = prime.clone();
        less[65] = 0xFE;
        for base in [[7; 66], [0xA5; 66]] {
            let base = &base[1..];
            let one = power(base, &less, &prime).expect("it is odd");
            assert_eq!(
                (one[65], one[..65].iter().all(|byte| *byte == 0)),
                (1, true)
            );
            let same = power(base, &prime, &prime).expect("it is odd");
            assert_eq!(&same[1..], base);
        }
    }

    #[test]
    fn what_has_no_power_gives_none() {
        assert_eq!(power(&[2], &[3], &[8]), None);
        assert_eq!(power(&[2], &[3], &[0]), None);
        assert_eq!(power(&[9], &[3], &[9]), None);
    }
}
