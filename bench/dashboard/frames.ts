import type { Page } from "playwright-core";
import { timesOf } from "../service/quantiles.js";

const SLOW_MS = 100;

/** Milliseconds between the frames of a page while `work` is done, and its tasks of more than 50 ms. */
export async function framesDuring(page: Page, work: () => Promise<unknown>): Promise<Record<string, unknown>> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const tasks: number[] = [];
    let last: number | undefined;
    let stopped = false;
    const note = (now: number) => {
      if (last !== undefined) frames.push(now - last);
      last = now;
      if (!stopped) requestAnimationFrame(note);
    };
    const observer = new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ type: "longtask" });
    requestAnimationFrame(note);
    const stop = () => {
      stopped = true;
      observer.disconnect();
      return { frames, tasks };
    };
    Object.assign(globalThis, { espalierFrames: stop });
  });
  await work();
  const { frames, tasks } = await page.evaluate(() =>
    (globalThis as unknown as { espalierFrames(): { frames: number[]; tasks: number[] } }).espalierFrames(),
  );
  const { p50_ms, p99_ms, max_ms } = timesOf(frames);
  return {
    frames: frames.length,
    p50_ms,
    p99_ms,
    max_ms,
    frames_over_100_ms: frames.filter((time) => time > SLOW_MS).length,
    longest_task_ms: Math.max(0, ...tasks),
  };
}

/** Scrolls the table of trials by `rows` rows, `perFrame` of them in each frame, and then to its middle. */
export const scrollTable = (page: Page, rows: number, perFrame: number): Promise<void> =>
  page.evaluate(
    async ([all, step]) => {
      const place = document.querySelector("main section[tabindex='0']:has(table)");
      if (place === null) throw new Error("there is no table to scroll");
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let row = 0; row < all; row += step) {
        place.scrollTop += step * 36;
        await frame();
      }
      place.scrollTop = place.scrollHeight / 2;
      while (document.querySelector('main tbody tr[aria-busy="true"]') !== null) await frame();
    },
    [rows, perFrame] as const,
  );

/** Does nothing for a while: what the machine takes of the frames by itself. */
export const rest = (page: Page): Promise<void> => page.waitForTimeout(2000);

async function chartOn(page: Page) {
  const canvas = page.locator('main [role="img"] canvas').first();
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("the chart has no place on the page");
  return box;
}

/** Zooms into the history and out again with the wheel, then drags it. */
export async function zoomHistory(page: Page): Promise<void> {
  const { x, y, width, height } = await chartOn(page);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.keyboard.down("Shift");
  for (const by of [...Array(8).fill(-120), ...Array(4).fill(120)]) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(60);
  }
  await page.keyboard.up("Shift");
  await page.waitForTimeout(600); // the URL follows, and the range is read
  await page.mouse.down();
  await page.mouse.move(x + width / 4, y + height / 2, { steps: 30 });
  await page.mouse.up();
  await page.waitForTimeout(600);
}

/** Draws a range on the first parallel axis, moves it and lets it go. */
export async function brushParallel(page: Page): Promise<void> {
  const { x, y } = await chartOn(page);
  const axis = x + 40;
  await page.mouse.move(axis, y + 60);
  await page.mouse.down();
  await page.mouse.move(axis, y + 220, { steps: 30 });
  await page.mouse.up();
  await page.waitForTimeout(500);
  await page.mouse.move(axis, y + 140);
  await page.mouse.down();
  await page.mouse.move(axis, y + 260, { steps: 30 });
  await page.mouse.up();
  await page.waitForTimeout(500);
}
