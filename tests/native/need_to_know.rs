//! Who may read and who may write each kind of document, of every role: as the chain says it, as the keys on their tablet
//! open it, as bytes that are there, and as what the app lets them do.

use std::collections::{BTreeMap, BTreeSet};

use neutral_ground::{
    documents::DocumentKind,
    domain::{contact::ContactKind, note::EntryKind, side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        crypto::{
            envelope::{SealKey, VerifiedEnvelope},
            keyring::Keyring,
            passphrase::{self, KdfParams, Phrase},
            payload::Wrap,
        },
        effect::Part,
        form::{CentreForm, PersonForm, SessionForm},
        storage::key::{Range, Table},
        view::{Door, ScreenView, Trouble},
        wire::{Id, Wire},
    },
};
use sync_protocol::{Channel, DocumentId, EnvelopeKind, Membership, SealedEnvelope, SignedRecord};

use crate::{
    centre::{apply, arrangement, at, book, family, referral, session, start_centre},
    relay_process::Relay,
    simulator::keys::keyring_in,
    tablet::Tablet,
    two_tablets::write,
};

/// Columns are the roles, in their order; the supervisor is the one who wrote the note.
const GRID: [(DocumentKind, [&str; 7]); 9] = [
    (DocumentKind::Centre, ["RW", "R", "R", "R", "R", "", ""]),
    (DocumentKind::Worker, ["RW", "R", "R", "R", "R", "", ""]),
    (DocumentKind::Session, ["RW", "R", "R", "R", "R", "", ""]),
    (DocumentKind::Visit, ["RW", "RW", "RW", "RW", "R", "", ""]),
    (DocumentKind::Referral, ["RW", "", "", "", "", "", ""]),
    (DocumentKind::FamilyFile, ["RW", "", "", "", "", "", ""]),
    (DocumentKind::Arrangement, ["RW", "", "", "", "", "", ""]),
    (
        DocumentKind::ProtectedDetails,
        ["RW", "", "", "", "", "", ""],
    ),
    (
        DocumentKind::ObservationNote,
        ["R", "", "", "RW", "", "", ""],
    ),
];

/// Somebody with one role, on a tablet of their own.
pub(crate) struct Person<'r> {
    pub(crate) role: Role,
    pub(crate) tablet: Tablet<'r>,
    pub(crate) phrase: String,
}

/// What everybody works with.
pub(crate) struct Day {
    family: Id,
    pub(crate) visit: Id,
}

/// A centre with one person of each role, one document of each kind and more, everything fetched everywhere.
pub(crate) fn centre(relay: &Relay) -> (Vec<Person<'_>>, Day) {
    let mut desk = Tablet::new("desk", at("08:00"), Some(relay));
    let phrase = start_centre(&mut desk);
    let family = family(&mut desk, ContactKind::Supervised);
    let session = session(&mut desk);
    let mut people = Vec::new();
    for role in Role::ALL
        .iter()
        .copied()
        .filter(|role| *role != Role::Coordinator)
    {
        let mut tablet = Tablet::new(role.word(), at("08:00"), Some(relay));
        let (phrase, invite) = apply(&mut desk, &mut tablet, "Noor Vale", role, role.word());
        desk.ask(Command::ApproveDevice { invite }).unwrap();
        desk.ask(Command::SendNow).unwrap();
        tablet.pass(8_000);
        people.push(Person {
            role,
            tablet,
            phrase,
        });
    }
    let ScreenView::Session(view) = desk.look(Screen::Session(session)).clone() else {
        panic!("expected the session");
    };
    let supervisor = view.supervisors.first().map(|(member, _)| *member);
    let visit = book(
        &mut desk,
        session,
        family,
        Some(view.rooms[0].0),
        supervisor,
    );
    let role = Role::Coordinator;
    people.insert(
        0,
        Person {
            role,
            tablet: desk,
            phrase,
        },
    );
    let day = Day { family, visit };
    fetch(&mut people);
    let author = &mut people[place(Role::Supervisor)].tablet;
    author.now = at("10:00");
    author.ask(Command::Look(Screen::Visit(visit))).unwrap();
    write(author, visit, Id([7; 16]), "Mia drew a boat");
    author.ask(Command::SendNow).unwrap();
    fetch(&mut people);
    (people, day)
}

/// Where a role stands in the list of them.
pub(crate) fn place(role: Role) -> usize {
    Role::ALL.iter().position(|known| *known == role).unwrap()
}

fn fetch(people: &mut [Person<'_>]) {
    for _round in 0..2 {
        for person in people.iter_mut() {
            person.tablet.ask(Command::SendNow).unwrap();
        }
    }
}

/// The keys on their tablet, as whoever knows the phrase can have them.
pub(crate) fn keyring(person: &Person<'_>) -> Keyring {
    let row = person
        .tablet
        .store
        .read(&[(Table::Keyrings, Range::All, Part::Rows)])
        .remove(0)
        .remove(0);
    keyring_in(&row.1, |wrap| {
        let phrase = Phrase::parse(&person.phrase).unwrap();
        passphrase::derive(&phrase, wrap.unlock_salt(), KdfParams::FLOOR).unwrap()
    })
}

/// Every envelope that is on their tablet.
pub(crate) fn log(person: &Person<'_>) -> Vec<SealedEnvelope> {
    let rows = person
        .tablet
        .store
        .read(&[(Table::Log, Range::All, Part::Rows)])
        .remove(0);
    let rows = rows.into_iter();
    rows.map(|(_, row)| SealedEnvelope::parse_kept(row).unwrap())
        .collect()
}

/// The list of people as their tablet has it.
pub(crate) fn chain(person: &Person<'_>) -> Membership {
    let rows = person
        .tablet
        .store
        .read(&[(Table::Chain, Range::All, Part::Rows)])
        .remove(0);
    let records: Vec<_> = rows
        .into_iter()
        .map(|(_, row)| SignedRecord::parse(row).unwrap())
        .collect();
    Membership::replay(records.iter()).unwrap()
}

/// What a wrap holds, if these keys open it.
pub(crate) fn opened(keyring: &Keyring, wrap: &SealedEnvelope, chain: &Membership) -> Option<Wrap> {
    let author = chain.device(&wrap.header().author).unwrap();
    keyring.epochs().find_map(|(_, _, key)| {
        let verified = VerifiedEnvelope::verify(wrap, &author.sign).unwrap();
        let plain = verified.open(SealKey::Epoch(key)).ok()?;
        Wrap::decode(&plain).ok()
    })
}

#[test]
fn every_role_reads_what_it_needs_to_know_by_the_chain_by_keys_and_in_bytes_and_nothing_else() {
    assert_eq!(GRID.map(|(kind, _)| kind), DocumentKind::ALL);
    let relay = Relay::start("grid", at("08:00"));
    let (people, _) = centre(&relay);
    let office = &people[place(Role::Coordinator)];
    let (all, membership) = (log(office), chain(office));
    let is_wrap = |envelope: &&SealedEnvelope| envelope.header().kind == EnvelopeKind::Wrap;
    let wraps: Vec<_> = all.iter().filter(is_wrap).collect();
    let keys = keyring(office);
    let mut documents: BTreeMap<DocumentKind, BTreeSet<(DocumentId, Channel)>> = BTreeMap::new();
    for wrap in &wraps {
        let held = opened(&keys, wrap, &membership).expect("a co-ordinator opens everything");
        let kind = DocumentKind::from_code(held.document_kind).unwrap();
        let header = wrap.header();
        documents
            .entry(kind)
            .or_default()
            .insert((header.document, header.channel));
    }
    for person in &people {
        let Door::Open(me) = &person.tablet.door else {
            panic!("expected {:?} to be in", person.role);
        };
        let device = sync_protocol::DeviceId::from_bytes(me.device.0);
        let (keys, held) = (keyring(person), log(person));
        for (kind, roles) in GRID {
            let reads = roles[place(person.role)].contains('R');
            let of_kind = documents.get(&kind).expect("there is one of each kind");
            for (document, channel) in of_kind {
                let says = format!("{:?}, {kind:?}", person.role);
                let by_chain = membership.may_read(&device, *channel).is_ok();
                assert_eq!(by_chain, reads, "{says}: by the chain");
                let mut theirs = wraps
                    .iter()
                    .filter(|wrap| wrap.header().document == *document);
                let by_keys = theirs.any(|wrap| opened(&keys, wrap, &membership).is_some());
                assert_eq!(by_keys, reads, "{says}: by keys");
                let mut bytes = held.iter().map(|envelope| envelope.header().document);
                assert_eq!(bytes.any(|id| id == *document), reads, "{says}: in bytes");
            }
        }
    }
}

/// Something that only those who may write this kind can do.
fn written(kind: DocumentKind, day: &Day) -> Command {
    match kind {
        DocumentKind::Centre => Command::ChangeCentre(CentreForm {
            name: "Saltmere".to_owned(),
            venue: "Hall".to_owned(),
            ..CentreForm::default()
        }),
        DocumentKind::Worker => Command::Invite(PersonForm {
            name: "Ines Moreau".to_owned(),
            roles: vec![Wire(Role::Volunteer)],
            member: None,
        }),
        DocumentKind::Session => Command::PlanSession(SessionForm {
            day: "2026-03-28".to_owned(),
            opens: "09:30".to_owned(),
            closes: "12:30".to_owned(),
            leader: None,
            workers: Vec::new(),
        }),
        DocumentKind::Visit => Command::Record {
            visit: day.visit,
            what: Happening::Arrived(Wire(Side::Visiting)),
        },
        DocumentKind::Referral => Command::TakeReferral(referral(ContactKind::Supported)),
        DocumentKind::FamilyFile | DocumentKind::Arrangement => Command::ChangeArrangement {
            family: day.family,
            arrangement: arrangement(ContactKind::Supervised),
        },
        DocumentKind::ProtectedDetails => Command::OpenProtectedDetails {
            family: day.family,
            side: Wire(Side::Resident),
        },
        DocumentKind::ObservationNote => Command::TypeEntry {
            visit: day.visit,
            entry: Id([8; 16]),
            kind: Wire(EntryKind::Observed),
            occurred_at: at("10:05"),
            speaker: String::new(),
            text: "They built a tower".to_owned(),
        },
    }
}

#[test]
fn every_role_does_what_its_work_asks_for_and_the_app_refuses_the_rest() {
    let relay = Relay::start("deeds", at("08:00"));
    let (mut people, day) = centre(&relay);
    for (kind, roles) in GRID {
        for person in &mut people {
            person.tablet.now = at("10:05");
            let writes = roles[place(person.role)].contains('W');
            let asked = person.tablet.ask(written(kind, &day));
            let says = format!("{:?}, {kind:?}: {asked:?}", person.role);
            let reads = roles[place(person.role)].contains('R');
            match asked {
                Ok(_) => assert!(writes, "{says}"),
                Err(Trouble::NotAllowed) => assert!(!writes, "{says}"),
                // What is not on the tablet is not found there.
                Err(_) => assert!(!reads, "{says}"),
            }
        }
    }
}
