//! A worker's document: what the whole team knows of them.

use std::collections::BTreeSet;

use automerge::{ROOT, transaction::Transactable};
use autosurgeon::{Hydrate, Reconcile};

use super::{
    container, field,
    lines::{Marks, mark, members},
    read_record, write_record,
};
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

#[derive(Reconcile, Hydrate)]
struct WorkerRecord {
    member: String,
    name: String,
    roles: Marks,
}

impl From<&Worker> for WorkerRecord {
    fn from(worker: &Worker) -> Self {
        let Worker {
            member,
            name,
            roles,
        } = worker;
        Self {
            member: member.hex(),
            name: name.as_str().to_owned(),
            roles: mark(roles.iter().map(|role| role.word().to_owned())),
        }
    }
}

impl TryFrom<WorkerRecord> for Worker {
    type Error = Unreadable;

    fn try_from(record: WorkerRecord) -> Result<Self, Unreadable> {
        let WorkerRecord {
            member,
            name,
            roles,
        } = record;
        Ok(Self {
            member: field("member", MemberId::parse_hex(&member))?,
            name: field("name", PersonName::parse(&name))?,
            roles: members("roles", roles, Role::parse_word)?,
        })
    }
}

/// Writes a new worker.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    worker: &Worker,
) -> Result<(), WriteError> {
    write_record(document, KIND, &WorkerRecord::from(worker))
}

/// Reads the worker.
pub fn read(document: &Document) -> Result<Worker, Unreadable> {
    read_record::<WorkerRecord>(document, KIND)?.try_into()
}

/// Renames the worker.
pub fn rename(
    document: &mut Document,
    _: OfficePermit,
    name: &PersonName,
) -> Result<(), WriteError> {
    Ok(document.writing(KIND)?.put(ROOT, "name", name.as_str())?)
}

/// Gives exactly these roles.
pub fn set_roles(
    document: &mut Document,
    _: OfficePermit,
    roles: &BTreeSet<Role>,
) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    let marks = container(doc, "roles")?;
    for role in Role::ALL {
        doc.put(&marks, role.word(), roles.contains(role))?;
    }
    Ok(())
}
