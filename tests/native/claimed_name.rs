//! A member who puts something of their own under the name of a colleague's record.

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::{Command, Screen},
        view::ScreenView,
        wire::Id,
    },
};

use crate::{
    centre::{at, book, enrol, family, referral, session, start_centre},
    fuzz::insider::Insider,
    relay_process::Relay,
    tablet::{Reach, Tablet},
    two_tablets::join,
};

#[test]
fn a_referral_is_not_hidden_by_what_came_first_under_its_name() {
    let relay = Relay::start("claimed-name", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let file = family(&mut desk, ContactKind::Supported);
    let day = session(&mut desk);
    let visit = book(&mut desk, day, file, None, None);
    let mut office = join(&mut desk, &relay, "second");
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let joan = enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    desk.ask(Command::SendNow).unwrap();
    let mut insider = Insider::spy(&teal, &joan, &relay, visit);

    desk.signal(None);
    let taken = desk.make(Command::TakeReferral(referral(ContactKind::Supported)));
    let claim = insider.claims(taken);
    let mut body = b"NGP1".to_vec();
    body.extend(u32::try_from(claim.bytes().len()).unwrap().to_be_bytes());
    body.extend(claim.bytes());
    let path = format!("/v1/{}/push", claim.header().centre);
    let (status, _, answer) = relay.post(&path, None, &body);
    assert_eq!((status, answer[6]), (200, 0), "the relay cannot tell");
    office.ask(Command::SendNow).unwrap();
    desk.signal(Some(&relay));
    desk.ask(Command::SendNow).unwrap();

    office.ask(Command::SendNow).unwrap();
    for tablet in [&mut desk, &mut office] {
        assert!(lists(tablet, taken));
    }
}

fn lists(tablet: &mut Tablet<'_>, referral: Id) -> bool {
    let ScreenView::Referrals(rows) = tablet.look(Screen::Referrals) else {
        panic!("expected the referrals");
    };
    rows.iter().any(|row| row.id == referral)
}
