//! One log file a day, readable by its owner alone. Each new day enforces how long the others are kept.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::civil::Date;
use tracing_subscriber::fmt::MakeWriter;

use super::LogError;
use super::kept::{Keeper, Retention, name};
use crate::platform::clock::Clock;
use crate::platform::folder::make_private;

/// How often the retention is enforced where nothing is logged.
const EVERY: Duration = Duration::from_secs(60 * 60);

#[derive(Debug)]
struct Today {
    day: Date,
    file: File,
    /// The hand that archives and removes after the day changed: no line waits for it.
    enforcing: Option<JoinHandle<()>>,
}

/// Writes to `countersign-YYYY-MM-DD.log` of the day in UTC.
#[derive(Debug)]
pub struct Daily {
    keeper: Keeper,
    clock: Clock,
    today: Mutex<Today>,
}

impl Daily {
    pub fn open(retention: Retention, clock: Clock) -> Result<Self, LogError> {
        make_private(&retention.folder)?;
        let day = clock.now().utc_date();
        let file = append(&retention.folder, day).map_err(|source| LogError::File {
            path: retention.folder.join(name(day)),
            source,
        })?;
        let keeper = Keeper::of(retention);
        keeper.enforce(day);
        Ok(Self {
            keeper,
            clock,
            today: Mutex::new(Today {
                day,
                file,
                enforcing: None,
            }),
        })
    }

    /// Enforces the retention every hour as long as the process lives, also where no line is written for days.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn enforce_every_hour(&self) -> io::Result<()> {
        let (keeper, clock) = (self.keeper.clone(), self.clock.clone());
        std::thread::Builder::new()
            .name("old-logs".to_owned())
            .spawn(move || {
                loop {
                    std::thread::sleep(EVERY);
                    keeper.enforce(clock.now().utc_date());
                }
            })
            .map(drop)
    }

    fn turn(&self, today: &mut Today, day: Date, file: File) {
        if let Some(enforcing) = today.enforcing.take() {
            // It began a day ago. One that panicked has said so in the log.
            let _ = enforcing.join();
        }
        let keeper = self.keeper.clone();
        let enforcing = std::thread::Builder::new().spawn(move || keeper.enforce(day));
        *today = Today {
            day,
            file,
            // Without a thread the next hour does it.
            enforcing: enforcing.ok(),
        };
    }
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
            && let Ok(file) = append(self.keeper.folder(), day)
        {
            self.turn(&mut today, day, file);
        }
        Line(today)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::PathBuf;

    use flate2::read::GzDecoder;
    use jiff::civil::date;

    use super::*;
    use crate::platform::clock::Micros;

    /// Waits for the hand that the newest day started.
    fn settle(daily: &Daily) {
        let enforcing = daily.today.lock().unwrap().enforcing.take();
        if let Some(enforcing) = enforcing {
            enforcing.join().unwrap();
        }
    }

    fn retention(test: &str, online_days: u32, keep_days: u32) -> Retention {
        let name = format!("countersign-logs-{test}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        Retention {
            folder,
            online_days,
            keep_days,
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn unpacked(file: &PathBuf) -> String {
        let mut text = String::new();
        GzDecoder::new(File::open(file).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn a_server_that_runs_thirteen_months_keeps_twelve_and_three_of_them_as_they_are() {
        let retention = retention("months", 92, 366);
        let clock = Clock::manual(Micros(1_800_000_000_000_000));
        let start = clock.now().utc_date();
        let daily = Daily::open(retention.clone(), clock.clone()).unwrap();
        std::fs::write(retention.folder.join("other.log"), "not ours").unwrap();
        for day in 0..396 {
            writeln!(daily.make_writer(), "day {day}").unwrap();
            clock.advance(Micros::DAY);
        }
        settle(&daily);
        let held = retention.held().unwrap();
        assert_eq!((held.online, held.archived), (92, 274));
        let oldest = start.checked_add(jiff::Span::new().days(30)).unwrap();
        assert_eq!(held.oldest, Some(oldest));
        assert!(retention.folder.join("other.log").exists());
        assert_eq!(names(&retention.folder).len(), 367);
        // The day that is archived last, and the one that is online first, say what they said.
        let at = |day: i64, end: &str| {
            let day = start.checked_add(jiff::Span::new().days(day)).unwrap();
            retention.folder.join(format!("countersign-{day}.log{end}"))
        };
        assert_eq!(unpacked(&at(303, ".gz")), "day 303\n");
        assert_eq!(std::fs::read_to_string(at(304, "")).unwrap(), "day 304\n");
        for file in [at(30, ".gz"), at(395, "")] {
            assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_day_without_a_line_removes_all_the_same() {
        let retention = retention("quiet", 1, 2);
        let clock = Clock::manual(Micros(1_800_000_000_000_000));
        let daily = Daily::open(retention.clone(), clock.clone()).unwrap();
        writeln!(daily.make_writer(), "the only line").unwrap();
        let tomorrow = clock.now().plus_us(Micros::DAY).utc_date();
        daily.keeper.enforce(tomorrow);
        assert_eq!(names(&retention.folder), ["countersign-2027-01-15.log.gz"]);
        daily.keeper.enforce(tomorrow.tomorrow().unwrap());
        assert_eq!(names(&retention.folder), [""; 0]);
    }

    #[test]
    fn an_archive_that_a_kill_cut_off_is_made_anew_and_nothing_is_lost() {
        let retention = retention("cut", 1, 9);
        std::fs::create_dir_all(&retention.folder).unwrap();
        let plain = retention.folder.join("countersign-2027-01-14.log");
        std::fs::write(&plain, "all of it\n").unwrap();
        std::fs::write(plain.with_extension("log.gz.part"), "half").unwrap();
        let keeper = Keeper::of(retention.clone());
        keeper.enforce(date(2027, 1, 15));
        assert_eq!(names(&retention.folder), ["countersign-2027-01-14.log.gz"]);
        let archived = retention.folder.join("countersign-2027-01-14.log.gz");
        assert_eq!(unpacked(&archived), "all of it\n");
        // Killed between the archive's last byte and the removal of the plain file.
        std::fs::write(&plain, "all of it\n").unwrap();
        keeper.enforce(date(2027, 1, 15));
        assert!(!plain.exists() && archived.exists());
    }
}
