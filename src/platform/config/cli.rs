//! `countersign config check`, `config reference` and `config sample`.

use std::fmt::Write as _;

use super::{Config, Environment, Origin, reference, sample};
use crate::platform::cli::{BadConfiguration, Place, Verdict, print};

#[derive(Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Say whether the configuration is accepted, and what is in force
    Check(Place),
    /// Print the list of all keys
    Reference,
    /// Print a configuration file that says nothing, to be changed
    Sample,
}

/// Runs one of them.
#[must_use]
pub fn run(command: ConfigCommand) -> Verdict {
    match command {
        ConfigCommand::Check(place) => check(place),
        ConfigCommand::Reference => {
            print(reference());
            Verdict::Fine
        }
        ConfigCommand::Sample => {
            print(sample());
            Verdict::Fine
        }
    }
}

fn check(place: Place) -> Verdict {
    match Config::in_force(&place.command_line(None), &Environment::of_process()) {
        Ok(in_force) => {
            let mut out = String::from("The configuration is accepted. In force:\n");
            for (key, value, origin) in in_force.iter().filter(|(_, value, _)| !value.is_empty()) {
                let _ = match origin {
                    Origin::Standard => writeln!(out, "  {key} = {value}"),
                    _ => writeln!(out, "  {key} = {value}    ({origin})"),
                };
            }
            print(out);
            Verdict::Fine
        }
        Err(errors) => {
            print(format!("{}\n", BadConfiguration(errors)));
            Verdict::Found
        }
    }
}
