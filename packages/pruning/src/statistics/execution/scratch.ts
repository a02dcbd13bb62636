import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../atomic-file.js";

/** Folder of what a streamed profile keeps between blocks, below the profile's own; gone when the profile is complete. */
const SCRATCH = "streamed";

/** Files between blocks. `place` counts blocks from 0; place p lies before block p, the last one behind all blocks. */
export class Scratch {
  readonly folder: string;

  constructor(profileFolder: string) {
    this.folder = join(profileFolder, SCRATCH);
  }

  states(place: number): string {
    return join(this.folder, `states-${place}.f32`);
  }

  /** What had been observed when the states of a place were written. */
  observed(place: number): string {
    return join(this.folder, `observed-${place}.safetensors`);
  }

  gradient(place: number): string {
    return join(this.folder, `gradient-${place}.f32`);
  }

  /** A block's part of a file of the profile. */
  part(block: number, file: string): string {
    return join(this.folder, `block-${block}`, file);
  }

  /** The last place whose states are there; undefined when none are. */
  async lastStates(places: number): Promise<number | undefined> {
    for (let place = places - 1; place >= 0; place--) if (await exists(this.states(place))) return place;
    return undefined;
  }

  /** The first place whose gradient is there: blocks behind it are finished; undefined when none is. */
  async firstGradient(places: number): Promise<number | undefined> {
    for (let place = 0; place < places; place++) if (await exists(this.gradient(place))) return place;
    return undefined;
  }

  /** Gives back what no block before a place reads. */
  async dropBehind(place: number): Promise<void> {
    const old = [this.states(place), this.observed(place), this.gradient(place)];
    await Promise.all(old.map((path) => rm(path, { force: true })));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
