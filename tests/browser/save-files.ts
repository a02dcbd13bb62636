import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dataOf } from "@espalier/client";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Stage } from "./harness/stage.js";
import { drawn, shown } from "./harness/watched-page.js";

const PNG_SIGNATURE = "89504e470d0a1a0a";
/** Bytes of a PNG before the width of its picture. */
const PNG_WIDTH_AT = 16;

/** Presses what saves a file and reads what was saved. */
async function saved(
  page: Page,
  press: () => Promise<void>,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Files that a reader takes away are those that the page shows and the API gives. */
export function saveFiles(stage: () => Stage): void {
  it("saves a chart as CSV and as PNG", () =>
    stage().withPage(async ({ page }) => {
      const { service, jobId } = stage();
      await page.goto(`/jobs/${jobId}/search`);
      await drawn(page);
      const csv = await saved(page, () =>
        page.getByRole("button", { name: /Save Optimisation history as CSV/ }).click(),
      );
      expect(csv.name).toMatch(/\.csv$/);
      const lines = csv.bytes.toString().trim().split(/\r?\n/);
      expect(lines[0]).toBe("trial,state,origin,perplexity,best so far");
      const { trials } = await service.job(jobId);
      expect(lines.filter((line) => /^\d+,/.test(line))).toHaveLength(trials.budget);

      const canvas = await page.locator('main [role="img"] canvas').first().boundingBox();
      const png = await saved(page, () =>
        page.getByRole("button", { name: /Save Optimisation history as PNG/ }).click(),
      );
      expect(png.name).toMatch(/\.png$/);
      expect(png.bytes.subarray(0, 8).toString("hex")).toBe(PNG_SIGNATURE);
      expect(png.bytes.readUInt32BE(PNG_WIDTH_AT)).toBe(2 * Math.round(canvas?.width ?? 0));
    }));

  it("shows a chart's numbers as a table", () =>
    stage().withPage(async ({ page }) => {
      await page.goto(`/jobs/${stage().jobId}/search`);
      await drawn(page);
      await page.getByRole("button", { name: "As table" }).first().click();
      await page.getByRole("table", { name: "Optimisation history" }).waitFor();
    }));

  it("saves all trials as CSV", () =>
    stage().withPage(async ({ page }) => {
      const { service, jobId } = stage();
      // Without a window there is no dialogue to choose a file in; the page then does as in browsers that have none.
      await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
      await page.goto(`/jobs/${jobId}/trials`);
      await shown(page);
      const { bytes } = await saved(page, () => page.getByRole("button", { name: "Save trials as CSV" }).click());
      const [header, ...rows] = bytes.toString().trim().split(/\r?\n/);
      expect(header).toMatch(/^number,state,/);
      expect(rows).toHaveLength((await service.job(jobId)).trials.budget);
    }));

  it("downloads the model whose SHA-256 the API tells", () =>
    stage().withPage(async ({ page }) => {
      const { service, jobId } = stage();
      const { data } = await dataOf(service.api.GET("/v1/jobs/{id}/artifacts", { params: { path: { id: jobId } } }));
      const model = data.find(({ name }) => name === "native/model.safetensors");
      await page.goto(`/jobs/${jobId}/artefacts`);
      await shown(page);
      const { bytes } = await saved(page, () =>
        page
          .getByLabel(/^Download model\.safetensors/)
          .first()
          .click(),
      );
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(model?.sha256);
    }));
}
