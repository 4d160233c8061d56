//! Restores: a backup that was put back is declared in each journal, so that whoever holds a newer head reads which entries
//! were lost, and is not alarmed (`docs/journal.md`).

pub mod actions;
pub mod cli;
