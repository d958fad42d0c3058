import { useQuery } from "@tanstack/react-query";
import type { CountryValidationRules } from "../../../src/client/types.ts";
import { literal } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";

/** The rules of a country, as the server tells them; undefined while they are not known. */
export function useCountryRules(country: string): CountryValidationRules | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ["country", country],
    queryFn: () => api.read<CountryValidationRules>(`/customers/countryRules(country=${literal(country)})`),
    enabled: country !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  return country === "" ? undefined : data;
}
