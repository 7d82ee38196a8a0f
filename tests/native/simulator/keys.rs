//! I3: what the keys on a tablet open, and what they do not.

use std::collections::BTreeSet;

use neutral_ground::engine::{
    crypto::{
        envelope::{SealKey, VerifiedEnvelope},
        key::UnlockKey,
        keyring::{Keyring, KeyringWrap},
    },
    effect::Part,
    storage::key::{Range, Table},
};
use sync_protocol::{Channel, EnvelopeKind, Ring, SealedEnvelope};

use crate::simulator::{
    device::Device,
    invariants::{Findings, Held},
    world::World,
};

/// The row of a keyring as it is stored.
#[derive(serde::Deserialize)]
struct KeyringRow {
    #[serde(rename = "initials")]
    _initials: String,
    wrap: Vec<u8>,
    keyring: Vec<u8>,
}

/// Checks every keyring against every wrapped document key at the relay.
pub(crate) fn check(held: &Held, world: &mut World, findings: &mut Findings) {
    let wraps = wraps(held);
    let office = Channel::Ring(Ring::Office);
    let mut opened_by_the_office = 0;
    for number in 0..world.devices.len() {
        let tablet = &mut world.devices[number];
        let keyring = open(tablet);
        let device = held.membership.device(&tablet.id()).expect("it was let in");
        let may: BTreeSet<Channel> = held
            .membership
            .channels_readable_by(&device.member)
            .into_iter()
            .collect();
        for wrap in &wraps {
            let channel = wrap.header().channel;
            let opens = opens(held, &keyring, wrap);
            if channel == office && opens {
                opened_by_the_office += 1;
            }
            findings.expect("I3", opens == may.contains(&channel), || {
                let what = if opens { "opens" } else { "does not open" };
                format!("tablet {number} {what} a document of {channel:?}")
            });
        }
    }
    findings.expect("I3", opened_by_the_office > 0, || {
        "expected the office to open its own documents".to_owned()
    });
}

/// Every wrapped document key at the relay: who opens it reads the document.
fn wraps(held: &Held) -> Vec<SealedEnvelope> {
    let all = held.pages.iter().flat_map(|page| &page.envelopes);
    all.map(|(_, bytes)| SealedEnvelope::parse(bytes.clone()).unwrap())
        .filter(|envelope| envelope.header().kind == EnvelopeKind::Wrap)
        .collect()
}

fn opens(held: &Held, keyring: &Keyring, envelope: &SealedEnvelope) -> bool {
    let author = held.membership.device(&envelope.header().author).unwrap();
    let verified = VerifiedEnvelope::verify(envelope, &author.sign).unwrap();
    keyring
        .epochs()
        .any(|(_, _, key)| verified.open(SealKey::Epoch(key)).is_ok())
}

/// What a thief with the phrase would hold.
fn open(tablet: &mut Device) -> Keyring {
    let rows = tablet
        .disk
        .rows
        .read(&[(Table::Keyrings, Range::All, Part::Rows)])
        .remove(0);
    let row: KeyringRow = postcard::from_bytes(&rows[0].1).unwrap();
    let wrap = KeyringWrap::decode(&row.wrap).unwrap();
    let phrase = tablet.person.phrase.clone();
    let unlock = tablet.derive(&phrase, *wrap.unlock_salt().as_bytes());
    let key = wrap.open(&UnlockKey::from_bytes(*unlock)).unwrap();
    Keyring::open(&key, &row.keyring).unwrap()
}
