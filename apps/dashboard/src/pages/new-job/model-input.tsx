import { formatCount } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context.js";
import { modelsQuery } from "../../api/service-queries.js";
import { ChoiceInput } from "./choice-input.js";
import type { InputProps } from "./input-props.js";

/** The models of the service. One from a hub is named in the JSON. */
export function ModelInput(props: InputProps) {
  const { client } = useApi();
  const { data } = useQuery(modelsQuery(client));
  const models = data?.data.filter(({ error, revision }) => error === null && revision === null);
  const choices = models?.map(({ name, parameters }) => ({
    value: name,
    label: parameters === null ? name : `${name} (${formatCount(parameters)})`,
  }));
  return <ChoiceInput {...props} choices={choices} none={choices?.length === 0 ? "no model found" : "choose…"} />;
}
