// The lock of a device, played by Chromium's own virtual authenticator: a fingerprint reader that can be told what to see.

/** One that gives a secret at the making already, as most do. */
export const WITH_SECRET = { hasPrf: true };
/** One that gives it only when asked again. */
export const WITH_LATE_SECRET = { hasHmacSecret: true };
/** One that gives none, as on an old device. */
export const WITHOUT_SECRET = {};

/** Gives a page's device a lock; it opens for whoever touches it until it is told otherwise. */
export async function fitLock(page, kind = WITH_SECRET) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      ...kind,
    },
  });
  const tell = (what, more = {}) => session.send(`WebAuthn.${what}`, { authenticatorId, ...more });
  return {
    /** Whether it knows whoever touches it. Once it has refused, it refuses for good, as a reader does after too many tries. */
    knows: (isUserVerified) => tell("setUserVerified", { isUserVerified }),
    /** What the device lists: the name beside each passkey. */
    listed: async () => (await tell("getCredentials")).credentials.map(({ userName }) => userName),
    /** The lock is taken out. */
    takeOut: () => tell("removeVirtualAuthenticator"),
  };
}
