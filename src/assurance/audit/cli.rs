//! `countersign journal verify` and `countersign journal events`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::actions::{AuditError, Verified, begin, organisation, verify_all};
use super::rules::{Format, end_of, start_of};
use crate::assurance::bundles::cli::{Export, ShowCheckpoint, open};
use crate::assurance::restores::cli::{Declare, Heads};
use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::clock::Micros;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::Store;
use crate::platform::store::journal::KnownHead;
use crate::platform::store::journal::read::Filter;
use crate::platform::store::schema::{self, Comparison};

/// Commands about the journal
#[derive(Debug, clap::Subcommand)]
pub enum JournalCommand {
    /// Prove the journal: every entry, its order, the tree, that every row is what the journal says, and that the schema
    /// is this program's
    Verify(Verify),
    /// Write a journal as one file that `countersign-verify` proves on any machine
    Export(Export),
    /// Write the entries that fit, the newest first, for people and other programs: CSV, JSON lines or OCSF events
    Events(Events),
    /// Print the newest head, signed: whoever keeps it finds out later whether anything went missing
    Checkpoint(ShowCheckpoint),
    /// Keep the newest signed head of every journal in a folder elsewhere: to be run each hour. Finds an older database that
    /// was put back
    Heads(Heads),
    /// After a backup was put back, and before the server starts: say so in the journals, so that it is no alarm
    Restored(Declare),
}

#[derive(Debug, clap::Args)]
pub struct Verify {
    #[command(flatten)]
    pub place: Place,
    /// One organisation by its short name, instead of all of them and the system's journal
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// A head of that organisation that was kept elsewhere, as this command printed it: finds an older database that was
    /// put back. May be given more than once
    #[arg(long, value_name = "EPOCH:SIZE:ROOT", requires = "org")]
    head: Vec<KnownHead>,
    /// Print one JSON object per journal, and one for the schema
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Events {
    #[command(flatten)]
    pub place: Place,
    /// The organisation's short name
    #[arg(long, value_name = "NAME")]
    org: String,
    /// csv, jsonl (an entry a line) or ocsf (an event of OCSF 1.3.0 a line)
    #[arg(long, default_value = "jsonl", value_parser = format)]
    format: Format,
    /// What this person did: her account's id
    #[arg(long, value_name = "ID", default_value = "")]
    person: String,
    /// This action, such as bill.coded
    #[arg(long, value_name = "ACTION", default_value = "")]
    action: String,
    /// What was done to objects of this kind, such as bill
    #[arg(long, value_name = "KIND", default_value = "")]
    kind: String,
    /// What was done to this object
    #[arg(long, value_name = "ID", default_value = "")]
    object: String,
    /// What was done in this request: the X-Request-Id of an answer and of log lines
    #[arg(long, value_name = "ID", default_value = "")]
    request: String,
    /// From this day (UTC) on
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// To this day (UTC), which is the last
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// The file to write, which must not be there yet; - is the standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

fn format(text: &str) -> Result<Format, &'static str> {
    Format::parse(text).ok_or("a format is csv, jsonl or ocsf")
}

/// Writes the entries. How many is named on the standard error output, so that the file may go to a pipe.
///
/// # Errors
/// Where the organisation, the journal or the file is not to be had.
pub async fn events(command: &Events, app: &App) -> anyhow::Result<Verdict> {
    let found = organisation(&app.store, &command.org).await?;
    let found = found.ok_or_else(|| AuditError::UnknownOrganisation(command.org.clone()))?;
    let mut out = open(&command.out)?;
    let caller = app.caller(Scope::of(found), CredentialKind::CommandLine, app.id());
    let filter = Filter {
        actor: command.person.clone(),
        action: command.action.clone(),
        object_kind: command.kind.clone(),
        object_id: command.object.clone(),
        request: command.request.clone(),
        from: command.from.and_then(|day| start_of(day, &TimeZone::UTC)),
        until: command.to.and_then(|day| end_of(day, &TimeZone::UTC)),
    };
    let mut export = begin(&app.store, caller, filter, command.format).await?;
    while let Some(piece) = export.next().await? {
        out.write_all(&piece)
            .context("the entries cannot be written")?;
    }
    out.flush().context("the entries cannot be written")?;
    eprintln!("{} entries of {}", export.count(), command.org);
    Ok(Verdict::Fine)
}

/// Verifies and prints: the heads, or what is wrong first in each journal.
///
/// # Errors
/// When the journals cannot be read, or the organisation is not there.
pub async fn run(verify: &Verify, store: &Store, now: Micros) -> Result<Verdict, AuditError> {
    let verified = verify_all(store, now, verify.org.as_deref(), &verify.head).await?;
    let schema = schema::compare(store).await?;
    print(if verify.json {
        as_json(&verified, &schema)
    } else {
        as_text(&verified) + &schema_as_text(&schema)
    });
    let is_sound =
        verified.iter().all(|one| one.verification.bad.is_none()) && schema.wrong.is_empty();
    Ok(if is_sound {
        Verdict::Fine
    } else {
        Verdict::Found
    })
}

fn as_json(verified: &[Verified], schema: &Comparison) -> String {
    let schema = serde_json::to_string(&serde_json::json!({ "schema": schema })).ok();
    verified
        .iter()
        .filter_map(|one| serde_json::to_string(one).ok())
        .chain(schema)
        .fold(String::new(), |all, line| all + &line + "\n")
}

/// Tables, triggers, policies and grants: all that is not as this program makes it.
fn schema_as_text(schema: &Comparison) -> String {
    if schema.wrong.is_empty() {
        return format!("(schema): sound, SHA-256 {}\n", schema.found);
    }
    schema.wrong.iter().fold(String::new(), |all, wrong| {
        all + "(schema): BAD, " + wrong + "\n"
    })
}

fn as_text(verified: &[Verified]) -> String {
    let mut text = String::new();
    for Verified { slug, verification } in verified {
        let name = slug
            .as_deref()
            .unwrap_or_else(|| nameless(&verification.organisation));
        // Writing to a String cannot fail.
        let _ = match &verification.bad {
            None => writeln!(
                text,
                "{name}: sound, {} entries, head {}, {} pending, {} rows compared",
                verification.size,
                verification.head(),
                verification.pending,
                verification.rows_checked
            ),
            Some(bad) => {
                let place = bad
                    .seq
                    .map(|seq| format!("entry {seq}: "))
                    .unwrap_or_default();
                writeln!(text, "{name}: BAD, {place}{}", bad.reason)
            }
        };
    }
    text
}

fn nameless(organisation: &str) -> &str {
    if organisation == crate::platform::ids::OrgId::SYSTEM.to_string() {
        "(system)"
    } else {
        organisation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::OrgId;
    use crate::platform::store::journal::{Bad, Verification};

    fn verified(bad: Option<Bad>) -> Verified {
        Verified {
            slug: None,
            verification: Verification {
                organisation: OrgId::SYSTEM.to_string(),
                epoch: 1,
                size: 3,
                root: "ab".to_owned(),
                pending: 0,
                rows_checked: 2,
                bad,
            },
        }
    }

    #[test]
    fn the_head_or_the_first_bad_entry_is_printed() {
        let sound = as_text(&[verified(None)]);
        assert_eq!(
            sound,
            "(system): sound, 3 entries, head 1:3:ab, 0 pending, 2 rows compared\n"
        );
        let bad = Bad {
            seq: Some(2),
            reason: "row x of bills was changed behind the journal".to_owned(),
        };
        let text = as_text(&[verified(Some(bad))]);
        assert_eq!(
            text,
            "(system): BAD, entry 2: row x of bills was changed behind the journal\n"
        );
        let schema = Comparison {
            expected: "ab".to_owned(),
            found: "cd".to_owned(),
            wrong: vec!["trigger x on bills is not of this program: `y`".to_owned()],
        };
        assert_eq!(
            schema_as_text(&schema),
            "(schema): BAD, trigger x on bills is not of this program: `y`\n"
        );
        let json = as_json(&[verified(None)], &schema);
        let (first, second) = json.trim().split_once('\n').expect("two lines");
        assert!(second.starts_with("{\"schema\":{"), "{second}");
        let json: serde_json::Value = serde_json::from_str(first).expect("JSON");
        assert_eq!(
            (json["size"].as_i64(), json["bad"].is_null()),
            (Some(3), true)
        );
    }
}
