//! What a witness said of a journal's heads: its newest cosignature, and why it gave none for a newer head.

use countersign_translog::note::Note;

use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Housekeeping, Read, Reads as _};
use crate::platform::store::{Lookup, Value};
use crate::{row, text_enum};

const STANDING: Sql = Sql::read(
    "SELECT epoch, size, refusal FROM journal_witness WHERE org_id = $1 AND witness = $2",
);
const LINES: Sql = Sql::read(
    "SELECT lines FROM journal_witness WHERE org_id = $1 AND epoch = $2 AND size = $3 ORDER BY witness LIMIT 8",
);
const COSIGNED: Sql = Sql::housekeeping(
    "journal_witness",
    "INSERT INTO journal_witness (org_id, witness, epoch, size, lines) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (org_id, witness) DO UPDATE SET epoch = excluded.epoch, size = excluded.size, lines = excluded.lines, \
     refusal = NULL, refused_us = NULL",
);
const REFUSED: Sql = Sql::housekeeping(
    "journal_witness",
    "INSERT INTO journal_witness (org_id, witness, epoch, size, lines, refusal, refused_us) VALUES ($1, $2, 1, 0, '', $3, $4) \
     ON CONFLICT (org_id, witness) DO UPDATE SET refusal = excluded.refusal, refused_us = excluded.refused_us",
);
const OURS: Sql = Sql::read(
    "SELECT refusal FROM journal_witness WHERE org_id = $1 AND refusal IS NOT NULL ORDER BY witness",
);
const REFUSALS: Sql = Sql::lookup(
    "SELECT org_id, witness, refusal FROM journal_witness WHERE refusal IS NOT NULL ORDER BY org_id, witness LIMIT 100",
);
const BEGUN: Sql = Sql::lookup(
    "SELECT org_id FROM journal_heads WHERE org_id > $1 AND size > 0 ORDER BY org_id LIMIT 500",
);

text_enum! {
    /// Why a witness cosigned nothing newer.
    pub enum Refusal {
        /// It cosigned a larger tree than ours: an older database was put back.
        RolledBack = "rolled-back",
        /// It cosigned another tree of the same entries: the journal was rewritten.
        Rewritten = "rewritten",
        /// It does not know the journal's origin.
        UnknownLog = "unknown-log",
        /// It holds another key of the journal.
        UnknownKey = "unknown-key",
        /// What it gave is not its signature over the head, or no answer of the protocol.
        WrongAnswer = "wrong-answer",
        /// No answer was had.
        Unreachable = "unreachable",
    }
}

impl Refusal {
    /// Whether it says that the journal is not the one that the witness saw.
    #[must_use]
    pub const fn is_alarm(self) -> bool {
        matches!(self, Self::RolledBack | Self::Rewritten)
    }

    /// What to do about it.
    #[must_use]
    pub const fn mend(self) -> &'static str {
        match self {
            Self::RolledBack => {
                "an older database was put back: find out who did it, and keep this database and the witness's state as evidence"
            }
            Self::Rewritten => {
                "entries that the witness saw are not there any more: keep this database and the witness's state as evidence"
            }
            Self::UnknownLog => {
                "give the witness the key that `countersign journal checkpoint --org NAME --key` prints first, with its name as origin"
            }
            Self::UnknownKey => {
                "the witness holds another key of this journal: compare it with what `countersign journal checkpoint --org NAME --key` prints first"
            }
            Self::WrongAnswer => {
                "compare journal.witness_key with the key that the witness's operator gives, and see the witness's own log"
            }
            Self::Unreachable => {
                "see whether journal.witness_url answers from here, and whether its certificate is trusted (providers.ca_file, providers.networks)"
            }
        }
    }
}

row! {
    /// How a journal stands with a witness.
    #[derive(Debug)]
    pub struct Standing {
        pub epoch: i64,
        /// The newest size that it cosigned; 0 before the first.
        pub size: i64,
        pub refusal: Option<Refusal>,
    }
}

/// How this organisation's journal stands with a witness; none before it was first asked.
pub fn standing(read: &mut Read<'_>, witness: &str) -> Result<Option<Standing>, StoreError> {
    read.maybe(&STANDING, params![witness])
}

/// Keeps what the witness signed: its lines under the head of this size.
pub fn cosigned(
    tx: &mut Housekeeping<'_>,
    witness: &str,
    (epoch, size): (u64, u64),
    lines: &str,
) -> Result<(), StoreError> {
    let signed = |number| i64::try_from(number).unwrap_or(i64::MAX);
    let kept = params![witness, signed(epoch), signed(size), lines];
    tx.run(&COSIGNED, kept).map(|_| ())
}

/// Keeps why it cosigned nothing newer. What it cosigned before stays.
pub fn refused(
    tx: &mut Housekeeping<'_>,
    witness: &str,
    refusal: Refusal,
    now: Micros,
) -> Result<(), StoreError> {
    tx.run(&REFUSED, params![witness, refusal, now]).map(|_| ())
}

/// What a witness of this journal refused, where that is an alarm.
pub fn alarm(read: &mut Read<'_>) -> Result<Option<Refusal>, StoreError> {
    let refusals: Vec<(Refusal,)> = read.all(&OURS, [])?;
    let mut alarms = refusals.into_iter().map(|(refusal,)| refusal);
    Ok(alarms.find(|refusal| refusal.is_alarm()))
}

/// Every journal that a witness refused: the organisation, the witness, and why.
pub fn refusals(lookup: &mut Lookup<'_>) -> Result<Vec<(OrgId, String, Refusal)>, StoreError> {
    lookup.all(&REFUSALS, [])
}

/// Some of the journals that have entries, in their order.
pub fn begun(lookup: &mut Lookup<'_>, after: &str) -> Result<Vec<(OrgId,)>, StoreError> {
    lookup.all(&BEGUN, params![after])
}

/// The note with the lines of those who cosigned this very head. Whoever takes it verifies them; lines that would make it no
/// note at all stay out.
pub(super) fn with_cosignatures(
    read: &mut Read<'_>,
    note: String,
    (epoch, size): (i64, i64),
) -> Result<String, StoreError> {
    let found: Vec<(String,)> = read.all(&LINES, [Value::Int(epoch), Value::Int(size)])?;
    Ok(found.into_iter().fold(note, |note, (lines,)| {
        let longer = format!("{note}{lines}");
        match Note::parse(longer.as_bytes()) {
            Ok(_) => longer,
            Err(_) => note,
        }
    }))
}
