use crate::{PythonVersion, TagSet, WheelFilename};

/// The reason why a wheel does not fit a target: the first of its three kinds of tags that excludes it, with the tags
/// of the file.
///
/// Variants are ordered by how close the wheel is to fitting; to explain why none of several wheels fits, take the
/// greatest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Incompatibility {
    /// It is for other interpreters or versions.
    #[error("built for python `{0}`")]
    Python(TagSet),
    /// It is for this Python, but for another ABI (debug, free-threaded).
    #[error("built for abi `{0}`")]
    Abi(TagSet),
    /// It is for this Python on other systems.
    #[error("built for platform `{0}`")]
    Platform(TagSet),
}

impl Incompatibility {
    /// Explains why an incompatible wheel does not fit. `pair_fits` returns whether the target supports a python and
    /// abi tag on any platform.
    pub(crate) fn explain(
        wheel: &WheelFilename,
        target: PythonVersion,
        pair_fits: impl Fn(&str, &str) -> bool,
    ) -> Self {
        let fits = |python| wheel.abi().iter().any(|abi| pair_fits(python, abi));
        if wheel.python().iter().any(fits) {
            return Self::Platform(wheel.platform().clone());
        }
        // For example `cp310-cp310` on Python 3.11: the list has `cp310`, but only for abi3 wheels. Users look for the
        // version, so that the abi is reported only if the python tag is the target's own.
        let (major, minor) = (target.major(), target.minor());
        let own = [
            format!("cp{major}{minor}"),
            format!("py{major}{minor}"),
            format!("py{major}"),
        ];
        if own.iter().any(|tag| wheel.python().contains(tag)) {
            return Self::Abi(wheel.abi().clone());
        }
        Self::Python(wheel.python().clone())
    }

    /// The closeness of the wheel to fitting; greater is closer.
    #[must_use]
    pub const fn nearness(&self) -> u8 {
        match self {
            Self::Python(_) => 0,
            Self::Abi(_) => 1,
            Self::Platform(_) => 2,
        }
    }
}
