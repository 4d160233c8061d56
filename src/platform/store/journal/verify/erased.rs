//! Openings that show less than was committed to, held against what disposals say they erased.

use std::collections::{HashMap, HashSet};

use countersign_translog::entry::Entry as Canonical;

use crate::platform::store::journal::declared::{ERASED, ERASED_FIELDS};
use crate::platform::store::journal::opening::{Opening, field_of};

/// Whether an entry waits for its number still, and that, or where it waits: in this order they were written.
pub(super) type Place = (bool, i64);

/// The entry's number, where it has one.
pub(super) fn number((waits, at): Place) -> Option<i64> {
    (!waits).then_some(at)
}

type Object = (String, String);

/// An opening that shows less.
struct Lacking {
    place: Place,
    object: Object,
    fields: HashSet<String>,
}

/// What a disposal says it erased of an object, in entries before its own.
struct Declared {
    place: Place,
    fields: HashSet<String>,
}

#[derive(Default)]
pub(super) struct Erased {
    lacking: Vec<Lacking>,
    declared: HashMap<Object, Vec<Declared>>,
}

impl Erased {
    /// Takes note of an opening that shows nothing but what its entry committed to.
    pub(super) fn note(&mut self, place: Place, entry: &Canonical, opening: &Opening) {
        if !opening.fits(entry) {
            let shown: HashSet<&str> = opening.values.iter().map(|one| one.name.as_str()).collect();
            let hidden = entry.commits.keys().map(|name| name.as_str());
            let hidden = hidden.filter(|name| !shown.contains(name));
            self.lacking.push(Lacking {
                place,
                object: (entry.object_kind.to_string(), entry.object_id.to_string()),
                fields: hidden.map(|name| field_of(name).to_owned()).collect(),
            });
        }
        if entry.object_kind.as_str() == "key-disposal" {
            self.declare(place, opening);
        }
    }

    fn declare(&mut self, place: Place, opening: &Opening) {
        let said = |name: &str| opening.value(&format!("after.{name}")).unwrap_or_default();
        let fields: HashSet<String> = said(ERASED_FIELDS).split(' ').map(str::to_owned).collect();
        for object in said(ERASED).split(' ') {
            let Some((kind, id)) = object.split_once(':') else {
                continue;
            };
            let declared = Declared {
                place,
                fields: fields.clone(),
            };
            let object = (kind.to_owned(), id.to_owned());
            self.declared.entry(object).or_default().push(declared);
        }
    }

    /// The number of the first entry whose opening lacks what no later disposal erased; none within where it has no number yet.
    pub(super) fn without_reason(&self) -> Option<Option<i64>> {
        let lacking = self.lacking.iter().find(|lacking| {
            let declared = self.declared.get(&lacking.object);
            !declared.into_iter().flatten().any(|declared| {
                declared.place > lacking.place && lacking.fields.is_subset(&declared.fields)
            })
        });
        lacking.map(|lacking| number(lacking.place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::store::journal::opening::Opened;
    use crate::platform::store::journal::opening::tests::{SALT, entry_about};

    /// An entry about an object, and an opening that shows these of its values.
    fn entry(kind: &str, values: &[(&str, &str)], shown: &[&str]) -> (Canonical, Opening) {
        let opened = values.iter().filter(|(name, _)| shown.contains(name));
        let opened = opened.map(|(name, value)| Opened {
            name: (*name).to_owned(),
            salt: SALT,
            value: (*value).to_owned(),
        });
        let opening = Opening {
            values: opened.collect(),
            rows: Vec::new(),
        };
        (entry_about(kind, values), opening)
    }

    fn vendor(shown: &[&str]) -> (Canonical, Opening) {
        entry(
            "vendor",
            &[("after.name", "N"), ("after.status", "active")],
            shown,
        )
    }

    fn disposal() -> (Canonical, Opening) {
        let says = [
            ("after.erased", "vendor:1 bank-account:2"),
            ("after.erased-fields", "name street"),
        ];
        entry(
            "key-disposal",
            &says,
            &["after.erased", "after.erased-fields"],
        )
    }

    fn found(entries: &[(Place, (Canonical, Opening))]) -> Option<Option<i64>> {
        let mut erased = Erased::default();
        for (place, (entry, opening)) in entries {
            erased.note(*place, entry, opening);
        }
        erased.without_reason()
    }

    #[test]
    fn only_a_later_disposal_explains_what_is_missing_and_only_of_its_fields() {
        let (less, nothing) = (["after.status"], []);
        assert_eq!(
            found(&[((false, 3), vendor(&less)), ((false, 4), disposal())]),
            None
        );
        assert_eq!(
            found(&[((false, 3), vendor(&less)), ((true, 1), disposal())]),
            None,
            "it waits still"
        );
        assert_eq!(found(&[((false, 3), vendor(&less))]), Some(Some(3)));
        assert_eq!(
            found(&[((false, 3), disposal()), ((false, 4), vendor(&less))]),
            Some(Some(4))
        );
        assert_eq!(
            found(&[((false, 3), vendor(&nothing)), ((false, 4), disposal())]),
            Some(Some(3))
        );
        let whole = vendor(&["after.name", "after.status"]);
        assert_eq!(found(&[((false, 3), whole)]), None);
        let other = entry("bill", &[("after.name", "N")], &[]);
        assert_eq!(
            found(&[((true, 3), other), ((true, 4), disposal())]),
            Some(None)
        );
    }
}
