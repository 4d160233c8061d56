//! `countersign journal heads`, which keeps the newest heads elsewhere, and `countersign journal restored`, which says in the
//! journals themselves that a backup was put back.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::actions::{Alarm, Kept, Wrong, declare_restore, keep, read};
use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::config::Config;
use crate::platform::ids::OrgId;
use crate::platform::running::Running;
use crate::platform::store::journal::restored::{NotDeclared, Restored};

#[derive(Debug, clap::Args)]
pub struct Heads {
    #[command(flatten)]
    pub place: Place,
    /// A folder that no backup of this installation puts back: the newest signed head of each journal is written there, and
    /// never replaced by an older one
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Declare {
    #[command(flatten)]
    pub place: Place,
    /// A signed head from before the restore, the newest that anybody kept: one file for each journal, the system's too
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    head: Vec<PathBuf>,
}

/// Keeps the newest head of every journal in a folder. Where a newer one lies there, an older database was put back.
///
/// # Errors
/// Where it is not known which journals there are, or the folder cannot be used.
pub async fn keep_heads(command: &Heads, app: &App) -> anyhow::Result<Verdict> {
    let alarms = keep(&app.store, &command.to).await?;
    for alarm in &alarms {
        print(alarmed(alarm));
    }
    Ok(if alarms.is_empty() {
        Verdict::Fine
    } else {
        Verdict::Found
    })
}

/// What is wrong with one journal, and what to do.
fn alarmed(alarm: &Alarm) -> String {
    let file = alarm.file.display();
    let whose = alarm.organisation.map_or_else(|| file.to_string(), whose);
    match &alarm.wrong {
        Wrong::Journal { kept, here } => match kept {
            Kept::Behind { size } => behind(&whose, &alarm.file, *size, *here),
            Kept::Rewritten { size } => format!(
                "{whose}: its first {size} entries are not those of the head that was kept, which stays: the journal was rewritten, a \
                 backup was put back and written on, or a restore was declared that gave up less. Keep {file} as evidence\n"
            ),
            Kept::Newer | Kept::Same | Kept::NoHead => format!(
                "{whose}: {file} is no head of this journal: move it away and look where it came from\n"
            ),
        },
        Wrong::Gone => format!(
            "{whose}: {file} was kept, and this database has no journal to it, or an empty one: the database was put back from before \
             that journal began, is another one, or lost it. Put back a backup that has it, and move the file away only where you know \
             why it is gone\n"
        ),
        Wrong::Failed(error) => {
            let mut causes = vec![error.to_string()];
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                causes.push(cause.to_string());
                source = cause.source();
            }
            format!(
                "{whose}: its head was not compared with {file}, nor kept: {}\n",
                causes.join(": ")
            )
        }
    }
}

fn behind(whose: &str, file: &Path, kept: u64, here: u64) -> String {
    format!(
        "{whose}: the head that was kept counts {kept} entries, the journal has {here}: an older database was put back, or entries were \
         removed. The kept head stays. If you restored a backup, stop the server and declare it: `countersign journal restored --head {}`\n",
        file.display()
    )
}

fn read_head(file: &Path) -> anyhow::Result<Vec<u8>> {
    read(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// Declares the restore in each journal that a head is given of. No server of this data folder may run.
///
/// # Errors
/// Where a server runs, or a head is none of ours. What stands before it on the command line is declared.
pub async fn run(declare: &Declare, config: &Config, app: &App) -> anyhow::Result<Verdict> {
    let _alone = Running::claim(&config.data, &config.public_url)?;
    for file in &declare.head {
        let file_says = || format!("{} declares nothing", file.display());
        match declare_restore(app, read_head(file)?).await {
            Ok(restored) => print(as_text(&restored)),
            // One folder holds the heads of all journals, and not each of them lost something.
            Err(lost_nothing @ NotDeclared::NothingLost { .. }) => {
                print(format!("{}: {lost_nothing}\n", file_says()));
            }
            Err(error) => return Err(error).with_context(file_says),
        }
    }
    Ok(Verdict::Fine)
}

fn whose(organisation: OrgId) -> String {
    if organisation == OrgId::SYSTEM {
        "the system's journal".to_owned()
    } else {
        format!("the journal of organisation {organisation}")
    }
}

fn as_text(restored: &Restored) -> String {
    let Restored {
        organisation,
        old,
        kept,
        epoch,
    } = restored;
    format!(
        "Entries {kept} to {last} of {whose} are declared lost, up to {time}. Epoch {epoch} has begun: its heads have another name, so tell \
         every witness the key that `countersign journal checkpoint --key` prints now.\n",
        last = old.size - 1,
        whose = whose(*organisation),
        time = old.time,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_translog::Hash;
    use countersign_translog::epoch::Head;
    use countersign_translog::time::UtcMicros;

    #[test]
    fn what_was_lost_is_named() {
        let text = as_text(&Restored {
            organisation: OrgId::SYSTEM,
            old: Head {
                epoch: 1,
                size: 12,
                root: Hash::of(b"root"),
                time: UtcMicros::new(0).expect("a time"),
            },
            kept: 9,
            epoch: 2,
        });
        assert!(
            text.starts_with("Entries 9 to 11 of the system's journal are declared lost"),
            "{text}"
        );
        assert!(text.contains("Epoch 2 has begun"), "{text}");
    }
}
