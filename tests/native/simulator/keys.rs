//! I3: what the keys on a tablet open, and what they do not.

use std::collections::BTreeSet;

use neutral_ground::engine::{
    crypto::{
        envelope::{SealKey, VerifiedEnvelope},
        key::UnlockKey,
        keyring::{Keyring, KeyringWrap},
        recovery::{KitSecret, Sheet},
        sealed_key,
    },
    effect::Part,
    storage::key::{Range, Table},
};
use sync_protocol::{Channel, EnvelopeKind, ErrorCode, Ring, SealedEnvelope, frame::ChannelPage};

use crate::simulator::{
    device::Device,
    invariants::{Findings, Held},
    revocation,
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
pub(crate) fn check(held: &Held, world: &World, findings: &mut Findings) {
    let lies = &world.course.lies.taken;
    let mut wraps = wraps(held);
    wraps.retain(|wrap| !lies.contains(&wrap.id()));
    let wraps: Vec<_> = wraps.iter().map(|wrap| verified(held, wrap)).collect();
    let office = Channel::Ring(Ring::Office);
    let mut opened_by_the_office = 0;
    for number in world.present() {
        let tablet = &world.devices[number];
        let keyring = open(tablet);
        let device = held.membership.device(&tablet.id()).expect("it was let in");
        let may: BTreeSet<Channel> = held
            .membership
            .channels_readable_by(&device.member)
            .into_iter()
            .collect();
        for wrap in &wraps {
            let channel = wrap.header().channel;
            let opens = opens(&keyring, *wrap);
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
    the_sheets_open_everything(held, world, &wraps, findings);
    revoked_learns_nothing(held, world, findings);
}

/// Whatever befell the centre since they were printed, two sheets are enough to read all of it.
fn the_sheets_open_everything(
    held: &Held,
    world: &World,
    wraps: &[VerifiedEnvelope<'_>],
    findings: &mut Findings,
) {
    let sheets: Vec<Sheet> = world
        .ledger
        .sheets
        .iter()
        .map(|words| Sheet::parse(words).unwrap())
        .collect();
    let (centre, secret) = KitSecret::join(&sheets[0], &sheets[2]).unwrap();
    assert_eq!(centre, held.centre);
    let kit = secret.device();
    let device = kit.device_id();
    let mut keys = Vec::new();
    let sealed = held.membership.sealed_keys_for(&device);
    for (scope, epoch, sealed) in sealed {
        let mut key = sealed_key::open_epoch_key(sealed, scope, epoch, &kit).unwrap();
        let mut links: Vec<_> = held.membership.links(scope).collect();
        links.retain(|(later, _)| *later <= epoch);
        for (later, link) in links.into_iter().rev() {
            let before = key.open_link(scope, later, link).unwrap();
            keys.push(core::mem::replace(&mut key, before));
        }
        keys.push(key);
    }
    let closed = wraps.iter().filter(|wrap| {
        let opens = |key| wrap.open(SealKey::Epoch(key)).is_ok();
        !keys.iter().any(opens)
    });
    let closed = closed.count();
    findings.expect("sheets", closed == 0, || {
        format!(
            "two sheets leave {closed} of {} documents closed",
            wraps.len()
        )
    });
}

fn all_envelopes(held: &Held) -> impl Iterator<Item = SealedEnvelope> {
    let all = held.pages.iter().flat_map(|page| &page.envelopes);
    all.map(|(_, bytes)| SealedEnvelope::parse_kept(bytes.clone()).unwrap())
}

/// Every wrapped document key at the relay: who opens it reads the document.
fn wraps(held: &Held) -> Vec<SealedEnvelope> {
    all_envelopes(held)
        .filter(|envelope| envelope.header().kind == EnvelopeKind::Wrap)
        .collect()
}

fn verified<'e>(held: &Held, envelope: &'e SealedEnvelope) -> VerifiedEnvelope<'e> {
    let author = held.membership.device(&envelope.header().author).unwrap();
    VerifiedEnvelope::verify(envelope, &author.sign).unwrap()
}

fn opens(keyring: &Keyring, verified: VerifiedEnvelope<'_>) -> bool {
    keyring
        .epochs()
        .any(|(_, _, key)| verified.open(SealKey::Epoch(key)).is_ok())
}

/// The wraps of one channel.
pub(crate) fn wraps_of(pages: &[ChannelPage], channel: Channel) -> Vec<SealedEnvelope> {
    let page = pages.iter().filter(|page| page.channel == channel);
    page.flat_map(|page| &page.envelopes)
        .map(|(_, bytes)| SealedEnvelope::parse_kept(bytes.clone()).unwrap())
        .filter(|envelope| envelope.header().kind == EnvelopeKind::Wrap)
        .collect()
}

/// The code of a push by a device that was revoked.
const REVOKED: u8 = 6;

/// I6: what a device could read before it was revoked, and nothing that was written by those who knew that it was.
fn revoked_learns_nothing(held: &Held, world: &World, findings: &mut Findings) {
    let Some(gone) = &world.course.gone else {
        return;
    };
    let later = all_envelopes(held).filter(|envelope| {
        let header = envelope.header();
        header.membership_index >= gone.index && header.author != gone.device
    });
    let later: Vec<SealedEnvelope> = later.collect();
    let sealed_by_epoch = later
        .iter()
        .filter(|envelope| envelope.header().kind != EnvelopeKind::Change);
    for envelope in sealed_by_epoch {
        findings.expect(
            "I6",
            !opens(&gone.keyring, verified(held, envelope)),
            || {
                let kind = envelope.header().kind;
                format!("the revoked device opens a {kind:?} that was sealed when it was gone")
            },
        );
    }
    let later: BTreeSet<&[u8]> = later.iter().map(SealedEnvelope::bytes).collect();
    let rows = &world.devices[gone.tablet].disk.rows;
    let log = rows.read(&[(Table::Log, Range::All, Part::Rows)]).remove(0);
    let got = log
        .iter()
        .filter(|(_, bytes)| later.contains(bytes.as_slice()))
        .count();
    findings.expect("I6", got == 0, || {
        format!("the revoked tablet was handed {got} later envelopes")
    });
    let kept = rows.read(&[
        (Table::Keyrings, Range::All, Part::Keys),
        (Table::Index, Range::All, Part::Keys),
        (Table::Pending, Range::All, Part::Keys),
    ]);
    findings.expect("I6", kept.iter().all(Vec::is_empty), || {
        "the revoked tablet did not wipe its keys and its own rows".to_owned()
    });
    let answer = revocation::push_with_old_keys(world, held.centre, gone);
    findings.expect("I6", answer == Some(vec![REVOKED]), || {
        format!("the relay answers a push of a revoked device with {answer:?}")
    });
    let answer = revocation::knock_with_old_keys(world, held.centre, gone);
    findings.expect("I6", answer == Some(ErrorCode::Revoked), || {
        format!("the relay answers a revoked device with {answer:?}")
    });
}

/// What a thief with the phrase would hold.
pub(crate) fn open(tablet: &Device) -> Keyring {
    let rows = tablet
        .disk
        .rows
        .read(&[(Table::Keyrings, Range::All, Part::Rows)])
        .remove(0);
    let phrase = tablet.person.phrase.clone();
    keyring_in(&rows[0].1, |wrap| {
        UnlockKey::from_bytes(*Device::derive(&phrase, *wrap.unlock_salt().as_bytes()))
    })
}

/// The keyring in a row, opened with the key that its wrap leads to.
pub(crate) fn keyring_in(row: &[u8], unlock: impl FnOnce(&KeyringWrap) -> UnlockKey) -> Keyring {
    let row: KeyringRow = postcard::from_bytes(row).unwrap();
    let wrap = KeyringWrap::decode(&row.wrap).unwrap();
    let key = wrap.open(&unlock(&wrap)).unwrap();
    Keyring::open(&key, &row.keyring).unwrap()
}
