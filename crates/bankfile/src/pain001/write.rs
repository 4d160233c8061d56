use std::io::{self, Write};

use countersign_money::Money;
use quick_xml::escape::partial_escape;

use super::NAMESPACE;
use super::model::{Address, Group, Party, Remittance, Transfer};
use super::prepare::Prepared;
use super::totals::Totals;
use crate::account::{Account, Bic};

/// Enough for a transfer with address and remittance text, so that a `Vec` seldom grows.
const BYTES_PER_TRANSFER: usize = 900;

/// Start and end tag of an element, joined while compiling: a large file is mostly tags.
#[derive(Clone, Copy)]
struct Tag {
    start: &'static str,
    end: &'static str,
}

macro_rules! tag {
    ($name:literal) => {
        Tag {
            start: concat!("<", $name, ">"),
            end: concat!("</", $name, ">"),
        }
    };
}

impl Prepared {
    /// The file's bytes: UTF-8, one line after the XML declaration, no insignificant white space. Equal files
    /// give equal bytes.
    /// They hold account numbers in the clear: seal them before they are stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let transfers: usize = self
            .file()
            .groups
            .iter()
            .map(|group| group.transfers.len())
            .sum();
        let mut bytes = Vec::with_capacity(2048 + transfers * BYTES_PER_TRANSFER);
        self.write_to(&mut bytes)
            .expect("writing to memory cannot fail");
        bytes
    }

    /// Writes the same bytes to any writer, without keeping them.
    ///
    /// # Errors
    /// Only what `writer` itself reports.
    pub fn write_to(&self, writer: impl Write) -> io::Result<()> {
        let mut xml = Xml(writer);
        xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        xml.raw("<Document xmlns=\"")?;
        xml.raw(NAMESPACE)?;
        xml.raw("\">")?;
        xml.element(tag!("CstmrCdtTrfInitn"), |xml| {
            xml.group_header(self)?;
            self.file()
                .groups
                .iter()
                .try_for_each(|group| xml.group(group))
        })?;
        xml.raw("</Document>\n")
    }
}

/// Every element is closed by the call that opened it, so that what comes out is well-formed.
struct Xml<W: Write>(W);

impl<W: Write> Xml<W> {
    fn group_header(&mut self, prepared: &Prepared) -> io::Result<()> {
        let file = prepared.file();
        self.element(tag!("GrpHdr"), |xml| {
            xml.leaf(tag!("MsgId"), &file.message_id)?;
            xml.leaf(tag!("CreDtTm"), &file.created.to_string())?;
            xml.totals(prepared.totals())?;
            xml.element(tag!("InitgPty"), |xml| {
                xml.leaf(tag!("Nm"), &file.initiating_party)
            })
        })
    }

    fn group(&mut self, group: &Group) -> io::Result<()> {
        self.element(tag!("PmtInf"), |xml| {
            xml.leaf(tag!("PmtInfId"), &group.payment_information_id)?;
            xml.leaf(tag!("PmtMtd"), "TRF")?;
            xml.leaf(
                tag!("BtchBookg"),
                if group.batch_booking { "true" } else { "false" },
            )?;
            xml.totals(Totals::of_group(group))?;
            xml.element(tag!("PmtTpInf"), |xml| {
                xml.element(tag!("SvcLvl"), |xml| {
                    xml.leaf(tag!("Cd"), group.service_level.code())
                })
            })?;
            xml.element(tag!("ReqdExctnDt"), |xml| {
                xml.leaf(tag!("Dt"), &group.requested_execution_date.to_string())
            })?;
            xml.party(tag!("Dbtr"), &group.debtor)?;
            xml.account(tag!("DbtrAcct"), &group.debtor_account)?;
            xml.debtor_agent(group.debtor_bic.as_ref())?;
            xml.leaf(tag!("ChrgBr"), group.charge_bearer.code())?;
            group
                .transfers
                .iter()
                .try_for_each(|transfer| xml.transfer(transfer))
        })
    }

    fn transfer(&mut self, transfer: &Transfer) -> io::Result<()> {
        self.element(tag!("CdtTrfTxInf"), |xml| {
            xml.element(tag!("PmtId"), |xml| {
                xml.optional_leaf(tag!("InstrId"), transfer.instruction_id.as_deref())?;
                xml.leaf(tag!("EndToEndId"), &transfer.end_to_end_id)?;
                xml.optional_leaf(
                    tag!("UETR"),
                    transfer.uetr.as_ref().map(|uetr| uetr.as_str()),
                )
            })?;
            xml.element(tag!("Amt"), |xml| xml.amount(transfer.amount))?;
            if let Some(bic) = &transfer.creditor_bic {
                xml.agent(tag!("CdtrAgt"), |xml| xml.leaf(tag!("BICFI"), bic.as_str()))?;
            }
            xml.party(tag!("Cdtr"), &transfer.creditor)?;
            xml.account(tag!("CdtrAcct"), &transfer.creditor_account)?;
            match &transfer.remittance {
                Some(remittance) => xml.element(tag!("RmtInf"), |xml| xml.remittance(remittance)),
                None => Ok(()),
            }
        })
    }

    fn totals(&mut self, totals: Totals) -> io::Result<()> {
        self.leaf(tag!("NbOfTxs"), &totals.transactions().to_string())?;
        self.leaf(tag!("CtrlSum"), &totals.control_sum())
    }

    fn amount(&mut self, amount: Money) -> io::Result<()> {
        self.raw("<InstdAmt Ccy=\"")?;
        self.raw(amount.currency().code())?;
        self.raw("\">")?;
        self.raw(&amount.to_decimal_string())?;
        self.raw("</InstdAmt>")
    }

    fn party(&mut self, tag: Tag, party: &Party) -> io::Result<()> {
        self.element(tag, |xml| {
            xml.leaf(tag!("Nm"), &party.name)?;
            match &party.address {
                Some(address) => xml.address(address),
                None => Ok(()),
            }
        })
    }

    fn address(&mut self, address: &Address) -> io::Result<()> {
        self.element(tag!("PstlAdr"), |xml| {
            xml.optional_leaf(tag!("StrtNm"), address.street.as_deref())?;
            xml.optional_leaf(tag!("BldgNb"), address.building_number.as_deref())?;
            xml.optional_leaf(tag!("PstCd"), address.post_code.as_deref())?;
            xml.leaf(tag!("TwnNm"), &address.town)?;
            xml.leaf(tag!("Ctry"), address.country.code())
        })
    }

    fn account(&mut self, tag: Tag, account: &Account) -> io::Result<()> {
        self.element(tag, |xml| {
            xml.element(tag!("Id"), |xml| match account {
                Account::Iban(iban) => xml.leaf(tag!("IBAN"), iban.expose()),
                Account::Other(other) => {
                    xml.element(tag!("Othr"), |xml| xml.leaf(tag!("Id"), other.expose()))
                }
            })
        })
    }

    fn debtor_agent(&mut self, bic: Option<&Bic>) -> io::Result<()> {
        self.agent(tag!("DbtrAgt"), |xml| match bic {
            Some(bic) => xml.leaf(tag!("BICFI"), bic.as_str()),
            // ISO 20022 demands the debtor's bank; this is the guidelines' word for “known by the IBAN”.
            None => xml.element(tag!("Othr"), |xml| xml.leaf(tag!("Id"), "NOTPROVIDED")),
        })
    }

    fn agent(
        &mut self,
        tag: Tag,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.element(tag, |xml| xml.element(tag!("FinInstnId"), content))
    }

    fn remittance(&mut self, remittance: &Remittance) -> io::Result<()> {
        match remittance {
            Remittance::Unstructured(text) => self.leaf(tag!("Ustrd"), text),
            Remittance::CreditorReference(reference) => self.element(tag!("Strd"), |xml| {
                xml.element(tag!("CdtrRefInf"), |xml| {
                    xml.element(tag!("Tp"), |xml| {
                        xml.element(tag!("CdOrPrtry"), |xml| xml.leaf(tag!("Cd"), "SCOR"))?;
                        xml.leaf(tag!("Issr"), "ISO")
                    })?;
                    xml.leaf(tag!("Ref"), reference.as_str())
                })
            }),
        }
    }

    fn element(
        &mut self,
        tag: Tag,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.raw(tag.start)?;
        content(self)?;
        self.raw(tag.end)
    }

    /// Prepared values have no markup characters. They are escaped all the same, so that this file's safety
    /// rests on this file. The apostrophe stays: some banks count `&apos;` as six characters.
    fn leaf(&mut self, tag: Tag, text: &str) -> io::Result<()> {
        self.element(tag, |xml| xml.raw(&partial_escape(text)))
    }

    fn optional_leaf(&mut self, tag: Tag, text: Option<&str>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.leaf(tag, text))
    }

    fn raw(&mut self, markup: &str) -> io::Result<()> {
        self.0.write_all(markup.as_bytes())
    }
}
