//! Pieces of view that several pages share: plain data, already in the reader's language, no logic.
//!
//! Each has a macro of the same name in `templates/platform/components.html`.

/// How a state is coloured. Never the only sign of it: each tone has its own shape, and a text stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to note.
    Neutral,
    /// Under way.
    Info,
    /// Done, in order.
    Good,
    /// Needs somebody's attention.
    Warn,
    /// Stopped or failed.
    Bad,
}

impl Tone {
    /// The style's class and the icon's name in one.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A small labelled state.
#[derive(Debug, Clone)]
pub struct Badge {
    /// The state's name.
    pub text: String,
    /// Its tone.
    pub tone: Tone,
}

impl Badge {
    /// A badge of a translated text.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}

/// One of the independent axes of a bill: processing, posting, payment, match.
#[derive(Debug, Clone)]
pub struct Axis {
    /// The axis' name.
    pub name: String,
    /// Where the bill stands on it.
    pub badge: Badge,
}

/// What the last action has to say, shown once above the page.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Good for done, bad for failed.
    pub tone: Tone,
    /// One or two sentences.
    pub text: String,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Read from the document: an EN 16931 business term such as `BT-112`.
    Term(String),
    /// Typed or changed by a person, whose name it is.
    Typed(String),
    /// Looked up or computed by Countersign, in a word or two.
    Computed(String),
}

impl Source {
    /// The style's class: `term`, `typed` or `computed`.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Term(_) => "term",
            Self::Typed(_) => "typed",
            Self::Computed(_) => "computed",
        }
    }

    /// The term, the person or the way.
    pub fn text(&self) -> &str {
        match self {
            Self::Term(text) | Self::Typed(text) | Self::Computed(text) => text,
        }
    }
}

/// One fact of a bill or a vendor with its source.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value; `None` shows that the document does not say.
    pub value: Option<String>,
    /// Where it came from.
    pub source: Option<Source>,
    /// A remark that belongs to it, such as "differs from the vendor's verified account".
    pub remark: Option<String>,
    /// Whether it is an amount or a number, set right with even digits.
    pub numeric: bool,
}

impl Fact {
    /// A fact without remark.
    pub fn new(label: impl Into<String>, value: Option<String>, source: Option<Source>) -> Self {
        Self {
            label: label.into(),
            value,
            source,
            remark: None,
            numeric: false,
        }
    }
}

/// A link or a button that a hold, a finding or an empty list offers.
#[derive(Debug, Clone)]
pub struct Action {
    /// What it does, as a verb.
    pub label: String,
    /// Where it leads; always a page, never a change by itself.
    pub href: String,
}

/// A hold on a bill, a vendor or a payment.
#[derive(Debug, Clone)]
pub struct Hold {
    /// The type's name, such as "Possible duplicate".
    pub kind: String,
    /// Why it was placed, with the figures.
    pub why: String,
    /// What to do about it.
    pub advice: String,
    /// Who placed it and when, in one line.
    pub placed: String,
    /// Where to do it.
    pub action: Option<Action>,
}

/// One finding of a check on a document.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule's id, such as `BR-CO-15`.
    pub rule: String,
    /// Fatal, warning or information.
    pub level: Badge,
    /// Where in the document, such as "line 3 · BT-131".
    pub position: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub advice: Option<String>,
}

/// A value before and after, in a history.
#[derive(Debug, Clone)]
pub struct Change {
    /// The field's name.
    pub field: String,
    /// What it was; `None` if it was not there.
    pub before: Option<String>,
    /// What it became; `None` if it was taken away.
    pub after: Option<String>,
}

/// One event of a history.
#[derive(Debug, Clone)]
pub struct Event {
    /// The moment as people read it.
    pub time: String,
    /// The moment for machines (RFC 3339).
    pub machine_time: String,
    /// Who did it, and on whose behalf.
    pub actor: String,
    /// What was done.
    pub text: String,
    /// The journal's own word for it; empty where the journal has none.
    pub canonical: String,
    /// What the actor said about it.
    pub comment: Option<String>,
    /// How it ended.
    pub tone: Tone,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// Previous and next page of a keyset-paged list, as addresses.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// A column's heading that sorts.
#[derive(Debug, Clone)]
pub struct SortLink {
    /// The column's name.
    pub label: String,
    /// The list sorted by it, or by it the other way round.
    pub href: String,
    /// `ascending`, `descending` or `none`, as `aria-sort` wants it.
    pub direction: &'static str,
    /// Whether the column holds numbers.
    pub numeric: bool,
}

/// One line of a money summary.
#[derive(Debug, Clone)]
pub struct Total {
    /// What is summed.
    pub label: String,
    /// The amount, written in the reader's way.
    pub amount: String,
    /// Whether it is the sum of the lines above.
    pub grand: bool,
}

/// One choice of a select box or a set of radio buttons.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

impl Choice {
    /// A choice, chosen if its value is `current`.
    pub fn new(value: impl Into<String>, label: impl Into<String>, current: &str) -> Self {
        let value = value.into();
        Self {
            selected: value == current,
            value,
            label: label.into(),
        }
    }
}

/// One message about one field of a form.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// The field's `name`.
    pub field: String,
    /// What is wrong and what to do, in the reader's language.
    pub message: String,
}

/// What is wrong with a form as sent; empty on the first visit.
#[derive(Debug, Clone, Default)]
pub struct FormErrors(pub Vec<FieldError>);

impl FormErrors {
    /// Adds a message about a field.
    pub fn add(&mut self, field: &str, message: String) {
        self.0.push(FieldError {
            field: field.to_owned(),
            message,
        });
    }

    /// The first message about a field.
    pub fn of(&self, field: impl AsRef<str>) -> Option<&str> {
        let field = field.as_ref();
        self.0
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    /// Whether the form can be accepted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One step of a longer task.
#[derive(Debug, Clone)]
pub struct Step {
    /// The step's name.
    pub label: String,
    /// `done`, `current` or `ahead`.
    pub state: &'static str,
}

/// A tab of a list, with how many things are behind it.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// How many; `None` shows nothing.
    pub count: Option<u32>,
    /// Whether it is open.
    pub current: bool,
}

/// A step of an approval or a verification: who, and how it stands.
#[derive(Debug, Clone)]
pub struct ChainStep {
    /// The person or the role.
    pub who: String,
    /// Why this person, such as "over 5,000.00 EUR".
    pub why: String,
    /// How it stands.
    pub state: Badge,
}

/// A figure with its note.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
    /// What it is made of.
    pub note: String,
}
