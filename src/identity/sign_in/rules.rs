//! What an attempt to sign in is counted as. Pure.

use crate::platform::ids::OrgId;

/// A name in the organisation that is meant, or in the one that was typed where that finds nobody: whoever has an account of the same
/// name in another organisation takes back no failures here by signing in there.
pub(super) fn counted_as(name: &str, found: Option<OrgId>, typed: Option<&str>) -> String {
    // As the organisation is looked up.
    let typed = typed.map(str::trim).unwrap_or_default();
    let organisation = found.map_or_else(|| typed.to_ascii_lowercase(), |id| id.to_string());
    format!("{name}\n{organisation}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: &str = "ann@harbour.example";
    const HARBOUR: &str = "01970000-0000-7000-8000-000000000001";
    const OFFICE: &str = "01970000-0000-7000-8000-000000000002";

    fn found(id: &str) -> Option<OrgId> {
        Some(id.parse().expect("an id"))
    }

    #[test]
    fn one_account_is_one_key_however_its_organisation_was_typed() {
        let key = counted_as(ANN, found(HARBOUR), None);
        for typed in ["harbour", " Harbour ", ""] {
            assert_eq!(counted_as(ANN, found(HARBOUR), Some(typed)), key, "{typed}");
        }
    }

    #[test]
    fn an_account_of_the_same_name_elsewhere_is_another_key() {
        let here = counted_as(ANN, found(HARBOUR), Some("harbour"));
        assert_ne!(here, counted_as(ANN, found(OFFICE), Some("office")));
        assert_ne!(
            here,
            counted_as("ben@harbour.example", found(HARBOUR), None)
        );
    }

    /// As guesses at one who is there are: under one key, in whatever case the organisation was typed.
    #[test]
    fn guesses_at_a_name_that_nobody_has_are_counted_together() {
        let key = counted_as(ANN, None, Some("harbour"));
        assert_eq!(counted_as(ANN, None, Some(" HARBOUR ")), key);
        assert_ne!(counted_as(ANN, None, Some("office")), key);
        assert_eq!(
            counted_as(ANN, None, None),
            counted_as(ANN, None, Some("  "))
        );
    }
}
