//! What all commands share: where the installation is, how they end, how they print.

use std::fmt;
use std::io::{self, Write as _};
use std::path::PathBuf;

use super::config::{CommandLine, Config, ConfigError, Environment};
use super::running;

/// How a command ended. The third way, that it could not work at all, is an error and exit code 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Exit code 0.
    Fine,
    /// The command worked, and found something wrong: exit code 1.
    Found,
}

impl Verdict {
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Found => 1,
        }
    }
}

/// The exit code of a command that could not work, or was called wrongly.
pub const CANNOT_WORK: u8 = 2;

/// Which installation a command is for.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Place {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The configuration file (default: countersign.toml in the data folder, if it is there)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// PostgreSQL instead of the embedded engine, without a password: postgresql://USER@HOST/DATABASE
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

impl Place {
    /// What the command line says of the configuration.
    #[must_use]
    pub fn command_line(self, listen: Option<String>) -> CommandLine {
        CommandLine {
            config: self.config,
            data: self.data,
            database_url: self.database_url,
            listen,
        }
    }

    /// The configuration of this installation.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn load(self, listen: Option<String>) -> Result<Config, BadConfiguration> {
        Config::load(&self.command_line(listen), &Environment::of_process())
            .map_err(BadConfiguration)
    }
}

/// An installation, and where its server listens.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Listening {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen: localhost:PORT, *:PORT, or an IP address and a port
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

impl Listening {
    /// The configuration of this installation. Where its server runs, that server's address is the one that counts, however
    /// it was told to it.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn load_as_served(self) -> Result<Config, BadConfiguration> {
        let mut config = self.place.load(self.listen)?;
        if let Some(holder) = running::holder(&config.data) {
            config.public_url = holder.address;
        }
        Ok(config)
    }
}

/// A configuration with which no command can work.
#[derive(Debug)]
pub struct BadConfiguration(pub Vec<ConfigError>);

impl fmt::Display for BadConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used:")?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl std::error::Error for BadConfiguration {}

/// Prints to the standard output. Whoever stops reading, as `head` does, has seen enough: that is no error.
pub fn print(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    let _ = out
        .write_all(text.as_ref().as_bytes())
        .and_then(|()| out.flush());
}
