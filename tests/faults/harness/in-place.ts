import { type Place, type PlaceOptions, startPlace } from "./place.js";

/** Runs a test in a service of its own, so that tests wait for leases side by side; what fails shows the last log lines. */
export async function inPlace(options: PlaceOptions, test: (place: Place) => Promise<void>): Promise<void> {
  const place = await startPlace(options);
  try {
    await test(place);
  } catch (error) {
    const lines = place.logs().trimEnd().split("\n").slice(-LAST_LINES);
    process.stderr.write(`${lines.join("\n")}\n`);
    throw error;
  } finally {
    await place.close();
  }
}

const LAST_LINES = 40;
