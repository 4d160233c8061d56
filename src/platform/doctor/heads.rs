//! Whether the journals' heads are kept where a backup of the data does not put them back.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{Check, Context};
use crate::platform::app::HeadsFolder;
use crate::platform::clock::Micros;
use crate::platform::folder::is_within;

const ID: &str = "journal-heads";

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
    let verdict = match oldest(folder) {
        Ok(oldest) => verdict(&shown.to_string(), oldest, context.now),
        Err(error) => Check::warn(
            ID,
            format!("{shown}: {error}"),
            "start the server, which makes the folder, or give it back to this program's user",
        ),
    };
    vec![verdict]
}

/// When the head of a folder was written that was not written for longest: the others say nothing of its journal.
fn oldest(folder: &Path) -> std::io::Result<Option<Micros>> {
    let mut oldest: Option<Micros> = None;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|end| end == "head") {
            let written = Micros(entry.metadata()?.mtime().saturating_mul(Micros::SECOND));
            oldest = Some(oldest.map_or(written, |before| before.min(written)));
        }
    }
    Ok(oldest)
}

/// The verdict on the heads of a folder.
fn verdict(shown: &str, oldest: Option<Micros>, now: Micros) -> Check {
    let mend = "see that the server runs, and in its log why it keeps no heads; docs/journal.md says what they are for";
    match oldest {
        None => Check::warn(ID, format!("there is no head in {shown}"), mend),
        Some(written) if now.since(written) > HeadsFolder::OLD_US => Check::warn(
            ID,
            format!("the oldest in {shown} is of {}", written.utc_date()),
            mend,
        ),
        Some(written) => Check::ok(
            ID,
            format!("the oldest in {shown} is of {}", written.utc_date()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::platform::doctor::Outcome;

    #[test]
    fn no_head_and_an_old_one_are_found() {
        let outcome =
            |oldest: Option<i64>, now| verdict("there", oldest.map(Micros), Micros(now)).outcome;
        assert_eq!(outcome(None, 0), Outcome::Warn);
        assert_eq!(outcome(Some(0), HeadsFolder::OLD_US), Outcome::Ok);
        assert_eq!(outcome(Some(0), HeadsFolder::OLD_US + 1), Outcome::Warn);
    }

    #[test]
    fn the_oldest_head_of_a_folder_counts_and_nothing_else_in_it() {
        let folder = std::env::temp_dir().join(format!("countersign-heads-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        assert!(oldest(&folder).is_err());
        std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
        let write = |name: &str, second: u64| {
            let file = std::fs::File::create(folder.join(name)).expect("ours");
            file.set_modified(UNIX_EPOCH + Duration::from_secs(second))
                .expect("ours");
        };
        write("a.new", 1);
        write("LOCK", 1);
        assert_eq!(oldest(&folder).expect("it reads"), None);
        for (name, second) in [("a.head", 9), ("b.head", 5), ("c.head", 7)] {
            write(name, second);
        }
        // One journal is kept no more: the healthy ones do not hide it.
        let expected = Some(Micros(5 * Micros::SECOND));
        assert_eq!(oldest(&folder).expect("it reads"), expected);
        std::fs::remove_dir_all(&folder).expect("ours");
    }
}
