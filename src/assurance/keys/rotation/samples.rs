//! The page of the keys with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, FormErrors, Tone};

fn keys(locale: Locale) -> KeysPage {
    let mut page = sample_page(locale, Section::Settings, "");
    page.title = page.t(KeysPage::TITLE);
    let time = page.time(1_793_920_000_000_000);
    let row = |level: &'static str, version: &str, state: Badge, progress: &str| LevelRow {
        level,
        name: page.t(match level {
            "values" => "keys-level-values",
            "documents" => "keys-level-documents",
            _ => "keys-level-subjects",
        }),
        version: version.into(),
        since: time.clone(),
        due: time.clone(),
        state,
        progress: progress.into(),
        is_under_way: !progress.is_empty(),
    };
    KeysPage {
        levels: vec![
            row(
                "values",
                "2",
                Badge::new(Tone::Info, "Being rotated"),
                "1,204 of 10,482 left under retired keys",
            ),
            row("documents", "1", Badge::new(Tone::Bad, "Due"), ""),
            row("subjects", "", Badge::new(Tone::Good, "In time"), ""),
        ],
        roots: vec![
            RootRow {
                name: page.t("keys-root-storage"),
                since: time.clone(),
                due: time.clone(),
                state: Badge::new(Tone::Warn, "Due soon"),
            },
            RootRow {
                name: page.t("keys-root-field"),
                since: time.clone(),
                due: time.clone(),
                state: Badge::new(Tone::Good, "In time"),
            },
        ],
        backup: BackupNote {
            state: Badge::new(Tone::Bad, "Too old"),
            newest: "The newest backup is of 1 November.".into(),
            mend: "Look into the log.".into(),
        },
        former: Some("3 keys still under the former root".into()),
        may_rotate: true,
        errors: FormErrors::default(),
        page,
    }
}

#[test]
fn the_keys_render() {
    check("keys", keys);
    check("keys-only-read", |locale| KeysPage {
        may_rotate: false,
        former: None,
        ..keys(locale)
    });
}
