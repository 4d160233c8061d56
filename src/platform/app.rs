//! What every request needs, put together once by `main` (or by a test, with a clock and randomness of its own).

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign_sealing::Entropy;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use url::Url;

use super::clock::{Clock, Micros};
use super::config::{Cryptoperiods, KeyBackups, Sessions};
use super::documents::Documents;
use super::ids::{Id, RequestId, uuid_v7};
use super::keys::disposals::Disposable;
use super::keys::{Keyring, OrgKeys};
use super::logs::Retention;
use super::outgoing::Outgoing;
use super::pace::Pace;
use super::scope::{Actor, Caller, CredentialKind, Scope};
use super::store::{Store, StoreError, Tx};
use super::witness::Witness;
use super::workers::pool::WorkerPool;

/// What a field adds to a new organisation within the transaction that makes it, with its own journal entries.
pub type AfterSetup = fn(&mut Tx<'_>, &OrgKeys) -> Result<(), StoreError>;

/// What one slow hash takes: OWASP's recommendation of 46 MiB beside one pass and one lane.
pub const HASHING_KIB: u32 = 46 * 1024;
/// How many passwords are hashed at once: each takes [`HASHING_KIB`] and a core.
const HASHING_SLOTS: usize = 1;
/// How many wait in a lane at most: as many as have had their turns within two or three seconds.
const HASHING_QUEUE: usize = 32;

/// How many files may be on their way in at once: each holds some hundred kilobytes here, and up to the largest size on
/// the disk.
const ARRIVALS: usize = 32;

/// How many MiB of documents may be read into bills at once. What a document says can take several times its size.
const READING_MIB: u32 = 64;

/// The largest file taken where no configuration says another size.
const UPLOAD_BYTES: u64 = 50 * 1024 * 1024;

/// Lets so much work in at once, by its weight. What is heavier than all of it waits until it is alone.
#[derive(Debug)]
pub struct Weighed {
    room: Semaphore,
    most: u32,
}

impl Weighed {
    #[must_use]
    pub fn new(mebibytes: u32) -> Self {
        Self {
            room: Semaphore::new(mebibytes as usize),
            most: mebibytes,
        }
    }

    /// Waits for room for so many bytes, which is free again when the answer is dropped.
    pub async fn enter(&self, bytes: u64) -> SemaphorePermit<'_> {
        let mebibytes = u32::try_from(bytes.div_ceil(1024 * 1024)).unwrap_or(u32::MAX);
        self.room
            .acquire_many(mebibytes.clamp(1, self.most))
            .await
            .expect("the semaphore is never closed")
    }
}

/// Who waits for a turn at slow hashing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Whoever has a token of ours already: of a session, of a link, or of a device in which she has signed in before.
    Known,
    /// Everybody else. However many they are, those who are known do not wait behind them.
    Anybody,
}

/// Why there is no turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTurn {
    /// So many wait that one more would wait longer than anybody does.
    Full,
    Closed,
}

/// Turns at slow hashing, and how many were had: each attempt at a sign-in must take one, whoever is meant by it, or be turned away
/// before anything about it is looked at.
#[derive(Debug, Clone)]
pub struct Hashing {
    known: Queue,
    anybody: Queue,
    turns: Arc<AtomicU64>,
    memory_kib: u32,
}

#[derive(Debug, Clone)]
struct Queue {
    slots: Arc<Semaphore>,
    /// Places for those who wait and those whose turn it is.
    places: Arc<Semaphore>,
}

impl Queue {
    fn of(slots: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            places: Arc::new(Semaphore::new(slots + HASHING_QUEUE)),
        }
    }
}

/// A turn, which lasts as long as it is kept.
#[derive(Debug)]
pub struct Turn {
    _slot: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            known: Queue::of(HASHING_SLOTS),
            anybody: Queue::of(HASHING_SLOTS),
            turns: Arc::default(),
            memory_kib: HASHING_KIB,
        }
    }
}

impl Hashing {
    /// Hashes that cost less, so that nothing hides behind their time. No configuration says so: the program itself takes
    /// [`HASHING_KIB`].
    #[must_use]
    pub fn costing(memory_kib: u32) -> Self {
        Self {
            memory_kib,
            ..Self::default()
        }
    }

    /// The memory of one hash.
    #[must_use]
    pub fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// At once, where too many wait.
    pub async fn turn(&self, lane: Lane) -> Result<Turn, NoTurn> {
        let queue = match lane {
            Lane::Known => &self.known,
            Lane::Anybody => &self.anybody,
        };
        let place = Arc::clone(&queue.places).try_acquire_owned();
        let place = place.map_err(|_| NoTurn::Full)?;
        let slot = Arc::clone(&queue.slots).acquire_owned().await;
        let slot = slot.map_err(|_| NoTurn::Closed)?;
        self.turns.fetch_add(1, Ordering::Relaxed);
        Ok(Turn {
            _slot: slot,
            _place: place,
        })
    }

    /// Turns since the start.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }
}

/// A folder in which the journals' newest heads are kept, so that a backup of the data does not put them back.
#[derive(Debug, Clone)]
pub struct HeadsFolder {
    pub path: PathBuf,
    /// It lies where it must not.
    pub is_within_data: bool,
}

impl HeadsFolder {
    /// A head that is older says too little: a journal gets an entry each hour, and a server keeps heads as often.
    pub const OLD_US: i64 = Micros::DAY;
}

/// The application as handlers see it, behind an `Arc`.
#[derive(Debug)]
pub struct App {
    pub store: Store,
    pub keys: Arc<Keyring>,
    pub documents: Documents,
    /// None in commands that read no document.
    pub workers: Option<WorkerPool>,
    /// The largest file that pages and API take, in bytes (`limits.upload_bytes`).
    pub upload_bytes: u64,
    /// Bounds the files that come in at the same time.
    pub arrivals: Arc<Semaphore>,
    /// Bounds the documents of which bills are made at the same time, by their size.
    pub reading: Weighed,
    /// How long sessions live (`sessions.*`).
    pub sessions: Sessions,
    /// When keys are due to be rotated (`keys.*_days`).
    pub periods: Cryptoperiods,
    /// Where backups of the key store go, and how long they live (`keys.backup_*`).
    pub key_backups: KeyBackups,
    pub clock: Clock,
    /// The address people open, for links in mails and on the terminal: `https://host[:port]/`.
    pub public_url: Url,
    /// How documents of identity providers are fetched (`providers.*`).
    pub outgoing: Outgoing,
    /// Who cosigns the journals' heads (`journal.witness_*`).
    pub witness: Option<Witness>,
    /// Where this server keeps the journals' newest heads (`journal.heads_folder`).
    pub heads: Option<HeadsFolder>,
    /// Bounds slow hashing, so that a flood of sign-ins cannot take the memory and the cores of everybody else.
    pub hashing: Hashing,
    /// When answers leave whose time must not tell which names are known.
    pub pace: Pace,
    /// How long this server keeps its log files; none in tests that keep none.
    pub logs: Option<Retention>,
    /// Run in this order at the end of setup.
    pub after_setup: Vec<AfterSetup>,
    /// The kinds of subjects whose keys can be destroyed.
    pub disposables: Vec<Disposable>,
}

impl App {
    #[must_use]
    pub fn new(
        store: Store,
        keys: Keyring,
        documents: Documents,
        clock: Clock,
        public_url: Url,
    ) -> Self {
        Self {
            store,
            keys: Arc::new(keys),
            documents,
            workers: None,
            upload_bytes: UPLOAD_BYTES,
            arrivals: Arc::new(Semaphore::new(ARRIVALS)),
            reading: Weighed::new(READING_MIB),
            sessions: Sessions::STANDARD,
            periods: Cryptoperiods::STANDARD,
            key_backups: KeyBackups::STANDARD,
            clock,
            public_url,
            outgoing: Outgoing::default(),
            witness: None,
            heads: None,
            hashing: Hashing::default(),
            pace: Pace::default(),
            logs: None,
            after_setup: Vec::new(),
            disposables: Vec::new(),
        }
    }

    #[must_use]
    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.store.entropy().as_ref()
    }

    /// A new id, ordered by time.
    #[must_use]
    pub fn id<T: Id>(&self) -> T {
        T::from_uuid(uuid_v7(self.now(), self.entropy()))
    }

    /// The program itself, or somebody who has not signed in, as the cause of a write.
    #[must_use]
    pub fn caller(&self, scope: Scope, credential: CredentialKind, request: RequestId) -> Caller {
        Caller {
            scope,
            actor: Actor {
                person: None,
                on_behalf_of: None,
                credential,
                credential_id: None,
                request,
            },
            judged_by: None,
            now: self.now(),
        }
    }

    /// The full address of a path such as `/setup/…`.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::{HASHING_QUEUE, Hashing, Lane, NoTurn, Weighed};
    use futures_util::FutureExt as _;

    #[test]
    fn so_many_wait_for_a_turn_and_one_more_is_turned_away_in_its_own_lane_alone() {
        let hashing = Hashing::default();
        let turn = hashing.turn(Lane::Anybody).now_or_never();
        let turn = turn.expect("at once").expect("a turn");
        let mut waiting = Vec::new();
        for _ in 0..HASHING_QUEUE {
            let mut next = Box::pin(hashing.turn(Lane::Anybody));
            assert!(next.as_mut().now_or_never().is_none(), "it waits");
            waiting.push(next);
        }
        let more = hashing.turn(Lane::Anybody).now_or_never();
        assert_eq!(more.expect("at once").err(), Some(NoTurn::Full));
        let known = hashing.turn(Lane::Known).now_or_never();
        assert!(known.expect("at once").is_ok());
        assert_eq!(hashing.turns(), 2);
        drop(turn);
        let first = waiting.remove(0).now_or_never();
        let first = first.expect("its turn").expect("a turn");
        let more = hashing.turn(Lane::Anybody).now_or_never();
        assert!(more.is_none(), "there is a place again");
        drop(first);
    }

    #[test]
    fn what_is_heavy_waits_for_room_and_the_heaviest_is_let_in_alone() {
        let mebibytes = |count: u64| count * 1024 * 1024;
        let room = Weighed::new(64);
        let large = room.enter(mebibytes(50)).now_or_never().expect("room");
        assert!(room.enter(mebibytes(50)).now_or_never().is_none());
        let small = room.enter(0).now_or_never().expect("room for small ones");
        assert!(room.enter(mebibytes(1000)).now_or_never().is_none());
        drop((large, small));
        let all = room.enter(mebibytes(1000)).now_or_never().expect("alone");
        assert!(room.enter(0).now_or_never().is_none());
        drop(all);
    }
}
