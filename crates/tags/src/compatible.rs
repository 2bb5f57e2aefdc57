use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

use crate::platform::platform_tags;
use crate::{BuildTag, Incompatibility, NixSystem, PythonVersion, WheelFilename};

/// Every wheel tag that a target supports, best first.
///
/// The list has a block for each pair of python and abi tag, which contains either every platform or only `any`. It is
/// stored in that form: several hundred short strings instead of several thousand triples, and a lookup costs two
/// hashes.
#[derive(Clone, Debug)]
pub struct CompatibleTags {
    python: PythonVersion,
    system: NixSystem,
    blocks: Vec<Block>,
    /// Best first; the index of a platform is its position in each block.
    platforms: Vec<Box<str>>,
    /// The blocks of each python tag, best first.
    by_python: HashMap<Box<str>, Vec<usize>>,
    by_platform: HashMap<Box<str>, u32>,
}

#[derive(Clone, Debug)]
struct Block {
    python: Box<str>,
    abi: Box<str>,
    scope: Scope,
    /// Rank of the first tag of the block in the whole list.
    first_rank: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    EachPlatform,
    Any,
}

impl CompatibleTags {
    /// The tags of CPython on a system of nixpkgs, in the order of `packaging.tags.cpython_tags` followed
    /// by `packaging.tags.compatible_tags`.
    #[must_use]
    pub fn for_target(python: PythonVersion, system: NixSystem) -> Self {
        let platforms = platform_tags(system);
        let platform_count = u32::try_from(platforms.len()).unwrap_or(u32::MAX);
        let mut first_rank = 0;
        let blocks: Vec<Block> = blocks(python)
            .map(|(python, abi, scope)| {
                let block = Block {
                    python: python.into(),
                    abi: abi.into(),
                    scope,
                    first_rank,
                };
                first_rank += if scope == Scope::Any { 1 } else { platform_count };
                block
            })
            .collect();

        let mut by_python: HashMap<Box<str>, Vec<usize>> = HashMap::new();
        for (index, block) in blocks.iter().enumerate() {
            by_python.entry(block.python.clone()).or_default().push(index);
        }
        let by_platform = platforms.iter().cloned().zip(0..).collect();
        Self {
            python,
            system,
            blocks,
            platforms,
            by_python,
            by_platform,
        }
    }

    /// The target's Python.
    #[must_use]
    pub const fn python(&self) -> PythonVersion {
        self.python
    }

    /// The target's system.
    #[must_use]
    pub const fn system(&self) -> NixSystem {
        self.system
    }

    /// The rank of the wheel's best tag; `None` if the target supports none of its tags.
    ///
    /// Does not allocate.
    #[must_use]
    pub fn compatibility(&self, wheel: &WheelFilename) -> Option<TagPriority> {
        let best_platform = wheel
            .platform()
            .iter()
            .filter_map(|tag| self.by_platform.get(tag))
            .min();
        let any = wheel.platform().contains("any");
        wheel
            .python()
            .iter()
            .filter_map(|python| self.by_python.get(python))
            .flatten()
            .map(|&index| &self.blocks[index])
            .filter(|block| wheel.abi().contains(&block.abi))
            .filter_map(|block| match block.scope {
                Scope::EachPlatform => best_platform.map(|place| block.first_rank + place),
                Scope::Any => any.then_some(block.first_rank),
            })
            .min()
            .map(|rank| TagPriority(Reverse(rank)))
    }

    /// [`CompatibleTags::compatibility`], with the reason if the wheel is not compatible.
    ///
    /// # Errors
    ///
    /// The first kind of tag that excludes the wheel.
    pub fn check(&self, wheel: &WheelFilename) -> Result<TagPriority, Incompatibility> {
        self.compatibility(wheel).ok_or_else(|| {
            Incompatibility::explain(wheel, self.python, |python, abi| {
                self.by_python
                    .get(python)
                    .is_some_and(|blocks| blocks.iter().any(|&index| &*self.blocks[index].abi == abi))
            })
        })
    }

    /// The rank of a wheel among those of a version; the greatest is the best.
    ///
    /// `None` if the wheel is not compatible.
    #[must_use]
    pub fn rank<'wheel>(&self, wheel: &'wheel WheelFilename) -> Option<WheelRank<'wheel>> {
        Some(WheelRank {
            priority: self.compatibility(wheel)?,
            build: wheel.build(),
        })
    }

    /// Every supported tag, best first.
    pub fn iter(&self) -> impl Iterator<Item = Tag<'_>> {
        self.blocks.iter().flat_map(
            |Block {
                 python, abi, scope, ..
             }| {
                let (platforms, any) = match scope {
                    Scope::EachPlatform => (&self.platforms[..], None),
                    Scope::Any => (&[][..], Some("any")),
                };
                platforms
                    .iter()
                    .map(|tag| &**tag)
                    .chain(any)
                    .map(move |platform| Tag {
                        python,
                        abi,
                        platform,
                    })
            },
        )
    }
}

/// The pairs of python and abi tag, best first.
fn blocks(version: PythonVersion) -> impl Iterator<Item = (String, String, Scope)> {
    use Scope::{Any, EachPlatform};

    let (major, minor) = (version.major(), version.minor());
    let own = format!("cp{major}{minor}");
    // Up to 3.7 the ABI tag contained an `m` for Python's own allocator, which was the default.
    let own_abi = if minor < 8 { format!("{own}m") } else { own.clone() };
    // The stable ABI (PEP 384) exists since 3.2; newer versions support that of older ones.
    let stable = (2..minor)
        .rev()
        .map(move |older| (format!("cp{major}{older}"), "abi3".to_owned(), EachPlatform));
    let pure = || {
        let older = (0..minor).rev().map(move |older| format!("py{major}{older}"));
        [format!("py{major}{minor}"), format!("py{major}")]
            .into_iter()
            .chain(older)
    };

    [own_abi.as_str(), "abi3", "none"]
        .map(|abi| (own.clone(), abi.to_owned(), EachPlatform))
        .into_iter()
        .chain(stable)
        .chain(pure().map(|python| (python, "none".to_owned(), EachPlatform)))
        .chain([(own, "none".to_owned(), Any)])
        .chain(pure().map(|python| (python, "none".to_owned(), Any)))
}

/// The rank of a supported tag. The greatest is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagPriority(Reverse<u32>);

impl TagPriority {
    /// The position of the tag in the list of its target; 0 is the best.
    #[must_use]
    pub const fn place(self) -> u32 {
        self.0.0
    }
}

/// pip's order among the wheels of a version: by tag, then by build tag. The greatest is the best.
///
/// Ranks of different targets are not comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WheelRank<'wheel> {
    /// The rank of the best tag of the wheel.
    pub priority: TagPriority,
    /// The build tag of the wheel.
    pub build: Option<&'wheel BuildTag>,
}

/// A supported tag: python, abi and platform. Displayed as in file names, such as `cp312-abi3-linux_x86_64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag<'list> {
    /// The interpreter, such as `cp312`.
    pub python: &'list str,
    /// The binary interface, such as `abi3`.
    pub abi: &'list str,
    /// The platform, such as `linux_x86_64`.
    pub platform: &'list str,
}

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.python, self.abi, self.platform)
    }
}
