//! One file as the command line reads it: at most so much of it in memory, whatever the path leads to.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;

use crate::payables::intake::actions::MAX_BYTES;

/// What a path leads to.
#[derive(Debug)]
pub enum Opened {
    Whole {
        sha256: String,
        bytes: Vec<u8>,
    },
    /// More than [`MAX_BYTES`]. The hash is that of all of it; none where it is no file and may never end.
    TooLarge {
        sha256: Option<String>,
    },
    Closed(io::Error),
}

/// Reads a file on a thread that may wait for a disk.
pub async fn open(path: &Path) -> Opened {
    let path: PathBuf = path.to_owned();
    tokio::task::spawn_blocking(move || read(&path, MAX_BYTES).unwrap_or_else(Opened::Closed))
        .await
        .unwrap_or_else(|error| Opened::Closed(io::Error::other(error)))
}

fn read(path: &Path, most: u64) -> io::Result<Opened> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    // One more than is taken, to know whether there is more.
    (&mut file).take(most + 1).read_to_end(&mut bytes)?;
    let mut hash = Context::new(&SHA256);
    hash.update(&bytes);
    if bytes.len() as u64 <= most {
        let sha256 = HEXLOWER.encode(hash.finish().as_ref());
        return Ok(Opened::Whole { sha256, bytes });
    }
    if !file.metadata()?.is_file() {
        return Ok(Opened::TooLarge { sha256: None });
    }
    bytes.truncate(bytes.len().min(64 * 1024));
    loop {
        let read = file.read(&mut bytes)?;
        if read == 0 {
            break;
        }
        hash.update(&bytes[..read]);
    }
    let sha256 = Some(HEXLOWER.encode(hash.finish().as_ref()));
    Ok(Opened::TooLarge { sha256 })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::digest;

    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_bound_and_hashed_to_its_end() {
        let path = std::env::temp_dir().join(format!("countersign-file-{}", std::process::id()));
        let content: Vec<u8> = (0..200_000u32).map(|n| n as u8).collect();
        std::fs::write(&path, &content).expect("it is written");
        let wanted = HEXLOWER.encode(digest(&SHA256, &content).as_ref());
        let whole = read(&path, content.len() as u64).expect("it opens");
        let Opened::Whole { sha256, bytes } = whole else {
            panic!("{whole:?}");
        };
        assert!(sha256 == wanted && bytes == content);
        for most in [content.len() as u64 - 1, 1] {
            let cut = read(&path, most).expect("it opens");
            assert!(
                matches!(&cut, Opened::TooLarge { sha256: Some(found) } if *found == wanted),
                "{cut:?}"
            );
        }
        std::fs::remove_file(&path).expect("it goes");
        let endless = read(Path::new("/dev/zero"), 1000).expect("it opens");
        assert!(matches!(endless, Opened::TooLarge { sha256: None }));
        assert!(read(&path, 1000).is_err());
    }
}
