//! Proves a store file: every chain recomputed, every membership chain replayed.

use std::{collections::BTreeMap, fmt, path::Path};

use rusqlite::{Connection, params};
use sync_protocol::{
    CentreId, ChainHash, Channel, DeviceId, EnvelopeId, Membership, SealedEnvelope, SignedRecord,
    StreamId,
};

use crate::store::{
    StoreError,
    sqlite::{reads, schema},
};

/// What a store file holds, once it is proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Centres.
    pub centres: u64,
    /// Membership records.
    pub records: u64,
    /// Channels.
    pub channels: u64,
    /// Envelopes.
    pub envelopes: u64,
    /// Bytes of envelopes.
    pub bytes: u64,
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "centres {}, membership records {}, channels {}, envelopes {}, bytes {}",
            self.centres, self.records, self.channels, self.envelopes, self.bytes
        )
    }
}

/// What is wrong with a store file.
#[derive(Debug)]
pub enum AuditError {
    /// It cannot be read.
    Store(StoreError),
    /// SQLite itself finds damage.
    Integrity {
        /// Its first words.
        finding: String,
    },
    /// A membership chain does not replay to the head that is kept.
    Membership {
        /// Which centre of the file, from 1.
        centre: i64,
    },
    /// A channel's envelopes do not add up to its head.
    Channel {
        /// Which channel of the file, from 1.
        channel: i64,
        /// The seq where it goes wrong.
        seq: u64,
        /// What was expected there.
        expected: &'static str,
    },
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Integrity { finding } => {
                write!(f, "expected an intact database, found: {finding}")
            }
            Self::Membership { centre } => {
                write!(
                    f,
                    "expected centre {centre} to replay to its head, found a difference"
                )
            }
            Self::Channel {
                channel,
                seq,
                expected,
            } => {
                write!(
                    f,
                    "expected {expected} at seq {seq} of channel {channel}, found another"
                )
            }
        }
    }
}

impl std::error::Error for AuditError {}

impl From<StoreError> for AuditError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for AuditError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Proves a store file without changing it.
pub fn audit(path: &Path) -> Result<Audit, AuditError> {
    let connection = schema::open_reader(path)?;
    let finding: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if finding != "ok" {
        return Err(AuditError::Integrity { finding });
    }
    schema::identity(&connection)?;
    let mut audit = Audit::default();
    for centre in centres(&connection)? {
        audit.centres += 1;
        audit.records += check_membership(&connection, &centre)?;
        for channel in channels(&connection, &centre)? {
            audit.channels += 1;
            let (envelopes, bytes) = check_channel(&connection, &centre, &channel)?;
            audit.envelopes += envelopes;
            audit.bytes += bytes;
        }
    }
    Ok(audit)
}

struct CentreRow {
    key: i64,
    centre: [u8; 32],
    length: u32,
    head: [u8; 32],
}

struct ChannelRow {
    key: i64,
    channel: [u8; 17],
    seq: u64,
    chain: [u8; 32],
}

fn centres(connection: &Connection) -> Result<Vec<CentreRow>, AuditError> {
    let mut select =
        connection.prepare("SELECT key, centre, length, head FROM centres ORDER BY key")?;
    let rows = select.query_map([], |row| {
        Ok(CentreRow {
            key: row.get(0)?,
            centre: row.get(1)?,
            length: row.get(2)?,
            head: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn channels(connection: &Connection, centre: &CentreRow) -> Result<Vec<ChannelRow>, AuditError> {
    let mut select = connection.prepare(
        "SELECT key, channel, seq, chain FROM channels WHERE centre_key = ?1 ORDER BY key",
    )?;
    let rows = select.query_map([centre.key], |row| {
        Ok(ChannelRow {
            key: row.get(0)?,
            channel: row.get(1)?,
            seq: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
            chain: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn check_membership(connection: &Connection, row: &CentreRow) -> Result<u64, AuditError> {
    let wrong = AuditError::Membership { centre: row.key };
    let mut records = Vec::new();
    for stored in reads::membership(connection, CentreId::from_bytes(row.centre))? {
        let Ok(record) = SignedRecord::parse(stored.bytes) else {
            return Err(wrong);
        };
        records.push(record);
    }
    let Ok(membership) = Membership::replay(&records) else {
        return Err(wrong);
    };
    let whole = membership.centre().as_bytes() == &row.centre
        && membership.length() == row.length
        && membership.head().as_bytes() == &row.head;
    if whole {
        Ok(u64::from(row.length))
    } else {
        Err(wrong)
    }
}

type StreamEnds = BTreeMap<(DeviceId, StreamId), (u64, EnvelopeId)>;

fn check_channel(
    connection: &Connection,
    centre: &CentreRow,
    row: &ChannelRow,
) -> Result<(u64, u64), AuditError> {
    let mut select = connection.prepare(
        "SELECT seq, id, chain, bytes FROM envelopes WHERE channel_key = ?1 ORDER BY seq",
    )?;
    let mut rows = select.query([row.key])?;
    let mut ends = StreamEnds::new();
    let (mut seq, mut chain, mut bytes) = (0, ChainHash::START, 0);
    while let Some(found) = rows.next()? {
        seq += 1;
        let wrong = |expected| AuditError::Channel {
            channel: row.key,
            seq,
            expected,
        };
        if found.get::<_, i64>(0)? != i64::try_from(seq).unwrap_or(i64::MAX) {
            return Err(wrong("the next seq"));
        }
        let stored: Vec<u8> = found.get(3)?;
        bytes += stored.len() as u64;
        let envelope = SealedEnvelope::parse(stored).map_err(|_| wrong("an envelope"))?;
        chain = chain.next(envelope.id());
        if found.get::<_, [u8; 32]>(1)? != *envelope.id().as_bytes() {
            return Err(wrong("the envelope's own id"));
        }
        if found.get::<_, [u8; 32]>(2)? != *chain.as_bytes() {
            return Err(wrong("the chain of what came before"));
        }
        check_belongs(centre, row, &envelope, &mut ends).map_err(wrong)?;
    }
    let wrong = |expected| AuditError::Channel {
        channel: row.key,
        seq,
        expected,
    };
    if seq != row.seq || chain.as_bytes() != &row.chain {
        return Err(wrong("the channel's head"));
    }
    check_streams(connection, row, &ends)?.map_err(wrong)?;
    Ok((seq, bytes))
}

fn check_belongs(
    centre: &CentreRow,
    row: &ChannelRow,
    envelope: &SealedEnvelope,
    ends: &mut StreamEnds,
) -> Result<(), &'static str> {
    let header = envelope.header();
    let channel = Channel::parse(&row.channel).map_err(|_| "a channel")?;
    if header.centre.as_bytes() != &centre.centre || header.channel != channel {
        return Err("an envelope of this channel");
    }
    let stream = (header.author, header.stream);
    let (n, prev) = ends.get(&stream).copied().unwrap_or((0, EnvelopeId::NONE));
    if header.n != n + 1 || header.prev != prev {
        return Err("the stream's next envelope");
    }
    ends.insert(stream, (header.n, envelope.id()));
    Ok(())
}

fn check_streams(
    connection: &Connection,
    row: &ChannelRow,
    ends: &StreamEnds,
) -> Result<Result<(), &'static str>, AuditError> {
    let mut select =
        connection.prepare("SELECT author, stream, n, id FROM streams WHERE channel_key = ?1")?;
    let rows = select.query_map(params![row.key], |row| {
        let stream = (
            DeviceId::from_bytes(row.get(0)?),
            StreamId::from_bytes(row.get(1)?),
        );
        let n = u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
        Ok((stream, (n, EnvelopeId::from_bytes(row.get(3)?))))
    })?;
    let kept: StreamEnds = rows.collect::<Result<_, _>>()?;
    Ok(if kept == *ends {
        Ok(())
    } else {
        Err("the ends of its streams")
    })
}
