//! A worker's document: what the whole team knows of them.

use std::collections::BTreeSet;

use super::{reader::Reader, reading, writer::Writer, writing};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        ids::MemberId,
        policy::OfficePermit,
        text::PersonName,
        worker::{Role, Worker},
    },
};

const KIND: DocumentKind = DocumentKind::Worker;

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

fn write(worker: &Worker, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Worker {
        member,
        name,
        roles,
    } = worker;
    to.text("member", &member.hex())?;
    to.text("name", name.as_str())?;
    to.members(
        "roles",
        &mut roles.iter().map(|role| role.word().to_owned()),
    )
}

fn parse(from: &Reader<'_>) -> Result<Worker, Unreadable> {
    Ok(Worker {
        member: from.parse("member", MemberId::parse_hex)?,
        name: from.parse("name", PersonName::parse)?,
        roles: from.members("roles", Role::parse_word)?,
    })
}
