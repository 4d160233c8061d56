//! `countersign person reset-factor`: what the operator does where no second administrator can.

use super::actions::{LostFactorError, reset_by_operator};
use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};

/// What the command line does with people.
#[derive(Debug, clap::Subcommand)]
pub enum PersonCommand {
    /// End the second factors of somebody who has lost them. She gets a link by mail that lets her set up others beside her
    /// password; everybody who administers is told. For organisations in which no two other administrators can do it
    ResetFactor(ResetFactor),
}

#[derive(Debug, clap::Args)]
pub struct ResetFactor {
    #[command(flatten)]
    pub place: Place,
    /// The e-mail address she signs in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Her organisation by its short name, where several have an account of this address
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
}

/// Ends her factors.
///
/// # Errors
/// Where nobody who can sign in is called so, she has no factor, or the database does not answer.
pub async fn run(command: &ResetFactor, app: &App) -> Result<Verdict, LostFactorError> {
    reset_by_operator(app, &command.email, command.org.as_deref()).await?;
    print(
        "Her second factors, recovery codes, sessions and known devices have ended. The server mails her a link, which works \
         once, for four hours, beside her password. It is in the journal, and everybody who administers is told.\n",
    );
    Ok(Verdict::Fine)
}
