import type { Handlers } from "./consumers/handlers.js";

/** Handlers that are counted while they compute: webhooks wait rather than compute, so they are left out. */
export interface CountedHandlers {
  readonly handlers: Handlers;
  /** Profiles, trials and exports that run now. */
  inHand(): number;
}

/** Counts what a worker works on. */
export function countInHand(handlers: Handlers): CountedHandlers {
  let running = 0;
  const counted =
    <P>(handle: (payload: P) => Promise<void>) =>
    async (payload: P): Promise<void> => {
      running += 1;
      try {
        await handle(payload);
      } finally {
        running -= 1;
      }
    };
  return {
    handlers: {
      ...handlers,
      profile: counted(handlers.profile),
      trial: counted(handlers.trial),
      export: counted(handlers.export),
    },
    inHand: () => running,
  };
}
