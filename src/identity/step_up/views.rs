//! What the pages in between show.

use std::fmt;

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::FormErrors;

/// `GET /step-up`, and the answer to whatever needs a factor that was shown a moment ago.
#[derive(Debug, Template)]
#[template(path = "identity/step_up/ask.html")]
pub struct StepUpPage {
    /// The page's context.
    pub page: Page,
    /// Whether an app of hers gives codes.
    pub has_app: bool,
    /// Whether she has a passkey, and browsers know how to ask for it here.
    pub has_passkey: bool,
    /// Whether a recovery code will do.
    pub takes_recovery: bool,
    /// Where she came from, if it takes her factor again.
    pub there: Option<There>,
    /// What goes on afterwards.
    pub carried: CarriedFields,
    /// What is wrong.
    pub errors: FormErrors,
}

impl StepUpPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-step-up-title");
}

/// A connection to an identity provider.
#[derive(Debug, Clone)]
pub struct There {
    /// How it is called.
    pub name: String,
    /// The address of ours that leads there.
    pub to: String,
}

/// What was asked for, as hidden fields.
#[derive(Clone)]
pub struct CarriedFields {
    /// The address.
    pub to: String,
    /// The form that was sent there.
    pub form: Option<String>,
    /// The browser's code over both.
    pub code: String,
}

/// `POST /step-up`, where a form goes on.
#[derive(Template)]
#[template(path = "identity/step_up/go_on.html")]
pub struct GoOnPage {
    /// The page's context.
    pub page: Page,
    /// Where the form goes.
    pub to: String,
    /// What it holds.
    pub fields: Vec<(String, String)>,
}

impl GoOnPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-step-up-done");
}

/// What somebody typed is for her page, not for a log.
macro_rules! opaque {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
opaque!(CarriedFields, GoOnPage);
