//! UN/CEFACT CII D16B (CEN/TS 16931-3-3).

use super::cii_line::{allowance_charge, line, period, tax};
use super::out::{Done, Out};
use super::{Unwritable, exposed, format_102};
use crate::model::{Address, Invoice, Party, PaymentMeans, SupportingDocument};
use crate::read::{QDT_NS, RAM_NS, RSM_NS, UDT_NS};
use jiff::civil::Date;

const ROOT: &str = "rsm:CrossIndustryInvoice";

/// Writes a CII document.
///
/// # Errors
/// [`Unwritable`] when a text holds what XML cannot.
pub fn cii(invoice: &Invoice, attachments: &[&str]) -> Result<Vec<u8>, Unwritable> {
    let namespaces = [
        ("xmlns:rsm", RSM_NS),
        ("xmlns:ram", RAM_NS),
        ("xmlns:qdt", QDT_NS),
        ("xmlns:udt", UDT_NS),
    ];
    let mut out = Out::begin(ROOT, &namespaces)?;
    header(&mut out, invoice)?;
    out.one_of("rsm:SupplyChainTradeTransaction", |out| {
        for one in &invoice.lines {
            line(out, one)?;
        }
        agreement(out, invoice, attachments)?;
        out.one_of("ram:ApplicableHeaderTradeDelivery", |out| {
            delivery(out, invoice)
        })?;
        out.one_of("ram:ApplicableHeaderTradeSettlement", |out| {
            settlement(out, invoice)
        })
    })?;
    out.end(ROOT)
}

fn header(out: &mut Out, i: &Invoice) -> Done {
    out.one_of("rsm:ExchangedDocumentContext", |out| {
        out.group(
            "ram:BusinessProcessSpecifiedDocumentContextParameter",
            |out| out.text("ram:ID", i.business_process.as_deref()),
        )?;
        out.group("ram:GuidelineSpecifiedDocumentContextParameter", |out| {
            out.text("ram:ID", i.specification.as_deref())
        })
    })?;
    out.one_of("rsm:ExchangedDocument", |out| {
        out.text("ram:ID", i.number.as_deref())?;
        out.text("ram:TypeCode", i.type_code.as_deref())?;
        date(out, "ram:IssueDateTime", i.issue_date)?;
        for note in &i.notes {
            out.one_of("ram:IncludedNote", |out| {
                out.text("ram:Content", Some(&note.text))?;
                out.text("ram:SubjectCode", note.subject_code.as_deref())
            })?;
        }
        Ok(())
    })
}

/// A date in the format 102.
pub(crate) fn date(out: &mut Out, name: &'static str, date: Option<Date>) -> Done {
    dated(out, name, "udt:DateTimeString", date)
}

fn dated(out: &mut Out, name: &'static str, inner: &'static str, date: Option<Date>) -> Done {
    let text = format_102(date);
    out.group(name, |out| {
        out.text_with(inner, &[("format", Some("102"))], text.as_deref())
    })
}

fn agreement(out: &mut Out, i: &Invoice, attachments: &[&str]) -> Done {
    let r = &i.references;
    let reference = |out: &mut Out, name: &'static str, id: &Option<String>| {
        out.group(name, |out| out.text("ram:IssuerAssignedID", id.as_deref()))
    };
    out.one_of("ram:ApplicableHeaderTradeAgreement", |out| {
        out.text("ram:BuyerReference", r.buyer.as_deref())?;
        party(out, "ram:SellerTradeParty", Some(&i.seller))?;
        party(out, "ram:BuyerTradeParty", Some(&i.buyer))?;
        party(
            out,
            "ram:SellerTaxRepresentativeTradeParty",
            i.tax_representative.as_ref(),
        )?;
        reference(out, "ram:SellerOrderReferencedDocument", &r.sales_order)?;
        reference(out, "ram:BuyerOrderReferencedDocument", &r.purchase_order)?;
        reference(out, "ram:ContractReferencedDocument", &r.contract)?;
        for (index, document) in i.supporting_documents.iter().enumerate() {
            supporting(
                out,
                document,
                attachments.get(index).copied().unwrap_or_default(),
            )?;
        }
        if let Some(tender) = r.tender_or_lot.as_deref() {
            out.group("ram:AdditionalReferencedDocument", |out| {
                out.text("ram:IssuerAssignedID", Some(tender))?;
                out.text("ram:TypeCode", Some("50"))
            })?;
        }
        if let Some(object) = &r.invoiced_object {
            out.group("ram:AdditionalReferencedDocument", |out| {
                out.text("ram:IssuerAssignedID", Some(&object.value))?;
                out.text("ram:TypeCode", Some("130"))?;
                out.text("ram:ReferenceTypeCode", object.scheme.as_deref())
            })?;
        }
        out.group("ram:SpecifiedProcuringProject", |out| {
            out.text("ram:ID", r.project.as_deref())?;
            // The schema wants a name, which the standard does not have.
            out.text("ram:Name", r.project.as_ref().map(|_| "Project reference"))
        })
    })
}

fn supporting(out: &mut Out, document: &SupportingDocument, content: &str) -> Done {
    out.one_of("ram:AdditionalReferencedDocument", |out| {
        out.text("ram:IssuerAssignedID", document.reference.as_deref())?;
        out.text("ram:URIID", document.location.as_deref())?;
        out.text("ram:TypeCode", Some("916"))?;
        out.text("ram:Name", document.description.as_deref())?;
        document.embedded.as_ref().map_or(Ok(()), |file| {
            let attributes = [
                ("mimeCode", file.mime.as_deref()),
                ("filename", file.filename.as_deref()),
            ];
            out.text_with("ram:AttachmentBinaryObject", &attributes, Some(content))
        })
    })
}

fn party(out: &mut Out, name: &'static str, party: Option<&Party>) -> Done {
    let Some(p) = party else {
        return Ok(());
    };
    out.group(name, |out| {
        let (global, own): (Vec<_>, Vec<_>) =
            p.identifiers.iter().partition(|id| id.scheme.is_some());
        own.into_iter()
            .try_for_each(|id| out.text("ram:ID", Some(&id.value)))?;
        global
            .into_iter()
            .try_for_each(|id| out.identifier("ram:GlobalID", Some(id)))?;
        out.text("ram:Name", p.name.as_deref())?;
        out.text("ram:Description", p.additional_legal_information.as_deref())?;
        out.group("ram:SpecifiedLegalOrganization", |out| {
            out.identifier("ram:ID", p.legal_registration.as_ref())?;
            out.text("ram:TradingBusinessName", p.trading_name.as_deref())
        })?;
        out.group("ram:DefinedTradeContact", |out| {
            let contact = p.contact.clone().unwrap_or_default();
            out.text("ram:PersonName", contact.name.as_deref())?;
            out.group("ram:TelephoneUniversalCommunication", |out| {
                out.text("ram:CompleteNumber", contact.telephone.as_deref())
            })?;
            out.group("ram:EmailURIUniversalCommunication", |out| {
                out.text("ram:URIID", contact.email.as_deref())
            })
        })?;
        address(out, p.address.as_ref())?;
        out.group("ram:URIUniversalCommunication", |out| {
            out.identifier("ram:URIID", p.electronic_address.as_ref())
        })?;
        let registration = |out: &mut Out, scheme, id| {
            out.group("ram:SpecifiedTaxRegistration", |out| {
                out.text_with("ram:ID", &[("schemeID", Some(scheme))], id)
            })
        };
        registration(out, "VA", exposed(&p.vat_id))?;
        registration(out, "FC", exposed(&p.tax_registration))
    })
}

fn address(out: &mut Out, address: Option<&Address>) -> Done {
    let Some(a) = address else {
        return Ok(());
    };
    out.group("ram:PostalTradeAddress", |out| {
        out.text("ram:PostcodeCode", a.post_code.as_deref())?;
        out.text("ram:LineOne", a.line1.as_deref())?;
        out.text("ram:LineTwo", a.line2.as_deref())?;
        out.text("ram:LineThree", a.line3.as_deref())?;
        out.text("ram:CityName", a.city.as_deref())?;
        out.text("ram:CountryID", a.country.as_deref())?;
        out.text("ram:CountrySubDivisionName", a.subdivision.as_deref())
    })
}

fn delivery(out: &mut Out, i: &Invoice) -> Done {
    let d = i.delivery.clone().unwrap_or_default();
    out.group("ram:ShipToTradeParty", |out| {
        let name = match d
            .location
            .as_ref()
            .and_then(|location| location.scheme.as_ref())
        {
            Some(_) => "ram:GlobalID",
            None => "ram:ID",
        };
        out.identifier(name, d.location.as_ref())?;
        out.text("ram:Name", d.name.as_deref())?;
        address(out, d.address.as_ref())
    })?;
    out.group("ram:ActualDeliverySupplyChainEvent", |out| {
        date(out, "ram:OccurrenceDateTime", d.date)
    })?;
    let reference = |out: &mut Out, name: &'static str, id: &Option<String>| {
        out.group(name, |out| out.text("ram:IssuerAssignedID", id.as_deref()))
    };
    reference(
        out,
        "ram:DespatchAdviceReferencedDocument",
        &i.references.despatch_advice,
    )?;
    reference(
        out,
        "ram:ReceivingAdviceReferencedDocument",
        &i.references.receiving_advice,
    )
}

fn settlement(out: &mut Out, i: &Invoice) -> Done {
    out.text("ram:CreditorReferenceID", exposed(&i.payment.creditor))?;
    out.text(
        "ram:PaymentReference",
        i.payment.remittance_information.as_deref(),
    )?;
    out.text(
        "ram:TaxCurrencyCode",
        i.tax_currency.as_ref().map(|c| c.as_str()),
    )?;
    out.text(
        "ram:InvoiceCurrencyCode",
        i.currency.as_ref().map(|c| c.as_str()),
    )?;
    party(out, "ram:PayeeTradeParty", i.payee.as_ref())?;
    for means in &i.payment.means {
        payment_means(out, means)?;
    }
    for vat in &i.vat_breakdown {
        out.one_of("ram:ApplicableTradeTax", |out| {
            out.amount("ram:CalculatedAmount", vat.tax, None)?;
            out.text("ram:TypeCode", Some("VAT"))?;
            out.text("ram:ExemptionReason", vat.exemption_reason.as_deref())?;
            out.amount("ram:BasisAmount", vat.taxable, None)?;
            out.text("ram:CategoryCode", vat.category.as_deref())?;
            out.text(
                "ram:ExemptionReasonCode",
                vat.exemption_reason_code.as_deref(),
            )?;
            dated(out, "ram:TaxPointDate", "udt:DateString", i.tax_point_date)?;
            out.text(
                "ram:DueDateTypeCode",
                i.tax_point_code.as_deref().map(tax_point_code),
            )?;
            out.decimal("ram:RateApplicablePercent", vat.rate)
        })?;
    }
    period(out, i.period.as_ref())?;
    for (charge, one) in i
        .allowances
        .iter()
        .map(|a| (false, a))
        .chain(i.charges.iter().map(|c| (true, c)))
    {
        allowance_charge(out, one, charge, |out, one| {
            tax(
                out,
                "ram:CategoryTradeTax",
                one.vat_category.as_deref(),
                one.vat_rate,
            )
        })?;
    }
    out.group("ram:SpecifiedTradePaymentTerms", |out| {
        out.text("ram:Description", i.payment.terms.as_deref())?;
        date(out, "ram:DueDateDateTime", i.due_date)?;
        out.text("ram:DirectDebitMandateID", exposed(&i.payment.mandate))
    })?;
    totals(out, i)?;
    for preceding in &i.preceding_invoices {
        out.one_of("ram:InvoiceReferencedDocument", |out| {
            out.text("ram:IssuerAssignedID", preceding.number.as_deref())?;
            dated(
                out,
                "ram:FormattedIssueDateTime",
                "qdt:DateTimeString",
                preceding.issue_date,
            )
        })?;
    }
    out.group("ram:ReceivableSpecifiedTradeAccountingAccount", |out| {
        out.text("ram:ID", i.references.buyer_accounting.as_deref())
    })
}

fn payment_means(out: &mut Out, means: &PaymentMeans) -> Done {
    let card = means.card.clone().unwrap_or_default();
    let transfer = means.credit_transfer.clone().unwrap_or_default();
    let account = exposed(&transfer.account);
    let is_iban = account.is_some_and(looks_like_iban);
    out.one_of("ram:SpecifiedTradeSettlementPaymentMeans", |out| {
        out.text("ram:TypeCode", means.code.as_deref())?;
        out.text("ram:Information", means.text.as_deref())?;
        out.group("ram:ApplicableTradeSettlementFinancialCard", |out| {
            out.text("ram:ID", exposed(&card.number))?;
            out.text("ram:CardholderName", card.holder.as_deref())
        })?;
        out.group("ram:PayerPartyDebtorFinancialAccount", |out| {
            out.text("ram:IBANID", exposed(&means.debited_account))
        })?;
        out.group("ram:PayeePartyCreditorFinancialAccount", |out| {
            out.text("ram:IBANID", account.filter(|_| is_iban))?;
            out.text("ram:AccountName", transfer.account_name.as_deref())?;
            out.text("ram:ProprietaryID", account.filter(|_| !is_iban))
        })?;
        out.group("ram:PayeeSpecifiedCreditorFinancialInstitution", |out| {
            out.text("ram:BICID", transfer.bank.as_deref())
        })
    })
}

/// Two letters and two digits, then 11 to 30 letters and digits (ISO 13616); the check digits are not looked at.
fn looks_like_iban(account: &str) -> bool {
    let signs: Vec<u8> = account.bytes().filter(|byte| *byte != b' ').collect();
    (15..=34).contains(&signs.len())
        && signs[..2].iter().all(u8::is_ascii_uppercase)
        && signs[2..4].iter().all(u8::is_ascii_digit)
        && signs[4..].iter().all(u8::is_ascii_alphanumeric)
}

/// From UNTDID 2005, which the model has, to 2475.
fn tax_point_code(code: &str) -> &str {
    match code {
        "3" => "5",
        "35" => "29",
        "432" => "72",
        other => other,
    }
}

fn totals(out: &mut Out, i: &Invoice) -> Done {
    let t = &i.totals;
    out.group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        |out| {
            out.amount("ram:LineTotalAmount", t.line_net, None)?;
            out.amount("ram:ChargeTotalAmount", t.charges, None)?;
            out.amount("ram:AllowanceTotalAmount", t.allowances, None)?;
            out.amount("ram:TaxBasisTotalAmount", t.without_vat, None)?;
            out.amount("ram:TaxTotalAmount", t.vat, i.currency)?;
            out.amount("ram:TaxTotalAmount", t.vat_in_tax_currency, i.tax_currency)?;
            out.amount("ram:RoundingAmount", t.rounding, None)?;
            out.amount("ram:GrandTotalAmount", t.with_vat, None)?;
            out.amount("ram:TotalPrepaidAmount", t.paid, None)?;
            out.amount("ram:DuePayableAmount", t.due, None)
        },
    )
}
