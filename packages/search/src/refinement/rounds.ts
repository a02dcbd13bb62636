import type { Params } from "../space/parameter.js";

/** One round of exchange: units that were removed come back, others leave in their place. */
export interface Round {
  /** What moves, as a share of what was removed, in (0, 1]. */
  readonly share: number;
  /** 0: the best moves. Above 0: the best among a random half of them, drawn by this number. */
  readonly draw: number;
}

/**
 * Parameter of a refined trial, outside the space that a sampler searches: the rounds that its plan went through after
 * the point's own plan, as percentages with their draws, such as "8 8 4@17". With it a refined plan is a function of
 * its parameters alone.
 */
export const ROUNDS_PARAMETER = "exchange";

const ROUND = /^(\d+(?:\.\d+)?)(?:@([1-9]\d*))?$/;

/** Rounds of a point; none for a point that was not refined. RangeError for anything else. */
export function roundsOf(params: Params): Round[] {
  const value = params[ROUNDS_PARAMETER];
  if (value === undefined) return [];
  return String(value)
    .split(" ")
    .map((text) => {
      const [, percent, draw] = ROUND.exec(text) ?? [];
      const round = { share: Number(percent) / 100, draw: Number(draw ?? 0) };
      if (round.share > 0 && round.share <= 1) return round;
      throw new RangeError(
        `parameter '${ROUNDS_PARAMETER}' is ${JSON.stringify(value)}, expected percentages such as "8 4@17"`,
      );
    });
}

/** A point with these rounds in place of its own; without rounds the parameter is left out. */
export function withRounds(params: Params, rounds: readonly Round[]): Params {
  const { [ROUNDS_PARAMETER]: _, ...point } = params;
  if (rounds.length === 0) return point;
  const text = rounds.map(
    ({ share, draw }) => `${Number((share * 100).toPrecision(6))}${draw === 0 ? "" : `@${draw}`}`,
  );
  return { ...point, [ROUNDS_PARAMETER]: text.join(" ") };
}

/** Whether a trial's plan went through rounds: its score then says nothing about the point of the space. */
export const isRefined = (params: Params): boolean => params[ROUNDS_PARAMETER] !== undefined;
