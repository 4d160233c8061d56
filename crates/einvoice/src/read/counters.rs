//! Which repetition of a group or term is being read, so that a fact can say `BG-25[3]/BT-131`.

use crate::facts::TermPath;
use crate::terms::{Occurs, Term};

/// The numbers of the repetitions that are being read.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    outer: Vec<Count>,
    inner: Vec<Count>,
    pub largest: u32,
}

#[derive(Debug)]
struct Count {
    term: Term,
    number: u32,
    open: bool,
}

impl Counters {
    pub(crate) fn next(&mut self, term: Term) {
        if term.parent() == Term::Document {
            // What repeats inside starts anew with each repetition of what is around.
            self.inner.clear();
        }
        let list = if inner(term) {
            &mut self.inner
        } else {
            &mut self.outer
        };
        match list.iter_mut().find(|count| count.term == term) {
            Some(count) => {
                count.number += 1;
                count.open = true;
                self.largest = self.largest.max(count.number);
            }
            None => list.push(Count {
                term,
                number: 1,
                open: true,
            }),
        }
    }

    pub(crate) fn close(&mut self, term: Term) {
        let counts = self.outer.iter_mut().chain(&mut self.inner);
        counts
            .filter(|count| count.term == term)
            .for_each(|count| count.open = false);
    }

    /// The number of a repetition; 0 outside of all.
    fn now(&self, term: Term) -> u32 {
        let list = if inner(term) {
            &self.inner
        } else {
            &self.outer
        };
        list.iter()
            .find(|count| count.term == term && count.open)
            .map_or(0, |count| count.number)
    }

    pub(crate) fn path(&self, term: Term) -> TermPath {
        let mut path = TermPath::once(term);
        let mut step = term;
        while step != Term::Document {
            if step.occurs() == Occurs::Many {
                // The parts of a repeated identifier are numbered with it.
                (path.outer, path.inner) = (self.now(whole(step)), path.outer);
            }
            step = step.parent();
        }
        path
    }
}

/// Whether a repeated group stands around this repeated term.
fn inner(term: Term) -> bool {
    let mut step = term.parent();
    while step != Term::Document {
        if step.occurs() == Occurs::Many {
            return true;
        }
        step = step.parent();
    }
    false
}

/// The identifier to which a scheme or version belongs.
fn whole(part: Term) -> Term {
    match part {
        Term::Bt29_1 => Term::Bt29,
        Term::Bt46_1 => Term::Bt46,
        Term::Bt60_1 => Term::Bt60,
        Term::Bt158_1 | Term::Bt158_2 => Term::Bt158,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_number_what_is_open() {
        let mut counters = Counters::default();
        for _ in 0..3 {
            counters.next(Term::Bg25);
            counters.next(Term::Bg32);
        }
        counters.next(Term::Bg32);
        assert_eq!(
            counters.path(Term::Bt160).to_string(),
            "BG-25[3]/BG-31/BG-32[2]/BT-160"
        );
        assert_eq!(counters.path(Term::Bt131).to_string(), "BG-25[3]/BT-131");
        counters.next(Term::Bt158);
        assert_eq!(
            counters.path(Term::Bt158_1).to_string(),
            "BG-25[3]/BG-31/BT-158-1[1]"
        );
        counters.next(Term::Bg16);
        counters.close(Term::Bg16);
        assert_eq!(counters.path(Term::Bt89).to_string(), "BG-16/BG-19/BT-89");
    }
}
