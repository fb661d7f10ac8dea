// Every refusal of the control plane, as data. Knows no HTTP framework: `admin-api.ts` turns these into answers.

/** One row: the HTTP status and what happened, in one sentence. */
interface ControlErrorRow {
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 409 | 412 | 413 | 429 | 500 | 502 | 503;
  readonly message: string;
}

/** All error codes of the admin API. Codes and statuses are public: scripts read them. */
export const controlErrorTable = {
  invalid: { status: 400, message: "The request is not valid." },
  immutable_field: { status: 400, message: "A field that is fixed at creation was changed." },
  secret_missing: { status: 400, message: "A secret is marked as set, but none is stored." },
  not_served: { status: 400, message: "This build does not serve that yet." },
  unauthorized: { status: 401, message: "A valid bearer token or a sign-in is needed." },
  csrf_refused: {
    status: 403,
    message: "A change by a signed-in browser needs its CSRF token and the same origin.",
  },
  forbidden: { status: 403, message: "Your role does not allow this." },
  not_found: { status: 404, message: "There is nothing at this address." },
  method_not_allowed: { status: 405, message: "This address does not take that method." },
  conflict: { status: 409, message: "Another object stands in the way." },
  in_use: { status: 409, message: "The object is in use." },
  managed_by_file: { status: 409, message: "The object belongs to the started configuration file." },
  stale_revision: { status: 412, message: "The object has changed since it was read." },
  too_large: { status: 413, message: "The request body is too large." },
  too_many_tries: { status: 429, message: "Tried too often; try again later." },
  internal_error: { status: 500, message: "The admin API failed. The operational log has the details." },
  data_plane_unreachable: {
    status: 502,
    message: "The data plane of this gateway gave no answer. The operational log has the details.",
  },
  traffic_unavailable: {
    status: 503,
    message: "Records and counts cannot be told now; try again. The operational log has the details.",
  },
  store_unavailable: {
    status: 503,
    message: "The configuration store cannot be written now; nothing was changed.",
  },
} as const satisfies Record<string, ControlErrorRow>;

export type ControlErrorCode = keyof typeof controlErrorTable;

/** One fault in one place. `path` names a resource, a field or both, such as `services/a: apiKeys[0].value`. */
export interface ErrorLine {
  readonly path: string;
  readonly message: string;
  /** The object that stands in the way, where one does. */
  readonly other?: { readonly kind: string; readonly name: string };
}

/** The only error thrown on purpose in the control plane. Its texts never hold a secret. */
export class ControlError extends Error {
  readonly code: ControlErrorCode;
  readonly status: ControlErrorRow["status"];
  readonly details: readonly ErrorLine[];

  /** @param cause for the operational log only */
  constructor(code: ControlErrorCode, message?: string, details: readonly ErrorLine[] = [], cause?: unknown) {
    super(message ?? controlErrorTable[code].message, { cause });
    this.name = "ControlError";
    this.code = code;
    this.status = controlErrorTable[code].status;
    this.details = details;
  }
}
