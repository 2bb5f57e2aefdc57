//! Parsing of Python versions and Nix systems.

use mach_nix_tags::{NixSystem, PythonVersion};
use proptest::prelude::*;

#[test]
fn python_versions() {
    let version: PythonVersion = "3.12.7".parse().unwrap();
    assert_eq!(
        (version.major(), version.minor(), version.patch()),
        (3, 12, Some(7))
    );
    assert_eq!(version.without_patch(), PythonVersion::python3(12).unwrap());
    assert_eq!(PythonVersion::python3(2), None);
    let sorted =
        ["3.3", "3.9", "3.10", "3.10.0", "3.10.12"].map(|text| text.parse::<PythonVersion>().unwrap());
    assert!(sorted.is_sorted());
}

#[test]
fn refusals_of_python_versions() {
    for (text, fault) in [
        ("3", "has no minor number; write both, like `3.12`"),
        (
            "",
            "is not two or three plain numbers; write it like `3.12` or `3.12.7`",
        ),
        (
            "312",
            "is not two or three plain numbers; write it like `3.12` or `3.12.7`",
        ),
        (
            "3.",
            "is not two or three plain numbers; write it like `3.12` or `3.12.7`",
        ),
        (
            "3.07",
            "is not two or three plain numbers; write it like `3.12` or `3.12.7`",
        ),
        (
            "3.13.0rc1",
            "is not two or three plain numbers; write it like `3.12` or `3.12.7`",
        ),
        (
            "3.12.7.1",
            "has more than three numbers; write it like `3.12` or `3.12.7`",
        ),
        (
            ">=3.11",
            "is a range, and a target has one version; write it like `3.12`",
        ),
        (
            "3.*",
            "is a range, and a target has one version; write it like `3.12`",
        ),
        ("python312", "is a name, not a version; write `3.12`"),
        ("python3.11", "is a name, not a version; write `3.11`"),
        ("cp311", "is a name, not a version; write `3.11`"),
        ("python3", "is a name, not a version; write `3.12`"),
        (
            "3.13t",
            "is the free-threaded build, which is not supported; remove the `t`",
        ),
        ("2.7", "is too old; the oldest supported one is 3.3"),
        ("3.2", "is too old; the oldest supported one is 3.3"),
        ("4.0", "does not exist; write it like `3.12` or `3.12.7`"),
        ("3.300", "does not exist; write it like `3.12` or `3.12.7`"),
    ] {
        let error = text.parse::<PythonVersion>().expect_err(text).to_string();
        assert_eq!(error, format!("python version `{text}` {fault}"));
    }
}

#[test]
fn systems() {
    for system in NixSystem::ALL {
        assert_eq!(system.to_string().parse(), Ok(system));
        assert_ne!(system.is_linux(), system.is_darwin());
    }
    assert_eq!(NixSystem::Aarch64Linux.machine(), "aarch64");
    assert_eq!(NixSystem::Aarch64Darwin.machine(), "arm64");
    let error = "i686-linux".parse::<NixSystem>().unwrap_err().to_string();
    assert_eq!(
        error,
        "unsupported system `i686-linux`; use one of x86_64-linux, aarch64-linux, x86_64-darwin, aarch64-darwin"
    );
}

#[cfg(feature = "serde")]
#[test]
fn serde_uses_the_same_strings() {
    let target = (PythonVersion::python3(12).unwrap(), NixSystem::X86_64Linux);
    let json = serde_json::to_string(&target).unwrap();
    assert_eq!(json, r#"["3.12","x86_64-linux"]"#);
    assert_eq!(
        serde_json::from_str::<(PythonVersion, NixSystem)>(&json).unwrap(),
        target
    );
    let error = serde_json::from_str::<PythonVersion>("\"3\"")
        .unwrap_err()
        .to_string();
    assert!(error.contains("has no minor number"), "{error}");
}

proptest! {
    #[test]
    fn python_versions_read_back(minor in 3_u8.., patch: Option<u8>) {
        let text = match patch {
            Some(patch) => format!("3.{minor}.{patch}"),
            None => format!("3.{minor}"),
        };
        prop_assert_eq!(text.parse::<PythonVersion>().unwrap().to_string(), text);
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,12}|[0-9.t]{0,6}|(python|cp)3\\PC{0,3}") {
        let _ = text.parse::<PythonVersion>();
        let _ = text.parse::<NixSystem>();
    }
}
