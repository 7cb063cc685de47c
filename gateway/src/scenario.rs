//! Scripted faults: what goes wrong with the next matching requests.
//!
//! Faults wait in a queue. A request goes to the first fault that matches it, even if that fault
//! only lets it pass, so a list reads in the order in which things happen.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::provider::Provider;
use crate::route::{Kind, Route};

/// The faults still to come.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Scenario(VecDeque<Rule>);

/// A fault and the requests it is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Rule {
    filter: Filter,
    fault: Fault,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    on: Kind,
    provider: Option<Provider>,
    /// How many requests it hits; 0 for all until reset.
    #[serde(default = "once")]
    times: u32,
    /// How many matching requests pass before.
    #[serde(default)]
    after: u32,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// The answer comes later.
    Delay { ms: u64 },
    /// Another answer comes, and nothing is done.
    Answer(ScriptedAnswer),
    /// The body of the answer comes in small pieces.
    Slow { ms: u64 },
    /// All is done, but no answer ever comes.
    Hang {},
    /// The connection is closed.
    Cut { when: CutWhen },
    /// All is done, but the JSON of the answer breaks off.
    BadJson {},
    /// The stream stays open and says nothing.
    Silent {},
    /// The stream ends at half the job's time, without an end.
    Unfinished {},
    /// The stream says first that pieces are ready.
    Pieces {},
    /// All is done, but the answer is so long.
    Huge { bytes: u64 },
    /// The job never ends.
    Stuck {},
    /// The job is accepted, and then nobody knows it.
    Vanished {},
    /// The job goes back from running to queued on its way.
    Requeued {},
    /// The job fails.
    Failed { code: Option<String>, message: Option<String> },
    /// Content inspection refuses the job, in the gateway's own way.
    RefusedContent {},
    /// Only some of the pictures come back.
    Partial { images: u32 },
    /// Every picture comes twice.
    Duplicated {},
    /// Links to pictures lead to what no page may open.
    HostileLinks {},
    /// Too many requests, in the gateway's own shape.
    RateLimited {
        /// Sent as it is.
        #[serde(rename = "retryAfter")]
        retry_after: Option<String>,
    },
}

/// An answer given instead of the real one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptedAnswer {
    pub(crate) status: u16,
    /// JSON; `null` counts as one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Value>,
    /// Plain text, or whatever the `Content-Type` given says.
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
}

/// When a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CutWhen {
    /// Before anything is done.
    Before,
    /// When all is done, before the answer.
    After,
    /// In the middle of the answer's body.
    Body,
}

impl Scenario {
    /// Appends one fault or an array of them; says what is wrong with a malformed one, and then
    /// appends none.
    pub(crate) fn append(&mut self, body: &[u8]) -> Result<(), String> {
        let script: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let rules: Result<Vec<Rule>, String> = match script {
            Value::Array(faults) => faults.into_iter().map(parse).collect(),
            fault => parse(fault).map(|rule| vec![rule]),
        };
        self.0.extend(rules?);
        Ok(())
    }

    /// The fault that hits a request, if one does.
    pub(crate) fn take(&mut self, route: &Route) -> Option<Fault> {
        let index = self.0.iter().position(|rule| rule.filter.matches(route))?;
        let Rule { filter, fault } = &mut self.0[index];
        if filter.after > 0 {
            filter.after -= 1;
            return None;
        }
        let fault = fault.clone();
        match filter.times {
            0 => {}
            1 => drop(self.0.remove(index)),
            _ => filter.times -= 1,
        }
        Some(fault)
    }
}

impl Filter {
    fn matches(&self, route: &Route) -> bool {
        self.on == route.kind && (self.provider.is_none() || self.provider == route.provider)
    }
}

fn parse(fault: Value) -> Result<Rule, String> {
    let Value::Object(mut fault) = fault else {
        return Err(format!("a fault is an object, not {fault}"));
    };
    let mut filter = Map::new();
    for name in ["on", "provider", "times", "after"] {
        filter.extend(fault.remove_entry(name));
    }
    let read_error = |error: serde_json::Error| error.to_string();
    let mut rule = Rule {
        filter: serde_json::from_value(filter.into()).map_err(read_error)?,
        fault: serde_json::from_value(fault.into()).map_err(read_error)?,
    };
    check(&rule)?;
    if matches!(rule.fault, Fault::Vanished {} | Fault::Requeued {}) {
        keep_to(Provider::Vtrix, &mut rule.filter)?;
    }
    Ok(rule)
}

/// Narrows a filter to the only gateway where its fault can happen.
fn keep_to(provider: Provider, filter: &mut Filter) -> Result<(), String> {
    match filter.provider.replace(provider) {
        Some(other) if other != provider => {
            Err(format!("`provider` of this fault must be {}", provider.name()))
        }
        _ => Ok(()),
    }
}

fn check(Rule { filter, fault }: &Rule) -> Result<(), String> {
    let wanted: &[Kind] = match fault {
        Fault::Delay { .. }
        | Fault::Answer(_)
        | Fault::Hang {}
        | Fault::Cut { .. }
        | Fault::RateLimited { .. } => &[Kind::Submit, Kind::Status, Kind::Stream, Kind::Image],
        Fault::Slow { .. } => &[Kind::Submit, Kind::Status, Kind::Image],
        Fault::BadJson {} => &[Kind::Submit, Kind::Status, Kind::Stream],
        Fault::Huge { .. } => &[Kind::Submit, Kind::Status],
        Fault::Silent {} | Fault::Unfinished {} | Fault::Pieces {} => &[Kind::Stream],
        Fault::Stuck {}
        | Fault::Vanished {}
        | Fault::Requeued {}
        | Fault::Failed { .. }
        | Fault::RefusedContent {}
        | Fault::Partial { .. }
        | Fault::Duplicated {}
        | Fault::HostileLinks {} => &[Kind::Submit],
    };
    if !wanted.contains(&filter.on) {
        return Err(format!("`on` of this fault must be one of {wanted:?}").to_lowercase());
    }
    match fault {
        Fault::Answer(answer) => check_answer(answer),
        Fault::RateLimited { retry_after: Some(value) } if !is_header_value(value) => {
            Err(format!("`retryAfter` cannot be sent: {value:?}"))
        }
        _ => Ok(()),
    }
}

fn check_answer(answer: &ScriptedAnswer) -> Result<(), String> {
    if !(200..=599).contains(&answer.status) {
        return Err(format!("`status` must be 200 to 599, not {}", answer.status));
    }
    if answer.body.is_some() && answer.text.is_some() {
        return Err("`body` and `text` exclude each other".into());
    }
    let bad = |(name, value): &(&String, &String)| !is_header_name(name) || !is_header_value(value);
    match answer.headers.iter().find(bad) {
        Some((name, _)) => Err(format!("`headers` cannot be sent: {name:?}")),
        None => Ok(()),
    }
}

fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn once() -> u32 {
    1
}

/// Keeps a `null` that is there apart from a member that is not.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: Route = Route { provider: Some(Provider::Vtrix), kind: Kind::Status };
    const SUBMIT: Route = Route { provider: Some(Provider::Aimlapi), kind: Kind::Submit };

    fn scenario(script: &str) -> Scenario {
        let mut scenario = Scenario::default();
        scenario.append(script.as_bytes()).unwrap();
        scenario
    }

    #[test]
    fn a_fault_hits_once_unless_told_otherwise() {
        let mut scenario = scenario(r#"{"on":"status","fault":"delay","ms":5}"#);
        assert_eq!(scenario.take(&SUBMIT), None);
        assert_eq!(scenario.take(&STATUS), Some(Fault::Delay { ms: 5 }));
        assert_eq!(scenario.take(&STATUS), None);
    }

    #[test]
    fn after_lets_matching_requests_pass_and_times_repeats() {
        let script = r#"{"on":"status","provider":"vtrix","after":1,"times":2,"fault":"bad_json"}"#;
        let mut scenario = scenario(script);
        let hits = [(); 4].map(|()| scenario.take(&STATUS).is_some());
        assert_eq!(hits, [false, true, true, false]);
    }

    #[test]
    fn zero_times_lasts() {
        let mut scenario = scenario(r#"{"on":"submit","times":0,"fault":"stuck"}"#);
        assert!((0..20).all(|_| scenario.take(&SUBMIT).is_some()));
    }

    #[test]
    fn faults_for_another_gateway_do_not_match() {
        let mut scenario = scenario(r#"{"on":"submit","provider":"vtrix","fault":"stuck"}"#);
        assert_eq!(scenario.take(&SUBMIT), None);
    }

    #[test]
    fn what_only_vtrix_can_do_passes_over_other_gateways() {
        for fault in ["vanished", "requeued"] {
            let mut scenario = scenario(&format!(r#"{{"on":"submit","fault":"{fault}"}}"#));
            assert_eq!(scenario.take(&SUBMIT), None, "{fault}");
            let vtrix = Route { provider: Some(Provider::Vtrix), kind: Kind::Submit };
            assert!(scenario.take(&vtrix).is_some(), "{fault}");
        }
    }

    #[test]
    fn a_list_is_used_in_order() {
        let script = r#"[{"on":"submit","fault":"partial","images":0},
                         {"on":"submit","fault":"rate_limited","retryAfter":"soon"}]"#;
        let mut scenario = scenario(script);
        assert_eq!(scenario.take(&SUBMIT), Some(Fault::Partial { images: 0 }));
        let retry_after = Some("soon".into());
        assert_eq!(scenario.take(&SUBMIT), Some(Fault::RateLimited { retry_after }));
    }

    #[test]
    fn a_malformed_scenario_is_refused_whole_and_says_what_is_wrong() {
        let cases = [
            ("{", "EOF"),
            ("7", "7"),
            (r#"{"fault":"stuck"}"#, "`on`"),
            (r#"{"on":"submit"}"#, "`fault`"),
            (r#"{"on":"submit","fault":"boom"}"#, "`boom`"),
            (r#"{"on":"submit","fault":"stuck","ms":1}"#, "`ms`"),
            (r#"{"on":"submit","fault":"delay"}"#, "`ms`"),
            (r#"{"on":"nowhere","fault":"stuck"}"#, "`nowhere`"),
            (r#"{"on":"submit","fault":"cut","when":"never"}"#, "`never`"),
            (r#"{"on":"submit","provider":"x","fault":"stuck"}"#, "`x`"),
            (r#"{"on":"status","fault":"stuck"}"#, "submit"),
            (r#"{"on":"preflight","fault":"delay","ms":1}"#, "submit"),
            (r#"{"on":"image","fault":"bad_json"}"#, "status"),
            (r#"{"on":"status","fault":"silent"}"#, "stream"),
            (r#"{"on":"stream","fault":"slow","ms":1}"#, "submit"),
            (r#"{"on":"image","fault":"huge","bytes":1}"#, "status"),
            (r#"{"on":"submit","fault":"slow"}"#, "`ms`"),
            (r#"{"on":"status","fault":"vanished"}"#, "submit"),
            (r#"{"on":"submit","provider":"aimlapi","fault":"requeued"}"#, "vtrix"),
            (r#"{"on":"submit","fault":"answer","status":99}"#, "`status`"),
            (r#"{"on":"submit","fault":"answer","status":200,"body":1,"text":""}"#, "`text`"),
            (r#"{"on":"submit","fault":"answer","status":200,"headers":{"a b":""}}"#, "a b"),
            (r#"{"on":"submit","fault":"rate_limited","retryAfter":"\n"}"#, "`retryAfter`"),
        ];
        for (script, named) in cases {
            let mut scenario = Scenario::default();
            let listed = format!(r#"[{{"on":"submit","fault":"stuck"}},{script}]"#);
            let error = scenario.append(script.as_bytes()).unwrap_err();
            assert!(error.contains(named), "{script}: {error}");
            assert!(scenario.append(listed.as_bytes()).is_err(), "{listed}");
            assert_eq!(scenario.take(&SUBMIT), None, "{script}");
        }
    }
}
