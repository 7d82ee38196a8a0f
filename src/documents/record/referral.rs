//! A referral's document.

/// A referral's state and judgement of risk: each written and replaced as one whole.
mod decision;

use self::decision::{parse_risk, parse_state, write_risk, write_state};
use super::{
    field,
    people::{parse_adult, parse_children, write_adult, write_child},
    reader::Reader,
    reading,
    writer::Writer,
    writing,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        contact::{ContactKind, Reporting},
        policy::{OfficePermit, RiskPermit},
        referral::{Form, Referral, ReferralSource, ReferralState, Referrer},
        risk::RiskDecision,
        side::{PerSide, Side},
        text::{EmailAddress, LongText, PersonName, PhoneNumber, ShortLine},
        time::Day,
    },
};

const KIND: DocumentKind = DocumentKind::Referral;

/// Writes a new referral.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    referral: &Referral,
) -> Result<(), WriteError> {
    write(referral, &mut writing(document, KIND)?)
}

/// Reads the referral.
pub fn read(document: &Document) -> Result<Referral, Unreadable> {
    parse(&reading(document, KIND)?)
}

/// Records the judgement of risk.
///
/// A whole new object, so that two judgements made apart never mix: both are kept side by side and
/// [`super::conflicts`] shows them.
pub fn decide_risk(
    document: &mut Document,
    _: RiskPermit,
    decision: &RiskDecision,
) -> Result<(), WriteError> {
    write_risk(decision, &mut writing(document, KIND)?.fresh_part("risk")?)
}

/// Records how far the referral has come; a whole new object, as with the risk.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: ReferralState,
) -> Result<(), WriteError> {
    write_state(state, &mut writing(document, KIND)?.fresh_part("state")?)
}

/// Records whether one side's own form is in.
pub fn set_form(
    document: &mut Document,
    _: OfficePermit,
    side: Side,
    form: Form,
) -> Result<(), WriteError> {
    let mut forms = writing(document, KIND)?.inside("forms")?;
    forms.text(side.word(), form.word())
}

fn write(referral: &Referral, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Referral {
        reference,
        received_on,
        source,
        referrer,
        kind_requested,
        reporting,
        children,
        resident,
        visiting,
        forms,
        needs,
        reason,
        background,
        risk,
        state,
    } = referral;
    to.text("reference", reference.as_str())?;
    to.text("received_on", &received_on.iso())?;
    to.text("source", source.word())?;
    write_referrer(referrer, &mut to.part("referrer")?)?;
    to.text("kind_requested", kind_requested.word())?;
    to.text("reporting", reporting.word())?;
    to.items("children", &mut children.iter(), write_child)?;
    write_adult(resident, &mut to.part("resident")?)?;
    write_adult(visiting, &mut to.part("visiting")?)?;
    write_forms(*forms, &mut to.part("forms")?)?;
    to.lines("needs", &mut needs.iter().map(ShortLine::as_str))?;
    to.optional("reason", reason.as_ref().map(LongText::as_str))?;
    to.optional("background", background.as_ref().map(LongText::as_str))?;
    match risk {
        Some(decision) => write_risk(decision, &mut to.part("risk")?)?,
        None => to.none("risk")?,
    }
    write_state(*state, &mut to.part("state")?)
}

fn write_referrer(referrer: &Referrer, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Referrer {
        name,
        organisation,
        phone,
        email,
    } = referrer;
    to.optional("name", name.as_ref().map(PersonName::as_str))?;
    to.optional("organisation", organisation.as_ref().map(ShortLine::as_str))?;
    to.optional("phone", phone.as_ref().map(PhoneNumber::as_str))?;
    to.optional("email", email.as_ref().map(EmailAddress::as_str))
}

fn write_forms(forms: PerSide<Form>, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let PerSide { resident, visiting } = forms;
    to.text("resident", resident.word())?;
    to.text("visiting", visiting.word())
}

fn parse(from: &Reader<'_>) -> Result<Referral, Unreadable> {
    let risk = from.optional_part("risk")?;
    Ok(Referral {
        reference: from.parse("reference", ShortLine::parse)?,
        received_on: from.parse("received_on", Day::parse)?,
        source: from.parse("source", ReferralSource::parse_word)?,
        referrer: parse_referrer(&from.part("referrer")?)?,
        kind_requested: from.parse("kind_requested", ContactKind::parse_word)?,
        reporting: from.parse("reporting", Reporting::parse_word)?,
        children: parse_children(from)?,
        resident: parse_adult(from, Side::Resident)?,
        visiting: parse_adult(from, Side::Visiting)?,
        forms: parse_forms(&from.part("forms")?)?,
        needs: from.lines("needs", ShortLine::parse)?,
        reason: from.optional("reason", LongText::parse)?,
        background: from.optional("background", LongText::parse)?,
        risk: risk.as_ref().map(parse_risk).transpose()?,
        state: parse_state(&from.part("state")?)?,
    })
}

fn parse_referrer(from: &Reader<'_>) -> Result<Referrer, Unreadable> {
    Ok(Referrer {
        name: from.optional("name", PersonName::parse)?,
        organisation: from.optional("organisation", ShortLine::parse)?,
        phone: from.optional("phone", PhoneNumber::parse)?,
        email: from.optional("email", EmailAddress::parse)?,
    })
}

fn parse_forms(from: &Reader<'_>) -> Result<PerSide<Form>, Unreadable> {
    Ok(PerSide {
        resident: field("forms", Form::parse_word(&from.text("resident")?))?,
        visiting: field("forms", Form::parse_word(&from.text("visiting")?))?,
    })
}
