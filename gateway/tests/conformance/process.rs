//! The program itself.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Killed when dropped, so that a failed test leaves nothing behind.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(args: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wanvas-gateway"));
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    Program(command.spawn().unwrap())
}

#[test]
fn it_prints_one_line_and_stops_at_either_signal_within_a_second() {
    for signal in ["-TERM", "-INT"] {
        let mut program = start(&["--listen", "127.0.0.1:0", "--job-ms", "60000..60000"]);
        let mut output = BufReader::new(program.0.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.strip_prefix("wanvas gateway on http://").unwrap().trim_end();

        let idle = TcpStream::connect(address).unwrap();
        let mut waiting = TcpStream::connect(address).unwrap();
        let body = r#"{"model":"alibaba/wan2.5-t2i-preview","prompt":"a fox"}"#;
        let head = "POST /v1/images/generations HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer k";
        write!(waiting, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        // Answered while the other one waits.
        let mut third = TcpStream::connect(address).unwrap();
        write!(third, "GET /__gateway/requests HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
        third.read_to_end(&mut Vec::new()).unwrap();

        let begun = Instant::now();
        let id = program.0.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = program.0.wait().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        assert!(status.success(), "{signal}: {status}");

        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line is all");
        drop(idle);
    }
}

#[test]
fn a_wrong_command_line_is_explained() {
    let mut program = start(&["--job-ms", "5"]);
    let mut message = String::new();
    program.0.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert!(message.contains("MIN..MAX") && message.contains("Usage"), "{message}");
    assert!(!program.0.wait().unwrap().success());
}
