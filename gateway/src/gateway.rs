//! The gateway: every decision about a request.

use std::ops::RangeInclusive;

use crate::http::{Answer, Body, Cut, Request, Wait};
use crate::jobs::{Job, Jobs, Outcome};
use crate::journal::{Authorization, Journal};
use crate::links::{BadLink, Signer};
use crate::provider::{Exchange, Provider, Refusal, vtrix};
use crate::random::Random;
use crate::route::{Kind, Route};
use crate::scenario::{CutWhen, Fault, Scenario, ScriptedAnswer};
use crate::{control, cors};

/// How a gateway behaves.
#[derive(Clone, Debug)]
pub struct Config {
    /// The only key that is accepted; without one, any key is.
    pub api_key: Option<String>,
    /// How long a job takes, in milliseconds.
    pub job_ms: RangeInclusive<u64>,
    /// What all random choices come from: identifiers, job lengths, seeds not asked for, and the
    /// key that signs links.
    pub seed: u64,
}

/// A gateway and all it remembers.
#[derive(Debug)]
pub struct Gateway {
    config: Config,
    random: Random,
    signer: Signer,
    jobs: Jobs,
    pub(crate) journal: Journal,
    pub(crate) scenario: Scenario,
}

impl Gateway {
    /// A gateway to which nothing has happened yet.
    pub fn new(config: Config) -> Self {
        let mut random = Random::new(config.seed);
        let signer = Signer::new(random.bits());
        Self {
            config,
            random,
            signer,
            jobs: Jobs::default(),
            journal: Journal::default(),
            scenario: Scenario::default(),
        }
    }

    /// Answers a request that arrived at `now`, in Unix milliseconds.
    pub fn handle(&mut self, request: &Request, now: u64) -> Answer {
        if let Some(answer) = control::handle(self, request) {
            return answer;
        }
        let route = Route::of(request);
        let answer = match self.scenario.take(&route) {
            Some(fault) => self.answer_with_fault(fault, request, &route, now),
            None => self.answer(request, &route, None, now),
        };
        let answer = cors::allow(answer, route.provider);
        self.journal
            .record(request, &route, self.authorization(request), &answer, now);
        answer
    }

    /// Forgets scenarios, requests and jobs. Random choices go on, so that no identifier returns.
    pub(crate) fn reset(&mut self) {
        self.jobs = Jobs::default();
        self.journal = Journal::default();
        self.scenario = Scenario::default();
    }

    fn answer_with_fault(
        &mut self,
        fault: Fault,
        request: &Request,
        route: &Route,
        now: u64,
    ) -> Answer {
        match fault {
            Fault::Answer(scripted) => scripted_answer(scripted),
            Fault::RateLimited { retry_after } => {
                let exchange = self.exchange(request, now);
                refuse(
                    route.provider,
                    &Refusal::RateLimited { retry_after },
                    &exchange,
                )
            }
            Fault::Cut {
                when: CutWhen::Before,
            } => Answer {
                cut: Some(Cut::BeforeAnswer),
                ..Answer::empty(503)
            },
            Fault::Cut {
                when: CutWhen::After,
            } => {
                let answer = self.answer(request, route, None, now);
                Answer {
                    cut: Some(Cut::BeforeAnswer),
                    ..answer
                }
            }
            Fault::Cut {
                when: CutWhen::Body,
            } => {
                let answer = self.answer(request, route, None, now);
                Answer {
                    cut: Some(Cut::MidBody),
                    ..answer
                }
            }
            Fault::Delay { ms } => {
                let answer = self.answer(request, route, None, now);
                Answer {
                    wait: answer.wait.plus(ms),
                    ..answer
                }
            }
            Fault::BadJson {} => {
                let answer = self.answer(request, route, None, now);
                Answer {
                    body: first_half(answer.body),
                    ..answer
                }
            }
            Fault::Stuck {}
            | Fault::Failed { .. }
            | Fault::RefusedContent {}
            | Fault::Partial { .. } => self.answer(request, route, Some(fault), now),
        }
    }

    /// The true answer; `fault` is one that befalls the job, if one is made.
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
        match self.make_job(provider, request, fault, now) {
            Ok(job) => {
                let answer = provider.accepted(&job, &self.exchange(request, now));
                self.jobs.insert(job);
                answer
            }
            Err(refusal) => provider.refuse(&refusal, &self.exchange(request, now)),
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
        let order = provider.read_order(&request.body)?;
        let any_seed = self.random.pick(0, crate::MAX_SEED.into()) as u32;
        let mut pictures = order.pictures(order.seed.unwrap_or(any_seed));
        let mut length = Wait::Ms(self.job_ms());
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
        let (id, model) = (self.random.id(), order.model);
        Ok(Job {
            id,
            provider,
            model,
            accepted_at: now,
            length,
            outcome,
        })
    }

    fn status(&mut self, request: &Request, now: u64) -> Answer {
        let exchange = self.exchange(request, now);
        if let Err(refusal) = self.authorize(request) {
            return vtrix::refuse(&refusal, &exchange);
        }
        let id = request
            .path
            .strip_prefix(vtrix::TASK_PATH)
            .unwrap_or_default();
        match self
            .jobs
            .get(id)
            .filter(|job| job.provider == Provider::Vtrix)
        {
            Some(job) => vtrix::task(job, &exchange),
            None => vtrix::refuse(&Refusal::NotFound, &exchange),
        }
    }

    fn image(&self, request: &Request, now: u64) -> Answer {
        match self.signer.open(&request.path, &request.query, now) {
            Ok(picture) => Answer::new(200, "image/png", Body::Picture(picture)),
            Err(BadLink::Expired) => store_error(403, "AccessDenied", "Request has expired."),
            Err(BadLink::Signature) => store_error(
                403,
                "SignatureDoesNotMatch",
                "The signature does not match.",
            ),
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
        let key = value
            .strip_prefix("Bearer ")
            .map(str::trim)
            .unwrap_or_default();
        let accepted = match &self.config.api_key {
            Some(wanted) => key == wanted,
            None => !key.is_empty(),
        };
        if accepted {
            Authorization::Ok
        } else {
            Authorization::Bad
        }
    }

    fn exchange<'a>(&mut self, request: &'a Request, now: u64) -> Exchange<'a> {
        Exchange {
            request,
            now,
            id: self.random.id(),
            signer: self.signer.clone(),
        }
    }

    fn job_ms(&mut self) -> u64 {
        self.random
            .pick(*self.config.job_ms.start(), *self.config.job_ms.end())
    }
}

fn refuse(provider: Option<Provider>, refusal: &Refusal, exchange: &Exchange) -> Answer {
    let answer = match (provider, refusal) {
        (Some(provider), _) => provider.refuse(refusal, exchange),
        (None, Refusal::RateLimited { .. }) => {
            store_error(429, "TooManyRequests", "Please reduce your request rate.")
        }
        (None, _) => store_error(404, "NoSuchKey", "The specified key does not exist."),
    };
    match refusal {
        Refusal::RateLimited {
            retry_after: Some(value),
        } => answer.with_header("Retry-After", value),
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
        (None, Some(text)) => Answer::new(
            scripted.status,
            "text/plain",
            Body::Bytes(text.into_bytes()),
        ),
        (None, None) => Answer::empty(scripted.status),
    };
    let headers = scripted.headers.into_iter();
    headers.fold(answer, |answer, (name, value)| {
        answer.with_header(&name, value)
    })
}

fn first_half(body: Body) -> Body {
    let mut bytes = body.into_bytes();
    bytes.truncate(bytes.len() / 2);
    Body::Bytes(bytes)
}
