//! Readers of foreign files, each with a whole file to begin with.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use mach_nix_conda::{
    CondaSpec, PackageFile, RecordReader, RecordSource, RepodataScanner, ShardIndex, Subdir, read_shard,
};
use mach_nix_engine::{BackendAnswer, InventoryFile, Query};
use mach_nix_fetch::{Netrc, READERS, channel_at};
use mach_nix_manifest::{ProjectSettings, ReadContext, Selection, parse_manifest};
use mach_nix_model::{CoreMetadata, ProviderPreference, Requirement, Version};
use mach_nix_tags::{SdistFilename, WheelFilename};
use mach_nix_tests::{Scenario, sdist, wheel};

/// A reader with a file that it reads without an error.
pub struct Subject {
    /// Its name; that of the file for manifests.
    pub what: &'static str,
    /// The file.
    pub whole: Vec<u8>,
    /// Reads it.
    pub read: fn(&[u8]),
}

/// The readers of single texts and files, without those of the snapshot and of what depends on it.
pub fn subjects() -> Vec<Subject> {
    let mut subjects: Vec<Subject> = MANIFESTS
        .iter()
        .map(|(what, whole, read)| Subject {
            what,
            whole: whole.as_bytes().to_vec(),
            read: *read,
        })
        .collect();
    subjects.extend(TEXTS.iter().map(|(what, whole, read)| Subject {
        what,
        whole: whole.as_bytes().to_vec(),
        read: *read,
    }));
    subjects.extend(READERS.iter().map(|(what, read)| Subject {
        what,
        whole: seed(what),
        read: *read,
    }));
    let shards = rmp_serde::to_vec_named(&serde_json::json!({
        "info": {"subdir": "noarch", "base_url": "./", "shards_base_url": "./s/"}, "shards": {}
    }));
    subjects.push(Subject {
        what: "shard-index",
        whole: shards.expect("plain data"),
        read: |input| {
            let _ = ShardIndex::read(input);
        },
    });
    let shard: serde_json::Value = serde_json::from_str(REPODATA).expect("written below");
    subjects.push(Subject {
        what: "shard",
        whole: rmp_serde::to_vec_named(&shard).expect("plain data"),
        read: |input| {
            let mut reader = records();
            let _ = read_shard(input, &mut reader);
            let _ = reader.finish();
        },
    });
    subjects
}

type Entry = (&'static str, &'static str, fn(&[u8]));

macro_rules! manifest {
    ($name:literal, $text:expr) => {
        ($name, $text, |input| manifest($name, input))
    };
}

/// One file of each kind that `mach-nix lock -r` reads.
const MANIFESTS: [Entry; 11] = [
    manifest!(
        "requirements.txt",
        "-i https://a.test/simple\nflask>=2,<4 \\\n  --hash=sha256:00 ; os_name == 'nt' # c\n-e ./a[x]\n${B}\n"
    ),
    manifest!(
        "pyproject.toml",
        "[project]\nname = 'a'\nversion = '1'\nrequires-python = '>=3.9'\ndependencies = ['flask>=2 ; python_version > \"3.8\"']\n\
         [project.optional-dependencies]\nx = ['a[y]']\n[dependency-groups]\ne = ['f==1.*', {include-group = 'd'}]\nd = []\n\
         [tool.uv]\nexclude-newer = '2026-01-01'\nconstraint-dependencies = ['b<2']\n[[tool.uv.index]]\nname = 'i'\nurl = \
         'https://i.test/simple'\nexplicit = true\n[tool.uv.sources]\nflask = [{index = 'i', marker = \"os_name == 'nt'\"}]\n\
         [tool.mach-nix]\npython = ['3.11']\n"
    ),
    manifest!(
        "setup.cfg",
        "[metadata]\nname = a\nversion = 1.0\n[options]\ninstall_requires =\n  b>=1 ; os_name == 'nt'\n[options.extras_require]\nx = c\n"
    ),
    manifest!(
        "setup.py",
        "from setuptools import setup\nsetup(name='a', version=\"1.0\", install_requires=['b>=1', 'c'], extras_require={'x': ['d']})\n"
    ),
    manifest!(
        "script.py",
        "# /// script\n# requires-python = '>=3.9'\n# dependencies = ['a>=1']\n# ///\nprint()\n"
    ),
    manifest!(
        "environment.yml",
        "name: e\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - numpy>=1.2,<2\n  - conda-forge::a=1.0=b*\n  - pip:\n    - flask>=2\n"
    ),
    manifest!(
        "pylock.toml",
        "lock-version = '1.0'\ncreated-by = 'x'\n[[packages]]\nname = 'a'\nversion = '1.0'\nwheels = [{name = 'a-1.0-py3-none-any.whl', \
         url = 'https://a.test/a-1.0-py3-none-any.whl', hashes = {sha256 = '00'}}]\n"
    ),
    manifest!(
        "uv.lock",
        "version = 1\nrequires-python = '>=3.9'\n[[package]]\nname = 'a'\nversion = '1.0'\nsource = { registry = 'https://a.test/simple' }\n\
         dependencies = [{ name = 'b', marker = \"os_name == 'nt'\" }]\nwheels = [{ url = 'https://a.test/a-1.0-py3-none-any.whl', hash = \
         'sha256:00', size = 3 }]\n[[package]]\nname = 'b'\nversion = '2'\nsource = { git = 'https://g.test/b?rev=main#00' }\n"
    ),
    manifest!(
        "poetry.lock",
        "[[package]]\nname = 'a'\nversion = '1.0'\noptional = false\npython-versions = '>=3.8'\nfiles = [{file = \
         'a-1.0-py3-none-any.whl', hash = 'sha256:00'}]\n[package.dependencies]\nb = {version = '^1', markers = \"os_name == 'nt'\"}\n\
         [metadata]\nlock-version = '2.0'\npython-versions = '^3.9'\ncontent-hash = '00'\n"
    ),
    manifest!(
        "Pipfile.lock",
        r#"{"_meta": {"sources": [{"name": "a", "url": "https://a.test/simple"}]}, "default": {"a": {"version": "==1.0", "hashes": ["sha256:00"]}}}"#
    ),
    manifest!(
        "conda-lock.yml",
        "version: 1\nmetadata:\n  channels: [{url: conda-forge}]\n  platforms: [linux-64]\npackage:\n- name: a\n  version: '1.0'\n  manager: \
         conda\n  platform: linux-64\n  url: https://c.test/linux-64/a-1.0-0.conda\n  hash: {sha256: '00'}\n"
    ),
];

/// Other texts.
const TEXTS: [Entry; 15] = [
    (
        "pixi.lock",
        "version: 6\nenvironments:\n  default:\n    channels: [{url: https://c.test/}]\n    packages:\n      linux-64:\n      - conda: https://c.test/linux-64/a-1.0-0.conda\npackages:\n- conda: https://c.test/linux-64/a-1.0-0.conda\n  sha256: '00'\n",
        |input| manifest("pixi.lock", input),
    ),
    (
        "METADATA",
        "Metadata-Version: 2.1\nName: a\nVersion: 1.0\nRequires-Python: >=3.8\nRequires-Dist: b[x]>=1 ; extra == 'y'\nProvides-Extra: y\n\nText\n",
        |input| {
            let name = "a".parse().expect("a name");
            let _ = (
                CoreMetadata::parse(input),
                CoreMetadata::check_identity(input, &name, None),
            );
        },
    ),
    (
        "wheel-name",
        "a_b-1.0.post1-1-cp311.cp312-abi3-manylinux_2_17_x86_64.whl",
        |input| {
            let _ = String::from_utf8_lossy(input).parse::<WheelFilename>();
        },
    ),
    ("sdist-name", "a-b-1.0.tar.gz", |input| {
        let _ = SdistFilename::parse(&String::from_utf8_lossy(input), "a-b");
    }),
    (
        "requirement",
        "a[x,y]>=1,!=1.5,<2 ; python_version < '3.9' and (os_name == 'nt' or extra == 'z')",
        |input| {
            if let Ok(read) = String::from_utf8_lossy(input).parse::<Requirement>() {
                let again = read.to_string().parse::<Requirement>();
                assert!(again.is_ok(), "{read}");
            }
        },
    ),
    ("version", "1!2.0.0rc1.post3.dev4+local.5", |input| {
        let _ = String::from_utf8_lossy(input).parse::<Version>();
    }),
    (
        "provider-list",
        "wheel|sdist,nixpkgs,conda/conda-forge",
        |input| {
            let _ = String::from_utf8_lossy(input).parse::<ProviderPreference>();
        },
    ),
    (
        "netrc",
        "machine a.test login me password \"s\\\"x\" # c\nmacdef init\nx\n\ndefault login g password h\n",
        |input| {
            let _ = Netrc::parse(&String::from_utf8_lossy(input));
        },
    ),
    (
        "query",
        r#"{"protocol": 1, "requirements": [{"text": "flask"}], "python": ["3.11"], "system": ["x86_64-linux"]}"#,
        |input| {
            let _ = Query::from_json(&String::from_utf8_lossy(input));
        },
    ),
    (
        "backend-answer",
        r#"{"requires": ["a>=1"], "metadata": null}"#,
        |input| {
            let _ = serde_json::from_slice::<BackendAnswer>(input);
        },
    ),
    ("nixpkgs-inventory", r#"{"packages": {}}"#, |input| {
        let _ = serde_json::from_slice::<InventoryFile>(input);
    }),
    (
        "mach-nix.toml",
        "python = ['3.11']\nproviders = {_default = 'wheel', a = 'sdist'}\nindex-url = 'https://a.test/simple'\n",
        |input| {
            with_file("mach-nix.toml", input, |context| {
                let _ = ProjectSettings::read(Path::new("mach-nix.toml"), context);
            });
        },
    ),
    ("repodata.json", REPODATA, |input| {
        let mut scanner = RepodataScanner::default();
        let halves = input.split_at(input.len() / 2);
        if scanner.add(halves.0).and_then(|()| scanner.add(halves.1)).is_ok() {
            let _ = scanner.finish();
        }
        let mut reader = records();
        reader.add_json("a-1.0-0.conda", input);
        let _ = reader.finish();
    }),
    (
        "conda-spec",
        "conda-forge/linux-64::a[version='>=1.0,<2|3.*', build=py*_0]",
        |input| {
            let _ = String::from_utf8_lossy(input).parse::<CondaSpec>();
        },
    ),
    ("conda-file-name", "a-b-1.0-py311_0.tar.bz2", |input| {
        let _ = PackageFile::parse(&String::from_utf8_lossy(input));
    }),
];

const REPODATA: &str = r#"{"info": {"subdir": "linux-64"}, "packages": {"a-1.0-0.tar.bz2": {"name": "a", "version": "1.0", "build": "0", "build_number": 0, "depends": ["b >=1,<2"], "md5": "d41d8cd98f00b204e9800998ecf8427e", "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "size": 3, "subdir": "linux-64"}}, "packages.conda": {}}"#;

fn records() -> RecordReader {
    let url = "https://c.test/ours".parse().expect("an address");
    RecordReader::new(RecordSource {
        channel: Arc::new(channel_at("ours", &url)),
        subdir: Subdir::Noarch,
        base_url: "https://c.test/ours/noarch/".into(),
    })
}

/// A sound input of a reader of `fetch`.
fn seed(what: &str) -> Vec<u8> {
    let world = "reason = 'x'\nask.requirements = []\nexpect.packages = []\n[[package]]\nrelease = 'app==1.0'\nrequires = ['b>=1']\nsdist = true\n";
    let package = Scenario::read(world).expect("written above").packages.remove(0);
    let gunzipped = || {
        let mut plain = Vec::new();
        let packed = sdist::build(&package);
        io::copy(&mut flate2::read::GzDecoder::new(&packed[..]), &mut plain).expect("just packed");
        plain
    };
    match what {
        "simple-page" => br#"<meta name="pypi:repository-version" content="1.0"><base href="../"><a href="app-1.0-py3-none-any.whl#sha256=00" data-requires-python="&gt;=3.8" data-yanked="">app</a>{"name": "app", "files": []}"#.to_vec(),
        "simple-root" => br#"{"meta": {"api-version": "1.0"}, "projects": [{"name": "a"}]}<a href="b">b</a>"#.to_vec(),
        "json-api" => br#"{"releases": {"1": [{"digests": {"sha256": "00"}, "size": 3, "upload_time_iso_8601": "2026-01-01T00:00:00Z"}]}}"#.to_vec(),
        "wheel" | "wheel-in-parts" => wheel::build(&package),
        "sdist-tar-gz" => sdist::build(&package),
        "sdist-tar" => gunzipped(),
        "sdist-zip" => {
            let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file("app-1.0/PKG-INFO", options).expect("memory");
            archive.write_all(b"Metadata-Version: 2.1\nName: app\nVersion: 1.0\n").expect("memory");
            archive.finish().expect("memory").into_inner()
        }
        "content-range" => b"bytes 0-10/20".to_vec(),
        _ => b"0123456789012345678901234567890123456789\trefs/heads/main\n".to_vec(),
    }
}

fn with_file(name: &str, input: &[u8], read: impl Fn(&ReadContext<'_>)) {
    read(&ReadContext {
        read: &|path| {
            if path == Path::new(name) {
                Ok(input.to_vec())
            } else {
                Err(io::ErrorKind::NotFound.into())
            }
        },
        exists: &|_| false,
        folders: &|_| Vec::new(),
        variable: &|_| None,
        folder: Path::new("/"),
    });
}

/// Reads a manifest of this name.
pub fn manifest(name: &str, input: &[u8]) {
    with_file(name, input, |context| {
        let _ = parse_manifest(Path::new(name), &Selection::default(), context);
    });
}
