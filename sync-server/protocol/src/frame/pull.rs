//! Fetching what is new: one request for all channels, one signed answer.

use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::{
    channel::Channel,
    codec::{Reader, Writer},
    error::CodecError,
    frame::auth::Challenge,
    id::{ChainHash, Incarnation, RecordHash},
    limits::{MAX_CHANNELS, MAX_ENVELOPE, MAX_PULL_ANSWER, MAX_RECORD, MAX_RECORDS},
    signing::{self, SIGNATURE_LEN},
};

/// More envelopes than a page of the smallest ones can hold.
const MAX_PAGE_ENVELOPES: usize = 8192;

/// What a device holds, asking for what it lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullRequest {
    /// Membership records held.
    pub membership_held: u32,
    /// For each channel, the last seq held.
    pub channels: Vec<(Channel, u64)>,
    /// Reserved for waiting at the relay; 0 today.
    pub wait_ms: u32,
}

impl PullRequest {
    /// The request's body.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(3)
            .uint(self.membership_held)
            .list(&self.channels, |w, (channel, after)| {
                w.array(2).bytes(&channel.to_bytes()).uint(*after)
            })
            .uint(self.wait_ms)
            .finish()
    }

    /// What a body asks for.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        r.array("pull request", 3)?;
        let request = Self {
            membership_held: r.u32("membership held")?,
            channels: r.list("channels", MAX_CHANNELS, |r| {
                r.array("channel and seq", 2)?;
                Ok((channel(r)?, r.u64("seq")?))
            })?,
            wait_ms: r.u32("wait")?,
        };
        r.finish()?;
        Ok(request)
    }
}

/// What is new in one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelPage {
    /// Which.
    pub channel: Channel,
    /// Its last seq at the relay.
    pub head_seq: u64,
    /// Its chain at that seq.
    pub head_chain: ChainHash,
    /// Envelopes as they were sealed, each with its seq, in order.
    pub envelopes: Vec<(u64, Vec<u8>)>,
}

/// The relay's answer; only [`PullAnswer::open`] makes one from bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullAnswer {
    /// The relay's key, for a device that does not know it yet.
    pub relay_key: [u8; 32],
    /// The relay's life in which it answers.
    pub incarnation: Incarnation,
    /// The relay's clock, ms since 1970.
    pub relay_ms: i64,
    /// For the next signed request.
    pub challenge: Challenge,
    /// Records in the membership chain at the relay.
    pub membership_length: u32,
    /// Hash of the last of them.
    pub membership_head: RecordHash,
    /// Records from the number held on, as they were signed.
    pub records: Vec<Vec<u8>>,
    /// Channels with something new.
    pub pages: Vec<ChannelPage>,
    /// Whether another request would bring more.
    pub more: bool,
}

impl PullAnswer {
    /// The answer's body, signed by the relay.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let items = self.items().finish();
        let signature = signing::sign(signing::PULL, &pull_digest(&items), key);
        let mut bytes = Writer::new().array(10).finish();
        bytes.extend_from_slice(&items);
        bytes.extend_from_slice(&Writer::new().bytes(&signature).finish());
        bytes
    }

    /// The answer, if its signature fits the key that it states.
    ///
    /// A device that has met the relay before compares [`PullAnswer::relay_key`] with the one it knows.
    pub fn open(bytes: &[u8]) -> Result<Self, CodecError> {
        if bytes.len() > MAX_PULL_ANSWER {
            return Err(CodecError::TooMany {
                reading: "answer",
                limit: MAX_PULL_ANSWER as u64,
                found: bytes.len() as u64,
            });
        }
        let mut r = Reader::new(bytes);
        r.array("pull answer", 10)?;
        let begin = r.position();
        let answer = Self::read_items(&mut r)?;
        let end = r.position();
        let signature = r.fixed::<SIGNATURE_LEN>("signature")?;
        r.finish()?;
        let items = bytes.get(begin..end).ok_or(CodecError::Signature)?;
        let key = VerifyingKey::from_bytes(&answer.relay_key).map_err(|_| CodecError::Signature)?;
        signing::verify(signing::PULL, &pull_digest(items), &signature, &key)
            .map_err(|_| CodecError::Signature)?;
        Ok(answer)
    }

    fn items(&self) -> Writer {
        Writer::new()
            .bytes(&self.relay_key)
            .bytes(self.incarnation.as_bytes())
            .int(self.relay_ms)
            .bytes(self.challenge.as_bytes())
            .uint(self.membership_length)
            .bytes(self.membership_head.as_bytes())
            .list(&self.records, |w, record| w.bytes(record))
            .list(&self.pages, put_page)
            .flag(self.more)
    }

    fn read_items(r: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self {
            relay_key: r.fixed("relay key")?,
            incarnation: Incarnation::from_bytes(r.fixed("incarnation")?),
            relay_ms: r.i64("relay time")?,
            challenge: Challenge::from_bytes(r.fixed("challenge")?),
            membership_length: r.u32("membership length")?,
            membership_head: RecordHash::from_bytes(r.fixed("membership head")?),
            records: r.list("records", MAX_RECORDS, |r| {
                r.bytes("record", MAX_RECORD).map(<[u8]>::to_vec)
            })?,
            pages: r.list("pages", MAX_CHANNELS, page)?,
            more: r.flag("more")?,
        })
    }
}

/// The digest that an answer's signature covers: every encoded item before the signature.
pub fn pull_digest(items: &[u8]) -> [u8; 32] {
    signing::digest(&[items])
}

fn put_page(w: Writer, page: &ChannelPage) -> Writer {
    w.array(4)
        .bytes(&page.channel.to_bytes())
        .uint(page.head_seq)
        .bytes(page.head_chain.as_bytes())
        .list(&page.envelopes, |w, (seq, bytes)| {
            w.array(2).uint(*seq).bytes(bytes)
        })
}

fn page(r: &mut Reader<'_>) -> Result<ChannelPage, CodecError> {
    r.array("page", 4)?;
    Ok(ChannelPage {
        channel: channel(r)?,
        head_seq: r.u64("head seq")?,
        head_chain: ChainHash::from_bytes(r.fixed("head chain")?),
        envelopes: r.list("envelopes", MAX_PAGE_ENVELOPES, |r| {
            r.array("seq and envelope", 2)?;
            let seq = r.u64("seq")?;
            Ok((seq, r.bytes("envelope", MAX_ENVELOPE)?.to_vec()))
        })?,
    })
}

fn channel(r: &mut Reader<'_>) -> Result<Channel, CodecError> {
    let bytes = r.fixed::<17>("channel")?;
    Channel::parse(&bytes).map_err(|_| r.malformed("channel"))
}
