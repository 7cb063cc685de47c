//! The list of requests that arrived, for tests.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

use crate::http::{Answer, Request};
use crate::provider::Provider;
use crate::route::{Kind, Route};

/// More than any test reads one by one; older requests are forgotten, and only counted.
const CAPACITY: usize = 10_000;

/// Requests in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct Journal(VecDeque<Entry>);

/// One request. Keys are never kept.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    provider: Option<Provider>,
    kind: Kind,
    method: String,
    path: String,
    query: String,
    /// `None` when the connection was cut, or the answer never came.
    status: Option<u16>,
    /// Unix milliseconds.
    at: u64,
    /// The same number for all requests by one connection.
    connection: u64,
    authorization: Authorization,
    /// The value of `X-Client-Request-Id`, as the log of a relay would have it.
    client_request_id: Option<String>,
    headers: Vec<String>,
    body: Option<Value>,
}

/// What a request's `Authorization` header was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Authorization {
    None,
    Ok,
    Bad,
}

impl Journal {
    pub(crate) fn record(
        &mut self,
        request: &Request,
        route: &Route,
        authorization: Authorization,
        answer: &Answer,
        now: u64,
    ) {
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back(Entry {
            provider: route.provider,
            kind: route.kind,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            status: answer.is_completed().then_some(answer.status),
            at: now,
            connection: request.connection,
            authorization,
            client_request_id: request.header("X-Client-Request-Id").map(String::from),
            headers: request.headers.iter().map(|(name, _)| name.to_lowercase()).collect(),
            body: serde_json::from_slice(&request.body).ok(),
        });
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(200, &self.0)
    }
}
