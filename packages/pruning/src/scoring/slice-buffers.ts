import type { SliceRoom } from "@espalier/graph";

/** Room for the slices of one candidate, lent out for the time that the candidate runs. */
export interface SliceBuffers {
  /** The same array whenever the same name is asked for; what was written to it for an earlier candidate is lost. */
  readonly room: SliceRoom;
}

/** Lends buffers to candidates one after the other, so that a trial allocates no weights. */
export interface SliceBufferPool {
  take(): SliceBuffers;
  /** Who gives buffers back reads them no more. Those that are not given back are collected with their candidate. */
  give(buffers: SliceBuffers): void;
}

/** An empty pool. A buffer is as large as the dense weight, so that it serves every candidate. */
export function makeSliceBufferPool(weights: ReadonlyMap<string, Float32Array>): SliceBufferPool {
  const free: SliceBuffers[] = [];
  return {
    take: () => free.pop() ?? makeBuffers(weights),
    give(buffers) {
      free.push(buffers);
    },
  };
}

function makeBuffers(weights: ReadonlyMap<string, Float32Array>): SliceBuffers {
  const buffers = new Map<string, Float32Array>();
  return {
    room(name, count) {
      const buffer = buffers.get(name) ?? new Float32Array(weights.get(name)?.length ?? count);
      buffers.set(name, buffer);
      return buffer.subarray(0, count);
    },
  };
}
