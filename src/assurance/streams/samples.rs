//! The page of streams with sample data.

use super::views::{May, NewSecret, StreamRow, StreamsPage};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

#[test]
fn the_page_of_streams_renders_and_its_secret_reaches_no_log() {
    check("settings-streams", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(StreamsPage::TITLE);
        let row = |name: &str, state: Badge, may: May| StreamRow {
            id: "0197".into(),
            name: name.into(),
            how: "Webhook, OCSF 1.3.0".into(),
            address: "https://siem.example/in".into(),
            state,
            trouble: None,
            again: None,
            lag: Some("3 entries wait".into()),
            delivered: Some("05 Nov 2026, 14:03".into()),
            proposed: "Ann Lindqvist, 05 Nov 2026, 13:01".into(),
            decided: Some("Tomás Okafor, 05 Nov 2026, 13:20".into()),
            begins: "With the first entry".into(),
            may,
        };
        let waiting = StreamRow {
            lag: None,
            delivered: None,
            decided: None,
            ..row(
                "Archive",
                Badge::new(Tone::Warn, "Waits for another person"),
                May {
                    confirm: true,
                    refuse: true,
                    ..May::default()
                },
            )
        };
        let failing = StreamRow {
            id: "0198".into(),
            trouble: Some("The certificate is not trusted.".into()),
            again: Some("Tried again on 05 Nov 2026, 14:08.".into()),
            ..row(
                "SIEM",
                Badge::new(Tone::Bad, "Fails"),
                May {
                    pause: true,
                    resume: true,
                    remove: true,
                    rotate: true,
                    test: true,
                    ..May::default()
                },
            )
        };
        let view = StreamsPage {
            page,
            can_propose: true,
            shown: Some(NewSecret {
                name: "SIEM".into(),
                secret: "whsec_sample".into(),
            }),
            rows: vec![waiting, failing],
            kinds: vec![Choice::new("webhook", "Webhook", "")],
            formats: vec![Choice::new("ocsf", "OCSF 1.3.0", "")],
            beginnings: vec![Choice::new("first", "With the first entry", "")],
            formers: vec![Choice::new("", "None", "")],
            typed_name: String::new(),
            typed_address: String::new(),
            errors: FormErrors::default(),
        };
        assert!(!format!("{view:?}").contains("whsec_sample"));
        view
    });
}
