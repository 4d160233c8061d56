//! Where UBL 2.1 keeps each business term (CEN/TS 16931-3-2).

use super::table::{Namespace, Section, Table};
use crate::terms::Term::*;
use std::sync::LazyLock;

pub(crate) const INVOICE_NS: &str = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";
pub(crate) const CREDIT_NOTE_NS: &str = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2";
pub(crate) const CAC_NS: &str =
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
pub(crate) const CBC_NS: &str =
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

const NAMESPACES: &[Namespace] = &[("cac", &[CAC_NS]), ("cbc", &[CBC_NS])];

#[rustfmt::skip]
const INVOICE_ONLY: &[Section] = &[
    ("", &[
        ("cbc:InvoiceTypeCode", Bt3),
        ("cbc:DueDate", Bt9),
        ("cac:ProjectReference/cbc:ID", Bt11),
    ]),
    ("cac:AdditionalDocumentReference[cbc:DocumentTypeCode!=130]", &[
        (".", Bg24),
        ("cbc:ID", Bt122),
        ("cbc:DocumentDescription", Bt123),
        ("cac:Attachment/cac:ExternalReference/cbc:URI", Bt124),
        ("cac:Attachment/cbc:EmbeddedDocumentBinaryObject", Bt125),
    ]),
];

#[rustfmt::skip]
const CREDIT_NOTE_ONLY: &[Section] = &[
    ("", &[
        ("cbc:CreditNoteTypeCode", Bt3),
        ("cac:AdditionalDocumentReference[cbc:DocumentTypeCode=50]/cbc:ID", Bt11),
    ]),
    ("cac:PaymentMeans", &[
        ("cbc:PaymentDueDate", Bt9),
    ]),
    ("cac:AdditionalDocumentReference[cbc:DocumentTypeCode!=130|50]", &[
        (".", Bg24),
        ("cbc:ID", Bt122),
        ("cbc:DocumentDescription", Bt123),
        ("cac:Attachment/cac:ExternalReference/cbc:URI", Bt124),
        ("cac:Attachment/cbc:EmbeddedDocumentBinaryObject", Bt125),
    ]),
];

#[rustfmt::skip]
const DOCUMENT: &[Section] = &[
    ("", &[
        ("cbc:ID", Bt1),
        ("cbc:IssueDate", Bt2),
        ("cbc:DocumentCurrencyCode", Bt5),
        ("cbc:TaxCurrencyCode", Bt6),
        ("cbc:TaxPointDate", Bt7),
        ("cac:InvoicePeriod/cbc:DescriptionCode", Bt8),
        ("cbc:BuyerReference", Bt10),
        ("cac:ContractDocumentReference/cbc:ID", Bt12),
        ("cac:OrderReference/cbc:ID", Bt13),
        ("cac:OrderReference/cbc:SalesOrderID", Bt14),
        ("cac:ReceiptDocumentReference/cbc:ID", Bt15),
        ("cac:DespatchDocumentReference/cbc:ID", Bt16),
        ("cac:OriginatorDocumentReference/cbc:ID", Bt17),
        ("cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode", Bt125_1),
        ("cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename", Bt125_2),
        ("cbc:AccountingCost", Bt19),
        ("cac:PaymentTerms/cbc:Note", Bt20),
        ("cbc:Note", Bg1),
        ("cbc:Note", Bt22),
        ("cbc:ProfileID", Bt23),
        ("cbc:CustomizationID", Bt24),
        ("cac:InvoicePeriod/cbc:StartDate", Bt73),
        ("cac:InvoicePeriod/cbc:EndDate", Bt74),
        // BT-110, or BT-111 where the currency is that of BT-6.
        ("cac:TaxTotal/cbc:TaxAmount", Bt110),
    ]),
    ("cac:AdditionalDocumentReference[cbc:DocumentTypeCode=130]", &[
        ("cbc:ID", Bt18),
        ("cbc:ID/@schemeID", Bt18_1),
    ]),
    ("cac:BillingReference", &[
        (".", Bg3),
        ("cac:InvoiceDocumentReference/cbc:ID", Bt25),
        ("cac:InvoiceDocumentReference/cbc:IssueDate", Bt26),
    ]),
    ("cac:Delivery", &[
        ("cac:DeliveryParty/cac:PartyName/cbc:Name", Bt70),
        ("cac:DeliveryLocation/cbc:ID", Bt71),
        ("cac:DeliveryLocation/cbc:ID/@schemeID", Bt71_1),
        ("cbc:ActualDeliveryDate", Bt72),
    ]),
    ("cac:Delivery/cac:DeliveryLocation/cac:Address", &[
        ("cbc:StreetName", Bt75),
        ("cbc:AdditionalStreetName", Bt76),
        ("cac:AddressLine/cbc:Line", Bt165),
        ("cbc:CityName", Bt77),
        ("cbc:PostalZone", Bt78),
        ("cbc:CountrySubentity", Bt79),
        ("cac:Country/cbc:IdentificationCode", Bt80),
    ]),
    ("cac:PaymentMeans", &[
        (".", Bg16),
        ("cbc:PaymentMeansCode", Bt81),
        ("cbc:PaymentMeansCode/@name", Bt82),
        ("cbc:PaymentID", Bt83),
        ("cac:PayeeFinancialAccount/cbc:ID", Bt84),
        ("cac:PayeeFinancialAccount/cbc:Name", Bt85),
        ("cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID", Bt86),
        ("cac:CardAccount/cbc:PrimaryAccountNumberID", Bt87),
        ("cac:CardAccount/cbc:HolderName", Bt88),
        ("cac:PaymentMandate/cbc:ID", Bt89),
        ("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", Bt91),
    ]),
    ("cac:AllowanceCharge[cbc:ChargeIndicator=false|0]", &[
        (".", Bg20),
        ("cbc:Amount", Bt92),
        ("cbc:BaseAmount", Bt93),
        ("cbc:MultiplierFactorNumeric", Bt94),
        ("cac:TaxCategory/cbc:ID", Bt95),
        ("cac:TaxCategory/cbc:Percent", Bt96),
        ("cbc:AllowanceChargeReason", Bt97),
        ("cbc:AllowanceChargeReasonCode", Bt98),
    ]),
    ("cac:AllowanceCharge[cbc:ChargeIndicator=true|1]", &[
        (".", Bg21),
        ("cbc:Amount", Bt99),
        ("cbc:BaseAmount", Bt100),
        ("cbc:MultiplierFactorNumeric", Bt101),
        ("cac:TaxCategory/cbc:ID", Bt102),
        ("cac:TaxCategory/cbc:Percent", Bt103),
        ("cbc:AllowanceChargeReason", Bt104),
        ("cbc:AllowanceChargeReasonCode", Bt105),
    ]),
    ("cac:LegalMonetaryTotal", &[
        ("cbc:LineExtensionAmount", Bt106),
        ("cbc:AllowanceTotalAmount", Bt107),
        ("cbc:ChargeTotalAmount", Bt108),
        ("cbc:TaxExclusiveAmount", Bt109),
        ("cbc:TaxInclusiveAmount", Bt112),
        ("cbc:PrepaidAmount", Bt113),
        ("cbc:PayableRoundingAmount", Bt114),
        ("cbc:PayableAmount", Bt115),
    ]),
    ("cac:TaxTotal/cac:TaxSubtotal", &[
        (".", Bg23),
        ("cbc:TaxableAmount", Bt116),
        ("cbc:TaxAmount", Bt117),
        ("cac:TaxCategory/cbc:ID", Bt118),
        ("cac:TaxCategory/cbc:Percent", Bt119),
        ("cac:TaxCategory/cbc:TaxExemptionReason", Bt120),
        ("cac:TaxCategory/cbc:TaxExemptionReasonCode", Bt121),
    ]),
];

#[rustfmt::skip]
const PARTIES: &[Section] = &[
    ("cac:AccountingSupplierParty/cac:Party", &[
        ("cac:PartyLegalEntity/cbc:RegistrationName", Bt27),
        ("cac:PartyName/cbc:Name", Bt28),
        ("cac:PartyIdentification/cbc:ID[@schemeID!=SEPA]", Bt29),
        ("cac:PartyIdentification/cbc:ID[@schemeID!=SEPA]/@schemeID", Bt29_1),
        ("cac:PartyIdentification/cbc:ID[@schemeID=SEPA]", Bt90),
        ("cac:PartyLegalEntity/cbc:CompanyID", Bt30),
        ("cac:PartyLegalEntity/cbc:CompanyID/@schemeID", Bt30_1),
        ("cac:PartyTaxScheme[cac:TaxScheme/cbc:ID=VAT]/cbc:CompanyID", Bt31),
        ("cac:PartyTaxScheme[cac:TaxScheme/cbc:ID!=VAT]/cbc:CompanyID", Bt32),
        ("cac:PartyLegalEntity/cbc:CompanyLegalForm", Bt33),
        ("cbc:EndpointID", Bt34),
        ("cbc:EndpointID/@schemeID", Bt34_1),
        ("cac:Contact/cbc:Name", Bt41),
        ("cac:Contact/cbc:Telephone", Bt42),
        ("cac:Contact/cbc:ElectronicMail", Bt43),
    ]),
    ("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress", &[
        ("cbc:StreetName", Bt35),
        ("cbc:AdditionalStreetName", Bt36),
        ("cac:AddressLine/cbc:Line", Bt162),
        ("cbc:CityName", Bt37),
        ("cbc:PostalZone", Bt38),
        ("cbc:CountrySubentity", Bt39),
        ("cac:Country/cbc:IdentificationCode", Bt40),
    ]),
    ("cac:AccountingCustomerParty/cac:Party", &[
        ("cac:PartyLegalEntity/cbc:RegistrationName", Bt44),
        ("cac:PartyName/cbc:Name", Bt45),
        ("cac:PartyIdentification/cbc:ID", Bt46),
        ("cac:PartyIdentification/cbc:ID/@schemeID", Bt46_1),
        ("cac:PartyLegalEntity/cbc:CompanyID", Bt47),
        ("cac:PartyLegalEntity/cbc:CompanyID/@schemeID", Bt47_1),
        ("cac:PartyTaxScheme[cac:TaxScheme/cbc:ID=VAT]/cbc:CompanyID", Bt48),
        ("cbc:EndpointID", Bt49),
        ("cbc:EndpointID/@schemeID", Bt49_1),
        ("cac:Contact/cbc:Name", Bt56),
        ("cac:Contact/cbc:Telephone", Bt57),
        ("cac:Contact/cbc:ElectronicMail", Bt58),
    ]),
    ("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress", &[
        ("cbc:StreetName", Bt50),
        ("cbc:AdditionalStreetName", Bt51),
        ("cac:AddressLine/cbc:Line", Bt163),
        ("cbc:CityName", Bt52),
        ("cbc:PostalZone", Bt53),
        ("cbc:CountrySubentity", Bt54),
        ("cac:Country/cbc:IdentificationCode", Bt55),
    ]),
    ("cac:PayeeParty", &[
        ("cac:PartyName/cbc:Name", Bt59),
        ("cac:PartyIdentification/cbc:ID[@schemeID!=SEPA]", Bt60),
        ("cac:PartyIdentification/cbc:ID[@schemeID!=SEPA]/@schemeID", Bt60_1),
        ("cac:PartyIdentification/cbc:ID[@schemeID=SEPA]", Bt90),
        ("cac:PartyLegalEntity/cbc:CompanyID", Bt61),
        ("cac:PartyLegalEntity/cbc:CompanyID/@schemeID", Bt61_1),
    ]),
    ("cac:TaxRepresentativeParty", &[
        ("cac:PartyName/cbc:Name", Bt62),
        ("cac:PartyTaxScheme[cac:TaxScheme/cbc:ID=VAT]/cbc:CompanyID", Bt63),
    ]),
    ("cac:TaxRepresentativeParty/cac:PostalAddress", &[
        ("cbc:StreetName", Bt64),
        ("cbc:AdditionalStreetName", Bt65),
        ("cac:AddressLine/cbc:Line", Bt164),
        ("cbc:CityName", Bt66),
        ("cbc:PostalZone", Bt67),
        ("cbc:CountrySubentity", Bt68),
        ("cac:Country/cbc:IdentificationCode", Bt69),
    ]),
];

#[rustfmt::skip]
const LINES: &[Section] = &[
    ("cac:InvoiceLine|cac:CreditNoteLine", &[
        (".", Bg25),
        ("cbc:ID", Bt126),
        ("cbc:Note", Bt127),
        ("cac:DocumentReference[cbc:DocumentTypeCode=130]/cbc:ID", Bt128),
        ("cac:DocumentReference[cbc:DocumentTypeCode=130]/cbc:ID/@schemeID", Bt128_1),
        ("cbc:InvoicedQuantity|cbc:CreditedQuantity", Bt129),
        ("cbc:InvoicedQuantity|cbc:CreditedQuantity/@unitCode", Bt130),
        ("cbc:LineExtensionAmount", Bt131),
        ("cac:OrderLineReference/cbc:LineID", Bt132),
        ("cbc:AccountingCost", Bt133),
        ("cac:InvoicePeriod/cbc:StartDate", Bt134),
        ("cac:InvoicePeriod/cbc:EndDate", Bt135),
    ]),
    ("cac:InvoiceLine|cac:CreditNoteLine/cac:AllowanceCharge[cbc:ChargeIndicator=false|0]", &[
        (".", Bg27),
        ("cbc:Amount", Bt136),
        ("cbc:BaseAmount", Bt137),
        ("cbc:MultiplierFactorNumeric", Bt138),
        ("cbc:AllowanceChargeReason", Bt139),
        ("cbc:AllowanceChargeReasonCode", Bt140),
    ]),
    ("cac:InvoiceLine|cac:CreditNoteLine/cac:AllowanceCharge[cbc:ChargeIndicator=true|1]", &[
        (".", Bg28),
        ("cbc:Amount", Bt141),
        ("cbc:BaseAmount", Bt142),
        ("cbc:MultiplierFactorNumeric", Bt143),
        ("cbc:AllowanceChargeReason", Bt144),
        ("cbc:AllowanceChargeReasonCode", Bt145),
    ]),
    ("cac:InvoiceLine|cac:CreditNoteLine/cac:Price", &[
        ("cbc:PriceAmount", Bt146),
        ("cac:AllowanceCharge/cbc:Amount", Bt147),
        ("cac:AllowanceCharge/cbc:BaseAmount", Bt148),
        ("cbc:BaseQuantity", Bt149),
        ("cbc:BaseQuantity/@unitCode", Bt150),
    ]),
    ("cac:InvoiceLine|cac:CreditNoteLine/cac:Item", &[
        ("cac:ClassifiedTaxCategory/cbc:ID", Bt151),
        ("cac:ClassifiedTaxCategory/cbc:Percent", Bt152),
        ("cbc:Name", Bt153),
        ("cbc:Description", Bt154),
        ("cac:SellersItemIdentification/cbc:ID", Bt155),
        ("cac:BuyersItemIdentification/cbc:ID", Bt156),
        ("cac:StandardItemIdentification/cbc:ID", Bt157),
        ("cac:StandardItemIdentification/cbc:ID/@schemeID", Bt157_1),
        ("cac:CommodityClassification/cbc:ItemClassificationCode", Bt158),
        ("cac:CommodityClassification/cbc:ItemClassificationCode/@listID", Bt158_1),
        ("cac:CommodityClassification/cbc:ItemClassificationCode/@listVersionID", Bt158_2),
        ("cac:OriginCountry/cbc:IdentificationCode", Bt159),
        ("cac:AdditionalItemProperty", Bg32),
        ("cac:AdditionalItemProperty/cbc:Name", Bt160),
        ("cac:AdditionalItemProperty/cbc:Value", Bt161),
    ]),
];

/// The table of an UBL Invoice.
pub(crate) fn invoice() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        Table::compile(NAMESPACES, &[INVOICE_ONLY, DOCUMENT, PARTIES, LINES], &[])
    });
    &TABLE
}

/// The table of an UBL CreditNote.
pub(crate) fn credit_note() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        Table::compile(
            NAMESPACES,
            &[CREDIT_NOTE_ONLY, DOCUMENT, PARTIES, LINES],
            &[],
        )
    });
    &TABLE
}
