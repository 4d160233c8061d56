//! UBL 2.1 Invoice and CreditNote (CEN/TS 16931-3-2).

use super::out::{Done, Out};
use super::ubl_line::{allowance_charge, line};
use super::ubl_party;
use super::{Unwritable, exposed, iso};
use crate::model::{Amount, Embedded, Invoice, Payment, PaymentMeans, VatBreakdown};
use crate::read::{CAC_NS, CBC_NS, CREDIT_NOTE_NS, INVOICE_NS};

/// Which of UBL's two documents is written; element names and their order differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Invoice,
    CreditNote,
}

/// Writes an UBL Invoice.
///
/// # Errors
/// [`Unwritable`] when a text holds what XML cannot.
pub fn ubl_invoice(invoice: &Invoice, attachments: &[&str]) -> Result<Vec<u8>, Unwritable> {
    document(invoice, attachments, Form::Invoice, "Invoice", INVOICE_NS)
}

/// Writes an UBL CreditNote.
///
/// # Errors
/// [`Unwritable`] when a text holds what XML cannot.
pub fn ubl_credit_note(invoice: &Invoice, attachments: &[&str]) -> Result<Vec<u8>, Unwritable> {
    document(
        invoice,
        attachments,
        Form::CreditNote,
        "CreditNote",
        CREDIT_NOTE_NS,
    )
}

fn document(
    i: &Invoice,
    attachments: &[&str],
    form: Form,
    root: &'static str,
    namespace: &str,
) -> Result<Vec<u8>, Unwritable> {
    let mut out = Out::begin(
        root,
        &[
            ("xmlns", namespace),
            ("xmlns:cac", CAC_NS),
            ("xmlns:cbc", CBC_NS),
        ],
    )?;
    header(&mut out, i, form)?;
    references(&mut out, i, attachments, form)?;
    ubl_party::seller(&mut out, i)?;
    ubl_party::buyer(&mut out, i)?;
    ubl_party::payee(&mut out, i)?;
    ubl_party::tax_representative(&mut out, i)?;
    ubl_party::delivery(&mut out, i)?;
    payment(&mut out, i, form)?;
    for (charge, one) in i
        .allowances
        .iter()
        .map(|a| (false, a))
        .chain(i.charges.iter().map(|c| (true, c)))
    {
        allowance_charge(&mut out, one, charge, i.currency)?;
    }
    tax_totals(&mut out, i)?;
    totals(&mut out, i)?;
    for one in &i.lines {
        line(&mut out, one, i.currency, form)?;
    }
    out.end(root)
}

fn header(out: &mut Out, i: &Invoice, form: Form) -> Done {
    out.text("cbc:CustomizationID", i.specification.as_deref())?;
    out.text("cbc:ProfileID", i.business_process.as_deref())?;
    out.text("cbc:ID", i.number.as_deref())?;
    out.text("cbc:IssueDate", iso(i.issue_date).as_deref())?;
    let tax_point = iso(i.tax_point_date);
    match form {
        Form::Invoice => {
            out.text("cbc:DueDate", iso(i.due_date).as_deref())?;
            out.text("cbc:InvoiceTypeCode", i.type_code.as_deref())?;
            notes(out, i)?;
            out.text("cbc:TaxPointDate", tax_point.as_deref())?;
        }
        Form::CreditNote => {
            out.text("cbc:TaxPointDate", tax_point.as_deref())?;
            out.text("cbc:CreditNoteTypeCode", i.type_code.as_deref())?;
            notes(out, i)?;
        }
    }
    out.text(
        "cbc:DocumentCurrencyCode",
        i.currency.as_ref().map(|c| c.as_str()),
    )?;
    out.text(
        "cbc:TaxCurrencyCode",
        i.tax_currency.as_ref().map(|c| c.as_str()),
    )?;
    out.text(
        "cbc:AccountingCost",
        i.references.buyer_accounting.as_deref(),
    )?;
    out.text("cbc:BuyerReference", i.references.buyer.as_deref())?;
    out.group("cac:InvoicePeriod", |out| {
        let period = i.period.unwrap_or_default();
        out.text("cbc:StartDate", iso(period.start).as_deref())?;
        out.text("cbc:EndDate", iso(period.end).as_deref())?;
        out.text("cbc:DescriptionCode", i.tax_point_code.as_deref())
    })
}

fn notes(out: &mut Out, i: &Invoice) -> Done {
    for note in &i.notes {
        let coded = note
            .subject_code
            .as_ref()
            .map(|code| format!("#{code}#{}", note.text));
        out.text("cbc:Note", Some(coded.as_deref().unwrap_or(&note.text)))?;
    }
    Ok(())
}

fn references(out: &mut Out, i: &Invoice, attachments: &[&str], form: Form) -> Done {
    let r = &i.references;
    let reference = |out: &mut Out, name: &'static str, id: &Option<String>| {
        out.group(name, |out| out.text("cbc:ID", id.as_deref()))
    };
    out.group("cac:OrderReference", |out| {
        // The schema wants the element wherever a sales order is named.
        let own = r
            .purchase_order
            .as_deref()
            .or(r.sales_order.as_ref().map(|_| ""));
        out.text("cbc:ID", own)?;
        out.text("cbc:SalesOrderID", r.sales_order.as_deref())
    })?;
    for preceding in &i.preceding_invoices {
        out.one_of("cac:BillingReference", |out| {
            out.one_of("cac:InvoiceDocumentReference", |out| {
                out.text("cbc:ID", preceding.number.as_deref())?;
                out.text("cbc:IssueDate", iso(preceding.issue_date).as_deref())
            })
        })?;
    }
    reference(out, "cac:DespatchDocumentReference", &r.despatch_advice)?;
    reference(out, "cac:ReceiptDocumentReference", &r.receiving_advice)?;
    if form == Form::Invoice {
        reference(out, "cac:OriginatorDocumentReference", &r.tender_or_lot)?;
    }
    reference(out, "cac:ContractDocumentReference", &r.contract)?;
    additional_documents(out, i, attachments, form)?;
    match form {
        Form::Invoice => reference(out, "cac:ProjectReference", &r.project),
        Form::CreditNote => reference(out, "cac:OriginatorDocumentReference", &r.tender_or_lot),
    }
}

fn additional_documents(out: &mut Out, i: &Invoice, attachments: &[&str], form: Form) -> Done {
    if let Some(object) = &i.references.invoiced_object {
        out.group("cac:AdditionalDocumentReference", |out| {
            out.identifier("cbc:ID", Some(object))?;
            out.text("cbc:DocumentTypeCode", Some("130"))
        })?;
    }
    if let Some(project) = i
        .references
        .project
        .as_deref()
        .filter(|_| form == Form::CreditNote)
    {
        out.group("cac:AdditionalDocumentReference", |out| {
            out.text("cbc:ID", Some(project))?;
            out.text("cbc:DocumentTypeCode", Some("50"))
        })?;
    }
    for (index, document) in i.supporting_documents.iter().enumerate() {
        let content = attachments.get(index).copied().unwrap_or_default();
        out.one_of("cac:AdditionalDocumentReference", |out| {
            out.text("cbc:ID", document.reference.as_deref())?;
            out.text("cbc:DocumentDescription", document.description.as_deref())?;
            out.group("cac:Attachment", |out| {
                embedded(out, document.embedded.as_ref(), content)?;
                out.group("cac:ExternalReference", |out| {
                    out.text("cbc:URI", document.location.as_deref())
                })
            })
        })?;
    }
    Ok(())
}

fn embedded(out: &mut Out, file: Option<&Embedded>, content: &str) -> Done {
    file.map_or(Ok(()), |file| {
        let attributes = [
            ("mimeCode", file.mime.as_deref()),
            ("filename", file.filename.as_deref()),
        ];
        out.text_with(
            "cbc:EmbeddedDocumentBinaryObject",
            &attributes,
            Some(content),
        )
    })
}

fn payment(out: &mut Out, i: &Invoice, form: Form) -> Done {
    let due = iso(i.due_date).filter(|_| form == Form::CreditNote);
    for (index, means) in i.payment.means.iter().enumerate() {
        out.one_of("cac:PaymentMeans", |out| {
            let first = index == 0;
            payment_means(
                out,
                &i.payment,
                means,
                first,
                due.as_deref().filter(|_| first),
            )
        })?;
    }
    let p = &i.payment;
    let says_more = due.is_some() || p.remittance_information.is_some() || p.mandate.is_some();
    if p.means.is_empty() && says_more {
        out.group("cac:PaymentMeans", |out| {
            payment_means(
                out,
                &i.payment,
                &PaymentMeans::default(),
                true,
                due.as_deref(),
            )
        })?;
    }
    out.group("cac:PaymentTerms", |out| {
        out.text("cbc:Note", i.payment.terms.as_deref())
    })
}

fn payment_means(
    out: &mut Out,
    payment: &Payment,
    means: &PaymentMeans,
    first: bool,
    due: Option<&str>,
) -> Done {
    // The schema wants the element in every group, also where no means of payment is named.
    out.text_with(
        "cbc:PaymentMeansCode",
        &[("name", means.text.as_deref())],
        Some(means.code.as_deref().unwrap_or_default()),
    )?;
    out.text("cbc:PaymentDueDate", due)?;
    let remittance = means
        .remittance_information
        .as_ref()
        .or(payment.remittance_information.as_ref());
    out.text("cbc:PaymentID", remittance.map(String::as_str))?;
    out.group("cac:CardAccount", |out| {
        let card = means.card.clone().unwrap_or_default();
        out.text("cbc:PrimaryAccountNumberID", exposed(&card.number))?;
        // The schema wants a network, which the standard does not have.
        out.text(
            "cbc:NetworkID",
            card.number.as_ref().map(|_| "mapped-from-cii"),
        )?;
        out.text("cbc:HolderName", card.holder.as_deref())
    })?;
    out.group("cac:PayeeFinancialAccount", |out| {
        let transfer = means.credit_transfer.clone().unwrap_or_default();
        out.text("cbc:ID", exposed(&transfer.account))?;
        out.text("cbc:Name", transfer.account_name.as_deref())?;
        out.group("cac:FinancialInstitutionBranch", |out| {
            out.text("cbc:ID", transfer.bank.as_deref())
        })
    })?;
    out.group("cac:PaymentMandate", |out| {
        out.text("cbc:ID", exposed(&payment.mandate).filter(|_| first))?;
        out.group("cac:PayerFinancialAccount", |out| {
            out.text("cbc:ID", exposed(&means.debited_account))
        })
    })
}

fn tax_totals(out: &mut Out, i: &Invoice) -> Done {
    out.group("cac:TaxTotal", |out| {
        out.amount("cbc:TaxAmount", i.totals.vat, i.currency)?;
        for vat in &i.vat_breakdown {
            subtotal(out, i, vat)?;
        }
        Ok(())
    })?;
    out.group("cac:TaxTotal", |out| {
        out.amount(
            "cbc:TaxAmount",
            i.totals.vat_in_tax_currency,
            i.tax_currency,
        )
    })
}

fn subtotal(out: &mut Out, i: &Invoice, vat: &VatBreakdown) -> Done {
    out.one_of("cac:TaxSubtotal", |out| {
        out.amount("cbc:TaxableAmount", vat.taxable, i.currency)?;
        out.amount("cbc:TaxAmount", vat.tax, i.currency)?;
        out.one_of("cac:TaxCategory", |out| {
            out.text("cbc:ID", vat.category.as_deref())?;
            out.decimal("cbc:Percent", vat.rate)?;
            out.text(
                "cbc:TaxExemptionReasonCode",
                vat.exemption_reason_code.as_deref(),
            )?;
            out.text("cbc:TaxExemptionReason", vat.exemption_reason.as_deref())?;
            tax_scheme(out)
        })
    })
}

pub(crate) fn tax_scheme(out: &mut Out) -> Done {
    out.group("cac:TaxScheme", |out| out.text("cbc:ID", Some("VAT")))
}

fn totals(out: &mut Out, i: &Invoice) -> Done {
    let t = &i.totals;
    let in_order: [(&'static str, Option<Amount>); 8] = [
        ("cbc:LineExtensionAmount", t.line_net),
        ("cbc:TaxExclusiveAmount", t.without_vat),
        ("cbc:TaxInclusiveAmount", t.with_vat),
        ("cbc:AllowanceTotalAmount", t.allowances),
        ("cbc:ChargeTotalAmount", t.charges),
        ("cbc:PrepaidAmount", t.paid),
        ("cbc:PayableRoundingAmount", t.rounding),
        ("cbc:PayableAmount", t.due),
    ];
    out.group("cac:LegalMonetaryTotal", |out| {
        in_order
            .into_iter()
            .try_for_each(|(name, amount)| out.amount(name, amount, i.currency))
    })
}
