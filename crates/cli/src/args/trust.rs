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
