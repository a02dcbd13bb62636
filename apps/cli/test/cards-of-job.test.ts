import { makeClient } from "@espalier/client";
import { expect, it } from "vitest";
import { cardsOf } from "../src/report/cards-of-job.js";

const client = (answer: () => Response) => makeClient({ url: "http://localhost", send: async () => answer() });

it("a report's cards are those of all exports", async () => {
  const names = ["native/README.md", "native/model.safetensors", "trial-3/sparsity-0.2/gguf/README.md"];
  const api = client(() => Response.json({ data: names.map((name) => ({ name })), exports: [] }));
  expect(await cardsOf(api, "job")).toEqual([names[0], names[2]]);
});

it("a report has no cards where the key may not read files", async () => {
  expect(
    await cardsOf(
      client(() => Response.json({}, { status: 403 })),
      "job",
    ),
  ).toEqual([]);
});
