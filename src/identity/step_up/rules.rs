//! What the page in between carries.

use std::fmt;

use crate::platform::web::csrf::Binding;
use crate::platform::web::form::CSRF_FIELD;

/// A longer form is not carried: its person sends it again herself. An identity provider's metadata fits.
pub(super) const LONGEST_BYTES: usize = 256 * 1024;

/// What somebody asked for before she was asked for a factor: an address of ours, and the form that was sent there, if it was
/// one.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::identity) struct Carried {
    pub to: String,
    pub form: Option<String>,
}

/// A form holds what somebody typed: nothing for a log.
impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carried").finish_non_exhaustive()
    }
}

impl Carried {
    /// A page to be read.
    pub(in crate::identity) fn page(to: &str) -> Self {
        Self {
            to: ours(to).to_owned(),
            form: None,
        }
    }

    /// A form that was sent, without the token of the session that it was sent in.
    pub(super) fn form(to: &str, body: &[u8]) -> Self {
        let fields = url::form_urlencoded::parse(body).filter(|(name, _)| name != CSRF_FIELD);
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        Self {
            to: ours(to).to_owned(),
            form: Some(form),
        }
    }

    fn parts(&self) -> [&[u8]; 3] {
        let (kind, form) = match &self.form {
            Some(form) => ("form", form.as_str()),
            None => ("page", ""),
        };
        [kind.as_bytes(), self.to.as_bytes(), form.as_bytes()]
    }

    /// The code under which this browser gets it back.
    pub(super) fn code(&self, browser: &Binding) -> String {
        browser.code_over(&self.parts())
    }

    /// What came back, if this browser was given it.
    pub(in crate::identity) fn back(
        (to, form): (&str, Option<&str>),
        code: &str,
        browser: &Binding,
    ) -> Option<Self> {
        let carried = Self {
            to: to.to_owned(),
            form: form.map(str::to_owned),
        };
        browser.has_coded(&carried.parts(), code).then_some(carried)
    }

    /// Where whoever goes away to show a factor comes back to: no form goes with her, and an address that takes one is no page.
    pub(super) fn way_back(&self) -> &str {
        match self.form {
            None => &self.to,
            Some(_) => "/",
        }
    }

    /// The form's fields in their order.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let form = self.form.as_deref().unwrap_or_default();
        url::form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect()
    }
}

/// An address of ours: nobody is sent to another site.
fn ours(to: &str) -> &str {
    let is_ours = to.starts_with('/')
        && !to.starts_with("//")
        && !to.contains('\\')
        && !to.chars().any(char::is_control);
    if is_ours { to } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser(byte: u8) -> Binding {
        use base64::Engine as _;
        let value = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode([byte; 32]);
        Binding::from_cookie(&value).expect("32 bytes")
    }

    #[test]
    fn what_is_carried_comes_back_to_its_own_browser_as_it_was() {
        let carried = Carried::form(
            "/payments/1/release",
            b"csrf=x&note=a+b%0Ac&roles=1&roles=2",
        );
        let code = carried.code(&browser(1));
        let form = carried.form.as_deref();
        assert_eq!(form, Some("note=a+b%0Ac&roles=1&roles=2"));
        let back = Carried::back((&carried.to, form), &code, &browser(1));
        assert_eq!(back.as_ref(), Some(&carried));
        let fields = carried.fields();
        assert_eq!(fields[0], ("note".to_owned(), "a b\nc".to_owned()));
        assert_eq!(fields.len(), 3);
        for (to, form, by) in [
            ("/payments/1/release", form, browser(2)),
            ("/payments/2/release", form, browser(1)),
            ("/payments/1/release", Some("note=other"), browser(1)),
            ("/payments/1/release", None, browser(1)),
        ] {
            assert_eq!(Carried::back((to, form), &code, &by), None, "{to}");
        }
    }

    #[test]
    fn nobody_is_carried_to_another_site() {
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil",
            "",
            "/a\nb",
        ] {
            assert_eq!(Carried::page(foreign).to, "/", "{foreign:?}");
        }
        assert_eq!(Carried::page("/me/security").to, "/me/security");
        assert_eq!(Carried::page("/me/security").way_back(), "/me/security");
        assert_eq!(Carried::form("/me/tokens", b"days=1").way_back(), "/");
    }
}
