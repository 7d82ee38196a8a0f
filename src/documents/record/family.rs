//! A family file's document.

use super::{
    field,
    people::{
        parse_adult, parse_children, parse_collector, write_adult, write_child, write_collector,
    },
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
        error::{Expected, Found, ParseError},
        family::{EndReason, FamilyCode, FamilyFile, FamilyState},
        ids::ReferralId,
        person::Collector,
        policy::OfficePermit,
        side::Side,
        text::ShortLine,
        time::Day,
    },
};

const KIND: DocumentKind = DocumentKind::FamilyFile;

const OPENING: &str = "opening";
const ACTIVE: &str = "active";
const SUSPENDED: &str = "suspended";
const ENDED: &str = "ended";

/// Writes a new family file.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    file: &FamilyFile,
) -> Result<(), WriteError> {
    write(file, &mut writing(document, KIND)?)
}

/// Reads the family file.
pub fn read(document: &Document) -> Result<FamilyFile, Unreadable> {
    parse(&reading(document, KIND)?)
}

/// Records whether the family comes; a whole new object, so that two states never mix.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: FamilyState,
) -> Result<(), WriteError> {
    write_state(state, &mut writing(document, KIND)?.fresh_part("state")?)
}

/// Replaces the list of needs.
pub fn set_needs(
    document: &mut Document,
    _: OfficePermit,
    needs: &[ShortLine],
) -> Result<(), WriteError> {
    write_needs(needs, &mut writing(document, KIND)?)
}

/// Replaces the list of people who may bring or take the children.
pub fn set_collectors(
    document: &mut Document,
    _: OfficePermit,
    collectors: &[Collector],
) -> Result<(), WriteError> {
    write_collectors(collectors, &mut writing(document, KIND)?)
}

fn write(file: &FamilyFile, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let FamilyFile {
        code,
        referral,
        children,
        resident,
        visiting,
        needs,
        collectors,
        state,
    } = file;
    to.text("code", &code.to_string())?;
    to.optional("referral", referral.map(ReferralId::hex).as_deref())?;
    to.items("children", &mut children.iter(), write_child)?;
    write_adult(resident, &mut to.part("resident")?)?;
    write_adult(visiting, &mut to.part("visiting")?)?;
    write_needs(needs, to)?;
    write_collectors(collectors, to)?;
    write_state(*state, &mut to.part("state")?)
}

fn write_needs(needs: &[ShortLine], to: &mut Writer<'_>) -> Result<(), WriteError> {
    to.lines("needs", &mut needs.iter().map(ShortLine::as_str))
}

fn write_collectors(collectors: &[Collector], to: &mut Writer<'_>) -> Result<(), WriteError> {
    to.items("collectors", &mut collectors.iter(), write_collector)
}

fn write_state(state: FamilyState, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let (word, reason, on) = match state {
        FamilyState::Opening => (OPENING, None, None),
        FamilyState::Active => (ACTIVE, None, None),
        FamilyState::Suspended => (SUSPENDED, None, None),
        FamilyState::Ended { reason, on } => (ENDED, Some(reason.word()), Some(on.iso())),
    };
    to.text("stage", word)?;
    to.optional("reason", reason)?;
    to.optional("on", on.as_deref())
}

fn parse(from: &Reader<'_>) -> Result<FamilyFile, Unreadable> {
    Ok(FamilyFile {
        code: from.parse("code", FamilyCode::parse)?,
        referral: from.optional("referral", ReferralId::parse_hex)?,
        children: parse_children(from)?,
        resident: parse_adult(from, Side::Resident)?,
        visiting: parse_adult(from, Side::Visiting)?,
        needs: from.lines("needs", ShortLine::parse)?,
        collectors: from.items("collectors", parse_collector)?,
        state: parse_state(&from.part("state")?)?,
    })
}

fn parse_state(from: &Reader<'_>) -> Result<FamilyState, Unreadable> {
    let reason = from.optional_text("reason")?.unwrap_or_default();
    let on = from.optional_text("on")?.unwrap_or_default();
    Ok(match from.text("stage")?.as_str() {
        OPENING => FamilyState::Opening,
        ACTIVE => FamilyState::Active,
        SUSPENDED => FamilyState::Suspended,
        ENDED => FamilyState::Ended {
            reason: field("reason", EndReason::parse_word(&reason))?,
            on: field("on", Day::parse(&on))?,
        },
        _ => {
            let error = ParseError::new(Expected::Word("a family's state"), Found::NoSuch);
            return field("stage", Err(error));
        }
    })
}
