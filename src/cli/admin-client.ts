// Speaks with the admin API of a running gateway. Knows no command; every failure says what, where and how to mend it.
import { CommandError } from "./command.ts";
import type { Terminal } from "./terminal.ts";
import { parseJson, record } from "../lib/unknown-json.ts";

/** One fault that the admin API reports, in a field of a resource. */
export interface ReportedFault {
  readonly path: string;
  readonly message: string;
}

/** The admin API refused; `faults` say where. */
export class RefusedByAdminApi extends CommandError {
  readonly status: number;
  readonly faults: readonly ReportedFault[];

  constructor(message: string, status: number, faults: readonly ReportedFault[]) {
    super(message);
    this.status = status;
    this.faults = faults;
  }
}

export interface AdminRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: { readonly type: string; readonly text: string };
  /** Wanted media type. */
  readonly accept?: string;
}

/** @returns the body of a good answer, as text @throws CommandError */
export type AdminClient = (request: AdminRequest) => Promise<string>;

const requestTimeoutMs = 120_000;

/** @throws CommandError when MOONGATE_ADMIN_URL or MOONGATE_ADMIN_TOKEN cannot be used */
export function createAdminClient({ env, fetch }: Pick<Terminal, "env" | "fetch">): AdminClient {
  const base = adminUrl(env["MOONGATE_ADMIN_URL"]);
  const token = env["MOONGATE_ADMIN_TOKEN"] ?? "";
  if (token === "") throw new CommandError(`MOONGATE_ADMIN_TOKEN is not set; ${tokenRemedy}`);
  if (!/^[\x21-\x7e]+$/u.test(token)) {
    throw new CommandError("MOONGATE_ADMIN_TOKEN holds spaces or line ends; set it to the bare token");
  }
  return async ({ method, path, body, accept = "application/json" }) => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept };
    if (body !== undefined) headers["content-type"] = body.type;
    const init = {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(requestTimeoutMs),
    } as const;
    let answer: { status: number; text: string };
    try {
      const response = await fetch(
        `${base}/api/v1${path}`,
        body === undefined ? init : { ...init, body: body.text },
      );
      answer = { status: response.status, text: await response.text() };
    } catch (error) {
      throw new CommandError(
        `the admin API at ${base} cannot be reached (${reason(error)}). Is Moongate running? MOONGATE_ADMIN_URL says where`,
      );
    }
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    throw refusal(answer.status, answer.text, `${method} ${base}/api/v1${path}`);
  };
}

const tokenRemedy = "set it to a token with the role owner or admin";

function adminUrl(text: string | undefined): string {
  const wanted = text === undefined || text === "" ? "http://127.0.0.1:8081" : text;
  const url = URL.parse(wanted);
  if (
    url !== null &&
    /^https?:$/u.test(url.protocol) &&
    url.username === "" &&
    url.search === "" &&
    url.hash === ""
  ) {
    return url.href.replace(/\/+$/u, "");
  }
  throw new CommandError("MOONGATE_ADMIN_URL must be an http or https URL, such as http://127.0.0.1:8081");
}

/** The innermost cause: `fetch` itself only says that it failed. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reason(error.cause);
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.message;
}

const remedies: Readonly<Record<number, string>> = {
  401: `MOONGATE_ADMIN_TOKEN is not valid; ${tokenRemedy}`,
  403: "MOONGATE_ADMIN_TOKEN belongs to a role that may not do this; use a token with the role owner or admin",
};

function refusal(status: number, text: string, where: string): RefusedByAdminApi {
  const { message, faults } = readRefusal(text);
  const remedy =
    remedies[status] ?? (message === "" ? "is MOONGATE_ADMIN_URL the address of a Moongate console?" : "");
  const sentences = [message, remedy].filter((part) => part !== "").join(" ");
  return new RefusedByAdminApi(`refused (${where}: ${status}): ${sentences}`, status, faults);
}

/** Reads the one shape of errors of the admin API; anything else gives an empty message. */
function readRefusal(text: string): { message: string; faults: ReportedFault[] } {
  const { error } = record(parseJson(text));
  const { message, details } = record(error);
  const faults = (Array.isArray(details) ? details : []).map((detail) => {
    const { path, message: fault } = record(detail);
    return { path: typeof path === "string" ? path : "", message: typeof fault === "string" ? fault : "" };
  });
  return { message: typeof message === "string" ? message : "", faults };
}
