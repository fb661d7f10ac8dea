// A service as its form holds it, and the way there and back: from what is stored, to what is sent. Pure.
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import type { Service } from "../../api/resources.ts";
import { keyKindsOf, noAccess, storedAccessKeyId, type AccessFields, type KeyKind } from "./key-kinds.ts";
import type { ServiceProtocol } from "./protocol-labels.ts";

/** A number as it is typed: empty while nothing stands there. */
export type NumberText = number | "";

/** A secret in a form: the stored one that is kept as long as nothing is typed over it. */
export interface SecretDraft {
  /** As the control plane shows it; sent back, it keeps its value. Undefined for a new one. */
  readonly stored: unknown;
  /** Null: the stored one is kept. */
  readonly typed: string | null;
}

export interface KeyDraft {
  readonly id: number;
  readonly name: string;
  readonly kind: KeyKind;
  /** Of an access key only whether it is kept: what is typed of one stands in `access`. */
  readonly secret: SecretDraft;
  readonly access: AccessFields;
  readonly weight: NumberText;
  readonly enabled: boolean;
}

export interface HeaderDraft {
  readonly id: number;
  readonly name: string;
  readonly secret: SecretDraft;
}

export interface ProtocolDraft {
  readonly id: number;
  readonly protocol: ServiceProtocol;
  readonly baseUrl: string;
}

export const priceFields = [
  "input",
  "cachedInput",
  "cacheWriteInput",
  "output",
  "reasoning",
  "image",
  "second",
  "character",
] as const;
export type PriceField = (typeof priceFields)[number];

export interface ModelDraft {
  readonly id: number;
  readonly name: string;
  readonly contextWindow: NumberText;
  readonly price: Readonly<Partial<Record<PriceField, NumberText>>>;
}

export const timeoutFields = ["connectMs", "idleMs", "totalMs"] as const;
export const knobFields = ["latencyMs", "ttftMs", "tokensPerSecond", "outputTokens", "failureRate"] as const;
export type TimeoutField = (typeof timeoutFields)[number];
export type KnobField = (typeof knobFields)[number];
export type SimulatorFault = NonNullable<NonNullable<Service["simulator"]>["fault"]>;

export interface ServiceDraft {
  readonly name: string;
  readonly description: string;
  readonly resourceGroup: string;
  readonly enabled: boolean;
  readonly provider: Service["provider"];
  /** The catalogue's own address while nothing else is typed. */
  readonly baseUrl: string;
  readonly region: string;
  readonly project: string;
  readonly apiKeys: readonly KeyDraft[];
  readonly models: readonly ModelDraft[];
  /** Empty: the catalogue's. */
  readonly protocols: readonly ProtocolDraft[];
  readonly headers: readonly HeaderDraft[];
  readonly timeouts: Readonly<Record<TimeoutField, NumberText>>;
  readonly maxInFlight: NumberText;
  readonly knobs: Readonly<Record<KnobField, NumberText>>;
  readonly fault: SimulatorFault;
}

const defaultTimeouts = { connectMs: 5_000, idleMs: 60_000, totalMs: 600_000 };
const defaultMaxInFlight = 20_000;
const noKnobs = {
  latencyMs: "",
  ttftMs: "",
  tokensPerSecond: "",
  outputTokens: "",
  failureRate: "",
} as const;

/** The address that the catalogue gives; empty where a service must name its own. */
export function catalogueUrl(provider: Provider): string {
  const url = provider.endpoints[0]?.baseUrl ?? "";
  return url === "simulator:" ? "" : url;
}

/** A new service of a provider. */
export function newDraft(provider: Provider, name: string): ServiceDraft {
  const draft: ServiceDraft = {
    name,
    description: "",
    resourceGroup: "default",
    enabled: true,
    provider: provider.id,
    baseUrl: catalogueUrl(provider),
    region: "",
    project: "",
    apiKeys: [],
    models: [],
    protocols: [],
    headers: [],
    timeouts: defaultTimeouts,
    maxInFlight: defaultMaxInFlight,
    knobs: noKnobs,
    fault: "none",
  };
  return needsKey(provider) ? { ...draft, apiKeys: [newKey([], provider)] } : draft;
}

/** Whether a service of this provider is of no use without a key. Own servers mostly ask for none. */
export function needsKey(provider: Provider): boolean {
  const url = catalogueUrl(provider);
  const isOwn = url === "" || url.startsWith("http://127.0.0.1");
  return provider.auth.kind !== "none" && provider.id !== "simulator" && !isOwn;
}

export function newKey(keys: readonly KeyDraft[], provider: Provider): KeyDraft {
  const names = new Set(keys.map(({ name }) => name));
  let number = keys.length + 1;
  while (names.has(`key-${number}`)) number++;
  return {
    id: nextId(keys),
    name: `key-${number}`,
    kind: keyKindsOf(provider)[0],
    access: noAccess,
    secret: { stored: undefined, typed: "" },
    weight: 1,
    enabled: true,
  };
}

/** An id that no row of a list has, so that rows keep their identity while names are typed. */
export function nextId(rows: readonly { readonly id: number }[]): number {
  return rows.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
}

/** What is known of a model without anybody having typed it. */
export function knownModel(
  name: string,
  provider: Provider | undefined,
): Provider["models"][number] | undefined {
  return provider?.models.find((model) => model.name === name);
}

/** A model to add. A known price holds without being written down, and stays new with the data; so it is left to it. */
export function newModel(name: string, provider: Provider | undefined, id: number): ModelDraft {
  return { id, name, contextWindow: knownModel(name, provider)?.contextWindow ?? "", price: {} };
}

/** Adds those names that are not there yet. */
export function addModels(
  models: readonly ModelDraft[],
  names: readonly string[],
  provider: Provider | undefined,
): readonly ModelDraft[] {
  const present = new Set(models.map(({ name }) => name));
  const first = nextId(models);
  return [
    ...models,
    ...names
      .filter((name) => !present.has(name))
      .map((name, index) => newModel(name, provider, first + index)),
  ];
}

/** What is stored, as the form holds it. */
export function draftOf(service: Service, provider: Provider | undefined): ServiceDraft {
  const { simulator, maxInFlight, timeouts } = service;
  return {
    name: service.name,
    description: service.description,
    resourceGroup: service.resourceGroup,
    enabled: service.enabled,
    provider: service.provider,
    baseUrl: service.baseUrl ?? (provider === undefined ? "" : catalogueUrl(provider)),
    region: service.region ?? "",
    project: service.project ?? "",
    apiKeys: service.apiKeys.map((key, index) => ({
      id: index + 1,
      name: key.name,
      kind: storedAccessKeyId(key.value) === null ? storedKind(provider) : "access",
      access: { ...noAccess, accessKeyId: storedAccessKeyId(key.value) ?? "" },
      secret: { stored: key.value, typed: null },
      weight: key.weight,
      enabled: key.enabled,
    })),
    models: service.models.map(({ name, contextWindow, price }, index) => ({
      id: index + 1,
      name,
      contextWindow: contextWindow ?? "",
      price: price === undefined ? {} : shownPrice(price),
    })),
    protocols: (service.protocols ?? []).map((row, index) => ({ baseUrl: "", ...row, id: index + 1 })),
    headers: Object.entries(service.headers).map(([name, stored], index) => ({
      id: index + 1,
      name,
      secret: { stored, typed: null },
    })),
    timeouts,
    maxInFlight,
    knobs: Object.fromEntries(knobFields.map((field) => [field, simulator?.[field] ?? ""])) as Record<
      // Made of exactly the fields it names.
      KnobField,
      NumberText
    >,
    fault: simulator?.fault ?? "none",
  };
}

/** Of a key that is stored as a text: nobody can tell an access key of AWS that was written as one. */
function storedKind(provider: Provider | undefined): KeyKind {
  const [usual] = keyKindsOf(provider);
  return usual === "access" ? "plain" : usual;
}

type Price = NonNullable<Service["models"][number]["price"]>;

/** Zeros that the schema fills in say nothing. */
function shownPrice(price: Price): ModelDraft["price"] {
  return Object.fromEntries(
    priceFields.flatMap((field) => {
      const value = price[field];
      const says = value !== undefined && (value !== 0 || field === "input" || field === "output");
      return says ? [[field, value]] : [];
    }),
  );
}

/** A copy for another service: secrets do not come along, as nobody can read them. */
export function cloneDraft(service: Service, provider: Provider | undefined, name: string): ServiceDraft {
  const draft = draftOf(service, provider);
  const empty: SecretDraft = { stored: undefined, typed: "" };
  return {
    ...draft,
    name,
    apiKeys: draft.apiKeys.map((key) => ({ ...key, secret: empty, access: noAccess })),
    headers: draft.headers.map((header) => ({ ...header, secret: empty })),
  };
}

/** What is sent: the whole object. @param base the stored one, whose fields outside the form stay */
export function bodyOf(draft: ServiceDraft, provider: Provider | undefined, base?: Service): object {
  const isOwnUrl = draft.baseUrl !== "" && draft.baseUrl !== (provider && catalogueUrl(provider));
  const knobs = Object.fromEntries(filled(draft.knobs));
  const simulator = { ...knobs, ...(draft.fault === "none" ? {} : { fault: draft.fault }) };
  return {
    name: draft.name,
    description: draft.description,
    enabled: draft.enabled,
    provider: draft.provider,
    ...(isOwnUrl ? { baseUrl: draft.baseUrl.trim() } : {}),
    ...(draft.protocols.length === 0
      ? {}
      : {
          protocols: draft.protocols.map(({ protocol, baseUrl }) =>
            baseUrl.trim() === "" ? { protocol } : { protocol, baseUrl: baseUrl.trim() },
          ),
        }),
    apiKeys: draft.apiKeys.map((key) => ({
      name: key.name,
      value: keyValue(key),
      weight: key.weight === "" ? 1 : key.weight,
      enabled: key.enabled,
    })),
    ...(draft.region === "" ? {} : { region: draft.region.trim() }),
    ...(draft.project === "" ? {} : { project: draft.project.trim() }),
    models: draft.models.map(({ name, contextWindow, price }) => {
      const prices = Object.fromEntries(filled(price));
      return {
        name,
        ...(contextWindow === "" ? {} : { contextWindow }),
        ...(Object.keys(prices).length === 0 ? {} : { price: prices }),
      };
    }),
    headers: Object.fromEntries(draft.headers.map(({ name, secret }) => [name, secretOf(secret)])),
    timeouts: Object.fromEntries(filled(draft.timeouts)),
    ...(draft.maxInFlight === "" ? {} : { maxInFlight: draft.maxInFlight }),
    ...(base === undefined ? {} : { healthCheck: base.healthCheck }),
    ...(draft.provider === "simulator" && Object.keys(simulator).length > 0 ? { simulator } : {}),
    resourceGroup: draft.resourceGroup,
  };
}

function keyValue({ kind, secret, access }: KeyDraft): unknown {
  if (secret.typed === null || kind !== "access") return secretOf(secret);
  const sessionToken = access.sessionToken.trim();
  return {
    accessKeyId: access.accessKeyId.trim(),
    secretAccessKey: access.secretAccessKey.trim(),
    ...(sessionToken === "" ? {} : { sessionToken }),
  };
}

function secretOf({ stored, typed }: SecretDraft): unknown {
  return typed === null ? stored : typed;
}

function filled(fields: Readonly<Partial<Record<string, NumberText>>>): [string, number][] {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, value]],
  );
}

/** How many parts of the form differ from what is stored. */
export function changesOf(draft: ServiceDraft, stored: ServiceDraft): number {
  const differs = (field: keyof ServiceDraft): boolean =>
    JSON.stringify(draft[field]) !== JSON.stringify(stored[field]);
  return (Object.keys(draft) as (keyof ServiceDraft)[]).filter(differs).length; // An own draft has no other keys.
}
