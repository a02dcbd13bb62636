import type { TextProtocol } from "@espalier/contracts";
import {
  DEFAULT_SEQUENCE_LENGTH,
  defaultWindows,
  MIN_DEFAULTED_WINDOWS,
  type PlannedSource,
  type SourceRequest,
  type SplitName,
  type SplitRequests,
  splitNames,
} from "./split-requests.js";
import { corpusTooShort } from "./windows.js";

/** Windows of a length that a corpus holds from its beginning; counting may stop at `atMost`. */
export type CountWindows = (
  corpusPath: string,
  sequenceLength: number,
  atMost: number,
  protocol: TextProtocol,
) => Promise<number>;

interface Draft {
  readonly source: Omit<PlannedSource, "windows" | "skipWindows">;
  /** Undefined: placed behind what earlier sources take from the same corpus. */
  readonly skipWindows: number | undefined;
  readonly windows: number;
  /** The number of windows was not given, so it may be lowered. */
  readonly elastic: boolean;
}

/**
 * Fills in what the client left open. Sizes that were given stay; sizes that were not are lowered in proportion
 * (to 8 at least) when a corpus is too short for all that it must serve. Throws `CORPUS_TOO_SHORT`.
 */
export async function planSplits(requests: SplitRequests, count: CountWindows): Promise<readonly PlannedSource[]> {
  const drafts = draftSources(requests);
  const sizes = new Map(drafts.map((draft) => [draft, draft.windows]));
  for (const path of new Set(drafts.filter((draft) => draft.elastic).map((draft) => draft.source.corpusPath))) {
    const sharing = drafts.filter((draft) => draft.source.corpusPath === path);
    const { sequenceLength: unit = DEFAULT_SEQUENCE_LENGTH, protocol = "windows" } =
      sharing.find((draft) => draft.elastic)?.source ?? {};
    const ends = place(sharing, sizes).map((source) => (source.skipWindows + source.windows) * source.sequenceLength);
    const needed = Math.ceil(Math.max(...ends) / unit);
    const available = await count(path, unit, needed, protocol);
    if (available < needed) shrink(sharing, sizes, available * unit);
  }
  const planned = place(drafts, sizes);
  await refuseTooShort(planned, count);
  return planned;
}

function draftSources(requests: SplitRequests): readonly Draft[] {
  const [first] = listOf(requests.calibration);
  if (first === undefined) throw new RangeError("calibration names no corpus");
  return splitNames.flatMap((split) => {
    const request = requests[split];
    if (request !== undefined) {
      return listOf(request).map((one, index) => {
        const pointer = Array.isArray(request) ? `/${split}/${index}` : `/${split}`;
        return draft(split, one, pointer, one.skipWindows);
      });
    }
    const { corpusPath, sequenceLength } = first;
    return [draft(split, { corpusPath, sequenceLength }, `/${split}`, undefined)];
  });
}

const listOf = (request: SourceRequest | readonly SourceRequest[]): readonly SourceRequest[] =>
  Array.isArray(request) ? (request as readonly SourceRequest[]) : [request as SourceRequest];

function draft(split: SplitName, request: SourceRequest, pointer: string, skipWindows: number | undefined): Draft {
  const sequenceLength = request.sequenceLength ?? DEFAULT_SEQUENCE_LENGTH;
  const { corpusPath, protocol = "windows", weight = 1 } = request;
  return {
    source: { split, pointer, corpusPath, sequenceLength, protocol, weight },
    skipWindows,
    windows: request.windows ?? defaultWindows[split],
    elastic: request.windows === undefined,
  };
}

/** Gives every draft its place: as asked, or behind everything before it in the same corpus. */
function place(drafts: readonly Draft[], sizes: ReadonlyMap<Draft, number>): PlannedSource[] {
  const taken = new Map<string, number>();
  return drafts.map((one) => {
    const { corpusPath, sequenceLength } = one.source;
    const behind = taken.get(corpusPath) ?? 0;
    const skipWindows = one.skipWindows ?? Math.ceil(behind / sequenceLength);
    const windows = sizes.get(one) ?? one.windows;
    taken.set(corpusPath, Math.max(behind, (skipWindows + windows) * sequenceLength));
    return { ...one.source, skipWindows, windows };
  });
}

/** Lowers the elastic sizes of the drafts of one corpus in one proportion until all fits in `tokens`. */
function shrink(sharing: readonly Draft[], sizes: Map<Draft, number>, tokens: number): void {
  const elastic = sharing.filter((draft) => draft.elastic);
  const apply = (share: number): boolean => {
    for (const one of elastic) sizes.set(one, Math.max(MIN_DEFAULTED_WINDOWS, Math.floor(one.windows * share)));
    return place(sharing, sizes).every(
      (source) => (source.skipWindows + source.windows) * source.sequenceLength <= tokens,
    );
  };
  // Sizes only fall with the share, so the largest share that fits is found by halving; 2^-20 is finer than one window.
  let fits = 0;
  let tooMuch = 1;
  for (let step = 0; step < 20; step++) {
    const middle = (fits + tooMuch) / 2;
    if (apply(middle)) fits = middle;
    else tooMuch = middle;
  }
  apply(fits);
}

async function refuseTooShort(planned: readonly PlannedSource[], count: CountWindows): Promise<void> {
  for (const source of planned) {
    const needed = source.skipWindows + source.windows;
    const available = await count(source.corpusPath, source.sequenceLength, needed, source.protocol);
    if (available < needed) throw corpusTooShort(source, Math.max(0, available - source.skipWindows), source.pointer);
  }
}
