import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";

const route = getRouteApi("/jobs/$id/calibration");

/** The chosen cluster, kept in the URL, and what chooses another one. */
export function useCluster(): readonly [number | undefined, (cluster: number) => void] {
  const { cluster } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = useCallback(
    (next: number) => void navigate({ search: { cluster: next }, replace: true, resetScroll: false }),
    [navigate],
  );
  return [cluster, choose];
}
