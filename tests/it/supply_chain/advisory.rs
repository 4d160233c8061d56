//! RustSec advisories against Cargo.lock.
//!
//! The front matter is a TOML block of which six fields matter here, so it is read with the `toml` and
//! `semver` crates that the build has anyway: the `rustsec` crate brought a second toml and eight more.

use std::path::Path;

use semver::{Version, VersionReq};
use toml::{Table, Value};

use super::{list, text};

/// What one advisory says of its crate.
#[derive(Debug)]
pub struct Advisory {
    id: String,
    package: String,
    /// "unmaintained", "unsound", "notice"; empty for a vulnerability.
    informational: String,
    unharmed: Vec<VersionReq>,
}

/// Reads every advisory on crates in the database's folder. One that cannot be read ends the test: a
/// reader that passes over what it does not understand would report nothing for ever.
pub fn read_all(database: &Path) -> Vec<Advisory> {
    let mut advisories = Vec::new();
    for folder in std::fs::read_dir(database.join("crates"))
        .expect("the database has crates")
        .flatten()
    {
        for file in std::fs::read_dir(folder.path())
            .expect("each crate is a folder")
            .flatten()
        {
            let text = std::fs::read_to_string(file.path()).expect("an advisory is text");
            let advisory = read(&text).unwrap_or_else(|e| panic!("{}: {e}", file.path().display()));
            advisories.extend(advisory);
        }
    }
    assert!(
        advisories.len() > 500,
        "only {} advisories were found",
        advisories.len()
    );
    advisories
}

/// Reads one advisory; `None` when it was withdrawn.
fn read(text: &str) -> Result<Option<Advisory>, String> {
    let front = text
        .split("```")
        .nth(1)
        .and_then(|block| block.strip_prefix("toml"));
    let front: Table = front
        .ok_or("no TOML block")?
        .parse()
        .map_err(|e| format!("{e}"))?;
    let head = front.get("advisory").ok_or("no [advisory]")?;
    if head.get("withdrawn").is_some() {
        return Ok(None);
    }
    let mut unharmed = Vec::new();
    for list in ["patched", "unaffected"] {
        let entries = front
            .get("versions")
            .and_then(|v| v.get(list))
            .and_then(Value::as_array);
        for entry in entries.into_iter().flatten().filter_map(Value::as_str) {
            unharmed.push(VersionReq::parse(entry).map_err(|e| format!("{entry}: {e}"))?);
        }
    }
    Ok(Some(Advisory {
        id: self::text(head, "id").to_owned(),
        package: self::text(head, "package").to_owned(),
        informational: self::text(head, "informational").to_owned(),
        unharmed,
    }))
}

/// Open advisories: a vulnerability or unsound code fails always, other kinds unless deny.toml's `ignore` says why.
pub fn check(lock: &Table, advisories: &[Advisory], deny: &Table) -> Vec<String> {
    let ignored = list(deny, "advisories", "ignore");
    let mut used = Vec::new();
    let mut problems = Vec::new();
    for package in lock["package"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| !text(p, "source").is_empty())
    {
        let (name, version) = (text(package, "name"), text(package, "version"));
        let version = Version::parse(version).expect("cargo writes versions that it can read");
        for advisory in advisories
            .iter()
            .filter(|a| a.package == name && a.harms(&version))
        {
            let reason = ignored
                .iter()
                .find(|i| text(i, "id") == advisory.id)
                .map(|i| text(i, "reason"));
            used.push(advisory.id.as_str());
            match reason {
                Some(reason) if !reason.is_empty() => {
                    eprintln!("WARNING: {} {}: {reason}", advisory.id, name)
                }
                _ => problems.push(format!(
                    "{name} {version}: {} {}",
                    advisory.id,
                    advisory.kind()
                )),
            }
        }
    }
    for idle in ignored
        .iter()
        .map(|i| text(i, "id"))
        .filter(|id| !used.contains(id))
    {
        problems.push(format!(
            "deny.toml: ignoring {idle} is needed no more: remove it"
        ));
    }
    problems
}

impl Advisory {
    fn harms(&self, version: &Version) -> bool {
        // A requirement seldom matches a pre-release: such a version is reported, which errs on the safe side.
        !self.unharmed.iter().any(|r| r.matches(version))
    }

    fn kind(&self) -> &str {
        if self.informational.is_empty() {
            "vulnerability"
        } else {
            &self.informational
        }
    }
}

#[test]
fn an_open_advisory_is_reported_a_patched_one_is_not_and_an_idle_ignore_is() {
    let text = "```toml\n[advisory]\nid = 'R-1'\npackage = 'p'\n[versions]\npatched = ['>= 1.2.0']\nunaffected = ['< 0.5']\n```\n# Title";
    let advisory = read(text).expect("readable").expect("not withdrawn");
    let lock = |version| -> Table {
        format!("[[package]]\nname = 'p'\nversion = '{version}'\nsource = 'registry+x'")
            .parse()
            .expect("TOML")
    };
    let deny = |ignore: &str| -> Table {
        format!("[advisories]\nignore = [{ignore}]")
            .parse()
            .expect("TOML")
    };
    let open = |version, ignore: &str| {
        check(
            &lock(version),
            std::slice::from_ref(&advisory),
            &deny(ignore),
        )
        .len()
    };
    assert_eq!(open("1.1.9", ""), 1);
    assert_eq!(
        (open("1.2.0", ""), open("0.4.9", ""), open("1.3.0-rc.1", "")),
        (0, 0, 1)
    );
    assert_eq!(
        open("1.1.9", "{ id = 'R-1', reason = 'only on Windows' }"),
        0
    );
    assert_eq!(open("1.1.9", "{ id = 'R-1', reason = '' }"), 1);
    assert_eq!(
        open("1.2.0", "{ id = 'R-1', reason = 'only on Windows' }"),
        1
    );
}

#[test]
fn a_withdrawn_advisory_counts_for_nothing_and_an_unreadable_one_is_an_error() {
    let withdrawn = "```toml\n[advisory]\nid = 'R-1'\npackage = 'p'\nwithdrawn = '2024-01-01'\n```";
    assert!(read(withdrawn).expect("readable").is_none());
    assert!(read("no block").is_err());
    let broken =
        "```toml\n[advisory]\nid = 'R'\npackage = 'p'\n[versions]\npatched = ['nonsense']\n```";
    assert!(read(broken).is_err());
}
