import type { FieldProblem } from "@espalier/contracts";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** JSON Pointer (RFC 6901) of a path; the whole document is the empty string. */
export const jsonPointer = (path: Path): string =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** The branch of a union that the value was most likely meant for: not one that already refuses its type. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const refusesType = (issues: readonly Issue[]): boolean =>
    issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0);
  const fitting = branches.filter((issues) => !refusesType(issues));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function flatten(issue: Issue, base: Path): FieldProblem[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ detail: `Unknown key '${key}'.`, pointer: jsonPointer([...path, key]) }));
  }
  if (issue.code === "invalid_union") {
    const branch = likelyBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => flatten(inner, path));
  }
  return [{ detail: `${issue.message}.`, pointer: jsonPointer(path) }];
}

/** Problems of a failed parse, each at a JSON Pointer; an unknown key is pointed at itself, not at its parent. */
export const fieldProblems = (issues: readonly Issue[]): FieldProblem[] =>
  issues.flatMap((issue) => flatten(issue, []));
