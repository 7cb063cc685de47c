//! The stream of a job's events.

use serde_json::json;

use super::answer::task;
use crate::exchange::Exchange;
use crate::http::{Answer, Body, Events, Wait};
use crate::jobs::Job;
use crate::scenario::Fault;

/// A job's events from now on: comments while it goes on, and at its end the task as a status check
/// would tell it. `fault` is one that befalls the stream.
pub(crate) fn events(job: &Job, exchange: &Exchange, fault: Option<&Fault>) -> Answer {
    let then = Exchange { now: job.ends_at(), ..exchange.clone() };
    let ended = String::from_utf8_lossy(&task(job, &then).body.into_bytes()).into_owned();
    let first = Events::KEEPALIVE.to_owned();
    let wait = match job.length {
        Wait::Ms(_) => Wait::Ms(job.ends_at().saturating_sub(exchange.now)),
        Wait::Forever => Wait::Forever,
    };
    let events = Events { first, wait, keeps_alive: true, last: event("done", &ended) };
    let events = match fault {
        Some(Fault::Silent {}) => {
            Events { first: String::new(), wait: Wait::Forever, keeps_alive: false, ..events }
        }
        Some(Fault::Unfinished {}) => {
            let wait = match wait {
                Wait::Ms(ms) => Wait::Ms(ms / 2),
                Wait::Forever => Wait::Ms(0),
            };
            Events { wait, last: String::new(), ..events }
        }
        Some(Fault::Pieces {}) => {
            let piece = |cursor: u32| {
                let output = json!([{ "content": [{ "type": "image", "chunk_index": cursor }] }]);
                let piece = json!({
                    "id": job.id, "model": job.model, "status": "in_progress",
                    "output": output, "cursor": cursor,
                });
                event("output", &piece.to_string())
            };
            Events { first: events.first + &piece(1) + &piece(3), ..events }
        }
        _ => events,
    };
    Answer::new(200, "text/event-stream", Body::Events(events))
}

fn event(name: &str, data: &str) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}
