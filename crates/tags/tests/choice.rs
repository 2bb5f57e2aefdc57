//! Which wheel is taken, why another is not, and what the list of tags looks like.

use std::fmt::Write as _;

use mach_nix_tags::{CompatibleTags, NixSystem, PythonVersion, WheelFilename};

fn target(minor: u8, system: NixSystem) -> CompatibleTags {
    CompatibleTags::for_target(PythonVersion::python3(minor).expect("new enough"), system)
}

fn wheel(build_and_tags: &str) -> WheelFilename {
    format!("a-1-{build_and_tags}.whl")
        .parse()
        .expect("a wheel's name")
}

#[test]
fn from_best_to_worst() {
    let target = target(11, NixSystem::X86_64Linux);
    let wheels = [
        "cp311-cp311-manylinux_2_28_x86_64",
        "2-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "1-cp311-cp311-manylinux_2_17_x86_64",
        "cp311-cp311-manylinux_2_17_x86_64",
        "cp311-cp311-manylinux2014_x86_64",
        "cp38-abi3-manylinux_2_34_x86_64",
        "cp37-abi3-manylinux_2_34_x86_64",
        "py3-none-manylinux1_x86_64",
        "cp311-none-any",
        "py311-none-any",
        "9-py2.py3-none-any",
        "py3-none-any",
        "py30-none-any",
    ]
    .map(wheel);
    let ranks: Vec<_> = wheels
        .iter()
        .map(|wheel| target.rank(wheel).expect("it fits"))
        .collect();
    assert!(ranks.is_sorted_by(|better, worse| better > worse), "{ranks:#?}");
}

#[test]
fn the_best_of_several_tags_is_used() {
    let target = target(12, NixSystem::X86_64Darwin);
    let place = |tags| target.compatibility(&wheel(tags)).expect("it fits").place();
    assert_eq!(
        place("cp311.cp312-cp312.none-macosx_10_9_universal2.macosx_14_0_x86_64"),
        0
    );
    assert_eq!(place("py3.cp312-none-any"), place("cp312-none-any"));
}

#[test]
fn reasons() {
    for (minor, system, tags, reason) in [
        (
            11,
            NixSystem::X86_64Linux,
            "cp310-cp310-manylinux1_x86_64",
            "built for python `cp310`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "cp312-abi3-manylinux1_x86_64",
            "built for python `cp312`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "py2-none-any",
            "built for python `py2`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "pp310-pypy310_pp73-win_amd64",
            "built for python `pp310`",
        ),
        (
            13,
            NixSystem::X86_64Linux,
            "cp313-cp313t-manylinux1_x86_64",
            "built for abi `cp313t`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "cp311-cp311d-manylinux1_x86_64",
            "built for abi `cp311d`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "cp311-cp311-win32.win_amd64",
            "built for platform `win32.win_amd64`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "cp311-cp311-musllinux_1_1_x86_64",
            "built for platform `musllinux_1_1_x86_64`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "cp311-cp311-manylinux_2_41_x86_64",
            "built for platform `manylinux_2_41_x86_64`",
        ),
        (
            11,
            NixSystem::Aarch64Linux,
            "cp311-cp311-manylinux2010_aarch64",
            "built for platform `manylinux2010_aarch64`",
        ),
        (
            11,
            NixSystem::Aarch64Darwin,
            "cp38-abi3-macosx_10_9_x86_64",
            "built for platform `macosx_10_9_x86_64`",
        ),
        (
            11,
            NixSystem::Aarch64Darwin,
            "cp311-cp311-macosx_15_0_arm64",
            "built for platform `macosx_15_0_arm64`",
        ),
        (
            11,
            NixSystem::X86_64Linux,
            "cp311-cp311-any",
            "built for platform `any`",
        ),
    ] {
        let found = target(minor, system).check(&wheel(tags)).expect_err(tags);
        assert_eq!(found.to_string(), reason, "{tags} on {system}");
    }
}

#[test]
fn a_wrong_platform_is_nearer_than_a_wrong_python() {
    let target = target(11, NixSystem::X86_64Linux);
    let nearness = ["cp310-cp310-win32", "cp311-cp311d-win32", "cp311-cp311-win32"]
        .map(|tags| target.check(&wheel(tags)).expect_err(tags).nearness());
    assert!(nearness.is_sorted_by(|one, other| one < other));
}

/// In short: the list runs through all platforms for each pair of python and abi tag.
#[test]
fn the_list_of_tags() {
    let mut text = String::new();
    for system in NixSystem::ALL {
        writeln!(text, "platforms of {system}:").unwrap();
        for tag in target(12, system).iter().take_while(|tag| tag.abi == "cp312") {
            writeln!(text, "  {}", tag.platform).unwrap();
        }
    }
    for minor in [7, 12] {
        writeln!(text, "python-abi-… of 3.{minor}:").unwrap();
        let target = target(minor, NixSystem::Aarch64Darwin);
        let mut last = None;
        for tag in target.iter() {
            let platform = if tag.platform == "any" {
                "any"
            } else {
                "<each platform>"
            };
            let line = format!("{}-{}-{platform}", tag.python, tag.abi);
            if last.as_ref() != Some(&line) {
                writeln!(text, "  {line}").unwrap();
                last = Some(line);
            }
        }
    }
    insta::assert_snapshot!(text);
}
