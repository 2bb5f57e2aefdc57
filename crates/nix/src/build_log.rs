//! The log of a failed build, as a message for the user.

/// So many of the last lines of a log are shown, and so much of each.
const SHOWN_LINES: usize = 12;
const SHOWN_CHARACTERS: usize = 300;

/// The prefix of the reason of a refusal in the log.
const REASON: &str = "mach-nix: ";

/// The reason that may be caused by a missing library; see `nixlib/build/ask_backend.py`.
const ENDED: &str = "ended with exit code";

/// The prefix of the name of a package whose build failed; see `nixlib/build/build_wheel.py`.
const BUILD_FAILED: &str = "mach-nix: building `";

/// Lines that mark the start of the backend in the log; the second is that of older nixpkgs.
const BEGINS: [&str; 2] = ["Running phase: buildPhase", "building"];

/// The reason why the backend failed: that of the script, followed by the output of the backend.
pub fn refusal(name: &str, log: &str) -> String {
    let found = log
        .lines()
        .enumerate()
        .filter_map(|(at, line)| Some((at, line.rsplit_once(REASON)?)))
        .last();
    let Some((at, (unended, reason))) = found else {
        return format!("its build backend cannot run:\n{}", shown(log));
    };
    // The last output may lack the end of its line.
    let before: Vec<&str> = log.lines().take(at).chain([unended]).collect();
    let help = if reason.contains(ENDED) && misses_library(&before) {
        library_help(name)
    } else {
        String::new()
    };
    format!("{reason}{}{help}", backend_output(&before.join("\n")))
}

/// The reason why a build requirement cannot be built. Advice of the log about overrides does not apply while locking.
pub fn input_refusal(log: &str) -> String {
    const ADVICE: [&str; 3] = [
        "If a library is missing, add it:",
        "If a program is missing, add it:",
        "If there are wheels, take them:",
    ];
    let is_advice = |line: &str| ADVICE.iter().any(|advice| line.contains(advice));
    let lines: Vec<&str> = log.lines().filter(|line| !is_advice(line)).collect();
    let failed = lines.iter().rev().find_map(|line| {
        let (_, rest) = line.split_once(BUILD_FAILED)?;
        rest.split_once('`').map(|(name, _)| name)
    });
    let help = failed
        .filter(|_| misses_library(&lines))
        .map(library_help)
        .unwrap_or_default();
    format!(
        "a dependency of its build backend cannot be built:\n{}{help}",
        shown(&lines.join("\n"))
    )
}

/// The cause of a failed build, as far as its log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The source, which would fail again.
    Source,
    /// The source or the machine: memory, a signal.
    Unclear,
    /// The machine: a full disk, no connection, a Nix that starts no build.
    Machine,
}

/// The cause of the failure of a build backend.
pub fn cause(log: &str) -> Cause {
    /// Messages of the operating system and of Nix.
    const DISK: [&str; 4] = [
        "no space left on device",
        "disk quota exceeded",
        "disk is full",
        "input/output error",
    ];
    /// Messages of the operating system, compilers, Python and `ask_backend.py`.
    const MEMORY: [&str; 7] = [
        "cannot allocate memory",
        "virtual memory exhausted",
        "memoryerror",
        "resource temporarily unavailable",
        "killed signal",
        "ended by signal",
        "failed due to signal",
    ];
    let has_run = log.contains("failed with exit code") || log.contains("failed due to signal");
    if !has_run || speaks_of(log, &DISK) {
        Cause::Machine
    } else if speaks_of(log, &MEMORY) {
        Cause::Unclear
    } else {
        Cause::Source
    }
}

/// The cause of the failure of a build backend's dependency: the machine, unless it is a source that was built.
pub fn input_cause(log: &str) -> Cause {
    /// Messages of `fetchurl` and of Nix.
    const DOWNLOAD: [&str; 3] = ["cannot download", "unable to download", "hash mismatch"];
    match cause(log) {
        _ if speaks_of(log, &DOWNLOAD) => Cause::Machine,
        Cause::Source if !log.contains(BUILD_FAILED) => Cause::Unclear,
        cause => cause,
    }
}

/// Whether a log contains one of these messages. Warnings are ignored, because Nix tries several binary caches.
fn speaks_of(log: &str, words: &[&str]) -> bool {
    let lines = log.lines().map(|line| line.trim().to_lowercase());
    lines
        .filter(|line| !line.starts_with("warning:"))
        .any(|line| words.iter().any(|word| line.contains(word)))
}

/// The remedy for libraries that are missing while locking (docs/decisions/0028).
fn library_help(name: &str) -> String {
    format!(
        "\n  a library or a program seems to be missing: a definition of `{name}` in the nixpkgs in use provides it \
         (manual: \"Packages that are built from their source\")"
    )
}

/// Whether a log mentions a missing library or program.
fn misses_library(log: &[&str]) -> bool {
    /// Messages of compilers, linkers, shells, `pkg-config`, `CMake` and Meson, and of common `setup.py`.
    const SIGNS: [&str; 12] = [
        "cannot find -l",
        "library not found for -l",
        ".h: no such file",
        ".hpp: no such file",
        "command not found",
        ": not found",
        "executable not found",
        "config not found",
        "pkg-config",
        "could not find",
        "unable to find",
        "dependency lookup for",
    ];
    // `FileNotFoundError: [Errno 2] No such file or directory: 'cmake'`: a program has no path and no suffix.
    let is_program = |line: &str| {
        let name = line.rsplit_once("No such file or directory: '");
        name.is_some_and(|(_, name)| !name.contains(['/', '.']))
    };
    log.iter().any(|line| {
        let small = line.to_lowercase();
        SIGNS.iter().any(|sign| small.contains(sign)) || is_program(line)
    })
}

/// The output of the backend: the end of the log, without the preceding phases of nixpkgs.
pub fn backend_output(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let begin = lines.iter().rposition(|line| BEGINS.contains(&line.trim()));
    let shown = shown(&lines[begin.map_or(0, |at| at + 1)..].join("\n"));
    if shown.is_empty() {
        " without output".to_owned()
    } else {
        format!("; its output:\n{shown}")
    }
}

/// The end of a log, for the user.
fn shown(log: &str) -> String {
    // Nix's own lines are about derivations, not about the source.
    let is_output = |line: &&str| {
        let line = line.trim();
        !line.is_empty()
            && !line.starts_with("building '/nix/store")
            && !line.starts_with("error: build of '")
            && !line.starts_with("error: building of '")
    };
    let lines: Vec<&str> = log.lines().filter(is_output).collect();
    let last = &lines[lines.len().saturating_sub(SHOWN_LINES)..];
    let cut = last.iter().map(|line| {
        let printable: String = line
            .chars()
            .filter(|c| !c.is_control())
            .take(SHOWN_CHARACTERS)
            .collect();
        format!("  | {printable}")
    });
    cut.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_begins_with_its_reason() {
        let name = "demo";
        let log = "these derivations will be built:\nbuilding '/nix/store/x.drv'...\nhello\n\nworld\n\
                   mach-nix: its build backend prints more than 1 MiB\nerror: builder for 'x' failed\n";
        assert_eq!(
            refusal(name, log),
            "its build backend prints more than 1 MiB; its output:\n  | these derivations will be built:\n  | hello\n  | world"
        );
        let log = "building\nx x x mach-nix: its build backend prints more than 1 MiB\n";
        assert_eq!(
            refusal(name, log),
            "its build backend prints more than 1 MiB; its output:\n  | x x x "
        );
        let log = "Running phase: unpackPhase\nRunning phase: buildPhase\ncannot import x\n\
                   mach-nix: its build backend ended with exit code 3\nerror: builder for 'x' failed\n";
        assert_eq!(
            refusal(name, log),
            "its build backend ended with exit code 3; its output:\n  | cannot import x"
        );
    }

    #[test]
    fn a_missing_library_is_detected_in_the_log() {
        let name = "demo";
        let misses = |line: &str| {
            let log = format!("building\n{line}\nmach-nix: its build backend ended with exit code 1\n");
            refusal(name, &log).contains("a definition of `demo` in the nixpkgs")
        };
        for line in [
            "Error: pg_config executable not found.",
            "src/x.c:1:10: fatal error: zlib.h: No such file or directory",
            "/bin/ld: cannot find -lxml2: No such file or directory",
            "sh: 1: mysql_config: not found",
            "FileNotFoundError: [Errno 2] No such file or directory: 'cmake'",
            "Package cairo was not found in the pkg-config search path.",
        ] {
            assert!(misses(line), "{line}");
        }
        for line in [
            "ModuleNotFoundError: No module named 'numpy'",
            "FileNotFoundError: [Errno 2] No such file or directory: 'requirements.txt'",
            "SyntaxError: invalid syntax",
            "RuntimeError: this package needs Python 2",
        ] {
            assert!(!misses(line), "{line}");
        }
    }

    #[test]
    fn the_failed_build_of_a_build_tool_offers_no_overrides() {
        let script = include_str!("../../../nixlib/build/build_wheel.py");
        for advice in [
            "If a library is missing, add it:",
            "If there are wheels, take them:",
        ] {
            assert!(
                script.contains(advice),
                "the script says it in another way: {advice}"
            );
        }
        let log = "fatal error: cairo.h: No such file or directory\n\
                   mach-nix: building `pycairo` 1.27.0 from source failed; the reason is above\n  \
                   If a library is missing, add it:  _.pycairo.buildInputs.add = [ pkgs.LIBRARY ];\n  \
                   If a program is missing, add it:  _.pycairo.nativeBuildInputs.add = [ pkgs.PROGRAM ];\n  \
                   If there are wheels, take them:   providers.pycairo = \"wheel\";\nerror: builder for 'x' failed\n";
        let refusal = input_refusal(log);
        assert!(
            !refusal.contains("_.pycairo") && !refusal.contains("providers."),
            "{refusal}"
        );
        assert!(
            refusal.contains("a definition of `pycairo` in the nixpkgs"),
            "{refusal}"
        );
    }

    #[test]
    fn failures_of_the_machine_are_detected_in_the_log() {
        let log = |line: &str| {
            format!("building\n{line}\nerror: builder for '/nix/store/x.drv' failed with exit code 1;\n")
        };
        for (line, expected) in [
            (
                "mach-nix: its build backend ended with exit code 1",
                Cause::Source,
            ),
            ("OSError: [Errno 28] No space left on device", Cause::Machine),
            (
                "g++: fatal error: Killed signal terminated program cc1plus",
                Cause::Unclear,
            ),
            (
                "mach-nix: its build backend was ended by signal 9",
                Cause::Unclear,
            ),
            ("MemoryError", Cause::Unclear),
        ] {
            assert_eq!(cause(&log(line)), expected, "{line}");
        }
        assert_eq!(cause("error: cannot connect to the daemon"), Cause::Machine);
        let tool = "mach-nix: building `tool` 1.0 from source failed";
        for (line, expected) in [
            (tool, Cause::Source),
            ("cc: no such file", Cause::Unclear),
            (
                "error: cannot download tool-1.0.tar.gz from any mirror",
                Cause::Machine,
            ),
        ] {
            assert_eq!(input_cause(&log(line)), expected, "{line}");
        }
        let elsewhere = "warning: unable to download 'https://cache.example.org/nix-cache-info'";
        assert_eq!(input_cause(&log(&format!("{elsewhere}\n{tool}"))), Cause::Source);
    }

    #[test]
    fn a_silent_backend_is_called_so() {
        let log = "unpacking\nbuilding\nerror: building of '/nix/store/x.drv!*' from .drv file timed out after 5 seconds\n";
        assert_eq!(backend_output(log), " without output");
    }

    #[test]
    fn long_logs_are_cut() {
        let lines: Vec<String> = (0..1000)
            .map(|line| format!("{line} \u{1b}[31m{}\n", "x".repeat(1000)))
            .collect();
        let log = lines.concat();
        let shown = shown(&log);
        assert_eq!(shown.lines().count(), SHOWN_LINES);
        assert!(shown.starts_with("  | 988 [31mxxx") && shown.chars().count() < 4000);
    }
}
