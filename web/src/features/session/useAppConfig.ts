import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { loadAppConfig, type AppConfig } from "./appConfig";

/** What the server tells the page at start; asked for once. */
export function useAppConfig(): UseQueryResult<AppConfig> {
  return useQuery({ queryKey: ["config"], queryFn: ({ signal }) => loadAppConfig(signal), staleTime: Infinity });
}
