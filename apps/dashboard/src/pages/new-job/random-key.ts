const BYTES = 16;

/** A key that no other submit has. `crypto.randomUUID` exists only where the page came over TLS or from this machine. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("");
