import type { JobSpec } from "@espalier/contracts";
import type {
  DeviceKind,
  FinishedPiece,
  FinishedWork,
  MeasuredDevice,
  MeasuredRate,
  MeasurementStore,
  WorkStep,
} from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { json } from "../database/json.js";
import { transact } from "../database/transact.js";
import { Prisma } from "../generated/client.js";

/** Jobs that are remembered for each step of a device. */
const REMEMBERED = 50;

/** Workers that are alike share an id: all that decides how fast they are. */
const idOf = ({ machine, provider, threads, concurrency, memoryBytes, versions }: DeviceKind): string =>
  json([machine, provider, threads, concurrency, memoryBytes, versions]);

/** Devices and their speeds, in Postgres. */
export function makeMeasurementStore(database: Database): MeasurementStore {
  return {
    async seen(device) {
      const { machine, provider, threads, concurrency, memoryBytes, versions } = device;
      const id = idOf(device);
      await database.$executeRaw`
        INSERT INTO compute_devices (id, machine, provider, threads, concurrency, memory_bytes, versions)
        VALUES (${id}, ${machine}, ${provider}, ${threads}, ${concurrency}, ${memoryBytes}::bigint, ${versions})
        ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()`;
      return (await database.measuredRate.count({ where: { deviceId: id } })) > 0;
    },
    async rate(device, rates) {
      await database.$executeRaw`
        INSERT INTO measured_rates (device_id, kind, scale, operations, seconds)
        SELECT ${idOf(device)}, kind, scale, operations, seconds
        FROM jsonb_to_recordset(${json(rates)}::jsonb)
          AS row(kind text, scale float8, operations float8, seconds float8)
        ON CONFLICT (device_id, kind, scale) DO UPDATE
          SET operations = excluded.operations, seconds = excluded.seconds, measured_at = clock_timestamp()`;
    },
    finished: (device, subject, piece) => addPiece(database, idOf(device), subject, piece),
    devices: () => readDevices(database),
    hasStatistics: (spec) => hasStatistics(database, spec),
  };
}

function addPiece(
  database: Database,
  deviceId: string,
  subject: string,
  { step, scale, operations, seconds }: FinishedPiece,
): Promise<void> {
  const { forward, gradients, algebra } = operations;
  return transact(database, async (tx) => {
    await tx.$executeRaw`UPDATE compute_devices SET seen_at = clock_timestamp() WHERE id = ${deviceId}`;
    const [row] = await tx.$queryRaw<{ pieces: number }[]>`
      INSERT INTO measured_work AS w (device_id, step, subject, scale, forward, gradients, algebra, seconds)
      VALUES (${deviceId}, ${step}, ${subject}, ${scale}::float8, ${forward}::float8, ${gradients}::float8,
        ${algebra}::float8, ${seconds}::float8)
      ON CONFLICT (device_id, step, subject) DO UPDATE SET pieces = w.pieces + 1,
        forward = w.forward + excluded.forward, gradients = w.gradients + excluded.gradients,
        algebra = w.algebra + excluded.algebra, seconds = w.seconds + excluded.seconds, updated_at = clock_timestamp()
      RETURNING pieces`;
    if (row?.pieces !== 1) return;
    await tx.$executeRaw`
      DELETE FROM measured_work WHERE device_id = ${deviceId} AND step = ${step} AND subject IN (
        SELECT subject FROM (
          SELECT subject, row_number() OVER (ORDER BY updated_at DESC) AS place FROM measured_work
          WHERE device_id = ${deviceId} AND step = ${step}) AS placed
        WHERE place > ${REMEMBERED})`;
  });
}

async function readDevices(database: Database): Promise<readonly MeasuredDevice[]> {
  const rows = await database.$queryRaw<({ readonly id: string } & DeviceKind)[]>`
    SELECT id, machine, provider, threads, concurrency, memory_bytes::float8 AS "memoryBytes", versions
    FROM compute_devices
    WHERE seen_at > clock_timestamp() - interval '1 day' OR seen_at = (SELECT max(seen_at) FROM compute_devices)
    ORDER BY seen_at DESC LIMIT 16`;
  const devices: MeasuredDevice[] = [];
  for (const { id, ...device } of rows) {
    const rates = await database.measuredRate.findMany({
      where: { deviceId: id },
      select: { kind: true, scale: true, operations: true, seconds: true },
    });
    const work = await database.measuredWork.findMany({ where: { deviceId: id } });
    devices.push({
      ...device,
      rates: rates as readonly MeasuredRate[],
      finished: work.map(
        ({ step, scale, forward, gradients, algebra, seconds, pieces }): FinishedWork => ({
          step: step as WorkStep,
          scale,
          operations: { forward, gradients, algebra },
          seconds,
          pieces,
        }),
      ),
    });
  }
  return devices;
}

/** Statistics depend on the model, the calibration text and, by the preset, on what is kept of each sample. */
async function hasStatistics(database: Database, { model, calibration, search }: JobSpec): Promise<boolean> {
  const named =
    "path" in model
      ? Prisma.sql`j.spec->'model'->>'path' = ${model.path}`
      : Prisma.sql`j.spec->'model'->>'hub' = ${model.hub} AND j.spec->'model'->>'revision' = ${model.revision}`;
  const [row] = await database.$queryRaw<{ found: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM jobs AS j
      WHERE ${named} AND j.deleted_at IS NULL AND j.statistics_key IS NOT NULL
        AND j.spec->'calibration' = ${json(calibration)}::jsonb
        AND j.spec->'search'->>'preset' = ${search.preset}) AS found`;
  return row?.found ?? false;
}
