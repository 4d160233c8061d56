//! The paths of CEN/TS 16931-3-3, by hand.

use super::Facts;
use super::tree::{all, day, first, is_true, number, value, vat_total};
use roxmltree::Node;

pub fn from_cii(root: Node<'_, '_>) -> Facts {
    let deal = all(root, "SupplyChainTradeTransaction")[0];
    let agreement = all(deal, "ApplicableHeaderTradeAgreement")[0];
    let settlement = all(deal, "ApplicableHeaderTradeSettlement")[0];
    let currency = first(settlement, "InvoiceCurrencyCode");
    let party = |name: &str| {
        let node = all(agreement, name).into_iter().next();
        let at = |path: &str| node.and_then(|node| first(node, path));
        let vat = node.and_then(|node| {
            let ids = all(node, "SpecifiedTaxRegistration/ID");
            ids.into_iter()
                .find(|id| id.attribute("schemeID") == Some("VA"))
                .and_then(value)
        });
        [
            at("Name"),
            vat,
            at("SpecifiedLegalOrganization/ID"),
            at("URIUniversalCommunication/URIID"),
            at("PostalTradeAddress/LineOne"),
            at("PostalTradeAddress/CityName"),
            at("PostalTradeAddress/PostcodeCode"),
            at("PostalTradeAddress/CountryID"),
            at("DefinedTradeContact/EmailURIUniversalCommunication/URIID"),
        ]
    };
    let t = "SpecifiedTradeSettlementHeaderMonetarySummation";
    let charges = |node: Node<'_, '_>, wanted: bool| {
        let indicator =
            move |one: &Node<'_, '_>| is_true(first(*one, "ChargeIndicator/Indicator")) == wanted;
        let found = all(node, "SpecifiedTradeAllowanceCharge")
            .into_iter()
            .filter(indicator);
        found
            .map(|one| number(one, "ActualAmount"))
            .collect::<Vec<_>>()
    };
    let account = |means: Node<'_, '_>| {
        let at = |name: &str| first(means, &format!("PayeePartyCreditorFinancialAccount/{name}"));
        at("IBANID").or_else(|| at("ProprietaryID"))
    };
    Facts {
        header: vec![
            first(root, "ExchangedDocument/ID"),
            day(root, "ExchangedDocument/IssueDateTime/DateTimeString"),
            first(root, "ExchangedDocument/TypeCode"),
            currency.clone(),
            first(
                root,
                "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
            ),
            day(
                settlement,
                "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString",
            ),
            first(agreement, "BuyerReference"),
            first(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID"),
            first(agreement, "ContractReferencedDocument/IssuerAssignedID"),
            first(settlement, "InvoiceReferencedDocument/IssuerAssignedID"),
            day(
                deal,
                "ApplicableHeaderTradeDelivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",
            ),
            day(
                settlement,
                "BillingSpecifiedPeriod/StartDateTime/DateTimeString",
            ),
            day(
                settlement,
                "BillingSpecifiedPeriod/EndDateTime/DateTimeString",
            ),
            first(settlement, "PaymentReference"),
        ],
        parties: [party("SellerTradeParty"), party("BuyerTradeParty")].concat(),
        accounts: all(settlement, "SpecifiedTradeSettlementPaymentMeans")
            .into_iter()
            .filter_map(account)
            .collect(),
        totals: vec![
            number(settlement, &format!("{t}/LineTotalAmount")),
            number(settlement, &format!("{t}/AllowanceTotalAmount")),
            number(settlement, &format!("{t}/ChargeTotalAmount")),
            number(settlement, &format!("{t}/TaxBasisTotalAmount")),
            vat_total(settlement, &format!("{t}/TaxTotalAmount"), &currency, true),
            vat_total(settlement, &format!("{t}/TaxTotalAmount"), &currency, false),
            number(settlement, &format!("{t}/GrandTotalAmount")),
            number(settlement, &format!("{t}/TotalPrepaidAmount")),
            number(settlement, &format!("{t}/RoundingAmount")),
            number(settlement, &format!("{t}/DuePayableAmount")),
        ],
        vat: all(settlement, "ApplicableTradeTax")
            .into_iter()
            .map(|one| {
                (
                    first(one, "CategoryCode"),
                    number(one, "RateApplicablePercent"),
                    number(one, "BasisAmount"),
                    number(one, "CalculatedAmount"),
                    first(one, "ExemptionReasonCode"),
                )
            })
            .collect(),
        lines: all(deal, "IncludedSupplyChainTradeLineItem")
            .into_iter()
            .map(|one| {
                let own = all(one, "SpecifiedLineTradeSettlement")[0];
                let numbers = vec![
                    number(one, "SpecifiedLineTradeDelivery/BilledQuantity"),
                    number(
                        own,
                        "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
                    ),
                    number(
                        one,
                        "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount",
                    ),
                    number(own, "ApplicableTradeTax/RateApplicablePercent"),
                    charges(own, false).first().copied().flatten(),
                ];
                let id = first(one, "AssociatedDocumentLineDocument/LineID");
                (id, first(one, "SpecifiedTradeProduct/Name"), numbers)
            })
            .collect(),
        allowances: [false, true]
            .into_iter()
            .flat_map(|kind| {
                charges(settlement, kind)
                    .into_iter()
                    .map(move |amount| (kind, amount))
            })
            .collect(),
    }
}
