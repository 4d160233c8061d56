//! Electronic invoices: reading and writing UBL, CII and Factur-X.

pub mod facturx;
