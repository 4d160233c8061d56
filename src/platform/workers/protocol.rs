//! What parent and child say to each other over the child's standard input and output.
//!
//! A request is a head (mark, lengths), the task's name, its options and its input; an answer is a head and a body.
//! Bytes follow in pieces of at most [`PIECE_BYTES`], and a reader's buffer grows with what has arrived, never with
//! what a head claims. Integers are little-endian.

use std::io::{self, Read, Write};

/// Most bytes that are read or written at once.
pub const PIECE_BYTES: usize = 64 * 1024;
/// Length of a request's head.
pub const REQUEST_HEAD_BYTES: usize = 17;
/// Length of an answer's head.
pub const ANSWER_HEAD_BYTES: usize = 13;
/// Name of the first request, which carries [`Setup`] as its options.
pub const CONFIGURE: &str = "configure";

const REQUEST_MARK: [u8; 4] = *b"CSW?";
const ANSWER_MARK: [u8; 4] = *b"CSW!";
const MAX_OPTIONS_BYTES: u32 = 64 * 1024;

/// One task for a child.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// Name in the child's table of handlers.
    pub task: String,
    /// The task's own small parameters.
    pub options: Vec<u8>,
    /// The bytes to work on.
    pub input: Vec<u8>,
}

/// How a task ended inside the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The body is the result.
    Done,
    /// The body is the reason, as text.
    Refused,
    /// The handler panicked; the child ends after this answer.
    Panicked,
    /// No handler of that name.
    UnknownTask,
}

impl Status {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Panicked => 2,
            Self::UnknownTask => 3,
        }
    }

    const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Done),
            1 => Some(Self::Refused),
            2 => Some(Self::Panicked),
            3 => Some(Self::UnknownTask),
            _ => None,
        }
    }
}

/// The limits that a child puts on itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// Memory beyond the program itself, in bytes.
    pub memory_bytes: u64,
    /// Processor time for the whole life of the child, in seconds.
    pub cpu_s: u64,
    /// Whether to apply Landlock and the system call filter.
    pub confine: bool,
}

impl Setup {
    /// 17 bytes.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let mut out = self.memory_bytes.to_le_bytes().to_vec();
        out.extend(self.cpu_s.to_le_bytes());
        out.push(u8::from(self.confine));
        out
    }

    /// `None` if `bytes` is not what [`Setup::to_bytes`] writes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (memory, rest) = bytes.split_first_chunk::<8>()?;
        let (cpu, rest) = rest.split_first_chunk::<8>()?;
        let [confine] = rest else { return None };
        Some(Self {
            memory_bytes: u64::from_le_bytes(*memory),
            cpu_s: u64::from_le_bytes(*cpu),
            confine: *confine != 0,
        })
    }
}

/// Head and options of a request; the input follows as it is.
///
/// `None` if the name or the options are too long to be sent.
#[must_use]
pub fn request_prefix(task: &str, options: &[u8], input_bytes: usize) -> Option<Vec<u8>> {
    let options_bytes = u32::try_from(options.len())
        .ok()
        .filter(|bytes| *bytes <= MAX_OPTIONS_BYTES)?;
    let mut out = REQUEST_MARK.to_vec();
    out.push(u8::try_from(task.len()).ok()?);
    out.extend(options_bytes.to_le_bytes());
    out.extend(u64::try_from(input_bytes).ok()?.to_le_bytes());
    out.extend(task.bytes());
    out.extend(options);
    Some(out)
}

/// Reads the next request; `None` at the end of the stream, which is how a child is told to go.
///
/// # Errors
/// What the stream reports, or invalid data if it does not speak this protocol.
pub fn read_request(from: &mut impl Read) -> io::Result<Option<Request>> {
    let mut head = [0; REQUEST_HEAD_BYTES];
    if from.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut head[1..])?;
    let [mark @ .., name_bytes] = *head.first_chunk::<5>().expect("the head is longer");
    let options_bytes = u32::from_le_bytes(*head[5..].first_chunk().expect("the head is longer"));
    let input_bytes = u64::from_le_bytes(*head[9..].first_chunk().expect("the head is longer"));
    if mark != REQUEST_MARK || options_bytes > MAX_OPTIONS_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "not a request of the worker protocol",
        ));
    }
    let task = read_body(from, u64::from(name_bytes))?;
    let task = String::from_utf8(task)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let options = read_body(from, u64::from(options_bytes))?;
    let input = read_body(from, input_bytes)?;
    Ok(Some(Request {
        task,
        options,
        input,
    }))
}

fn read_body(from: &mut impl Read, bytes: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let read = from.take(bytes).read_to_end(&mut out)?;
    if read as u64 == bytes {
        Ok(out)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// Writes one answer.
///
/// # Errors
/// What the stream reports.
pub fn write_answer(to: &mut impl Write, status: Status, body: &[u8]) -> io::Result<()> {
    let mut head = ANSWER_MARK.to_vec();
    head.push(status.code());
    head.extend((body.len() as u64).to_le_bytes());
    to.write_all(&head)?;
    body.chunks(PIECE_BYTES)
        .try_for_each(|piece| to.write_all(piece))?;
    to.flush()
}

/// Status and length of the body that follow from an answer's head; `None` if this is no such head.
#[must_use]
pub fn parse_answer_head(head: &[u8; ANSWER_HEAD_BYTES]) -> Option<(Status, u64)> {
    let (mark, rest) = head.split_first_chunk::<4>()?;
    let (code, length) = rest.split_first()?;
    let length = u64::from_le_bytes(*length.first_chunk()?);
    if *mark == ANSWER_MARK {
        Some((Status::from_code(*code)?, length))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{
        ANSWER_HEAD_BYTES, Setup, Status, parse_answer_head, read_request, request_prefix,
        write_answer,
    };

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let mut bytes = request_prefix("pdf-page", b"opt", 4).unwrap();
        bytes.extend(b"data");
        let mut stream = bytes.as_slice();
        let request = read_request(&mut stream).unwrap().unwrap();
        assert_eq!(
            (
                request.task.as_str(),
                request.options.as_slice(),
                request.input.as_slice()
            ),
            ("pdf-page", &b"opt"[..], &b"data"[..])
        );
        assert_eq!(read_request(&mut stream).unwrap(), None);
    }

    #[test]
    fn lengths_that_lie_are_errors_and_allocate_nothing() {
        let bytes = request_prefix("t", b"", usize::MAX).unwrap();
        assert!(read_request(&mut bytes.as_slice()).is_err());
        assert!(read_request(&mut &b"GET / HTTP/1.1\r\n\r\n"[..]).is_err());
        assert!(request_prefix(&"t".repeat(256), b"", 0).is_none());
        assert!(request_prefix("t", &[0; 70_000], 0).is_none());
    }

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        let mut bytes = Vec::new();
        write_answer(&mut bytes, Status::Refused, b"why").unwrap();
        let head: [u8; ANSWER_HEAD_BYTES] = *bytes.first_chunk().unwrap();
        assert_eq!(parse_answer_head(&head), Some((Status::Refused, 3)));
        assert_eq!(parse_answer_head(b"printed text!"), None);
        let setup = Setup {
            memory_bytes: 7,
            cpu_s: 8,
            confine: true,
        };
        assert_eq!(Setup::from_bytes(&setup.to_bytes()), Some(setup));
        assert_eq!(Setup::from_bytes(b"short"), None);
    }
}
