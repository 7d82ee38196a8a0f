//! The short referral form.

use super::{ContactDetails, ReferralDraft, fields::Fields};
use crate::{
    domain::{
        error::{Expected, Found, ParseError},
        non_empty::NonEmpty,
        person::{Adult, Child},
        referral::{ReferralSource, Referrer},
        side::{PerSide, Side},
        text::{EmailAddress, LongText, PersonName, PhoneNumber, PostalAddress, ShortLine},
        time::Day,
    },
    engine::form::{AdultForm, ChildForm, FieldError, Problem, ReferralForm},
};

/// What stands before the allergies among the needs, so that "none known" can be understood.
const ALLERGIES: &str = "Allergies: ";

impl ReferralForm {
    /// Reads the form; `today` is the day it came in.
    pub fn parse(&self, today: Day) -> Result<ReferralDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let source = fields.chosen("source", self.source).map(|source| source.0);
        let referrer = self.referrer(source, &mut fields);
        let children = self.children(today, &mut fields);
        let resident = self.resident.read(Side::Resident, &mut fields);
        let visiting = self.visiting.read(Side::Visiting, &mut fields);
        let kind = fields.chosen("kind", self.kind).map(|kind| kind.0);
        let reason = fields.read("reason", LongText::parse(&self.reason));
        let needs = self.needs(&mut fields);
        let draft = (|| {
            let (resident, resident_details) = resident?;
            let (visiting, visiting_details) = visiting?;
            Some(ReferralDraft {
                source: source?,
                referrer: referrer?,
                children: children?,
                adults: PerSide { resident, visiting },
                details: PerSide {
                    resident: resident_details,
                    visiting: visiting_details,
                },
                kind: kind?,
                reason: reason?,
                needs: needs?,
            })
        })();
        fields.finish(draft)
    }

    fn referrer(&self, source: Option<ReferralSource>, fields: &mut Fields) -> Option<Referrer> {
        let may_be_nameless = source == Some(ReferralSource::SelfReferral);
        let name = fields.read(
            "referrer-name",
            PersonName::parse_optional(&self.referrer_name),
        );
        if name == Some(None) && !may_be_nameless {
            fields.refuse("referrer-name", Problem::Missing);
        }
        let organisation = fields.read(
            "referrer-organisation",
            ShortLine::parse_optional(&self.referrer_organisation),
        );
        let phone = fields.read(
            "referrer-phone",
            PhoneNumber::parse_optional(&self.referrer_phone),
        );
        Some(Referrer {
            name: name?,
            organisation: organisation?,
            phone: phone?,
            email: None,
        })
    }

    fn children(&self, today: Day, fields: &mut Fields) -> Option<NonEmpty<Child>> {
        let read = |(place, child): (usize, &ChildForm)| child.read(place, today, fields);
        // Every child is read before one that is not accepted ends the list, so that all refusals show.
        let children: Vec<_> = self.children.iter().enumerate().map(read).collect();
        let children = children.into_iter().collect::<Option<Vec<_>>>()?;
        fields.read("child-0-first", NonEmpty::parse(children))
    }

    fn needs(&self, fields: &mut Fields) -> Option<Vec<ShortLine>> {
        let allergies = fields.read("allergies", allergies(&self.allergies));
        let other = fields.lines("other-needs", &self.other_needs, ShortLine::parse);
        let mut needs = vec![allergies?];
        needs.extend(other);
        Some(needs)
    }
}

impl ChildForm {
    fn read(&self, place: usize, today: Day, fields: &mut Fields) -> Option<Child> {
        let field = |part: &str| format!("child-{place}-{part}");
        let first_name = fields.read(&field("first"), PersonName::parse(&self.first_name));
        let surname = fields.read(&field("last"), PersonName::parse(&self.last_name));
        let born = fields.read(&field("born"), born(&self.born, today));
        Some(Child {
            first_name: first_name?,
            surname: surname?,
            born: born?,
        })
    }
}

impl AdultForm {
    fn read(&self, side: Side, fields: &mut Fields) -> Option<(Adult, ContactDetails)> {
        let field = |part: &str| format!("{}-{part}", side.word());
        let first_name = fields.read(&field("first"), PersonName::parse(&self.first_name));
        let surname = fields.read(&field("last"), PersonName::parse(&self.last_name));
        let relationship =
            fields.read(&field("relationship"), ShortLine::parse(&self.relationship));
        let details = self.details(&field, fields);
        let adult = Adult {
            first_name: first_name?,
            surname: surname?,
            relationship: relationship?,
            side,
        };
        Some((adult, details?))
    }

    fn details(
        &self,
        field: &dyn Fn(&str) -> String,
        fields: &mut Fields,
    ) -> Option<ContactDetails> {
        let none = [&self.phone, &self.email, &self.address]
            .iter()
            .all(|typed| typed.trim().is_empty());
        if none {
            fields.refuse(&field("phone"), Problem::NoContactDetails);
            return None;
        }
        let phone = fields.read(&field("phone"), PhoneNumber::parse_optional(&self.phone));
        let email = fields.read(&field("email"), EmailAddress::parse_optional(&self.email));
        let address = fields.read(
            &field("address"),
            PostalAddress::parse_optional(&self.address),
        );
        Some(ContactDetails {
            phone: phone?,
            email: email?,
            address: address?,
        })
    }
}

/// A day of birth may be left blank, but cannot lie ahead.
fn born(typed: &str, today: Day) -> Result<Option<Day>, ParseError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let born = Day::parse(typed)?;
    if born <= today {
        Ok(Some(born))
    } else {
        Err(ParseError::new(Expected::Day, Found::NoSuch))
    }
}

fn allergies(typed: &str) -> Result<ShortLine, ParseError> {
    let typed = ShortLine::parse(typed)?;
    let limit = ShortLine::LIMIT - ALLERGIES.len();
    let chars = typed.as_str().chars().count();
    if chars > limit {
        return Err(ParseError::new(
            Expected::ShortLine,
            Found::TooLong { chars, limit },
        ));
    }
    ShortLine::parse(&format!("{ALLERGIES}{}", typed.as_str()))
}
