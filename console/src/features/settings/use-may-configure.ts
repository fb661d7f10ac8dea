// Whether whoever is signed in may handle the configuration as a whole.
import { useReach } from "../../ui/use-may-write.ts";

export function useMayConfigure(): boolean {
  return useReach("configure") === "everywhere";
}
