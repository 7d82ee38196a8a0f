//! Invented families to look around. They live in a database of their own and are never sent.

use crate::{
    domain::{
        contact::ContactKind,
        referral::{DeclineReason, ReferralSource},
        risk::RiskLevel,
        side::Side,
        time::{Day, Moment},
    },
    engine::{
        command::CommandId,
        form::{
            AdultForm, ArrangementForm, CentreForm, ChildForm, ReferralForm, RiskForm, RoomForm,
            SessionForm, VisitForm,
        },
        open::Open,
        turn::Turn,
        view::{Done, Trouble},
        wire::{Id, Wire},
    },
};

/// The store opens by itself with this phrase: it protects nothing.
pub(crate) const PHRASE: &str = "made up families only";

/// The command that opening it answers; the page sends none with this number.
pub(crate) const COMMAND: CommandId = u32::MAX;

/// The invented centre.
pub(crate) fn centre() -> CentreForm {
    CentreForm {
        name: "Saltmere Child Contact Centre".to_owned(),
        venue: "Saltmere Methodist Hall".to_owned(),
        rooms: ["Main hall", "Garden room", "Waiting room"]
            .map(|name| RoomForm {
                id: None,
                name: name.to_owned(),
            })
            .to_vec(),
        coordinator: "Ruth Calder".to_owned(),
        tablet: "Looking around".to_owned(),
    }
}

struct MadeUp {
    children: &'static [&'static str],
    surname: &'static str,
    resident: (&'static str, &'static str),
    visiting: (&'static str, &'static str),
    kind: ContactKind,
    risk: RiskLevel,
    allergies: &'static str,
    starts: &'static str,
    ends: &'static str,
}

const FAMILIES: [MadeUp; 4] = [
    MadeUp {
        children: &["Mia", "Theo"],
        surname: "Penhale",
        resident: ("Dana", "mum"),
        visiting: ("Tom", "dad"),
        kind: ContactKind::Supported,
        risk: RiskLevel::Low,
        allergies: "None known",
        starts: "10:00",
        ends: "11:30",
    },
    MadeUp {
        children: &["Isla"],
        surname: "Marrick",
        resident: ("Jo", "mum"),
        visiting: ("Sam", "dad"),
        kind: ContactKind::Supported,
        risk: RiskLevel::Low,
        allergies: "Nuts: carries an injector",
        starts: "10:15",
        ends: "11:45",
    },
    MadeUp {
        children: &["Kofi"],
        surname: "Addai",
        resident: ("Grace", "gran"),
        visiting: ("Esi", "mum"),
        kind: ContactKind::Supervised,
        risk: RiskLevel::Medium,
        allergies: "None known",
        starts: "10:30",
        ends: "11:30",
    },
    MadeUp {
        children: &["Wren"],
        surname: "Tolland",
        resident: ("Ali", "dad"),
        visiting: ("Bex", "mum"),
        kind: ContactKind::Handover,
        risk: RiskLevel::Low,
        allergies: "None known",
        starts: "10:00",
        ends: "12:00",
    },
];

impl Open {
    /// Fills an empty demonstration store: four families, one session today.
    pub(crate) fn fill_with_made_up_families(
        &mut self,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        if !self.made_up {
            return Err(Trouble::NotAllowed);
        }
        if self.library.count() > 2 {
            return Ok(Done::Saved);
        }
        let me = Id(*self.member().as_bytes());
        let today = Moment::from_ms(turn.now).uk_day();
        let session = created(&self.plan_session(&session_form(today, me), turn)?)?;
        for (place, family) in FAMILIES.iter().enumerate() {
            let referral = created(&self.take_referral(&referral_form(family), turn)?)?;
            self.decide_risk(referral, &risk_form(family), turn)?;
            let file =
                created(&self.accept_referral(referral, &arrangement_form(family), turn)?)?;
            let name = if place == 2 {
                "Garden room"
            } else {
                "Main hall"
            };
            let rooms = self.rooms();
            let room = rooms
                .iter()
                .find(|(_, room)| room == name)
                .map(|(id, _)| *id);
            let supervised = family.kind.observed().is_some();
            let visit = VisitForm {
                session,
                family: Some(file),
                starts: family.starts.to_owned(),
                ends: family.ends.to_owned(),
                room,
                supervisor: supervised.then_some(me),
            };
            self.book_visit(&visit, turn)?;
        }
        let waiting = referral_form(&FAMILIES[0]);
        let waiting = ReferralForm {
            children: vec![child("Robin", "Quill")],
            ..waiting
        };
        self.take_referral(&waiting, turn)?;
        let gone = ReferralForm {
            children: vec![child("Ash", "Verrin")],
            ..waiting
        };
        let gone = created(&self.take_referral(&gone, turn)?)?;
        self.decline_referral(
            gone,
            DeclineReason::ALL
                .first()
                .map_or("", |reason| reason.word()),
            turn,
        )?;
        Ok(Done::Saved)
    }
}

fn created(done: &Done) -> Result<Id, Trouble> {
    match done {
        Done::Created(id) => Ok(*id),
        Done::Saved | Done::Phrase(_) | Done::Invited { .. } | Done::Sheets(_) => {
            Err(Trouble::NotAllowed)
        }
    }
}

fn session_form(today: Day, leader: Id) -> SessionForm {
    SessionForm {
        day: today.iso(),
        opens: "09:30".to_owned(),
        closes: "12:30".to_owned(),
        leader: Some(leader),
        workers: vec![leader],
    }
}

fn child(first: &str, last: &str) -> ChildForm {
    ChildForm {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        born: String::new(),
    }
}

fn adult((first, relationship): (&str, &str), surname: &str, phone: &str) -> AdultForm {
    AdultForm {
        first_name: first.to_owned(),
        last_name: surname.to_owned(),
        relationship: relationship.to_owned(),
        phone: phone.to_owned(),
        email: String::new(),
        address: "1 Invented Lane, Saltmere".to_owned(),
    }
}

fn referral_form(family: &MadeUp) -> ReferralForm {
    ReferralForm {
        source: Some(Wire(ReferralSource::Solicitor)),
        referrer_name: "Invented Referrer".to_owned(),
        referrer_organisation: "Quay Street Solicitors".to_owned(),
        referrer_phone: "01632 960011".to_owned(),
        kind: Some(Wire(family.kind)),
        children: family
            .children
            .iter()
            .map(|first| child(first, family.surname))
            .collect(),
        resident: adult(family.resident, family.surname, "01632 960123"),
        visiting: adult(family.visiting, family.surname, "01632 960456"),
        reason: "An invented referral, to look around with.".to_owned(),
        allergies: family.allergies.to_owned(),
        other_needs: String::new(),
    }
}

fn risk_form(family: &MadeUp) -> RiskForm {
    RiskForm {
        level: Some(Wire(family.risk)),
        suitable: vec![Wire(family.kind)],
        controls: "Separate doors\nTwo workers in the hall".to_owned(),
        reason: "Invented, to look around with.".to_owned(),
    }
}

fn arrangement_form(family: &MadeUp) -> ArrangementForm {
    ArrangementForm {
        kind: Some(Wire(family.kind)),
        length_minutes: "120".to_owned(),
        first_in: Wire(Side::Visiting),
        gap_minutes: "15".to_owned(),
        keep_apart: true,
        collectors: String::new(),
    }
}
