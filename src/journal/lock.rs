//! The lock that keeps a journal to one process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::error::JournalError;

/// Name of the lock file in the state folder; it stays behind, the lock does not.
const FILE: &str = "borderwire.lock";

/// Held as long as the journal is open; the system lets go of it when the process ends, however.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the folder and writes our process id into its file.
    pub(super) fn take(dir: &Path) -> Result<Self, JournalError> {
        let path = dir.join(FILE);
        let folder = |source| JournalError::Folder { path: path.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(folder)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // The holder may be just between its lock and its id: then we say less.
                let _unreadable_is_unknown = file.read_to_string(&mut text);
                return Err(JournalError::Locked { path, holder: text.trim().parse().ok() });
            }
            Err(TryLockError::Error(source)) => return Err(folder(source)),
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(folder)?;
        Ok(Self { _file: file })
    }
}
