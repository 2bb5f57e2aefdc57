//! Options about the trust in servers.

use clap::{Args, ValueEnum};
use mach_nix_fetch::{InsecureHost, Keyring};

#[derive(Debug, Clone, Args)]
pub struct TrustOptions {
    /// Connect to this host without encryption, or with any certificate; may be repeated.
    ///
    /// Write HOST or HOST:PORT. Other hosts need https, except this machine (localhost). Files are still compared with
    /// the digests in the lock, but the answers of this host may come from anybody between you and it.
    #[arg(
        long,
        hide_short_help = true,
        value_name = "HOST",
        env = "MACH_NIX_ALLOW_INSECURE_HOST",
        value_delimiter = ' '
    )]
    pub allow_insecure_host: Vec<InsecureHost>,

    /// Fail if an index does not have a package, instead of querying the next one.
    ///
    /// So no other index can take the place of one that lost a package for a moment. Pin packages of other indexes with
    /// --index-of.
    #[arg(long, hide_short_help = true, env = "MACH_NIX_STRICT_INDEXES")]
    pub strict_indexes: bool,

    /// The source of passwords that neither an address nor a variable nor .netrc has.
    ///
    /// `subprocess` runs the program `keyring`, as pip and uv do.
    #[arg(
        long,
        hide_short_help = true,
        value_enum,
        value_name = "PROVIDER",
        env = "MACH_NIX_KEYRING_PROVIDER",
        default_value_t = KeyringProvider::Disabled
    )]
    pub keyring_provider: KeyringProvider,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyringProvider {
    /// None.
    Disabled,
    /// The program `keyring`.
    Subprocess,
}

impl From<KeyringProvider> for Keyring {
    fn from(provider: KeyringProvider) -> Self {
        match provider {
            KeyringProvider::Disabled => Self::Disabled,
            KeyringProvider::Subprocess => Self::Subprocess,
        }
    }
}
