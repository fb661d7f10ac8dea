// Whether any model has a price: only then does a cost of nothing mean that nothing was paid. Knows no usage.
import { useQuery } from "@tanstack/react-query";
import { listQuery } from "../../api/resources.ts";

/** False while it is not known. */
export function useHasPrices(): boolean {
  const services = useQuery(listQuery("services"));
  return services.data?.items.some(({ models }) => models.some(({ price }) => price !== undefined)) ?? false;
}
