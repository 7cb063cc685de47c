//! The gateway: every decision about a request.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::exchange::Exchange;
use crate::http::{Answer, Body, Delivery, Request, Wait};
use crate::jobs::{Job, Links, MAX_SEED, Outcome};
use crate::journal::Authorization;
use crate::links::{BadLink, Signer};
use crate::memory::Memory;
use crate::provider::Provider;
use crate::random::Random;
use crate::refusal::Refusal;
use crate::route::{Kind, Route};
use crate::scenario::{CutWhen, Fault, ScriptedAnswer};
use crate::{aimlapi, control, cors, vtrix};

/// How a gateway behaves.
#[derive(Clone)]
pub struct Config {
    /// The only key that is accepted; without one, any key is.
    pub api_key: Option<String>,
    /// How long a job takes, in milliseconds.
    pub job_ms: RangeInclusive<u64>,
    /// What all random choices come from: identifiers, job lengths, seeds not asked for, and the
    /// key that signs links.
    pub seed: u64,
}

/// What [`Gateway::save`] writes down.
#[derive(Serialize, Deserialize)]
struct Saved<Random, Jobs, Totals, Scenario> {
    seed: u64,
    random: Random,
    jobs: Jobs,
    totals: Totals,
    scenario: Scenario,
}

/// A gateway and all it remembers.
pub struct Gateway {
    config: Config,
    random: Random,
    signer: Signer,
    memory: Memory,
}

impl Gateway {
    /// A gateway to which nothing has happened yet.
    pub fn new(config: Config) -> Self {
        let mut random = Random::new(config.seed);
        let signer = Signer::new(random.bits());
        Self { config, random, signer, memory: Memory::default() }
    }

    /// Answers a request that arrived at `now`, in Unix milliseconds.
    pub fn handle(&mut self, request: &Request, now: u64) -> Answer {
        if let Some(answer) = control::handle(&mut self.memory, request) {
            return answer;
        }
        let route = Route::of(request);
        self.memory.totals.count(&route);
        let answer = match self.memory.scenario.take(&route) {
            Some(fault) => self.answer_with_fault(fault, request, &route, now),
            None => self.answer(request, &route, None, now),
        };
        let answer = cors::allow(answer, route.provider);
        let authorization = self.authorization(request);
        self.memory.journal.record(request, &route, authorization, &answer, now);
        answer
    }

    /// All that it remembers but the list of requests, as JSON for [`load`](Self::load).
    pub fn save(&self) -> String {
        let Self { config, random, memory, .. } = self;
        let Memory { jobs, totals, scenario, .. } = memory;
        let saved = Saved { seed: config.seed, random, jobs, totals, scenario };
        // Only maps with keys other than text fail to serialize, and nothing here has one.
        serde_json::to_string(&saved).expect("a gateway is JSON")
    }

    /// Goes on from what another one has saved: knows its jobs, opens its links, chooses as it would
    /// have chosen. Changes nothing and is `false` if that cannot be read.
    pub fn load(&mut self, saved: &str) -> bool {
        let Ok(Saved { seed, random, jobs, totals, scenario }) = serde_json::from_str(saved) else {
            return false;
        };
        let config = Config { seed, ..self.config.clone() };
        let journal = std::mem::take(&mut self.memory.journal);
        let memory = Memory { jobs, journal, totals, scenario };
        *self = Self { random, memory, ..Self::new(config) };
        true
    }

    fn answer_with_fault(
        &mut self,
        fault: Fault,
        request: &Request,
        route: &Route,
        now: u64,
    ) -> Answer {
        let mut answer = |fault| self.answer(request, route, fault, now);
        match fault {
            Fault::Answer(scripted) => scripted_answer(scripted),
            Fault::RateLimited { retry_after } => {
                let refusal = Refusal::RateLimited { retry_after };
                refuse(route.provider, &refusal, &self.exchange(request, now))
            }
            Fault::Delay { ms } => answer(None).delayed(ms),
            Fault::BadJson {} => answer(None).truncated(),
            Fault::Slow { ms } => answer(None).delivered(Delivery::Slow { ms }),
            Fault::Hang {} => answer(None).withheld(),
            Fault::Huge { bytes } => answer(None).delivered(Delivery::Padded { bytes }),
            Fault::Cut { when: CutWhen::Before } => {
                Answer::empty(503).delivered(Delivery::CutBefore)
            }
            Fault::Cut { when: CutWhen::After } => answer(None).delivered(Delivery::CutBefore),
            Fault::Cut { when: CutWhen::Body } => answer(None).delivered(Delivery::CutMidBody),
            Fault::Stuck {}
            | Fault::Vanished {}
            | Fault::Requeued {}
            | Fault::Failed { .. }
            | Fault::RefusedContent {}
            | Fault::Partial { .. }
            | Fault::Duplicated {}
            | Fault::HostileLinks {}
            | Fault::Silent {}
            | Fault::Unfinished {}
            | Fault::Pieces {} => answer(Some(fault)),
        }
    }

    /// The true answer; `fault` is one that befalls the job, if one is made, or its stream.
    fn answer(
        &mut self,
        request: &Request,
        route: &Route,
        fault: Option<Fault>,
        now: u64,
    ) -> Answer {
        match (route.kind, route.provider) {
            (Kind::Preflight, provider) => cors::preflight(provider),
            (Kind::Submit, Some(provider)) => self.submit(provider, request, fault, now),
            (Kind::Status, _) => self.status(request, now),
            (Kind::Stream, _) => self.stream(request, fault.as_ref(), now),
            (Kind::Image, _) => self.image(request, now),
            (_, provider) => refuse(provider, &Refusal::NotFound, &self.exchange(request, now)),
        }
    }

    fn submit(
        &mut self,
        provider: Provider,
        request: &Request,
        fault: Option<Fault>,
        now: u64,
    ) -> Answer {
        let vanishes = fault == Some(Fault::Vanished {});
        let job = self.make_job(provider, request, fault, now);
        let exchange = self.exchange(request, now);
        match (job, provider) {
            (Err(refusal), _) => refuse(Some(provider), &refusal, &exchange),
            // All there is to know is in the one answer.
            (Ok(job), Provider::Aimlapi) => aimlapi::generation(&job, &exchange),
            (Ok(job), Provider::Vtrix) => {
                let answer = vtrix::task(&job, &exchange);
                if !vanishes {
                    self.memory.jobs.insert(job);
                }
                answer
            }
        }
    }

    fn make_job(
        &mut self,
        provider: Provider,
        request: &Request,
        fault: Option<Fault>,
        now: u64,
    ) -> Result<Job, Refusal> {
        self.authorize(request)?;
        let order = match provider {
            Provider::Aimlapi => aimlapi::read_order(&request.body)?,
            Provider::Vtrix => vtrix::read_order(&request.body)?,
        };
        let any_seed = self.random.pick(0, MAX_SEED.into()) as u32;
        let mut pictures = order.pictures(order.seed.unwrap_or(any_seed));
        let mut length = Wait::Ms(self.job_ms());
        let links = match fault {
            Some(Fault::Duplicated {}) => Links::Twice,
            Some(Fault::HostileLinks {}) => Links::Hostile,
            _ => Links::True,
        };
        let requeued = fault == Some(Fault::Requeued {});
        let outcome = match fault {
            Some(Fault::Failed { code, message }) => Outcome::Failed { code, message },
            Some(Fault::RefusedContent {}) => Outcome::RefusedContent,
            Some(Fault::Partial { images }) => {
                pictures.truncate(images as usize);
                Outcome::Pictures(pictures)
            }
            Some(Fault::Stuck {}) => {
                length = Wait::Forever;
                Outcome::Pictures(pictures)
            }
            _ => Outcome::Pictures(pictures),
        };
        self.memory.totals.count_accepted(provider);
        let (id, model) = (self.random.id(), order.model);
        Ok(Job { id, provider, model, accepted_at: now, length, outcome, links, requeued })
    }

    fn status(&mut self, request: &Request, now: u64) -> Answer {
        self.of_job(request, now, vtrix::task)
    }

    fn stream(&mut self, request: &Request, fault: Option<&Fault>, now: u64) -> Answer {
        self.of_job(request, now, |job, exchange| vtrix::events(job, exchange, fault))
    }

    /// What there is to tell of the job that a path names.
    fn of_job(
        &mut self,
        request: &Request,
        now: u64,
        tell: impl FnOnce(&Job, &Exchange) -> Answer,
    ) -> Answer {
        let exchange = self.exchange(request, now);
        if let Err(refusal) = self.authorize(request) {
            return vtrix::refuse(&refusal, &exchange);
        }
        let id = request.path.strip_prefix(vtrix::TASK_PATH);
        let id = id.map(|id| id.strip_suffix(vtrix::STREAM_END).unwrap_or(id));
        match id.and_then(|id| self.memory.jobs.get(id)) {
            Some(job) => tell(job, &exchange),
            None => vtrix::refuse(&Refusal::NotFound, &exchange),
        }
    }

    fn image(&self, request: &Request, now: u64) -> Answer {
        match self.signer.open(&request.path, &request.query, now) {
            Ok(picture) => Answer::new(200, "image/png", Body::Picture(picture)),
            Err(BadLink::Expired) => store_error(403, "AccessDenied", "Request has expired."),
            Err(BadLink::Signature) => {
                store_error(403, "SignatureDoesNotMatch", "The signature does not match.")
            }
        }
    }

    fn authorize(&self, request: &Request) -> Result<(), Refusal> {
        match self.authorization(request) {
            Authorization::Ok => Ok(()),
            Authorization::None | Authorization::Bad => Err(Refusal::Unauthorized),
        }
    }

    fn authorization(&self, request: &Request) -> Authorization {
        let Some(value) = request.header("Authorization") else {
            return Authorization::None;
        };
        let key = value.strip_prefix("Bearer ").unwrap_or_default().trim();
        match &self.config.api_key {
            Some(wanted) if key != wanted => Authorization::Bad,
            None if key.is_empty() => Authorization::Bad,
            _ => Authorization::Ok,
        }
    }

    fn exchange<'a>(&mut self, request: &'a Request, now: u64) -> Exchange<'a> {
        Exchange { request, now, id: self.random.id(), signer: self.signer.clone() }
    }

    fn job_ms(&mut self) -> u64 {
        let (least, most) = (*self.config.job_ms.start(), *self.config.job_ms.end());
        self.random.pick(least, most)
    }
}

fn refuse(provider: Option<Provider>, refusal: &Refusal, exchange: &Exchange) -> Answer {
    let answer = match (provider, refusal) {
        (Some(Provider::Aimlapi), _) => aimlapi::refuse(refusal, exchange),
        (Some(Provider::Vtrix), _) => vtrix::refuse(refusal, exchange),
        (None, Refusal::RateLimited { .. }) => {
            store_error(429, "TooManyRequests", "Please reduce your request rate.")
        }
        (None, _) => store_error(404, "NoSuchKey", "The specified key does not exist."),
    };
    match refusal {
        Refusal::RateLimited { retry_after: Some(value) } => {
            answer.with_header("Retry-After", value)
        }
        _ => answer,
    }
}

/// An error as object stores word it.
fn store_error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    Answer::new(status, "application/xml", Body::Bytes(body.into_bytes()))
}

fn scripted_answer(scripted: ScriptedAnswer) -> Answer {
    let answer = match (scripted.body, scripted.text) {
        (Some(json), _) => Answer::json(scripted.status, &json),
        (None, Some(text)) => {
            Answer::new(scripted.status, "text/plain", Body::Bytes(text.into_bytes()))
        }
        (None, None) => Answer::empty(scripted.status),
    };
    let headers = scripted.headers.into_iter();
    headers.fold(answer, |answer, (name, value)| answer.with_header(&name, value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(path: &str, body: &serde_json::Value) -> Request {
        Request {
            method: "POST".into(),
            path: path.into(),
            headers: vec![("authorization".into(), "Bearer k".into())],
            body: body.to_string().into(),
            ..Request::default()
        }
    }

    fn gateway() -> Gateway {
        Gateway::new(Config { api_key: None, job_ms: 5..=5, seed: 1 })
    }

    fn submit() -> Request {
        let input = json!({ "prompt": "a fox" });
        request(vtrix::SUBMIT_PATH, &json!({ "model": "wan25_t2i_preview", "input": input }))
    }

    #[test]
    fn a_cut_before_makes_no_job_and_a_cut_after_makes_one() {
        for (when, no_job) in [("before", true), ("after", false), ("body", false)] {
            let mut gateway = gateway();
            let script = json!({ "on": "submit", "fault": "cut", "when": when });
            gateway.handle(&request("/__gateway/scenario", &script), 0);
            assert!(!gateway.handle(&submit(), 0).is_completed(), "{when}");
            assert_eq!(gateway.memory.jobs.is_empty(), no_job, "{when}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_answers() {
        let answer = || gateway().handle(&submit(), 7).body.into_bytes();
        assert_eq!(answer(), answer());
    }

    #[test]
    fn another_gateway_goes_on_from_what_one_has_saved() {
        let mut one = gateway();
        let text = json!({ "on": "status", "fault": "answer", "status": 200, "body": null });
        let faults = json!([
            text,
            { "on": "submit", "fault": "partial", "images": 2 },
            { "on": "submit", "fault": "cut", "when": "body", "times": 0 },
        ]);
        one.handle(&request("/__gateway/scenario", &faults), 0);
        let accepted: serde_json::Value =
            serde_json::from_slice(&one.handle(&submit(), 0).body.into_bytes()).unwrap();
        let path = format!("{}{}", vtrix::TASK_PATH, accepted["id"].as_str().unwrap());
        let status = Request { method: "GET".into(), ..request(&path, &json!(null)) };

        let mut other = Gateway::new(Config { seed: 2, ..gateway().config });
        assert!(other.load(&one.save()));
        assert!(!other.load("{}"));
        assert_eq!(other.save(), one.save());
        for asked in [&status, &status, &submit(), &submit()] {
            let answers = [&mut one, &mut other].map(|gateway| gateway.handle(asked, 9));
            let [one, other] = answers.map(|answer| (answer.delivery, answer.body.into_bytes()));
            assert_eq!(one, other);
        }
    }

    #[test]
    fn links_stay_the_same_however_often_a_job_is_asked_for() {
        let mut gateway = gateway();
        let accepted: serde_json::Value =
            serde_json::from_slice(&gateway.handle(&submit(), 0).body.into_bytes()).unwrap();
        let path = format!("{}{}", vtrix::TASK_PATH, accepted["id"].as_str().unwrap());
        let status = Request { method: "GET".into(), ..request(&path, &json!(null)) };
        let mut state = |now| gateway.handle(&status, now).body.into_bytes();
        assert_eq!(state(5), state(60_000));
    }
}
