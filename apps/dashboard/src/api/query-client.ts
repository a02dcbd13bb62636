import { ProblemError } from "@espalier/client";
import { QueryClient } from "@tanstack/react-query";

const SECOND_MS = 1000;

/** What the service refused stays refused; what it failed at, or could not be reached for, is asked again. */
const mayHelp = (error: Error): boolean => !(error instanceof ProblemError) || error.status >= 500;

/** Answers that the page holds. Old ones stay visible while newer ones are fetched, or cannot be. */
export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: SECOND_MS,
        retry: (failures, error) => failures < 2 && mayHelp(error),
        retryDelay: (failures) => SECOND_MS * 2 ** failures,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
