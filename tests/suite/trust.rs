//! Which connections are trusted: encryption, redirects and certificates.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use mach_nix_hash::Sha256;
use mach_nix_tests::{Manners, Package, Scenario, Scripted, Workdir, missing, ok, wheel};

const FILE: &str = "app-1.0-py3-none-any.whl";

fn package() -> Package {
    let world = "reason = 'trust'\nask.requirements = []\nexpect.packages = []\n\
                 [[package]]\nrelease = 'app==1.0'\n";
    Scenario::read(world).unwrap().packages.remove(0)
}

fn page(address: &str) -> String {
    let hash = Sha256::of(wheel::build(&package())).to_hex();
    format!("<title>app</title><a href='{address}#sha256={hash}'>{FILE}</a>")
}

/// A proxy to an index at `http://index.test`, which forwards nothing to any server.
fn proxy() -> Scripted {
    let content = wheel::build(&package());
    Scripted::start(move |path| match path {
        "http://index.test/simple/app/" => ok(page(&format!("/files/{FILE}"))),
        _ if path == format!("http://index.test/files/{FILE}") => ok(content.clone()),
        _ => missing(),
    })
}

fn workdir() -> Workdir {
    Workdir::new(&[package()], Manners::default())
}

#[test]
fn plain_http_is_refused_unless_it_is_allowed() {
    let workdir = workdir();
    let index = "http://index.test/simple";
    workdir.write("pip.txt", &format!("--extra-index-url {index}\napp\n"));
    workdir.write(
        "trusted.txt",
        &format!("--extra-index-url {index}\n--trusted-host index.test\napp\n"),
    );
    workdir.write(
        "pyproject.toml",
        &format!("[project]\nname = 'p'\nversion = '1'\ndependencies = ['app']\n[[tool.uv.index]]\nurl = '{index}'\n"),
    );
    for words in [
        format!("app --index-url {index}"),
        format!("app --extra-index-url {index}"),
        format!("app --find-links {index}"),
        format!("app --index-of app={index}"),
        format!("app --conda-channel ours={index}"),
        "-r pip.txt".to_owned(),
        "--pyproject pyproject.toml".to_owned(),
    ] {
        let error = workdir.lock(&words).ends(2);
        assert!(
            error.contains("is not encrypted") && error.contains("`--allow-insecure-host index.test`"),
            "{words}: {error}"
        );
    }
    let error = workdir
        .run(&["lock", &format!("app @ http://index.test/files/{FILE}")])
        .ends(3);
    assert!(
        error.contains("`MACH_NIX_ALLOW_INSECURE_HOST=index.test`"),
        "{error}"
    );
    let proxy = proxy();
    let through = format!("http://127.0.0.1:{}", proxy.port());
    assert_eq!(proxy.seen("GET"), 0);
    for words in [
        "app --index-url http://index.test/simple --allow-insecure-host index.test",
        "-r trusted.txt",
        "--pyproject pyproject.toml --allow-insecure-host index.test:80",
    ] {
        let mut words: Vec<&str> = words.split(' ').collect();
        words.splice(0..0, ["lock", "--format", "requirements"]);
        let ran = workdir.run_in(".", &words, &[("HTTP_PROXY", &through)]);
        ran.ends(0);
        assert_eq!(ran.stdout(), "app==1.0\n");
    }
    let error = workdir
        .lock("app --allow-insecure-host user:password@index.test")
        .ends(2);
    assert!(
        error.contains("write HOST or HOST:PORT") && !error.contains("password@"),
        "{error}"
    );
}

#[test]
fn neither_a_page_nor_a_redirect_leads_to_plain_http() {
    let pages = Scripted::start(|path| match path {
        "/simple/app/" => ok(page(&format!("http://files.test/{FILE}"))),
        "/moved/app/" => (
            302,
            vec![("Location", "http://index.test/simple/app/".to_owned())],
            Vec::new(),
        ),
        "/local/app/" => (
            302,
            vec![("Location", "file:///etc/passwd".to_owned())],
            Vec::new(),
        ),
        "/round/app/" => (307, vec![("Location", "/round/app/".to_owned())], Vec::new()),
        _ => missing(),
    });
    for (folder, reason) in [
        ("simple", "`MACH_NIX_ALLOW_INSECURE_HOST=files.test`"),
        ("moved", "`MACH_NIX_ALLOW_INSECURE_HOST=index.test`"),
        ("local", "an address with the scheme `file`"),
        ("round", "it redirects more than 10 times"),
    ] {
        let address = format!("http://127.0.0.1:{}/{folder}", pages.port());
        let error = workdir().lock(&format!("app --index-url {address}")).ends(3);
        assert!(error.contains(reason), "{folder}: {error}");
    }
}

/// A server over TLS; it ends when dropped.
struct Tls {
    server: Child,
    port: String,
}

impl Drop for Tls {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Makes certificates in a folder, and serves an index with them.
fn serve(folder: &Path, clients: Option<&str>) -> Tls {
    let root = folder.join("root");
    fs::create_dir_all(root.join("simple/app")).unwrap();
    fs::create_dir_all(root.join("files")).unwrap();
    fs::write(
        root.join("simple/app/index.html"),
        page(&format!("/files/{FILE}")),
    )
    .unwrap();
    fs::write(root.join("files").join(FILE), wheel::build(&package())).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/tls_index.py");
    let mut server = Command::new(std::env::var("MACH_NIX_TEST_PYTHON").unwrap_or("python3".to_owned()))
        .arg(script)
        .args([&root, &folder.join("server.pem")])
        .args(clients.map(|name| folder.join(name)))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut port)
        .unwrap();
    Tls {
        server,
        port: port.trim().to_owned(),
    }
}

/// An authority `ca.pem`, and `server.pem` and `client.pem`, which it signed.
fn make_certificates(folder: &Path) {
    let openssl = |words: &str| {
        let done = Command::new("openssl")
            .args(words.split(' '))
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{words}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!(
        "req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=authority -days 2"
    ));
    fs::write(folder.join("server.ext"), "subjectAltName=IP:127.0.0.1\n").unwrap();
    fs::write(folder.join("client.ext"), "extendedKeyUsage=clientAuth\n").unwrap();
    for name in ["server", "client"] {
        openssl(&format!(
            "req {key} -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ));
        openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.crt -days 2 -extfile {name}.ext"
        ));
        let pem = [".crt", ".key"].map(|end| fs::read(folder.join(format!("{name}{end}"))).unwrap());
        fs::write(folder.join(format!("{name}.pem")), pem.concat()).unwrap();
    }
}

#[test]
fn certificates_are_those_of_the_variables_of_other_tools() {
    let workdir = workdir();
    make_certificates(workdir.folder.path());
    let server = serve(workdir.folder.path(), None);
    let index = format!("https://127.0.0.1:{}/simple", server.port);
    let authority = workdir.path("ca.pem").display().to_string();
    let folder = workdir.path("authorities");
    fs::create_dir(&folder).unwrap();
    fs::copy(workdir.path("ca.pem"), folder.join("0a1b2c3d.0")).unwrap();
    fs::write(folder.join("README"), "not a certificate").unwrap();
    let folder = folder.display().to_string();
    let lock = |variables: &[(&str, &str)], more: &[&str]| {
        let words = ["lock", "app", "--format", "requirements", "--index-url", &index];
        // Nothing of an earlier run is used.
        fs::remove_dir_all(workdir.path("cache")).ok();
        workdir.run_in(".", &[&words, more].concat(), variables)
    };
    let error = lock(&[], &[]).ends(3);
    assert!(error.to_lowercase().contains("certificate"), "{error}");
    for variable in [
        "SSL_CERT_FILE",
        "PIP_CERT",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "NIX_SSL_CERT_FILE",
    ] {
        lock(&[(variable, &authority)], &[]).ends(0);
    }
    lock(&[("REQUESTS_CA_BUNDLE", &folder)], &[]).ends(0);
    lock(
        &[
            ("NIX_SSL_CERT_FILE", "/no-cert-file.crt"),
            ("CURL_CA_BUNDLE", &authority),
        ],
        &[],
    )
    .ends(0);
    lock(&[], &["--allow-insecure-host", "127.0.0.1"]).ends(0);
    let error = lock(&[("PIP_CERT", "/nowhere/ca.pem")], &[]).ends(3);
    assert!(
        error.contains("the certificates in /nowhere/ca.pem cannot be used"),
        "{error}"
    );
}

#[test]
fn a_server_gets_the_client_certificate_that_it_demands() {
    let workdir = workdir();
    make_certificates(workdir.folder.path());
    let server = serve(workdir.folder.path(), Some("ca.pem"));
    let index = format!("https://127.0.0.1:{}/simple", server.port);
    let authority = workdir.path("ca.pem").display().to_string();
    let client = workdir.path("client.pem").display().to_string();
    let lock = |variables: &[(&str, &str)]| {
        let words = ["lock", "app", "--format", "requirements", "--index-url", &index];
        fs::remove_dir_all(workdir.path("cache")).ok();
        workdir.run_in(
            ".",
            &words,
            &[&[("PIP_CERT", authority.as_str())], variables].concat(),
        )
    };
    lock(&[]).ends(3);
    for variable in ["SSL_CLIENT_CERT", "PIP_CLIENT_CERT"] {
        lock(&[(variable, &client)]).ends(0);
    }
    let error = lock(&[("SSL_CLIENT_CERT", &authority)]).ends(3);
    assert!(error.contains("a certificate and its private key"), "{error}");
}
