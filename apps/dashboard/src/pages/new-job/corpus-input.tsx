import { formatBytes } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context.js";
import { corporaQuery } from "../../api/service-queries.js";
import type { InputProps } from "./input-props.js";

/** The texts of the service. */
export function CorpusInput({ id, schema, value, onValue, describedBy, isInvalid }: InputProps) {
  const { client } = useApi();
  const { data } = useQuery(corporaQuery(client));
  const corpora = data?.data ?? [];
  const chosen = typeof value === "string" ? value : "";
  const hasDefault = schema.description?.startsWith("Default") ?? false;
  return (
    <select
      id={id}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      value={chosen}
      onChange={({ target }) => onValue(target.value === "" ? undefined : target.value)}
    >
      <option value="">
        {data === undefined ? "reading the list…" : hasDefault ? "the calibration text" : "choose…"}
      </option>
      {chosen !== "" && !corpora.some(({ name }) => name === chosen) && <option>{chosen}</option>}
      {corpora.map(({ name, size_bytes }) => (
        <option key={name} value={name}>
          {name} ({formatBytes(size_bytes)})
        </option>
      ))}
    </select>
  );
}
