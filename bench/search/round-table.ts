/**
 * What rounds of exchange really gave: every round of the stored searches on stories3M (bench/quality/search, their
 * `course` of perplexities), with what was tried. Which round a trial was follows from the schedule, which is a function of
 * the scores before it; a search whose list of rounds does not come out as it was stored is left out.
 */
import { readFileSync } from "node:fs";
import { type Params, proposeRound, ROUNDS_PARAMETER, roundsOf, type Trial, withRounds } from "@espalier/search";

/** One round that was tried. */
interface TriedRound {
  readonly share: number;
  /** The best moves, not a draw among them. */
  readonly isFirst: boolean;
  /** Log perplexity gained by the rounds before it. */
  readonly progress: number;
  /** Log perplexity that it gained; negative where it was worse. */
  readonly gain: number;
}

interface StoredSearch {
  readonly course?: readonly (number | null)[];
  readonly racing?: boolean;
  readonly refinement?: number;
  readonly params?: Params;
}

/** Rounds alike from which one outcome is drawn. */
const ALIKE = 12;
/** Beyond what was ever gained, gains fall by e over so much log perplexity. */
const FADING = 0.1;

function replay({ course = [], refinement = 0, params = {} }: StoredSearch): TriedRound[] {
  const first = course.length - Math.floor(course.length * refinement);
  const trials: Trial[] = [];
  const tried: TriedRound[] = [];
  let [best, start] = [Number.POSITIVE_INFINITY, 0];
  let found: Params = {};
  course.forEach((perplexity, number) => {
    if (number === first) start = best;
    const point = (number < first ? undefined : proposeRound({ directions: ["minimize"], trials }, number)) ?? {
      point: number,
    };
    const score = perplexity === null ? Number.POSITIVE_INFINITY : Math.log(perplexity);
    const round = roundsOf(point).at(-1);
    if (round && Number.isFinite(score)) {
      const { share, draw } = round;
      tried.push({ share, isFirst: draw === 0, progress: start - best, gain: best - score });
    }
    trials.push({ number, state: "complete", params: point, values: [score] });
    if (score < best) [best, found] = [score, point];
  });
  return found[ROUNDS_PARAMETER] === params[ROUNDS_PARAMETER] ? tried : [];
}

function readRounds(): readonly TriedRound[] {
  const file = new URL("../results/quality-search-stories3M.jsonl", import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const searches = lines.map((line) => JSON.parse(line) as StoredSearch);
  return searches.filter(({ refinement, racing }) => refinement === 0.5 && racing !== true).flatMap(replay);
}

const rounds = readRounds();
const deepest = Math.max(...rounds.map(({ progress }) => progress));

/** How many rounds the table holds. */
export const ROUNDS = rounds.length;

/** FNV-1a, in [0, 1): the same round of the same plan always gives the same. */
function hashed(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return (hash >>> 0) / 2 ** 32;
}

const alike = new Map<string, readonly TriedRound[]>();

/** The real rounds most like one: first by kind, then by share, then by progress. */
function mostAlike(share: number, isFirst: boolean, progress: number): readonly TriedRound[] {
  const key = `${share} ${isFirst} ${progress.toFixed(3)}`;
  const known = alike.get(key);
  if (known) return known;
  const distance = (round: TriedRound): number =>
    (round.isFirst === isFirst ? 0 : 100) +
    10 * Math.abs(Math.log2(round.share / share)) +
    Math.abs(round.progress - progress);
  const made = [...rounds].sort((a, b) => distance(a) - distance(b)).slice(0, ALIKE);
  alike.set(key, made);
  return made;
}

/** Log perplexity that a plan's rounds gain together, one after another, each as one of the real rounds like it did. */
export function gainOfRounds(params: Params): number {
  const point = JSON.stringify(withRounds(params, []));
  const text = String(params[ROUNDS_PARAMETER] ?? "").split(" ");
  let progress = 0;
  roundsOf(params).forEach(({ share, draw }, index) => {
    const choices = mostAlike(share, draw === 0, progress);
    const place = Math.floor(hashed(`${point} ${text.slice(0, index + 1).join(" ")}`) * choices.length);
    const { gain } = choices[place];
    progress += gain <= 0 ? gain : gain * Math.exp(-Math.max(0, progress - deepest) / FADING);
  });
  return progress;
}
