//! Filters, paths and changes as the standard and directories write them.

mod changes;
mod whatever;

use serde_json::{Value, json};

use super::address::{address, locale, name};
use super::filter::{Filter, PatchPath};
use super::resource::names;
use super::select::{Asked, Page, Selection};
use super::{Fault, Object, USERS};
use crate::platform::web::locale::Locale;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn barbara() -> Object {
    object(json!({
        "userName": "bjensen",
        "externalId": "E-7",
        "displayName": "Barbara Jensen",
        "active": true,
        "name": { "givenName": "Barbara", "familyName": "Jensen" },
        "emails": [
            { "value": "bjensen@harbour.example", "type": "work", "primary": true },
            { "value": "babs@jensen.example", "type": "home" },
        ],
        "meta": { "lastModified": "2026-05-13T04:42:34Z" },
        ENTERPRISE: { "department": "Accounts" },
    }))
}

fn matches(filter: &str) -> bool {
    let parsed = Filter::parse(&USERS, filter);
    parsed
        .unwrap_or_else(|_| panic!("{filter}"))
        .matches(&barbara())
}

#[test]
fn the_standards_filters_find_what_they_describe() {
    for filter in [
        "userName eq \"bjensen\"",
        "USERNAME Eq \"BJensen\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"bj\"",
        "name.familyName co \"ens\"",
        "externalId eq \"E-7\"",
        "title ne \"Manager\"",
        "not (title pr)",
        "title eq null",
        "emails.type eq \"home\" and emails.value ew \"jensen.example\"",
        "emails[type eq \"work\" and value co \"@harbour.example\"]",
        "emails co \"harbour\"",
        "emails pr",
        "active eq true",
        "(active eq true) and (userName pr)",
        "active eq \"True\"",
        "title pr or userName pr and active eq true",
        "meta.lastModified gt \"2026-05-13T04:42:33.9Z\"",
        "meta.lastModified le \"2026-05-13T06:42:34+02:00\"",
        "userName lt \"c\"",
        "userName ge \"bjensen\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"accounts\"",
        "not (phoneNumbers pr)",
        "displayName eq \"Barbara \\u004aensen\"",
    ] {
        assert!(matches(filter), "{filter}");
    }
    for filter in [
        "userName eq \"jensen\"",
        "externalId eq \"e-7\"",
        "emails[type eq \"home\" and value co \"@harbour.example\"]",
        "(title pr or userName pr) and active eq false",
        "title gt \"a\"",
        "userName ne \"BJENSEN\"",
        "meta.lastModified gt \"2026-05-13T04:42:34.1Z\"",
        "phoneNumbers pr",
    ] {
        assert!(!matches(filter), "{filter}");
    }
}

#[test]
fn what_is_no_filter_is_refused_and_never_taken_for_everything() {
    let deep = format!("{}userName pr{}", "(".repeat(40), ")".repeat(40));
    let long = format!("userName eq \"{}\"", "a".repeat(5000));
    for filter in [
        "",
        "userName",
        "userName eq",
        "userName eq bjensen",
        "userName is \"bjensen\"",
        "moon eq \"full\"",
        "userName eq \"a\" and",
        "userName eq \"a\" userName eq \"b\"",
        "(userName pr",
        "userName pr)",
        "not userName pr",
        "active gt true",
        "active eq \"perhaps\"",
        "emails[type eq \"work\"",
        "emails[emails[type pr]]",
        "userName eq {}",
        "userName eq [\"a\"]",
        deep.as_str(),
        long.as_str(),
    ] {
        let refused = Filter::parse(&USERS, filter);
        assert_eq!(refused.err(), Some(Fault::Filter), "{filter:.80}");
    }
}

#[test]
fn an_account_is_named_and_addressed_by_what_is_there() {
    assert_eq!(name(&barbara()), "Barbara Jensen");
    assert_eq!(
        address(&barbara()).as_deref(),
        Some("bjensen@harbour.example")
    );
    let bare = object(json!({ "userName": "Ann@Harbour.example", "preferredLanguage": "de-AT" }));
    assert_eq!(name(&bare), "Ann@Harbour.example");
    assert_eq!(address(&bare).as_deref(), Some("Ann@Harbour.example"));
    assert_eq!(locale(&bare), Some(Locale::De));
    let nobody = object(json!({ "userName": "ann" }));
    assert_eq!(address(&nobody), None);
}

#[test]
fn an_answer_shows_what_was_asked_for() {
    let asked = |attributes: Option<&str>, excluded: Option<&str>| {
        let asked = Asked {
            attributes: attributes.map(Into::into),
            excluded_attributes: excluded.map(Into::into),
            ..Asked::default()
        };
        let mut whole = barbara();
        whole.insert("id".into(), json!("1"));
        Value::Object(Selection::of(&USERS, &asked).apply(whole))
    };
    assert_eq!(
        asked(Some("userName, emails.value,moon"), None),
        json!({
            "id": "1", "userName": "bjensen",
            "emails": [{ "value": "bjensen@harbour.example" }, { "value": "babs@jensen.example" }],
        })
    );
    let rest = asked(
        None,
        Some("id,name,emails.type,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"),
    );
    assert_eq!(rest["id"], "1", "it is always there");
    assert_eq!(rest.get("name"), None);
    assert_eq!(rest.get(ENTERPRISE), None);
    assert_eq!(rest["emails"][1], json!({ "value": "babs@jensen.example" }));
}

#[test]
fn a_list_begins_and_ends_within_its_bounds() {
    let page = |start: Option<&str>, count: Option<&str>| {
        let asked = Asked {
            start_index: start.map(Into::into),
            count: count.map(Into::into),
            ..Asked::default()
        };
        Page::of(&USERS, &asked).map(|page| (page.start, page.count))
    };
    assert_eq!(page(None, None), Ok((1, 100)));
    assert_eq!(page(Some("-7"), Some("-1")), Ok((1, 0)));
    assert_eq!(page(Some("11"), Some("100000")), Ok((11, 200)));
    assert_eq!(
        page(Some("x"), None),
        Err(Fault::Value("startIndex".to_owned()))
    );
}

#[test]
fn a_condition_names_versions() {
    for condition in ["W/\"3\"", "\"3\"", "W/\"1\", W/\"3\"", "*"] {
        assert!(names(condition, 3), "{condition}");
    }
    for condition in ["W/\"33\"", "3", "", "\"\"", "W/\"2\""] {
        assert!(!names(condition, 3), "{condition}");
    }
}

#[test]
fn a_path_that_is_cut_off_is_none() {
    for path in [
        "emails[",
        "emails[type eq \"work\"",
        "emails[type eq \"work\"].moon",
        "emails[type eq \"work\"]x",
        "name[formatted pr]",
        "userName[x pr]",
        "[type pr]",
        ".",
        "",
    ] {
        assert!(PatchPath::parse(&USERS, path).is_err(), "{path}");
    }
}
