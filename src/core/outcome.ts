// How an exchange ended, for counting and alerts.
export type Outcome =
  | "ok"
  | "client_error"
  | "blocked"
  | "limited"
  | "upstream_error"
  | "timeout"
  | "client_closed"
  | "truncated";
