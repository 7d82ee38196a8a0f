//! What failed a check is kept whole, with the reason, and comes back if it finds its place after all.

use sync_protocol::EnvelopeId;

use crate::engine::{
    open::Open,
    storage::key::{Key, Table},
    turn::Turn,
};

impl Open {
    /// Sets an envelope aside with its reason, whole, so that nothing is dropped.
    pub(super) fn quarantine(
        &mut self,
        id: EnvelopeId,
        reason: &'static str,
        bytes: &[u8],
        turn: &mut Turn<'_>,
    ) {
        let mut row = vec![u8::try_from(reason.len()).unwrap_or(u8::MAX)];
        row.extend_from_slice(reason.as_bytes());
        row.extend_from_slice(bytes);
        turn.put(Table::Quarantine, Key::quarantine(id), row);
        let short: String = id.to_string().chars().take(8).collect();
        if !self.set_aside.iter().any(|(known, _)| *known == short) {
            self.set_aside.push((short, reason.to_owned()));
        }
    }

    /// An envelope that was set aside has found its place after all.
    pub(super) fn no_longer_aside(&mut self, id: EnvelopeId, turn: &mut Turn<'_>) {
        let short: String = id.to_string().chars().take(8).collect();
        let before = self.set_aside.len();
        self.set_aside.retain(|(known, _)| *known != short);
        if self.set_aside.len() < before {
            turn.delete(Table::Quarantine, Key::quarantine(id));
        }
    }
}

/// What was set aside before, and why.
pub(super) fn read_quarantine((key, row): &(Key, Vec<u8>)) -> Option<(String, String)> {
    let (length, rest) = row.split_first()?;
    let reason = core::str::from_utf8(rest.get(..usize::from(*length))?).ok()?;
    let id = key
        .0
        .iter()
        .take(4)
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Some((id, reason.to_owned()))
}
