//! Reading the command line.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
Serves the demo page and a local gateway that takes any key and needs no network.

Usage: wanvas-gateway [OPTIONS]

  --listen ADDRESS   address and port; port 0 takes a free one [127.0.0.1:8080]
  --www DIR          the page, served at / [www]
  --pkg DIR          the package, served at /pkg/ [pkg]
  --api-key KEY      the only key accepted [any key]
  --job-ms MIN..MAX  how long a job takes, in milliseconds [3000..8000]
  --keep-alive       lets a connection carry many requests, as real gateways do [one each]
  --seed N           makes identifiers, job lengths and unasked seeds repeatable [random]
  --help             prints this
";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Run(Args),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Args {
    pub(crate) listen: SocketAddr,
    pub(crate) www: PathBuf,
    pub(crate) pkg: PathBuf,
    pub(crate) api_key: Option<String>,
    pub(crate) job_ms: RangeInclusive<u64>,
    pub(crate) keep_alive: bool,
    pub(crate) seed: Option<u64>,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            www: "www".into(),
            pkg: "pkg".into(),
            api_key: None,
            job_ms: 3000..=8000,
            keep_alive: false,
            seed: None,
        }
    }
}

pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut args = Args::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("listen") => args.listen = parser.value()?.parse()?,
            Long("www") => args.www = parser.value()?.into(),
            Long("pkg") => args.pkg = parser.value()?.into(),
            Long("api-key") => args.api_key = Some(parser.value()?.string()?),
            Long("job-ms") => args.job_ms = parser.value()?.parse_with(range)?,
            Long("keep-alive") => args.keep_alive = true,
            Long("seed") => args.seed = Some(parser.value()?.parse()?),
            Short('h') | Long("help") => return Ok(Command::Help),
            _ => return Err(arg.unexpected()),
        }
    }
    Ok(Command::Run(args))
}

fn range(text: &str) -> Result<RangeInclusive<u64>, &'static str> {
    let bounds = text.split_once("..");
    let bounds = bounds.and_then(|(min, max)| Some((min.parse().ok()?, max.parse().ok()?)));
    match bounds {
        Some((min, max)) if min <= max => Ok(min..=max),
        _ => Err("expected MIN..MAX, two whole numbers"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Command, lexopt::Error> {
        parse(lexopt::Parser::from_args(args))
    }

    #[test]
    fn without_arguments_the_defaults_hold() {
        assert_eq!(parsed(&[]).unwrap(), Command::Run(Args::default()));
    }

    #[test]
    fn every_option_is_read() {
        let line = "--listen 127.0.0.1:0 --www a --pkg b --api-key k --job-ms 5..9 \
                    --keep-alive --seed 3";
        let args: Vec<&str> = line.split(' ').collect();
        let wanted = Args {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            www: "a".into(),
            pkg: "b".into(),
            api_key: Some("k".into()),
            job_ms: 5..=9,
            keep_alive: true,
            seed: Some(3),
        };
        assert_eq!(parsed(&args).unwrap(), Command::Run(wanted));
        assert_eq!(parsed(&["--help"]).unwrap(), Command::Help);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for args in [["--port", "1"], ["--job-ms", "9..5"], ["--job-ms", "5"], ["--seed", "x"]] {
            assert!(parsed(&args).is_err(), "{args:?}");
        }
        assert!(parsed(&["extra"]).is_err());
    }
}
