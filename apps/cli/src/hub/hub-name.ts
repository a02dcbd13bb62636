import { hubModel, hubRevision } from "@espalier/contracts";
import { InvalidArgumentError } from "commander";

/** A model of a hub, as a job has it. */
export interface HubName {
  readonly hub: string;
  readonly revision: string;
}

/** Parses `owner/name` or `owner/name@revision`. */
export function hubName(text: string): HubName {
  const at = text.indexOf("@");
  const hub = hubModel.safeParse(at < 0 ? text : text.slice(0, at));
  const revision = hubRevision.safeParse(at < 0 ? undefined : text.slice(at + 1));
  if (hub.success && revision.success) return { hub: hub.data, revision: revision.data };
  throw new InvalidArgumentError(`'${text}' is not owner/name or owner/name@revision.`);
}
