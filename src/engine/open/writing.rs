//! Making documents, changes and envelopes. A command's writes become durable in one transaction.

use sync_protocol::{
    Channel, DocumentId, EnvelopeId, EnvelopeKind, MemberId, SealedEnvelope, compaction::Vouch,
};

use crate::{
    documents::{Document, DocumentKind, WriteError},
    domain::{side::Side, time::Moment},
    engine::{
        audience,
        crypto::{
            envelope::{self, HeadSeen, MembershipSeen, SealInput, SealKey},
            key::DocumentKey,
            local::{self, RowPlace},
            payload::{Attest, Change, Wrap},
        },
        library::record::Opened,
        open::{Open, PAUSE_MS, compacting::is_news},
        storage::key::{Key, Table},
        sync::logbook::Placed,
        turn::Turn,
        view::Trouble,
    },
};

/// One side's protected details, while they are on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenDetails {
    pub(crate) family: DocumentId,
    pub(crate) side: Side,
    pub(crate) document: DocumentId,
}

/// When changes leave the tablet's private rows for an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealing {
    /// With this commit.
    AtOnce,
    /// After a pause: a burst of typing is one envelope and not forty.
    AfterAPause,
}

impl Open {
    /// Makes a document: a fresh key in a wrap, then its first changes.
    pub(crate) fn create(
        &mut self,
        kind: DocumentKind,
        desk: MemberId,
        write: impl FnOnce(&mut Document) -> Result<(), WriteError>,
        turn: &mut Turn<'_>,
    ) -> Result<DocumentId, Trouble> {
        let id = DocumentId::from_bytes(turn.random());
        self.create_as(id, kind, desk, write, turn)?;
        Ok(id)
    }

    /// Makes a document under a name that was chosen before.
    pub(crate) fn create_as(
        &mut self,
        id: DocumentId,
        kind: DocumentKind,
        desk: MemberId,
        write: impl FnOnce(&mut Document) -> Result<(), WriteError>,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let channel = audience::channel(kind, desk);
        let mut document = Document::create(kind, &self.actor).map_err(|_| unwritable())?;
        write(&mut document).map_err(|_| unwritable())?;
        let key = DocumentKey::random(turn.rng);
        let wrap = Wrap {
            document_kind: kind.code(),
            key: DocumentKey::from_bytes(*key.expose()),
        };
        self.library.entry_mut(id, channel).known = Some((kind, key));
        let opened = Opened::read(&document);
        self.library.keep_open(id, document, opened);
        self.seal(EnvelopeKind::Wrap, channel, id, &wrap.encode(), turn)
            .map_err(|()| unwritable())?;
        self.collect(id, Sealing::AtOnce, turn);
        Ok(())
    }

    /// Changes an open document.
    pub(crate) fn edit(
        &mut self,
        id: DocumentId,
        sealing: Sealing,
        write: impl FnOnce(&mut Document) -> Result<(), WriteError>,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let live = self.library.live_mut(id).ok_or_else(gone)?;
        write(&mut live.document).map_err(|_| unwritable())?;
        self.collect(id, sealing, turn);
        Ok(())
    }

    /// Takes the new changes of a document and writes them: to an envelope, or to a private row for now.
    fn collect(&mut self, id: DocumentId, sealing: Sealing, turn: &mut Turn<'_>) {
        let Some(live) = self.library.live_mut(id) else {
            return;
        };
        let made = live.document.commit_new(Moment::from_ms(turn.now));
        if made.is_empty() {
            return;
        }
        live.opened = Opened::read(&live.document);
        live.unsealed.extend(made.iter().cloned());
        match sealing {
            Sealing::AtOnce => self.seal_document(id, turn),
            Sealing::AfterAPause => {
                self.keep_private(id, made, turn);
                self.under_way.seal_at.get_or_insert(turn.now + PAUSE_MS);
            }
        }
        self.summarise(id, turn);
    }

    fn keep_private(&mut self, id: DocumentId, made: Vec<Vec<u8>>, turn: &mut Turn<'_>) {
        let device = self.device();
        let order = u64::from_be_bytes(turn.random());
        let key = Key::pending(device, id, order);
        let plain = Change { changes: made }.encode();
        let place = RowPlace {
            table: Table::Pending.name(),
            key: &key.0,
        };
        let row = local::seal_row(&self.keyring.keyring.local, place, &plain, turn.rng);
        turn.put(Table::Pending, key.clone(), row);
        if let Some(live) = self.library.live_mut(id) {
            live.pending.push(key);
        }
    }

    /// Seals every document's waiting changes and asks for a push.
    pub(crate) fn seal_everything(&mut self, turn: &mut Turn<'_>) {
        self.under_way.seal_at = None;
        for document in self.library.unsealed() {
            self.seal_document(document, turn);
            self.summarise(document, turn);
        }
        turn.commit();
    }

    fn seal_document(&mut self, id: DocumentId, turn: &mut Turn<'_>) {
        let Some(channel) = self.library.entry(id).map(|entry| entry.channel) else {
            return;
        };
        let Some(live) = self.library.live_mut(id) else {
            return;
        };
        let changes = core::mem::take(&mut live.unsealed);
        let pending = core::mem::take(&mut live.pending);
        if changes.is_empty() {
            return;
        }
        let payload = Change {
            changes: changes.clone(),
        }
        .encode();
        if self
            .seal(EnvelopeKind::Change, channel, id, &payload, turn)
            .is_ok()
        {
            for key in pending {
                turn.delete(Table::Pending, key);
            }
        } else if let Some(live) = self.library.live_mut(id) {
            live.unsealed = changes;
            live.pending = pending;
        }
    }

    /// Says to the others of a channel what this device holds of it.
    pub(crate) fn send_attests(&mut self, turn: &mut Turn<'_>) {
        for channel in core::mem::take(&mut self.under_way.attest) {
            let held = self.logbook.holdings(channel);
            let payload = Attest { held }.encode();
            if self
                .seal(
                    EnvelopeKind::Attest,
                    channel,
                    DocumentId::NONE,
                    &payload,
                    turn,
                )
                .is_err()
            {
                // Nothing is lost but a badge; the next attest covers it.
                return;
            }
        }
    }

    /// Seals a payload, gives it its place in this device's run, and puts it into log and outbox.
    pub(crate) fn seal(
        &mut self,
        kind: EnvelopeKind,
        channel: Channel,
        document: DocumentId,
        payload: &[u8],
        turn: &mut Turn<'_>,
    ) -> Result<(), ()> {
        let envelope = self.draw_up(kind, channel, document, payload, turn)?;
        self.post(envelope, turn);
        Ok(())
    }

    /// The next envelope of this device's run; it must be posted, or no other will fit.
    pub(super) fn draw_up(
        &mut self,
        kind: EnvelopeKind,
        channel: Channel,
        document: DocumentId,
        payload: &[u8],
        turn: &mut Turn<'_>,
    ) -> Result<SealedEnvelope, ()> {
        let scope = channel.scope().ok_or(())?;
        let epoch = self.membership.epoch(scope).ok_or(())?.epoch;
        let (stream, tip) = self.logbook.own_run(self.device(), channel, turn);
        let head = self.logbook.head(channel);
        let input = SealInput {
            kind,
            centre: self.centre(),
            channel,
            document,
            epoch,
            stream,
            n: tip.map_or(1, |tip| tip.n + 1),
            prev: tip.map_or(EnvelopeId::NONE, |tip| tip.id),
            membership: MembershipSeen {
                index: self.membership.last_index(),
                hash: self.membership.head(),
            },
            head: HeadSeen {
                incarnation: self.conversation.incarnation(),
                seq: head.seq,
                chain: head.chain,
            },
            claimed_ms: turn.now,
        };
        let key = match kind {
            EnvelopeKind::Change | EnvelopeKind::Snapshot => {
                SealKey::Document(self.document_key(document).ok_or(())?)
            }
            EnvelopeKind::Prune => SealKey::InTheClear,
            EnvelopeKind::Attest if Vouch::decode(payload).is_ok() => SealKey::InTheClear,
            EnvelopeKind::Wrap
            | EnvelopeKind::Drop
            | EnvelopeKind::Attest
            | EnvelopeKind::Erase => {
                SealKey::Epoch(self.keyring.keyring.epoch(scope, epoch).ok_or(())?)
            }
        };
        envelope::seal(&input, key, payload, &self.keyring.keyring.device, turn.rng).map_err(drop)
    }

    pub(super) fn post(&mut self, envelope: SealedEnvelope, turn: &mut Turn<'_>) {
        if !self.made_up {
            self.outbox.add(&envelope, turn);
        }
        let header = envelope.header().clone();
        if let Placed::Joined(_) = self.logbook.place(envelope, turn)
            && header.kind != EnvelopeKind::Attest
        {
            let entry = self.library.entry_mut(header.document, header.channel);
            entry.covered = entry.covered.saturating_add(1);
            if is_news(header.kind) {
                entry.changed_by(&header);
            }
        }
    }

    pub(crate) fn document_key(&self, document: DocumentId) -> Option<&DocumentKey> {
        self.library
            .entry(document)?
            .known
            .as_ref()
            .map(|(_, key)| key)
    }

    /// Brings a document's summary up to date.
    pub(crate) fn summarise(&mut self, id: DocumentId, turn: &mut Turn<'_>) {
        let Some((opened, channel)) = self
            .library
            .opened(id)
            .map(Opened::summary)
            .zip(self.library.entry(id).map(|entry| entry.channel))
        else {
            return;
        };
        self.library.summarise(id, channel, opened);
        self.library
            .write_entry(id, self.device(), &self.keyring.keyring.local, turn);
    }
}

/// The document is not here any more.
pub(crate) fn gone() -> Trouble {
    Trouble::NotNow("this record is not on this tablet; go back and open it again".to_owned())
}

/// A record could not be written: it was made by a later version, or is damaged.
fn unwritable() -> Trouble {
    Trouble::NotNow(
        "this record cannot be changed by this version of the app; update it and try again"
            .to_owned(),
    )
}
