import { jobId as jobIdSchema } from "@espalier/contracts";
import type { DeviceKind, FinishedPiece, Log, MeasurementStore } from "@espalier/pipeline";
import type { ComputeHost } from "./compute/host.js";
import { type Repeating, repeat } from "./repeat.js";

/** A worker that has just started may have work waiting; one that has none for this long measures itself. */
const LOOK_EVERY_MS = 15_000;

export interface CalibrationDeps {
  readonly device: DeviceKind;
  readonly measurements: MeasurementStore;
  readonly compute: Pick<ComputeHost, "calibrate">;
  readonly log: Log;
}

/**
 * Notes at start that a worker of this kind is there, and measures how fast it is, once, when it was idle at two looks in a
 * row: a job that comes meanwhile waits for a second or two.
 */
export function calibrateWhenIdle({ device, measurements, compute, log }: CalibrationDeps): Repeating {
  const stopped = new AbortController();
  let looks = 0;
  let isDone = false;
  const look = async (): Promise<void> => {
    if (isDone) return;
    isDone = await measurements.seen(device);
    looks += 1;
    if (isDone || looks === 1) return;
    const rates = await compute.calibrate(stopped.signal);
    if (rates === undefined) return;
    await measurements.rate(device, rates);
    isDone = true;
    log.info({ event: "worker.calibrated", machine: device.machine }, "speed measured");
  };
  const looking = repeat(look, LOOK_EVERY_MS, (err) => {
    if (!stopped.signal.aborted) log.warn({ event: "calibration.failed", err }, "the speed could not be measured");
  });
  return {
    stop: () => {
      stopped.abort();
      return looking.stop();
    },
  };
}

/** Remembers how long work took; what cannot be stored is forgotten, since only estimates read it. */
export function rememberWork(device: DeviceKind, measurements: MeasurementStore, log: Log) {
  return (jobId: string, piece: FinishedPiece): void => {
    measurements.finished(device, jobIdSchema.parse(jobId), piece).catch((err: unknown) => {
      log.warn({ event: "measurement.lost", err }, "a duration could not be stored");
    });
  };
}
