//! What the page of one's own account shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, FormErrors};

/// `GET /me`.
#[derive(Debug, Template)]
#[template(path = "identity/tokens/account.html")]
pub struct AccountPage {
    /// The page's context.
    pub page: Page,
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// A token right after it was made; shown once.
    pub shown: Option<NewToken>,
    /// Whether the person may have tokens.
    pub can_make_tokens: bool,
    /// Her tokens.
    pub tokens: Vec<TokenRow>,
    /// The permissions she can give to one.
    pub permissions: Vec<Choice>,
    /// The languages of pages, hers chosen.
    pub locales: Vec<Choice>,
    /// The new token's name as typed.
    pub typed_name: String,
    /// Its days as typed.
    pub typed_days: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AccountPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-me");
}

/// A token in clear; prints itself into the page only.
#[derive(Clone)]
pub struct NewToken(pub String);

impl std::fmt::Debug for NewToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NewToken(..)")
    }
}

/// A token in the list.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Permissions, separated by spaces.
    pub permissions: String,
    /// The end of the token as it was shown.
    pub last_four: Option<String>,
    /// When it was last used.
    pub last_used: Option<String>,
    /// When it expires.
    pub expires: String,
    /// Works, expired, revoked.
    pub state: Badge,
    /// Whether it can be revoked.
    pub works: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::web::nav::Section;
    use crate::platform::web::render_check::{check, sample_page};
    use crate::platform::web::view::Tone;

    #[test]
    fn the_account_renders_and_its_token_reaches_no_log() {
        check("me", |locale| {
            let mut page = sample_page(locale, Section::Home, "");
            page.title = page.t(AccountPage::TITLE);
            let view = AccountPage {
                page,
                name: "Ann Lindqvist".into(),
                email: "ann@harbour.example".into(),
                shown: Some(NewToken("csk_sample".into())),
                can_make_tokens: true,
                tokens: vec![TokenRow {
                    id: "0197".into(),
                    name: "import".into(),
                    permissions: "bills.read".into(),
                    last_four: Some("x1Qz".into()),
                    last_used: None,
                    expires: "05 Dec 2026".into(),
                    state: Badge::new(Tone::Good, "Works"),
                    works: true,
                }],
                permissions: vec![Choice::new("bills.read", "bills.read", "")],
                locales: vec![Choice::new("en", "English", "en")],
                typed_name: String::new(),
                typed_days: "30".into(),
                errors: FormErrors::default(),
            };
            assert!(!format!("{view:?}").contains("csk_sample"));
            view
        });
    }
}
