//! Parties and delivery in UBL.

use super::out::{Done, Out};
use super::ubl::tax_scheme;
use super::{exposed, iso};
use crate::model::{Address, Identifier, Invoice, Party};

pub(crate) fn seller(out: &mut Out, i: &Invoice) -> Done {
    let creditor = i.payment.creditor.as_ref().map(|creditor| Identifier {
        value: creditor.expose().to_owned(),
        scheme: Some("SEPA".to_owned()),
    });
    out.group("cac:AccountingSupplierParty", |out| {
        out.group("cac:Party", |out| party(out, &i.seller, creditor.as_ref()))
    })
}

pub(crate) fn buyer(out: &mut Out, i: &Invoice) -> Done {
    out.group("cac:AccountingCustomerParty", |out| {
        out.group("cac:Party", |out| party(out, &i.buyer, None))
    })
}

fn party(out: &mut Out, p: &Party, creditor: Option<&Identifier>) -> Done {
    out.identifier("cbc:EndpointID", p.electronic_address.as_ref())?;
    for id in p.identifiers.iter().chain(creditor) {
        out.group("cac:PartyIdentification", |out| {
            out.identifier("cbc:ID", Some(id))
        })?;
    }
    out.group("cac:PartyName", |out| {
        out.text("cbc:Name", p.trading_name.as_deref())
    })?;
    address(out, "cac:PostalAddress", p.address.as_ref())?;
    tax_ids(out, p)?;
    out.group("cac:PartyLegalEntity", |out| {
        out.text("cbc:RegistrationName", p.name.as_deref())?;
        out.identifier("cbc:CompanyID", p.legal_registration.as_ref())?;
        out.text(
            "cbc:CompanyLegalForm",
            p.additional_legal_information.as_deref(),
        )
    })?;
    out.group("cac:Contact", |out| {
        let contact = p.contact.clone().unwrap_or_default();
        out.text("cbc:Name", contact.name.as_deref())?;
        out.text("cbc:Telephone", contact.telephone.as_deref())?;
        out.text("cbc:ElectronicMail", contact.email.as_deref())
    })
}

fn tax_ids(out: &mut Out, p: &Party) -> Done {
    if let Some(vat_id) = exposed(&p.vat_id) {
        out.group("cac:PartyTaxScheme", |out| {
            out.text("cbc:CompanyID", Some(vat_id))?;
            tax_scheme(out)
        })?;
    }
    if let Some(registration) = exposed(&p.tax_registration) {
        out.group("cac:PartyTaxScheme", |out| {
            out.text("cbc:CompanyID", Some(registration))?;
            out.group("cac:TaxScheme", |out| out.text("cbc:ID", Some("FC")))
        })?;
    }
    Ok(())
}

fn address(out: &mut Out, name: &'static str, address: Option<&Address>) -> Done {
    let Some(a) = address else {
        return Ok(());
    };
    out.group(name, |out| {
        out.text("cbc:StreetName", a.line1.as_deref())?;
        out.text("cbc:AdditionalStreetName", a.line2.as_deref())?;
        out.text("cbc:CityName", a.city.as_deref())?;
        out.text("cbc:PostalZone", a.post_code.as_deref())?;
        out.text("cbc:CountrySubentity", a.subdivision.as_deref())?;
        out.group("cac:AddressLine", |out| {
            out.text("cbc:Line", a.line3.as_deref())
        })?;
        out.group("cac:Country", |out| {
            out.text("cbc:IdentificationCode", a.country.as_deref())
        })
    })
}

pub(crate) fn payee(out: &mut Out, i: &Invoice) -> Done {
    let Some(p) = &i.payee else {
        return Ok(());
    };
    out.group("cac:PayeeParty", |out| {
        for id in &p.identifiers {
            out.group("cac:PartyIdentification", |out| {
                out.identifier("cbc:ID", Some(id))
            })?;
        }
        out.group("cac:PartyName", |out| {
            out.text("cbc:Name", p.name.as_deref())
        })?;
        out.group("cac:PartyLegalEntity", |out| {
            out.identifier("cbc:CompanyID", p.legal_registration.as_ref())
        })
    })
}

pub(crate) fn tax_representative(out: &mut Out, i: &Invoice) -> Done {
    let Some(p) = &i.tax_representative else {
        return Ok(());
    };
    out.group("cac:TaxRepresentativeParty", |out| {
        out.group("cac:PartyName", |out| {
            out.text("cbc:Name", p.name.as_deref())
        })?;
        address(out, "cac:PostalAddress", p.address.as_ref())?;
        tax_ids(out, p)
    })
}

pub(crate) fn delivery(out: &mut Out, i: &Invoice) -> Done {
    let Some(d) = &i.delivery else {
        return Ok(());
    };
    out.group("cac:Delivery", |out| {
        out.text("cbc:ActualDeliveryDate", iso(d.date).as_deref())?;
        out.group("cac:DeliveryLocation", |out| {
            out.identifier("cbc:ID", d.location.as_ref())?;
            address(out, "cac:Address", d.address.as_ref())
        })?;
        out.group("cac:DeliveryParty", |out| {
            out.group("cac:PartyName", |out| {
                out.text("cbc:Name", d.name.as_deref())
            })
        })
    })
}
