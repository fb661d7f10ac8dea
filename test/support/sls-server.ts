// A stand-in for Simple Log Service: takes PutLogs and refuses whatever the vendor's documents do not allow. It signs by
// itself, decompresses and decodes by itself; it shares nothing with the sender.
import { createHash, createHmac } from "node:crypto";
import type { ReceivedRequest, ReceiverAnswer } from "./failing-receiver.ts";
import { unpackLz4Block } from "./lz4.ts";

export interface SlsAccount {
  readonly project: string;
  readonly logstore: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Null: version 1 is wanted. */
  readonly region: string | null;
}

export interface StoredLog {
  readonly timeMs: number;
  readonly topic: string;
  readonly source: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

const maxRawBytes = 10 * 1024 * 1024;
const maxLogs = 4096;

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class SlsServer {
  readonly logs: StoredLog[] = [];
  readonly #account: SlsAccount;
  readonly #wallMs: () => number;

  constructor(account: SlsAccount, wallMs: () => number) {
    this.#account = account;
    this.#wallMs = wallMs;
  }

  readonly take = (request: ReceivedRequest): ReceiverAnswer => {
    try {
      this.#check(request);
      this.logs.push(...decode(this.#unpacked(request)));
      return { status: 200, headers: { "x-log-requestid": "1" } };
    } catch (error) {
      const { status, code } = error instanceof Refused ? error : { status: 400, code: "PostBodyInvalid" };
      return { status, body: JSON.stringify({ errorCode: code, errorMessage: String(error) }) };
    }
  };

  #check(request: ReceivedRequest): void {
    const { project, logstore, region } = this.#account;
    const { path, headers, body } = request;
    const need = (name: string): string => {
      const value = headers[name];
      if (typeof value !== "string" || value === "") throw new Refused(400, "MissingHeader", name);
      return value;
    };
    if (path !== `/logstores/${logstore}/shards/lb`) throw new Refused(404, "LogStoreNotExist", path);
    if (!need("host").startsWith(`${project}.`)) throw new Refused(404, "ProjectNotExist", "no such project");
    if (need("content-type") !== "application/x-protobuf") throw new Refused(415, "InvalidContentType", "");
    if (need("x-log-apiversion") !== "0.6.0") throw new Refused(400, "InvalidAPIVersion", "");
    if (need("x-log-compresstype") !== "lz4") throw new Refused(400, "InvalidCompressType", "");
    const md5 = createHash("md5").update(body).digest("hex").toUpperCase();
    if (need("content-md5") !== md5) throw new Refused(400, "InvalidContentMD5", "");
    const signature = region === null ? this.#v1(request, need) : this.#v4(request, need, region);
    if (need("authorization") !== signature)
      throw new Refused(403, "SignatureNotMatch", "the signature differs");
  }

  #v1({ path, headers }: ReceivedRequest, need: (name: string) => string): string {
    if (need("x-log-signaturemethod") !== "hmac-sha1") throw new Refused(400, "InvalidSignatureMethod", "");
    this.#demandNear(Date.parse(need("date")));
    let canonical = "";
    for (const name of Object.keys(headers).toSorted())
      if (name.startsWith("x-log-") || name.startsWith("x-acs-")) canonical += `${name}:${need(name)}\n`;
    const text = `POST\n${need("content-md5")}\n${need("content-type")}\n${need("date")}\n${canonical}${path}`;
    const { accessKeyId, accessKeySecret } = this.#account;
    return `LOG ${accessKeyId}:${createHmac("sha1", accessKeySecret).update(text).digest("base64")}`;
  }

  #v4({ path, headers, body }: ReceivedRequest, need: (name: string) => string, region: string): string {
    const moment = need("x-log-date");
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(moment);
    if (parts === null) throw new Refused(400, "InvalidDateFormat", moment);
    const [, year, month, day, hour, minute, second] = parts.map(Number);
    this.#demandNear(Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second));
    const sha = createHash("sha256").update(body).digest("hex");
    if (need("x-log-content-sha256") !== sha) throw new Refused(400, "InvalidContentSha256", "");
    let canonical = `POST\n${path}\n\n`;
    const signed: string[] = [];
    for (const name of Object.keys(headers).toSorted()) {
      if (!/^(?:host|content-type|x-log-.*|x-acs-.*)$/u.test(name)) continue;
      signed.push(name);
      canonical += `${name}:${need(name)}\n`;
    }
    canonical += `\n${signed.join(";")}\n${sha}`;
    const date = moment.slice(0, 8);
    const { accessKeyId, accessKeySecret } = this.#account;
    const hmac = (key: string | Buffer, text: string): Buffer =>
      createHmac("sha256", key).update(text).digest();
    const key = hmac(
      hmac(hmac(hmac(`aliyun_v4${accessKeySecret}`, date), region), "sls"),
      "aliyun_v4_request",
    );
    const scope = `${date}/${region}/sls/aliyun_v4_request`;
    const hashed = createHash("sha256").update(canonical).digest("hex");
    const signature = hmac(key, `SLS4-HMAC-SHA256\n${moment}\n${scope}\n${hashed}`).toString("hex");
    return `SLS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},Signature=${signature}`;
  }

  #demandNear(ms: number): void {
    if (!(Math.abs(ms - this.#wallMs()) < 15 * 60_000))
      throw new Refused(400, "RequestTimeTooSkewed", "the time differs by more than 15 minutes");
  }

  #unpacked({ headers, body }: ReceivedRequest): Buffer {
    const rawBytes = Number(headers["x-log-bodyrawsize"]);
    if (rawBytes > maxRawBytes) throw new Refused(400, "PostBodyTooLarge", "over 10 MB");
    return unpackLz4Block(body, rawBytes);
  }
}

/** Field number and value of every field of a message. */
function* fieldsOf(bytes: Buffer): Generator<readonly [field: number, value: number | Buffer]> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at];
      if (byte === undefined) throw new Error("a message ends in a number");
      at += 1;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const head = varint();
    const wireType = head & 7;
    if (wireType === 0) yield [head >> 3, varint()];
    else if (wireType === 5) {
      yield [head >> 3, bytes.readUInt32LE(at)];
      at += 4;
    } else if (wireType === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new Error("a message ends in a field");
      yield [head >> 3, bytes.subarray(at, at + length)];
      at += length;
    } else throw new Error(`wire type ${wireType}`);
  }
}

function decode(bytes: Buffer): StoredLog[] {
  const logs: { timeMs: number; fields: Record<string, string> }[] = [];
  const tags: Record<string, string> = {};
  let topic = "";
  let source = "";
  for (const [field, value] of fieldsOf(bytes)) {
    if (!Buffer.isBuffer(value)) throw new Error("a number in a group");
    if (field === 1) logs.push(logOf(value));
    else if (field === 3) topic = value.toString();
    else if (field === 4) source = value.toString();
    else if (field === 6) Object.assign(tags, pairOf(value));
    else throw new Error(`field ${field} of a group`);
  }
  if (logs.length === 0 || logs.length > maxLogs) throw new Error(`${logs.length} logs`);
  return logs.map((log) => ({ ...log, topic, source, tags }));
}

function logOf(bytes: Buffer): { timeMs: number; fields: Record<string, string> } {
  const fields: Record<string, string> = {};
  let seconds = 0;
  let nanos = 0;
  for (const [field, value] of fieldsOf(bytes)) {
    if (field === 1 && typeof value === "number") seconds = value;
    else if (field === 2 && Buffer.isBuffer(value)) Object.assign(fields, pairOf(value));
    else if (field === 4 && typeof value === "number") nanos = value;
    else throw new Error(`field ${field} of a log`);
  }
  if (seconds === 0) throw new Error("a log without a time");
  return { timeMs: seconds * 1000 + nanos / 1e6, fields };
}

function pairOf(bytes: Buffer): Record<string, string> {
  let key: string | undefined;
  let text: string | undefined;
  for (const [field, value] of fieldsOf(bytes)) {
    if (!Buffer.isBuffer(value)) throw new Error("a number in a pair");
    if (field === 1) key = value.toString();
    else if (field === 2) text = value.toString();
    else throw new Error(`field ${field} of a pair`);
  }
  if (key === undefined || text === undefined) throw new Error("half a pair");
  return { [key]: text };
}
