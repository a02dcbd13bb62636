import { formatBytes } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context.js";
import { corporaQuery } from "../../api/service-queries.js";
import { ChoiceInput } from "./choice-input.js";
import type { InputProps } from "./input-props.js";

/** The texts of the service. */
export function CorpusInput(props: InputProps) {
  const { client } = useApi();
  const { data } = useQuery(corporaQuery(client));
  const choices = data?.data.map(({ name, size_bytes }) => ({
    value: name,
    label: `${name} (${formatBytes(size_bytes)})`,
  }));
  const hasDefault = props.schema.description?.startsWith("Default") ?? false;
  return <ChoiceInput {...props} choices={choices} none={hasDefault ? "the calibration text" : "choose…"} />;
}
