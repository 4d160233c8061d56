//! Settings in words: everything that a second administrator confirms.

use countersign_oidc::discovery::Wrong;
use countersign_saml::metadata::IdentityProvider;

use crate::identity::roles::CustomRoles;
use crate::identity::sso::actions::Sight;
use crate::identity::sso::oidc::{Part, Unusable};
use crate::identity::sso::rules::{
    Configuration, Connection, GroupRole, Metadata, NameId, Protocol, Reason, Rule, Saml, sha256,
};
use crate::msg;
use crate::platform::ids::PersonId;
use crate::platform::outgoing::Unfetched;
use crate::platform::web::page::Page;
use crate::platform::web::view::Fact;

/// The names behind ids.
pub(super) type Names<'a> = &'a dyn Fn(PersonId) -> String;

/// Makes an address of ours of a path.
pub(super) type Links<'a> = &'a dyn Fn(&str) -> String;

fn fact(page: &Page, id: &str, value: impl Into<String>) -> Fact {
    let value: String = value.into();
    Fact::new(page.t(id), (!value.is_empty()).then_some(value), None)
}

fn yes_or_no(page: &Page, id: &str, value: bool) -> Fact {
    let word = if value {
        page.t(msg!("sso-yes"))
    } else {
        page.t(msg!("sso-no"))
    };
    fact(page, id, word)
}

/// All of a configuration. What the provider's administrator has to know of us is a part of it: `link` makes an address of ours.
pub(super) fn facts(
    page: &Page,
    configuration: &Configuration,
    (names, roles, link): (Names<'_>, &CustomRoles, Links<'_>),
) -> Vec<Fact> {
    match configuration {
        Configuration::Connection { id, connection } => {
            let mut facts = of_connection(page, roles, connection);
            if matches!(connection.protocol, Protocol::Oidc(_)) {
                let callback = link(&format!("/sso/{id}/callback"));
                facts.push(fact(page, msg!("sso-callback"), callback));
            }
            facts
        }
        Configuration::Domain { domain } => vec![fact(page, msg!("sso-domain"), domain)],
        Configuration::Rule { rule } => of_rule(page, rule, names),
        Configuration::Link { person, .. } | Configuration::Account { person, .. } => {
            vec![fact(page, msg!("people-name"), names(*person))]
        }
    }
}

fn of_rule(page: &Page, rule: &Rule, names: Names<'_>) -> Vec<Fact> {
    let marked: Vec<String> = rule.break_glass.iter().map(|id| names(*id)).collect();
    vec![
        yes_or_no(page, msg!("sso-rule-only"), rule.sso_only),
        fact(page, msg!("sso-break-glass"), marked.join(", ")),
    ]
}

fn of_connection(page: &Page, roles: &CustomRoles, connection: &Connection) -> Vec<Fact> {
    let mapping = &connection.mapping;
    let mut facts = vec![fact(page, msg!("sso-name"), &connection.name)];
    match &connection.protocol {
        Protocol::Saml(saml) => facts.extend(of_saml(page, saml)),
        Protocol::Oidc(oidc) => facts.extend([
            fact(page, msg!("sso-issuer"), &oidc.issuer),
            fact(page, msg!("sso-client-id"), &oidc.client_id),
        ]),
    }
    let given = |given: &GroupRole| match roles.find(given.role) {
        Some(own) => format!("{} = {} ({})", given.group, given.role, own.name),
        None => format!("{} = {}", given.group, given.role),
    };
    let roles: Vec<String> = mapping.roles.iter().map(given).collect();
    facts.extend([
        fact(page, msg!("sso-map-email"), &mapping.email),
        fact(page, msg!("sso-map-name"), &mapping.name),
        fact(page, msg!("sso-map-groups"), &mapping.groups),
        fact(page, msg!("sso-map-roles"), roles.join("; ")),
        yes_or_no(page, msg!("sso-just-in-time"), connection.just_in_time),
        yes_or_no(page, msg!("sso-trusts-factor"), connection.trusts_factor),
    ]);
    facts
}

fn of_saml(page: &Page, saml: &Saml) -> Vec<Fact> {
    let mut facts = vec![fact(page, msg!("sso-entity-id"), &saml.entity_id)];
    match &saml.metadata {
        Metadata::Address { address } => {
            facts.push(fact(page, msg!("sso-metadata-address"), address));
        }
        Metadata::Document { document } => {
            facts.push(fact(page, msg!("sso-document-hash"), sha256(document)));
            let found = IdentityProvider::choose(document.as_bytes(), Some(&saml.entity_id));
            let keys = found.map(|idp| idp.signing).unwrap_or_default();
            let prints: Vec<String> = keys.iter().map(|key| key.fingerprint()).collect();
            facts.push(fact(page, msg!("sso-certificates"), prints.join(", ")));
        }
    }
    facts.push(fact(
        page,
        msg!("sso-name-id"),
        format_word(page, saml.name_id),
    ));
    facts.push(yes_or_no(page, msg!("sso-unsolicited"), saml.unsolicited));
    facts
}

/// Why a provider cannot be used, for whoever proposes it: what, where, and what to do.
pub(super) fn unusable(page: &Page, why: &Unusable) -> String {
    match why {
        Unusable::Unfetched { part, at, why } => {
            let what = page.t(match part {
                Part::Description => msg!("sso-provider-description"),
                Part::Keys => msg!("sso-provider-keys"),
            });
            match why {
                Unfetched::Address => page.t2("sso-wrong-fetch-address", "what", what, "at", at),
                Unfetched::Network => page.t2("sso-wrong-fetch-network", "what", what, "at", at),
                Unfetched::Authorities(_) | Unfetched::Unreachable(_) => {
                    page.t2("sso-wrong-fetch-unreachable", "what", what, "at", at)
                }
                Unfetched::Broken(_) | Unfetched::Late => {
                    page.t2("sso-wrong-fetch-broken", "what", what, "at", at)
                }
                Unfetched::Status(status) => {
                    let at = format!("{at} ({})", status.as_u16());
                    page.t2("sso-wrong-fetch-status", "what", what, "at", at)
                }
            }
        }
        Unusable::Description { at, why } => match why {
            Wrong::Address => page.t(msg!("sso-wrong-issuer")),
            Wrong::Shape => page.t1("sso-wrong-provider-shape", "at", at),
            Wrong::Issuer => page.t1("sso-wrong-provider-issuer", "at", at),
            Wrong::Endpoint(name) => {
                page.t2("sso-wrong-provider-endpoint", "at", at, "name", *name)
            }
            Wrong::Flow => page.t1("sso-wrong-provider-flow", "at", at),
        },
        Unusable::Keys { at, .. } => page.t1("sso-wrong-provider-keys", "at", at),
    }
}

/// A format of name.
pub(super) fn format_word(page: &Page, format: NameId) -> String {
    page.t(match format {
        NameId::Persistent => msg!("sso-name-id-persistent"),
        NameId::Email => msg!("sso-name-id-email"),
        NameId::Unspecified => msg!("sso-name-id-unspecified"),
    })
}

/// Why somebody was refused, for the administrator.
pub(super) fn reason(page: &Page, reason: Reason) -> String {
    page.t(match reason {
        Reason::NotAccepted => msg!("sso-reason-not-accepted"),
        Reason::NotAsked => msg!("sso-reason-not-asked"),
        Reason::SeenBefore => msg!("sso-reason-seen-before"),
        Reason::Format => msg!("sso-reason-format"),
        Reason::NoEmail => msg!("sso-reason-no-email"),
        Reason::Domain => msg!("sso-reason-domain"),
        Reason::Unknown => msg!("sso-reason-unknown"),
        Reason::Suspended => msg!("sso-reason-suspended"),
        Reason::FactorsReset => msg!("sso-reason-factors-reset"),
        Reason::NotShown => msg!("sso-reason-not-shown"),
        Reason::LinkedElsewhere => msg!("sso-reason-linked-elsewhere"),
        Reason::Altered => msg!("sso-reason-altered"),
    })
}

/// Who proposed something, when, and until when it can be confirmed.
pub(super) fn proposed(page: &Page, sight: &Sight) -> String {
    let by = page.t2(
        "people-request-by",
        "name",
        &sight.proposed_by,
        "time",
        page.time(sight.setting.created.0),
    );
    let until = page.t1(
        "people-request-until",
        "time",
        page.time(sight.setting.expires.0),
    );
    format!("{by} {until}")
}
