//! A proxy in front of an index that breaks answers at random, by a seed.
//!
//! No client can see over plain HTTP that a page was changed, or that a 404 is wrong; such faults are not injected here.
//! Bytes of files are changed, because their digests are in the pages.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

/// Random numbers of a seed (xorshift64*).
#[derive(Debug, Clone)]
pub struct Seeded(u64);

impl Seeded {
    /// The numbers of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound.max(1)
    }
}

/// What happens to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The connection closes without an answer.
    Closed,
    /// The answer is not HTTP.
    Garbage,
    /// An error status.
    Status(u16),
    /// A page of somebody else with status 200.
    LoginPage,
    /// Status 200 without content.
    Empty,
    /// The content ends early.
    Cut,
    /// One byte of a file is another.
    Flipped,
    /// A redirect without an address, or in circles.
    Redirect(bool),
}

impl Fault {
    fn draw(random: &mut Seeded, is_file: bool) -> Self {
        match random.below(if is_file { 10 } else { 9 }) {
            0 => Self::Closed,
            1 => Self::Garbage,
            2 => Self::Status(500),
            3 => Self::Status(403),
            4 => Self::LoginPage,
            5 => Self::Empty,
            6 => Self::Cut,
            7 => Self::Redirect(false),
            8 => Self::Redirect(true),
            _ => Self::Flipped,
        }
    }
}

/// A proxy to a port of this machine; it stops when dropped.
pub struct FaultyProxy {
    port: u16,
    stopped: Arc<AtomicBool>,
    injected: Arc<AtomicU64>,
}

impl FaultyProxy {
    /// Breaks one of so many answers.
    ///
    /// # Panics
    /// When there is no free port.
    #[must_use]
    pub fn start(upstream: u16, seed: u64, one_of: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (stopped, injected) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let (stop, count, number) = (stopped.clone(), injected.clone(), Arc::new(AtomicU64::new(0)));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (count, number) = (count.clone(), number.clone());
                thread::spawn(move || {
                    let number = number.fetch_add(1, Ordering::Relaxed);
                    let random = Seeded::new(seed.wrapping_add(number << 32));
                    // A client that has gone away is not a failure of the test.
                    let _ = serve(&client, upstream, random, one_of, &count);
                    let _ = client.shutdown(Shutdown::Both);
                });
            }
        });
        Self {
            port,
            stopped,
            injected,
        }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Number of broken answers.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.injected.load(Ordering::Relaxed)
    }
}

impl Drop for FaultyProxy {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Serves one request of a connection, which closes then.
fn serve(
    client: &TcpStream,
    upstream: u16,
    mut random: Seeded,
    one_of: u64,
    count: &AtomicU64,
) -> io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let mut head = String::new();
    let mut path = String::new();
    for line in lines.by_ref() {
        let line = line?;
        if path.is_empty() {
            line.split(' ').nth(1).unwrap_or_default().clone_into(&mut path);
        }
        if line.is_empty() {
            break;
        }
        if !line.to_ascii_lowercase().starts_with("connection:") {
            head += &line;
            head += "\r\n";
        }
    }
    let mut server = TcpStream::connect(("127.0.0.1", upstream))?;
    server.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    let fault = (random.below(one_of) == 0).then(|| Fault::draw(&mut random, path.starts_with("/files/")));
    let mut client = client;
    match fault {
        None => client.write_all(&answer),
        Some(fault) => {
            count.fetch_add(1, Ordering::Relaxed);
            client.write_all(&broken(fault, answer, &path, &mut random))
        }
    }
}

fn broken(fault: Fault, mut answer: Vec<u8>, path: &str, random: &mut Seeded) -> Vec<u8> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let body = end.map_or(answer.len(), |end| end + 4);
    let length = (answer.len() - body) as u64;
    let chosen = |random: &mut Seeded| body + usize::try_from(random.below(length)).unwrap_or(0);
    let with = |head: &str, body: &str| {
        format!(
            "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    match fault {
        Fault::Closed => Vec::new(),
        Fault::Garbage => (0..200).map(|_| random.below(256).to_le_bytes()[0]).collect(),
        Fault::Status(status) => with(&format!("{status} Broken"), "broken"),
        Fault::LoginPage => with(
            "200 OK",
            "<html><title>Welcome</title><form action='/login'></form></html>",
        ),
        Fault::Empty => with("200 OK", ""),
        Fault::Cut => {
            answer.truncate(chosen(random));
            answer
        }
        Fault::Flipped => {
            let at = chosen(random);
            if let Some(byte) = answer.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
            answer
        }
        Fault::Redirect(false) => with("302 Found", ""),
        Fault::Redirect(true) => with(&format!("302 Found\r\nLocation: {path}"), ""),
    }
}
