//! What the command says about what it does.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use mach_nix_tests::{Manners, Package, Scenario, Workdir};

fn packages() -> Vec<Package> {
    let world = r"
        reason = 'progress'
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = 'app==1.0'
        requires = ['lib']
        [[package]]
        release = 'app==0.5'
        [[package]]
        release = 'lib==1.0'
        [[package]]
        release = 'lib==2.0'
        requires = ['app<1']
    ";
    Scenario::read(world).unwrap().packages
}

fn workdir() -> Workdir {
    Workdir::new(&packages(), Manners::default())
}

#[track_caller]
fn has(stderr: &str, parts: &[&str]) {
    for part in parts {
        assert!(stderr.contains(part), "no `{part}` in:\n{stderr}");
    }
}

#[test]
fn without_options_only_the_result_is_said() {
    let stderr = workdir().lock("app").ends(0);
    assert_eq!(
        stderr,
        "mach-nix.lock: 2 packages for Python 3.11 on x86_64-linux\n"
    );
}

#[test]
fn one_v_shows_decisions() {
    let workdir = workdir();
    let stderr = workdir.lock("app -v").ends(0);
    has(
        &stderr,
        &[
            "info: resolving for Python 3.11 on x86_64-linux",
            "info: trying app 1.0 (wheel) (decided=1)",
            "info: trying lib 2.0 (wheel) (decided=2)",
            "info: lib conflicts with app",
            "info: trying lib 1.0 (wheel)",
        ],
    );
    assert!(!stderr.contains("GET "), "{stderr}");
}

#[test]
fn two_v_show_requests_and_the_cache() {
    let workdir = workdir();
    let url = workdir.index.url();
    let stderr = workdir.lock("app -vv").ends(0);
    let requests = [
        format!("debug: mach_nix_fetch::client: GET {url}/app/ (status=200, bytes="),
        format!(
            "GET {} (status=200, bytes=",
            workdir.index.file_url("app-1.0-py3-none-any.whl.metadata")
        ),
    ];
    has(
        &stderr,
        &[&requests[0], &requests[1], "info: trying app 1.0 (wheel)"],
    );
    let again = workdir.lock("app -vv").ends(0);
    let cached = format!("{url}/app/ is in the cache");
    has(
        &again,
        &[
            &cached,
            "the metadata of app-1.0-py3-none-any.whl is in the cache",
        ],
    );
    assert!(!again.contains("GET "), "{again}");
}

#[test]
fn failed_requests_are_shown() {
    let workdir = workdir();
    let stderr = workdir.lock("nothing -vv").ends(1);
    has(&stderr, &["/nothing/ (status=404, bytes=0)"]);
}

#[test]
fn rust_log_chooses_details() {
    let workdir = workdir();
    let ran = workdir.run_in(".", &["lock", "app"], &[("RUST_LOG", "mach_nix_fetch=debug")]);
    let stderr = ran.ends(0);
    has(&stderr, &["debug: mach_nix_fetch::client: GET "]);
    assert!(!stderr.contains("trying"), "{stderr}");
    let ran = workdir.run_in(".", &["lock", "app", "-q"], &[("RUST_LOG", "mach_nix=info")]);
    has(&ran.ends(0), &["info: trying app 1.0 (wheel)"]);
}

#[test]
fn details_have_no_credentials() {
    let manners = Manners {
        password: Some("me:s3cret"),
        ..Manners::default()
    };
    let workdir = Workdir::new(&packages(), manners);
    let url = workdir.index.url().replace("://", "://me:s3cret@");
    let arguments = ["lock", "app", "--index-url", &url];
    // The header has them in this form (RFC 7617).
    let encoded = "bWU6czNjcmV0";
    for (option, filter) in [("-v", None), ("-vv", None), ("-q", Some("trace"))] {
        let variables: Vec<(&str, &str)> = filter.map(|filter| ("RUST_LOG", filter)).into_iter().collect();
        let ran = workdir.run_in(
            ".",
            &[&arguments[..], &[option, "--upgrade"]].concat(),
            &variables,
        );
        let stderr = ran.ends(0);
        has(&stderr, &["trying app 1.0 (wheel)"]);
        assert!(
            !stderr.contains("s3cret") && !stderr.contains(encoded),
            "{stderr}"
        );
        std::fs::remove_dir_all(workdir.path("cache")).unwrap();
    }
}
