//! Sources of passwords: variables, the keyring, addresses for git and in pages; and that none of them is shown or kept.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use mach_nix_hash::Sha256;
use mach_nix_tests::{Manners, Package, Ran, Scenario, Scripted, Workdir, missing, ok, wheel};

const FILE: &str = "app-1.0-py3-none-any.whl";

/// `me:s3cret`
const BASIC: &str = "Basic bWU6czNjcmV0";

fn package(release: &str) -> Package {
    let world = format!(
        "reason = 'passwords'\nask.requirements = []\nexpect.packages = []\n[[package]]\nrelease = '{release}'\n"
    );
    Scenario::read(&world).unwrap().packages.remove(0)
}

fn app() -> Vec<u8> {
    wheel::build(&package("app==1.0"))
}

fn page(address: &str) -> String {
    let hash = Sha256::of(app()).to_hex();
    format!("<title>app</title><a href='{address}#sha256={hash}'>{FILE}</a>")
}

/// An index that wants this value of `Authorization`.
fn index(expected: &'static str) -> Scripted {
    Scripted::start_with(move |asked| {
        if asked.authorization.as_deref() != Some(expected) {
            return (401, Vec::new(), Vec::new());
        }
        match asked.path.as_str() {
            "/simple/app/" => ok(page(&format!("../../files/{FILE}"))),
            path if path == format!("/files/{FILE}") => ok(app()),
            _ => missing(),
        }
    })
}

fn workdir() -> Workdir {
    Workdir::new(&[], Manners::default())
}

type Variables<'a> = &'a [(&'a str, &'a str)];

fn lock(workdir: &Workdir, words: &[&str], variables: Variables<'_>) -> Ran {
    // Nothing of an earlier run is used.
    fs::remove_dir_all(workdir.path("cache")).ok();
    let path = std::env::var("PATH").unwrap();
    let own = workdir.path("bin").display().to_string();
    let path = format!("{own}:{path}");
    let home = workdir.folder.path().display().to_string();
    let variables = [
        variables,
        &[("PATH", &path), ("HOME", &home), ("RUST_LOG", "trace")],
    ]
    .concat();
    workdir.run_in(".", &[&["lock"], words].concat(), &variables)
}

/// Puts a program before those of the system.
fn program(workdir: &Workdir, name: &str, script: &str) {
    fs::create_dir_all(workdir.path("bin")).unwrap();
    let path = workdir.path("bin").join(name);
    fs::write(&path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Nothing that was written or said has the password.
#[track_caller]
fn is_secret(workdir: &Workdir, said: &str) {
    assert!(!said.contains("s3cret"), "{said}");
    let mut folders = vec![workdir.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let has_secrets = path.ends_with("bin") || path.ends_with("inputs");
                folders.extend((!has_secrets).then_some(path));
            } else {
                let content = fs::read(&path).unwrap();
                let found = content.windows(6).any(|part| part == b"s3cret");
                assert!(!found, "{}", path.display());
            }
        }
    }
}

#[test]
fn variables_have_the_password_of_an_index_by_its_name_or_host() {
    let (private, bearer) = (index(BASIC), index("Bearer s3cret-token"));
    let workdir = workdir();
    let named = format!("corp-2=http://127.0.0.1:{}/simple", private.port());
    let project = format!(
        "[project]\nname = 'p'\nversion = '1'\ndependencies = ['app']\n[[tool.uv.index]]\nname = 'our.own'\nurl = '{}'\n",
        private.url()
    );
    workdir.write("pyproject.toml", &project);
    let cases: [(&[&str], &str, &Scripted); 5] = [
        (&["app", "--index-url", &named], "MACH_NIX_INDEX_CORP_2", &private),
        (
            &["app", "--extra-index-url", &named],
            "MACH_NIX_INDEX_CORP_2",
            &private,
        ),
        (
            &["--pyproject", "pyproject.toml"],
            "MACH_NIX_INDEX_OUR_OWN",
            &private,
        ),
        (&["--pyproject", "pyproject.toml"], "UV_INDEX_OUR_OWN", &private),
        (
            &["app", "--index-url", &private.url()],
            "MACH_NIX_INDEX_127_0_0_1",
            &private,
        ),
    ];
    for (words, prefix, index) in cases {
        let (user, password) = (format!("{prefix}_USERNAME"), format!("{prefix}_PASSWORD"));
        let ran = lock(&workdir, words, &[(&user, "me"), (&password, "s3cret")]);
        is_secret(&workdir, &ran.ends(0));
        assert!(index.seen("GET /simple/app/") > 0);
        assert!(!workdir.lock_text().contains("corp"), "{}", workdir.lock_text());
    }
    let named = format!("corp={}", bearer.url());
    let ran = lock(
        &workdir,
        &["app", "--index-url", &named],
        &[("MACH_NIX_INDEX_CORP_TOKEN", "s3cret-token")],
    );
    is_secret(&workdir, &ran.ends(0));
}

#[test]
fn a_keyring_is_queried_as_in_pip_and_uv() {
    let private = index(BASIC);
    let workdir = workdir();
    let host = format!("127.0.0.1:{}", private.port());
    program(
        &workdir,
        "keyring",
        &format!(
            "#!/bin/sh\necho \"$*\" >> queries\ncase \"$*\" in\n'get {host} me') echo s3cret ;;\n\
             '--mode creds get http://{host}/simple') printf 'me\\ns3cret\\n' ;;\n*) exit 1 ;;\nesac\n"
        ),
    );
    let with_user = private.url().replace("://", "://me@");
    lock(&workdir, &["app", "--index-url", &with_user], &[]).ends(3);
    assert!(!workdir.path("queries").exists());
    for url in [&with_user, &private.url()] {
        let words = ["app", "--index-url", url, "--keyring-provider", "subprocess"];
        let ran = lock(&workdir, &words, &[]);
        is_secret(&workdir, &ran.ends(0));
    }
    assert_eq!(
        fs::read_to_string(workdir.path("queries")).unwrap(),
        format!("get http://{host}/simple me\nget {host} me\n--mode creds get http://{host}/simple\n")
    );
    // A password that is known otherwise is not looked up.
    let with_password = private.url().replace("://", "://me:s3cret@");
    let words = [
        "app",
        "--index-url",
        &with_password,
        "--keyring-provider",
        "subprocess",
    ];
    lock(&workdir, &words, &[]).ends(0);
    assert_eq!(
        fs::read_to_string(workdir.path("queries"))
            .unwrap()
            .lines()
            .count(),
        3
    );
}

#[test]
fn a_user_name_in_an_address_has_its_password_in_netrc() {
    let private = index(BASIC);
    let workdir = workdir();
    fs::create_dir(workdir.path("inputs")).unwrap();
    workdir.write("inputs/netrc", "machine 127.0.0.1 login me password s3cret\n");
    let netrc = workdir.path("inputs/netrc").display().to_string();
    let with_user = private.url().replace("://", "://me@");
    let ran = lock(
        &workdir,
        &["app", "--index-url", &with_user],
        &[("NETRC", &netrc)],
    );
    is_secret(&workdir, &ran.ends(0));
}

/// A repository over HTTP with a password, in the protocol that needs no program on the server.
fn repository(folder: &Path) -> Scripted {
    let git = |words: &[&str]| {
        let done = Command::new("git")
            .args([
                "-c",
                "user.name=x",
                "-c",
                "user.email=x@x.test",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(words)
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    fs::write(
        folder.join("pyproject.toml"),
        "[project]\nname = 'own'\nversion = '1.0'\n[build-system]\nrequires = ['flit_core']\nbuild-backend = 'flit_core.buildapi'\n",
    )
    .unwrap();
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "first"]);
    git(&["update-server-info"]);
    let root = folder.join(".git");
    Scripted::start_with(move |asked| {
        if asked.authorization.as_deref() != Some(BASIC) {
            let challenge = "Basic realm=\"private\"".to_owned();
            return (401, vec![("WWW-Authenticate", challenge)], Vec::new());
        }
        let path = asked.path.split('?').next().unwrap_or_default();
        let path = path.strip_prefix("/own.git/").map(|path| root.join(path));
        path.and_then(|path| fs::read(path).ok()).map_or_else(missing, ok)
    })
}

#[test]
fn git_gets_the_password_of_its_address_and_nobody_else() {
    let upstream = tempfile::tempdir().unwrap();
    let server = repository(upstream.path());
    let workdir = Workdir::new(&[package("flit-core==3.9")], Manners::default());
    // What git is called with is public on this machine.
    program(
        &workdir,
        "git",
        &format!(
            "#!/bin/sh\necho \"$*\" >> arguments\nPATH={}\nexec git \"$@\"\n",
            std::env::var("PATH").unwrap()
        ),
    );
    let (plain, with) = (
        format!("git+http://127.0.0.1:{}/own.git", server.port()),
        format!("git+http://me:s3cret@127.0.0.1:{}/own.git", server.port()),
    );
    lock(&workdir, &[&format!("own @ {plain}")], &[]).ends(3);
    fs::create_dir(workdir.path("inputs")).unwrap();
    workdir.write("inputs/named.txt", &format!("own @ {with}\n"));
    workdir.write("inputs/bare.txt", &format!("{with}\n"));
    workdir.write("inputs/variable.txt", &with.replace("s3cret", "${PASSWORD}"));
    workdir.write("inputs/netrc", "machine 127.0.0.1 login me password s3cret\n");
    let netrc = workdir.path("inputs/netrc").display().to_string();
    let reference = format!("own @ {with}");
    let bare = format!("own @ {plain}");
    let output = ["-o", "mach-nix.lock", "--save-problem", "saved.json"];
    let cases: [(&[&str], Variables<'_>); 5] = [
        (&[&reference], &[]),
        (&["-r", "inputs/named.txt"], &[]),
        (&["-r", "inputs/bare.txt"], &[]),
        (&["-r", "inputs/variable.txt"], &[("PASSWORD", "s3cret")]),
        (&[&bare], &[("NETRC", &netrc)]),
    ];
    for (words, variables) in cases {
        let ran = lock(&workdir, &[words, &output].concat(), variables);
        // The repository was read; its build backend would run in Nix, which this test does not need.
        let error = ran.ends(3);
        assert!(
            error.contains("only the build backend of the source of `own`"),
            "{error}"
        );
        is_secret(&workdir, &error);
    }
    let called = fs::read_to_string(workdir.path("arguments")).unwrap();
    assert!(
        called.contains("ls-remote") && called.contains(&plain[4..]),
        "{called}"
    );
}

#[test]
fn passwords_in_the_addresses_of_a_page_stay_in_this_run() {
    let port = std::sync::OnceLock::new();
    let port = std::sync::Arc::new(port);
    let known = port.clone();
    let server = Scripted::start_with(move |asked| match asked.path.as_str() {
        "/simple/app/" | "/links" => ok(page(&format!(
            "http://me:s3cret@127.0.0.1:{}/files/{FILE}",
            known.get().unwrap()
        ))),
        path if path.starts_with("/files/") && asked.authorization.as_deref() != Some(BASIC) => {
            (401, Vec::new(), Vec::new())
        }
        path if path == format!("/files/{FILE}") => ok(app()),
        _ => missing(),
    });
    port.set(server.port()).unwrap();
    let links = format!("http://127.0.0.1:{}/links", server.port());
    let workdir = workdir();
    for words in [
        vec!["app", "--index-url", &server.url()],
        vec!["app", "--no-index", "--find-links", &links],
    ] {
        let words = [
            &words[..],
            &["-o", "mach-nix.lock", "--save-problem", "saved.json"],
        ]
        .concat();
        let ran = lock(&workdir, &words, &[]);
        is_secret(&workdir, &ran.ends(0));
        assert!(server.seen(&format!("GET /files/{FILE}")) > 0);
        fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
    }
}

#[test]
fn an_address_that_cannot_be_parsed_is_shown_without_its_password() {
    let workdir = workdir();
    let options = [
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--index-of",
        "--conda-channel",
    ];
    for address in [
        "https://me:s3cret/x@index.test/simple",
        "https://me:s3cret@index.test:port/simple",
        "https://me:s3cret@[index.test/simple",
        "me:s3cret@index.test/simple",
        "https://me:#s3cret@index.test/simple",
        "https://me:s3cret@/simple",
    ] {
        for option in options {
            let value = match option {
                "--index-of" => format!("app={address}"),
                "--conda-channel" => format!("ours={address}"),
                _ => address.to_owned(),
            };
            for words in [
                vec!["app", option, &value],
                vec!["app", &format!("{option}={value}")],
            ] {
                let ran = lock(&workdir, &words, &[]);
                assert_ne!(ran.code(), Some(0));
                is_secret(&workdir, &ran.stderr());
            }
        }
        let ran = lock(&workdir, &["app"], &[("MACH_NIX_INDEX_URL", address)]);
        is_secret(&workdir, &ran.ends(2));
        fs::create_dir_all(workdir.path("inputs")).unwrap();
        for line in [
            format!("--extra-index-url {address}"),
            format!("app @ {address}"),
            format!("-f {address}"),
        ] {
            // Elsewhere, this is a fragment.
            if address.contains('#') && !line.starts_with("--extra") {
                continue;
            }
            workdir.write("inputs/pip.txt", &format!("{line}\napp\n"));
            let ran = lock(&workdir, &["-r", "inputs/pip.txt"], &[]);
            assert_ne!(ran.code(), Some(0));
            is_secret(&workdir, &ran.stderr());
        }
    }
}
