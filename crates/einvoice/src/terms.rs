//! The business terms (BT) and business groups (BG) of EN 16931-1:2017, with their place in the semantic model.
//!
//! Identifiers with a second number, such as `BT-29-1`, are the standard's own names for the parts of a term (the
//! scheme of an identifier, the type of a file).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// What kind of value a term holds (EN 16931-1, clause 6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Group,
    Text,
    Code,
    Identifier,
    Date,
    Amount,
    UnitPrice,
    Quantity,
    Percentage,
    Binary,
}

/// How often a term may stand in its group, and whether it must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurs {
    /// At most once.
    May,
    /// Exactly once.
    Must,
    /// Any number of times.
    Many,
}

macro_rules! terms {
    ($($variant:ident $id:literal $parent:ident $kind:ident $occurs:ident $name:literal;)*) => {
        /// A business term or group of EN 16931-1. Serialised as its identifier, for example `"BT-112"`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Term { $(#[doc = concat!($id, ": ", $name)] $variant,)* }

        impl Term {
            /// Every term, in the order of the standard.
            pub const ALL: &'static [Term] = &[$(Term::$variant,)*];

            /// The standard's identifier, for example `BT-112`.
            pub const fn id(self) -> &'static str {
                match self { $(Term::$variant => $id,)* }
            }

            /// The standard's English name.
            pub const fn name(self) -> &'static str {
                match self { $(Term::$variant => $name,)* }
            }

            /// The group in which the term stands; [`Term::Document`] for the outermost.
            pub const fn parent(self) -> Term {
                match self { $(Term::$variant => Term::$parent,)* }
            }

            /// The kind of value.
            pub const fn kind(self) -> Kind {
                match self { $(Term::$variant => Kind::$kind,)* }
            }

            /// How often the term may occur in its group.
            pub const fn occurs(self) -> Occurs {
                match self { $(Term::$variant => Occurs::$occurs,)* }
            }
        }
    };
}

terms! {
    Document "document" Document Group Must "Invoice";
    Bt1 "BT-1" Document Identifier Must "Invoice number";
    Bt2 "BT-2" Document Date Must "Invoice issue date";
    Bt3 "BT-3" Document Code Must "Invoice type code";
    Bt5 "BT-5" Document Code Must "Invoice currency code";
    Bt6 "BT-6" Document Code May "VAT accounting currency code";
    Bt7 "BT-7" Document Date May "Value added tax point date";
    Bt8 "BT-8" Document Code May "Value added tax point date code";
    Bt9 "BT-9" Document Date May "Payment due date";
    Bt10 "BT-10" Document Text May "Buyer reference";
    Bt11 "BT-11" Document Text May "Project reference";
    Bt12 "BT-12" Document Text May "Contract reference";
    Bt13 "BT-13" Document Text May "Purchase order reference";
    Bt14 "BT-14" Document Text May "Sales order reference";
    Bt15 "BT-15" Document Text May "Receiving advice reference";
    Bt16 "BT-16" Document Text May "Despatch advice reference";
    Bt17 "BT-17" Document Text May "Tender or lot reference";
    Bt18 "BT-18" Document Identifier May "Invoiced object identifier";
    Bt18_1 "BT-18-1" Document Code May "Invoiced object identifier: scheme";
    Bt19 "BT-19" Document Text May "Buyer accounting reference";
    Bt20 "BT-20" Document Text May "Payment terms";
    Bg1 "BG-1" Document Group Many "Invoice note";
    Bt21 "BT-21" Bg1 Code May "Invoice note subject code";
    Bt22 "BT-22" Bg1 Text Must "Invoice note";
    Bg2 "BG-2" Document Group Must "Process control";
    Bt23 "BT-23" Bg2 Text May "Business process type";
    Bt24 "BT-24" Bg2 Identifier Must "Specification identifier";
    Bg3 "BG-3" Document Group Many "Preceding invoice reference";
    Bt25 "BT-25" Bg3 Text Must "Preceding invoice reference";
    Bt26 "BT-26" Bg3 Date May "Preceding invoice issue date";
    Bg4 "BG-4" Document Group Must "Seller";
    Bt27 "BT-27" Bg4 Text Must "Seller name";
    Bt28 "BT-28" Bg4 Text May "Seller trading name";
    Bt29 "BT-29" Bg4 Identifier Many "Seller identifier";
    Bt29_1 "BT-29-1" Bg4 Code Many "Seller identifier: scheme";
    Bt30 "BT-30" Bg4 Identifier May "Seller legal registration identifier";
    Bt30_1 "BT-30-1" Bg4 Code May "Seller legal registration identifier: scheme";
    Bt31 "BT-31" Bg4 Identifier May "Seller VAT identifier";
    Bt32 "BT-32" Bg4 Identifier May "Seller tax registration identifier";
    Bt33 "BT-33" Bg4 Text May "Seller additional legal information";
    Bt34 "BT-34" Bg4 Identifier May "Seller electronic address";
    Bt34_1 "BT-34-1" Bg4 Code May "Seller electronic address: scheme";
    Bg5 "BG-5" Bg4 Group Must "Seller postal address";
    Bt35 "BT-35" Bg5 Text May "Seller address line 1";
    Bt36 "BT-36" Bg5 Text May "Seller address line 2";
    Bt162 "BT-162" Bg5 Text May "Seller address line 3";
    Bt37 "BT-37" Bg5 Text May "Seller city";
    Bt38 "BT-38" Bg5 Text May "Seller post code";
    Bt39 "BT-39" Bg5 Text May "Seller country subdivision";
    Bt40 "BT-40" Bg5 Code Must "Seller country code";
    Bg6 "BG-6" Bg4 Group May "Seller contact";
    Bt41 "BT-41" Bg6 Text May "Seller contact point";
    Bt42 "BT-42" Bg6 Text May "Seller contact telephone number";
    Bt43 "BT-43" Bg6 Text May "Seller contact email address";
    Bg7 "BG-7" Document Group Must "Buyer";
    Bt44 "BT-44" Bg7 Text Must "Buyer name";
    Bt45 "BT-45" Bg7 Text May "Buyer trading name";
    Bt46 "BT-46" Bg7 Identifier Many "Buyer identifier";
    Bt46_1 "BT-46-1" Bg7 Code Many "Buyer identifier: scheme";
    Bt47 "BT-47" Bg7 Identifier May "Buyer legal registration identifier";
    Bt47_1 "BT-47-1" Bg7 Code May "Buyer legal registration identifier: scheme";
    Bt48 "BT-48" Bg7 Identifier May "Buyer VAT identifier";
    Bt49 "BT-49" Bg7 Identifier May "Buyer electronic address";
    Bt49_1 "BT-49-1" Bg7 Code May "Buyer electronic address: scheme";
    Bg8 "BG-8" Bg7 Group Must "Buyer postal address";
    Bt50 "BT-50" Bg8 Text May "Buyer address line 1";
    Bt51 "BT-51" Bg8 Text May "Buyer address line 2";
    Bt163 "BT-163" Bg8 Text May "Buyer address line 3";
    Bt52 "BT-52" Bg8 Text May "Buyer city";
    Bt53 "BT-53" Bg8 Text May "Buyer post code";
    Bt54 "BT-54" Bg8 Text May "Buyer country subdivision";
    Bt55 "BT-55" Bg8 Code Must "Buyer country code";
    Bg9 "BG-9" Bg7 Group May "Buyer contact";
    Bt56 "BT-56" Bg9 Text May "Buyer contact point";
    Bt57 "BT-57" Bg9 Text May "Buyer contact telephone number";
    Bt58 "BT-58" Bg9 Text May "Buyer contact email address";
    Bg10 "BG-10" Document Group May "Payee";
    Bt59 "BT-59" Bg10 Text Must "Payee name";
    Bt60 "BT-60" Bg10 Identifier Many "Payee identifier";
    Bt60_1 "BT-60-1" Bg10 Code Many "Payee identifier: scheme";
    Bt61 "BT-61" Bg10 Identifier May "Payee legal registration identifier";
    Bt61_1 "BT-61-1" Bg10 Code May "Payee legal registration identifier: scheme";
    Bg11 "BG-11" Document Group May "Seller tax representative party";
    Bt62 "BT-62" Bg11 Text Must "Seller tax representative name";
    Bt63 "BT-63" Bg11 Identifier Must "Seller tax representative VAT identifier";
    Bg12 "BG-12" Bg11 Group Must "Seller tax representative postal address";
    Bt64 "BT-64" Bg12 Text May "Tax representative address line 1";
    Bt65 "BT-65" Bg12 Text May "Tax representative address line 2";
    Bt164 "BT-164" Bg12 Text May "Tax representative address line 3";
    Bt66 "BT-66" Bg12 Text May "Tax representative city";
    Bt67 "BT-67" Bg12 Text May "Tax representative post code";
    Bt68 "BT-68" Bg12 Text May "Tax representative country subdivision";
    Bt69 "BT-69" Bg12 Code Must "Tax representative country code";
    Bg13 "BG-13" Document Group May "Delivery information";
    Bt70 "BT-70" Bg13 Text May "Deliver to party name";
    Bt71 "BT-71" Bg13 Identifier May "Deliver to location identifier";
    Bt71_1 "BT-71-1" Bg13 Code May "Deliver to location identifier: scheme";
    Bt72 "BT-72" Bg13 Date May "Actual delivery date";
    Bg15 "BG-15" Bg13 Group May "Deliver to address";
    Bt75 "BT-75" Bg15 Text May "Deliver to address line 1";
    Bt76 "BT-76" Bg15 Text May "Deliver to address line 2";
    Bt165 "BT-165" Bg15 Text May "Deliver to address line 3";
    Bt77 "BT-77" Bg15 Text May "Deliver to city";
    Bt78 "BT-78" Bg15 Text May "Deliver to post code";
    Bt79 "BT-79" Bg15 Text May "Deliver to country subdivision";
    Bt80 "BT-80" Bg15 Code Must "Deliver to country code";
    Bg14 "BG-14" Document Group May "Invoicing period";
    Bt73 "BT-73" Bg14 Date May "Invoicing period start date";
    Bt74 "BT-74" Bg14 Date May "Invoicing period end date";
    Bg16 "BG-16" Document Group Many "Payment instructions";
    Bt81 "BT-81" Bg16 Code Must "Payment means type code";
    Bt82 "BT-82" Bg16 Text May "Payment means text";
    Bt83 "BT-83" Bg16 Text May "Remittance information";
    Bg17 "BG-17" Bg16 Group May "Credit transfer";
    Bt84 "BT-84" Bg17 Identifier Must "Payment account identifier";
    Bt85 "BT-85" Bg17 Text May "Payment account name";
    Bt86 "BT-86" Bg17 Identifier May "Payment service provider identifier";
    Bg18 "BG-18" Bg16 Group May "Payment card information";
    Bt87 "BT-87" Bg18 Text Must "Payment card primary account number";
    Bt88 "BT-88" Bg18 Text May "Payment card holder name";
    Bg19 "BG-19" Bg16 Group May "Direct debit";
    Bt89 "BT-89" Bg19 Identifier May "Mandate reference identifier";
    Bt90 "BT-90" Bg19 Identifier May "Bank assigned creditor identifier";
    Bt91 "BT-91" Bg19 Identifier May "Debited account identifier";
    Bg20 "BG-20" Document Group Many "Document level allowance";
    Bt92 "BT-92" Bg20 Amount Must "Document level allowance amount";
    Bt93 "BT-93" Bg20 Amount May "Document level allowance base amount";
    Bt94 "BT-94" Bg20 Percentage May "Document level allowance percentage";
    Bt95 "BT-95" Bg20 Code Must "Document level allowance VAT category code";
    Bt96 "BT-96" Bg20 Percentage May "Document level allowance VAT rate";
    Bt97 "BT-97" Bg20 Text May "Document level allowance reason";
    Bt98 "BT-98" Bg20 Code May "Document level allowance reason code";
    Bg21 "BG-21" Document Group Many "Document level charge";
    Bt99 "BT-99" Bg21 Amount Must "Document level charge amount";
    Bt100 "BT-100" Bg21 Amount May "Document level charge base amount";
    Bt101 "BT-101" Bg21 Percentage May "Document level charge percentage";
    Bt102 "BT-102" Bg21 Code Must "Document level charge VAT category code";
    Bt103 "BT-103" Bg21 Percentage May "Document level charge VAT rate";
    Bt104 "BT-104" Bg21 Text May "Document level charge reason";
    Bt105 "BT-105" Bg21 Code May "Document level charge reason code";
    Bg22 "BG-22" Document Group Must "Document totals";
    Bt106 "BT-106" Bg22 Amount Must "Sum of invoice line net amounts";
    Bt107 "BT-107" Bg22 Amount May "Sum of allowances on document level";
    Bt108 "BT-108" Bg22 Amount May "Sum of charges on document level";
    Bt109 "BT-109" Bg22 Amount Must "Invoice total amount without VAT";
    Bt110 "BT-110" Bg22 Amount May "Invoice total VAT amount";
    Bt111 "BT-111" Bg22 Amount May "Invoice total VAT amount in accounting currency";
    Bt112 "BT-112" Bg22 Amount Must "Invoice total amount with VAT";
    Bt113 "BT-113" Bg22 Amount May "Paid amount";
    Bt114 "BT-114" Bg22 Amount May "Rounding amount";
    Bt115 "BT-115" Bg22 Amount Must "Amount due for payment";
    Bg23 "BG-23" Document Group Many "VAT breakdown";
    Bt116 "BT-116" Bg23 Amount Must "VAT category taxable amount";
    Bt117 "BT-117" Bg23 Amount Must "VAT category tax amount";
    Bt118 "BT-118" Bg23 Code Must "VAT category code";
    Bt119 "BT-119" Bg23 Percentage May "VAT category rate";
    Bt120 "BT-120" Bg23 Text May "VAT exemption reason text";
    Bt121 "BT-121" Bg23 Code May "VAT exemption reason code";
    Bg24 "BG-24" Document Group Many "Additional supporting document";
    Bt122 "BT-122" Bg24 Text Must "Supporting document reference";
    Bt123 "BT-123" Bg24 Text May "Supporting document description";
    Bt124 "BT-124" Bg24 Text May "External document location";
    Bt125 "BT-125" Bg24 Binary May "Attached document";
    Bt125_1 "BT-125-1" Bg24 Code May "Attached document: type of file";
    Bt125_2 "BT-125-2" Bg24 Text May "Attached document: file name";
    Bg25 "BG-25" Document Group Many "Invoice line";
    Bt126 "BT-126" Bg25 Identifier Must "Invoice line identifier";
    Bt127 "BT-127" Bg25 Text May "Invoice line note";
    Bt128 "BT-128" Bg25 Identifier May "Invoice line object identifier";
    Bt128_1 "BT-128-1" Bg25 Code May "Invoice line object identifier: scheme";
    Bt129 "BT-129" Bg25 Quantity Must "Invoiced quantity";
    Bt130 "BT-130" Bg25 Code Must "Invoiced quantity unit of measure code";
    Bt131 "BT-131" Bg25 Amount Must "Invoice line net amount";
    Bt132 "BT-132" Bg25 Text May "Referenced purchase order line reference";
    Bt133 "BT-133" Bg25 Text May "Invoice line buyer accounting reference";
    Bg26 "BG-26" Bg25 Group May "Invoice line period";
    Bt134 "BT-134" Bg26 Date May "Invoice line period start date";
    Bt135 "BT-135" Bg26 Date May "Invoice line period end date";
    Bg27 "BG-27" Bg25 Group Many "Invoice line allowance";
    Bt136 "BT-136" Bg27 Amount Must "Invoice line allowance amount";
    Bt137 "BT-137" Bg27 Amount May "Invoice line allowance base amount";
    Bt138 "BT-138" Bg27 Percentage May "Invoice line allowance percentage";
    Bt139 "BT-139" Bg27 Text May "Invoice line allowance reason";
    Bt140 "BT-140" Bg27 Code May "Invoice line allowance reason code";
    Bg28 "BG-28" Bg25 Group Many "Invoice line charge";
    Bt141 "BT-141" Bg28 Amount Must "Invoice line charge amount";
    Bt142 "BT-142" Bg28 Amount May "Invoice line charge base amount";
    Bt143 "BT-143" Bg28 Percentage May "Invoice line charge percentage";
    Bt144 "BT-144" Bg28 Text May "Invoice line charge reason";
    Bt145 "BT-145" Bg28 Code May "Invoice line charge reason code";
    Bg29 "BG-29" Bg25 Group Must "Price details";
    Bt146 "BT-146" Bg29 UnitPrice Must "Item net price";
    Bt147 "BT-147" Bg29 UnitPrice May "Item price discount";
    Bt148 "BT-148" Bg29 UnitPrice May "Item gross price";
    Bt149 "BT-149" Bg29 Quantity May "Item price base quantity";
    Bt150 "BT-150" Bg29 Code May "Item price base quantity unit of measure code";
    Bg30 "BG-30" Bg25 Group Must "Line VAT information";
    Bt151 "BT-151" Bg30 Code Must "Invoiced item VAT category code";
    Bt152 "BT-152" Bg30 Percentage May "Invoiced item VAT rate";
    Bg31 "BG-31" Bg25 Group Must "Item information";
    Bt153 "BT-153" Bg31 Text Must "Item name";
    Bt154 "BT-154" Bg31 Text May "Item description";
    Bt155 "BT-155" Bg31 Identifier May "Item seller's identifier";
    Bt156 "BT-156" Bg31 Identifier May "Item buyer's identifier";
    Bt157 "BT-157" Bg31 Identifier May "Item standard identifier";
    Bt157_1 "BT-157-1" Bg31 Code May "Item standard identifier: scheme";
    Bt158 "BT-158" Bg31 Identifier Many "Item classification identifier";
    Bt158_1 "BT-158-1" Bg31 Code Many "Item classification identifier: scheme";
    Bt158_2 "BT-158-2" Bg31 Code Many "Item classification identifier: version of the scheme";
    Bt159 "BT-159" Bg31 Code May "Item country of origin";
    Bg32 "BG-32" Bg31 Group Many "Item attribute";
    Bt160 "BT-160" Bg32 Text Must "Item attribute name";
    Bt161 "BT-161" Bg32 Text Must "Item attribute value";
}

impl Term {
    /// The term with this identifier, or `None` when the standard has none.
    pub fn from_id(id: &str) -> Option<Term> {
        Term::ALL.iter().copied().find(|term| term.id() == id)
    }

    /// Whether the value must never stand in a log or a message: bank accounts, cards, mandates and tax numbers.
    pub const fn is_sensitive(self) -> bool {
        use Term::*;
        matches!(
            self,
            Bt31 | Bt32 | Bt48 | Bt63 | Bt84 | Bt87 | Bt89 | Bt90 | Bt91
        )
    }

    /// Whether the standard says that the term must be given wherever its group is.
    pub const fn is_mandatory(self) -> bool {
        matches!(self.occurs(), Occurs::Must)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Term::from_id(&id)
            .ok_or_else(|| serde::de::Error::custom(format!("{id} is no term of EN 16931")))
    }
}
