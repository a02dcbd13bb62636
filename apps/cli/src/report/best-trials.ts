import { type ApiClient, bestTrialsFirst } from "@espalier/client";
import { answered } from "../client/answered.js";

/** More would make the page slow to open; the service has the rest. */
const PAGES = 5;

/** Asks for the best trials as the dashboard's list does, some pages of them, and returns their numbers. */
export async function bestTrials(api: ApiClient, id: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < PAGES; read++) {
    const query = { ...bestTrialsFirst, ...(cursor !== undefined && { cursor }) };
    const page = await answered(api.GET("/v1/jobs/{id}/trials", { params: { path: { id }, query } }));
    numbers.push(...page.data.flatMap(({ number }) => number ?? []));
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  return numbers;
}
