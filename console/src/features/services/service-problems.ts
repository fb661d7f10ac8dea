// What is wrong with a service as it is typed, by field, before it is sent. The control plane has the last word. Pure.
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import type { FaultLine } from "../../api/client.ts";
import { isObjectName } from "../../api/object-name.ts";
import { readAccount, type AccountProblem } from "./key-kinds.ts";
import { catalogueUrl, needsKey, type KeyDraft, type ServiceDraft } from "./service-draft.ts";

export type ServiceProblem =
  | "nameProblem"
  | "nameTaken"
  | "urlRequired"
  | "urlPlaceholder"
  | "urlProblem"
  | "regionRequired"
  | "keyRequired"
  | "secretRequired"
  | "keyName"
  | "twice"
  | "modelName"
  | "headerName"
  | "headerForbidden"
  | "protocolsRequired"
  | AccountProblem;

/** Field, such as `baseUrl` or `apiKeys[0].value` -> what is wrong with it. */
export type Problems = ReadonlyMap<string, ServiceProblem>;

const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/u;
const forbiddenHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-encoding",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-moongate-simulator",
]);

/** @param taken names of other services */
export function problemsOf(draft: ServiceDraft, provider: Provider, taken: ReadonlySet<string>): Problems {
  const found: [string, ServiceProblem][] = [];
  const add = (path: string, problem: ServiceProblem | undefined): void => {
    if (problem !== undefined) found.push([path, problem]);
  };
  add("name", !isObjectName(draft.name) ? "nameProblem" : taken.has(draft.name) ? "nameTaken" : undefined);
  addAddress(draft, provider, add);
  draft.apiKeys.forEach((key, index) => {
    const { name } = key;
    const isTwice = draft.apiKeys.findIndex((other) => other.name === name) < index;
    add(`apiKeys[${index}].name`, !isObjectName(name) ? "keyName" : isTwice ? "twice" : undefined);
    addKey(key, `apiKeys[${index}].value`, add);
  });
  if (draft.apiKeys.length === 0 && needsKey(provider)) add("apiKeys", "keyRequired");
  draft.models.forEach(({ name }, index) => {
    const isTwice = draft.models.findIndex((model) => model.name === name) < index;
    add(
      `models[${index}].name`,
      name.trim() === "" || name.length > 256 ? "modelName" : isTwice ? "twice" : undefined,
    );
  });
  draft.headers.forEach(({ name, secret }, index) => {
    const lower = name.toLowerCase();
    const isTwice = draft.headers.findIndex((header) => header.name.toLowerCase() === lower) < index;
    add(
      `headers[${index}].name`,
      !headerName.test(name)
        ? "headerName"
        : forbiddenHeaders.has(lower)
          ? "headerForbidden"
          : isTwice
            ? "twice"
            : undefined,
    );
    add(`headers[${index}].value`, secret.typed === "" ? "secretRequired" : undefined);
  });
  return new Map(found);
}

function addKey(
  { kind, secret, access }: KeyDraft,
  path: string,
  add: (path: string, problem: ServiceProblem | undefined) => void,
): void {
  if (secret.typed === null) return;
  if (kind === "access") {
    for (const field of ["accessKeyId", "secretAccessKey"] as const)
      add(`${path}.${field}`, access[field].trim() === "" ? "secretRequired" : undefined);
  } else if (secret.typed === "") add(path, "secretRequired");
  else if (kind === "account") add(path, readAccount(secret.typed).problem ?? undefined);
}

function addAddress(
  draft: ServiceDraft,
  provider: Provider,
  add: (path: string, problem: ServiceProblem | undefined) => void,
): void {
  draft.protocols.forEach(({ protocol, baseUrl }, index) => {
    const isKnown = provider.endpoints.some((row) => row.protocol === protocol);
    add(`protocols[${index}].baseUrl`, baseUrl.trim() === "" && isKnown ? undefined : urlProblem(baseUrl));
    const isTwice = draft.protocols.findIndex((row) => row.protocol === protocol) < index;
    add(`protocols[${index}].protocol`, isTwice ? "twice" : undefined);
  });
  if (draft.protocols.length > 0 || provider.id === "simulator") return;
  if (provider.endpoints.length === 0) {
    add("protocols", "protocolsRequired");
    return;
  }
  const isCatalogues = draft.baseUrl === catalogueUrl(provider);
  if (draft.baseUrl.includes("{region}") && isCatalogues) {
    add("region", draft.region.trim() === "" ? "regionRequired" : undefined);
    return;
  }
  if (draft.baseUrl.trim() === "") add("baseUrl", "urlRequired");
  else add("baseUrl", draft.baseUrl.includes("{") ? "urlPlaceholder" : urlProblem(draft.baseUrl));
}

function urlProblem(text: string): ServiceProblem | undefined {
  if (text.trim() === "") return "urlRequired";
  const url = URL.parse(text.trim());
  const isWeb = url !== null && ["http:", "https:", "ws:", "wss:"].includes(url.protocol);
  const isPlain = url !== null && url.username === "" && url.password === "" && !/[?#]/u.test(text);
  return isWeb && isPlain ? undefined : "urlProblem";
}

/** The control plane's faults by the fields of the form; those at other places come back as texts. */
export function faultsByField(
  details: readonly FaultLine[],
  draft: ServiceDraft,
): { readonly fields: ReadonlyMap<string, string>; readonly others: readonly string[] } {
  const fields = new Map<string, string>();
  const others: string[] = [];
  for (const { path, message } of details) {
    const header = /^headers\.(.+)$/u.exec(path)?.[1];
    const index = draft.headers.findIndex(({ name }) => name === header);
    const field = index < 0 ? keyField(path, draft) : `headers[${index}].name`;
    if (
      /^(?:name|baseUrl|region|project|(?:apiKeys|models|protocols|headers)\[\d+\]\.\w+|apiKeys\[\d+\]\.value\.\w+)$/u.test(
        field,
      )
    ) {
      fields.set(field, message);
    } else others.push(path === "" ? message : `${path} ${message}`);
  }
  return { fields, others };
}

/** What is said of an access key as a whole stands at its secret. */
function keyField(path: string, draft: ServiceDraft): string {
  const index = /^apiKeys\[(\d+)\]\.value$/u.exec(path)?.[1];
  return index !== undefined && draft.apiKeys[Number(index)]?.kind === "access"
    ? `${path}.secretAccessKey`
    : path;
}
