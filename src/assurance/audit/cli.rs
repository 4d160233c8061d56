//! `countersign journal verify`.

use std::fmt::Write as _;

use super::actions::{AuditError, Verified, verify_all};
use crate::assurance::bundles::cli::{Export, ShowCheckpoint};
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::clock::Micros;
use crate::platform::store::Store;
use crate::platform::store::journal::KnownHead;
use crate::platform::store::schema::{self, Comparison};

/// Commands about the journal
#[derive(Debug, clap::Subcommand)]
pub enum JournalCommand {
    /// Prove the journal: every entry, its order, the tree, that every row is what the journal says, and that the schema
    /// is this program's
    Verify(Verify),
    /// Write a journal as one file that `countersign-verify` proves on any machine
    Export(Export),
    /// Print the newest head, signed: whoever keeps it finds out later whether anything went missing
    Checkpoint(ShowCheckpoint),
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
