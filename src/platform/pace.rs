//! Answers that must not tell by their time what was found on the way to them.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Lets answers leave a whole number of steps after they were asked for: what was done on the way is then told by a whole step or
/// not at all.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    step: Duration,
}

/// An answer on its way.
#[derive(Debug, Clone, Copy)]
pub struct Paced {
    began: Instant,
    step: Duration,
}

impl Default for Pace {
    /// Well above what a refused sign-in takes with its slow hash, and not long for somebody who mistyped.
    fn default() -> Self {
        Self::of(Duration::from_millis(250))
    }
}

impl Pace {
    /// Steps of another length; none at all where it is zero.
    #[must_use]
    pub fn of(step: Duration) -> Self {
        Self { step }
    }

    /// Somebody asks now.
    #[must_use]
    pub fn begin(self) -> Paced {
        Paced {
            began: Instant::now(),
            step: self.step,
        }
    }
}

impl Paced {
    /// Waits for the end of the step.
    pub async fn leave(self) {
        sleep_until(self.began + rounded(self.began.elapsed(), self.step)).await;
    }
}

/// The end of the step in which `took` lies.
fn rounded(took: Duration, step: Duration) -> Duration {
    if step.is_zero() {
        return took;
    }
    let steps = took.as_nanos() / step.as_nanos() + 1;
    step.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_done_within_a_step_takes_the_step() {
        let ms = Duration::from_millis;
        let step = ms(250);
        assert_eq!(rounded(ms(0), step), step);
        assert_eq!(rounded(ms(1), step), rounded(ms(249), step));
        assert_eq!(rounded(ms(250), step), ms(500));
        assert_eq!(rounded(ms(7), Duration::ZERO), ms(7));
    }

    #[tokio::test]
    async fn an_answer_leaves_with_its_step_and_not_before() {
        let began = Instant::now();
        Pace::of(Duration::from_millis(20)).begin().leave().await;
        assert!(began.elapsed() >= Duration::from_millis(20));
    }
}
