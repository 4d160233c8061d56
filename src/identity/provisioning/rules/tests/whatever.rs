//! Whatever is sent is read or refused.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::filter::{Filter, PatchPath};
use super::super::{GROUPS, USERS, sent};
use super::barbara;
use super::changes::change;

proptest! {
    #[test]
    fn a_filter_is_read_or_refused(text in "[ -~äß]{0,60}", inside in "[a-zA-Z.:\\[\\]()\" ]{0,40}") {
        for filter in [text.clone(), format!("emails[{inside}]"), format!("not ({inside}) or {text}")] {
            if let Ok(read) = Filter::parse(&USERS, &filter) {
                let _ = read.matches(&barbara());
            }
            let _ = PatchPath::parse(&GROUPS, &filter);
        }
    }

    /// What a change leaves behind is what is kept: nothing of it is lost or added when it is sent again.
    #[test]
    fn a_change_leaves_a_resource_that_is_kept_as_it_is(
        path in prop::sample::select(vec!["title", "emails", "name", "emails.value", "active", "emails[type eq \"work\"]"]),
        verb in prop::sample::select(vec!["add", "replace", "remove"]),
        text in "[a-z@. ]{0,12}",
        is_list in any::<bool>(),
    ) {
        let value = if is_list { json!([{ "value": text, "type": "work" }]) } else { json!(text) };
        if let Ok(after) = change(barbara(), json!([{ "op": verb, "path": path, "value": value }])) {
            let mut again = after.clone();
            again.insert("schemas".into(), json!([USERS.core.id]));
            prop_assert_eq!(sent(&USERS, &Value::Object(again)), Ok(after));
        }
    }
}
