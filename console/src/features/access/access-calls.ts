// The call that ends every session of a user.
import { call } from "../../api/client.ts";

export function endSessions(name: string): Promise<void> {
  return call("DELETE", `/users/${encodeURIComponent(name)}/sessions`);
}
