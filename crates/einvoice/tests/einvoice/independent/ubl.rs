//! The paths of CEN/TS 16931-3-2, by hand.

use super::Facts;
use super::tree::{all, day, first, is_true, number, value, vat_total};
use roxmltree::Node;

pub fn from_ubl(root: Node<'_, '_>) -> Facts {
    let credit = root.tag_name().name() == "CreditNote";
    let (line, quantity) = if credit {
        ("CreditNoteLine", "CreditedQuantity")
    } else {
        ("InvoiceLine", "InvoicedQuantity")
    };
    let currency = first(root, "DocumentCurrencyCode");
    let party = |path: &str| {
        let node = all(root, path).into_iter().next();
        let at = |path: &str| node.and_then(|node| first(node, path));
        let vat = node.and_then(|node| {
            let of_vat = |scheme: &Node<'_, '_>| {
                first(*scheme, "TaxScheme/ID").is_some_and(|id| id.to_uppercase() == "VAT")
            };
            all(node, "PartyTaxScheme")
                .into_iter()
                .find(of_vat)
                .and_then(|scheme| first(scheme, "CompanyID"))
        });
        [
            at("PartyLegalEntity/RegistrationName"),
            vat,
            at("PartyLegalEntity/CompanyID"),
            at("EndpointID"),
            at("PostalAddress/StreetName"),
            at("PostalAddress/CityName"),
            at("PostalAddress/PostalZone"),
            at("PostalAddress/Country/IdentificationCode"),
            at("Contact/ElectronicMail"),
        ]
    };
    let t = "LegalMonetaryTotal";
    let charges = |node: Node<'_, '_>, wanted: bool| {
        let indicator = move |one: &Node<'_, '_>| is_true(first(*one, "ChargeIndicator")) == wanted;
        all(node, "AllowanceCharge")
            .into_iter()
            .filter(indicator)
            .map(|one| number(one, "Amount"))
            .collect::<Vec<_>>()
    };
    Facts {
        header: vec![
            first(root, "ID"),
            day(root, "IssueDate"),
            first(
                root,
                if credit {
                    "CreditNoteTypeCode"
                } else {
                    "InvoiceTypeCode"
                },
            ),
            currency.clone(),
            first(root, "CustomizationID"),
            day(
                root,
                if credit {
                    "PaymentMeans/PaymentDueDate"
                } else {
                    "DueDate"
                },
            ),
            first(root, "BuyerReference"),
            first(root, "OrderReference/ID"),
            first(root, "ContractDocumentReference/ID"),
            first(root, "BillingReference/InvoiceDocumentReference/ID"),
            day(root, "Delivery/ActualDeliveryDate"),
            day(root, "InvoicePeriod/StartDate"),
            day(root, "InvoicePeriod/EndDate"),
            first(root, "PaymentMeans/PaymentID"),
        ],
        parties: [
            party("AccountingSupplierParty/Party"),
            party("AccountingCustomerParty/Party"),
        ]
        .concat(),
        accounts: all(root, "PaymentMeans/PayeeFinancialAccount/ID")
            .into_iter()
            .filter_map(value)
            .collect(),
        totals: vec![
            number(root, &format!("{t}/LineExtensionAmount")),
            number(root, &format!("{t}/AllowanceTotalAmount")),
            number(root, &format!("{t}/ChargeTotalAmount")),
            number(root, &format!("{t}/TaxExclusiveAmount")),
            vat_total(root, "TaxTotal/TaxAmount", &currency, true),
            vat_total(root, "TaxTotal/TaxAmount", &currency, false),
            number(root, &format!("{t}/TaxInclusiveAmount")),
            number(root, &format!("{t}/PrepaidAmount")),
            number(root, &format!("{t}/PayableRoundingAmount")),
            number(root, &format!("{t}/PayableAmount")),
        ],
        vat: all(root, "TaxTotal/TaxSubtotal")
            .into_iter()
            .map(|one| {
                (
                    first(one, "TaxCategory/ID"),
                    number(one, "TaxCategory/Percent"),
                    number(one, "TaxableAmount"),
                    number(one, "TaxAmount"),
                    first(one, "TaxCategory/TaxExemptionReasonCode"),
                )
            })
            .collect(),
        lines: all(root, line)
            .into_iter()
            .map(|one| {
                let numbers = vec![
                    number(one, quantity),
                    number(one, "LineExtensionAmount"),
                    number(one, "Price/PriceAmount"),
                    number(one, "Item/ClassifiedTaxCategory/Percent"),
                    charges(one, false).first().copied().flatten(),
                ];
                (first(one, "ID"), first(one, "Item/Name"), numbers)
            })
            .collect(),
        allowances: [false, true]
            .into_iter()
            .flat_map(|kind| {
                charges(root, kind)
                    .into_iter()
                    .map(move |amount| (kind, amount))
            })
            .collect(),
    }
}
