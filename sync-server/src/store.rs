//! What the relay keeps, behind one trait, so that SQLite and PostgreSQL pass the same contract.
//!
//! A store knows centres, chains of records, channels of envelopes and mailboxes, as opaque bytes in order.
//! It must not know who may do what: that is judged before it is asked, against the membership length it is told.

/// What a store holds, proved row by row.
pub mod audit;
/// From one file to a database for several nodes.
pub mod migrate;
/// The store of several nodes.
pub mod postgres;
/// Bodies that go.
pub mod pruning;
/// The default store.
pub mod sqlite;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
};

use sync_protocol::{
    CentreId, Channel, EnvelopeId, Incarnation, InviteId, RecordHash, SealedEnvelope,
    frame::ChannelPage,
};

use crate::{config::StoreUrl, store::pruning::Pruning};

/// Opens the store at this place, or makes it, with a new identity.
pub async fn open(place: &StoreUrl) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match place {
        StoreUrl::Sqlite(path) => Arc::new(sqlite::SqliteStore::open(path)?),
        StoreUrl::Postgres(place) => Arc::new(postgres::PostgresStore::open(place).await?),
    })
}

/// An answer that is on its way.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps what was acknowledged, through power cuts, and hands it out in order.
pub trait Store: Send + Sync + fmt::Debug + 'static {
    /// Who this store is; made when the store was made.
    fn identity(&self) -> Identity;

    /// Every record of a centre's membership chain, in order; empty for an unknown centre.
    fn membership(&self, centre: CentreId) -> Answer<'_, Vec<StoredRecord>>;

    /// Records of a chain from an index on, so many bytes of them and at least one.
    fn records_from(&self, centre: CentreId, index: u32, budget: usize)
    -> Answer<'_, Vec<Vec<u8>>>;

    /// Appends records if the chain has the expected length; length 0 opens the centre. All or none.
    fn append_membership(&self, append: NewMembership) -> Answer<'_, MembershipAppend>;

    /// Appends envelopes if the membership chain has the expected length. Each stands alone, all are durable at once.
    fn append_envelopes(&self, batch: NewEnvelopes) -> Answer<'_, EnvelopeAppend>;

    /// What is new in some channels, so many bytes of it.
    fn pages(&self, wanted: Wanted) -> Answer<'_, Pages>;

    /// The centre that announced an invite.
    fn invite_centre(&self, invite: InviteId) -> Answer<'_, Option<CentreId>>;

    /// Leaves a message in an invite's mailbox, unless it is full or has the same message already.
    fn leave_message(&self, message: NewMessage) -> Answer<'_, Left>;

    /// Messages of a mailbox after a number, in order.
    fn messages(&self, invite: InviteId, after: u32) -> Answer<'_, Vec<Vec<u8>>>;

    /// Lets go of mailboxes whose invites ended before this time; says how many messages went.
    fn purge_mailboxes(&self, now_ms: i64) -> Answer<'_, usize>;

    /// Lets go of what was put into the trash at or before this time, for good; says how many bodies went.
    fn purge_trash(&self, before_ms: i64) -> Answer<'_, usize>;

    /// Does a small piece of real work, so that `healthz` means something.
    fn touch(&self) -> Answer<'_, ()>;

    /// How other nodes over the same store are heard; the store of a single node has none.
    fn neighbours(&self) -> Option<&dyn Neighbours> {
        None
    }
}

/// What other nodes do to a store that they share.
pub trait Neighbours: Send + Sync + fmt::Debug {
    /// Waits until other nodes say that they changed something, and names the centres.
    ///
    /// A hint that may be lost: whoever must know looks at the heads from time to time.
    fn heard(&self) -> Pin<Box<dyn Future<Output = BTreeSet<CentreId>> + Send + '_>>;

    /// How long a centre's membership chain is now; 0 for an unknown centre.
    fn length(&self, centre: CentreId) -> Answer<'_, u32>;

    /// Where everything of some centres ends now; unknown ones are left out.
    fn heads(&self, centres: BTreeSet<CentreId>) -> Answer<'_, Vec<CentreHeads>>;
}

/// Where everything of one centre ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentreHeads {
    /// Which centre.
    pub centre: CentreId,
    /// Length of its membership chain.
    pub length: u32,
    /// Messages ever left in its mailboxes.
    pub messages: u64,
    /// Last seq of each of its channels.
    pub channels: Vec<(Channel, u64)>,
}

/// Who a store is.
#[derive(Clone)]
pub struct Identity {
    /// The store's life.
    pub incarnation: Incarnation,
    /// The secret half of the relay's signing key.
    pub relay_secret: [u8; 32],
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("incarnation", &self.incarnation)
            .finish_non_exhaustive()
    }
}

/// A membership record and when the relay received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// The record as it was signed.
    pub bytes: Vec<u8>,
    /// The relay's clock then, ms since 1970.
    pub received_ms: i64,
}

/// Records to append.
#[derive(Clone, Debug)]
pub struct NewMembership {
    /// Whose chain.
    pub centre: CentreId,
    /// The length that the records were judged at.
    pub expected: u32,
    /// Records as they were signed.
    pub records: Vec<Vec<u8>>,
    /// Hash of the last of them.
    pub head: RecordHash,
    /// Invites that the records announce, and when each ends.
    pub invites: Vec<(InviteId, i64)>,
    /// The relay's clock.
    pub now_ms: i64,
    /// Centres that the relay may keep.
    pub max_centres: u32,
}

/// What became of an append to a membership chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipAppend {
    /// Stored.
    Appended,
    /// The chain has another length.
    Moved,
    /// An invite of that name exists.
    InviteTaken,
    /// The relay keeps as many centres as it may.
    Full,
}

/// Envelopes of one centre that passed every check but those of order and space.
#[derive(Clone, Debug)]
pub struct NewEnvelopes {
    /// Whose.
    pub centre: CentreId,
    /// The membership length that they were judged at.
    pub membership_length: u32,
    /// The envelopes.
    pub envelopes: Vec<SealedEnvelope>,
    /// Bytes that the centre may keep.
    pub quota: u64,
    /// The relay's clock.
    pub now_ms: i64,
    /// What the prunes among the envelopes let go, if the store holds all that they rest on.
    pub prunings: BTreeMap<EnvelopeId, Pruning>,
}

/// What became of a batch of envelopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvelopeAppend {
    /// One answer per envelope, in order.
    Done(Vec<Placed>),
    /// The membership chain has another length: judge again.
    Moved,
}

/// What became of one envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// Stored at this place.
    Accepted(u64),
    /// Was stored at this place before.
    Duplicate(u64),
    /// Another envelope has its place in the stream, or it names another one before it.
    Conflict,
    /// The stream goes on with this n.
    Gap(u64),
    /// No space left.
    Quota,
}

/// What somebody wants to read.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whose.
    pub centre: CentreId,
    /// For each channel, the last seq held.
    pub channels: Vec<(Channel, u64)>,
    /// Bytes of envelopes to answer with; the one that goes over it is the last.
    pub budget: usize,
}

/// What there is to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Channels with something new, or with a head behind what is held.
    pub pages: Vec<ChannelPage>,
    /// Whether the budget ended before what there is.
    pub more: bool,
}

/// A message for a mailbox.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Whose mailbox.
    pub invite: InviteId,
    /// The message, sealed.
    pub bytes: Vec<u8>,
    /// When it goes.
    pub expires_ms: i64,
    /// Messages that the mailbox may hold.
    pub limit: usize,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Stored.
    Stored,
    /// Was there before.
    Duplicate,
    /// The mailbox holds all it may.
    Full,
}

/// A store that could not do its work; nothing of the request was kept.
#[derive(Debug)]
pub enum StoreError {
    /// SQLite refused.
    Sqlite(rusqlite::Error),
    /// PostgreSQL refused, or was not reached.
    Postgres(tokio_postgres::Error),
    /// No connection to the database was free in time.
    Busy,
    /// The database could lose what it acknowledges.
    NotDurable {
        /// The setting that is off.
        setting: &'static str,
    },
    /// This is not a relay's store, or one of another version.
    Foreign {
        /// What was expected.
        expected: &'static str,
    },
    /// Somebody else has the file open.
    InUse,
    /// What is stored cannot be what was stored.
    Damaged {
        /// What was being read.
        reading: &'static str,
    },
    /// The operating system had no random bytes.
    Random,
    /// A file could not be made or moved.
    Io(std::io::Error),
    /// The commit that held the work was refused.
    Commit,
    /// The store is shutting down.
    Closed,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "expected the database to answer, found: {error}"),
            Self::Postgres(error) => match error.code() {
                // The database's own words may quote what was stored.
                Some(code) => write!(
                    f,
                    "expected the database to answer, found code {}",
                    code.code()
                ),
                None => write!(f, "expected the database to answer, found: {error}"),
            },
            Self::Busy => f.write_str("expected a connection to the database, found none in time"),
            Self::NotDurable { setting } => write!(
                f,
                "expected a database that keeps what it acknowledges, found {setting} off"
            ),
            Self::Foreign { expected } => write!(f, "expected {expected}, found something else"),
            Self::InUse => f.write_str("expected a store that no relay uses, found it in use"),
            Self::Damaged { reading } => write!(f, "expected a stored {reading}, found damage"),
            Self::Random => f.write_str("expected random bytes of the system, found none"),
            Self::Io(error) => write!(f, "expected the file system to answer, found: {error}"),
            Self::Commit => f.write_str("expected the commit to succeed, found it refused"),
            Self::Closed => f.write_str("expected an open store, found it closing"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}
