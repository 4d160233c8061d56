//! The page of directories with sample data.

use super::views::{DirectoriesPage, DirectoryBlock, MappingRow, NewToken, TokenRow};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

#[test]
fn the_page_of_directories_renders_and_its_token_reaches_no_log() {
    check("settings-directories", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(DirectoriesPage::TITLE);
        let token = |is_open, last_used: Option<&str>| TokenRow {
            id: "0197".into(),
            state: Badge::new(Tone::Warn, "Waits"),
            made: "Ann Lindqvist, 05 Nov 2026".into(),
            expires: "05 Nov 2027, 14:03".into(),
            last_used: last_used.map(Into::into),
            can_confirm: is_open,
            is_open,
            works: !is_open,
        };
        let mapping = |is_open| MappingRow {
            id: "0197".into(),
            group: "Accounts payable".into(),
            role: "Clerk".into(),
            state: Badge::new(Tone::Good, "Works"),
            proposed_by: "Ann Lindqvist".into(),
            can_confirm: is_open,
            is_open,
            works: !is_open,
        };
        let view = DirectoriesPage {
            page,
            can_change: true,
            address: "https://ap.example/scim/v2".into(),
            shown: Some(NewToken("csd_sample".into())),
            directories: vec![DirectoryBlock {
                id: "0197".into(),
                name: "Entra".into(),
                counts: "12 people, 11 with an account".into(),
                waiting: Some("1 active person has no account.".into()),
                tokens: vec![token(true, None), token(false, Some("06 Nov 2026, 09:00"))],
                mappings: vec![mapping(true), mapping(false)],
                groups: vec![Choice::new("0197", "Accounts payable", "")],
                roles: vec![Choice::new("clerk", "Clerk", "")],
            }],
            typed_name: String::new(),
            typed_days: "90".into(),
            errors: FormErrors::default(),
        };
        assert!(!format!("{view:?}").contains("csd_sample"));
        view
    });
}
