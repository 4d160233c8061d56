//! Inputs that pass to a child piece by piece.

use super::protocol::PIECE_BYTES;

/// An input that is handed to a child piece by piece.
pub trait Pieces: Send {
    /// Why it cannot be read.
    type Error: std::error::Error;

    /// Bytes in all.
    fn length(&self) -> u64;

    /// The next bytes; none after the last.
    fn next_piece(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> + Send;
}

/// What is left of an input that is in memory anyway.
pub(super) struct InMemory<'a>(pub &'a [u8]);

impl Pieces for InMemory<'_> {
    type Error = std::convert::Infallible;

    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    async fn next_piece(&mut self) -> Result<Option<Vec<u8>>, Self::Error> {
        let (piece, rest) = self.0.split_at(self.0.len().min(PIECE_BYTES));
        self.0 = rest;
        Ok((!piece.is_empty()).then(|| piece.to_vec()))
    }
}
