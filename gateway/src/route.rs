//! Which call a request is.

use serde::{Deserialize, Serialize};

use crate::http::Request;
use crate::provider::Provider;
use crate::{aimlapi, cors, links, vtrix};

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The gateway that is spoken to, as far as the path tells.
    pub(crate) provider: Option<Provider>,
    pub(crate) kind: Kind,
}

/// Kinds of requests, as scenarios and the list of requests name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Submit,
    Status,
    Stream,
    Image,
    Preflight,
    Other,
}

impl Route {
    pub(crate) fn of(request: &Request) -> Self {
        let path = request.path.as_str();
        let provider = if path.starts_with("/v1/") {
            Some(Provider::Aimlapi)
        } else if path.starts_with("/model/") {
            Some(Provider::Vtrix)
        } else {
            links::provider_of(path)
        };
        let kind = match (request.method.as_str(), path) {
            _ if cors::is_preflight(request) => Kind::Preflight,
            ("POST", aimlapi::SUBMIT_PATH | vtrix::SUBMIT_PATH) => Kind::Submit,
            ("GET", _) if path.starts_with(vtrix::TASK_PATH) => {
                if path.ends_with(vtrix::STREAM_END) { Kind::Stream } else { Kind::Status }
            }
            ("GET" | "HEAD", _) if path.starts_with("/images/") => Kind::Image,
            _ => Kind::Other,
        };
        Self { provider, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_told_from_its_method_and_path() {
        use Provider::{Aimlapi, Vtrix};
        let cases = [
            ("POST", "/v1/images/generations", Some(Aimlapi), Kind::Submit),
            ("GET", "/v1/images/generations", Some(Aimlapi), Kind::Other),
            ("OPTIONS", "/v1/images/generations", Some(Aimlapi), Kind::Preflight),
            ("POST", "/model/v1/generation", Some(Vtrix), Kind::Submit),
            ("GET", "/model/v1/generation/task/7", Some(Vtrix), Kind::Status),
            ("GET", "/model/v1/generation/task/7/stream", Some(Vtrix), Kind::Stream),
            ("POST", "/model/v1/generation/sync", Some(Vtrix), Kind::Other),
            ("GET", "/images/aimlapi-7-0.png", Some(Aimlapi), Kind::Image),
            ("GET", "/images/else.png", None, Kind::Image),
            ("GET", "/elsewhere", None, Kind::Other),
        ];
        for (method, path, provider, kind) in cases {
            let request =
                Request { method: method.into(), path: path.into(), ..Request::default() };
            assert_eq!(Route::of(&request), Route { provider, kind }, "{method} {path}");
        }
    }
}
