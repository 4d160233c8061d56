//! A stream in words.

use crate::assurance::audit::rules::Format;
use crate::assurance::streams::actions::{Sight, may_decide};
use crate::assurance::streams::rules::{Begins, Health, Kind, Reason, State, Trouble};
use crate::assurance::streams::views::{May, StreamRow};
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Tone};

pub(super) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Webhook => msg!("streams-kind-webhook"),
        Kind::Syslog => msg!("streams-kind-syslog"),
    }
}

pub(super) const fn format(format: Format) -> &'static str {
    match format {
        Format::Ocsf => msg!("streams-format-ocsf"),
        Format::JsonLines | Format::Csv => msg!("streams-format-jsonl"),
    }
}

pub(super) const fn begins(begins: Begins) -> &'static str {
    match begins {
        Begins::First => msg!("streams-begins-first"),
        Begins::Now => msg!("streams-begins-now"),
    }
}

fn state(page: &Page, sight: &Sight) -> Badge {
    let (tone, text) = match (sight.health, sight.stream.state) {
        (Health::Waiting, _) => (Tone::Warn, msg!("streams-state-waiting")),
        (Health::Late, _) => (Tone::Neutral, msg!("streams-state-late")),
        (Health::Fine, _) => (Tone::Good, msg!("streams-state-fine")),
        (Health::Trying, _) => (Tone::Warn, msg!("streams-state-trying")),
        (Health::Failing, _) => (Tone::Bad, msg!("streams-state-failing")),
        (Health::Paused, _) if sight.stream.reason == Some(Reason::Gone) => {
            (Tone::Bad, msg!("streams-state-gone"))
        }
        (Health::Paused, _) => (Tone::Neutral, msg!("streams-state-paused")),
        (Health::Ended, State::Refused) => (Tone::Neutral, msg!("streams-state-refused")),
        (Health::Ended, State::Replaced) => (Tone::Neutral, msg!("streams-state-replaced")),
        (Health::Ended, _) => (Tone::Neutral, msg!("streams-state-removed")),
    };
    Badge::new(tone, page.t(text))
}

/// What is wrong, and what to do about it.
const fn trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Network => msg!("streams-trouble-network"),
        Trouble::Certificate => msg!("streams-trouble-certificate"),
        Trouble::Authorities => msg!("streams-trouble-authorities"),
        Trouble::Unreachable => msg!("streams-trouble-unreachable"),
        Trouble::Late => msg!("streams-trouble-late"),
        Trouble::Broken => msg!("streams-trouble-broken"),
        Trouble::Redirect => msg!("streams-trouble-redirect"),
        Trouble::Busy => msg!("streams-trouble-busy"),
        Trouble::Refused => msg!("streams-trouble-refused"),
        Trouble::Failing => msg!("streams-trouble-failing"),
        Trouble::Forged => msg!("streams-trouble-forged"),
        Trouble::Keys => msg!("streams-trouble-keys"),
        Trouble::Gap => msg!("streams-trouble-gap"),
    }
}

fn may(by: &SignedIn, sight: &Sight) -> May {
    if may_decide(&by.access).is_err() {
        return May::default();
    }
    let stream = &sight.stream;
    let is_there = matches!(stream.state, State::Active | State::Paused);
    let waits = sight.health == Health::Waiting;
    May {
        confirm: waits && stream.proposed_human != by.access.human(),
        refuse: waits,
        pause: stream.state == State::Active,
        resume: stream.state == State::Paused,
        remove: is_there,
        rotate: is_there && stream.kind == Kind::Webhook,
        test: stream.state == State::Active,
    }
}

pub(super) fn row(page: &Page, by: &SignedIn, sight: &Sight) -> StreamRow {
    let stream = &sight.stream;
    let position = sight.position.as_ref();
    let is_active = stream.state == State::Active;
    let is_there = is_active || stream.state == State::Paused;
    let error = position
        .filter(|_| is_active)
        .and_then(|own| own.last_error);
    let again = position.filter(|_| error.is_some());
    let when =
        |name: &str, at: i64| page.t2("streams-by", "name", name.to_owned(), "time", page.time(at));
    let decided = sight.decided_by.as_deref().zip(stream.decided);
    StreamRow {
        id: stream.id.to_string(),
        name: stream.name.clone(),
        how: format!(
            "{}, {}",
            page.t(kind(stream.kind)),
            page.t(format(stream.format))
        ),
        address: stream.address.clone(),
        state: state(page, sight),
        trouble: error.map(|error| page.t(trouble(error))),
        again: again.map(|own| page.t1("streams-again", "time", page.time(own.due.0))),
        lag: is_there.then(|| page.t1("streams-lag", "count", sight.lag)),
        delivered: position
            .and_then(|own| own.last_success)
            .map(|at| page.time(at.0)),
        proposed: when(&sight.proposed_by, stream.created.0),
        decided: decided.map(|(name, at)| when(name, at.0)),
        begins: match &sight.replaces {
            Some(former) => page.t1("streams-in-place-of", "name", former.clone()),
            None => page.t(begins(stream.begins)),
        },
        may: may(by, sight),
    }
}
