//! A worker's document: what the whole team knows of them.

use std::collections::BTreeSet;

use super::{field, reader::Reader, reading, writer::Writer, writing};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        few::Few,
        ids::{DeviceId, MemberId},
        policy::OfficePermit,
        text::{PersonName, ShortLine},
        worker::{Role, Tablet, Worker},
    },
};

const KIND: DocumentKind = DocumentKind::Worker;

/// The field of a tablet begins with this and goes on with the device's id.
const TABLET: &str = "tablet-";

/// Writes a new worker.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    worker: &Worker,
) -> Result<(), WriteError> {
    write(worker, &mut writing(document, KIND)?)
}

/// Reads the worker.
pub fn read(document: &Document) -> Result<Worker, Unreadable> {
    parse(&reading(document, KIND)?)
}

/// Renames the worker.
pub fn rename(
    document: &mut Document,
    _: OfficePermit,
    name: &PersonName,
) -> Result<(), WriteError> {
    writing(document, KIND)?.text("name", name.as_str())
}

/// Gives exactly these roles.
pub fn set_roles(
    document: &mut Document,
    _: OfficePermit,
    roles: &BTreeSet<Role>,
) -> Result<(), WriteError> {
    let mut marks = writing(document, KIND)?.inside("roles")?;
    for role in Role::ALL {
        marks.flag(role.word(), roles.contains(role))?;
    }
    Ok(())
}

/// Writes down a tablet on which they were let in.
pub fn put_tablet(
    document: &mut Document,
    _: OfficePermit,
    device: DeviceId,
    tablet: &Tablet,
) -> Result<(), WriteError> {
    write_tablet(device, tablet, &mut writing(document, KIND)?)
}

fn write(worker: &Worker, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Worker {
        member,
        name,
        roles,
        tablets,
    } = worker;
    to.text("member", &member.hex())?;
    to.text("name", name.as_str())?;
    to.members(
        "roles",
        &mut roles.iter().map(|role| role.word().to_owned()),
    )?;
    for (device, tablet) in tablets {
        write_tablet(*device, tablet, to)?;
    }
    Ok(())
}

/// Each stands at the root: the first change makes no list for them, and two lists made apart would hide each other.
fn write_tablet(device: DeviceId, tablet: &Tablet, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Tablet { name, since } = tablet;
    let mut to = to.part(&(TABLET.to_owned() + &device.hex()))?;
    to.text("name", name.as_str())?;
    to.number("since", since.ms())
}

fn parse(from: &Reader<'_>) -> Result<Worker, Unreadable> {
    Ok(Worker {
        member: from.parse("member", MemberId::parse_hex)?,
        name: from.parse("name", PersonName::parse)?,
        roles: from.members("roles", Role::parse_word)?,
        tablets: parse_tablets(from)?,
    })
}

fn parse_tablets(from: &Reader<'_>) -> Result<Few<DeviceId, Tablet>, Unreadable> {
    let mut tablets = Few::default();
    for field_name in from.names() {
        let Some(device) = field_name.strip_prefix(TABLET) else {
            continue;
        };
        let device = field("tablet", DeviceId::parse_hex(device))?;
        let tablet = from.part(&field_name)?;
        let name = tablet.parse("name", ShortLine::parse)?;
        let since = tablet.moment("since")?;
        tablets.insert(device, Tablet { name, since });
    }
    Ok(tablets)
}
