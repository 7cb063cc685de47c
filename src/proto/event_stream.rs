//! Server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>. As the
//! gateways' own clients do, and other than the standard has it, a last event is read without the
//! blank line that ends it, and white space around a name does not count.

use super::http::header;

/// Whether an answer is a stream of events. If not, whether it tells that there never is one.
pub fn check(status: u16, headers: &[(String, String)]) -> Result<(), bool> {
    if !(200..300).contains(&status) {
        return Err(matches!(status, 404 | 405 | 406 | 415 | 501));
    }
    let content_type = header(headers, "content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("text/event-stream").then_some(()).ok_or(true)
}

/// An event of a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// Its name; empty where it has none.
    pub name: String,
    /// Its data: all of its lines.
    pub data: String,
}

/// Reads the events of a stream that comes in pieces, cut anywhere.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// The lines of the event that has not ended yet.
    event: Option<Event>,
    has_begun: bool,
    /// Whether the last byte was a carriage return, which ends a line with or without a line feed.
    after_return: bool,
}

impl Decoder {
    /// The events that end in a piece.
    pub fn feed(&mut self, piece: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for &byte in piece {
            let is_rest_of_end = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                b'\n' if is_rest_of_end => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ => self.line.push(byte),
            }
        }
        events
    }

    /// The event that the end of the stream ends.
    pub fn finish(mut self) -> Option<Event> {
        self.end_line().or(self.event)
    }

    /// The event that ends with the line, if it is a blank one.
    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let has_begun = std::mem::replace(&mut self.has_begun, true);
        let line = if has_begun { &*line } else { line.trim_start_matches('\u{feff}') };
        if line.is_empty() {
            return self.event.take();
        }
        // A comment has no name before its colon.
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        match field.trim() {
            "event" => self.event.get_or_insert_default().name = value.trim().to_owned(),
            "data" => {
                let data = &mut self.event.get_or_insert_default().data;
                if !data.is_empty() {
                    data.push('\n');
                }
                data.push_str(value.trim());
            }
            _ => {}
        }
        None
    }
}
