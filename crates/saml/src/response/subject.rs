//! Who it is about, and that a bearer may present it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::encryption;
use crate::words::clip;
use crate::xml::{Document, Element, HowMany, ns};

use super::checks::{Finding, noted};
use super::rules::{Clock, moment};
use super::trusted::Trusted;
use super::{Expected, Verifier};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The formats of names that an affiliation of service providers can share (SAML core, 8.3.7 and 8.3.8).
const SHARED: &[&str] = &[
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

#[derive(Debug)]
pub(super) struct Name {
    pub value: String,
    pub format: Option<String>,
    pub qualifier: Option<String>,
    pub sp_qualifier: Option<String>,
}

fn only_subject(assertion: Element<'_>) -> Result<Element<'_>, String> {
    assertion.only(ns::ASSERTION, "Subject").map_err(|many| {
        match many {
            HowMany::None => "The assertion has no subject.",
            HowMany::Several => "The assertion has more than one subject.",
        }
        .to_owned()
    })
}

/// The subject's name, opened where it is encrypted.
pub(super) fn name_id(
    verifier: &Verifier<'_>,
    assertion: Element<'_>,
) -> Result<(Name, Finding), String> {
    let subject = only_subject(assertion)?;
    let plain: Vec<Element<'_>> = subject
        .children()
        .filter(|e| {
            ["NameID", "EncryptedID", "BaseID"]
                .iter()
                .any(|local| e.is(ns::ASSERTION, local))
        })
        .collect();
    let [one] = plain.as_slice() else {
        return Err(match plain.is_empty() {
            true => "The subject has no name (NameID).".to_owned(),
            false => "The subject has more than one name.".to_owned(),
        });
    };
    if one.local() == "EncryptedID" {
        let (document, notes) = open(verifier, *one, "name")?;
        let root = document.root();
        if !root.is(ns::ASSERTION, "NameID") {
            return Err("What was encrypted is no NameID.".to_owned());
        }
        let (name, doubts) = name(verifier, root)?;
        let notes = [notes, doubts].concat();
        return Ok((name, noted("The name was encrypted for us.", &notes)));
    }
    if one.local() == "BaseID" {
        return Err("The subject's name is a BaseID, which nothing here knows.".to_owned());
    }
    let (name, doubts) = name(verifier, *one)?;
    Ok((name, noted("The subject has a name.", &doubts)))
}

/// Opens a part of a verified assertion.
fn open(
    verifier: &Verifier<'_>,
    container: Element<'_>,
    what: &str,
) -> Result<(Document, Vec<String>), String> {
    // The assertion's or the response's signature was made over this ciphertext and has been verified.
    let opened = encryption::open(container, verifier.key, &verifier.policy, true)
        .map_err(|error| format!("The encrypted {what} stays closed: {error}."))?;
    Ok((opened.document, opened.notes))
}

/// The name, and what is doubtful of it.
fn name(verifier: &Verifier<'_>, element: Element<'_>) -> Result<(Name, Vec<String>), String> {
    let value = element
        .text()
        .filter(|value| !value.trim().is_empty())
        .ok_or_else(|| "The subject's name is empty.".to_owned())?;
    let attribute = |name: &str| element.attribute(name).map(str::to_owned);
    let sp_qualifier = attribute("SPNameQualifier").filter(|value| !value.is_empty());
    let format = attribute("Format");
    let mut doubts = Vec::new();
    if let Some(found) = sp_qualifier.as_deref()
        && found != verifier.sp_entity
    {
        let (found, ours) = (clip(found), clip(verifier.sp_entity));
        let is_shared = format.as_deref().is_some_and(|of| SHARED.contains(&of));
        if !is_shared || !verifier.policy.foreign_qualifier {
            return Err(format!(
                "The name is for “{found}”, expected “{ours}” (SPNameQualifier)."
            ));
        }
        doubts.push(format!(
            "it is for “{found}” and not for “{ours}” (SPNameQualifier), which is right only of an affiliation that we are of; a server refuses it"
        ));
    }
    let name = Name {
        value,
        format,
        qualifier: attribute("NameQualifier"),
        sp_qualifier,
    };
    Ok((name, doubts))
}

/// The confirmation that holds.
#[derive(Debug)]
pub(super) struct Confirmed {
    pub in_response_to: Option<String>,
    /// The latest end of any bearer confirmation: until then the assertion may come again.
    pub until: Timestamp,
}

/// SAML profiles, 4.1.4.2 and 4.1.4.3: at least one bearer confirmation holds in all of its parts.
pub(super) fn confirmation(
    verifier: &Verifier<'_>,
    trusted: &Trusted,
    assertion: Element<'_>,
    expected: Expected<'_>,
    clock: Clock,
) -> Result<(Confirmed, Finding), String> {
    let subject = only_subject(assertion)?;
    let mut first_error = None;
    let mut holding: Vec<(Element<'_>, bool)> = Vec::new();
    let mut until = Timestamp::MIN;
    for confirmation in subject.children_named(ns::ASSERTION, "SubjectConfirmation") {
        let found = bearer(verifier, trusted, confirmation, clock);
        match found {
            Ok((data, end, with_recipient)) => {
                until = until.max(end);
                holding.push((data, with_recipient));
            }
            Err(said) => {
                first_error.get_or_insert(said);
            }
        }
    }
    let answers = |(data, _): &&(Element<'_>, bool)| match expected {
        Expected::Request(id) | Expected::RequestOrNone(id) => {
            data.attribute("InResponseTo") == Some(id)
        }
        _ => true,
    };
    let chosen = holding.iter().find(answers).or_else(|| holding.first());
    let Some((data, with_recipient)) = chosen else {
        return Err(first_error
            .unwrap_or_else(|| "The subject has no confirmation of a bearer.".to_owned()));
    };
    let finding = match with_recipient {
        true => Finding::Ok("A bearer may present the assertion to us, now.".to_owned()),
        false => Finding::Warning(
            "The confirmation names no recipient; the signed response's destination stands in for it."
                .to_owned(),
        ),
    };
    // Some write an empty one where nothing is answered.
    let in_response_to = data
        .attribute("InResponseTo")
        .filter(|id| !id.is_empty())
        .map(str::to_owned);
    let confirmed = Confirmed {
        in_response_to,
        until,
    };
    Ok((confirmed, finding))
}

/// One confirmation: its data, its end, and whether it names its recipient.
fn bearer<'d>(
    verifier: &Verifier<'_>,
    trusted: &Trusted,
    confirmation: Element<'d>,
    clock: Clock,
) -> Result<(Element<'d>, Timestamp, bool), String> {
    let method = confirmation.attribute("Method").unwrap_or_default();
    if method != BEARER {
        return Err(format!(
            "The confirmation's method is “{}”, expected “{BEARER}”.",
            clip(method)
        ));
    }
    let data = confirmation
        .only(ns::ASSERTION, "SubjectConfirmationData")
        .map_err(|_| {
            "The confirmation has no SubjectConfirmationData, or more than one.".to_owned()
        })?;
    let end = moment(data, "NotOnOrAfter")?
        .ok_or_else(|| "The confirmation has no end (NotOnOrAfter).".to_owned())?;
    if clock.is_over(end) {
        return Err(format!(
            "The assertion could be presented until {end}; it is {}.",
            clock.at
        ));
    }
    let begin = moment(data, "NotBefore")?;
    if let Some(begin) = begin.filter(|begin| !clock.has_come(*begin)) {
        return Err(format!(
            "The assertion cannot be presented before {begin}; it is {}.",
            clock.at
        ));
    }
    match data.attribute("Recipient") {
        Some(found) if found == verifier.acs => Ok((data, end, true)),
        Some(found) => Err(format!(
            "The recipient is “{}”, expected “{}”.",
            clip(found),
            clip(verifier.acs)
        )),
        // A destination is compared by a check of its own.
        None if trusted.response_signed
            && trusted.response().attribute("Destination") == Some(verifier.acs) =>
        {
            Ok((data, end, false))
        }
        None => Err(format!(
            "The confirmation names no recipient, expected “{}”.",
            clip(verifier.acs)
        )),
    }
}

/// Which request is answered: by the confirmation, or by the response where that is signed. What an unsigned response says can
/// contradict and not confirm.
pub(super) fn in_response_to(
    trusted: &Trusted,
    confirmed: &Confirmed,
    expected: Expected<'_>,
) -> Result<(Option<String>, Finding), String> {
    let around = trusted
        .response()
        .attribute("InResponseTo")
        .filter(|id| !id.is_empty());
    let inside = confirmed.in_response_to.as_deref();
    let verified = inside.or(around.filter(|_| trusted.response_signed));
    let said = [around, inside];
    let mut told = said.iter().flatten().copied();
    let wrong = |wanted: &str| said.iter().flatten().copied().find(|id| *id != wanted);
    let differs = |wanted: &str, found: &str| {
        format!(
            "The response answers request “{}”, expected “{}”.",
            clip(found),
            clip(wanted)
        )
    };
    let answered = verified.map(str::to_owned);
    let ok = |said: &str| Ok((answered.clone(), Finding::Ok(said.to_owned())));
    match expected {
        Expected::Request(id) => match (wrong(id), verified) {
            (Some(found), _) => Err(differs(id, found)),
            (None, Some(_)) => ok("The response answers our request."),
            (None, None) => Err(format!(
                "Nothing that is signed says which request is answered, expected “{}”.",
                clip(id)
            )),
        },
        Expected::RequestOrNone(id) => match (wrong(id), verified) {
            (Some(found), _) => Err(differs(id, found)),
            (None, Some(_)) => ok("The response answers our request."),
            (None, None) => ok("The response answers no request, which is allowed."),
        },
        Expected::Unsolicited => match told.next() {
            Some(found) => Err(format!(
                "The response answers request “{}”, and none is expected.",
                clip(found)
            )),
            None => ok("The response answers no request, which is allowed."),
        },
        Expected::Unknown { unsolicited } => {
            if let (Some(around), Some(inside)) = (around, inside)
                && around != inside
            {
                return Err(differs(around, inside));
            }
            match told.next() {
                Some(found) => Ok((
                    answered.clone(),
                    Finding::Warning(format!(
                        "The response answers request “{}”; without the request's ID this is not compared.",
                        clip(found)
                    )),
                )),
                None if unsolicited => ok("The response answers no request, which is allowed."),
                None => Err(
                    "The response answers no request, and one that the identity provider began is not allowed."
                        .to_owned(),
                ),
            }
        }
    }
}

/// SAML core, 2.7.3. A name that comes twice has two readers who take different values for the truth.
pub(super) fn attributes(
    verifier: &Verifier<'_>,
    assertion: Element<'_>,
) -> Result<(BTreeMap<String, Vec<String>>, Finding), String> {
    let mut found = BTreeMap::new();
    let mut notes = Vec::new();
    for statement in assertion.children_named(ns::ASSERTION, "AttributeStatement") {
        for element in statement.children() {
            if element.is(ns::ASSERTION, "Attribute") {
                add(element, &mut found)?;
            } else if element.is(ns::ASSERTION, "EncryptedAttribute") {
                let (document, more) = open(verifier, element, "attribute")?;
                if !document.root().is(ns::ASSERTION, "Attribute") {
                    return Err("What was encrypted is no attribute.".to_owned());
                }
                notes.extend(more);
                add(document.root(), &mut found)?;
            }
        }
    }
    notes.dedup();
    let said = format!("Attributes: {}.", found.len());
    Ok((found, noted(&said, &notes)))
}

fn add(attribute: Element<'_>, found: &mut BTreeMap<String, Vec<String>>) -> Result<(), String> {
    let name = attribute.attribute("Name").unwrap_or_default();
    if name.is_empty() {
        return Err("An attribute has no name.".to_owned());
    }
    let values = attribute
        .children_named(ns::ASSERTION, "AttributeValue")
        .map(|value| match value.text() {
            Some(text) => text,
            None => value.deep_text().trim().to_owned(),
        })
        .collect();
    match found.insert(name.to_owned(), values) {
        None => Ok(()),
        Some(_) => Err(format!(
            "The attribute “{}” is there twice; let the identity provider send one attribute with all of its values.",
            clip(name)
        )),
    }
}
