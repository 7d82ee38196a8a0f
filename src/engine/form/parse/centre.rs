//! The centre's form, and those of a person.

use super::{CentreDraft, Invitee, PersonDraft, RoomDraft, StartDraft, fields::Fields};
use crate::domain::gather::put_in_order;
use crate::{
    domain::{
        ids::{MemberId, RoomId},
        non_empty::NonEmpty,
        text::{PersonName, ShortLine},
    },
    engine::form::{CentreForm, FieldError, PersonForm},
};

impl CentreForm {
    /// Reads the form of a centre that exists; what belongs to starting is not looked at.
    pub fn parse(&self) -> Result<CentreDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let centre = self.centre(&mut fields);
        fields.finish(centre)
    }

    /// Reads the form that starts a centre.
    pub fn parse_start(&self) -> Result<StartDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let centre = self.centre(&mut fields);
        let coordinator = fields.read("coordinator-name", PersonName::parse(&self.coordinator));
        let tablet = fields.read("tablet-name", ShortLine::parse(&self.tablet));
        let start = centre
            .zip(coordinator)
            .zip(tablet)
            .map(|((centre, coordinator), tablet)| StartDraft {
                centre,
                coordinator,
                tablet,
            });
        fields.finish(start)
    }

    fn centre(&self, fields: &mut Fields) -> Option<CentreDraft> {
        let name = fields.read("centre-name", ShortLine::parse(&self.name));
        let venue = fields.read("venue-name", ShortLine::parse(&self.venue));
        let mut rooms = Vec::new();
        for (place, typed) in self.rooms.iter().enumerate() {
            let name = ShortLine::parse_optional(&typed.name);
            let name = fields.read(&format!("room-{place}"), name).flatten();
            let id = typed.id.map(|id| RoomId::from_bytes(id.0));
            rooms.extend(name.map(|name| RoomDraft { id, name }));
        }
        Some(CentreDraft {
            name: name?,
            venue: venue?,
            rooms,
        })
    }
}

impl PersonForm {
    /// Reads the form as an invite.
    pub fn parse_invite(&self) -> Result<Invitee, Vec<FieldError>> {
        match self.member {
            Some(member) => Ok(Invitee::Member(MemberId::from_bytes(member.0))),
            None => self.parse().map(Invitee::New),
        }
    }

    /// Reads name and roles.
    pub fn parse(&self) -> Result<PersonDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let name = fields.read("person-name", PersonName::parse(&self.name));
        let mut roles: Vec<_> = self.roles.iter().map(|role| role.0).collect();
        put_in_order(&mut roles, Ord::cmp);
        roles.dedup();
        let roles = fields.read("person-roles", NonEmpty::parse(roles));
        let person = name.zip(roles);
        fields.finish(person.map(|(name, roles)| PersonDraft { name, roles }))
    }
}
