//! HOW: engines, keys, the edge, workers, jobs, clocks. Platform knows nothing of the wings above it.

pub mod app;
pub mod background;
pub mod clock;
pub mod documents;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod scope;
pub mod store;
pub mod web;
pub mod workers;
