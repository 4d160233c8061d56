//! Where UN/CEFACT Cross Industry Invoice D16B keeps each business term (CEN/TS 16931-3-3).

use super::table::{Namespace, Renamed, Section, Table};
use crate::terms::Term::*;
use std::sync::LazyLock;

pub(crate) const RSM_NS: &str = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";
pub(crate) const RAM_NS: &str =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";
pub(crate) const UDT_NS: &str = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";
pub(crate) const QDT_NS: &str = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100";
/// The outermost namespace of ZUGFeRD 1.0.
pub(crate) const FERD_NS: &str = "urn:ferd:CrossIndustryDocument:invoice:1p0";

const NAMESPACES: &[Namespace] = &[
    ("rsm", &[RSM_NS, FERD_NS]),
    (
        "ram",
        &[
            RAM_NS,
            "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12",
        ],
    ),
    (
        "udt",
        &[
            UDT_NS,
            "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15",
        ],
    ),
    ("qdt", &[QDT_NS]),
];

/// What ZUGFeRD 1.0, an older state of the same vocabulary, calls differently.
const ZUGFERD_1: Renamed = &[
    (
        "ExchangedDocumentContext",
        "SpecifiedExchangedDocumentContext",
    ),
    ("ExchangedDocument", "HeaderExchangedDocument"),
    (
        "SupplyChainTradeTransaction",
        "SpecifiedSupplyChainTradeTransaction",
    ),
    (
        "ApplicableHeaderTradeAgreement",
        "ApplicableSupplyChainTradeAgreement",
    ),
    (
        "ApplicableHeaderTradeDelivery",
        "ApplicableSupplyChainTradeDelivery",
    ),
    (
        "ApplicableHeaderTradeSettlement",
        "ApplicableSupplyChainTradeSettlement",
    ),
    (
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    ),
    (
        "SpecifiedTradeSettlementLineMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    ),
    (
        "SpecifiedLineTradeAgreement",
        "SpecifiedSupplyChainTradeAgreement",
    ),
    (
        "SpecifiedLineTradeDelivery",
        "SpecifiedSupplyChainTradeDelivery",
    ),
    (
        "SpecifiedLineTradeSettlement",
        "SpecifiedSupplyChainTradeSettlement",
    ),
    ("RateApplicablePercent", "ApplicablePercent"),
    ("IssuerAssignedID", "ID"),
];

#[rustfmt::skip]
const DOCUMENT: &[Section] = &[
    ("rsm:ExchangedDocumentContext", &[
        ("ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", Bt23),
        ("ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", Bt24),
    ]),
    ("rsm:ExchangedDocument", &[
        ("ram:ID", Bt1),
        ("ram:IssueDateTime/udt:DateTimeString", Bt2),
        ("ram:TypeCode", Bt3),
        ("ram:IncludedNote", Bg1),
        ("ram:IncludedNote/ram:SubjectCode", Bt21),
        ("ram:IncludedNote/ram:Content", Bt22),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement", &[
        ("ram:BuyerReference", Bt10),
        ("ram:SpecifiedProcuringProject/ram:ID", Bt11),
        ("ram:ContractReferencedDocument/ram:IssuerAssignedID", Bt12),
        ("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", Bt13),
        ("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID", Bt14),
        ("ram:AdditionalReferencedDocument[ram:TypeCode=50]/ram:IssuerAssignedID", Bt17),
        ("ram:AdditionalReferencedDocument[ram:TypeCode=130]/ram:IssuerAssignedID", Bt18),
        ("ram:AdditionalReferencedDocument[ram:TypeCode=130]/ram:ReferenceTypeCode", Bt18_1),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:AdditionalReferencedDocument[ram:TypeCode!=50|130]", &[
        (".", Bg24),
        ("ram:IssuerAssignedID", Bt122),
        ("ram:Name", Bt123),
        ("ram:URIID", Bt124),
        ("ram:AttachmentBinaryObject", Bt125),
        ("ram:AttachmentBinaryObject/@mimeCode", Bt125_1),
        ("ram:AttachmentBinaryObject/@filename", Bt125_2),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery", &[
        ("ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID", Bt15),
        ("ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID", Bt16),
        ("ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString", Bt72),
        ("ram:ShipToTradeParty/ram:Name", Bt70),
        ("ram:ShipToTradeParty/ram:ID|ram:GlobalID", Bt71),
        ("ram:ShipToTradeParty/ram:ID|ram:GlobalID/@schemeID", Bt71_1),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:PostalTradeAddress", &[
        ("ram:LineOne", Bt75),
        ("ram:LineTwo", Bt76),
        ("ram:LineThree", Bt165),
        ("ram:CityName", Bt77),
        ("ram:PostcodeCode", Bt78),
        ("ram:CountrySubDivisionName", Bt79),
        ("ram:CountryID", Bt80),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement", &[
        ("ram:InvoiceCurrencyCode", Bt5),
        ("ram:TaxCurrencyCode", Bt6),
        ("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", Bt19),
        ("ram:BillingSpecifiedPeriod/ram:StartDateTime/udt:DateTimeString", Bt73),
        ("ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString", Bt74),
        ("ram:PaymentReference", Bt83),
        ("ram:CreditorReferenceID", Bt90),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradePaymentTerms", &[
        ("ram:DueDateDateTime/udt:DateTimeString", Bt9),
        ("ram:Description", Bt20),
        ("ram:DirectDebitMandateID", Bt89),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:InvoiceReferencedDocument", &[
        (".", Bg3),
        ("ram:IssuerAssignedID", Bt25),
        ("ram:FormattedIssueDateTime/qdt:DateTimeString", Bt26),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementPaymentMeans", &[
        (".", Bg16),
        ("ram:TypeCode", Bt81),
        ("ram:Information", Bt82),
        ("ram:PayeePartyCreditorFinancialAccount/ram:IBANID|ram:ProprietaryID", Bt84),
        ("ram:PayeePartyCreditorFinancialAccount/ram:AccountName", Bt85),
        ("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", Bt86),
        ("ram:ApplicableTradeSettlementFinancialCard/ram:ID", Bt87),
        ("ram:ApplicableTradeSettlementFinancialCard/ram:CardholderName", Bt88),
        ("ram:PayerPartyDebtorFinancialAccount/ram:IBANID|ram:ProprietaryID", Bt91),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator=false|0]", &[
        (".", Bg20),
        ("ram:ActualAmount", Bt92),
        ("ram:BasisAmount", Bt93),
        ("ram:CalculationPercent", Bt94),
        ("ram:CategoryTradeTax/ram:CategoryCode", Bt95),
        ("ram:CategoryTradeTax/ram:RateApplicablePercent", Bt96),
        ("ram:Reason", Bt97),
        ("ram:ReasonCode", Bt98),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator=true|1]", &[
        (".", Bg21),
        ("ram:ActualAmount", Bt99),
        ("ram:BasisAmount", Bt100),
        ("ram:CalculationPercent", Bt101),
        ("ram:CategoryTradeTax/ram:CategoryCode", Bt102),
        ("ram:CategoryTradeTax/ram:RateApplicablePercent", Bt103),
        ("ram:Reason", Bt104),
        ("ram:ReasonCode", Bt105),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementHeaderMonetarySummation", &[
        ("ram:LineTotalAmount", Bt106),
        ("ram:AllowanceTotalAmount", Bt107),
        ("ram:ChargeTotalAmount", Bt108),
        ("ram:TaxBasisTotalAmount", Bt109),
        // BT-110, or BT-111 where the currency is that of BT-6.
        ("ram:TaxTotalAmount", Bt110),
        ("ram:GrandTotalAmount", Bt112),
        ("ram:TotalPrepaidAmount", Bt113),
        ("ram:RoundingAmount", Bt114),
        ("ram:DuePayableAmount", Bt115),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", &[
        (".", Bg23),
        ("ram:BasisAmount", Bt116),
        ("ram:CalculatedAmount", Bt117),
        ("ram:CategoryCode", Bt118),
        ("ram:RateApplicablePercent", Bt119),
        ("ram:ExemptionReason", Bt120),
        ("ram:ExemptionReasonCode", Bt121),
        ("ram:TaxPointDate/udt:DateString", Bt7),
        ("ram:DueDateTypeCode", Bt8),
    ]),
];

#[rustfmt::skip]
const PARTIES: &[Section] = &[
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty", &[
        ("ram:Name", Bt27),
        ("ram:SpecifiedLegalOrganization/ram:TradingBusinessName", Bt28),
        ("ram:ID|ram:GlobalID", Bt29),
        ("ram:ID|ram:GlobalID/@schemeID", Bt29_1),
        ("ram:SpecifiedLegalOrganization/ram:ID", Bt30),
        ("ram:SpecifiedLegalOrganization/ram:ID/@schemeID", Bt30_1),
        ("ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]", Bt31),
        ("ram:SpecifiedTaxRegistration/ram:ID[@schemeID=FC]", Bt32),
        ("ram:Description", Bt33),
        ("ram:URIUniversalCommunication/ram:URIID", Bt34),
        ("ram:URIUniversalCommunication/ram:URIID/@schemeID", Bt34_1),
        ("ram:DefinedTradeContact/ram:PersonName|ram:DepartmentName", Bt41),
        ("ram:DefinedTradeContact/ram:TelephoneUniversalCommunication/ram:CompleteNumber", Bt42),
        ("ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID", Bt43),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:PostalTradeAddress", &[
        ("ram:LineOne", Bt35),
        ("ram:LineTwo", Bt36),
        ("ram:LineThree", Bt162),
        ("ram:CityName", Bt37),
        ("ram:PostcodeCode", Bt38),
        ("ram:CountrySubDivisionName", Bt39),
        ("ram:CountryID", Bt40),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty", &[
        ("ram:Name", Bt44),
        ("ram:SpecifiedLegalOrganization/ram:TradingBusinessName", Bt45),
        ("ram:ID|ram:GlobalID", Bt46),
        ("ram:ID|ram:GlobalID/@schemeID", Bt46_1),
        ("ram:SpecifiedLegalOrganization/ram:ID", Bt47),
        ("ram:SpecifiedLegalOrganization/ram:ID/@schemeID", Bt47_1),
        ("ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]", Bt48),
        ("ram:URIUniversalCommunication/ram:URIID", Bt49),
        ("ram:URIUniversalCommunication/ram:URIID/@schemeID", Bt49_1),
        ("ram:DefinedTradeContact/ram:PersonName|ram:DepartmentName", Bt56),
        ("ram:DefinedTradeContact/ram:TelephoneUniversalCommunication/ram:CompleteNumber", Bt57),
        ("ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID", Bt58),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:PostalTradeAddress", &[
        ("ram:LineOne", Bt50),
        ("ram:LineTwo", Bt51),
        ("ram:LineThree", Bt163),
        ("ram:CityName", Bt52),
        ("ram:PostcodeCode", Bt53),
        ("ram:CountrySubDivisionName", Bt54),
        ("ram:CountryID", Bt55),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:PayeeTradeParty", &[
        ("ram:Name", Bt59),
        ("ram:ID|ram:GlobalID", Bt60),
        ("ram:ID|ram:GlobalID/@schemeID", Bt60_1),
        ("ram:SpecifiedLegalOrganization/ram:ID", Bt61),
        ("ram:SpecifiedLegalOrganization/ram:ID/@schemeID", Bt61_1),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTaxRepresentativeTradeParty", &[
        ("ram:Name", Bt62),
        ("ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]", Bt63),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTaxRepresentativeTradeParty/ram:PostalTradeAddress", &[
        ("ram:LineOne", Bt64),
        ("ram:LineTwo", Bt65),
        ("ram:LineThree", Bt164),
        ("ram:CityName", Bt66),
        ("ram:PostcodeCode", Bt67),
        ("ram:CountrySubDivisionName", Bt68),
        ("ram:CountryID", Bt69),
    ]),
];

#[rustfmt::skip]
const LINES: &[Section] = &[
    ("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem", &[
        (".", Bg25),
        ("ram:AssociatedDocumentLineDocument/ram:LineID", Bt126),
        ("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content", Bt127),
        ("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", Bt129),
        ("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode", Bt130),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedTradeProduct", &[
        ("ram:Name", Bt153),
        ("ram:Description", Bt154),
        ("ram:SellerAssignedID", Bt155),
        ("ram:BuyerAssignedID", Bt156),
        ("ram:GlobalID", Bt157),
        ("ram:GlobalID/@schemeID", Bt157_1),
        ("ram:DesignatedProductClassification/ram:ClassCode", Bt158),
        ("ram:DesignatedProductClassification/ram:ClassCode/@listID", Bt158_1),
        ("ram:DesignatedProductClassification/ram:ClassCode/@listVersionID", Bt158_2),
        ("ram:OriginTradeCountry/ram:ID", Bt159),
        ("ram:ApplicableProductCharacteristic", Bg32),
        ("ram:ApplicableProductCharacteristic/ram:Description", Bt160),
        ("ram:ApplicableProductCharacteristic/ram:Value", Bt161),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeAgreement", &[
        ("ram:BuyerOrderReferencedDocument/ram:LineID", Bt132),
        ("ram:NetPriceProductTradePrice/ram:ChargeAmount", Bt146),
        ("ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge/ram:ActualAmount", Bt147),
        ("ram:GrossPriceProductTradePrice/ram:ChargeAmount", Bt148),
        ("ram:NetPriceProductTradePrice/ram:BasisQuantity", Bt149),
        ("ram:NetPriceProductTradePrice/ram:BasisQuantity/@unitCode", Bt150),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement", &[
        ("ram:AdditionalReferencedDocument[ram:TypeCode=130]/ram:IssuerAssignedID", Bt128),
        ("ram:AdditionalReferencedDocument[ram:TypeCode=130]/ram:ReferenceTypeCode", Bt128_1),
        ("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", Bt131),
        ("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", Bt133),
        ("ram:BillingSpecifiedPeriod/ram:StartDateTime/udt:DateTimeString", Bt134),
        ("ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString", Bt135),
        ("ram:ApplicableTradeTax/ram:CategoryCode", Bt151),
        ("ram:ApplicableTradeTax/ram:RateApplicablePercent", Bt152),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator=false|0]", &[
        (".", Bg27),
        ("ram:ActualAmount", Bt136),
        ("ram:BasisAmount", Bt137),
        ("ram:CalculationPercent", Bt138),
        ("ram:Reason", Bt139),
        ("ram:ReasonCode", Bt140),
    ]),
    ("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator=true|1]", &[
        (".", Bg28),
        ("ram:ActualAmount", Bt141),
        ("ram:BasisAmount", Bt142),
        ("ram:CalculationPercent", Bt143),
        ("ram:Reason", Bt144),
        ("ram:ReasonCode", Bt145),
    ]),
];

/// The table of CII D16B.
pub(crate) fn cii() -> &'static Table {
    static TABLE: LazyLock<Table> =
        LazyLock::new(|| Table::compile(NAMESPACES, &[DOCUMENT, PARTIES, LINES], &[]));
    &TABLE
}

/// The table of ZUGFeRD 1.0, as far as its terms are those of EN 16931.
pub(crate) fn zugferd_1() -> &'static Table {
    static TABLE: LazyLock<Table> =
        LazyLock::new(|| Table::compile(NAMESPACES, &[DOCUMENT, PARTIES, LINES], ZUGFERD_1));
    &TABLE
}
