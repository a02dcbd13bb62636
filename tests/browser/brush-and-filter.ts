import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Stage } from "./harness/stage.js";
import { drawn, shown } from "./harness/watched-page.js";

/** Where the first chart stands on the page. */
async function chartOn(page: Page) {
  const canvas = page.locator('main [role="img"] canvas').first();
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("the chart has no place on the page");
  return box;
}

const search = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

/** What is chosen in a chart or a table narrows what is shown and stands in the URL. */
export function brushAndFilter(stage: () => Stage): void {
  it("zooms the history to a range of trials, which the URL keeps", () =>
    stage().withPage(async ({ page }) => {
      await page.goto(`/jobs/${stage().jobId}/search`);
      await drawn(page);
      const { x, y, width, height } = await chartOn(page);
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.keyboard.down("Shift");
      await page.mouse.wheel(0, -360);
      await page.keyboard.up("Shift");
      await page.waitForURL((url) => url.searchParams.has("to"));
      const to = search(page).get("to") ?? "";
      expect(Number(to)).toBeLessThan(39);
      await page.reload();
      await drawn(page);
      expect(await page.getByLabel("to", { exact: true }).inputValue()).toBe(to);
      await page.getByRole("button", { name: "All trials" }).click();
      await page.waitForURL((url) => !url.searchParams.has("to"));
    }));

  it("keeps the trials that pass through a range of a parallel axis", () =>
    stage().withPage(async ({ page }) => {
      await page.goto(`/jobs/${stage().jobId}/search?view=parallel`);
      await drawn(page);
      const { x, y } = await chartOn(page);
      // The first axis stands 40 pixels from the edge.
      await page.mouse.move(x + 40, y + 60);
      await page.mouse.down();
      await page.mouse.move(x + 40, y + 260, { steps: 8 });
      await page.mouse.up();
      await page.waitForURL((url) => url.searchParams.has("brush"));
      await page.getByRole("list", { name: "Chosen ranges" }).waitFor();
      await page.getByRole("button", { name: /^Remove the range of/ }).click();
      await page.waitForURL((url) => !url.searchParams.has("brush"));
    }));

  it("filters and sorts the table of trials, and jumps to one", () =>
    stage().withPage(async ({ page }) => {
      const { service, jobId } = stage();
      await page.goto(`/jobs/${jobId}/trials`);
      await shown(page);
      const form = page.getByRole("form", { name: "Filter trials" });
      await form.getByLabel("Order").selectOption("score");
      await page.waitForURL((url) => url.searchParams.get("sort") === "score");
      const best = (await service.job(jobId)).best[0].trial_number ?? -1;
      const first = page.getByRole("table").getByRole("link").first();
      await expect.poll(() => first.textContent(), { timeout: 20_000 }).toBe(String(best));
      await form.getByLabel("State").selectOption("cancelled");
      await page.getByText("No trial fits").waitFor();
      await page.goBack();
      await page.goBack();
      await form.getByLabel("Jump to trial").fill("17");
      await form.getByLabel("Jump to trial").press("Enter");
      await page.waitForURL((url) => url.searchParams.get("at") === "17");
      await page.getByRole("link", { name: "17", exact: true }).click();
      await page.waitForURL(`**/jobs/${jobId}/trials/17`);
      await shown(page);
    }));
}
