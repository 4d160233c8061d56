//! `countersign keys status` and `countersign keys rotate`.

use std::fmt::Write as _;

use super::actions::{
    RotationError, Standing, named, ordered, organisations, roots_of, standing_of,
};
use super::rules::{Level, days};
use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::config::Config;
use crate::platform::installation::wrapped_file_keys;
use crate::platform::keys::{RootInUse, file_is_under_former};
use crate::platform::scope::{CredentialKind, Scope};

#[derive(Debug, clap::Args)]
pub struct Status {
    #[command(flatten)]
    pub place: Place,
    /// One organisation by its short name, instead of all of them
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct Rotate {
    #[command(flatten)]
    pub place: Place,
    /// The organisation's short name
    #[arg(long, value_name = "NAME")]
    org: String,
    /// values, documents or subjects
    #[arg(long, value_parser = level)]
    level: Level,
}

fn level(text: &str) -> Result<Level, &'static str> {
    Level::parse(text).ok_or("a level is values, documents or subjects")
}

/// Prints how the levels stand. Something that is due is found.
///
/// # Errors
/// Where the database or a root cannot be asked, or the organisation is not there.
pub async fn status(command: &Status, config: &Config, app: &App) -> anyhow::Result<Verdict> {
    let mut all = organisations(app).await?;
    if let Some(wanted) = &command.org {
        let found = named(app, wanted).await?;
        all.retain(|(organisation, _)| *organisation == found);
    }
    let (mut text, mut is_due, mut former) = (String::new(), false, 0);
    for (organisation, name) in all {
        let scope = Scope::of(organisation);
        for standing in standing_of(app, scope).await? {
            let (line, due) = line(app, &standing);
            is_due |= due;
            let _ = writeln!(text, "{name}: {line}");
        }
        former += app.keys.under_former(&app.store, scope).await?.len();
    }
    for root in roots_of(app).await? {
        let (line, due) = root_line(app, &root);
        is_due |= due;
        let _ = writeln!(text, "{line}");
    }
    if app.keys.has_former_root() {
        former += usize::from(app.keys.own_under_former(&app.store).await?);
        for (of, file) in wrapped_file_keys(config) {
            former += usize::from(file_is_under_former(app.keys.roots(), of, &file).await?);
        }
        let _ = match former {
            0 => writeln!(
                text,
                "no key is under a former root: remove keys.storage_before and keys.field_before from the configuration"
            ),
            left => writeln!(
                text,
                "{left} keys are still under a former root: a running server wraps them anew; leave it in the configuration"
            ),
        };
    }
    print(text);
    Ok(if is_due {
        Verdict::Found
    } else {
        Verdict::Fine
    })
}

/// A level in one line, and whether it is due.
fn line(app: &App, standing: &Standing) -> (String, bool) {
    let mut line = standing.level.to_string();
    // Writing to a String cannot fail.
    if let Some(version) = standing.version {
        let _ = write!(line, " version {version}");
    }
    let Some((since, due)) = standing
        .since
        .zip(standing.due(days(app.periods, standing.level)))
    else {
        return (line + ", no keys yet", false);
    };
    let is_due = due <= app.now();
    let mark = if is_due { "DUE since" } else { "due" };
    let (since, due) = (since.utc_date(), due.utc_date());
    let _ = write!(line, ", in use since {since}, {mark} {due}");
    if let Some(rotation) = standing.under_way() {
        let (left, total) = (standing.left, rotation.total);
        let _ = write!(
            line,
            ", being rotated: {left} of {total} left under retired keys"
        );
    }
    (line, is_due)
}

/// A root in one line, and whether it is due.
fn root_line(app: &App, root: &RootInUse) -> (String, bool) {
    let name = root.name();
    let Some((since, due)) = root.since.zip(root.due(app.periods.root_days)) else {
        return (format!("{name}: no server has seen it yet"), false);
    };
    let is_due = due <= app.now();
    let mark = if is_due { "DUE since" } else { "due" };
    let (since, due) = (since.utc_date(), due.utc_date());
    (
        format!("{name}: in use since {since}, {mark} {due}"),
        is_due,
    )
}

/// Orders a rotation.
///
/// # Errors
/// [`RotationError`].
pub async fn rotate(command: &Rotate, app: &App) -> Result<Verdict, RotationError> {
    let organisation = named(app, &command.org).await?;
    let scope = Scope::of(organisation);
    let caller = app.caller(scope, CredentialKind::CommandLine, app.id());
    ordered(app, caller, command.level).await?;
    print(format!(
        "the rotation of {} is ordered: a running server does it; `countersign keys status --org {}` says what is left\n",
        command.level, command.org
    ));
    Ok(Verdict::Fine)
}
