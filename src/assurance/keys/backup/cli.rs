//! `countersign keys backup` and `countersign keys restore`.

use std::path::PathBuf;

use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::keys::backups;
use crate::platform::scope::CredentialKind;

#[derive(Debug, clap::Args)]
pub struct MakeBackup {
    #[command(flatten)]
    pub place: Place,
    /// The folder to put it into (default: keys.backup_folder)
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Restore {
    #[command(flatten)]
    pub place: Place,
    /// A backup that `countersign keys backup` or the server made
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Makes a backup, also while a server runs.
///
/// # Errors
/// Where no folder is named, and those of making one.
pub async fn make(command: &MakeBackup, app: &App) -> anyhow::Result<Verdict> {
    let Some(folder) = command.to.as_ref().or(app.key_backups.folder.as_ref()) else {
        anyhow::bail!("no folder is named: give one with --to, or set keys.backup_folder");
    };
    let caller = |scope| app.caller(scope, CredentialKind::CommandLine, app.id());
    let days = app.key_backups.days;
    let made = backups::make(&app.store, &app.keys, folder, days, caller).await?;
    print(format!(
        "{}\n{} keys of {} organisations. It expires on {}: remove every copy of it on that day.\n",
        made.path.display(),
        made.keys,
        made.organisations,
        made.backup.expires.utc_date()
    ));
    Ok(Verdict::Fine)
}

/// Puts a backup back. The caller holds the data folder, so that no server runs in it.
///
/// # Errors
/// Where the file is not to be used, and those of the database.
pub async fn restore(command: &Restore, app: &App) -> anyhow::Result<Verdict> {
    let caller = |scope| app.caller(scope, CredentialKind::CommandLine, app.id());
    let restored = backups::restore(&app.store, &app.keys, &command.file, app.now(), caller);
    let (backup, restored) = restored.await?;
    let mut text = format!(
        "{} keys of the backup of {} are back.\n",
        restored.keys,
        backup.made.utc_date()
    );
    let told = [
        (
            restored.disposed,
            "keys in it were disposed of, and stay destroyed",
        ),
        (
            restored.disposals,
            "lines of the disposal ledger were written again",
        ),
        (
            restored.superseded,
            "keys in it were wrapped under a key that is replaced and destroyed by now",
        ),
        (
            restored.left_out,
            "keys in it were replaced since by versions that are here, and were left out: to go back before a rotation, set this key store aside first, as docs/disposal.md says",
        ),
        (
            restored.unknown,
            "organisations in it are not in this database, which is older: put a younger one back first",
        ),
    ];
    for (count, what) in told {
        if count > 0 {
            text += &format!("{count} {what}.\n");
        }
    }
    print(
        text + "Start the server, and run `countersign journal verify`: it names keys that are still missing.\n",
    );
    Ok(Verdict::Fine)
}
