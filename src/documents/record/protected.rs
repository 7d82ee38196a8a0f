//! The document of one side's protected details, with the log of every opening.

use super::{Kept, field, read_items, reader::Reader, reading, writer::Writer, writing};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        ids::{EntryId, FamilyId, MemberId},
        policy::{OfficePermit, OpeningPermit},
        protected::{EmergencyContact, LeaveMessage, Opening, ProtectedDetails},
        side::Side,
        text::{EmailAddress, PersonName, PhoneNumber, PostalAddress, ShortLine},
    },
};

const KIND: DocumentKind = DocumentKind::ProtectedDetails;

/// Writes new protected details.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    details: &ProtectedDetails,
) -> Result<(), WriteError> {
    write(details, &mut writing(document, KIND)?)
}

/// Writes changed details over the old ones; only what differs is written.
pub fn change(
    document: &mut Document,
    _: OfficePermit,
    details: &ProtectedDetails,
) -> Result<(), WriteError> {
    write(details, &mut writing(document, KIND)?)
}

/// Reads the details; the engine logs the opening before it shows them.
pub fn read(document: &Document, _: OpeningPermit) -> Result<ProtectedDetails, Unreadable> {
    parse(&reading(document, KIND)?)
}

/// Whose details these are, for an index; opens nothing.
pub fn subject(document: &Document) -> Result<(FamilyId, Side), Unreadable> {
    parse_subject(&reading(document, KIND)?)
}

/// Reads the log of openings, in the order of their ids.
pub fn openings(document: &Document) -> Result<Kept<Opening>, Unreadable> {
    read_items(document, "openings", parse_opening)
}

/// Logs one look (DP-10); a line that is already there stays as it was.
///
/// The name in the line is the permit's, so nobody logs a look as somebody else's.
pub fn log_opening(
    document: &mut Document,
    permit: OpeningPermit,
    opening: &Opening,
) -> Result<(), WriteError> {
    let Opening {
        id,
        by: _,
        at,
        reason,
    } = opening;
    let mut openings = writing(document, KIND)?.inside("openings")?;
    let id = id.hex();
    if openings.reader().has(&id) {
        return Ok(());
    }
    let mut to = openings.part(&id)?;
    to.text("by", &permit.by().hex())?;
    to.number("at", at.ms())?;
    to.optional("reason", reason.as_ref().map(ShortLine::as_str))
}

fn write(details: &ProtectedDetails, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let ProtectedDetails {
        family,
        side,
        address,
        phones,
        leave_message,
        email,
        emergency,
        vehicle,
        school,
        solicitor,
    } = details;
    to.text("family", &family.hex())?;
    to.text("side", side.word())?;
    to.optional("address", address.as_ref().map(PostalAddress::as_str))?;
    to.lines("phones", &mut phones.iter().map(PhoneNumber::as_str))?;
    to.text("leave_message", leave_message.word())?;
    to.optional("email", email.as_ref().map(EmailAddress::as_str))?;
    match emergency {
        Some(contact) => write_emergency(contact, &mut to.part("emergency")?)?,
        None => to.none("emergency")?,
    }
    to.optional("vehicle", vehicle.as_ref().map(ShortLine::as_str))?;
    to.optional("school", school.as_ref().map(ShortLine::as_str))?;
    to.optional("solicitor", solicitor.as_ref().map(ShortLine::as_str))
}

fn write_emergency(contact: &EmergencyContact, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let EmergencyContact { name, phone } = contact;
    to.text("name", name.as_str())?;
    to.text("phone", phone.as_str())
}

fn parse(from: &Reader<'_>) -> Result<ProtectedDetails, Unreadable> {
    let (family, side) = parse_subject(from)?;
    let emergency = from.optional_part("emergency")?;
    Ok(ProtectedDetails {
        family,
        side,
        address: from.optional("address", PostalAddress::parse)?,
        phones: from.lines("phones", PhoneNumber::parse)?,
        leave_message: from.parse("leave_message", LeaveMessage::parse_word)?,
        email: from.optional("email", EmailAddress::parse)?,
        emergency: emergency.as_ref().map(parse_emergency).transpose()?,
        vehicle: from.optional("vehicle", ShortLine::parse)?,
        school: from.optional("school", ShortLine::parse)?,
        solicitor: from.optional("solicitor", ShortLine::parse)?,
    })
}

fn parse_subject(from: &Reader<'_>) -> Result<(FamilyId, Side), Unreadable> {
    Ok((
        from.parse("family", FamilyId::parse_hex)?,
        from.parse("side", Side::parse_word)?,
    ))
}

fn parse_emergency(from: &Reader<'_>) -> Result<EmergencyContact, Unreadable> {
    Ok(EmergencyContact {
        name: field("emergency", PersonName::parse(&from.text("name")?))?,
        phone: field("emergency", PhoneNumber::parse(&from.text("phone")?))?,
    })
}

fn parse_opening(id: &str, from: &Reader<'_>) -> Result<Opening, Unreadable> {
    Ok(Opening {
        id: field("openings", EntryId::parse_hex(id))?,
        by: from.parse("by", MemberId::parse_hex)?,
        at: from.moment("at")?,
        reason: from.optional("reason", ShortLine::parse)?,
    })
}
