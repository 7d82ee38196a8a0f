//! What must be so after every run, whatever happened in it. Each rule has its name in the design of the protocol.

use std::collections::{BTreeMap, BTreeSet};

use neutral_ground::engine::{
    effect::Part,
    storage::key::{Key, Range, Table},
};
use sync_protocol::{
    CentreId, ChainHash, Channel, EnvelopeId, Membership, SealedEnvelope,
    compaction::{Order, Vouch},
    envelope::{STUB_LEN, id_of},
    frame::ChannelPage,
};

use crate::simulator::{keys, screens, tally::Count, world::World};

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Which.
    pub(crate) rule: &'static str,
    /// What was found.
    pub(crate) says: String,
}

/// What is checked, collecting what is broken.
pub(crate) struct Findings(pub(crate) Vec<Violation>);

impl Findings {
    /// Notes a broken rule unless `holds`.
    pub(crate) fn expect(
        &mut self,
        rule: &'static str,
        holds: bool,
        says: impl FnOnce() -> String,
    ) {
        if !holds {
            self.0.push(Violation { rule, says: says() });
        }
    }
}

/// Words that people wrote; no byte at the relay may spell them.
const CANARIES: [&str; 9] = [
    "canary lane",
    "Canaryworth",
    "canary reason",
    "Penhale",
    "Saltmere",
    "Joan Tibbs",
    "Priya Nair",
    "ran to her dad",
    "Garden room",
];

/// What the relay holds, as the checks read it.
pub(crate) struct Held {
    /// The centre.
    pub(crate) centre: CentreId,
    /// Its people.
    pub(crate) membership: Membership,
    /// Its channels.
    pub(crate) pages: Vec<ChannelPage>,
}

/// Checks a healed world.
pub(crate) fn check(world: &mut World) -> Vec<Violation> {
    let mut findings = Findings(Vec::new());
    let held = held(world);
    let ids = the_relay_is_in_order(&held, world, &mut findings);
    nothing_acknowledged_is_gone(&ids, world, &mut findings);
    nothing_went_by_a_lie(&held, world, &mut findings);
    tablets_hold_what_they_may(&held, world, &mut findings);
    count_stubs(world);
    world.tally.count_role_changes(&held.membership);
    the_chain_is_one(&held, world, &mut findings);
    keys::check(&held, world, &mut findings);
    nothing_is_readable(world, &mut findings);
    screens::check(world, &mut findings);
    findings.0
}

/// What must be so even while the relay is dishonest: nothing altered is taken in, nothing is opened or read by
/// those who may not.
pub(crate) fn check_safety(world: &mut World) -> Vec<Violation> {
    let mut findings = Findings(Vec::new());
    let held = held(world);
    the_relay_is_in_order(&held, world, &mut findings);
    keys::check(&held, world, &mut findings);
    nothing_is_readable(world, &mut findings);
    let genuine: BTreeSet<Vec<u8>> = held
        .pages
        .iter()
        .flat_map(|page| page.envelopes.iter().map(|(_, bytes)| stub(bytes)))
        .collect();
    for number in 0..world.devices.len() {
        let unsent = world.devices[number].sync.unsent;
        let log = envelopes_of(world, number);
        let foreign = log
            .iter()
            .filter(|(_, bytes)| bytes.len() != STUB_LEN && !genuine.contains(&stub(bytes)));
        let foreign = foreign.count();
        findings.expect("I2", foreign <= usize::try_from(unsent).unwrap(), || {
            format!(
                "tablet {number} took in {foreign} envelopes that nobody wrote, {unsent} unsent"
            )
        });
    }
    findings.0
}

fn held(world: &World) -> Held {
    let centre = world.centre();
    Held {
        centre,
        membership: world.relay.membership(centre),
        pages: world.relay.channels(centre),
    }
}

/// I4 and I5: seqs without a gap, the chain recomputed, no envelope twice; and every body that went is in the trash (I7).
fn the_relay_is_in_order(
    held: &Held,
    world: &mut World,
    findings: &mut Findings,
) -> Vec<EnvelopeId> {
    let mut ids = Vec::new();
    for page in &held.pages {
        let mut chain = ChainHash::START;
        let mut ends = BTreeMap::new();
        for (expected, (seq, bytes)) in (1..).zip(&page.envelopes) {
            let envelope = SealedEnvelope::parse_kept(bytes.clone()).unwrap();
            let header = envelope.header();
            chain = chain.next(envelope.id());
            ids.push(envelope.id());
            findings.expect("I4", *seq == expected, || {
                format!("expected seq {expected} in {:?}, found {seq}", page.channel)
            });
            let end = ends
                .entry((header.author, header.stream))
                .or_insert((0, EnvelopeId::NONE));
            findings.expect("I5", header.n == end.0 + 1 && header.prev == end.1, || {
                format!("expected n {} of a stream, found {}", end.0 + 1, header.n)
            });
            *end = (header.n, envelope.id());
        }
        let whole = u64::try_from(page.envelopes.len()).unwrap() == page.head_seq;
        findings.expect("I4", whole && chain == page.head_chain, || {
            format!("expected the head of {:?} to be what is held", page.channel)
        });
    }
    let distinct: BTreeSet<_> = ids.iter().collect();
    findings.expect("I5", distinct.len() == ids.len(), || {
        format!("{} envelopes are held twice", ids.len() - distinct.len())
    });
    if world.plan.relay_fault.is_none() {
        let audit = world.relay.audit();
        let counted = u64::try_from(ids.len()).unwrap();
        let all = held.pages.iter().flat_map(|page| &page.envelopes);
        let pruned = all.filter(|(_, bytes)| bytes.len() == STUB_LEN).count();
        let pruned = u64::try_from(pruned).unwrap();
        // A relay that lost its trash is given back what was in it without the bodies.
        let losses = world.tally.of(Count::OldRelays) + world.tally.of(Count::EmptiedRelays);
        let lost = if losses > 0 { pruned } else { 0 };
        let is_whole = |(envelopes, trash): &(u64, u64)| {
            *envelopes == counted && *trash <= pruned && *trash + lost >= pruned
        };
        findings.expect("I4", audit.as_ref().is_ok_and(is_whole), || {
            format!(
                "expected {counted} envelopes and {pruned} bodies in the trash, found {audit:?}"
            )
        });
        world.tally.add_many(Count::Pruned, pruned);
    }
    ids
}

/// I1 at the relay: what it said it holds, it holds.
fn nothing_acknowledged_is_gone(ids: &[EnvelopeId], world: &World, findings: &mut Findings) {
    let ids: BTreeSet<_> = ids.iter().copied().collect();
    for says in &world.course.lies.believed {
        findings.expect("I3", false, || says.clone());
    }
    let gone = world.ledger.receipts.difference(&ids).count();
    findings.expect("I1", gone == 0, || {
        format!("{gone} envelopes were acknowledged and are not at the relay")
    });
    for number in world.present() {
        let sync = &world.devices[number].sync;
        findings.expect("I1", sync.unsent == 0 && sync.refused == 0, || {
            format!(
                "tablet {number} has {} unsent, {} of them refused: {:?}",
                sync.unsent, sync.refused, sync.items
            )
        });
        let quarantine = Table::Quarantine;
        let rows = &world.devices[number].disk.rows;
        let aside = rows.read(&[(quarantine, Range::All, Part::Keys)]).remove(0);
        let aside: BTreeSet<Key> = aside.into_iter().map(|(key, _)| key).collect();
        let known = world.course.lies.to_set_aside.iter();
        let believed = known.filter(|id| !aside.contains(&Key::quarantine(**id)));
        let believed = believed.count();
        findings.expect("I2", believed == 0, || {
            format!("tablet {number} took in {believed} lies of a member")
        });
        // Each lie may be set aside once; nothing else is.
        let lies = u32::try_from(world.course.lies.taken.len()).unwrap();
        findings.expect("I2", sync.set_aside <= lies, || {
            let rows = rows.read(&[(quarantine, Range::All, Part::Rows)]).remove(0);
            let reason =
                |row: &[u8]| String::from_utf8_lossy(&row[1..=usize::from(row[0])]).into_owned();
            let reasons: BTreeSet<String> = rows.iter().map(|(_, row)| reason(row)).collect();
            format!(
                "tablet {number} has set {} envelopes aside: {reasons:?}",
                sync.set_aside
            )
        });
    }
}

/// I7: every body that went is spoken for by two devices, and nobody speaks for a lie.
fn nothing_went_by_a_lie(held: &Held, world: &World, findings: &mut Findings) {
    let lies = &world.course.lies.taken;
    let all = held.pages.iter().flat_map(|page| &page.envelopes);
    let all = all.map(|(_, bytes)| SealedEnvelope::parse_kept(bytes.clone()).unwrap());
    let all: Vec<SealedEnvelope> = all
        .filter(|envelope| !lies.contains(&envelope.id()))
        .collect();
    let orders = all
        .iter()
        .filter_map(|prune| Order::of(prune, &held.membership));
    let orders: Vec<Order> = orders.collect();
    let spoken_for = |gone: &SealedEnvelope| orders.iter().any(|order| order.covers(gone));
    let gone = all.iter().filter(|envelope| envelope.is_stub());
    let alone = gone.filter(|gone| !spoken_for(gone)).count();
    findings.expect("I7", alone == 0, || {
        format!("{alone} bodies went that nobody spoke for")
    });
    let vouches = all.iter().filter_map(Vouch::of);
    let false_ones = vouches
        .filter(|vouch| lies.contains(&vouch.snapshot.id))
        .count();
    findings.expect("I7", false_ones == 0, || {
        format!("{false_ones} forged snapshots were vouched for")
    });
}

/// I2 and I3 on disks: all of what its person may read, and no byte of what they may not.
fn tablets_hold_what_they_may(held: &Held, world: &World, findings: &mut Findings) {
    for number in world.present() {
        let tablet = &world.devices[number];
        let device = held.membership.device(&tablet.id()).expect("it was let in");
        let may: BTreeSet<Channel> = held
            .membership
            .channels_readable_by(&device.member)
            .into_iter()
            .collect();
        let log = envelopes_of(world, number);
        let is_lie = |bytes: &&Vec<u8>| world.course.lies.taken.contains(&id_of(bytes));
        for page in held.pages.iter().filter(|page| may.contains(&page.channel)) {
            let at_the_relay: BTreeSet<_> = page
                .envelopes
                .iter()
                .map(|(_, bytes)| bytes)
                .filter(|bytes| !is_lie(bytes))
                .map(|bytes| stub(bytes))
                .collect();
            let here: BTreeSet<_> = log
                .iter()
                .filter(|(channel, _)| *channel == page.channel)
                .map(|(_, bytes)| bytes)
                .filter(|bytes| !is_lie(bytes))
                .map(|bytes| stub(bytes))
                .collect();
            findings.expect("I2", here == at_the_relay, || {
                let lacks = at_the_relay.difference(&here).map(|bytes| named(bytes));
                let alone = here.difference(&at_the_relay).map(|bytes| named(bytes));
                let (lacks, alone): (Vec<_>, Vec<_>) = (lacks.collect(), alone.collect());
                let channel = page.channel;
                format!("tablet {number} lacks {lacks:?} of {channel:?} and has {alone:?} alone")
            });
        }
        let foreign = log.iter().filter(|(channel, _)| !may.contains(channel));
        let foreign = foreign.count();
        findings.expect("I3", foreign == 0, || {
            format!("tablet {number} holds {foreign} envelopes of other rings")
        });
    }
}

/// What an envelope and its stub have in common: a tablet may hold the one and the relay the other.
fn stub(bytes: &[u8]) -> Vec<u8> {
    let envelope = SealedEnvelope::parse_kept(bytes.to_vec());
    envelope.unwrap().stub()
}

fn named(bytes: &[u8]) -> String {
    let envelope = SealedEnvelope::parse_kept(bytes.to_vec()).unwrap();
    let header = envelope.header();
    let (kind, author, n) = (header.kind, header.author, header.n);
    format!("{kind:?} {n} of {author:?} at {}", header.claimed_ms)
}

fn count_stubs(world: &mut World) {
    for number in world.present() {
        let log = envelopes_of(world, number);
        let stubs = log.iter().filter(|(_, bytes)| bytes.len() == STUB_LEN);
        let stubs = u64::try_from(stubs.count()).unwrap();
        world.tally.add_many(Count::Stubs, stubs);
    }
}

/// Channel and bytes of every envelope on a tablet's disk.
fn envelopes_of(world: &World, device: usize) -> Vec<(Channel, Vec<u8>)> {
    let rows = world.devices[device].disk.rows.read(&[
        (Table::Log, Range::All, Part::Rows),
        (Table::Early, Range::All, Part::Rows),
    ]);
    let envelopes = rows.into_iter().flatten().map(|(_, row)| {
        let envelope = SealedEnvelope::parse_kept(row).unwrap();
        (envelope.header().channel, envelope.into_bytes())
    });
    envelopes.collect()
}

/// I8: the same chain everywhere, so the same people.
fn the_chain_is_one(held: &Held, world: &World, findings: &mut Findings) {
    let records = world.relay.records(held.centre);
    for number in world.present() {
        let rows = world.devices[number]
            .disk
            .rows
            .read(&[(Table::Chain, Range::All, Part::Rows)])
            .remove(0);
        let rows: Vec<Vec<u8>> = rows.into_iter().map(|(_, row)| row).collect();
        findings.expect("I8", rows == records, || {
            format!(
                "tablet {number} holds {} membership records, the relay {}",
                rows.len(),
                records.len()
            )
        });
    }
}

/// I9: nothing that people wrote can be read at the relay, nor on a disk without its keys.
fn nothing_is_readable(world: &World, findings: &mut Findings) {
    let at_the_relay = world.relay.bytes();
    findings.expect("I9", spells(&at_the_relay, "NGEV"), || {
        "expected envelopes among the relay's bytes, found none".to_owned()
    });
    for canary in spelt(&at_the_relay) {
        findings.expect("I9", false, || format!("the relay holds {canary:?}"));
    }
    for (number, tablet) in world.devices.iter().enumerate() {
        for canary in spelt(&tablet.disk.rows.bytes()) {
            findings.expect("I9", false, || {
                format!("the disk of tablet {number} holds {canary:?}")
            });
        }
    }
}

/// The canaries that these bytes spell, in one pass over them: hardly any two bytes begin one.
fn spelt(bytes: &[u8]) -> BTreeSet<&'static str> {
    let pair = |bytes: &[u8]| usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    let mut begins = vec![false; 1 << 16];
    for canary in CANARIES {
        begins[pair(canary.as_bytes())] = true;
    }
    let mut found = BTreeSet::new();
    for (place, two) in bytes.windows(2).enumerate() {
        if begins[pair(two)] {
            let here = |canary: &&str| bytes[place..].starts_with(canary.as_bytes());
            found.extend(CANARIES.iter().copied().filter(here));
        }
    }
    found
}

fn spells(bytes: &[u8], text: &str) -> bool {
    let first = text.as_bytes()[0];
    let mut rest = bytes;
    while let Some(place) = rest.iter().position(|byte| *byte == first) {
        if rest[place..].starts_with(text.as_bytes()) {
            return true;
        }
        rest = &rest[place + 1..];
    }
    false
}
