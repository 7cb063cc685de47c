//! What the answers of both gateways are made of.

use crate::http::Request;
use crate::jobs::{Job, Links};
use crate::links::Signer;
use crate::picture::Picture;

/// The circumstances of one request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) request: &'a Request,
    /// Unix milliseconds at its arrival.
    pub(crate) now: u64,
    /// Names this request in the answer.
    pub(crate) id: String,
    pub(crate) signer: Signer,
}

impl Exchange<'_> {
    /// Absolute links to a job's pictures, on the host that was asked, unless a fault befell them.
    pub(crate) fn links(&self, job: &Job, pictures: &[Picture]) -> Vec<String> {
        let host = self.request.header("Host").unwrap_or("127.0.0.1");
        let scheme = self.request.header("X-Forwarded-Proto").unwrap_or("http");
        let link = |(index, picture)| {
            let id = format!("{}-{index}", job.id);
            let link = self.signer.link(job.provider, &id, picture, job.ends_at());
            format!("{scheme}://{host}{link}")
        };
        let links = pictures.iter().enumerate().map(link);
        match job.links {
            Links::True => links.collect(),
            Links::Twice => links.flat_map(|link| [link.clone(), link]).collect(),
            Links::Hostile => {
                let hostile = HOSTILE_LINKS.into_iter().cycle();
                hostile.take(pictures.len()).map(String::from).collect()
            }
        }
    }
}

/// Addresses that run a script, or read a file, where a page takes them for pictures. Browsers pass
/// over the space and the case of the last one.
const HOSTILE_LINKS: [&str; 4] = [
    "javascript:alert(document.domain)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "\t JaVaScRiPt:alert(document.domain)",
];

/// The words of the upstream vendor, which both gateways pass on.
pub(crate) const CONTENT_CODE: &str = "DataInspectionFailed";
pub(crate) const CONTENT_MESSAGE: &str = "Input or output data may contain inappropriate content.";
