//! `countersign journal export` and `countersign journal checkpoint`.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::actions::{Wanted, begin, named, newest};
use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::clock::Micros;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::journal::bundle::End;

#[derive(Debug, clap::Args)]
pub struct Export {
    #[command(flatten)]
    pub place: Place,
    /// The organisation's short name
    #[arg(long, value_name = "NAME")]
    org: String,
    /// The first entry: its number, or the day (UTC) on which it was made
    #[arg(long, value_name = "NUMBER|DAY", value_parser = from)]
    from: Option<End>,
    /// The last entry: its number, or the day (UTC) on which it was made
    #[arg(long, value_name = "NUMBER|DAY", value_parser = to)]
    to: Option<End>,
    /// Show what the entries commit to as well, names among it; without, the file holds ids and hashes alone
    #[arg(long)]
    values: bool,
    /// The file to write, which must not be there yet; - is the standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct ShowCheckpoint {
    #[command(flatten)]
    pub place: Place,
    /// The organisation's short name
    #[arg(long, value_name = "NAME")]
    org: String,
    /// Print the keys that sign (Ed25519, then ML-DSA-44), in the form that `countersign-verify --key` takes, instead of the
    /// head
    #[arg(long)]
    key: bool,
}

const NO_END: &str = "an end is an entry's number, or a day as 2026-11-26";

fn from(text: &str) -> Result<End, &'static str> {
    match text.parse() {
        Ok(number) => Ok(End::Number(number)),
        Err(_) => start_of(text).map(End::At),
    }
}

/// What was named is the last that is wanted.
fn to(text: &str) -> Result<End, &'static str> {
    match text.parse::<u64>() {
        Ok(number) => Ok(End::Number(number.saturating_add(1))),
        Err(_) => start_of(text).map(|start| End::At(start.plus_us(Micros::DAY))),
    }
}

fn start_of(text: &str) -> Result<Micros, &'static str> {
    let day: Date = text.parse().map_err(|_| NO_END)?;
    let start = day.to_zoned(TimeZone::UTC).map_err(|_| NO_END)?;
    Ok(Micros(start.timestamp().as_microsecond()))
}

/// Writes the bundle. What is written is named on the standard error output, so that the file may go to a pipe.
///
/// # Errors
/// Where the organisation, the range or the file is not to be had.
pub async fn export(command: &Export, app: &App) -> anyhow::Result<Verdict> {
    let organisation = named(&app.store, &command.org).await?;
    let mut out = open(&command.out)?;
    let caller = app.caller(
        Scope::of(organisation),
        CredentialKind::CommandLine,
        app.id(),
    );
    let wanted = Wanted {
        from: command.from,
        to: command.to,
        values: command.values,
    };
    let mut bundle = begin(&app.store, caller, wanted).await?;
    while let Some(piece) = bundle.next().await? {
        out.write_all(&piece)
            .context("the bundle cannot be written")?;
    }
    out.flush().context("the bundle cannot be written")?;
    let range = bundle.range();
    eprintln!(
        "entries {} to {} of {}: verify them with `countersign-verify`",
        range.start,
        range.end - 1,
        command.org
    );
    Ok(Verdict::Fine)
}

/// A new file for an export; `-` is the standard output.
///
/// # Errors
/// Where the file is there already, or cannot be made.
pub fn open(path: &Path) -> anyhow::Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdout()));
    }
    let made: std::io::Result<File> = OpenOptions::new().write(true).create_new(true).open(path);
    let file = made.with_context(|| format!("{} cannot be made", path.display()))?;
    Ok(Box::new(std::io::BufWriter::new(file)))
}

/// Prints the newest head, signed, or the key that signs it.
///
/// # Errors
/// Where the organisation is not there, or nothing is numbered yet.
pub async fn checkpoint(command: &ShowCheckpoint, app: &App) -> anyhow::Result<Verdict> {
    let organisation = named(&app.store, &command.org).await?;
    let Some(signed) = newest(&app.store, Scope::of(organisation)).await? else {
        anyhow::bail!(
            "this journal has no numbered entry yet: a running server gives numbers within a second"
        );
    };
    print(if command.key {
        format!("{}\n{}\n", signed.key, signed.second_key)
    } else {
        signed.note
    });
    Ok(Verdict::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_number_or_a_whole_day() {
        let day = 1_795_651_200_000_000; // 2026-11-26T00:00:00Z
        assert_eq!(from("12"), Ok(End::Number(12)));
        assert_eq!(to("12"), Ok(End::Number(13)));
        assert_eq!(from("2026-11-26"), Ok(End::At(Micros(day))));
        assert_eq!(to("2026-11-26"), Ok(End::At(Micros(day + Micros::DAY))));
        for none in ["", "yesterday", "2026-02-30", "-1"] {
            assert!(from(none).is_err() && to(none).is_err(), "{none}");
        }
    }
}
