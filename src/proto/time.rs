//! Points in time. How long something takes is a [`Duration`].

use std::ops::Add;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, to the millisecond, since 1970 began in UTC. As data it is the number of
/// milliseconds, as `Date.now()` counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

/// The end of time, 2^53 - 1: JavaScript holds no later one, and a gateway may write any.
const LAST: u64 = 9_007_199_254_740_991;

impl Timestamp {
    /// The time so many milliseconds after 1970 began; the end of time, 2^53 - 1, if it is later.
    ///
    /// ```
    /// use wanvas::Timestamp;
    ///
    /// let kept = 1_770_000_000_000;
    /// assert_eq!(Timestamp::from_unix_millis(kept).unix_millis(), kept);
    /// ```
    pub const fn from_unix_millis(millis: u64) -> Self {
        Timestamp(if millis < LAST { millis } else { LAST })
    }

    /// Milliseconds since 1970 began.
    ///
    /// ```
    /// use wanvas::Timestamp;
    ///
    /// assert_eq!(Timestamp::default().unix_millis(), 0);
    /// ```
    pub const fn unix_millis(self) -> u64 {
        self.0
    }

    /// How long after an earlier time this is; no time at all if that is not earlier.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use wanvas::Timestamp;
    ///
    /// let (begun, ended) = (Timestamp::from_unix_millis(1000), Timestamp::from_unix_millis(4000));
    /// assert_eq!(ended.since(begun), Duration::from_secs(3));
    /// ```
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The time so much earlier; the first of 1970 rather than a time before.
    pub(crate) fn before(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(millis(duration)))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    /// The time so much later; the end of time rather than a time before.
    fn add(self, duration: Duration) -> Timestamp {
        Timestamp::from_unix_millis(self.0.saturating_add(millis(duration)))
    }
}

/// The whole milliseconds in a duration.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Writes a duration as its whole milliseconds.
pub fn as_millis<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(millis(*duration))
}

/// A duration that may be absent, as its whole milliseconds.
pub mod optional_millis {
    use super::*;

    /// Writes it.
    pub fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.map(millis).serialize(serializer)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_millis))
    }
}
