//! The `Retry-After` header: seconds, or a date (RFC 9110, section 10.2.3).

/// Months as an HTTP date writes them.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// How long to wait from `now` (Unix milliseconds), in milliseconds; none if the header says
/// neither seconds nor a date. A date in the past is no wait.
pub fn delay(header: &str, now: u64) -> Option<u64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits to hold are too long to wait, not nonsense.
        return Some(
            header
                .parse::<u64>()
                .unwrap_or(u64::MAX)
                .saturating_mul(1000),
        );
    }
    Some(http_date(header)?.saturating_sub(now))
}

/// Unix milliseconds of a date as servers must write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(date: &str) -> Option<u64> {
    let words: Vec<_> = date.split_ascii_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = words[..] else {
        return None;
    };
    let number = |digits: &str, range: core::ops::RangeInclusive<u64>| {
        digits.parse().ok().filter(|number| range.contains(number))
    };
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let year = number(year, 1970..=9999)?;
    let day = number(day, 1..=31)?;
    let mut clock = time.split(':');
    let hour = number(clock.next()?, 0..=23)?;
    let minute = number(clock.next()?, 0..=59)?;
    let second = number(clock.next()?, 0..=60)?;
    // Days since 1970 of the civil calendar, with years that begin in March, so that the leap day
    // is the last: https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
}
