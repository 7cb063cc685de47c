//! The `Retry-After` header: seconds, or a date (RFC 9110, section 10.2.3).

use std::time::Duration;

use super::time::Timestamp;

/// Months as an HTTP date writes them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A year: whoever says more means never, and a caller's clock may not hold it.
const MAX_DELAY: Duration = Duration::from_secs(31_536_000);

/// How long to wait from `now`; none if the header says neither seconds nor a date. A date in the
/// past is no wait.
pub fn delay(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits to hold are too long to wait, not nonsense.
        let seconds = header.parse().map_or(MAX_DELAY, Duration::from_secs);
        return Some(seconds.min(MAX_DELAY));
    }
    Some(http_date(header)?.since(now))
}

/// A date as servers must write it: `Sun, 06 Nov 1994 08:49:37 GMT`. Crates that read it refuse the
/// leap second that the RFC allows, and come with a calendar of a tenth of the package.
fn http_date(date: &str) -> Option<Timestamp> {
    if date.len() != 29 || !date.ends_with(" GMT") {
        return None;
    }
    let number = |at: usize, length: usize| {
        let digits = date.get(at..at + length)?;
        digits.parse::<u64>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let month = MONTHS.iter().position(|name| Some(*name) == date.get(8..11))? as u64 + 1;
    let (day, year) = (number(5, 2)?, number(12, 4)?);
    let (hour, minute, second) = (number(17, 2)?, number(20, 2)?, number(23, 2)?);
    if !(1..=31).contains(&day) || year < 1970 || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days since 1970 of the civil calendar, with years that begin in March, so that the leap day
    // is the last: https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    Some(Timestamp::from_unix_millis(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000))
}
