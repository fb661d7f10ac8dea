// Begins to keep what an exchange says, where its Model API wants that, and gives what its record holds of it.
import { KnownSecrets } from "../../core/redaction/known-secrets.ts";
import { Redactor } from "../../core/redaction/redactor.ts";
import type { SnapshotRecording } from "../../snapshot/snapshot.ts";
import { findKey } from "../identity/api-keys.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { Plan } from "../plan.ts";
import { headerOf } from "../raw-headers.ts";
import { Capture, type CapturedContent } from "./capture.ts";
import type { ContentBudget } from "./content-budget.ts";

/** Made when first needed: few Model APIs record. */
const redactors = new WeakMap<SnapshotRecording, Redactor>();
const serviceSecrets = new WeakMap<
  Plan,
  { readonly lists: readonly (readonly string[])[]; readonly secrets: KnownSecrets }
>();
/** Headers in which clients send keys, whatever the Model API looks at. */
const keyHeaders: readonly string[] = [
  "api-key",
  "x-goog-api-key",
  "x-api-key",
  "x-ca-signature",
  "cookie",
  "proxy-authorization",
];
const nothing: CapturedContent = {};

export function beginCapture(exchange: Exchange, { api }: Matched, budget: ContentBudget): void {
  const { recording } = api.config.monitoring;
  if (recording === undefined || exchange.capture !== null) return;
  const capture = new Capture(recording, budget);
  exchange.capture = capture;
  if (recording.response) exchange.call.tap = capture;
}

/** What the record of an exchange says of its content. Once: the memory is given back. */
export function contentOf(exchange: Exchange): CapturedContent {
  const { capture, matched, head, plan } = exchange;
  const recording = matched?.api.config.monitoring.recording;
  if (capture === null || recording === undefined || head === null) return nothing;
  if (exchange.call.tap === capture) exchange.call.tap = null;
  const redactor = redactorOf(recording);
  const known = [secretsOf(plan), new KnownSecrets(clientSecrets(exchange))];
  return capture.take(headerOf(head.forward, "content-type") ?? "", (text, isCut) =>
    redactor.redact(text, known, isCut),
  );
}

function redactorOf(recording: SnapshotRecording): Redactor {
  let redactor = redactors.get(recording);
  if (redactor === undefined) {
    redactor = new Redactor(recording.redact);
    redactors.set(recording, redactor);
  }
  return redactor;
}

/** Keys of all services: a request may name those of another one. */
function secretsOf(plan: Plan): KnownSecrets {
  const lists = [...plan.services.values()].map((service) => service.secrets);
  const known = serviceSecrets.get(plan);
  // A service that has learnt a secret has another list.
  if (known?.lists.every((list, index) => list === lists[index]) === true) return known.secrets;
  const secrets = new KnownSecrets(lists.flat());
  serviceSecrets.set(plan, { lists, secrets });
  return secrets;
}

/** What this client has shown to prove who it is, good or bad. */
function clientSecrets({ matched, head, call }: Exchange): string[] {
  if (head === null) return [];
  const { auth } = matched?.api.config ?? {};
  const key = auth === undefined || auth === null ? "" : findKey(auth.apiKeySources, head, call);
  const token = head.authorization.replace(/^\S+ +/, "").trim();
  const headers = keyHeaders.flatMap((name) => headerOf(call.rawHeaders, name) ?? []);
  return [key, token, ...headers].filter((secret) => secret !== "");
}
