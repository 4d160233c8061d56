//! Whether the journals' heads are kept where a backup of the data does not put them back.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{Check, Context};
use crate::platform::clock::Micros;
use crate::platform::folder::is_within;

const ID: &str = "journal-heads";
/// A server keeps them each hour.
const OLD_US: i64 = Micros::DAY;

pub fn journal_heads(context: &Context<'_>) -> Vec<Check> {
    let Some(folder) = &context.config.heads_folder else {
        return vec![Check::ok(ID, "the server keeps no heads elsewhere")];
    };
    let shown = folder.display();
    if is_within(folder, &context.config.data) {
        let mend = "name a folder outside of the data folder as journal.heads_folder: a backup that is put back would put the heads back as well, and nothing would tell of it";
        return vec![Check::warn(
            ID,
            format!("{shown} is inside the data folder"),
            mend,
        )];
    }
    let verdict = match newest(folder) {
        Ok(newest) => verdict(&shown.to_string(), newest, context.now),
        Err(error) => Check::warn(
            ID,
            format!("{shown}: {error}"),
            "start the server, which makes the folder, or give it back to this program's user",
        ),
    };
    vec![verdict]
}

/// When the newest head of a folder was written.
fn newest(folder: &Path) -> std::io::Result<Option<Micros>> {
    let mut newest = None;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|end| end == "head") {
            let written = Micros(entry.metadata()?.mtime().saturating_mul(Micros::SECOND));
            newest = newest.max(Some(written));
        }
    }
    Ok(newest)
}

/// The verdict on the heads of a folder.
fn verdict(shown: &str, newest: Option<Micros>, now: Micros) -> Check {
    let mend = "see that the server runs, and in its log why it keeps no heads; docs/journal.md says what they are for";
    match newest {
        None => Check::warn(ID, format!("there is no head in {shown}"), mend),
        Some(written) if now.since(written) > OLD_US => Check::warn(
            ID,
            format!("the newest in {shown} is of {}", written.utc_date()),
            mend,
        ),
        Some(written) => Check::ok(
            ID,
            format!("the newest in {shown} is of {}", written.utc_date()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::doctor::Outcome;

    #[test]
    fn no_head_and_an_old_one_are_found() {
        let outcome =
            |newest: Option<i64>, now| verdict("there", newest.map(Micros), Micros(now)).outcome;
        assert_eq!(outcome(None, 0), Outcome::Warn);
        assert_eq!(outcome(Some(0), OLD_US), Outcome::Ok);
        assert_eq!(outcome(Some(0), OLD_US + 1), Outcome::Warn);
    }

    #[test]
    fn the_newest_head_of_a_folder_counts_and_nothing_else_in_it() {
        let folder = std::env::temp_dir().join(format!("countersign-heads-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        assert!(newest(&folder).is_err());
        std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
        std::fs::write(folder.join("a.new"), "half").expect("ours");
        assert_eq!(newest(&folder).expect("it reads"), None);
        std::fs::write(folder.join("a.head"), "whole").expect("ours");
        assert!(newest(&folder).expect("it reads").is_some());
    }
}
