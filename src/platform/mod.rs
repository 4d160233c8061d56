//! HOW: engines, keys, the edge, workers, jobs, clocks. Platform knows nothing of the wings above it.

pub mod app;
pub mod background;
pub mod cli;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod documents;
pub mod edge;
pub mod folder;
pub mod ids;
pub mod installation;
pub mod jobs;
pub mod keys;
pub mod logs;
pub mod mail;
pub mod memory;
pub mod outgoing;
pub mod pace;
pub mod running;
pub mod scope;
pub mod store;
pub mod web;
pub mod witness;
pub mod workers;
