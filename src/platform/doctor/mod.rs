//! What is wrong with an installation, and how to mend it. A check that cannot go red is none: each has a test that
//! breaks what it looks at.
//!
//! Platform's own checks stand in [`checks`]; the wings register theirs in `main.rs` as further [`Probe`]s.

mod backups;
mod checks;
pub mod cli;
mod database;
mod heads;
mod keys;
mod logs;
mod mail;
mod memory;
mod sandbox;
mod store;

use std::fmt::Write as _;

use serde::Serialize;

use super::clock::Micros;
use super::config::{Config, ConfigError};

pub use checks::PLATFORM;
pub use database::database;
pub use heads::journal_heads;
pub use mail::mail;
pub use sandbox::workers;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Ok,
    Warn,
    Fail,
}

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Permanent, such as `certificate`.
    pub id: &'static str,
    pub outcome: Outcome,
    pub what: String,
    /// What to do about it; none where nothing is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Check {
    #[must_use]
    pub fn ok(id: &'static str, what: impl Into<String>) -> Self {
        Self {
            id,
            outcome: Outcome::Ok,
            what: what.into(),
            mend: None,
        }
    }

    #[must_use]
    pub fn warn(id: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            id,
            outcome: Outcome::Warn,
            what: what.into(),
            mend: Some(mend.into()),
        }
    }

    #[must_use]
    pub fn fail(id: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            id,
            outcome: Outcome::Fail,
            what: what.into(),
            mend: Some(mend.into()),
        }
    }
}

/// What a probe may look at.
#[derive(Debug)]
pub struct Context<'a> {
    pub config: &'a Config,
    pub now: Micros,
    /// For probes that wait for something: they use its `block_on`.
    pub runtime: &'a tokio::runtime::Runtime,
}

/// Looks at one thing, and says at least one word about it.
pub type Probe = fn(&Context<'_>) -> Vec<Check>;

/// All that was found.
#[derive(Debug, Serialize)]
pub struct Report {
    pub checks: Vec<Check>,
}

impl Report {
    /// Runs all `probes` in their order.
    #[must_use]
    pub fn of(context: &Context<'_>, probes: &[Probe]) -> Self {
        Self {
            checks: probes.iter().flat_map(|probe| probe(context)).collect(),
        }
    }

    /// The report where the configuration itself is wrong: nothing else can be looked at then.
    #[must_use]
    pub fn of_configuration(errors: &[ConfigError]) -> Self {
        let mend = "mend what the message names; `countersign config reference` lists all keys";
        Self {
            checks: errors
                .iter()
                .map(|error| Check::fail("configuration", error.to_string(), mend))
                .collect(),
        }
    }

    #[must_use]
    pub fn worst(&self) -> Outcome {
        let has = |outcome| self.checks.iter().any(|check| check.outcome == outcome);
        if has(Outcome::Fail) {
            Outcome::Fail
        } else if has(Outcome::Warn) {
            Outcome::Warn
        } else {
            Outcome::Ok
        }
    }

    /// For people: what needs a hand stands out by its mark and has its advice below.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for check in &self.checks {
            let mark = match check.outcome {
                Outcome::Ok => "ok  ",
                Outcome::Warn => "WARN",
                Outcome::Fail => "FAIL",
            };
            let _ = writeln!(out, "{mark}  {}: {}", check.id, check.what);
            if let Some(mend) = &check.mend {
                let _ = writeln!(out, "      -> {mend}");
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
