//! What has to hold of a verified assertion, and of the response around it.

use jiff::{SignedDuration, Timestamp};

use crate::words::clip;
use crate::xml::{Element, HowMany, ns};

use super::checks::{CheckId, Checks, Finding};
use super::subject::{self, Confirmed};
use super::trusted::Trusted;
use super::{Expected, Identity, Verified, Verifier};

/// Every rule, whatever the ones before it found, so that all of them are told at once.
pub(super) fn all(
    verifier: &Verifier<'_>,
    trusted: &Trusted,
    expected: Expected<'_>,
    at: Timestamp,
    checks: &mut Checks,
) -> Option<Verified> {
    let response = trusted.response();
    let clock = Clock {
        at,
        skew: SignedDuration::from_secs(verifier.policy.skew_s),
    };
    let Some(assertion) = trusted.assertion() else {
        let said = "No verified signature covers an assertion.".to_owned();
        checks.rule(CheckId::OneAssertion, Err(said));
        return None;
    };
    checks.rule(
        CheckId::Destination,
        destination(verifier, response, trusted.response_signed),
    );
    let issuer = checks.give(CheckId::Issuer, issuer(verifier, trusted, assertion));
    let name = checks.give(CheckId::NameId, subject::name_id(verifier, assertion));
    let confirmed = checks.give(
        CheckId::SubjectConfirmation,
        subject::confirmation(verifier, trusted, assertion, expected, clock),
    );
    let in_response_to = confirmed.as_ref().and_then(|confirmed| {
        checks.give(
            CheckId::InResponseTo,
            subject::in_response_to(trusted, confirmed, expected),
        )
    });
    checks.rule(CheckId::Conditions, conditions(assertion, clock));
    checks.rule(CheckId::Audience, audience(verifier, assertion));
    let session = checks.give(CheckId::AuthnStatement, authn_statement(assertion, clock));
    let attributes = checks.give(
        CheckId::Attributes,
        subject::attributes(verifier, assertion),
    );
    let (name, session, confirmed) = (name?, session?, confirmed?);
    let Confirmed { until, .. } = confirmed;
    Some(Verified {
        identity: Identity {
            name_id: name.value,
            format: name.format,
            name_qualifier: name.qualifier,
            sp_name_qualifier: name.sp_qualifier,
            session_index: session.index,
            authn_context: session.context,
            attributes: attributes?,
            issuer: issuer?,
            assertion_id: assertion.attribute("ID").unwrap_or_default().to_owned(),
        },
        remember_until: until.saturating_add(clock.skew).unwrap_or(Timestamp::MAX),
        in_response_to: in_response_to?,
        authn_instant: session.instant,
        session_not_on_or_after: session.until,
        checks: Vec::new(),
    })
}

/// Now, and how far other clocks may be from ours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub at: Timestamp,
    pub skew: SignedDuration,
}

impl Clock {
    /// Whether a moment at which something begins has come.
    pub(super) fn has_come(self, begin: Timestamp) -> bool {
        begin <= self.at.saturating_add(self.skew).unwrap_or(Timestamp::MAX)
    }

    /// Whether a moment at which something ends is over.
    pub(super) fn is_over(self, end: Timestamp) -> bool {
        end <= self.at.saturating_sub(self.skew).unwrap_or(Timestamp::MIN)
    }
}

/// A moment in an attribute. One that cannot be read is an error, never the same as none.
pub(super) fn moment(element: Element<'_>, name: &str) -> Result<Option<Timestamp>, String> {
    let Some(text) = element.attribute(name) else {
        return Ok(None);
    };
    match crate::time::parse(text) {
        Some(moment) => Ok(Some(moment)),
        None => Err(format!("{name} is “{}”, which is no moment.", clip(text))),
    }
}

/// SAML bindings, 3.5.5.2: a signed message names where it was sent.
fn destination(
    verifier: &Verifier<'_>,
    response: Element<'_>,
    signed: bool,
) -> Result<Finding, String> {
    match response.attribute("Destination") {
        Some(found) if found == verifier.acs => Ok(Finding::Ok(
            "The response was sent to our address.".to_owned(),
        )),
        Some(found) => Err(format!(
            "The destination is “{}”, expected “{}”.",
            clip(found),
            clip(verifier.acs)
        )),
        None if signed => Err(format!(
            "The signed response names no destination, expected “{}”.",
            clip(verifier.acs)
        )),
        None => Ok(Finding::Skipped(
            "The response names no destination.".to_owned(),
        )),
    }
}

fn issuer(
    verifier: &Verifier<'_>,
    trusted: &Trusted,
    assertion: Element<'_>,
) -> Result<(String, Finding), String> {
    let (response, signed) = (trusted.response(), trusted.response_signed);
    let read = |of: Element<'_>, what: &str| match of.at_most_one(ns::ASSERTION, "Issuer") {
        Err(_) => Err(format!("The {what} has more than one issuer.")),
        Ok(None) => Ok(None),
        Ok(Some(issuer)) => match issuer.text() {
            Some(text) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            _ => Err(format!("The {what}'s issuer is empty.")),
        },
    };
    let of_response = read(response, "response")?;
    let of_assertion =
        read(assertion, "assertion")?.ok_or_else(|| "The assertion has no issuer.".to_owned())?;
    let Some(wanted) = verifier.idp.entity_id.as_deref() else {
        match of_response {
            Some(found) if found != of_assertion => {
                return Err("Response and assertion have different issuers.".to_owned());
            }
            None if !signed => {
                return Err(
                    "The response has no issuer, and only a certificate is configured to compare the assertion's with."
                        .to_owned(),
                );
            }
            _ => {}
        }
        let said = "Only a certificate is configured: the issuer is told and not compared.";
        return Ok((of_assertion, Finding::Warning(said.to_owned())));
    };
    // The profile lets an unsigned response leave its issuer out, and some leave it out of others: the assertion has one.
    for (what, found) in [
        ("response", of_response.as_ref()),
        ("assertion", Some(&of_assertion)),
    ] {
        if let Some(found) = found.filter(|found| *found != wanted) {
            return Err(format!(
                "The issuer of the {what} is “{}”, expected “{}”.",
                clip(found),
                clip(wanted)
            ));
        }
    }
    Ok((
        of_assertion,
        Finding::Ok("The issuer is the identity provider.".to_owned()),
    ))
}

/// The only `Conditions` of an assertion.
fn only_conditions(assertion: Element<'_>) -> Result<Element<'_>, String> {
    assertion
        .only(ns::ASSERTION, "Conditions")
        .map_err(|how_many| {
            match how_many {
                HowMany::None => "The assertion has no conditions.",
                HowMany::Several => "The assertion has more than one set of conditions.",
            }
            .to_owned()
        })
}

/// SAML core, 2.5.1.
fn conditions(assertion: Element<'_>, clock: Clock) -> Result<Finding, String> {
    if assertion.attribute("Version") != Some("2.0") {
        return Err("The assertion's version is not “2.0”.".to_owned());
    }
    if assertion.attribute("ID").is_none_or(str::is_empty) {
        return Err("The assertion has no ID.".to_owned());
    }
    let conditions = only_conditions(assertion)?;
    const KNOWN: &[&str] = &["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];
    if let Some(other) = conditions
        .children()
        .find(|c| c.namespace() != ns::ASSERTION || !KNOWN.contains(&c.local()))
    {
        return Err(format!(
            "The condition “{}” is not known, so that nobody can say that it holds.",
            clip(other.local())
        ));
    }
    if conditions.at_most_one(ns::ASSERTION, "OneTimeUse").is_err() {
        return Err("OneTimeUse is there more than once.".to_owned());
    }
    let begin = moment(conditions, "NotBefore")?;
    let end = moment(conditions, "NotOnOrAfter")?;
    if let Some(begin) = begin.filter(|begin| !clock.has_come(*begin)) {
        return Err(format!(
            "The assertion is not in force before {begin}; it is {}.",
            clock.at
        ));
    }
    if let Some(end) = end.filter(|end| clock.is_over(*end)) {
        return Err(format!(
            "The assertion was in force until {end}; it is {}.",
            clock.at
        ));
    }
    if begin.zip(end).is_some_and(|(begin, end)| begin >= end) {
        return Err("The assertion ends before it begins.".to_owned());
    }
    Ok(Finding::Ok("The assertion is in force.".to_owned()))
}

/// SAML core, 2.5.1.4: every restriction has to name us. The profile (4.1.4.2) asks for at least one.
fn audience(verifier: &Verifier<'_>, assertion: Element<'_>) -> Result<Finding, String> {
    let conditions = only_conditions(assertion)?;
    let mut restricted = false;
    for restriction in conditions.children_named(ns::ASSERTION, "AudienceRestriction") {
        restricted = true;
        let named: Vec<String> = restriction
            .children_named(ns::ASSERTION, "Audience")
            .map(|audience| audience.text().unwrap_or_default().trim().to_owned())
            .collect();
        if !named.iter().any(|name| name == verifier.sp_entity) {
            return Err(format!(
                "The audience is “{}”, expected “{}”.",
                clip(&named.join("”, “")),
                clip(verifier.sp_entity)
            ));
        }
    }
    match restricted {
        true => Ok(Finding::Ok("The assertion is for us.".to_owned())),
        false if verifier.policy.missing_audience => Ok(Finding::Warning(
            "The assertion names no audience, so that another service could present it; a server refuses it."
                .to_owned(),
        )),
        false => Err(format!(
            "The assertion names no audience, expected “{}”.",
            clip(verifier.sp_entity)
        )),
    }
}

/// SAML core, 2.7.2.2.
fn context_class(statement: Element<'_>) -> Option<String> {
    let context = statement.only(ns::ASSERTION, "AuthnContext").ok()?;
    let class = context.only(ns::ASSERTION, "AuthnContextClassRef").ok()?;
    Some(class.text()?.trim().to_owned())
}

#[derive(Debug, Default)]
struct Session {
    index: Option<String>,
    context: Option<String>,
    instant: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// SAML core, 2.7.2.
fn authn_statement(assertion: Element<'_>, clock: Clock) -> Result<(Session, Finding), String> {
    let mut found: Option<Session> = None;
    for statement in assertion.children_named(ns::ASSERTION, "AuthnStatement") {
        let until = moment(statement, "SessionNotOnOrAfter")?;
        if let Some(until) = until.filter(|until| clock.is_over(*until)) {
            return Err(format!("The session ended at {until}; it is {}.", clock.at));
        }
        let instant = moment(statement, "AuthnInstant")?;
        if let Some(instant) = instant.filter(|instant| !clock.has_come(*instant)) {
            return Err(format!(
                "The sign-in is of {instant}, which has not come; it is {}.",
                clock.at
            ));
        }
        let is_first = found.is_none();
        let session = found.get_or_insert_default();
        // Of several moments the earliest counts, and none where one is not said.
        session.instant = match is_first {
            true => instant,
            false => session.instant.zip(instant).map(|(a, b)| a.min(b)),
        };
        session.until = match (session.until, until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if session.index.is_none() {
            session.index = statement.attribute("SessionIndex").map(str::to_owned);
        }
        // Of several ways none counts: which of them was shown when is for nobody to guess.
        session.context = match (session.context.take(), context_class(statement)) {
            (None, found) => found,
            (Some(before), Some(found)) if before == found => Some(found),
            _ => None,
        };
    }
    let session = found.ok_or_else(|| {
        "The assertion has no AuthnStatement: it does not say that anybody signed in.".to_owned()
    })?;
    let said = "The person signed in with the identity provider.".to_owned();
    Ok((session, Finding::Ok(said)))
}
