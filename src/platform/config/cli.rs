//! `countersign config check`, `config reference` and `config sample`.

use std::fmt::Write as _;

use super::{Config, Environment, Origin, reference, sample};
use crate::platform::cli::{BadConfiguration, Listening, Verdict, print};
use crate::platform::running;

#[derive(Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Say whether the configuration is accepted, and what is in force
    Check(Listening),
    /// Print the list of all keys
    Reference,
    /// Print a configuration file that says nothing, to be changed
    Sample,
}

/// Runs one of them.
#[must_use]
pub fn run(command: ConfigCommand) -> Verdict {
    match command {
        ConfigCommand::Check(listening) => check(listening),
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

fn check(listening: Listening) -> Verdict {
    let given = listening.place.command_line(listening.listen);
    let environment = Environment::of_process();
    let checked = Config::load(&given, &environment)
        .and_then(|config| Ok((config, Config::in_force(&given, &environment)?)));
    match checked {
        Ok((config, in_force)) => {
            let mut out = String::from("The configuration is accepted. In force:\n");
            for (key, value, origin) in in_force.iter().filter(|(_, value, _)| !value.is_empty()) {
                let _ = match origin {
                    Origin::Standard => writeln!(out, "  {key} = {value}"),
                    _ => writeln!(out, "  {key} = {value}    ({origin})"),
                };
            }
            let _ = match running::holder(&config.data) {
                Some(holder) => writeln!(
                    out,
                    "A server runs in {} (process {}). Its address is {}",
                    config.data.display(),
                    holder.process,
                    holder.address
                ),
                None => writeln!(out, "The server's address will be {}", config.public_url),
            };
            print(out);
            Verdict::Fine
        }
        Err(errors) => {
            print(format!("{}\n", BadConfiguration(errors)));
            Verdict::Found
        }
    }
}
