//! Seeded mutants of signed responses: whatever is done to the bytes, nobody is accepted as somebody else.

use countersign_saml::Policy;
use countersign_saml::response::Identity;

use crate::support::idp::{Facts, Lock, assertion, response};
use crate::support::{ADMIN, ALICE, HONEST, OURS, known, verify_with};

/// A small generator of our own (xorshift64*), so that a seed means the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const SNIPPETS: &[&str] = &[
    "<!---->",
    "<!-- x -->",
    "<![CDATA[]]>",
    "<![CDATA[admin@example.com]]>",
    "&amp;",
    "&#13;",
    " ",
    "\r\n",
    "<x/>",
    "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">admin@example.com</saml:NameID>",
    "admin@example.com",
    "</saml:NameID>",
    "\u{0}",
    "xmlns:saml=\"urn:x\"",
    "<?x?>",
    "<!DOCTYPE x>",
];

const ATTRIBUTES: &[&str] = &[
    " ID=\"assertion-1\"",
    " Id=\"assertion-1\"",
    " xml:id=\"assertion-1\"",
    " xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
    " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
    " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
    " xmlns:samlp=\"urn:x\"",
    " Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"",
];

/// A place where a character begins.
fn place(xml: &str, dice: &mut Dice) -> usize {
    let mut at = dice.below(xml.len() + 1);
    while !xml.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where a random element begins and ends.
fn element(xml: &str, dice: &mut Dice) -> Option<(usize, usize)> {
    let starts: Vec<usize> = xml
        .match_indices('<')
        .map(|(at, _)| at)
        .filter(|at| {
            xml.as_bytes()
                .get(at + 1)
                .is_some_and(u8::is_ascii_alphabetic)
        })
        .collect();
    let start = *starts.get(dice.below(starts.len()))?;
    let name = xml[start + 1..].split([' ', '>', '/']).next()?;
    let close = format!("</{name}>");
    let end = xml[start..].find(&close)? + start + close.len();
    Some((start, end))
}

fn mutate(xml: &str, dice: &mut Dice) -> Option<String> {
    let mut out = xml.to_owned();
    match dice.below(11) {
        0 => {
            let mut bytes = out.into_bytes();
            let at = dice.below(bytes.len());
            *bytes.get_mut(at)? ^= 1 << dice.below(7);
            return String::from_utf8(bytes).ok();
        }
        1 => {
            let at = place(&out, dice);
            out.insert_str(at, dice.pick(SNIPPETS));
        }
        2 => {
            let (from, to) = (place(&out, dice), place(&out, dice));
            out.replace_range(from.min(to)..from.max(to).min(from.min(to) + 40), "");
        }
        3 => {
            let (start, end) = element(&out, dice)?;
            let copy = out[start..end].to_owned();
            out.insert_str(if dice.below(2) == 0 { start } else { end }, &copy);
        }
        4 => {
            let (start, end) = element(&out, dice)?;
            let moved = out[start..end].to_owned();
            out.replace_range(start..end, "");
            let (to, _) = element(&out, dice)?;
            out.insert_str(to, &moved);
        }
        5 => {
            let (start, end) = element(&out, dice)?;
            let copy = out[start..end]
                .replace(ALICE, ADMIN)
                .replace("assertion-1", "assertion-2");
            let (to, _) = element(&out, dice)?;
            out.insert_str(to, &copy);
        }
        6 => {
            let (start, _) = element(&out, dice)?;
            let at = start + out[start..].find(['>', ' '])?;
            out.insert_str(at, dice.pick(ATTRIBUTES));
        }
        7 => {
            let (start, end) = element(&out, dice)?;
            out.replace_range(start..end, "");
        }
        8 => {
            let found: Vec<usize> = out.match_indices(ALICE).map(|(at, _)| at).collect();
            let at = *found.get(dice.below(found.len()))?;
            out.replace_range(at..at + ALICE.len(), ADMIN);
        }
        9 => {
            let (start, end) = element(&out, dice)?;
            let (from, to) = (
                dice.pick(&["saml:", "ds:", "samlp:"]),
                dice.pick(&["x:", "saml:", ""]),
            );
            let renamed = out[start..end].replace(from, to);
            out.replace_range(start..end, &renamed);
        }
        _ => {
            let (start, end) = element(&out, dice)?;
            let (other, other_end) = element(&out, dice)?;
            let copy = out[start..end].to_owned();
            out.replace_range(other..other_end, &copy);
        }
    }
    Some(out)
}

fn originals() -> Vec<String> {
    let facts = Facts::default();
    let signed = HONEST.sign(&assertion(&facts), facts.id);
    vec![
        HONEST.assertion_signed(&facts),
        HONEST.response_signed(&facts),
        HONEST.both_signed(&facts),
        response(
            &facts,
            &OURS.encrypt("EncryptedAssertion", &signed, Lock::GcmOaepSha1),
        ),
    ]
}

fn accepted(xml: &str) -> Option<Identity> {
    let verified = verify_with(xml, &known(), Policy::EXPLAIN, Some(&OURS.own));
    verified.ok().map(|verified| verified.identity)
}

#[test]
fn no_mutant_is_accepted_as_somebody_else() {
    let count: usize = std::env::var("COUNTERSIGN_SAML_MUTANTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(20_000);
    let originals = originals();
    let wanted: Vec<Identity> = originals
        .iter()
        .map(|xml| accepted(xml).expect("an original"))
        .collect();
    let idp = known();
    let verifier = countersign_saml::response::Verifier {
        idp: &idp,
        sp_entity: crate::support::SP,
        acs: crate::support::ACS,
        key: Some(countersign_saml::keys::OpeningKey::Own(&OURS.own)),
        policy: Policy::EXPLAIN,
    };
    let expected = countersign_saml::response::Expected::Request(crate::support::REQUEST);
    let (mut tried, mut still_accepted) = (0, 0);
    for number in 0..count {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (number as u64 + 1));
        let which = number % originals.len();
        let mut mutant = originals[which].clone();
        for _ in 0..=dice.below(3) {
            mutant = mutate(&mutant, &mut dice).unwrap_or(mutant);
        }
        if mutant == originals[which] {
            continue;
        }
        tried += 1;
        if let Ok(verified) = verifier.verify(mutant.as_bytes(), expected, crate::support::now()) {
            still_accepted += 1;
            assert_eq!(
                verified.identity, wanted[which],
                "mutant {number}:\n{mutant}"
            );
        }
    }
    // Some mutants change nothing that is signed, such as a comment: were there none, the mutants would all be plain nonsense.
    assert!(tried * 10 > count * 9, "{tried} of {count} differ");
    assert!(
        still_accepted * 100 > tried,
        "{still_accepted} of {tried} accepted"
    );
    eprintln!("{tried} mutants, {still_accepted} of them accepted as who they were");
}
