//! The `Retry-After` header: seconds, or a date (RFC 9110, section 10.2.3).

use super::text::number;

/// Months as an HTTP date writes them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A year, in seconds: whoever says more means never, and a caller's clock may not hold it.
const MAX_DELAY_S: u64 = 31_536_000;

/// How long to wait from `now` (Unix milliseconds), in milliseconds; none if the header says
/// neither seconds nor a date. A date in the past is no wait.
pub fn delay(header: &str, now: u64) -> Option<u64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits to hold are too long to wait, not nonsense.
        let seconds = header.parse::<u64>().unwrap_or(MAX_DELAY_S);
        return Some(seconds.min(MAX_DELAY_S) * 1000);
    }
    Some(http_date(header)?.saturating_sub(now))
}

/// Unix milliseconds of a date as servers must write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(date: &str) -> Option<u64> {
    if date.len() != 29 || !date.ends_with(" GMT") {
        return None;
    }
    let number = |at: usize, length: usize| number(date.get(at..at + length)?);
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
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
}
