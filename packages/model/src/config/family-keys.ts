import type { DecoderShape } from "@espalier/contracts";
import { familyRegistry } from "./families/registry.js";
import type { FamilyName } from "./model-config.js";

/**
 * The keys, beside the widths, with which a family's own `config.json` says a shape; undefined for a shape that it has no
 * keys for, such as biases where it has none.
 */
export const familyKeys = (family: FamilyName, shape: DecoderShape): Readonly<Record<string, unknown>> | undefined =>
  familyRegistry[family].says(shape);
