//! Signing a request as AWS wants it (Signature Version 4).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use countersign_sealing::Secret;
use data_encoding::HEXLOWER;

use crate::platform::clock::Micros;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Who signs, for what.
pub(super) struct Signer<'a> {
    pub access_key: &'a str,
    pub secret_key: &'a Secret<String>,
    pub region: &'a str,
    pub service: &'a str,
}

/// A request to an address without a query. Header names are in lower case; `host` and `x-amz-date` are among them.
pub(super) struct Unsigned<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

/// `20150830T123600Z`
pub(super) fn amz_date(at: Micros) -> String {
    let shown = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    shown.strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Signer<'_> {
    /// The value of `Authorization` for a request that is sent at `date` (as [`amz_date`] writes it).
    pub fn authorization(&self, request: &Unsigned<'_>, date: &str) -> String {
        let mut headers = request.headers.to_vec();
        headers.sort_unstable();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", value.trim()))
            .collect();
        let canonical = format!(
            "{}\n{}\n\n{lines}\n{names}\n{}",
            request.method,
            request.path,
            HEXLOWER.encode(digest(&SHA256, request.body).as_ref())
        );
        let day = date.get(..8).unwrap_or(date);
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let hashed = HEXLOWER.encode(digest(&SHA256, canonical.as_bytes()).as_ref());
        let to_sign = format!("{ALGORITHM}\n{date}\n{scope}\n{hashed}");
        let signature = HEXLOWER.encode(keyed(&self.key(day), &to_sign).as_ref());
        format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.access_key
        )
    }

    /// The key of one day, region and service.
    fn key(&self, day: &str) -> hmac::Key {
        let first = zeroize::Zeroizing::new(format!("AWS4{}", self.secret_key.expose()));
        let mut key = hmac::Key::new(hmac::HMAC_SHA256, first.as_bytes());
        for part in [day, self.region, self.service, "aws4_request"] {
            key = hmac::Key::new(hmac::HMAC_SHA256, keyed(&key, part).as_ref());
        }
        key
    }
}

fn keyed(key: &hmac::Key, text: &str) -> hmac::Tag {
    hmac::sign(key, text.as_bytes())
}

/// The vectors of AWS's own test suite for Signature Version 4 (aws-sig-v4-test-suite), by their names there. All are of the
/// same access key, moment, region and service.
#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "20150830T123600Z";
    const HOST: (&str, &str) = ("host", "example.amazonaws.com");
    const AT: (&str, &str) = ("x-amz-date", DATE);

    fn signed(request: &Unsigned<'_>) -> String {
        let secret = Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned());
        let signer = Signer {
            access_key: "AKIDEXAMPLE",
            secret_key: &secret,
            region: "us-east-1",
            service: "service",
        };
        signer.authorization(request, DATE)
    }

    fn expects(request: &Unsigned<'_>, headers: &str, signature: &str) {
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={headers}, Signature={signature}"
        );
        assert_eq!(signed(request), expected);
    }

    #[test]
    fn get_vanilla() {
        let request = Unsigned {
            method: "GET",
            path: "/",
            headers: &[HOST, AT],
            body: b"",
        };
        expects(
            &request,
            "host;x-amz-date",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        );
    }

    #[test]
    fn post_vanilla() {
        let request = Unsigned {
            method: "POST",
            path: "/",
            headers: &[AT, HOST],
            body: b"",
        };
        expects(
            &request,
            "host;x-amz-date",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        );
    }

    #[test]
    fn post_x_www_form_urlencoded() {
        let request = Unsigned {
            method: "POST",
            path: "/",
            headers: &[
                ("content-type", "application/x-www-form-urlencoded"),
                HOST,
                AT,
            ],
            body: b"Param1=value1",
        };
        expects(
            &request,
            "content-type;host;x-amz-date",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        );
    }

    #[test]
    fn any_other_byte_gives_another_signature() {
        let sign = |body: &[u8], host: &str| {
            signed(&Unsigned {
                method: "POST",
                path: "/",
                headers: &[("host", host), AT],
                body,
            })
        };
        let first = sign(b"a", "example.amazonaws.com");
        assert_ne!(first, sign(b"b", "example.amazonaws.com"));
        assert_ne!(first, sign(b"a", "example.amazonaws.org"));
    }

    #[test]
    fn a_moment_is_written_as_aws_reads_it() {
        // 2015-08-30T12:36:00Z
        assert_eq!(amz_date(Micros(1_440_938_160_000_000)), DATE);
    }
}
