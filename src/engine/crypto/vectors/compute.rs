//! What the vectors are made of. Every input comes from [`FixedRng`] by its label or stands here.

use sync_protocol::{
    CentreId, ChainHash, Channel, DocumentId, EnvelopeId, EnvelopeKind, Incarnation, MemberId,
    RecordHash, Ring, Scope, StreamId, hex,
};

use super::FixedRng;
use crate::engine::crypto::{
    device::DeviceSecrets,
    enrolment::{ComparisonCode, InviteLink, InviteSecret, MailboxMessage, Nonce},
    envelope::{self, HeadSeen, MembershipSeen, SealInput, SealKey, VerifiedEnvelope},
    key::{DocumentKey, EpochKey, KeyringKey, LocalKey, PasskeySecret},
    keyring::{Keyring, KeyringWrap, Passkey, PasskeyWrap, Standing},
    local::{RowPlace, open_row, seal_row},
    passphrase::{self, KdfParams, Phrase, UnlockSalt},
    payload::{Attest, Change, Wrap},
    recovery::{KitSecret, Sheet},
    sealed_key::{open_epoch_key, seal_epoch_key},
};

/// Names and values, in the order of the file.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let mut vectors = Vec::new();
    vectors.extend(keys());
    vectors.extend(payloads());
    vectors.extend(envelopes());
    vectors.extend(unlocking());
    vectors.extend(passkey());
    vectors.extend(rows());
    vectors.extend(enrolment());
    vectors.extend(recovery());
    vectors
}

type Vectors = Vec<(&'static str, String)>;

const TEAM: Scope = Scope::Ring(Ring::Team);

fn device() -> DeviceSecrets {
    DeviceSecrets::generate(&mut FixedRng::new("device"))
}

fn epoch_key() -> EpochKey {
    EpochKey::random(&mut FixedRng::new("epoch key"))
}

fn document_key() -> DocumentKey {
    DocumentKey::random(&mut FixedRng::new("document key"))
}

fn keys() -> Vectors {
    let (device, key) = (device(), epoch_key());
    let before = EpochKey::random(&mut FixedRng::new("epoch key before"));
    let public = device.seal_public();
    let mut rng = FixedRng::new("hpke");
    let sealed = seal_epoch_key(&key, TEAM, 2, device.device_id(), &public, &mut rng);
    let opened =
        sealed.is_ok_and(|sealed| open_epoch_key(&sealed, TEAM, 2, &device) == Ok(key.clone()));
    let link = key.seal_link(TEAM, 2, &before);
    let linked = key.open_link(TEAM, 2, &link) == Ok(before);
    vec![
        (
            "device.sign.public",
            hex::encode(device.public_keys().sign.as_bytes()),
        ),
        ("device.seal.public", hex::encode(&public)),
        ("device.id", device.device_id().to_string()),
        ("epoch.key", hex::encode(key.expose())),
        ("epoch.key_id", key.key_id().to_string()),
        (
            "epoch.box.public",
            hex::encode(&key.box_keypair(TEAM, 2).public),
        ),
        ("epoch.link", hex::encode(&link)),
        ("epoch.link.opens", linked.to_string()),
        (
            "epoch.sealed",
            sealed.map_or_else(|error| error.to_string(), |bytes| hex::encode(&bytes)),
        ),
        ("epoch.sealed.opens", opened.to_string()),
        ("document.key", hex::encode(document_key().expose())),
        ("document.key_id", document_key().key_id().to_string()),
    ]
}

fn wrap() -> Wrap {
    Wrap {
        document_kind: 7,
        key: document_key(),
    }
}

fn change() -> Change {
    Change {
        changes: vec![b"first change".to_vec(), vec![0xC5; 300]],
    }
}

fn attest() -> Attest {
    let stream = StreamId::from_bytes([0x51; 8]);
    Attest {
        held: vec![
            (device().device_id(), stream, 1),
            (device().device_id(), stream, 70_000),
        ],
    }
}

fn payloads() -> Vectors {
    vec![
        ("payload.wrap", hex::encode(&wrap().encode())),
        ("payload.change", hex::encode(&change().encode())),
        ("payload.attest", hex::encode(&attest().encode())),
    ]
}

fn input(kind: EnvelopeKind) -> SealInput {
    let document = match kind {
        EnvelopeKind::Attest => DocumentId::NONE,
        EnvelopeKind::Change
        | EnvelopeKind::Snapshot
        | EnvelopeKind::Wrap
        | EnvelopeKind::Drop
        | EnvelopeKind::Erase
        | EnvelopeKind::Prune => DocumentId::from_bytes([0xD0; 16]),
    };
    SealInput {
        kind,
        centre: CentreId::from_bytes([0xCE; 32]),
        channel: Channel::Desk(MemberId::from_bytes([0x3E; 16])),
        document,
        epoch: 2,
        stream: StreamId::from_bytes([0x57; 8]),
        n: 0x0102_0304,
        prev: EnvelopeId::from_bytes([0xB4; 32]),
        membership: MembershipSeen {
            index: 6,
            hash: RecordHash::from_bytes([0x3A; 32]),
        },
        head: HeadSeen {
            incarnation: Incarnation::from_bytes([0x1C; 16]),
            seq: 9,
            chain: ChainHash::from_bytes([0xC4; 32]),
        },
        claimed_ms: 1_790_000_000_000,
    }
}

fn envelopes() -> Vectors {
    let (document, epoch) = (document_key(), epoch_key());
    let (by_document, by_epoch) = (SealKey::Document(&document), SealKey::Epoch(&epoch));
    let change = sealed(EnvelopeKind::Change, by_document, &change().encode());
    let wrap = sealed(EnvelopeKind::Wrap, by_epoch, &wrap().encode());
    let attest = sealed(EnvelopeKind::Attest, by_epoch, &attest().encode());
    vec![
        ("envelope.change", change.0),
        ("envelope.change.id", change.1),
        ("envelope.wrap", wrap.0),
        ("envelope.wrap.id", wrap.1),
        ("envelope.attest", attest.0),
        ("envelope.attest.id", attest.1),
    ]
}

/// The envelope's bytes and id; an error's text where it does not open to what was sealed.
fn sealed(kind: EnvelopeKind, key: SealKey<'_>, payload: &[u8]) -> (String, String) {
    let (device, mut rng) = (device(), FixedRng::new("envelope"));
    let envelope = match envelope::seal(&input(kind), key, payload, &device, &mut rng) {
        Ok(envelope) => envelope,
        Err(error) => return (error.to_string(), String::new()),
    };
    let opened = VerifiedEnvelope::verify(&envelope, &device.public_keys().sign)
        .map_err(|error| error.to_string())
        .and_then(|verified| verified.open(key).map_err(|error| error.to_string()));
    match opened {
        Ok(opened) if opened.as_slice() == payload => {
            (hex::encode(envelope.bytes()), envelope.id().to_string())
        }
        Ok(_) => ("another payload".to_owned(), String::new()),
        Err(error) => (error, String::new()),
    }
}

fn unlocking() -> Vectors {
    let phrase = Phrase::generate(&mut FixedRng::new("phrase"));
    let salt = UnlockSalt::random(&mut FixedRng::new("unlock salt"));
    let params = KdfParams::FLOOR;
    let key = KeyringKey::random(&mut FixedRng::new("keyring key"));
    let keyring = keyring();
    let row = keyring.seal(&key, &mut FixedRng::new("keyring row"));
    let reopened = Keyring::open(&key, &row).is_ok_and(|opened| opened == keyring);
    let (unlock, wrap, opened) = match passphrase::derive(&phrase, salt, params) {
        Ok(unlock) => {
            let wrap = KeyringWrap::seal(&key, &unlock, params, salt, &mut FixedRng::new("wrap"));
            let opened = wrap.open(&unlock) == Ok(key);
            (
                hex::encode(unlock.expose()),
                hex::encode(&wrap.encode()),
                opened,
            )
        }
        Err(error) => (error.to_string(), String::new(), false),
    };
    vec![
        ("phrase", phrase.expose().to_owned()),
        ("phrase.unlock_key", unlock),
        ("keyring.wrap", wrap),
        ("keyring.wrap.opens", opened.to_string()),
        ("keyring.row", hex::encode(&row)),
        ("keyring.row.opens", reopened.to_string()),
    ]
}

fn recovery() -> Vectors {
    let secret = KitSecret::random(&mut FixedRng::new("kit"));
    let centre = CentreId::from_bytes([3; 32]);
    let sheets = secret.sheets(centre, &mut FixedRng::new("sheets"));
    let [first, second, third] = sheets.each_ref().map(|sheet| sheet.words().to_string());
    let joined = |one: &str, other: &str| {
        let (one, other) = (Sheet::parse(one).ok()?, Sheet::parse(other).ok()?);
        KitSecret::join(&one, &other).ok()
    };
    let opened = Some((centre, secret.clone()));
    let opens = joined(&first, &third) == opened && joined(&third, &second) == opened;
    let keys = secret.device().public_keys();
    vec![
        ("kit.sign_public", hex::encode(keys.sign.as_bytes())),
        ("kit.seal_public", hex::encode(&keys.seal)),
        ("kit.member", MemberId::of_kit(&keys.sign).to_string()),
        ("sheet.1", first),
        ("sheet.2", second),
        ("sheet.3", third),
        ("sheets.open", opens.to_string()),
    ]
}

fn passkey() -> Vectors {
    let key = KeyringKey::random(&mut FixedRng::new("keyring key"));
    let secret = PasskeySecret::random(&mut FixedRng::new("passkey secret"));
    let passkey = Passkey {
        credential: vec![0x1D; 24],
        salt: vec![0x5A; 32],
    };
    let (device, mut rng) = (device().device_id(), FixedRng::new("passkey wrap"));
    let wrap = PasskeyWrap::seal(&key, device, passkey, &secret, &mut rng);
    let opened = wrap
        .as_ref()
        .is_ok_and(|wrap| wrap.open(device, &secret) == Ok(key));
    let row = wrap.map_or_else(
        |error| error.to_string(),
        |wrap| hex::encode(&wrap.encode()),
    );
    vec![
        ("passkey.wrap", row),
        ("passkey.wrap.opens", opened.to_string()),
    ]
}

fn keyring() -> Keyring {
    let centre = CentreId::from_bytes([0xCE; 32]);
    let standing = Standing::Member(MemberId::from_bytes([0x3E; 16]));
    let local = LocalKey::random(&mut FixedRng::new("local key"));
    let mut keyring = Keyring::new(centre, standing, device(), local);
    keyring.keep_epoch(TEAM, 2, epoch_key());
    keyring
}

fn rows() -> Vectors {
    let key = LocalKey::random(&mut FixedRng::new("local key"));
    let place = RowPlace {
        table: "pending",
        key: b"key",
    };
    let row = seal_row(&key, place, b"a row", &mut FixedRng::new("row"));
    let opens = open_row(&key, place, &row).is_ok_and(|plain| plain.as_slice() == b"a row");
    vec![
        ("local.row", hex::encode(&row)),
        ("local.row.opens", opens.to_string()),
    ]
}

fn enrolment() -> Vectors {
    let centre = CentreId::from_bytes([0xCE; 32]);
    let secret = InviteSecret::random(&mut FixedRng::new("invite"));
    let keys = device().public_keys();
    let newcomer = Nonce::random(&mut FixedRng::new("newcomer"));
    let approver = Nonce::random(&mut FixedRng::new("approver"));
    let code = ComparisonCode::of(centre, secret.invite(), &keys, &newcomer.own(), &approver);
    let mut vectors = vec![
        ("invite.id", secret.invite().to_string()),
        ("invite.token", hex::encode(&secret.token())),
        ("invite.mailbox_hash", hex::encode(&secret.mailbox_hash())),
        ("code", code.to_string()),
    ];
    let messages = messages(newcomer, approver);
    vectors
        .extend(messages.map(|(label, message)| (label, sealed_message(label, &secret, &message))));
    let fragment = InviteLink { centre, secret }.fragment();
    vectors.push(("invite.fragment", fragment.to_string()));
    vectors
}

fn messages(newcomer: Nonce, approver: Nonce) -> [(&'static str, MailboxMessage); 6] {
    let hello = |tablet: &str| MailboxMessage::Hello {
        keys: Box::new(device().public_keys()),
        commitment: newcomer.commitment(),
        tablet: tablet.to_owned(),
    };
    [
        ("mailbox.hello", hello("")),
        ("mailbox.hello_named", hello("Amber")),
        ("mailbox.answer", MailboxMessage::Answer { nonce: approver }),
        ("mailbox.approved", MailboxMessage::Approved),
        ("mailbox.refused", MailboxMessage::Refused),
        ("mailbox.reveal", MailboxMessage::Reveal { nonce: newcomer }),
    ]
}

/// The sealed message; an error's text where it does not open to itself.
fn sealed_message(label: &str, secret: &InviteSecret, message: &MailboxMessage) -> String {
    let sealed = message.seal(secret, &mut FixedRng::new(label));
    match MailboxMessage::open(secret, &sealed) {
        Ok(opened) if opened == *message => hex::encode(&sealed),
        Ok(_) => "another message".to_owned(),
        Err(error) => error.to_string(),
    }
}
