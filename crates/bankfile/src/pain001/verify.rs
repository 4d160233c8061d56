use std::fmt;

use thiserror::Error;

use super::error::Place;
use super::model::{Group, PaymentFile, Transfer};
use super::prepare::Prepared;
use super::read::{ReadError, read};

/// The bytes do not hold the prepared file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// They can't even be read.
    #[error("the written payment file could not be read back; do not send it")]
    Read(#[from] ReadError),
    /// They hold something else.
    #[error("the written payment file differs from what was prepared, {0}; do not send it")]
    Different(Difference),
}

/// The first place where two payment files differ. No values: they may be account numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Which part.
    pub place: Place,
    /// The element of ISO 20022.
    pub element: &'static str,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.place, self.element)
    }
}

/// Reads `bytes` with [`read`] and compares every value with `prepared`. To be called on the very bytes that
/// are stored and sent.
///
/// # Errors
/// [`VerifyError`].
pub fn verify(bytes: &[u8], prepared: &Prepared) -> Result<(), VerifyError> {
    let found = read(bytes)?;
    if found == *prepared.file() {
        Ok(())
    } else {
        Err(VerifyError::Different(first_difference(
            &found,
            prepared.file(),
        )))
    }
}

fn first_difference(found: &PaymentFile, wanted: &PaymentFile) -> Difference {
    let file = |element| Difference {
        place: Place::File,
        element,
    };
    if found.message_id != wanted.message_id {
        return file("MsgId");
    }
    if found.created != wanted.created {
        return file("CreDtTm");
    }
    if found.initiating_party != wanted.initiating_party {
        return file("InitgPty");
    }
    let groups = found.groups.iter().zip(&wanted.groups).enumerate();
    groups
        .filter(|(_, (found, wanted))| found != wanted)
        .map(|(group, (found, wanted))| in_group(group, found, wanted))
        .next()
        .unwrap_or_else(|| file("PmtInf"))
}

fn in_group(group: usize, found: &Group, wanted: &Group) -> Difference {
    let header = [
        (
            "PmtInfId",
            found.payment_information_id == wanted.payment_information_id,
        ),
        ("BtchBookg", found.batch_booking == wanted.batch_booking),
        ("SvcLvl", found.service_level == wanted.service_level),
        (
            "ReqdExctnDt",
            found.requested_execution_date == wanted.requested_execution_date,
        ),
        ("Dbtr", found.debtor == wanted.debtor),
        ("DbtrAcct", found.debtor_account == wanted.debtor_account),
        ("DbtrAgt", found.debtor_bic == wanted.debtor_bic),
        ("ChrgBr", found.charge_bearer == wanted.charge_bearer),
    ];
    if let Some((element, _)) = header.into_iter().find(|(_, same)| !same) {
        let place = Place::Group { group };
        return Difference { place, element };
    }
    let transfers = found.transfers.iter().zip(&wanted.transfers).enumerate();
    let differing = transfers
        .filter(|(_, (found, wanted))| found != wanted)
        .map(|(transfer, (found, wanted))| {
            let place = Place::Transfer { group, transfer };
            let element = in_transfer(found, wanted);
            Difference { place, element }
        });
    let count = Difference {
        place: Place::Group { group },
        element: "CdtTrfTxInf",
    };
    differing.into_iter().next().unwrap_or(count)
}

fn in_transfer(found: &Transfer, wanted: &Transfer) -> &'static str {
    let fields = [
        ("InstrId", found.instruction_id == wanted.instruction_id),
        ("EndToEndId", found.end_to_end_id == wanted.end_to_end_id),
        ("UETR", found.uetr == wanted.uetr),
        ("InstdAmt", found.amount == wanted.amount),
        ("CdtrAgt", found.creditor_bic == wanted.creditor_bic),
        ("Cdtr", found.creditor == wanted.creditor),
        (
            "CdtrAcct",
            found.creditor_account == wanted.creditor_account,
        ),
    ];
    let differing = fields.into_iter().find(|(_, same)| !same);
    differing.map_or("RmtInf", |(element, _)| element)
}
