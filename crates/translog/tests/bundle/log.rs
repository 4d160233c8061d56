//! A journal made here, with everything that a server keeps of it.

use std::collections::BTreeMap;

use countersign_translog::Hash;
use countersign_translog::bundle::{Heading, Shown, entry, heading};
use countersign_translog::entry::{Commitment, Entry, Id, Salt, Word};
use countersign_translog::epoch::{Head, Rollback, origin};
use countersign_translog::merkle::{Frontier, Node, leaf_hash, range_nodes};
use countersign_translog::note::{SigningKey, VerifyingKey};
use countersign_translog::time::UtcMicros;

pub const OWNER: Id = Id::from_bytes([1; 16]);
pub const JOURNAL: &str = "countersign/journal/01010101-0101-0101-0101-010101010101";
pub const SALT: Salt = [9; 16];

pub fn word(text: &str) -> Word {
    Word::new(text).expect("a word")
}

pub fn time(number: u64) -> UtcMicros {
    let number = i64::try_from(number).expect("a small number");
    UtcMicros::new(1_795_000_000_000_000 + number * 1_000_000).expect("an instant")
}

/// The key of a journal in an epoch; `seed` tells installations apart.
pub fn key(seed: u8, epoch: u64) -> SigningKey {
    SigningKey::from_seed(&origin(JOURNAL, epoch), &[seed; 32]).expect("a name")
}

#[derive(Clone)]
pub struct Log {
    pub entries: Vec<Vec<u8>>,
    pub epoch: u64,
    pub seed: u8,
}

impl Log {
    pub fn of(size: u64) -> Self {
        Self {
            entries: (0..size)
                .map(|number| plain(OWNER, number).to_bytes())
                .collect(),
            epoch: 1,
            seed: 42,
        }
    }

    pub fn entry(&self, number: u64) -> Entry {
        let number = usize::try_from(number).expect("a small number");
        Entry::parse(&self.entries[number]).expect("made here")
    }

    pub fn size(&self) -> u64 {
        self.entries.len() as u64
    }

    pub fn push(&mut self, entry: &Entry) {
        self.entries.push(entry.to_bytes());
    }

    pub fn grow(&mut self, count: u64) {
        for number in self.size()..self.size() + count {
            self.push(&plain(OWNER, number));
        }
    }

    /// Goes back to `kept` entries in a new epoch, and declares it.
    pub fn restore(&mut self, kept: usize) {
        let rollback = Rollback::new(self.head(), kept as u64).expect("not more than there are");
        self.entries.truncate(kept);
        self.epoch += 1;
        let mut declaration = plain(OWNER, 1_000_000 + kept as u64);
        declaration.rollback = Some(rollback);
        self.push(&declaration);
    }

    pub fn tree(&self, size: u64) -> Frontier {
        let mut tree = Frontier::new();
        let size = usize::try_from(size).expect("a small number");
        self.entries[..size]
            .iter()
            .for_each(|bytes| tree.push(leaf_hash(bytes)));
        tree
    }

    pub fn root(&self) -> Hash {
        self.tree(self.size()).root()
    }

    pub fn node(&self, node: Node) -> Hash {
        let mut found = None;
        let mut tree = Frontier::new();
        for bytes in &self.entries {
            tree.push_with(leaf_hash(bytes), |at, hash| {
                if at == node {
                    found = Some(hash);
                }
            });
        }
        found.expect("a node of this tree")
    }

    pub fn subtrees(&self, from: u64, to: u64) -> Vec<Hash> {
        let nodes = range_nodes(from, to).into_iter();
        nodes.map(|node| self.node(node)).collect()
    }

    pub fn head(&self) -> Head {
        Head {
            epoch: self.epoch,
            size: self.size(),
            root: self.root(),
            time: time(self.size()),
        }
    }

    pub fn key(&self) -> VerifyingKey {
        key(self.seed, self.epoch).verifying_key().clone()
    }

    /// The newest head, signed.
    pub fn checkpoint(&self) -> Vec<u8> {
        let checkpoint = self.head().to_checkpoint(JOURNAL);
        checkpoint
            .sign(&key(self.seed, self.epoch))
            .expect("its own key")
            .into_bytes()
    }

    pub fn bundle(&self) -> Vec<u8> {
        self.part(0, self.size()).to_bytes()
    }

    pub fn part(&self, from: u64, to: u64) -> Part {
        let (first, end) = (
            usize::try_from(from).expect("small"),
            usize::try_from(to).expect("small"),
        );
        Part {
            key: self.key(),
            checkpoint: self.checkpoint(),
            epoch: if from == 0 { 1 } else { self.epoch },
            first: from,
            before: self.subtrees(0, from),
            after: self.subtrees(to, self.size()),
            entries: self.entries[first..end]
                .iter()
                .map(|bytes| (bytes.clone(), Vec::new()))
                .collect(),
        }
    }
}

/// What stands in a bundle, to be changed by a test.
#[derive(Clone)]
pub struct Part {
    pub key: VerifyingKey,
    pub checkpoint: Vec<u8>,
    pub epoch: u64,
    pub first: u64,
    pub before: Vec<Hash>,
    pub after: Vec<Hash>,
    pub entries: Vec<(Vec<u8>, Values)>,
}

/// Values that are shown, each with its name.
type Values = Vec<(String, String)>;

impl Part {
    pub fn show(&mut self, number: usize, name: &str, value: &str) {
        self.entries[number]
            .1
            .push((name.to_owned(), value.to_owned()));
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let checkpoint = String::from_utf8(self.checkpoint.clone()).expect("a note is text");
        let mut bytes = heading(&Heading {
            key: &self.key,
            checkpoint: &checkpoint,
            epoch: self.epoch,
            first: self.first,
            before: &self.before,
            after: &self.after,
        });
        for (canonical, values) in &self.entries {
            let shown: Vec<Shown<'_>> = values
                .iter()
                .map(|(name, value)| Shown {
                    name,
                    salt: &SALT,
                    value,
                })
                .collect();
            bytes.extend(entry(canonical, &shown));
        }
        bytes
    }
}

/// An entry about a bill, as many are.
pub fn plain(organisation: Id, number: u64) -> Entry {
    let mut id = [2; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    let bill = Id::from_bytes([7; 16]);
    let state = word("after.state");
    let digest = Commitment::of_row(&SALT, &word("bills"), &bill.into(), &number.to_be_bytes());
    Entry {
        organisation,
        id: Id::from_bytes(id),
        time: time(number),
        actor: Some(Id::from_bytes([3; 16])),
        on_behalf_of: None,
        credential: None,
        action: word("bill.approve"),
        object_kind: word("bill"),
        object_id: bill.into(),
        object_version: number,
        request: Some(word("req-1")),
        rollback: None,
        commits: BTreeMap::from([(
            state.clone(),
            Commitment::new(&SALT, &state, format!("state {number}").as_bytes()),
        )]),
        rows: BTreeMap::from([((word("bills"), bill.into()), Some(digest))]),
    }
}
