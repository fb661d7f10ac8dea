// Whether whoever is signed in may handle the configuration as a whole, and tokens.
import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/session.ts";

export function useMayConfigure(): boolean {
  const { data: session } = useQuery(sessionQuery);
  return session?.user.role === "owner" || session?.user.role === "admin";
}
