//! The keyring's inside, in CBOR.
//!
//! ```text
//! [ centre, standing, [ Ed25519 seed 32, X25519 secret 32 ], local key 32, [ [ scope 17, epoch u32, key 32 ]… ] ]
//! standing = [ 0, invite secret 16, nonce 16 ] or [ 1, MemberId ]
//! ```

use sync_protocol::{CentreId, MemberId, Scope};
use zeroize::Zeroizing;

use super::{Keyring, Standing};
use crate::engine::crypto::{
    cbor::{DecodeError, Reader, Writer},
    device::DeviceSecrets,
    enrolment::{InviteSecret, Nonce},
    key::{EpochKey, LocalKey},
};

/// More than the parts before the list take, and more than each entry of it takes.
const FIXED_LEN: usize = 256;
const EPOCH_LEN: usize = 64;

pub(super) fn encode(keyring: &Keyring) -> Zeroizing<Vec<u8>> {
    let seed = Zeroizing::new(keyring.device.signing_key().to_bytes());
    let writer = Writer::with_capacity(FIXED_LEN + EPOCH_LEN * keyring.epochs.len())
        .array(5)
        .bytes(keyring.centre.as_bytes());
    let writer = put_standing(writer, &keyring.standing)
        .array(2)
        .bytes(seed.as_slice())
        .bytes(keyring.device.seal_secret())
        .bytes(keyring.local.expose())
        .array(keyring.epochs.len());
    keyring
        .epochs()
        .fold(writer, |writer, (scope, epoch, key)| {
            writer
                .array(3)
                .bytes(&scope.to_bytes())
                .uint(epoch)
                .bytes(key.expose())
        })
        .finish()
}

pub(super) fn decode(bytes: &[u8]) -> Result<Keyring, DecodeError> {
    let mut reader = Reader::new(bytes);
    reader.array("keyring", 5)?;
    let centre = CentreId::from_bytes(reader.fixed("centre")?);
    let standing = take_standing(&mut reader)?;
    reader.array("device", 2)?;
    let sign = Zeroizing::new(reader.fixed("signing seed")?);
    let seal = Zeroizing::new(reader.fixed("sealing secret")?);
    let device = DeviceSecrets::from_secrets(&sign, &seal);
    let local = LocalKey::from_bytes(reader.fixed("local key")?);
    let mut keyring = Keyring::new(centre, standing, device, local);
    for _ in 0..reader.length("epoch keys")? {
        reader.array("epoch key", 3)?;
        let scope = take_scope(&mut reader)?;
        let epoch = reader.u32("epoch")?;
        keyring.keep_epoch(scope, epoch, EpochKey::from_bytes(reader.fixed("key")?));
    }
    reader.finish()?;
    Ok(keyring)
}

fn put_standing(writer: Writer, standing: &Standing) -> Writer {
    match standing {
        Standing::Applicant { secret, nonce } => writer
            .array(3)
            .uint(0_u8)
            .bytes(secret.expose())
            .bytes(nonce.as_bytes()),
        Standing::Member(member) => writer.array(2).uint(1_u8).bytes(member.as_bytes()),
    }
}

fn take_standing(reader: &mut Reader<'_>) -> Result<Standing, DecodeError> {
    let offset = reader.position();
    let items = reader.length("standing")?;
    match (items, reader.u8("standing")?) {
        (3, 0) => Ok(Standing::Applicant {
            secret: InviteSecret::from_bytes(reader.fixed("invite secret")?),
            nonce: Nonce::from_bytes(reader.fixed("nonce")?),
        }),
        (2, 1) => Ok(Standing::Member(MemberId::from_bytes(
            reader.fixed("member")?,
        ))),
        _ => Err(DecodeError::Malformed {
            reading: "standing",
            offset,
        }),
    }
}

fn take_scope(reader: &mut Reader<'_>) -> Result<Scope, DecodeError> {
    let offset = reader.position();
    let bytes: [u8; 17] = reader.fixed("scope")?;
    Scope::parse(&bytes).map_err(|_| DecodeError::Malformed {
        reading: "scope",
        offset,
    })
}
