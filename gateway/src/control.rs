//! What tests ask of the gateway itself, under `/__gateway/`.

use serde_json::json;

use crate::cors;
use crate::http::{Answer, Request};
use crate::memory::Memory;
use crate::scenario::Scenario;

/// The answer to a control request, or `None` if the request is not one.
pub(crate) fn handle(memory: &mut Memory, request: &Request) -> Option<Answer> {
    let command = request.path.strip_prefix("/__gateway/")?;
    let answer = match (request.method.as_str(), command) {
        // Tests in a browser may come from another origin, too.
        _ if cors::is_preflight(request) => cors::preflight(None),
        ("POST", "scenario") => append(&mut memory.scenario, &request.body),
        ("GET", "requests") => memory.journal.answer(),
        ("GET", "totals") => memory.totals.answer(),
        ("POST", "reset") => {
            *memory = Memory::default();
            Answer::empty(204)
        }
        (method, _) => error(404, &format!("no such command: {method} {}", request.path)),
    };
    Some(cors::allow(answer, None))
}

fn append(scenario: &mut Scenario, script: &[u8]) -> Answer {
    match scenario.append(script) {
        Ok(()) => Answer::empty(204),
        Err(message) => error(400, &message),
    }
}

fn error(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message }))
}
