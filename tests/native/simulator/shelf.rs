//! The relay's store in a simulation: the real SQLite store, with an identity from the seed, and with faults to be noticed.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard},
};

use sync_protocol::{CentreId, ChainHash, Channel, InviteId, frame::ChannelPage};
use sync_server::store::{
    Answer, EnvelopeAppend, Identity, Left, MembershipAppend, NewEnvelopes, NewMembership,
    NewMessage, Pages, Placed, Store, StoredRecord, Wanted, sqlite::SqliteStore,
};

/// What a broken relay does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelayFault {
    /// Acknowledges every so many batches without keeping them.
    Discards(u32),
    /// Keeps whatever comes, whether it is there or not.
    TakesTwice,
    /// Hands out everything of a channel but every so many envelopes, and calls the rest by the seq they would have.
    Skips(u64),
}

/// A store with its faults.
pub(crate) struct Shelf {
    inner: SqliteStore,
    identity: Identity,
    fault: Option<RelayFault>,
    batches: Mutex<u32>,
    careless: Mutex<BTreeMap<Channel, Vec<Vec<u8>>>>,
}

impl Shelf {
    /// A new store in this file.
    pub(crate) fn new(path: &Path, identity: Identity, fault: Option<RelayFault>) -> Self {
        Self {
            inner: SqliteStore::open(path).unwrap(),
            identity,
            fault,
            batches: Mutex::default(),
            careless: Mutex::default(),
        }
    }

    fn discards(&self) -> bool {
        let Some(RelayFault::Discards(every)) = self.fault else {
            return false;
        };
        let mut batches = self.batches.lock().unwrap();
        *batches += 1;
        batches.is_multiple_of(every)
    }

    fn careless(&self) -> MutexGuard<'_, BTreeMap<Channel, Vec<Vec<u8>>>> {
        self.careless.lock().unwrap()
    }

    fn keep_all(&self, batch: &NewEnvelopes) -> EnvelopeAppend {
        let mut careless = self.careless();
        let placed = batch.envelopes.iter().map(|envelope| {
            let kept = careless.entry(envelope.header().channel).or_default();
            kept.push(envelope.bytes().to_vec());
            Placed::Accepted(u64::try_from(kept.len()).unwrap())
        });
        EnvelopeAppend::Done(placed.collect())
    }

    fn careless_pages(&self, wanted: &Wanted) -> Pages {
        let careless = self.careless();
        let pages = wanted.channels.iter().filter_map(|(channel, after)| {
            let kept = careless.get(channel)?;
            let numbered = (1..).zip(kept.iter().cloned());
            let envelopes: Vec<(u64, Vec<u8>)> = numbered.filter(|(seq, _)| seq > after).collect();
            let chain = kept.iter().fold(ChainHash::START, |chain, bytes| {
                let id = *blake3::hash(bytes).as_bytes();
                chain.next(sync_protocol::EnvelopeId::from_bytes(id))
            });
            (!envelopes.is_empty()).then(|| ChannelPage {
                channel: *channel,
                head_seq: u64::try_from(kept.len()).unwrap(),
                head_chain: chain,
                envelopes,
            })
        });
        Pages {
            pages: pages.collect(),
            more: false,
        }
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

impl Store for Shelf {
    fn identity(&self) -> Identity {
        self.identity.clone()
    }

    fn membership(&self, centre: CentreId) -> Answer<'_, Vec<StoredRecord>> {
        self.inner.membership(centre)
    }

    fn records_from(
        &self,
        centre: CentreId,
        index: u32,
        budget: usize,
    ) -> Answer<'_, Vec<Vec<u8>>> {
        self.inner.records_from(centre, index, budget)
    }

    fn append_membership(&self, append: NewMembership) -> Answer<'_, MembershipAppend> {
        self.inner.append_membership(append)
    }

    fn append_envelopes(&self, batch: NewEnvelopes) -> Answer<'_, EnvelopeAppend> {
        if self.fault == Some(RelayFault::TakesTwice) {
            return Box::pin(async move { Ok(self.keep_all(&batch)) });
        }
        if self.discards() {
            let placed = batch.envelopes.iter().map(|_| Placed::Accepted(1));
            let done = EnvelopeAppend::Done(placed.collect());
            return Box::pin(async move { Ok(done) });
        }
        self.inner.append_envelopes(batch)
    }

    fn pages(&self, wanted: Wanted) -> Answer<'_, Pages> {
        if self.fault == Some(RelayFault::TakesTwice) {
            return Box::pin(async move { Ok(self.careless_pages(&wanted)) });
        }
        let Some(RelayFault::Skips(every)) = self.fault else {
            return self.inner.pages(wanted);
        };
        Box::pin(async move {
            let mut pages = self.inner.pages(wanted).await?;
            for page in &mut pages.pages {
                page.envelopes.retain(|(seq, _)| seq % every != 0);
            }
            Ok(pages)
        })
    }

    fn invite_centre(&self, invite: InviteId) -> Answer<'_, Option<CentreId>> {
        self.inner.invite_centre(invite)
    }

    fn leave_message(&self, message: NewMessage) -> Answer<'_, Left> {
        self.inner.leave_message(message)
    }

    fn messages(&self, invite: InviteId, after: u32) -> Answer<'_, Vec<Vec<u8>>> {
        self.inner.messages(invite, after)
    }

    fn purge_mailboxes(&self, now_ms: i64) -> Answer<'_, usize> {
        self.inner.purge_mailboxes(now_ms)
    }

    fn purge_trash(&self, before_ms: i64) -> Answer<'_, usize> {
        self.inner.purge_trash(before_ms)
    }

    fn touch(&self) -> Answer<'_, ()> {
        self.inner.touch()
    }
}
