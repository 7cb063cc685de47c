//! The local gateway's command line.
#![forbid(unsafe_code)]

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use wanvas_gateway::{Config, Gateway, server};

use crate::args::{Args, Command};

mod args;

fn main() -> ExitCode {
    let outcome = match args::parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => {
            print!("{}", args::HELP);
            Ok(())
        }
        Ok(Command::Run(args)) => run(args).map_err(|error| error.to_string()),
        Err(error) => Err(format!("{error}\n\n{}", args::HELP)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("wanvas-gateway: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> io::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(async {
        let stop = stop_signal()?;
        let listener = TcpListener::bind(args.listen).await?;
        println!("wanvas gateway on http://{}", listener.local_addr()?);
        let gateway = Gateway::new(Config {
            api_key: args.api_key,
            job_ms: args.job_ms,
            seed: args.seed.unwrap_or_else(server::random_seed),
        });
        let options = server::Options { www: args.www, pkg: args.pkg, keep_alive: args.keep_alive };
        server::serve(listener, Arc::new(gateway.into()), options, stop).await;
        Ok(())
    });
    // A picture being drawn is not worth waiting for.
    runtime.shutdown_background();
    served
}

/// Ends at Ctrl-C, and on Unix at SIGTERM too.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        async move { terminate.recv().await }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    Ok(async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate => {}
        }
    })
}
