//! Likely requirements of a source distribution.
//!
//! Before core metadata 2.2, an archive contains the output of its `setup.py` or build backend on the author's machine:
//! in `Requires-Dist` of its `PKG-INFO`, or in the `requires.txt` of setuptools. Most sources give the same result on
//! this machine, but only a build proves it.

use mach_nix_model::{CoreMetadata, Marker, Requirement, lenient_requirement};

use super::archive::Files;

/// The archive's requirements without extras. Invalid ones are skipped.
pub fn likely_requires(files: &Files) -> Vec<Requirement> {
    let stated = files.pkg_info.as_deref();
    let stated = stated.and_then(|content| CoreMetadata::parse(content).ok());
    match stated {
        Some(metadata) if !metadata.requires_dist.is_empty() => metadata.requires_dist,
        _ => {
            let text = files.requires_txt.as_deref().map(String::from_utf8_lossy);
            text.map(|text| requires_txt(&text)).unwrap_or_default()
        }
    }
}

/// The format of setuptools: lines of requirements, and sections `[EXTRA]`, `[:MARKER]` and `[EXTRA:MARKER]`.
/// <https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html#requires-txt>
fn requires_txt(text: &str) -> Vec<Requirement> {
    let mut found = Vec::new();
    // The marker of a section; `None` in the section of an extra, or if the marker is invalid.
    let mut section = Some(None);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = match name.split_once(':') {
                Some(("", marker)) => marker.parse::<Marker>().ok().map(Some),
                _ => None,
            };
        } else if let Some(marker) = &section
            && let Ok(mut requirement) = lenient_requirement(line)
        {
            if let Some(marker) = marker {
                requirement.marker.and(marker.clone());
            }
            found.push(requirement);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &Files) -> Vec<String> {
        likely_requires(files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn requirements_stand_in_requires_txt() {
        let text = "cffi>=0.6\nsix >=1.4.1\n\n[:python_version < \"3\"]\nenum34\n[test]\npytest\n[test:os_name == \"nt\"]\npywin32\n";
        let files = Files {
            pkg_info: Some(b"Metadata-Version: 1.1\nName: demo\nVersion: 0.1\n".to_vec()),
            requires_txt: Some(text.as_bytes().to_vec()),
            ..Files::default()
        };
        assert_eq!(
            texts(&files),
            ["cffi>=0.6", "six>=1.4.1", "enum34 ; python_version < '3'"]
        );
    }

    #[test]
    fn requirements_stand_in_older_metadata() {
        let text = "Metadata-Version: 2.1\nName: demo\nVersion: 0.1\nRequires-Dist: click (>=8)\nRequires-Dist: rich ; extra == 'cli'\n";
        let files = Files {
            pkg_info: Some(text.as_bytes().to_vec()),
            requires_txt: Some(b"other".to_vec()),
            ..Files::default()
        };
        assert_eq!(texts(&files), ["click>=8", "rich ; extra == 'cli'"]);
    }
}
