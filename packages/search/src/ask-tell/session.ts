import type { Direction, Trial } from "../history/trial.js";
import { streamRng } from "../random/stream.js";
import { samplerRegistry } from "../samplers/registry.js";
import type { Sampler } from "../samplers/sampler.js";
import { tpeOptions } from "../samplers/tpe/options.js";
import { tpeSampler } from "../samplers/tpe/tpe-sampler.js";
import { defineSpace, type Space } from "../space/space.js";
import type { Answer, Message, Settings } from "./message.js";
import { settle } from "./settle.js";

/** A search that is asked for trials and told what came of them. */
export type Session =
  | { readonly kind: "new" }
  | {
      readonly kind: "open";
      readonly space: Space;
      readonly seed: number;
      readonly directions: readonly Direction[];
      readonly sampler: Sampler;
      /** Trial n is `trials[n]`; those not told yet are running. */
      readonly trials: readonly Trial[];
    };

/** A session that waits for its settings. */
export const newSession: Session = { kind: "new" };

/** The session after a message, and the answer to it. */
export interface Turn {
  readonly session: Session;
  readonly answer: Answer;
}

/**
 * Takes one message: `configure` once and first (no answer), then any number of `ask` and `tell`. A message that cannot
 * be followed is answered by an error and changes nothing. Trial n draws from stream n of the seed, so the same messages
 * give the same trials.
 */
export function takeTurn(session: Session, message: Message): Turn {
  try {
    return follow(session, message);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { session, answer: { error: error.message } };
  }
}

function follow(session: Session, message: Message): Turn {
  if (session.kind === "new") {
    if (message.kind === "configure") return { session: configured(message.settings), answer: null };
    throw new RangeError(`cannot ${message.kind} before the space is given: the first message is the settings`);
  }
  const { space, seed, directions, sampler, trials } = session;
  switch (message.kind) {
    case "configure":
      throw new RangeError("the space is given already: a session has one, start another for another");
    case "ask": {
      const number = trials.length;
      const params = sampler.suggest(space, { directions, trials }, streamRng(seed, number));
      const asked: Trial = { number, state: "running", params };
      return { session: { ...session, trials: [...trials, asked] }, answer: { number, params } };
    }
    case "tell": {
      const told = settle(trials, message.report, directions.length);
      return { session: { ...session, trials: trials.with(told.number, told) }, answer: { ok: true } };
    }
    default: {
      const impossible: never = message;
      throw new TypeError(`unhandled message ${JSON.stringify(impossible)}`);
    }
  }
}

function configured(settings: Settings): Session {
  const { seed, directions } = settings;
  if (directions.length === 0) throw new RangeError("directions is empty, name at least one objective's direction");
  if (settings.space.length === 0) throw new RangeError("space is empty, give at least one parameter");
  streamRng(seed, 0); // refuses a seed that is not a safe whole number
  const space = defineSpace(settings.space);
  return { kind: "open", space, seed, directions, sampler: samplerOf(settings), trials: [] };
}

function samplerOf({ sampler, preset, options }: Settings): Sampler {
  if (sampler === "tpe") return tpeSampler(tpeOptions(options, preset));
  if (preset !== undefined || Object.keys(options).length > 0) {
    throw new RangeError(`sampler '${sampler}' has no options, leave them out or take 'tpe'`);
  }
  return samplerRegistry[sampler]();
}
