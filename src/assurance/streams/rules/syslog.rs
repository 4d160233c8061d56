//! An entry as a syslog message (RFC 5424) in the frames of syslog over TLS (RFC 5425, 4.3).
//!
//! The message is the entry as the exports write it: JSON in UTF-8, without a byte order mark. That is `MSG-ANY` in the grammar of 6.4,
//! and what programs that read JSON take; a mark in front of it is what most of them refuse.

use jiff::Timestamp;

use crate::assurance::audit::rules::severity;
use crate::platform::store::journal::read::Told;

/// `log audit`.
const FACILITY: u16 = 13;
/// `sequenceId` counts from 1 up to here and then from 1 again (7.3.1).
const LARGEST_SEQUENCE: i64 = 2_147_483_647;

/// The frame of one entry. `line` is the entry as it is written, `host` whose journal it is.
#[must_use]
pub fn frame(entry: &Told, line: &[u8], host: &str) -> Vec<u8> {
    let message = [head(entry, host).as_bytes(), line.trim_ascii_end()].concat();
    [format!("{} ", message.len()).as_bytes(), &message].concat()
}

fn head(entry: &Told, host: &str) -> String {
    let priority = FACILITY * 8 + grade(&entry.action);
    let time = Timestamp::from_microsecond(entry.at_us)
        .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
    let time = time.unwrap_or_else(|_| "-".to_owned());
    let (host, action) = (name(host, 255), name(&entry.action, 32));
    let sequence = entry.seq.unwrap_or(0).rem_euclid(LARGEST_SEQUENCE) + 1;
    format!("<{priority}>1 {time} {host} countersign - {action} [meta sequenceId=\"{sequence}\"] ")
}

/// Informational, notice, or critical (6.2.1), by how grave the event is.
fn grade(action: &str) -> u16 {
    match severity(action) {
        0 | 1 => 6,
        2 | 3 => 5,
        _ => 2,
    }
}

/// A name as heads have it: printable ASCII, or the sign for none.
fn name(text: &str, longest: usize) -> String {
    let name: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(longest)
        .collect();
    if name.is_empty() {
        "-".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::entry;
    use super::*;

    fn framed(seq: i64, action: &str) -> String {
        let frame = frame(&entry(seq, action), b"{\"a\":\"\xc3\xbc\"}\n", "ap.example");
        String::from_utf8(frame).expect("text")
    }

    #[test]
    fn a_frame_says_how_many_bytes_follow() {
        let text = framed(7, "bill.coded");
        let (count, message) = text.split_once(' ').expect("a count");
        assert_eq!(count.parse(), Ok(message.len()));
        assert_eq!(
            message,
            "<110>1 2026-11-05T23:30:00.000042Z ap.example countersign - bill.coded \
             [meta sequenceId=\"8\"] {\"a\":\"ü\"}"
        );
    }

    #[test]
    fn what_is_graver_has_a_smaller_number() {
        assert!(framed(0, "sign-in.failed").contains(" <109>1 "));
        assert!(framed(0, "break-glass.used").contains(" <106>1 "));
    }

    #[test]
    fn numbers_that_do_not_fit_begin_again_and_names_are_cut_to_what_heads_take() {
        assert!(framed(2_147_483_646, "a").contains("sequenceId=\"2147483647\""));
        assert!(framed(2_147_483_647, "a").contains("sequenceId=\"1\""));
        let long = framed(0, &"x".repeat(40));
        assert!(
            long.contains(&format!(" {} [meta", "x".repeat(32))),
            "{long}"
        );
        assert!(framed(0, "ü ]").contains(" - ] [meta"));
        assert_eq!(name("", 5), "-");
    }
}
