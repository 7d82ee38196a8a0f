//! Performs the engine's effects in a browser; every cast to a JavaScript type is here.

/// The clock.
pub(crate) mod clock;
/// The unlock key, derived in a Worker that is thrown away.
pub(crate) mod derive;
/// How a push of the outbox went.
pub(crate) mod drained;
/// Drives one replica inside the Worker.
pub mod driver;
/// The tablet's store.
pub mod indexed_db;
/// One tab has the store.
pub(crate) mod leader;
/// The browser's random source.
pub(crate) mod random;
/// HTTP and the live connection.
pub(crate) mod relay_client;

/// Whether a newer build waits.
pub mod app_update;
/// Commands out, view changes in.
pub mod bridge;
/// What crosses between the page and the Worker.
pub mod message;
/// Pushes the outbox from the page.
pub mod outbox_push;
/// The network, the clock, whether anybody looks.
pub mod page_events;
/// This device's lock.
pub mod passkey;
/// The few words kept outside the sealed store.
pub mod remembered;
