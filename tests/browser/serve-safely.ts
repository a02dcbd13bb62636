import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dataOf } from "@espalier/client";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { startGateway } from "./harness/gateway.js";
import type { Stage } from "./harness/stage.js";
import { shown } from "./harness/watched-page.js";

/** Leaves the page and comes back, on which it asks anew what has aged, until it says this, or says it no more. */
const lookUntil = (page: Page, text: RegExp, isShown: boolean) =>
  expect
    .poll(
      async () => {
        await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
        return page.getByText(text).isVisible();
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(isShown);

/** A receiver that says "gone" until it is told to come back. */
async function startMoody() {
  const answers: number[] = [];
  let status = 410;
  const server = createServer((request, response) => {
    request.resume();
    answers.push(status);
    response.writeHead(status).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    answers,
    comeBack: () => {
      status = 204;
    },
    close: () => server.close(),
  };
}

/** The page against a service that is strict, away, or asks for a key, and receivers that fail. */
export function serveSafely(stage: () => Stage): void {
  it("runs under a policy that allows no inline script and no eval", async () => {
    const response = await fetch(new URL("/jobs", stage().service.url));
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe-|\*|data:|blob:|https?:/);
    expect(await response.text()).not.toMatch(/<script[^>]*>[^<]/);
  });

  it("redelivers a message that a webhook's receiver did not take", async () => {
    const receiver = await startMoody();
    await stage().withPage(async ({ page }) => {
      await page.goto("/webhooks");
      await page.getByLabel("URL").fill(receiver.url);
      await page.getByRole("button", { name: "Add endpoint" }).click();
      await page.getByRole("link", { name: receiver.url }).click();
      await page.getByRole("button", { name: "Send a test" }).click();
      await page.getByText("Nothing is sent to it").waitFor();
      await page.getByText("answered 410: The receiver is gone").waitFor();
      receiver.comeBack();
      await page.getByRole("button", { name: "Enable", exact: true }).click();
      await page.getByRole("button", { name: "Disable", exact: true }).waitFor();
      await page.getByRole("button", { name: /^Redeliver endpoint\.test/ }).click();
      await page.getByText("answered 204").waitFor();
      expect(receiver.answers).toEqual([410, 204]);
    });
    receiver.close();
  });

  it("says when the service is gone, keeps what it showed, and goes on when it is back", async () => {
    const gateway = await startGateway(stage().service.url);
    await stage().withPage(
      async ({ page, expectProblems }) => {
        await page.goto("/jobs?label=kind:browser");
        await page.getByRole("link", { name: "made in the form" }).waitFor();
        expectProblems(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET/);
        await gateway.close();
        await lookUntil(page, /^Service unreachable/, true);
        await lookUntil(page, /^Shown as of/, true);
        await page.getByRole("link", { name: "made in the form" }).waitFor();
        await gateway.open();
        await lookUntil(page, /^Shown as of/, false);
        await lookUntil(page, /^Service unreachable/, false);
      },
      { base: gateway.url },
    );
    await gateway.close();
  });

  // Last: from now on the service answers nobody without a key.
  it("asks for a key where the service does, and shows the page with a right one", async () => {
    const { service } = stage();
    const body = { name: "of the browser", scopes: ["admin" as const] };
    const { key } = await dataOf(service.api.POST("/v1/api-keys", { body }));
    await stage().withPage(async ({ page, expectProblems }) => {
      expectProblems(/\b401\b/);
      await page.goto("/jobs?label=kind:browser");
      await page.getByRole("textbox", { name: "API key" }).fill("esp_wrong");
      await page.getByRole("button", { name: "Enter" }).click();
      await page.getByText("The service refused this key").waitFor();
      await page.getByRole("textbox", { name: "API key" }).fill(key);
      await page.getByRole("button", { name: "Enter" }).click();
      await page.getByRole("link", { name: "made in the form" }).click();
      await shown(page);
      await page.getByRole("heading", { level: 1, name: /made in the form/ }).waitFor();
    });
  });
}
