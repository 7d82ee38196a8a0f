//! Whole tables into an empty database: the other end of proving.

use tokio_postgres::{Client, Config, Transaction};

use crate::store::{
    Identity, StoreError, StoredRecord,
    audit::{
        Audit, AuditError,
        rows::{CentreRow, ChannelRow, EnvelopeRow, InviteRow, MessageRow, StreamRow},
    },
    postgres::{audit, connect, rows::signed, schema, writes::Field},
};

/// A database that is to be filled.
pub(in crate::store) struct Target(Client);

impl Target {
    /// Reaches a database; what is in it is looked at by [`Target::begin`].
    pub(in crate::store) async fn reach(place: &Config) -> Result<Self, StoreError> {
        let client = connect(&schema::settled(place)).await?;
        schema::check_durable(&client).await?;
        Ok(Self(client))
    }

    /// Begins to fill it, if there is no store in it yet; nothing stays unless all of it does.
    pub(in crate::store) async fn begin(
        &mut self,
        identity: &Identity,
    ) -> Result<Filling<'_>, StoreError> {
        let transaction = self.0.transaction().await?;
        if !schema::is_new(&transaction).await? {
            return Err(StoreError::Foreign {
                expected: "a database without a relay's store",
            });
        }
        schema::make(&transaction, identity).await?;
        Ok(Filling(transaction))
    }
}

/// A store that grows table by table in one transaction.
pub(in crate::store) struct Filling<'a>(Transaction<'a>);

impl Filling<'_> {
    /// A centre and its chain; gives its key here.
    pub(in crate::store) async fn centre(
        &self,
        row: &CentreRow,
        records: &[StoredRecord],
    ) -> Result<i64, StoreError> {
        let (centre, head) = (row.centre.as_bytes().as_slice(), row.head.as_slice());
        let (length, bytes) = (i64::from(row.length), signed(row.bytes));
        let insert = "INSERT INTO centres (centre, length, head, bytes) VALUES ($1, $2, $3, $4)
             RETURNING key";
        let fields: [Field<'_>; 4] = [&centre, &length, &head, &bytes];
        let key: i64 = self.0.query_one(insert, &fields).await?.try_get(0)?;
        let (bytes, received): (Vec<&[u8]>, Vec<i64>) = records
            .iter()
            .map(|record| (record.bytes.as_slice(), record.received_ms))
            .unzip();
        let insert = "INSERT INTO membership (centre_key, idx, record, received_ms)
             SELECT $1, place - 1, record, received_ms
             FROM unnest($2::bytea[], $3::bigint[])
                 WITH ORDINALITY AS sent (record, received_ms, place)";
        let fields: [Field<'_>; 3] = [&key, &bytes, &received];
        self.0.execute(insert, &fields).await?;
        Ok(key)
    }

    /// A channel's head; gives its key here.
    pub(in crate::store) async fn channel(
        &self,
        centre_key: i64,
        row: &ChannelRow,
    ) -> Result<i64, StoreError> {
        let (channel, chain) = (row.channel.as_slice(), row.chain.as_slice());
        let insert = "INSERT INTO channels (centre_key, channel, seq, chain)
             VALUES ($1, $2, $3, $4) RETURNING key";
        let fields: [Field<'_>; 4] = [&centre_key, &channel, &signed(row.seq), &chain];
        Ok(self.0.query_one(insert, &fields).await?.try_get(0)?)
    }

    /// A run of a channel's envelopes.
    pub(in crate::store) async fn envelopes(
        &self,
        channel_key: i64,
        run: &[EnvelopeRow],
    ) -> Result<(), StoreError> {
        let seqs: Vec<i64> = run.iter().map(|row| signed(row.seq)).collect();
        let authors: Vec<&[u8]> = run.iter().map(|row| row.author.as_slice()).collect();
        let streams: Vec<&[u8]> = run.iter().map(|row| row.stream.as_slice()).collect();
        let ns: Vec<i64> = run.iter().map(|row| signed(row.n)).collect();
        let ids: Vec<&[u8]> = run.iter().map(|row| row.id.as_slice()).collect();
        let chains: Vec<&[u8]> = run.iter().map(|row| row.chain.as_slice()).collect();
        let bytes: Vec<&[u8]> = run.iter().map(|row| row.bytes.as_slice()).collect();
        let received: Vec<Option<i64>> = run.iter().map(|row| row.received_ms).collect();
        let insert = "INSERT INTO envelopes
                 (channel_key, seq, author, stream, n, id, chain, bytes, received_ms)
             SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[],
                 $6::bytea[], $7::bytea[], $8::bytea[], $9::bigint[])";
        let fields: [Field<'_>; 9] = [
            &channel_key,
            &seqs,
            &authors,
            &streams,
            &ns,
            &ids,
            &chains,
            &bytes,
            &received,
        ];
        self.0.execute(insert, &fields).await?;
        self.trash(channel_key, run).await
    }

    /// Those of a run whose bodies wait in the trash.
    async fn trash(&self, channel_key: i64, run: &[EnvelopeRow]) -> Result<(), StoreError> {
        let insert = "INSERT INTO trash (channel_key, seq, bytes, pruned_ms)
             VALUES ($1, $2, $3, $4)";
        for row in run {
            if let Some((bytes, pruned_ms)) = &row.trash {
                let fields: [Field<'_>; 4] = [&channel_key, &signed(row.seq), bytes, pruned_ms];
                self.0.execute(insert, &fields).await?;
            }
        }
        Ok(())
    }

    /// The ends of a channel's streams.
    pub(in crate::store) async fn streams(
        &self,
        channel_key: i64,
        ends: &[StreamRow],
    ) -> Result<(), StoreError> {
        let authors: Vec<&[u8]> = ends.iter().map(|row| row.author.as_slice()).collect();
        let streams: Vec<&[u8]> = ends.iter().map(|row| row.stream.as_slice()).collect();
        let ns: Vec<i64> = ends.iter().map(|row| signed(row.n)).collect();
        let ids: Vec<&[u8]> = ends.iter().map(|row| row.id.as_slice()).collect();
        let insert = "INSERT INTO streams (channel_key, author, stream, n, id)
             SELECT $1, * FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[])";
        let fields: [Field<'_>; 5] = [&channel_key, &authors, &streams, &ns, &ids];
        self.0.execute(insert, &fields).await?;
        Ok(())
    }

    /// Which centre announced which invite.
    pub(in crate::store) async fn invite(&self, row: &InviteRow) -> Result<(), StoreError> {
        let (invite, centre) = (row.invite.as_slice(), row.centre.as_bytes().as_slice());
        let insert = "INSERT INTO invites (invite, centre_key, expires_ms)
             SELECT $1, key, $3 FROM centres WHERE centre = $2";
        let fields: [Field<'_>; 3] = [&invite, &centre, &row.expires_ms];
        self.0.execute(insert, &fields).await?;
        Ok(())
    }

    /// A message that waits in a mailbox.
    pub(in crate::store) async fn message(&self, row: &MessageRow) -> Result<(), StoreError> {
        let (invite, no) = (row.invite.as_slice(), i64::from(row.no));
        let insert =
            "INSERT INTO mailbox (invite, no, message, expires_ms) VALUES ($1, $2, $3, $4)";
        let fields: [Field<'_>; 4] = [&invite, &no, &row.message, &row.expires_ms];
        self.0.execute(insert, &fields).await?;
        Ok(())
    }

    /// Proves what would stay.
    pub(in crate::store) async fn prove(&self) -> Result<Audit, AuditError> {
        audit::prove(&self.0).await
    }

    /// Makes it stay.
    pub(in crate::store) async fn keep(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}
