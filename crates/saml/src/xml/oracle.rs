//! Canonical forms beside those of another implementation, libxml2's.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{Limits, canonicalise, parse};

/// What libxml2 makes of a document. Skips loudly where it is not installed.
fn theirs(text: &str) -> Option<Vec<u8>> {
    let child = Command::new("xmllint")
        .args(["--nonet", "--exc-c14n", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!(
            "SKIPPED: xmllint is not installed (Debian: libxml2-utils), so nothing was compared"
        );
        return None;
    };
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(text.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}\n{text}");
    Some(output.stdout)
}

/// A seeded generator (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % most as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const NAMESPACES: &[&str] = &["urn:a", "urn:b", "urn:c"];
const PREFIXES: &[&str] = &["p", "q", "r"];
const TEXTS: &[&str] = &[
    "text",
    " \t\n",
    "\r\n",
    "&#13;",
    "&amp;&lt;&gt;",
    "\"'",
    "<![CDATA[<&>\r\n]]>",
    "é€😀",
    "&#x1F600;",
    "&quot;",
];
const VALUES: &[&str] = &[
    "",
    "v",
    "a\tb\nc\r\nd",
    "&#9;&#10;&#13;",
    "&lt;&amp;&gt;",
    "'",
    "&quot;",
    "é",
    " x  y ",
];

/// An element in which every prefix of `PREFIXES` is declared further out.
fn element(dice: &mut Dice, depth: usize, out: &mut String) {
    let prefix = dice.pick(&["", "", "p", "q", "r"]);
    let name = match prefix {
        "" => dice.pick(&["a", "b"]).to_owned(),
        _ => format!("{prefix}:{}", dice.pick(&["a", "b"])),
    };
    out.push_str(&format!("<{name}"));
    for prefix in PREFIXES {
        if depth == 0 || dice.below(5) == 0 {
            out.push_str(&format!(" xmlns:{prefix}='{}'", dice.pick(NAMESPACES)));
        }
    }
    if dice.below(3) == 0 {
        out.push_str(&format!(" xmlns='{}'", dice.pick(&["", "urn:a", "urn:d"])));
    }
    for name in ["z", "y", "p:x", "xml:lang"] {
        if dice.below(3) == 0 {
            out.push_str(&format!(" {name}=\"{}\"", dice.pick(VALUES)));
        }
    }
    out.push('>');
    for _ in 0..dice.below(4) {
        if depth < 5 && dice.below(2) == 0 {
            element(dice, depth + 1, out);
        } else {
            out.push_str(dice.pick(TEXTS));
        }
    }
    out.push_str(&format!("</{name}>"));
}

#[test]
fn canonical_forms_of_made_up_documents_are_those_of_libxml2() {
    for number in 1..=150u64 {
        let mut text = String::new();
        element(
            &mut Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            0,
            &mut text,
        );
        let Some(theirs) = theirs(&text) else { return };
        let document = parse(text.as_bytes(), Limits::MESSAGE).expect(&text);
        let ours = canonicalise(document.root(), None, &[]).expect(&text);
        assert_eq!(
            String::from_utf8_lossy(&ours),
            String::from_utf8_lossy(&theirs),
            "{number}: {text}"
        );
    }
}
