//! Channels of conda packages, answered like the package indexes: from memory, the cache or the network.

use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecords, Subdir};
use mach_nix_model::IndexError;

use crate::channel::ChannelFolder;
use crate::index::RemoteIndex;
use crate::request_error::RequestError;

impl RemoteIndex {
    /// Opens a folder of a channel; a folder that the channel lacks is one without packages.
    ///
    /// # Errors
    /// When the channel does not answer, or what it has is not repodata.
    pub fn channel_folder(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
    ) -> Result<Arc<ChannelFolder>, IndexError> {
        let work = self.shared.clone().channel_folder(channel.clone(), subdir);
        self.wait(&self.folders.cell((channel.url().into(), subdir)), work)
    }

    /// The records of a name in a folder of a channel.
    ///
    /// # Errors
    /// When the folder cannot be opened, or what it has under the name cannot be read.
    pub fn channel_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        let folder = self.channel_folder(channel, subdir)?;
        // A channel has to have one of the folders that a system can use; else a wrong address would be an empty channel.
        if !folder.exists()
            && subdir != Subdir::Noarch
            && !self.channel_folder(channel, Subdir::Noarch)?.exists()
        {
            return Err(IndexError::unreachable(
                channel.url(),
                RequestError::NoChannel { subdir },
            ));
        }
        let work = self.shared.clone().channel_records(folder, name.clone());
        self.wait(
            &self.records.cell((channel.url().into(), subdir, name.clone())),
            work,
        )
    }

    /// Announces names whose records will be needed.
    pub fn prefetch_records(&self, channel: &Arc<Channel>, subdir: Subdir, names: &[CondaName]) {
        // What cannot be opened is reported to whoever needs it.
        let Ok(folder) = self.channel_folder(channel, subdir) else {
            return;
        };
        for name in names.iter().filter(|name| folder.has(name.as_str())) {
            let cell = self.records.cell((channel.url().into(), subdir, name.clone()));
            self.begin(
                cell,
                self.shared.clone().channel_records(folder.clone(), name.clone()),
            );
        }
    }
}
