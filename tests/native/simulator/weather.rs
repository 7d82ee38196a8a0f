//! What goes wrong around a tablet: the signal comes and goes, a log-in page answers, the disk fills up.

use neutral_ground::engine::event::Event;

use crate::simulator::{due::Due, network::Signal, world::World};

impl World {
    /// A tablet's surroundings change, and will change again.
    pub(crate) fn weather(&mut self, device: usize) {
        if !self.is_rough {
            return;
        }
        let flaps = self.network.chance(100);
        let wait = if flaps {
            3_000
        } else {
            self.network.between(20_000, 900_000)
        };
        self.agenda.after(wait, Due::Weather(device));
        if self.power.chance(self.plan.full_disks) {
            self.devices[device].disk.full = true;
            let wait = self.power.between(500, 60_000);
            self.agenda.after(wait, Due::Room(device));
        }
        let signal = *self.network.pick(&[
            Signal::There,
            Signal::There,
            Signal::There,
            Signal::Gone,
            Signal::Gone,
            Signal::LoginPage,
        ]);
        self.set_signal(device, signal);
    }

    /// Moves a tablet into or out of reach; browsers do not always notice.
    pub(crate) fn set_signal(&mut self, device: usize, signal: Signal) {
        if self.devices[device].signal == signal {
            return;
        }
        self.devices[device].signal = signal;
        let was_listening = core::mem::take(&mut self.devices[device].is_listening);
        if was_listening {
            self.feed(device, Event::LiveClosed { refused: false });
        }
        if !self.network.chance(200) {
            self.feed(device, Event::Online(signal != Signal::Gone));
        }
    }
}
