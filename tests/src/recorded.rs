//! A recorded index over HTTP: what an index said once about some projects, from a snapshot and from pages in a folder.
//!
//! The address of a file is on this server, which redirects to where the file was when it was recorded; the digest says
//! whether it is still the same. Metadata is answered here.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io, thread};

use mach_nix_model::{CoreMetadata, Yanked};
use mach_nix_snapshot::{Snapshot, StoredFile};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tiny_http::{Header, Request, Response, Server};

const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// A project page (PEP 691), with the metadata of its files.
#[derive(Serialize, Deserialize)]
struct Page {
    meta: Meta,
    name: String,
    files: Vec<File>,
}

#[derive(Serialize, Deserialize)]
struct Meta {
    #[serde(rename = "api-version")]
    version: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    filename: String,
    url: String,
    hashes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upload_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requires_python: Option<String>,
    /// The reason, or `true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    yanked: Option<Value>,
    /// The core metadata, as far as a resolver reads it. Of the recording only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    /// Whether there is metadata. Of the served page only.
    #[serde(default)]
    core_metadata: bool,
}

/// The recorded index, ready to be served.
#[derive(Default)]
pub struct RecordedIndex {
    /// The files of each project by their names.
    projects: BTreeMap<String, BTreeMap<String, File>>,
    /// The last day that counts.
    until: Option<String>,
}

impl RecordedIndex {
    /// Adds the projects of a snapshot.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn add_snapshot(&mut self, path: &Path) -> io::Result<()> {
        let snapshot = Snapshot::open(path).map_err(io::Error::other)?;
        for project in snapshot.projects() {
            let project = project.map_err(io::Error::other)?;
            let name = project.name.to_string();
            for (version, files) in &project.releases {
                for stored in files {
                    self.add(&name, file_of(&name, &version.to_string(), stored));
                }
            }
        }
        Ok(())
    }

    /// Adds the pages `NAME.json` of a folder.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn add_pages(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let page: Page = serde_json::from_slice(&fs::read(&path)?)?;
                for file in page.files {
                    self.add(&page.name, file);
                }
            }
        }
        Ok(())
    }

    /// Serves only what was uploaded up to the end of a day, such as `2026-11-01`.
    pub fn limit(&mut self, day: String) {
        self.until = Some(day);
    }

    fn add(&mut self, project: &str, file: File) {
        let files = self.projects.entry(project.to_owned()).or_default();
        files.insert(file.filename.clone(), file);
    }

    /// Serves it on a free port of the loopback interface until the process ends; returns the address of the index.
    ///
    /// # Errors
    /// When no port is free.
    pub fn serve(self) -> io::Result<(String, thread::JoinHandle<()>)> {
        let server = Server::http("127.0.0.1:0").map_err(io::Error::other)?;
        let port = server.server_addr().to_ip().map_or(0, |address| address.port());
        let handle = thread::spawn(move || {
            for request in server.incoming_requests() {
                self.answer(request);
            }
        });
        Ok((format!("http://127.0.0.1:{port}/simple"), handle))
    }

    fn answer(&self, request: Request) {
        let header = |name: &str, value: &str| Header::from_bytes(name, value).expect("plain ASCII");
        let parts: Vec<&str> = request.url().trim_matches('/').split('/').collect();
        let response = match parts.as_slice() {
            ["simple", name] => self
                .page(name)
                .map(|page| Response::from_data(page).with_header(header("Content-Type", JSON))),
            ["files", name] => match name.strip_suffix(".metadata") {
                Some(wheel) => self
                    .file(wheel)
                    .and_then(|file| file.metadata.clone())
                    .map(Response::from_string),
                None => self.file(name).map(|file| {
                    let moved = Response::from_data(Vec::new()).with_status_code(302);
                    moved.with_header(header("Location", &file.url))
                }),
            },
            _ => None,
        };
        let missing = || Response::from_data(Vec::new()).with_status_code(404);
        // A client that has gone away is not a failure of the index.
        let _ = request.respond(response.unwrap_or_else(missing));
    }

    fn page(&self, name: &str) -> Option<Vec<u8>> {
        let files = self.projects.get(name)?.values();
        let files = files.filter(|file| self.was_there(file)).map(|file| File {
            url: format!("/files/{}", file.filename),
            core_metadata: file.metadata.is_some(),
            metadata: None,
            ..file.clone()
        });
        let page = Page {
            meta: Meta {
                version: "1.1".to_owned(),
            },
            name: name.to_owned(),
            files: files.collect(),
        };
        serde_json::to_vec(&page).ok()
    }

    fn was_there(&self, file: &File) -> bool {
        let day = file.upload_time.as_deref().and_then(|time| time.get(..10));
        self.until
            .as_deref()
            .is_none_or(|until| day.is_some_and(|day| day <= until))
    }

    fn file(&self, name: &str) -> Option<&File> {
        self.projects.values().find_map(|files| files.get(name))
    }
}

fn file_of(project: &str, version: &str, stored: &StoredFile) -> File {
    let (file, facts) = (&stored.file, stored.facts);
    let hash = file.hash.or(facts.map(|facts| facts.hash));
    let metadata = stored.metadata.as_ref();
    File {
        filename: file.filename.to_string(),
        url: file.url.to_string(),
        hashes: hash
            .iter()
            .map(|hash| ("sha256".to_owned(), hash.to_hex()))
            .collect(),
        size: file.size.or(facts.and_then(|facts| facts.size)),
        upload_time: file.upload_time.map(|time| time.to_string()),
        requires_python: file.requires_python.as_deref().map(str::to_owned),
        yanked: match &file.yanked {
            Yanked::No => None,
            Yanked::Yes(reason) if reason.is_empty() => Some(true.into()),
            Yanked::Yes(reason) => Some(reason.to_string().into()),
        },
        metadata: metadata.map(|metadata| metadata_text(project, version, metadata)),
        core_metadata: false,
    }
}

/// The core metadata that says this.
fn metadata_text(project: &str, version: &str, metadata: &CoreMetadata) -> String {
    let mut lines = vec![
        "Metadata-Version: 2.1".to_owned(),
        format!("Name: {project}"),
        format!("Version: {version}"),
    ];
    let python = metadata.requires_python.iter();
    lines.extend(python.map(|python| format!("Requires-Python: {python}")));
    let extras = metadata.provides_extra.iter();
    lines.extend(extras.map(|extra| format!("Provides-Extra: {extra}")));
    let requires = metadata.requires_dist.iter();
    lines.extend(requires.map(|requirement| format!("Requires-Dist: {requirement}")));
    lines.join("\n") + "\n"
}
