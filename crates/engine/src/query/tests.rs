//! The fields of a query, and the messages about invalid ones.

use mach_nix_model::DEFAULT_INDEX;
use serde_json::{Value, json};

use super::Query;
use crate::{ErrorClass, NixSurface, Request};

/// A small query with some changed fields; `null` removes a field.
fn parsed(changes: Value) -> Result<Request, crate::EngineError> {
    parsed_over(changes, &[DEFAULT_INDEX.to_owned()])
}

fn parsed_over(changes: Value, held: &[String]) -> Result<Request, crate::EngineError> {
    let mut query = json!({
        "requirements": "flask\n",
        "python": "3.11",
        "system": "x86_64-linux",
        "pypiData": "/data",
    });
    let fields = query.as_object_mut().unwrap();
    let Value::Object(changes) = changes else {
        panic!("an object")
    };
    fields.extend(changes);
    Query::from_json(&query.to_string())?.request_over("the.snapshot", held)
}

fn refusal(changes: Value) -> String {
    let error = parsed(changes).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Usage);
    error.display(&NixSurface::default())
}

#[test]
fn fields_equal_the_options() {
    let request = parsed(json!({
        "requirements": "Flask >= 2\nnumpy\n",
        "constraints": "jinja2<4\n",
        "python": ["3.11", "3.12"],
        "system": ["x86_64-linux", "aarch64-darwin"],
        "providers": { "_default": ["wheel"], "Num_Py": "wheel" },
        "excludeNewer": "2026-11-01",
        "prerelease": "allow",
    }))
    .unwrap();
    let record = request.record();
    assert_eq!(record.requirements, ["flask>=2", "numpy"]);
    assert_eq!(request.lines, "Flask >= 2\nnumpy\n-c jinja2<4");
    assert_eq!(request.constraints.len(), 1);
    let targets: Vec<String> = request.targets.iter().map(ToString::to_string).collect();
    assert_eq!(
        targets,
        [
            "Python 3.11 on x86_64-linux",
            "Python 3.11 on aarch64-darwin",
            "Python 3.12 on x86_64-linux",
            "Python 3.12 on aarch64-darwin",
        ]
    );
    assert!(record.providers.packages.contains_key(&"num-py".parse().unwrap()));
    assert_eq!(
        record.limits.exclude_newer.unwrap().to_string(),
        "2026-11-02T00:00:00Z"
    );
    assert_eq!(record.prerelease.to_string(), "allow");
    assert_eq!(
        request.requirements[1].origin.to_string(),
        "requirements.txt, line 2"
    );
}

#[test]
fn an_environment_is_conda_in_the_solve() {
    let text = "channels: [ours, conda-forge]\ndependencies:\n  - numpy=1.26\n  - bioconda::samtools\n  - pip: [flask]\nvariables: {A: b}\n";
    let request = parsed(json!({
        "requirements": text,
        "name": "environment.yml",
        "condaChannels": ["more=https://u:secret@c.test/more", "ours=https://c.test/ours/"],
        "condaVirtual": "__cuda=12.4",
    }))
    .unwrap();
    let record = request.record();
    assert_eq!(
        record.requirements,
        ["conda:bioconda::samtools", "conda:numpy=1.26", "flask"]
    );
    let channels: Vec<String> = (record.conda_channels.iter())
        .map(|channel| {
            format!(
                "{} {}",
                channel.name(),
                channel.url().rsplit("://").next().unwrap()
            )
        })
        .collect();
    assert_eq!(channels[0], "ours c.test/ours");
    assert!(channels[1].starts_with("conda-forge "), "{channels:?}");
    assert_eq!(channels[2], "more c.test/more");
    assert!(channels[3].starts_with("bioconda "), "{channels:?}");
    assert_eq!(
        record.providers.default.to_string(),
        "conda/ours,conda/conda-forge,conda/more,conda/bioconda,wheel,sdist,nixpkgs"
    );
    assert_eq!(
        record.providers.packages[&"flask".parse().unwrap()].to_string(),
        "wheel,sdist,nixpkgs"
    );
    assert_eq!(record.virtual_packages[0].to_string(), "__cuda=12.4");
    assert_eq!(record.variables["A"], "b");
    // Channels without a conda package mean nothing, and no channels at all mean conda's defaults.
    let record = |text: &str| {
        parsed(json!({"requirements": text, "name": "e.yml"}))
            .unwrap()
            .record()
    };
    assert!(
        record("channels: [ours]\ndependencies:\n  - pip: [flask]\n")
            .conda_channels
            .is_empty()
    );
    let channels = record("dependencies: [numpy]\n").conda_channels;
    assert_eq!(
        channels
            .iter()
            .map(mach_nix_conda::Channel::name)
            .collect::<Vec<_>>(),
        ["main", "r"]
    );
    let refused =
        refusal(json!({"requirements": "channels: [nodefaults]\ndependencies: [numpy]\n", "name": "e.yml"}));
    assert!(
        refused.contains("e.yml, line 2") && refused.contains("there is no conda channel"),
        "{refused}"
    );
}

#[test]
fn a_project_with_parts() {
    let project = "[project]\nname = \"p\"\ndependencies = [\"flask\"]\n\
                   [project.optional-dependencies]\nweb = [\"requests\"]\n\
                   [dependency-groups]\ntest = [\"pytest\"]\n";
    let request = parsed(json!({
        "requirements": null,
        "pyproject": project,
        "extras": ["web"],
        "groups": "test",
    }))
    .unwrap();
    assert_eq!(request.record().requirements, ["flask", "pytest", "requests"]);
    let other = json!({
        "requirements": null,
        "pyproject": format!("{project}[project.urls]\n").replace("[project]", "[project]\nrequires-python = \">=3.12\""),
    });
    let error = parsed(other).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Impossible);
    assert!(
        error
            .to_string()
            .starts_with("pyproject.toml, line 2, requires Python >=3.12"),
        "{error}"
    );
}

#[test]
fn indexes_are_those_of_the_snapshot() {
    let indexes = |changes: Value, held: &[&str]| {
        let held: Vec<String> = held.iter().map(ToString::to_string).collect();
        let request = parsed_over(changes, &held);
        request
            .map(|request| request.sources.indexes)
            .map_err(|error| error.display(&NixSurface::default()))
    };
    assert_eq!(
        indexes(json!({}), &["https://a.test"]).unwrap(),
        ["https://a.test"]
    );
    let same = json!({ "indexUrls": ["https://user:secret@b.test/", "https://a.test"] });
    assert_eq!(
        indexes(same, &["https://b.test", "https://a.test"]).unwrap(),
        ["https://b.test", "https://a.test"]
    );
    let in_file = json!({ "requirements": "--extra-index-url https://b.test/\n-i https://a.test\nflask" });
    assert_eq!(
        indexes(in_file.clone(), &["https://b.test", "https://a.test"]).unwrap(),
        ["https://b.test", "https://a.test"]
    );
    assert_eq!(
        indexes(in_file, &["https://a.test"]).unwrap_err(),
        "the.snapshot was made from https://a.test, and https://b.test and https://a.test is requested: \
         leave out the indexes, or make a lock file, which is resolved from the indexes themselves"
    );
}

#[test]
fn a_text_has_no_folder() {
    for option in ["-r", "-c"] {
        let text = refusal(json!({ "requirements": format!("{option} other.txt") }));
        assert!(
            text.starts_with(
                "requirements.txt, line 1, column 1: cannot read `other.txt`: this is a text, which has no folder"
            ),
            "{text}"
        );
    }
    for path in [
        "./wheels/six-1.0-py3-none-any.whl",
        "./project",
        "six @ file:///wheels/six-1.0-py3-none-any.whl",
    ] {
        let text = refusal(json!({ "requirements": format!("flask\n{path}") }));
        assert!(
            text.starts_with("requirements.txt, line 2, column 1: this is a path, and a text has no folder"),
            "{text}"
        );
    }
    for links in ["--find-links ./wheels", "--find-links file:///wheels"] {
        let text = refusal(json!({ "requirements": format!("{links}\nflask") }));
        assert!(text.starts_with(&format!("`{links}` is a path")), "{text}");
    }
    let text = refusal(json!({ "requirements": "flask ==", "name": "web.txt" }));
    assert!(text.starts_with("web.txt, line 1, column"), "{text}");
}

fn without_snapshot(requirements: &str, fields: Value) -> Result<Query, String> {
    let mut query = json!({ "requirements": requirements, "python": "3.11", "system": "x86_64-linux" });
    let Value::Object(fields) = fields else {
        panic!("an object")
    };
    query.as_object_mut().unwrap().extend(fields);
    Query::from_json(&query.to_string()).map_err(|error| error.to_string())
}

#[test]
fn without_a_snapshot_there_are_indexes() {
    let indexes = |requirements: &str, fields: Value| {
        let query = without_snapshot(requirements, fields).unwrap();
        let error = query.snapshot().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`pypiData` is missing: give the path of a snapshot"
        );
        let indexes = query.indexes();
        indexes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let public: url::Url = DEFAULT_INDEX.parse().unwrap();
    assert_eq!(indexes("flask", json!({})), [public.as_str()]);
    assert_eq!(
        indexes(
            "-i https://a.test/\n--extra-index-url https://b.test/\nflask",
            json!({})
        ),
        ["https://b.test/", "https://a.test/"]
    );
    assert_eq!(
        indexes(
            "-i https://a.test/\nflask",
            json!({ "indexUrls": ["https://c.test/", "https://c.test/"] })
        ),
        ["https://c.test/"]
    );
    assert!(indexes("--no-index\nflask", json!({})).is_empty());
}

#[test]
fn credentials_are_in_variables_or_nowhere() {
    let line = "--extra-index-url https://${NAME}:${WORD}@b.test/";
    assert_eq!(
        without_snapshot(&format!("{line}\nflask"), json!({})).unwrap_err(),
        "a query has no environment variables, and `requirements.txt` has `${NAME}`: make a lock file with `mach-nix lock`"
    );
    let held = ["https://b.test".to_owned(), DEFAULT_INDEX.to_owned()];
    let request = parsed_over(json!({ "requirements": format!("{line}\nflask") }), &held).unwrap();
    assert_eq!(request.sources.indexes, held);
    for requirement in [
        "six @ https://u:secret@c.test/six-1.0.zip",
        "https://u:secret@c.test/six-1.0.zip#egg=six",
    ] {
        let request = parsed(json!({ "requirements": requirement })).unwrap();
        assert_eq!(
            request.requirements[0].requirement.to_string().split('#').next(),
            Some("six @ https://c.test/six-1.0.zip")
        );
    }
}

#[test]
fn rejects_unknown_fields() {
    for (changes, message) in [
        (
            json!({ "requirement": "x" }),
            "there is no field `requirement`: did you mean `requirements`?",
        ),
        (
            json!({ "exclude_newer": "x" }),
            "there is no field `exclude_newer`: did you mean `excludeNewer`?",
        ),
        (
            json!({ "zzz": 1 }),
            "there is no field `zzz`: there are condaChannels, condaVirtual, constraints, excludeNewer",
        ),
        (
            json!({ "python": null }),
            "`python` is missing: give a text such as \"3.12\", or a list of them",
        ),
        (
            json!({ "system": [] }),
            "`system` is missing: give a text such as",
        ),
        (
            json!({ "python": 3.11 }),
            "`python` must be a text or a list of texts, and this is a number",
        ),
        (
            json!({ "requirements": ["flask"] }),
            "`requirements` must be a text, and this is a list",
        ),
        (
            json!({ "providers": "wheel" }),
            "`providers` must be an object such as",
        ),
        (
            json!({ "providers": { "numpy": 1 } }),
            "`providers.numpy` must be a text or a list of texts",
        ),
        (
            json!({ "providers": { "numpy": "wheels" } }),
            "in `providers`: `wheels` is not a provider",
        ),
        (
            json!({ "excludeNewer": "today" }),
            "in `excludeNewer`: `today` is not a date",
        ),
        (
            json!({ "prerelease": "yes" }),
            "in `prerelease`: `yes` is not a rule",
        ),
        (json!({ "requirements": null }), "`requirements` is missing"),
        (
            json!({ "pyproject": "" }),
            "there are both `requirements` and `pyproject`",
        ),
        (
            json!({ "extras": ["web"] }),
            "`extras` names parts of a project, and `requirements.txt` is none",
        ),
        (
            json!({ "groups": ["web"], "name": "setup.cfg" }),
            "`groups` names parts of a project, and `setup.cfg` is none",
        ),
    ] {
        let text = refusal(changes);
        assert!(text.starts_with(message), "{text}");
    }
    for (text, message) in [
        ("{", "this is not JSON: "),
        ("[]", "a query is an object with fields, and this is a list"),
    ] {
        let error = Query::from_json(text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
