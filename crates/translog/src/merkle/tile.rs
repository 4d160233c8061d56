//! The names of tiles, by which a log is served as plain files (C2SP tlog-tiles).

use crate::verifier::form::number;

/// 256 hashes side by side at one level, or the first few of them while the log has no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

/// The path names no tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this path names no tile of a journal; tiles are named as in tile/0/x001/067 or tile/0/x001/067.p/8"
)]
pub struct TilePathError;

impl Tile {
    /// Hashes in a full tile.
    pub const FULL_WIDTH: u16 = 256;
    /// The highest level that the naming knows.
    pub const MAX_LEVEL: u8 = 5;

    /// A tile of `width` hashes; none unless `level` is at most 5 and `width` 1 to 256.
    #[must_use]
    pub const fn new(level: u8, index: u64, width: u16) -> Option<Tile> {
        if level > Tile::MAX_LEVEL || width == 0 || width > Tile::FULL_WIDTH {
            return None;
        }
        Some(Tile {
            level,
            index,
            width,
        })
    }

    /// The tile's level; its hashes are those of nodes at 8 times this level.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// The tile's number at its level, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes it has, 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// The tile's path below the log's address: `tile/<level>/<index>[.p/<width>]`.
    #[must_use]
    pub fn path(&self) -> String {
        format!(
            "tile/{}/{}{}",
            self.level,
            index_path(self.index),
            suffix(self.width)
        )
    }

    /// Reads what [`Tile::path`] prints, and nothing else.
    ///
    /// # Errors
    /// [`TilePathError`].
    pub fn parse(path: &str) -> Result<Tile, TilePathError> {
        Tile::parse_loose(path)
            // Printing it again refuses every second spelling at once.
            .filter(|tile| tile.path() == path)
            .ok_or(TilePathError)
    }

    fn parse_loose(path: &str) -> Option<Tile> {
        let (level, index) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = u8::try_from(number(level)?).ok()?;
        let (index, width) = match index.split_once(".p/") {
            Some((index, width)) => (index, u16::try_from(number(width)?).ok()?),
            None => (index, Tile::FULL_WIDTH),
        };
        let digits = index.replace(['x', '/'], "");
        // More digits than any 64-bit number has, with its zeros in front, are refused before parsing.
        let digits = Some(digits).filter(|digits| digits.len() <= 21)?;
        let digits = digits.trim_start_matches('0');
        let index = number(if digits.is_empty() { "0" } else { digits })?;
        Tile::new(level, index, width)
    }
}

/// The path of a bundle of entries: `tile/entries/<index>[.p/<width>]`; none unless `width` is 1 to 256.
#[must_use]
pub fn entries_path(index: u64, width: u16) -> Option<String> {
    let tile = Tile::new(0, index, width)?;
    Some(format!(
        "tile/entries/{}{}",
        index_path(tile.index),
        suffix(tile.width)
    ))
}

/// Groups of three digits, all but the last with an `x` before them: 1234067 is `x001/x234/067`.
fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

fn suffix(width: u16) -> String {
    if width == Tile::FULL_WIDTH {
        String::new()
    } else {
        format!(".p/{width}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let path = |level, index, width| Tile::new(level, index, width).map(|tile| tile.path());
        assert_eq!(
            path(0, 1_234_067, 256).as_deref(),
            Some("tile/0/x001/x234/067")
        );
        assert_eq!(path(1, 0, 8).as_deref(), Some("tile/1/000.p/8"));
        assert_eq!(path(5, 999, 1).as_deref(), Some("tile/5/999.p/1"));
        assert_eq!(path(0, 1000, 255).as_deref(), Some("tile/0/x001/000.p/255"));
        assert_eq!(
            (path(6, 0, 1), path(0, 0, 0), path(0, 0, 257)),
            (None, None, None)
        );
        assert_eq!(
            entries_path(1_234_067, 3).as_deref(),
            Some("tile/entries/x001/x234/067.p/3")
        );
        assert_eq!(entries_path(0, 0), None);
    }

    #[test]
    fn a_path_has_one_spelling() {
        for index in [0, 1, 999, 1000, 1_234_067, u64::MAX] {
            for width in [1, 255, 256] {
                let tile = Tile::new(3, index, width).expect("in range");
                assert_eq!(Tile::parse(&tile.path()), Ok(tile));
            }
        }
        let bad = [
            "",
            "tile/0/",
            "tile/0/1",
            "tile/0/0001",
            "tile/0/x000/001",
            "tile/00/001",
            "tile/6/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/08",
            "tile/0/x001/x1/001",
            "tile/0/001/",
            "tile/0/../001",
            "/tile/0/001",
            "tile/0/x99999999999999999999/001",
            "tile/-1/001",
        ];
        for path in bad {
            assert_eq!(Tile::parse(path), Err(TilePathError), "{path}");
        }
    }
}
