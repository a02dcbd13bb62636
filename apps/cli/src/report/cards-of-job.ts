import { type ApiClient, ProblemError } from "@espalier/client";

const CARD = "/README.md";

/** Names of the model cards that a job wrote; none where the key may not read its files. */
export async function cardsOf(api: ApiClient, id: string): Promise<readonly string[]> {
  const { data } = await api.GET("/v1/jobs/{id}/artifacts", { params: { path: { id } } }).catch(refused);
  return (data?.data ?? []).flatMap(({ name }) => (name.endsWith(CARD) ? [name] : []));
}

function refused(error: unknown): { readonly data?: undefined } {
  if (error instanceof ProblemError) return {};
  throw error;
}
