//! How membership records are written: CBOR arrays, fields by position, one way only.

use ed25519_dalek::VerifyingKey;

use crate::{
    channel::Scope,
    codec::{Reader, Writer},
    error::CodecError,
    id::{DeviceId, InviteId, MemberId, RecordHash},
    limits::{MAX_EPOCHS, MAX_SEALED_KEYS},
    membership::{
        record::{DeviceKeys, EpochRecord, LINK_LEN, Payload, Record, SealedKey},
        signed::RecordError,
    },
    ring::RingSet,
    version,
};

impl Payload {
    const fn kind(&self) -> u8 {
        match self {
            Self::Genesis { .. } => 0,
            Self::MemberAdd { .. } => 1,
            Self::DeviceAdd { .. } => 2,
            Self::DeviceRevoke { .. } => 3,
            Self::RoleChange { .. } => 4,
            Self::RingEpoch { .. } => 5,
            Self::Invite { .. } => 6,
            Self::InviteCancel { .. } => 7,
            Self::RecoveryUsed => 9,
            Self::RelayChange { .. } => 10,
        }
    }

    fn put(&self, w: Writer) -> Writer {
        let kind = self.kind();
        match self {
            Self::Genesis {
                nonce,
                member,
                rings,
                keys,
                epochs,
            } => {
                let w = w.array(7).uint(kind).bytes(nonce).bytes(member.as_bytes());
                put_keys(w.uint(rings.bits()), keys)
                    .list(epochs, put_epoch)
                    .uint(version::SUITE)
            }
            Self::MemberAdd {
                member,
                rings,
                desk,
            } => {
                let w = w.array(4).uint(kind).bytes(member.as_bytes());
                put_epoch(w.uint(rings.bits()), desk)
            }
            Self::DeviceAdd {
                member,
                keys,
                invite,
                sealed,
            } => {
                let w = put_keys(w.array(5).uint(kind).bytes(member.as_bytes()), keys);
                w.optional(invite.as_ref().map(|invite| invite.as_bytes().as_slice()))
                    .list(sealed, put_sealed)
            }
            Self::DeviceRevoke { device, epochs } => w
                .array(3)
                .uint(kind)
                .bytes(device.as_bytes())
                .list(epochs, put_epoch),
            Self::RoleChange {
                member,
                rings,
                epochs,
                sealed,
            } => w
                .array(5)
                .uint(kind)
                .bytes(member.as_bytes())
                .uint(rings.bits())
                .list(epochs, put_epoch)
                .list(sealed, put_sealed),
            Self::RingEpoch { epochs } => w.array(2).uint(kind).list(epochs, put_epoch),
            Self::Invite {
                invite,
                member,
                rings,
                mailbox_hash,
                expires_ms,
            } => w
                .array(6)
                .uint(kind)
                .bytes(invite.as_bytes())
                .bytes(member.as_bytes())
                .uint(rings.bits())
                .bytes(mailbox_hash)
                .int(*expires_ms),
            Self::InviteCancel { invite } => w.array(2).uint(kind).bytes(invite.as_bytes()),
            Self::RecoveryUsed => w.array(1).uint(kind),
            Self::RelayChange { relay } => w.array(2).uint(kind).bytes(relay),
        }
    }

    fn read(r: &mut Reader<'_>, version: u8) -> Result<Self, RecordError> {
        let fields = r.length("payload")?;
        let kind = r.u8("kind")?;
        let expected = match kind {
            0 => 7,
            2 | 4 => 5,
            1 => 4,
            3 => 3,
            5 | 7 | 10 => 2,
            6 => 6,
            9 => 1,
            _ => {
                let kind = Some(kind);
                return Err(RecordError::UpdateNeeded { version, kind });
            }
        };
        if fields != expected {
            let reading = "payload";
            return Err(CodecError::Length {
                reading,
                expected,
                found: fields,
            }
            .into());
        }
        Self::read_fields(r, version, kind)
    }

    fn read_fields(r: &mut Reader<'_>, version: u8, kind: u8) -> Result<Self, RecordError> {
        Ok(match kind {
            0 => Self::read_genesis(r, version)?,
            1 => Self::MemberAdd {
                member: member(r)?,
                rings: rings(r)?,
                desk: epoch(r)?,
            },
            2 => Self::DeviceAdd {
                member: member(r)?,
                keys: keys(r)?,
                invite: r.optional("invite", invite)?,
                sealed: sealed_keys(r)?,
            },
            3 => Self::DeviceRevoke {
                device: device(r)?,
                epochs: epochs(r)?,
            },
            4 => Self::RoleChange {
                member: member(r)?,
                rings: rings(r)?,
                epochs: epochs(r)?,
                sealed: sealed_keys(r)?,
            },
            5 => Self::RingEpoch { epochs: epochs(r)? },
            6 => Self::Invite {
                invite: invite(r)?,
                member: member(r)?,
                rings: rings(r)?,
                mailbox_hash: r.fixed("mailbox hash")?,
                expires_ms: r.i64("expiry")?,
            },
            7 => Self::InviteCancel { invite: invite(r)? },
            9 => Self::RecoveryUsed,
            _ => Self::RelayChange {
                relay: r.fixed("relay key")?,
            },
        })
    }

    fn read_genesis(r: &mut Reader<'_>, version: u8) -> Result<Self, RecordError> {
        let genesis = Self::Genesis {
            nonce: r.fixed("nonce")?,
            member: member(r)?,
            rings: rings(r)?,
            keys: keys(r)?,
            epochs: epochs(r)?,
        };
        if r.u8("suite")? != version::SUITE {
            let kind = Some(0);
            return Err(RecordError::UpdateNeeded { version, kind });
        }
        Ok(genesis)
    }
}

impl Record {
    pub(super) fn encode(&self) -> Vec<u8> {
        let w = Writer::new()
            .array(6)
            .uint(version::RECORD)
            .uint(self.index)
            .bytes(self.prev.as_bytes())
            .bytes(self.signer.as_bytes())
            .int(self.claimed_ms);
        self.payload.put(w).finish()
    }

    pub(super) fn decode(body: &[u8]) -> Result<Self, RecordError> {
        let mut r = Reader::new(body);
        let fields = r.length("record")?;
        let version = r.u8("version")?;
        if version != version::RECORD {
            let kind = None;
            return Err(RecordError::UpdateNeeded { version, kind });
        }
        if fields != 6 {
            let reading = "record";
            return Err(CodecError::Length {
                reading,
                expected: 6,
                found: fields,
            }
            .into());
        }
        let record = Self {
            index: r.u32("index")?,
            prev: RecordHash::from_bytes(r.fixed("previous hash")?),
            signer: device(&mut r)?,
            claimed_ms: r.i64("claimed time")?,
            payload: Payload::read(&mut r, version)?,
        };
        r.finish()?;
        if record.encode() != body {
            return Err(CodecError::NotCanonical.into());
        }
        Ok(record)
    }
}

fn put_keys(w: Writer, keys: &DeviceKeys) -> Writer {
    w.array(2).bytes(keys.sign.as_bytes()).bytes(&keys.seal)
}

fn put_sealed(w: Writer, key: &SealedKey) -> Writer {
    w.array(4)
        .bytes(key.device.as_bytes())
        .bytes(&key.scope.to_bytes())
        .uint(key.epoch)
        .bytes(&key.output)
}

fn put_epoch(w: Writer, epoch: &EpochRecord) -> Writer {
    w.array(5)
        .bytes(&epoch.scope.to_bytes())
        .uint(epoch.epoch)
        .bytes(&epoch.box_public)
        .list(&epoch.sealed, put_sealed)
        .optional(epoch.link.as_ref().map(<[u8; LINK_LEN]>::as_slice))
}

fn member(r: &mut Reader<'_>) -> Result<MemberId, CodecError> {
    r.fixed("member").map(MemberId::from_bytes)
}

fn device(r: &mut Reader<'_>) -> Result<DeviceId, CodecError> {
    r.fixed("device").map(DeviceId::from_bytes)
}

fn invite(r: &mut Reader<'_>) -> Result<InviteId, CodecError> {
    r.fixed("invite").map(InviteId::from_bytes)
}

fn rings(r: &mut Reader<'_>) -> Result<RingSet, CodecError> {
    let bits = r.u8("rings")?;
    RingSet::from_bits(bits).ok_or_else(|| r.malformed("rings"))
}

fn scope(r: &mut Reader<'_>) -> Result<Scope, CodecError> {
    let bytes = r.fixed::<17>("scope")?;
    Scope::parse(&bytes).map_err(|_| r.malformed("scope"))
}

fn keys(r: &mut Reader<'_>) -> Result<DeviceKeys, CodecError> {
    r.array("device keys", 2)?;
    let sign = r.fixed("signing key")?;
    let sign = VerifyingKey::from_bytes(&sign)
        .ok()
        .filter(|key| !key.is_weak())
        .ok_or_else(|| r.malformed("signing key"))?;
    let seal = r.fixed("sealing key")?;
    Ok(DeviceKeys { sign, seal })
}

fn sealed_key(r: &mut Reader<'_>) -> Result<SealedKey, CodecError> {
    r.array("sealed key", 4)?;
    Ok(SealedKey {
        device: device(r)?,
        scope: scope(r)?,
        epoch: r.u32("epoch")?,
        output: r.fixed("sealed key")?,
    })
}

fn sealed_keys(r: &mut Reader<'_>) -> Result<Vec<SealedKey>, CodecError> {
    r.list("sealed keys", MAX_SEALED_KEYS, sealed_key)
}

fn epoch(r: &mut Reader<'_>) -> Result<EpochRecord, CodecError> {
    r.array("epoch", 5)?;
    Ok(EpochRecord {
        scope: scope(r)?,
        epoch: r.u32("epoch")?,
        box_public: r.fixed("box key")?,
        sealed: sealed_keys(r)?,
        link: r.optional("link", |r| r.fixed("link"))?,
    })
}

fn epochs(r: &mut Reader<'_>) -> Result<Vec<EpochRecord>, CodecError> {
    r.list("epochs", MAX_EPOCHS, epoch)
}
