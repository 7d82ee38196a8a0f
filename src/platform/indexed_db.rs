//! The tablet's store in IndexedDB: one object store a table, binary keys, binary values.
//!
//! It knows transactions and durability; it must not know what a row means.

use indexed_db_futures::{
    KeyRange,
    database::Database,
    error::{Error, OpenDbError},
    prelude::*,
    transaction::{TransactionDurability, TransactionMode, TransactionOptions},
};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::domain::gather::put_in_order;
use crate::engine::{
    effect::{Batch, Part, Write},
    event::Rows,
    storage::key::{Key, Range, Table},
    view::StorageTrouble,
};

const VERSION: u8 = 1;

/// An open store.
#[derive(Debug)]
pub struct IndexedDbStore {
    database: Database,
}

impl IndexedDbStore {
    /// Opens the database of this name, making its tables if it is new.
    pub async fn open(name: &str) -> Result<Self, StorageTrouble> {
        let opening = Database::open(name)
            .with_version(VERSION)
            .with_on_upgrade_needed(|_, database| {
                for table in Table::ALL {
                    database.create_object_store(table.name()).build()?;
                }
                Ok(())
            });
        let database = opening.await.map_err(|error| open_trouble(&error))?;
        Ok(Self { database })
    }

    /// Writes a whole batch in one transaction, durability strict.
    ///
    /// Every request is made before the first await, since any other await would close the transaction.
    /// Returns only after the transaction completed: a quota error arrives as an abort, not as a failed request.
    pub async fn commit(&self, batch: &Batch) -> Result<(), StorageTrouble> {
        let mut tables: Vec<&str> = batch
            .writes
            .iter()
            .map(|write| table_of(write).name())
            .collect();
        put_in_order(&mut tables, Ord::cmp);
        tables.dedup();
        if tables.is_empty() {
            return Ok(());
        }
        let strict = TransactionOptions::new().with_durability(TransactionDurability::Strict);
        let transaction = self
            .database
            .transaction(tables)
            .with_mode(TransactionMode::Readwrite)
            .with_options(strict)
            .build()
            .map_err(|error| trouble(&error))?;
        for write in &batch.writes {
            let store = transaction
                .object_store(table_of(write).name())
                .map_err(|error| trouble(&error))?;
            match write {
                Write::Put(_, key, value) => {
                    let row = store.put(bytes(value)).with_key(bytes(&key.0)).primitive();
                    drop(row.map_err(|error| trouble(&error))?);
                }
                Write::Delete(_, key) => {
                    let gone = store.delete::<JsValue, _>(bytes(&key.0)).primitive();
                    drop(gone.map_err(|error| trouble(&error))?);
                }
                Write::DeleteRange(_, range) => match key_range(range) {
                    Some(keys) => drop(
                        store
                            .delete::<JsValue, _>(keys)
                            .primitive()
                            .map_err(|error| trouble(&error))?,
                    ),
                    None => drop(store.clear().map_err(|error| trouble(&error))?),
                },
            }
        }
        transaction.commit().await.map_err(|error| trouble(&error))
    }

    /// Reads ranges in one transaction.
    pub async fn read(&self, ranges: &[(Table, Range, Part)]) -> Result<Vec<Rows>, StorageTrouble> {
        self.read_ranges(ranges)
            .await
            .map_err(|error| trouble(&error))
    }

    async fn read_ranges(&self, ranges: &[(Table, Range, Part)]) -> Result<Vec<Rows>, Error> {
        let mut tables: Vec<&str> = ranges.iter().map(|(table, _, _)| table.name()).collect();
        put_in_order(&mut tables, Ord::cmp);
        tables.dedup();
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let transaction = self.database.transaction(tables).build()?;
        let mut requests = Vec::with_capacity(ranges.len());
        for (table, range, part) in ranges {
            let store = transaction.object_store(table.name())?;
            let keys = key_range(range);
            let keys_asked = match &keys {
                Some(keys) => store
                    .get_all_keys::<JsValue>()
                    .with_query::<JsValue, _>(keys.clone())
                    .primitive()?,
                None => store.get_all_keys::<JsValue>().primitive()?,
            };
            let values_asked = match (part, keys) {
                (Part::Keys, _) => None,
                (Part::Rows, Some(keys)) => Some(
                    store
                        .get_all::<JsValue>()
                        .with_query::<JsValue, _>(keys)
                        .primitive()?,
                ),
                (Part::Rows, None) => Some(store.get_all::<JsValue>().primitive()?),
            };
            requests.push((keys_asked, values_asked));
        }
        let mut answers = Vec::with_capacity(requests.len());
        for (keys, values) in requests {
            let keys = keys.await?.collect::<Result<Vec<_>, _>>()?;
            let keys = keys.iter().map(|key| Key(Uint8Array::new(key).to_vec()));
            answers.push(match values {
                None => keys.map(|key| (key, Vec::new())).collect(),
                Some(values) => {
                    let values = values.await?.collect::<Result<Vec<_>, _>>()?;
                    keys.zip(values.iter().map(|value| Uint8Array::new(value).to_vec()))
                        .collect()
                }
            });
        }
        Ok(answers)
    }
}

fn table_of(write: &Write) -> Table {
    match write {
        Write::Put(table, _, _) | Write::Delete(table, _) | Write::DeleteRange(table, _) => *table,
    }
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn key_range(range: &Range) -> Option<KeyRange<JsValue>> {
    match range {
        Range::All => None,
        Range::One(key) => Some(KeyRange::Only(bytes(&key.0))),
        Range::Prefix(prefix) => Some(match Range::end_of_prefix(prefix) {
            Some(end) => KeyRange::Bound(bytes(prefix), false, bytes(&end), true),
            None => KeyRange::LowerBound(bytes(prefix), false),
        }),
    }
}

fn open_trouble(error: &OpenDbError) -> StorageTrouble {
    match error {
        OpenDbError::Base(error) => trouble(error),
        OpenDbError::VersionZero
        | OpenDbError::UnsupportedEnvironment
        | OpenDbError::NullFactory => StorageTrouble::Failed,
    }
}

fn trouble(error: &Error) -> StorageTrouble {
    match error {
        Error::DomException(exception) if exception.name() == "QuotaExceededError" => {
            StorageTrouble::Full
        }
        Error::DomException(_)
        | Error::Serialisation(_)
        | Error::MissingData(_)
        | Error::Unknown(_) => StorageTrouble::Failed,
    }
}
