//! Inputs of the command: arguments, requirements files, and pages of indexes.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::thread;

use mach_nix_tests::{Manners, Package, Scenario, Workdir};

fn workdir() -> Workdir {
    let text = "reason = 'inputs'\nask.requirements = []\nexpect.packages = []\n\
         [[package]]\nrelease = 'six==1.16.0'\n[[package]]\nrelease = 'six==1.10.0'\n\
         [[package]]\nrelease = 'd==1.0'\n[[package]]\nrelease = 'requirements-txt==1.0'\n";
    let packages: Vec<Package> = Scenario::read(text).unwrap().packages;
    Workdir::new(&packages, Manners::default())
}

/// Serves a project page for every address, and gives the address of the index.
fn page(content: &'static str) -> String {
    let server = tiny_http::Server::http("127.0.0.1:0").unwrap();
    let port = server.server_addr().to_ip().unwrap().port();
    thread::spawn(move || {
        for request in server.incoming_requests() {
            let _ = request.respond(tiny_http::Response::from_string(content));
        }
    });
    format!("http://127.0.0.1:{port}/simple")
}

#[test]
fn what_names_a_file_is_never_looked_up_on_an_index() {
    let workdir = workdir();
    workdir.write("requirements.txt", "six\n");
    workdir.write(
        "pyproject.toml",
        "[project]\nname = 'here'\nversion = '1'\ndependencies = ['six']\n",
    );
    fs::create_dir_all(workdir.path("d")).unwrap();
    workdir.write("d/setup.py", "from setuptools import setup\nsetup(name='d')\n");
    for words in [
        &["lock", "requirements.txt"][..],
        &["build", "requirements.txt"],
        &["shell", "requirements.txt"],
        &["run", "requirements.txt", "--", "python"],
        &["env", "out", "requirements.txt"],
        &["gen", "requirements.txt"],
        &["index", "build", "-o", "snapshot", "requirements.txt"],
    ] {
        let stderr = workdir.run(words).ends(2);
        assert!(
            stderr.contains("write `-r requirements.txt`"),
            "{words:?}: {stderr}"
        );
    }
    for (argument, part) in [
        ("pyproject.toml", "write `--pyproject pyproject.toml`"),
        (
            "d",
            "write `./d` for that project, or `d>=0` for the package of that name",
        ),
        ("requirements-dev.txt", "there is no file `requirements-dev.txt`"),
        ("environment.yml", "there is no file `environment.yml`"),
    ] {
        let stderr = workdir.lock(argument).ends(2);
        assert!(stderr.contains(part), "{argument}: {stderr}");
    }
    assert_eq!(workdir.index.requests(), 0);
    // The remedies work.
    workdir.lock("-r requirements.txt -o a.lock").ends(0);
    workdir.lock("--pyproject pyproject.toml -o b.lock").ends(0);
    let ran = workdir.lock("d>=0 --format requirements -o -");
    ran.ends(0);
    assert_eq!(ran.stdout(), "d==1.0\n");
    // A folder without a project does not matter.
    fs::create_dir_all(workdir.path("six")).unwrap();
    workdir.lock("six -o c.lock").ends(0);
}

#[test]
fn a_requirement_that_several_lines_have_is_one() {
    let workdir = workdir();
    workdir.write("requirements.txt", "-r a.txt\n-r b.txt\nsix>=2\n");
    workdir.write("a.txt", "-r base.txt\n");
    workdir.write("b.txt", "-r base.txt\n");
    workdir.write("base.txt", "# shared\nSix >= 2,\n");
    let stderr = workdir.lock("-r requirements.txt").ends(1);
    assert!(
        stderr.contains("no version of `six` satisfies the requirements"),
        "{stderr}"
    );
    assert!(
        stderr.contains("you require six>=2 (base.txt, line 2; requirements.txt, line 3)"),
        "{stderr}"
    );
    assert!(stderr.contains("six has 2 versions: 1.10.0, 1.16.0"), "{stderr}");
    assert!(!stderr.contains("contradict"), "{stderr}");
}

#[test]
fn files_that_pip_reads_are_read() {
    let workdir = workdir();
    let utf16: Vec<u8> = "\u{feff}six (>=1.10,)  # é\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(workdir.path("requirements.txt"), utf16).unwrap();
    let ran = workdir.lock("-r requirements.txt --format requirements -o -");
    let stderr = ran.ends(0);
    assert_eq!(ran.stdout(), "six==1.16.0\n");
    assert!(
        stderr.contains("the file is in UTF-16, which Nix does not read: save it as UTF-8"),
        "{stderr}"
    );
    fs::write(
        workdir.path("requirements.txt"),
        b"# coding: latin-1\n# caf\xe9\n--use-feature=x\nsix==1.10.0,\n",
    )
    .unwrap();
    let stderr = workdir.lock("-r requirements.txt").ends(0);
    assert!(stderr.contains("`--use-feature` is skipped"), "{stderr}");
}

#[test]
fn what_cannot_work_is_refused_with_its_line() {
    let workdir = workdir();
    for (line, part) in [
        (
            "--index-url https://u:${NO_SUCH_TOKEN}@127.0.0.1/simple",
            "`NO_SUCH_TOKEN` is not set",
        ),
        (
            "-e git://h.test/x.git@master#egg=x",
            "write `git+https://h.test/x.git@master#egg=x`",
        ),
        (
            "certifi @ file:///croot/x/certifi",
            "there is no `/croot/x/certifi`",
        ),
        ("pkg-resources==0.0.0", "delete this line"),
        ("six>=1 <2", "a comma is missing: write `>=1,<2`"),
    ] {
        workdir.write("requirements.txt", &format!("# first\n{line}\n"));
        let stderr = workdir.lock("-r requirements.txt").ends(2);
        assert!(
            stderr.starts_with("error: requirements.txt, line 2, column "),
            "{stderr}"
        );
        assert!(stderr.contains(part), "{line}: {stderr}");
    }
    workdir.write("requirements.txt", "six ; python_version >= '3.6.*'\n");
    let stderr = workdir.lock("-r requirements.txt").ends(0);
    assert!(
        stderr.contains("never holds: write `python_version >= '3.6'`"),
        "{stderr}"
    );
}

#[test]
fn an_address_without_answer_is_named_with_its_line() {
    let workdir = workdir();
    let gone = workdir.index.file_url("app-9-py3-none-any.whl");
    for line in [
        format!("app @ {gone}"),
        "lib @ git+file:///@v1".to_owned(),
        "-e git+ssh://git@127.0.0.1:1/u/x.git".to_owned(),
    ] {
        workdir.write("requirements.txt", &format!("# first\n{line}\n"));
        let stderr = workdir.lock("-r requirements.txt").ends(3);
        assert!(
            stderr.starts_with("error: requirements.txt, line 2"),
            "{line}: {stderr}"
        );
    }
}

#[test]
fn an_index_without_usable_files_says_what_there_is() {
    let workdir = workdir();
    for (content, part) in [
        (
            r#"{"meta": {"api-version": "1.0"}, "files": [{"filename": "demo-1.0.tgz", "url": "demo-1.0.tgz"},
               {"filename": "demo-1.0.exe", "url": "demo-1.0.exe"}]}"#,
            "lists for demo only `demo-1.0.tgz`, `demo-1.0.exe`: supported are wheels (`.whl`) and source distributions",
        ),
        (r#"{"files": []}"#, "lists demo without any file"),
    ] {
        let url = page(content);
        let stderr = workdir.run(&["lock", "demo", "--index-url", &url]).ends(1);
        assert!(stderr.contains(part), "{stderr}");
    }
    let url = page(r#"{"meta": {"api-version": "2.0"}, "files": []}"#);
    let stderr = workdir.run(&["lock", "demo", "--index-url", &url]).ends(3);
    assert!(
        stderr.contains("version 2.0 of the simple repository API"),
        "{stderr}"
    );
}

#[test]
fn a_folder_that_is_given_as_a_file_names_the_file_in_it() {
    let workdir = workdir();
    for folder in ["d", "e"] {
        fs::create_dir_all(workdir.path(folder)).unwrap();
    }
    workdir.write(
        "d/pyproject.toml",
        "[project]\nname = 'd'\nversion = '1'\ndependencies = ['six']\n",
    );
    let stderr = workdir.lock("-r d").ends(2);
    let expected = "`d` is a folder, and inputs are files: name a file in it, such as `d/pyproject.toml`";
    assert!(stderr.contains(expected), "{stderr}");
    workdir.lock("-r d/pyproject.toml").ends(0);
    let stderr = workdir.lock("-r e").ends(2);
    assert!(
        stderr.contains("`e` is a folder, and inputs are files"),
        "{stderr}"
    );
    workdir.write("r.txt", "-r d\n");
    let stderr = workdir.lock("-r r.txt").ends(2);
    assert!(stderr.contains("`d/pyproject.toml`"), "{stderr}");
}
