//! Requests as Standard Webhooks has them (<https://www.standardwebhooks.com>, version 1.0.0): an id that stays when a batch is tried
//! again, the moment of the try, and a signature over both and the body.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_sealing::Entropy;
use zeroize::Zeroizing;

use super::Trouble;
use crate::assurance::streams::StreamId;
use crate::platform::clock::Micros;

/// What every secret of a webhook begins with.
pub const PREFIX: &str = "whsec_";
const LENGTH: usize = 32;
/// How long a secret that was replaced signs beside the new one.
pub const OVERLAP_US: i64 = Micros::DAY;
/// The longest time that a receiver can ask for.
const LONGEST_WAIT_US: i64 = Micros::HOUR;

/// A webhook's secret in clear. No Display, no Serialize, and Debug prints nothing of it.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new(vec![0; LENGTH]);
        entropy.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// From what was sealed.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// What is sealed.
    #[must_use]
    pub fn bytes(&self) -> &Vec<u8> {
        &self.0
    }

    /// As it is shown once.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(self.0.as_slice())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The id of a batch: the same whenever the same entries of a stream are sent as one.
#[must_use]
pub fn id(stream: StreamId, epoch: i64, (first, end): (i64, i64)) -> String {
    format!("msg_{stream}_{epoch}_{first}_{}", end - 1)
}

/// `webhook-signature`: one signature a secret, the newest first.
#[must_use]
pub fn signatures(secrets: &[Secret], id: &str, at_s: i64, body: &[u8]) -> String {
    let signed = [id.as_bytes(), b".", at_s.to_string().as_bytes(), b".", body].concat();
    let each = secrets.iter().map(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.0);
        format!("v1,{}", STANDARD.encode(hmac::sign(&key, &signed)))
    });
    each.collect::<Vec<_>>().join(" ")
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Taken,
    /// The receiver is gone for good.
    Gone,
    /// Not taken; perhaps not to be tried before so long.
    Not(Trouble, Option<i64>),
}

/// The verdict on a status and its `Retry-After`.
#[must_use]
pub fn judge(status: u16, retry_after: Option<&str>, now: Micros) -> Answer {
    match status {
        200..=299 => Answer::Taken,
        410 => Answer::Gone,
        300..=399 => Answer::Not(Trouble::Redirect, None),
        429 | 503 => Answer::Not(
            Trouble::Busy,
            retry_after.and_then(|text| wait_us(text, now)),
        ),
        400..=499 => Answer::Not(Trouble::Refused, None),
        _ => Answer::Not(Trouble::Failing, None),
    }
}

/// Seconds, or a moment (RFC 9110, 10.2.3), up to an hour.
fn wait_us(text: &str, now: Micros) -> Option<i64> {
    let text = text.trim();
    let wait = match text.parse::<u32>() {
        Ok(seconds) => i64::from(seconds) * Micros::SECOND,
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?;
            Micros(at.timestamp().as_microsecond()).since(now)
        }
    };
    Some(wait.clamp(0, LONGEST_WAIT_US))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::platform::ids::Id as _;

    const NOW: Micros = Micros(1_793_921_400_000_000);

    /// The example of the specification's own text.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let secret = STANDARD
            .decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .expect("base64");
        let body = br#"{"test": 2432232314}"#;
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let one = signatures(&[Secret::of(&secret)], id, 1_614_265_330, body);
        assert_eq!(one, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let other = Secret::of(&[7; LENGTH]);
        let two = signatures(&[other, Secret::of(&secret)], id, 1_614_265_330, body);
        assert!(two.ends_with(&format!(" {one}")), "{two}");
        for (id, at, body) in [
            ("msg_other", 1_614_265_330, &body[..]),
            (id, 1_614_265_331, body),
            (id, 1_614_265_330, b"{}"),
        ] {
            assert_ne!(signatures(&[Secret::of(&secret)], id, at, body), one);
        }
    }

    #[test]
    fn a_secret_is_shown_whole_and_printed_nowhere() {
        let secret = Secret::of(&[7; LENGTH]);
        assert!(secret.expose().starts_with(PREFIX));
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn the_same_entries_have_the_same_id_and_others_another() {
        let stream = StreamId::from_uuid(Uuid::nil());
        let one = id(stream, 1, (0, 100));
        assert!(one.ends_with("_1_0_99"), "{one}");
        for (epoch, range) in [(2, (0, 100)), (1, (0, 99)), (1, (1, 100))] {
            assert_ne!(id(stream, epoch, range), one);
        }
    }

    #[test]
    fn an_answer_is_taken_by_its_status_and_a_receiver_may_ask_for_an_hour() {
        assert_eq!(judge(204, None, NOW), Answer::Taken);
        assert_eq!(judge(410, None, NOW), Answer::Gone);
        for (status, trouble) in [
            (301, Trouble::Redirect),
            (307, Trouble::Redirect),
            (404, Trouble::Refused),
            (500, Trouble::Failing),
            (100, Trouble::Failing),
            (429, Trouble::Busy),
        ] {
            assert_eq!(
                judge(status, None, NOW),
                Answer::Not(trouble, None),
                "{status}"
            );
        }
        for (asked, wait) in [
            ("120", Some(120 * Micros::SECOND)),
            ("86400", Some(Micros::HOUR)),
            // 2026-11-05T23:30:00Z is now.
            ("Thu, 05 Nov 2026 23:31:00 GMT", Some(Micros::MINUTE)),
            ("Thu, 05 Nov 2026 23:00:00 GMT", Some(0)),
            ("soon", None),
        ] {
            let found = judge(503, Some(asked), NOW);
            assert_eq!(found, Answer::Not(Trouble::Busy, wait), "{asked}");
        }
        let elsewhere = judge(500, Some("120"), NOW);
        assert_eq!(elsewhere, Answer::Not(Trouble::Failing, None));
    }
}
