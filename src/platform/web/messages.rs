//! Every text a person reads, from `messages/<language>/<field>.ftl` (Project Fluent), embedded in the binary.
//!
//! A test fails on an id that a template or a source file uses and a language lacks, on an id nobody uses, and on a
//! message whose variables differ between languages or from those at its place of use.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use super::locale::Locale;

/// Marks a message id that is stored first and shown later, so that the test over all ids sees it.
#[macro_export]
macro_rules! msg {
    ($id:literal) => {
        $id
    };
}

macro_rules! sources {
    ($language:literal: $($field:literal),+ $(,)?) => {
        &[$((
            concat!($language, "/", $field, ".ftl"),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/messages/", $language, "/", $field, ".ftl")),
        )),+]
    };
}

/// The message files of a locale: path under `messages/` and content.
pub(super) fn sources(locale: Locale) -> &'static [(&'static str, &'static str)] {
    match locale {
        Locale::En => {
            sources!("en": "platform", "setup", "sign_in", "people", "bills", "intake", "coding", "approvals",
            "vendors", "payments", "journal", "doings", "roles", "settings", "sso", "errors", "directories",
            "trust", "keys", "reveals", "disposals", "streams")
        }
        Locale::De => {
            sources!("de": "platform", "setup", "sign_in", "people", "bills", "intake", "coding", "approvals",
            "vendors", "payments", "journal", "doings", "roles", "settings", "sso", "errors", "directories",
            "trust", "keys", "reveals", "disposals", "streams")
        }
    }
}

/// What can stand for a variable in a message. Numbers choose the plural form.
pub trait Argument {
    /// The value as Fluent takes it.
    fn value(&self) -> FluentValue<'_>;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

impl Argument for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

macro_rules! number_arguments {
    ($($number:ty),+) => {
        $(impl Argument for $number {
            fn value(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        })+
    };
}
number_arguments!(i8, i16, i32, i64, u8, u16, u32, u64, usize);

/// The message files of all locales, read once.
pub struct Messages;

impl std::fmt::Debug for Messages {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Messages")
    }
}

impl Messages {
    /// The text of `id`. An unknown id, which the tests exclude, is logged and shown as itself.
    pub fn text(locale: Locale, id: &str) -> String {
        Self::text_with(locale, id, &[])
    }

    /// The text of `id` with its variables by name.
    pub fn text_with(locale: Locale, id: &str, variables: &[(&str, &dyn Argument)]) -> String {
        let bundle = bundle(locale);
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(id, locale = locale.tag(), "message missing");
            return id.to_owned();
        };
        let mut arguments = FluentArgs::with_capacity(variables.len());
        for (name, argument) in variables {
            arguments.set(*name, argument.value());
        }
        let mut errors = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(&arguments), &mut errors)
            .into_owned();
        if !errors.is_empty() {
            tracing::error!(
                id,
                locale = locale.tag(),
                ?errors,
                "message not fully formatted"
            );
        }
        text
    }
}

fn bundle(locale: Locale) -> &'static FluentBundle<FluentResource> {
    static ENGLISH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    static GERMAN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    let slot = match locale {
        Locale::En => &ENGLISH,
        Locale::De => &GERMAN,
    };
    slot.get_or_init(|| load(locale))
}

fn load(locale: Locale) -> FluentBundle<FluentResource> {
    let language = locale
        .tag()
        .parse()
        .expect("the tags of our own locales are well-formed");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks would end up in values people copy, such as invoice numbers, and both languages run left to right.
    bundle.set_use_isolating(false);
    for (path, source) in sources(locale) {
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
                tracing::error!(path, ?errors, "message file not fully read");
                resource
            });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(path, ?errors, "message defined twice");
        }
    }
    bundle
}
