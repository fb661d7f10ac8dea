// One request with its reply, attempts and timings, while it lasts. Mutable on purpose: the steps fill it in.
import type { ErrorCode, GatewayError } from "../core/errors.ts";
import type {
  AttemptRecord,
  Decision,
  ExchangeRecord,
  ModerationFinding,
  SavedUsage,
  Warning,
} from "../core/exchange-record.ts";
import type { Outcome } from "../core/outcome.ts";
import type { RouteProtocol } from "../core/protocol.ts";
import type { Units, Usage } from "../core/usage.ts";
import type { Trace } from "../lib/trace-context.ts";
import type { OperationTraits } from "../protocols/route-operations.ts";
import type { MultipartScanner, NotedPart } from "../protocols/multipart.ts";
import { readRequestBody, type ParsedRequestBody } from "../protocols/request-body.ts";
import { formUnits, requestUnits } from "../protocols/request-units.ts";
import type { AnswerKind } from "../protocols/wire.ts";
import { countsTokens } from "./accounting/counted-kinds.ts";
import { dropPrompt, keepPrompt } from "./accounting/prompt-budget.ts";
import { maxRequestBytes, type Beginning } from "./accounting/token-ask.ts";
import type { CacheTurn } from "./cache/cache-turn.ts";
import type { Capture } from "./capture/capture.ts";
import type { AllowedModels } from "./identity/grants.ts";
import type { SignedBody } from "./identity/hmac.ts";
import type { ExchangeIds } from "./ids/exchange-ids.ts";
import type { PolicyHold } from "./limits/take-asks.ts";
import type { ClientCall } from "./listener/listener.ts";
import type { Plan, PlannedApi, PlannedRoute } from "./plan.ts";
import type { RequestHead } from "./request-head.ts";
import type { TranslationNotes } from "../translators/translation-notes.ts";
import type { Upload } from "./body/upload.ts";

const nothing = Buffer.alloc(0);
/** Of a model's name in records and headers, in characters: clients may send any. */
export const maxShownModel = 256;

/** An attempt while it runs. */
export type OpenAttempt = { -readonly [Field in keyof AttemptRecord]: AttemptRecord[Field] };

/** A request body as it came, and what was read in it. */
export interface ReadBody {
  readonly bytes: Buffer;
  /** Null for a request without JSON body in which a model could stand. */
  readonly parsed: ParsedRequestBody | null;
  /** Null for a body that is no form. */
  readonly form: MultipartScanner | null;
  /** A body that is too large to be held: `bytes` is then empty. */
  readonly upload: Upload | null;
}

/** A request that has found its Model API. */
export interface Matched {
  readonly api: PlannedApi;
  readonly route: PlannedRoute;
  /** What this request does on the route. */
  readonly operation: OperationTraits;
  readonly relativePath: string;
}

/** Whatever stands between the gateway and a client to judge what is answered. */
export interface AnswerGuard {
  /** What follows is the gateway's own. */
  bypass(): void;
  /** Resolves when the client has all that it gets. */
  settled(): Promise<void>;
}

export class Exchange {
  /** The client's, or what stands before it. */
  call: ClientCall;
  /** Read once: the exchange ends on the configuration it started with. */
  readonly plan: Plan;
  readonly requestId: string;
  readonly startedMs: number;
  readonly startedWallMs: number;

  head: RequestHead | null = null;
  /** See `traceOf`. */
  trace: Trace | null = null;
  matched: Matched | null = null;
  /** The API and protocol whose shape an error takes before a route was found. */
  errorApi: PlannedApi | null = null;
  errorProtocol: RouteProtocol = "openai";
  consumer = "";
  credential = "";
  /** Models that the consumer's grants are for; null: all. */
  allowedModels: AllowedModels = null;
  /** What of the client's signature its body has yet to prove; null for most requests. */
  signedBody: SignedBody | null = null;
  body: ReadBody | null = null;
  /** The request asks for a streamed answer. */
  stream = false;
  /** Undefined when it names none. */
  requestedModel: string | undefined;
  #ordered: Units | undefined;
  #bodyBytes = 0;
  /** What it has to do with ids that outlive it; null for most requests. */
  ids: ExchangeIds | null = null;
  /** Keeps what is said for the record; null unless its Model API wants that. */
  capture: Capture | null = null;

  decision: Decision | null = null;
  readonly attempts: OpenAttempt[] = [];
  service = "";
  /** Model name sent upstream. */
  model = "";
  upstreamStatus = 0;
  /** Time spent waiting for services, in ms. */
  upstreamMs = 0;
  /** Time spent waiting for the client's words, and for the time of another try, in ms. */
  waitedMs = 0;
  ttftMs: number | null = null;
  usage: Usage | null = null;
  /** The usage tells only what was read. */
  outputPending = false;
  /** The answer only says that the work is taken on; what it consumes is counted when it is looked at. */
  unfinished = false;
  /** Of the present attempt: a task was asked for, or made, that outlives it. */
  task: "" | "asked" | "made" = "";
  /** The service had the request, and has done or begun what it bills. */
  taken = false;
  /** The beginning of an answer whose service did not say what it consumed. */
  said: Beginning | null = null;
  #prompt: Beginning | null = null;
  fallbackFrom = "";

  /** Judges what is answered; null where nothing is judged. */
  guard: AnswerGuard | null = null;
  /** What was found in its content. */
  readonly moderation: ModerationFinding[] = [];
  /** See `ExchangeRecord`. */
  rateLimit = "";
  /** What it has taken of limits and quotas; null for most requests. */
  limitHolds: PolicyHold[] | null = null;
  cache: ExchangeRecord["cache"] = "skip";
  /** Where its answer will be kept for reuse; null for most. */
  cacheTurn: CacheTurn | null = null;
  /** What it did not consume, as its answer was there. */
  saved: SavedUsage | null = null;
  readonly warnings: Warning[] = [];
  /** What the translation of the present attempt could not say; null: it was not translated. */
  translationNotes: TranslationNotes | null = null;

  /** Where it stands among those that run. */
  place = 0;
  /** Asked by a load balancer, not by a client: not recorded. */
  isHealthCheck = false;

  /** Ends the running attempt with an error of the gateway; null while none runs. */
  interrupt: ((error: GatewayError) => void) | null = null;

  status = 0;
  outcome: Outcome = "ok";
  errorCode: ErrorCode | "" = "";

  constructor(
    call: ClientCall,
    plan: Plan,
    requestId: string,
    times: { monotonicMs: number; wallMs: number },
  ) {
    this.call = call;
    this.plan = plan;
    this.requestId = requestId;
    this.startedMs = times.monotonicMs;
    this.startedWallMs = times.wallMs;
  }

  /** @param answer what the route answers with */
  keepBody(body: ReadBody, answer: AnswerKind): void {
    this.body = body;
    this.#bodyBytes = body.bytes.length;
    if (body.parsed !== null) this.#ordered = requestUnits(answer, body.bytes);
  }

  /** Puts other JSON in place of what came, of a body that was read whole; what was read in it is read anew. */
  replaceBody(bytes: Buffer, answer: AnswerKind): void {
    if (this.body === null) return;
    const parsed = this.body.parsed === null ? null : readRequestBody(bytes);
    this.keepBody({ ...this.body, bytes, parsed }, answer);
  }

  /** All that could not be sent on as it came. */
  get allWarnings(): readonly Warning[] {
    const noted = this.translationNotes?.warnings ?? [];
    return noted.length === 0 ? this.warnings : [...this.warnings, ...noted];
  }

  /** What the request orders, in units that answers do not always tell; of a form that passes, by what was seen of it. */
  get ordered(): Units | undefined {
    const { parts, matched } = this;
    if (parts === undefined || matched === null) return this.#ordered;
    return formUnits(matched.operation.answer, parts);
  }

  /** The parts of a multipart body; of one that passes as it comes those that were seen. */
  get parts(): readonly NotedPart[] | undefined {
    return this.body?.form?.parts;
  }

  /** Estimate of the input from the size of the request: about four bytes are a token. */
  get promptTokens(): number {
    return this.#bodyBytes / 4;
  }

  /** Forgets the bytes of the request, not what was read in them, nor what an estimate of its tokens needs. */
  releaseBody(): void {
    if (this.body === null || this.body.upload !== null) return;
    if (this.#prompt === null && countsTokens(this)) this.#prompt = keepPrompt(this.body.bytes);
    this.body = { ...this.body, bytes: nothing };
  }

  /** The beginning of the request's body, as far as it is still there. */
  get prompt(): Beginning {
    if (this.#prompt !== null) return this.#prompt;
    const bytes = this.body?.bytes.subarray(0, maxRequestBytes) ?? nothing;
    return { bytes, total: this.#bodyBytes };
  }

  /** Nothing of the request is needed any more. */
  close(): void {
    if (this.#prompt !== null) dropPrompt(this.#prompt);
    this.#prompt = null;
    this.body?.upload?.close();
  }
}
