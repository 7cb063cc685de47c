//! The state of a job, and errors.

use serde::Serialize;
use serde_json::json;

use crate::exchange::{CONTENT_CODE, CONTENT_MESSAGE, Exchange};
use crate::http::Answer;
use crate::jobs::{Job, Outcome};
use crate::refusal::Refusal;

/// Not published; what other hosts of the same model ask per picture.
const CENTS_PER_IMAGE: usize = 3;

#[derive(Serialize)]
struct Task<'a> {
    id: &'a str,
    /// Unix seconds.
    created_at: u64,
    status: &'static str,
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<TaskError<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Vec<Output>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
}

#[derive(Serialize)]
struct TaskError<'a> {
    code: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Output {
    content: Vec<Content>,
}

#[derive(Serialize)]
struct Content {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    #[serde(rename = "jobId")]
    job_id: String,
}

#[derive(Serialize)]
struct Usage {
    /// USD, as text.
    cost: String,
    discount: f64,
}

#[derive(Serialize)]
struct Metadata {
    /// Seconds since the job was made.
    completed_at: f64,
}

/// A job as it is now; the answer to a submit and to every question after it.
pub(crate) fn task(job: &Job, exchange: &Exchange) -> Answer {
    let task = Task {
        id: &job.id,
        created_at: job.accepted_at / 1000,
        status: if job.is_queued(exchange.now) { "queued" } else { "in_progress" },
        model: &job.model,
        progress: job.progress(exchange.now),
        error: None,
        output: None,
        usage: None,
        metadata: None,
    };
    let task = if task.progress.is_none() { ended(task, job, exchange) } else { task };
    Answer::json(200, &task)
}

fn ended<'a>(task: Task<'a>, job: &'a Job, exchange: &Exchange) -> Task<'a> {
    let error = match &job.outcome {
        Outcome::Pictures(pictures) => {
            let content = |url| Content { kind: "image", url, job_id: job.id.clone() };
            let content = exchange.links(job, pictures).into_iter().map(content).collect();
            let cents = pictures.len() * CENTS_PER_IMAGE;
            let cost = format!("{}.{:02}", cents / 100, cents % 100);
            let completed_at = (job.ends_at() - job.accepted_at) as f64 / 1000.0;
            return Task {
                status: "completed",
                output: Some(vec![Output { content }]),
                usage: Some(Usage { cost, discount: 1.0 }),
                metadata: Some(Metadata { completed_at }),
                ..task
            };
        }
        Outcome::Failed { code, message } => TaskError {
            // The code of the documented sample.
            code: code.as_deref().unwrap_or("002014001"),
            message: message.as_deref().unwrap_or("The generation failed."),
        },
        Outcome::RefusedContent => TaskError { code: CONTENT_CODE, message: CONTENT_MESSAGE },
    };
    Task { status: "failed", error: Some(error), ..task }
}

/// A refusal in the documented words; an unknown task has its own shape.
pub(crate) fn refuse(refusal: &Refusal, exchange: &Exchange) -> Answer {
    let (status, code, message) = match refusal {
        Refusal::NotFound => return Answer::json(404, &json!({ "detail": "Not Found" })),
        Refusal::Unauthorized => (401, "UNAUTHORIZED", "Invalid or missing API key"),
        Refusal::Invalid(rule) => (400, "InvalidParameter", rule.as_str()),
        Refusal::RateLimited { .. } => (429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded"),
    };
    let error = json!({ "code": code, "message": message });
    Answer::json(status, &json!({ "error": error, "request_id": exchange.id }))
}
