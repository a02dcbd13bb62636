import { newWorkerId, workerView } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const worker = { machine: "a machine", provider: "cpu", version: "0.1.0", threads: 2, concurrency: 1, inHand: 0 };

describe("workers that are there", () => {
  it("are seen again under their id, stale after 30 seconds, and forgotten after ten minutes or when they end", async () => {
    const { workers, sql } = store();
    expect(await workers.list()).toEqual([]);
    const [first, second] = [newWorkerId(), newWorkerId()];
    await workers.seen({ ...worker, id: first });
    await workers.seen({ ...worker, id: first, inHand: 2 });
    await workers.seen({ ...worker, id: second });
    const silentFor = (id: string, time: string) =>
      sql("UPDATE workers SET last_seen_at = clock_timestamp() - $2::interval WHERE id = $1", [id, time]);

    await silentFor(first, "31 seconds");
    const listed = await workers.list();
    expect(listed.map((each) => workerView.parse(each))).toMatchObject([
      { id: second, in_hand: 0, stale: false },
      { id: first, in_hand: 2, stale: true, version: "0.1.0" },
    ]);

    await silentFor(first, "11 minutes");
    await workers.seen({ ...worker, id: second });
    expect((await workers.list()).map(({ id }) => id)).toEqual([second]);

    await silentFor(second, "11 minutes");
    expect(await workers.list()).toMatchObject([{ id: second, stale: true }]);
    await workers.seen({ ...worker, id: second });
    expect(await workers.list()).toMatchObject([{ id: second, stale: false }]);
    await workers.gone(second);
    expect(await workers.list()).toEqual([]);
  });
});
