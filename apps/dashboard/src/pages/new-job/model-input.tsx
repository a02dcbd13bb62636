import { formatCount } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context.js";
import { modelsQuery } from "../../api/service-queries.js";
import type { InputProps } from "./input-props.js";

/** The models of the service. One from a hub is named in the JSON. */
export function ModelInput({ id, value, onValue, describedBy, isInvalid }: InputProps) {
  const { client } = useApi();
  const { data } = useQuery(modelsQuery(client));
  const models = (data?.data ?? []).filter(({ error, revision }) => error === null && revision === null);
  const chosen = typeof value === "string" ? value : "";
  const isListed = chosen === "" || models.some(({ name }) => name === chosen);
  return (
    <select
      id={id}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      value={chosen}
      onChange={({ target }) => onValue(target.value === "" ? undefined : target.value)}
    >
      <option value="">
        {data === undefined ? "reading the list…" : models.length === 0 ? "no model found" : "choose…"}
      </option>
      {!isListed && <option>{chosen}</option>}
      {models.map(({ name, parameters }) => (
        <option key={name} value={name}>
          {name}
          {parameters === null ? "" : ` (${formatCount(parameters)})`}
        </option>
      ))}
    </select>
  );
}
