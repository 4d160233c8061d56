//! Reading and writing invoices, over the shared material and over documents made here.

mod data;
mod generated;
mod hostile;
mod independent;
mod large;
mod plain;
mod report;
mod round_trip;
mod sample;
mod schema;
mod values;
