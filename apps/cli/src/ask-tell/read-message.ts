import type { Message, Report, Settings } from "@espalier/search";
import type { z } from "zod";
import { askLine, settingsLine, tellLine } from "./message-schemas.js";

/** A line that is no message; its text is the answer. */
export class BadLine extends Error {
  override readonly name = "BadLine";
}

/**
 * Reads one line.
 * @throws BadLine saying what is wrong with it, where, and what it should be.
 */
export function readMessage(line: string): Message {
  const value = parse(line);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new BadLine(notAMessage(line));
  if ("ask" in value) {
    check(askLine, value);
    return { kind: "ask" };
  }
  if ("tell" in value) return { kind: "tell", report: reportOf(check(tellLine, value).tell) };
  if (!("space" in value)) throw new BadLine(notAMessage(line));
  return { kind: "configure", settings: settingsOf(check(settingsLine, value)) };
}

function settingsOf({ options, ...rest }: z.output<typeof settingsLine>): Settings {
  const { preset, ...changes } = options;
  // JSON has no undefined: a key that is there has a value.
  return { ...rest, ...(preset === undefined ? {} : { preset }), options: changes as Settings["options"] };
}

function reportOf(tell: z.output<typeof tellLine>["tell"]): Report {
  const { number, state, values, intermediate, constraints } = tell;
  return {
    number,
    ...(state == null ? {} : { state }),
    ...(values == null ? {} : { values }),
    ...(intermediate == null ? {} : { intermediate }),
    ...(constraints == null ? {} : { constraints }),
  };
}

/** Longest part of a line that a message quotes. */
const QUOTED = 60;

function notAMessage(line: string): string {
  const text = line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line;
  return `'${text.trim()}' is none of {"space": […], …} (first line), {"ask": true}, {"tell": {…}}`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const hint = /NaN|Infinity/.test(line)
      ? ' JSON has no NaN and no Infinity: write them as text, "Infinity", or tell the trial with "state": "failed".'
      : "";
    throw new BadLine(`not JSON: ${(error as Error).message}.${hint}`);
  }
}

function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const where = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
    return where === "" ? message : `${where.slice(1)}: ${message}`;
  });
  throw new BadLine(problems.join("; "));
}
