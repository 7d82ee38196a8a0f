//! I7: what is pruned is in a snapshot that two devices hold to be right, and nobody loses a word by it.

mod forger;

use neutral_ground::{
    domain::contact::ContactKind,
    engine::{
        command::{Command, Screen},
        effect::{Batch, Part, Write},
        storage::key::{Key, Range, Table},
        view::{Door, ScreenView},
        wire::Id,
    },
};
use sync_protocol::{Channel, DocumentId, SealedEnvelope, limits::ALONE_MS};

use crate::{
    centre::{at, book, family, session, start_centre},
    compaction::forger::{Forger, Lie},
    relay_process::Relay,
    restored_relay::Address,
    tablet::{Reach, Tablet},
    two_tablets::{join, write},
};

/// More than are left as they are.
const MANY: u8 = 66;

/// A co-ordinator's desk, its phrase, and a visit whose note is theirs to write.
fn open_desk(relay: &dyn Reach) -> (Tablet<'_>, String, Id) {
    let mut desk = Tablet::new("desk", at("08:00"), Some(relay));
    let phrase = start_centre(&mut desk);
    let file = family(&mut desk, ContactKind::Supervised);
    let day = session(&mut desk);
    let Door::Open(me) = desk.door.clone() else {
        panic!("expected to be in");
    };
    let ScreenView::Session(view) = desk.look(Screen::Session(day)).clone() else {
        panic!("expected the session");
    };
    let room = Some(view.rooms[0].0);
    let visit = book(&mut desk, day, file, room, Some(me.member));
    (desk, phrase, visit)
}

/// The same with a second tablet, which can vouch for what the first writes down.
fn open_desk_and_office(relay: &dyn Reach) -> (Tablet<'_>, Tablet<'_>, Id) {
    let (mut desk, _, visit) = open_desk(relay);
    let office = join(&mut desk, relay, "office");
    (desk, office, visit)
}

/// Writes finished entries, each an envelope of its own.
fn fill(tablet: &mut Tablet<'_>, visit: Id, entries: core::ops::Range<u8>) {
    for number in entries {
        let entry = Id([number; 16]);
        tablet.now += 1000;
        write(tablet, visit, entry, &format!("entry {number}"));
        tablet.ask(Command::FinishEntry { visit, entry }).unwrap();
    }
}

/// Everybody sends and fetches, as often as words go back and forth.
fn meet(tablets: &mut [&mut Tablet<'_>]) {
    for _ in 0..6 {
        for tablet in &mut *tablets {
            tablet.ask(Command::SendNow).unwrap();
            tablet.now += 1000;
        }
    }
}

/// The texts of a visit's note.
fn texts(tablet: &mut Tablet<'_>, visit: Id) -> Vec<String> {
    let note = tablet.visit(visit).note.expect("its author reads it");
    note.entries.into_iter().map(|entry| entry.text).collect()
}

/// The envelopes of the document that has most of them.
fn longest(tablet: &Tablet<'_>) -> (Channel, DocumentId, Vec<SealedEnvelope>) {
    let rows = tablet
        .store
        .read(&[(Table::Log, Range::All, Part::Rows)])
        .remove(0);
    let mut documents = std::collections::BTreeMap::<_, Vec<SealedEnvelope>>::new();
    for (_, row) in rows {
        let envelope = SealedEnvelope::parse_kept(row).unwrap();
        let header = envelope.header();
        if header.document != DocumentId::NONE {
            let place = (header.channel, header.document);
            documents.entry(place).or_default().push(envelope);
        }
    }
    let most = documents.into_iter().max_by_key(|(_, held)| held.len());
    let ((channel, document), held) = most.unwrap();
    (channel, document, held)
}

fn stubs(tablet: &Tablet<'_>) -> usize {
    let (_, _, held) = longest(tablet);
    held.iter().filter(|envelope| envelope.is_stub()).count()
}

/// Digits that are equal where the same is held; a stub counts as what it stands for.
fn log_code(tablet: &mut Tablet<'_>) -> String {
    let found = tablet.look(Screen::Diagnostics);
    let ScreenView::Diagnostics(view) = found else {
        panic!("expected the diagnostics, found {found:?}");
    };
    view.log_code.clone()
}

fn nothing_set_aside(tablets: &[&Tablet<'_>]) {
    for tablet in tablets {
        assert_eq!(tablet.sync.set_aside, 0);
        assert_eq!(tablet.sync.unsent, 0);
    }
}

#[test]
fn i7_a_long_note_is_pruned_only_when_a_second_device_agrees_and_reads_the_same_everywhere() {
    let relay = Relay::start("i7-long", at("08:00"));
    let (mut desk, mut office, visit) = open_desk_and_office(&relay);
    fill(&mut desk, visit, 0..MANY);
    let written = texts(&mut desk, visit);
    assert_eq!(written.len(), usize::from(MANY));

    meet(&mut [&mut desk]);
    let alone = relay.audit();
    assert_eq!(alone.trash, 0, "nobody has agreed yet");
    meet(&mut [&mut office, &mut desk]);
    let pruned = relay.audit();
    assert!(pruned.trash >= u64::from(MANY), "{pruned}");
    assert!(pruned.envelopes > alone.envelopes);
    assert_eq!(
        (stubs(&desk), stubs(&office)),
        (0, 0),
        "they keep what they hold"
    );

    let mut newcomer = join(&mut desk, &relay, "newcomer");
    meet(&mut [&mut newcomer, &mut desk]);
    assert!(
        stubs(&newcomer) >= usize::from(MANY),
        "it came too late for them"
    );
    assert_eq!(texts(&mut newcomer, visit), written);
    fill(&mut newcomer, visit, MANY..MANY + 1);
    meet(&mut [&mut newcomer, &mut desk, &mut office]);
    let all = texts(&mut newcomer, visit);
    assert_eq!(all.len(), usize::from(MANY) + 1);
    assert_eq!(texts(&mut desk, visit), all);
    assert_eq!(texts(&mut office, visit), all);
    nothing_set_aside(&[&desk, &office, &newcomer]);
    assert_eq!(log_code(&mut desk), log_code(&mut newcomer));
}

#[test]
fn i7_what_was_written_out_of_signal_survives_the_prune() {
    let relay = Relay::start("i7-absent", at("08:00"));
    let (mut desk, mut office, visit) = open_desk_and_office(&relay);
    let mut drawer = join(&mut desk, &relay, "drawer");
    fill(&mut desk, visit, 0..2);
    meet(&mut [&mut desk, &mut office, &mut drawer]);
    drawer.signal(None);
    fill(&mut drawer, visit, 200..203);
    fill(&mut desk, visit, 2..MANY);
    meet(&mut [&mut desk, &mut office]);
    let pruned = relay.audit();
    assert!(pruned.trash >= u64::from(MANY), "{pruned}");

    drawer.now += 365 * 24 * 60 * 60 * 1000;
    drawer.signal(Some(&relay));
    meet(&mut [&mut drawer, &mut desk, &mut office]);
    let all = texts(&mut desk, visit);
    assert_eq!(all.len(), usize::from(MANY) + 3);
    assert!(stubs(&drawer) > 0, "it was away while they went");
    assert_eq!(texts(&mut drawer, visit), all);
    assert_eq!(texts(&mut office, visit), all);
    nothing_set_aside(&[&desk, &office, &drawer]);
    assert_eq!(relay.audit().trash, pruned.trash, "what came late stays");
}

#[test]
fn i7_a_second_snapshot_takes_the_place_of_the_first() {
    let relay = Relay::start("i7-second", at("08:00"));
    let (mut desk, mut office, visit) = open_desk_and_office(&relay);
    fill(&mut desk, visit, 0..MANY);
    meet(&mut [&mut desk, &mut office]);
    let once = relay.audit().trash;
    assert!(once >= u64::from(MANY));
    let mut late = join(&mut desk, &relay, "late");
    meet(&mut [&mut late]);
    fill(&mut desk, visit, MANY..2 * MANY);
    meet(&mut [&mut late, &mut desk, &mut office]);
    let twice = relay.audit().trash;
    assert!(
        twice > once + u64::from(MANY),
        "the first snapshot went too"
    );
    let mut newcomer = join(&mut desk, &relay, "newcomer");
    meet(&mut [&mut newcomer]);
    let all = texts(&mut desk, visit);
    assert_eq!(all.len(), 2 * usize::from(MANY));
    assert_eq!(texts(&mut newcomer, visit), all);
    assert_eq!(texts(&mut late, visit), all);
    nothing_set_aside(&[&desk, &office, &late, &newcomer]);
}

#[test]
fn i7_a_forged_snapshot_is_set_aside_by_who_holds_what_it_is_of() {
    for (lie, name) in [
        (Lie::LeavesOut, "i7-less"),
        (Lie::Adds, "i7-more"),
        (Lie::CoversMore, "i7-covers"),
    ] {
        let relay = Relay::start(name, at("08:00"));
        let (mut desk, phrase, visit) = open_desk(&relay);
        let mut office = join(&mut desk, &relay, "office");
        fill(&mut desk, visit, 0..5);
        meet(&mut [&mut desk, &mut office]);
        let written = texts(&mut desk, visit);
        let mut forger = Forger::new(&desk, &phrase);
        forger.push_snapshot(&relay, lie);
        meet(&mut [&mut office, &mut desk]);
        assert_eq!(office.sync.set_aside, 1, "{name}: {:?}", office.sync);
        assert_eq!(texts(&mut office, visit), written);
        assert_eq!(forger.attests(&office), 0, "nobody vouches for it");
        assert_eq!(relay.audit().trash, 0);
        let mut newcomer = join(&mut desk, &relay, "newcomer");
        meet(&mut [&mut newcomer]);
        assert_eq!(texts(&mut newcomer, visit), written, "nobody adopts it");
    }
}

#[test]
fn i7_a_body_that_is_gone_with_no_snapshot_for_it_is_missed_and_not_passed_over() {
    let relay = Relay::start("i7-gone", at("08:00"));
    let (mut desk, phrase, visit) = open_desk(&relay);
    fill(&mut desk, visit, 0..5);
    assert_eq!(texts(&mut desk, visit).len(), 5);
    let (_, _, held) = longest(&desk);
    let third = &held[3];
    let header = third.header();
    let (author, stream) = (header.author, header.stream);
    let key = Key::log(header.channel, header.document, author, stream, header.n);
    let writes = vec![
        Write::Put(Table::Log, key, third.stub()),
        Write::DeleteRange(Table::Index, Range::All),
    ];
    desk.store.commit(&Batch {
        id: 0,
        generation: 0,
        writes,
    });
    desk.switch_on(false);
    desk.unlock(&phrase).unwrap();
    assert_eq!(stubs(&desk), 1);
    let note = desk.visit(visit).note;
    assert!(
        note.is_none_or(|note| note.entries.is_empty()),
        "a part is not shown for the whole"
    );
}

#[test]
fn i7_a_coordinator_alone_prunes_once_the_snapshot_has_rested_for_a_week() {
    let relay = Relay::start("i7-alone", at("08:00"));
    let (mut desk, phrase, visit) = open_desk(&relay);
    fill(&mut desk, visit, 0..MANY);
    let written = texts(&mut desk, visit);
    meet(&mut [&mut desk]);
    assert_eq!(relay.audit().trash, 0);
    desk.now += ALONE_MS;
    relay.pass(ALONE_MS + 60_000);
    desk.switch_on(false);
    desk.unlock(&phrase).unwrap();
    meet(&mut [&mut desk]);
    assert!(relay.audit().trash >= u64::from(MANY), "{}", relay.audit());
    let mut newcomer = join(&mut desk, &relay, "newcomer");
    meet(&mut [&mut newcomer]);
    assert!(stubs(&newcomer) >= usize::from(MANY));
    assert_eq!(texts(&mut newcomer, visit), written);
    nothing_set_aside(&[&desk, &newcomer]);
}

#[test]
fn i7_a_tablet_that_came_after_the_prune_fills_an_old_copy_of_the_relay_alone() {
    let relay = Address::of(Relay::start("i7-burnt", at("08:00")));
    let (mut desk, mut office, visit) = open_desk_and_office(&relay);
    let copy = relay.back_up("i7-burnt-copy");
    fill(&mut desk, visit, 0..MANY);
    meet(&mut [&mut desk, &mut office]);
    let written = texts(&mut desk, visit);
    let mut newcomer = join(&mut desk, &relay, "newcomer");
    meet(&mut [&mut newcomer, &mut desk]);
    let gone = stubs(&newcomer);
    assert!(gone >= usize::from(MANY));
    let before = relay.audit();

    // All who hold the bodies are gone, and the relay with everything since the morning.
    drop((desk, office));
    relay.replace(Relay::restored(copy, at("08:00")));
    assert!(relay.audit().envelopes < before.envelopes);
    meet(&mut [&mut newcomer]);
    nothing_set_aside(&[&newcomer]);
    assert_eq!((newcomer.sync.again, newcomer.sync.trouble), (0, None));
    let after = relay.audit();
    assert!(after.envelopes >= before.envelopes, "{after}");
    let mut next = join(&mut newcomer, &relay, "next");
    meet(&mut [&mut next, &mut newcomer]);
    assert_eq!(stubs(&next), gone);
    assert_eq!(texts(&mut next, visit), written);
    nothing_set_aside(&[&newcomer, &next]);
    assert_eq!(log_code(&mut newcomer), log_code(&mut next));
}
