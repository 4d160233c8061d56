//! The coding form: fields `l<line>p<part>-account`, `-centre` and `-amount`, in whatever number a browser without
//! JavaScript was given.

use std::collections::BTreeMap;

use super::{PARTS_MAX, TypedPart};

/// Lines of one form, at most: what is more is coded in parts or by the API.
pub const LINES_MAX: usize = 2_000;

/// The name under which a part's fields are sent; both count from one.
#[must_use]
pub fn key(line: usize, part: usize) -> String {
    format!("l{line}p{part}")
}

/// The parts that were typed, by line. Fields that are none of ours are left alone.
#[must_use]
pub fn parts<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<usize, Vec<TypedPart>> {
    let mut found: BTreeMap<(usize, usize), TypedPart> = BTreeMap::new();
    for (name, value) in fields {
        let Some((line, part, field)) = place(name) else {
            continue;
        };
        let typed = found.entry((line, part)).or_default();
        match field {
            "account" => value.clone_into(&mut typed.gl_account),
            "centre" => value.clone_into(&mut typed.cost_centre),
            _ => value.clone_into(&mut typed.amount),
        }
    }
    let mut lines: BTreeMap<usize, Vec<TypedPart>> = BTreeMap::new();
    for ((line, _), typed) in found {
        lines.entry(line).or_default().push(typed);
    }
    lines
}

fn place(name: &str) -> Option<(usize, usize, &str)> {
    let (key, field) = name.split_once('-')?;
    let (line, part) = key.strip_prefix('l')?.split_once('p')?;
    let (line, part) = (line.parse().ok()?, part.parse().ok()?);
    let is_ours = ["account", "centre", "amount"].contains(&field)
        && (1..=LINES_MAX).contains(&line)
        && (1..=PARTS_MAX + 1).contains(&part);
    is_ours.then_some((line, part, field))
}

/// Parts that were left wholly empty are rows that somebody opened and did not use; one stays, to be complained about.
pub fn drop_unused(parts: &mut Vec<TypedPart>) {
    let is_unused = |part: &TypedPart| {
        [&part.gl_account, &part.cost_centre, &part.amount]
            .iter()
            .all(|text| text.trim().is_empty())
    };
    while parts.len() > 1 && parts.iter().any(is_unused) {
        if let Some(at) = parts.iter().rposition(is_unused) {
            parts.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_by_line_and_in_their_order() {
        let fields = [
            ("l2p1-account", "6300"),
            ("l1p2-account", "6815"),
            ("l1p1-account", "5000"),
            ("l1p1-amount", "40%"),
            ("l1p2-centre", "210"),
            ("csrf", "x"),
            ("l0p1-account", "no"),
            ("l1p99-account", "no"),
            ("l1p1-iban", "no"),
            ("lxpy-account", "no"),
        ];
        let lines = parts(fields);
        assert_eq!(lines.keys().copied().collect::<Vec<_>>(), [1, 2]);
        let accounts: Vec<&str> = lines[&1]
            .iter()
            .map(|part| part.gl_account.as_str())
            .collect();
        assert_eq!(accounts, ["5000", "6815"]);
        assert_eq!(
            (
                lines[&1][0].amount.as_str(),
                lines[&1][1].cost_centre.as_str()
            ),
            ("40%", "210")
        );
        assert_eq!(parts([(key(1, 2).as_str(), "")]).len(), 0);
    }

    #[test]
    fn unused_rows_go_and_one_stays() {
        let used = TypedPart {
            gl_account: "6300".to_owned(),
            ..TypedPart::default()
        };
        let mut parts = vec![TypedPart::default(), used.clone(), TypedPart::default()];
        drop_unused(&mut parts);
        assert_eq!(parts, [used]);
        let mut empty = vec![TypedPart::default(), TypedPart::default()];
        drop_unused(&mut empty);
        assert_eq!(empty.len(), 1);
    }
}
