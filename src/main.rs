//! The command line.

use std::process::ExitCode;

use countersign::payables::intake::rules::reading;
use countersign::platform::workers;

fn main() -> ExitCode {
    // Before anything else: a worker confines itself while it has one thread, no key and no open file.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == "worker")
    {
        return workers::child::run(reading::HANDLERS);
    }
    ExitCode::SUCCESS
}
