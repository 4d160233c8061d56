//! `countersign keys dispose`: the end of a whole organisation.

use super::actions::dispose_organisation;
use crate::assurance::audit::actions::organisation;
use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::config::Config;
use crate::platform::running::Running;

#[derive(Debug, clap::Args)]
pub struct Dispose {
    #[command(flatten)]
    pub place: Place,
    /// The organisation's short name
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// The short name once more: nothing is destroyed without it
    #[arg(long, value_name = "NAME")]
    confirm: String,
    /// And once more, by a second person who stands beside you
    #[arg(long, value_name = "NAME")]
    confirm_again: String,
}

/// Destroys an organisation's keys. No server of this data folder may run: it would go on with what it was at.
///
/// # Errors
/// Where the names are not one, there is no such organisation, a server runs, or its keys are gone.
pub async fn run(dispose: &Dispose, config: &Config, app: &App) -> anyhow::Result<Verdict> {
    let name = &dispose.organisation;
    if *name != dispose.confirm || *name != dispose.confirm_again {
        anyhow::bail!(
            "the three names are not one: nothing was destroyed. Give --organisation, --confirm and --confirm-again the same short name"
        );
    }
    let _alone = Running::claim(&config.data, &config.public_url)?;
    let Some(found) = organisation(&app.store, name).await? else {
        anyhow::bail!(
            "there is no organisation {name:?}: give the short name that is in its address"
        );
    };
    let disposal = dispose_organisation(app, found).await?;
    print(format!(
        "Every key of {name} is destroyed. It is complete on {}, when the last backup of the key store that may hold one has expired. \
         Other nodes of this installation stop using them within seconds; restart them to have them out of their memory as well.\n\
         What stays: the journal, amounts, names and whatever else is not sealed, and documents that nothing opens any more.\n",
        disposal.complete.utc_date()
    ));
    Ok(Verdict::Fine)
}
