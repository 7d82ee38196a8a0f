//! What was received joins the log, then the documents. Nothing is dropped: what fails a check is set aside.

use sync_protocol::{
    Channel, DocumentId, EnvelopeError, EnvelopeKind, SealedEnvelope, compaction::Vouch,
    envelope::id_of,
};

use crate::domain::few::Few;
use crate::engine::{
    crypto::{
        envelope::{SealKey, VerifiedEnvelope},
        payload::Attest,
    },
    library::{
        assemble::{self, Fault},
        record::Opened,
    },
    open::{Open, compacting::is_news},
    sync::logbook::Placed,
    turn::Turn,
};

impl Open {
    /// Takes envelopes as they came. True if something of another device was among them.
    pub(crate) fn receive(&mut self, envelopes: Vec<Vec<u8>>, turn: &mut Turn<'_>) -> bool {
        let mut joined: Few<(Channel, DocumentId), Vec<SealedEnvelope>> = Few::default();
        for bytes in envelopes {
            for envelope in self.take(&bytes, turn) {
                let header = envelope.header();
                joined
                    .or_default((header.channel, header.document))
                    .push(envelope);
            }
        }
        let mine = self.device();
        let others = joined.values().flatten().any(|envelope| {
            envelope.header().author != mine && envelope.header().kind != EnvelopeKind::Attest
        });
        let mut behind = Vec::new();
        for ((channel, document), envelopes) in joined {
            if document == DocumentId::NONE {
                self.hear_attests(channel, &envelopes, turn);
                continue;
            }
            if envelopes
                .iter()
                .any(|envelope| envelope.header().author != mine)
            {
                self.under_way.attest.insert(channel);
            }
            self.note_snapshots(channel, document, &envelopes);
            self.bring_up_to_date(channel, document, &envelopes, &mut behind, turn);
        }
        turn.commit();
        self.read_documents(behind, turn);
        others
    }

    /// Checks one envelope and gives it its place; what joins the log by it.
    fn take(&mut self, bytes: &[u8], turn: &mut Turn<'_>) -> Vec<SealedEnvelope> {
        let envelope = match SealedEnvelope::parse_kept(bytes.to_vec()) {
            Ok(envelope) => envelope,
            Err(error) => {
                let fault = if matches!(error, EnvelopeError::UpdateNeeded { .. }) {
                    Fault::UpdateNeeded
                } else {
                    Fault::Contents
                };
                let id = id_of(bytes);
                self.quarantine(id, fault.words(), bytes, turn);
                return Vec::new();
            }
        };
        let id = envelope.id();
        if let Err(fault) = assemble::verify(&envelope, &self.membership) {
            self.quarantine(id, fault.words(), bytes, turn);
            return Vec::new();
        }
        match self.logbook.place(envelope, turn) {
            Placed::Joined(joined) => {
                for envelope in &joined {
                    self.no_longer_aside(envelope.id(), turn);
                }
                joined
            }
            Placed::Duplicate | Placed::Early => Vec::new(),
            Placed::Forked => {
                self.quarantine(id, Fault::Forked.words(), bytes, turn);
                Vec::new()
            }
        }
    }

    /// A document that is open takes the new changes; a new one is made of them; the rest are read again.
    fn bring_up_to_date(
        &mut self,
        channel: Channel,
        id: DocumentId,
        envelopes: &[SealedEnvelope],
        behind: &mut Vec<(Channel, DocumentId)>,
        turn: &mut Turn<'_>,
    ) {
        if self.lies_elsewhere(channel, id, envelopes, turn) {
            return;
        }
        let all_of_it = usize::try_from(self.logbook.count(channel, id))
            .is_ok_and(|count| count == envelopes.len());
        if self.library.live(id).is_some() {
            self.apply_to_open(channel, id, envelopes, behind, turn);
        } else if all_of_it {
            self.open_document(channel, id, envelopes, turn);
        } else {
            behind.push((channel, id));
        }
    }

    /// A record lies in one channel: what comes under its name in another is set aside, whoever may write there.
    ///
    /// Whichever came first: of two channels the first in their order is the record's. What only co-ordinators write
    /// comes before what the whole team writes, and that before a desk, where one person alone might use any name.
    pub(crate) fn lies_elsewhere(
        &mut self,
        channel: Channel,
        id: DocumentId,
        envelopes: &[SealedEnvelope],
        turn: &mut Turn<'_>,
    ) -> bool {
        let held = self
            .library
            .entry(id)
            .map_or(channel, |entry| entry.channel);
        if channel <= held {
            if channel < held {
                self.library.give_up(id);
            }
            return false;
        }
        for envelope in envelopes {
            let words = Fault::OtherChannel.words();
            self.quarantine(envelope.id(), words, envelope.bytes(), turn);
        }
        true
    }

    fn apply_to_open(
        &mut self,
        channel: Channel,
        id: DocumentId,
        envelopes: &[SealedEnvelope],
        behind: &mut Vec<(Channel, DocumentId)>,
        turn: &mut Turn<'_>,
    ) {
        let mut changes = Vec::new();
        for envelope in envelopes {
            let opened = assemble::verify(envelope, &self.membership)
                .and_then(|verified| self.open_changes(id, verified));
            match opened {
                Ok(Some(found)) => changes.extend(found),
                // Sealed with another key of the same document, or a snapshot: only the whole log tells.
                Ok(None) if behind.contains(&(channel, id)) => {}
                Ok(None) => behind.push((channel, id)),
                Err(fault) => self.quarantine(envelope.id(), fault.words(), envelope.bytes(), turn),
            }
        }
        if let Some(live) = self.library.live_mut(id) {
            let applied = live.document.apply(&changes);
            live.opened = Opened::read(&live.document);
            if applied.is_err() {
                behind.push((channel, id));
            }
        }
        let count = self.logbook.count(channel, id);
        let entry = self.library.entry_mut(id, channel);
        // What is still to be read is not covered, should the app be closed before it is.
        if !behind.contains(&(channel, id)) {
            entry.covered = count;
        }
        let headers = envelopes.iter().map(SealedEnvelope::header);
        let mut news = headers.filter(|header| is_news(header.kind));
        if let Some(header) = news.next_back() {
            entry.changed_by(header);
        }
        self.summarise(id, turn);
    }

    fn open_changes(
        &self,
        id: DocumentId,
        verified: VerifiedEnvelope<'_>,
    ) -> Result<Option<Vec<Vec<u8>>>, Fault> {
        let Some((kind, key)) = self
            .library
            .entry(id)
            .and_then(|entry| entry.known.as_ref())
        else {
            return Ok(None);
        };
        if verified.header().kind != EnvelopeKind::Change
            || verified.header().key_id != key.key_id()
            || verified.envelope().is_stub()
        {
            return Ok(None);
        }
        assemble::changes(verified, *kind, key, &self.membership).map(Some)
    }

    fn hear_attests(
        &mut self,
        channel: Channel,
        envelopes: &[SealedEnvelope],
        turn: &mut Turn<'_>,
    ) {
        for envelope in envelopes {
            if let Some(vouch) = Vouch::of(envelope) {
                self.hear_vouch(channel, envelope, &vouch);
                continue;
            }
            match self.open_attest(channel, envelope) {
                Ok(attest) => {
                    let author = envelope.header().author;
                    self.logbook
                        .hear_attest(channel, author, &attest.held, turn);
                }
                Err(fault) => self.quarantine(envelope.id(), fault.words(), envelope.bytes(), turn),
            }
        }
    }

    fn open_attest(&self, channel: Channel, envelope: &SealedEnvelope) -> Result<Attest, Fault> {
        let verified = assemble::verify(envelope, &self.membership)?;
        if envelope.header().kind != EnvelopeKind::Attest {
            return Err(Fault::Contents);
        }
        let scope = channel.scope().ok_or(Fault::DoesNotOpen)?;
        let key = self
            .keyring
            .keyring
            .epoch(scope, envelope.header().epoch)
            .ok_or(Fault::DoesNotOpen)?;
        let plain = verified
            .open(SealKey::Epoch(key))
            .map_err(|_| Fault::DoesNotOpen)?;
        Attest::decode(&plain).map_err(|_| Fault::Contents)
    }
}
