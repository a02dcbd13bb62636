import { formatPerplexity } from "@espalier/contracts";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Stage } from "./harness/stage.js";

/** Long enough to be seen at work, short enough to be waited for. */
const TRIALS = 40;

/** What a reader of an open page would have seen happen. */
interface Seen {
  readonly steps: readonly string[];
  readonly bests: readonly string[];
}

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel("Model", { exact: true }).selectOption("stories260K");
  await page.getByLabel("Calibration text", { exact: true }).selectOption("tinystories-train.txt");
  await page.getByLabel("Share to remove, in percent").fill("20");
  await page.getByText("More: search, texts").click();
  await page.getByLabel("Name", { exact: true }).fill("made in the form");
  await page.getByLabel("Labels", { exact: true }).fill("kind: browser");
  await page.getByLabel("Trials", { exact: true }).fill(String(TRIALS));
  await page.getByLabel("Calibration samples").fill("32");
  await page.getByLabel("Tokens per window").fill("64");
  await page.getByLabel("Scoring text").selectOption("tinystories-valid.txt");
  await page.getByLabel("Scoring windows").fill("24");
  await page.getByLabel("Report text").selectOption("tinystories-valid.txt");
  await page.getByLabel("Report windows").fill("16");
}

/** Notes what the page shows as it changes; what is noted is lost if the page is loaded again. */
const noteChanges = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const steps: string[] = [];
    const bests: string[] = [];
    const add = (list: string[], text: string | undefined) => {
      if (text !== undefined && list.at(-1) !== text) list.push(text);
    };
    const look = () => {
      add(steps, document.querySelector('[aria-current="step"]')?.textContent ?? undefined);
      add(bests, document.querySelector('article[aria-label^="At "] p')?.textContent ?? undefined);
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(globalThis, { espalierSeen: { steps, bests } });
  });

const seenOn = (page: Page): Promise<Seen | null> =>
  page.evaluate(() => (globalThis as { espalierSeen?: Seen }).espalierSeen ?? null);

/** Submits a job in the form and watches it to its end; the tests after it look at what it left. */
export function submitAndWatch(stage: () => Stage): void {
  it("submits a job in the form and shows it live to its end, without being loaded again", () =>
    stage().withPage(async ({ page }) => {
      await page.goto("/");
      await page.getByRole("link", { name: "New job" }).first().click();
      await fillIn(page);
      await page.getByRole("button", { name: "Submit job" }).click();
      await page.waitForURL(/\/jobs\/job_/);
      await noteChanges(page);
      stage().jobId = new URL(page.url()).pathname.split("/").at(-1) ?? "";

      await page.getByRole("heading", { level: 1, name: /made in the form succeeded/i }).waitFor({ timeout: 120_000 });
      const { steps, bests } = (await seenOn(page)) ?? { steps: [], bests: [] };
      expect(steps.join(", ")).toMatch(/Search, now/);
      expect(steps.length, `of ${steps.join(" | ")}`).toBeGreaterThan(1);
      expect(bests.length, "best perplexities while it ran").toBeGreaterThan(0);

      const job = await stage().service.job(stage().jobId);
      expect(job.trials.budget).toBe(TRIALS);
      const [best] = job.best;
      await page
        .getByText(formatPerplexity(best.report_perplexity ?? Number.NaN))
        .first()
        .waitFor();
    }));

  it("lists the job, and finds it by the filter that its URL holds", () =>
    stage().withPage(async ({ page }) => {
      await page.goto("/jobs?label=kind:browser");
      await page.getByRole("link", { name: "made in the form" }).waitFor();
      await page.getByLabel("State").selectOption("failed");
      await page.getByText("No job fits").waitFor();
      expect(new URL(page.url()).searchParams.get("state")).toBe("failed");
      await page.goBack();
      await page.getByRole("link", { name: "made in the form" }).click();
      await page.waitForURL(`**/jobs/${stage().jobId}`);
    }));

  it("can be used by keyboard alone: a job is submitted and cancelled", () =>
    stage().withPage(async ({ page }) => {
      await page.goto("/jobs/new");
      await page
        .getByLabel("Model", { exact: true })
        .locator("option[value=stories260K]")
        .waitFor({ state: "attached" });
      await tabTo(page, "Model");
      await page.keyboard.type("stories260K");
      await tabTo(page, "Calibration text");
      await page.keyboard.type("tinystories-train");
      await tabTo(page, "Share to remove, in percent");
      await page.keyboard.type("30");
      await tabTo(page, "Submit job");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/jobs\/job_/);
      await tabTo(page, "Cancel");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await tabTo(page, "Cancel the job");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: /cancelled/i }).waitFor();
    }));
}

/** Presses Tab until what has this name is focused. */
async function tabTo(page: Page, name: string): Promise<void> {
  const reached: string[] = [];
  for (let press = 0; press < 80; press++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const labels = (element as HTMLInputElement | null)?.labels;
      return element?.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? element?.textContent ?? "";
    });
    if (focused.trim() === name) return;
    reached.push(focused.trim().slice(0, 30));
  }
  throw new Error(`Tab does not reach '${name}', only ${reached.join(", ")}`);
}
