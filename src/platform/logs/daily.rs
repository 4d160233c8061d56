//! One log file a day, readable by its owner alone; old ones are removed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::ToSpan as _;
use jiff::civil::Date;
use tracing_subscriber::fmt::MakeWriter;

use super::LogError;
use crate::platform::clock::Clock;
use crate::platform::folder::make_private;

const START: &str = "countersign-";
const END: &str = ".log";

#[derive(Debug)]
struct Today {
    day: Date,
    file: File,
}

/// Writes to `countersign-YYYY-MM-DD.log` of the day in UTC.
#[derive(Debug)]
pub struct Daily {
    folder: PathBuf,
    keep_days: u32,
    clock: Clock,
    today: Mutex<Today>,
}

impl Daily {
    pub fn open(folder: &Path, keep_days: u32, clock: Clock) -> Result<Self, LogError> {
        make_private(folder)?;
        let day = clock.now().utc_date();
        let file = append(folder, day).map_err(|source| LogError::File {
            path: folder.join(name(day)),
            source,
        })?;
        let daily = Self {
            folder: folder.to_owned(),
            keep_days,
            clock,
            today: Mutex::new(Today { day, file }),
        };
        daily.remove_old(day);
        Ok(daily)
    }

    fn remove_old(&self, today: Date) {
        let Ok(first) = today.checked_sub(i64::from(self.keep_days).days()) else {
            return;
        };
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            if day_of(&entry.file_name().to_string_lossy()).is_some_and(|day| day <= first) {
                // One that cannot be removed is tried again tomorrow.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

fn name(day: Date) -> String {
    format!("{START}{day}{END}")
}

fn day_of(name: &str) -> Option<Date> {
    name.strip_prefix(START)?.strip_suffix(END)?.parse().ok()
}

fn append(folder: &Path, day: Date) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(folder.join(name(day)))
}

/// Today's file, held for one line.
#[derive(Debug)]
pub struct Line<'a>(MutexGuard<'a, Today>);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.file.flush()
    }
}

impl<'a> MakeWriter<'a> for Daily {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        let day = self.clock.now().utc_date();
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        // Where today's file cannot be made, yesterday's goes on: a line in the wrong file is better than none.
        if today.day != day
            && let Ok(file) = append(&self.folder, day)
        {
            *today = Today { day, file };
            self.remove_old(day);
        }
        Line(today)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;
    use crate::platform::clock::Micros;

    #[test]
    fn a_new_day_has_a_new_file_and_old_ones_go() {
        let folder = std::env::temp_dir().join(format!("countersign-logs-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let clock = Clock::manual(Micros(1_800_000_000_000_000));
        let daily = Daily::open(&folder, 2, clock.clone()).unwrap();
        std::fs::write(folder.join("other.log"), "not ours").unwrap();
        for day in 0..4 {
            writeln!(daily.make_writer(), "day {day}").unwrap();
            clock.advance(Micros::DAY);
        }
        let mut kept: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        kept.sort();
        assert_eq!(
            kept,
            [
                "countersign-2027-01-17.log",
                "countersign-2027-01-18.log",
                "other.log"
            ]
        );
        let file = folder.join(&kept[1]);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "day 3\n");
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    }
}
