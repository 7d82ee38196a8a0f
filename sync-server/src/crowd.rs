//! How many connections there may be at once, in all and from one address, and how many bodies in memory.
//!
//! It counts and says no. It must not know what a connection or a body is for.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
};
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections of one listener.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    places: Arc<Semaphore>,
    addresses: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
    /// From one address; 0 is no limit, for behind a proxy all come from one.
    each: usize,
}

/// A connection that was let in; it makes room when it is dropped.
#[derive(Debug)]
pub(crate) struct LetIn {
    _place: OwnedSemaphorePermit,
    address: IpAddr,
    addresses: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Crowd {
    pub(crate) fn new(most: usize, each: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            addresses: Arc::default(),
            each,
        }
    }

    /// Lets a connection in, if there is room for it.
    pub(crate) fn let_in(&self, address: IpAddr) -> Option<LetIn> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let mut addresses = self
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let here = addresses.entry(address).or_default();
        if self.each > 0 && *here >= self.each {
            return None;
        }
        *here += 1;
        Some(LetIn {
            _place: place,
            address,
            addresses: Arc::clone(&self.addresses),
        })
    }
}

impl Drop for LetIn {
    fn drop(&mut self) {
        let mut addresses = self
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = addresses.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                addresses.remove(&self.address);
            }
        }
    }
}

/// Bytes of request bodies that may be in memory at once, those waiting for the store included.
#[derive(Clone, Debug)]
pub(crate) struct Room(Arc<Semaphore>);

/// What one permit stands for.
const PART: usize = 1024;
/// The least that a body counts, so that many small ones cannot make an endless queue.
const LEAST: usize = 16 * PART;

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        let parts = (bytes / PART).min(Semaphore::MAX_PERMITS);
        Self(Arc::new(Semaphore::new(parts)))
    }

    /// Room for one more body; none if there is too much already.
    ///
    /// It begins with a little and takes more as bytes really come: a length that is only claimed costs nothing.
    pub(crate) fn take(&self) -> Option<Taken> {
        let permit = self.more(LEAST)?;
        Some(Taken(Arc::new(Mutex::new(Share {
            room: self.clone(),
            permit,
            bytes: 0,
            was_full: false,
        }))))
    }

    fn more(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let parts = u32::try_from(bytes.div_ceil(PART)).ok()?;
        Arc::clone(&self.0).try_acquire_many_owned(parts).ok()
    }
}

/// The room that one body takes, given back when the last clone of this is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Taken(Arc<Mutex<Share>>);

#[derive(Debug)]
struct Share {
    room: Room,
    permit: OwnedSemaphorePermit,
    bytes: usize,
    was_full: bool,
}

impl Taken {
    /// The body, cut off where there is no more room.
    pub(crate) fn count(&self, body: Body) -> Body {
        Body::new(Counted {
            body,
            taken: self.clone(),
        })
    }

    /// Whether the body was cut off.
    pub(crate) fn was_full(&self) -> bool {
        self.lock().was_full
    }

    /// Counts bytes that came; false if there is no room for them.
    fn grow(&self, bytes: usize) -> bool {
        let mut share = self.lock();
        share.bytes += bytes;
        let covered = share.permit.num_permits() * PART;
        let missing = share.bytes.saturating_sub(covered);
        if missing == 0 {
            return true;
        }
        let Some(permit) = share.room.more(missing) else {
            share.was_full = true;
            return false;
        };
        share.permit.merge(permit);
        true
    }

    fn lock(&self) -> MutexGuard<'_, Share> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Counted {
    body: Body,
    taken: Taken,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(context);
        polled.map(|frame| {
            let frame = frame?.map_err(BoxError::from);
            let came = frame.as_ref().ok().and_then(|frame| frame.data_ref());
            if this.taken.grow(came.map_or(0, Bytes::len)) {
                Some(frame)
            } else {
                Some(Err("expected room for the body, found none".into()))
            }
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_full_crowd_lets_nobody_in_until_somebody_leaves() {
        let crowd = Crowd::new(2, 0);
        let first = crowd.let_in(address(1)).unwrap();
        let _second = crowd.let_in(address(1)).unwrap();
        assert!(crowd.let_in(address(2)).is_none());
        drop(first);
        assert!(crowd.let_in(address(2)).is_some());
    }

    #[test]
    fn one_address_does_not_take_the_places_of_others() {
        let crowd = Crowd::new(9, 2);
        let here = [crowd.let_in(address(1)), crowd.let_in(address(1))];
        assert!(here.iter().all(Option::is_some));
        assert!(crowd.let_in(address(1)).is_none());
        assert!(crowd.let_in(address(2)).is_some());
        drop(here);
        assert!(crowd.let_in(address(1)).is_some());
        assert!(
            crowd.addresses.lock().unwrap().is_empty(),
            "no address is remembered"
        );
    }

    #[test]
    fn a_body_takes_sixteen_kilobytes_and_more_as_it_comes() {
        let room = Room::new(64 * 1024);
        let bodies: Vec<_> = (0..3).map(|_| room.take().unwrap()).collect();
        let last = room.take().unwrap();
        assert!(room.take().is_none());
        assert!(last.grow(16 * 1024) && !last.was_full());
        assert!(!last.grow(1) && last.was_full());
        drop(bodies);
        assert!(last.grow(40 * 1024));
        assert!(room.take().is_none());
        drop(last);
        let again: Vec<_> = core::iter::from_fn(|| room.take()).collect();
        assert_eq!(again.len(), 4, "all of it was given back");
    }
}
