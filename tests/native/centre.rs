//! A centre set up by its people: started, families taken on, tablets let in, a session planned.

use neutral_ground::{
    domain::{
        contact::ContactKind,
        referral::ReferralSource,
        risk::RiskLevel,
        side::Side,
        time::{ClockTime, Day, Moment},
        worker::Role,
    },
    engine::{
        command::{Command, Screen},
        form::{
            AdultForm, ArrangementForm, CentreForm, ChildForm, PersonForm, ReferralForm, RiskForm,
            RoomForm, SessionForm, VisitForm,
        },
        view::{Done, Door, ScreenView},
        wire::{Id, Wire},
    },
};

use crate::tablet::Tablet;

pub(crate) fn at(clock: &str) -> i64 {
    Moment::from_uk(
        Day::parse("2026-03-14").unwrap(),
        ClockTime::parse(clock).unwrap(),
    )
    .ms()
}

/// Starts a centre; the phrase.
pub(crate) fn start_centre(tablet: &mut Tablet<'_>) -> String {
    let centre = CentreForm {
        name: "Saltmere Contact Centre".to_owned(),
        venue: "Saltmere Methodist Hall".to_owned(),
        rooms: ["Main hall", "Garden room"]
            .map(|name| RoomForm {
                id: None,
                name: name.to_owned(),
            })
            .to_vec(),
        coordinator: "Ruth Calder".to_owned(),
        tablet: "Desk".to_owned(),
    };
    let phrase = phrase(tablet);
    tablet
        .ask(Command::StartCentre {
            centre,
            phrase: phrase.clone(),
        })
        .unwrap();
    phrase
}

pub(crate) fn phrase(tablet: &mut Tablet<'_>) -> String {
    match tablet.ask(Command::SuggestPhrase) {
        Ok(Done::Phrase(phrase)) => phrase,
        other => panic!("expected a phrase, found {other:?}"),
    }
}

fn adult(first: &str, relationship: &str) -> AdultForm {
    AdultForm {
        first_name: first.to_owned(),
        last_name: "Penhale".to_owned(),
        relationship: relationship.to_owned(),
        phone: "01632 960123".to_owned(),
        email: String::new(),
        address: format!("{first} canary lane 7"),
    }
}

/// A referral with words to look for where they must not be.
pub(crate) fn referral(kind: ContactKind) -> ReferralForm {
    ReferralForm {
        source: Some(Wire(ReferralSource::Court)),
        referrer_name: "Judge Canaryworth".to_owned(),
        referrer_organisation: "Family Court".to_owned(),
        referrer_phone: "01632 960001".to_owned(),
        kind: Some(Wire(kind)),
        children: vec![ChildForm {
            first_name: "Mia".to_owned(),
            last_name: "Penhale".to_owned(),
            born: String::new(),
        }],
        resident: adult("Dana", "mum"),
        visiting: adult("Tom", "dad"),
        reason: "canary reason of the referral".to_owned(),
        allergies: "None known".to_owned(),
        other_needs: String::new(),
    }
}

/// Referral, risk decision, acceptance: the family file.
pub(crate) fn family(desk: &mut Tablet<'_>, kind: ContactKind) -> Id {
    let referral = desk.make(Command::TakeReferral(referral(kind)));
    let risk = risk(kind);
    desk.ask(Command::DecideRisk { referral, risk }).unwrap();
    let arrangement = arrangement(kind);
    desk.make(Command::AcceptReferral {
        referral,
        arrangement,
    })
}

/// A decision that allows one kind.
pub(crate) fn risk(kind: ContactKind) -> RiskForm {
    RiskForm {
        level: Some(Wire(RiskLevel::Low)),
        suitable: vec![Wire(kind)],
        controls: "Separate doors".to_owned(),
        reason: "nothing known".to_owned(),
    }
}

/// Sides that must not meet.
pub(crate) fn arrangement(kind: ContactKind) -> ArrangementForm {
    ArrangementForm {
        kind: Some(Wire(kind)),
        length_minutes: "120".to_owned(),
        first_in: Wire(Side::Visiting),
        gap_minutes: "15".to_owned(),
        keep_apart: true,
        collectors: String::new(),
    }
}

/// Invites a person, has the newcomer join, compares the codes, approves; the newcomer's phrase.
pub(crate) fn enrol(
    desk: &mut Tablet<'_>,
    newcomer: &mut Tablet<'_>,
    name: &str,
    role: Role,
    tablet: &str,
) -> String {
    let (words, invite) = apply(desk, newcomer, name, role, tablet);
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    desk.ask(Command::SendNow).unwrap();
    newcomer.pass(8_000);
    let Door::Open(me) = &newcomer.door else {
        panic!("expected to be in, found {:?}", newcomer.door);
    };
    assert_eq!((me.name.as_str(), me.desk), (name, false));
    words
}

/// Invites a person, has the newcomer join, compares the codes; the newcomer's phrase and the invite.
pub(crate) fn apply(
    desk: &mut Tablet<'_>,
    newcomer: &mut Tablet<'_>,
    name: &str,
    role: Role,
    tablet: &str,
) -> (String, Id) {
    let words = phrase(newcomer);
    newcomer
        .ask(Command::Join {
            link: link(desk, name, role),
            phrase: words.clone(),
            tablet: tablet.to_owned(),
        })
        .unwrap();
    (words, compare(desk, newcomer, name))
}

/// Invites a person; the link.
pub(crate) fn link(desk: &mut Tablet<'_>, name: &str, role: Role) -> String {
    let form = PersonForm {
        name: name.to_owned(),
        roles: vec![Wire(role)],
        member: None,
    };
    match desk.ask(Command::Invite(form)) {
        Ok(Done::Invited { fragment, .. }) => format!("https://centre.invalid/join#{fragment}"),
        other => panic!("expected an invite, found {other:?}"),
    }
}

/// Waits until both screens show the same six digits; the invite.
pub(crate) fn compare(desk: &mut Tablet<'_>, newcomer: &mut Tablet<'_>, name: &str) -> Id {
    desk.pass(4_000);
    newcomer.pass(4_000);
    desk.pass(4_000);
    let Door::Joining(joining) = &newcomer.door else {
        panic!("expected to wait for approval, found {:?}", newcomer.door);
    };
    let shown = joining.code.clone().expect("the newcomer sees six digits");
    let ScreenView::People(people) = desk.look(Screen::People) else {
        panic!("expected the people");
    };
    let waiting = people
        .invites
        .iter()
        .find(|invite| invite.name == name)
        .unwrap();
    assert_eq!(
        waiting.code.as_ref(),
        Some(&shown),
        "both screens show the same digits"
    );
    waiting.id
}

pub(crate) fn session(desk: &mut Tablet<'_>) -> Id {
    desk.make(Command::PlanSession(SessionForm {
        day: "2026-03-14".to_owned(),
        opens: "09:30".to_owned(),
        closes: "12:30".to_owned(),
        leader: None,
        workers: Vec::new(),
    }))
}

pub(crate) fn book(
    desk: &mut Tablet<'_>,
    session: Id,
    family: Id,
    room: Option<Id>,
    supervisor: Option<Id>,
) -> Id {
    desk.make(Command::BookVisit(VisitForm {
        session,
        family: Some(family),
        starts: "10:00".to_owned(),
        ends: "11:30".to_owned(),
        room,
        supervisor,
    }))
}
