// Secrets that can be told by their shape, as a table. Every pattern is bounded in each repetition, so that no text can
// make it slow. Knows nothing of what is configured.

/** One shape. */
export interface Shape {
  readonly name: string;
  /** In lower case: a text that holds none of them is not looked through. */
  readonly hints: readonly string[];
  /** Global. A first group is what stands before the value and is kept. */
  readonly pattern: RegExp;
  /** What takes its place. */
  readonly mask: string;
  /** What a pattern cannot tell, such as a checksum. */
  readonly holds?: (value: string) => boolean;
}

/** A word begins here; in JSON an escape such as `\n` may stand before it. */
const start = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))`;
const word = "[A-Za-z0-9_-]";

/** Names of fields that hold a secret, as their last part. */
const secretNames = [
  "passwords?",
  "passwd",
  "pwd",
  "passphrase",
  "passcode",
  "secret",
  "secret[_-]?key",
  "api[_-]?key",
  "access[_-]?key(?:[_-]?secret)?",
  "private[_-]?key",
  "(?:access|refresh|id|auth|session|bearer|security)[_-]?token",
  "client[_-]?secret",
  "authorization",
  "credentials?",
];
const secretName = `(?:${secretNames.join("|")})(?:[_-]?(?:value|hash|[0-9]{1,2}))?`;
const secretHints = ["pass", "pwd", "secret", "key", "token", "authorization", "credential"];

function shape(name: string, hints: readonly string[], pattern: string, mask: string): Shape {
  return { name, hints, pattern: new RegExp(pattern, "g"), mask };
}

function shapeInAnyCase(name: string, hints: readonly string[], pattern: string, mask: string): Shape {
  return { name, hints, pattern: new RegExp(pattern, "gi"), mask };
}

/** In the order in which they are looked for: what is long and clear comes first. */
export const secretShapes: readonly Shape[] = [
  // RFC 7468; also when the end was cut off.
  shape(
    "private key in PEM",
    ["private key-----"],
    String.raw`-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY-----(?:(?!-----)[\s\S]){0,16384}(?:-----END [A-Z0-9 ]{0,32}PRIVATE KEY-----)?`,
    "<private-key>",
  ),
  // RFC 7519 over RFC 7515: header and claims begin with `{"`.
  shape(
    "JSON Web Token",
    ["eyj"],
    `${start}eyJ${word}{8,512}\\.eyJ${word}{8,512}(?:\\.${word}{0,1024})?`,
    "<jwt>",
  ),
  // OpenAI, Anthropic (`sk-ant-…`), DeepSeek, DashScope and many others; gitleaks rules `openai` and `anthropic`.
  shape(
    "key that begins with sk-",
    ["sk-"],
    `${start}sk-(?=${word}{0,255}[A-Z0-9])${word}{16,256}`,
    "<api-key>",
  ),
  // Keys and tokens that Moongate makes.
  shape("key of Moongate", ["mgc_", "mga_"], `${start}mg[ac]_[0-9A-Za-z]{43,49}`, "<api-key>"),
  // AWS IAM, "Understanding unique ID prefixes".
  shape(
    "access key id of AWS",
    ["akia", "asia", "abia", "acca"],
    `${start}(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])`,
    "<access-key>",
  ),
  // gitleaks rule `gcp-api-key`.
  shape("API key of Google", ["aiza"], `${start}AIza${word}{35}`, "<api-key>"),
  // GitHub, "Behind GitHub's new authentication token formats".
  shape(
    "token of GitHub",
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    `${start}(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})`,
    "<token>",
  ),
  // Slack, "Token types".
  shape(
    "token of Slack",
    ["xox", "xapp-"],
    `${start}(?:xox[abeoprs](?:\\.xox[bp])?-(?=[A-Za-z0-9-]{0,255}[0-9])[A-Za-z0-9-]{10,256}|xapp-[0-9]-[A-Za-z0-9-]{10,256})`,
    "<token>",
  ),
  // gitleaks rule `alibaba-access-key-id`; older ones are shorter.
  shape(
    "access key id of Alibaba Cloud",
    ["ltai"],
    `${start}LTAI[A-Za-z0-9]{12,26}(?![A-Za-z0-9])`,
    "<access-key>",
  ),
  // RFC 6750, 2.1, and RFC 7617, 2.
  shapeInAnyCase(
    "credentials of an Authorization header",
    ["bearer", "basic"],
    String.raw`\b((?:bearer|basic)[ \t]{1,4})(?=[A-Za-z0-9._~+/-]{0,255}[0-9=])[A-Za-z0-9._~+/-]{8,4096}={0,2}`,
    "<token>",
  ),
  // RFC 3986, 3.2.1.
  shape(
    "password in an address",
    ["://"],
    String.raw`(:\/\/[^\s/:@"'\\<>]{0,128}:)[^\s/@"'\\<>]{1,256}(?=@)`,
    "<password>",
  ),
  // A member of a JSON object, also of JSON within a text of JSON.
  shapeInAnyCase(
    "member of a secret name",
    secretHints,
    String.raw`(${secretName}\\{0,7}["'][ \t\r\n]{0,8}:[ \t\r\n]{0,8}")(?!<)(?:[^"\\]|\\[\s\S]){1,8192}`,
    "<secret>",
  ),
  shapeInAnyCase(
    "member of a secret name in JSON within JSON",
    secretHints,
    String.raw`(${secretName}\\{1,7}"(?:[ \t]|\\[nrt]){0,8}:(?:[ \t]|\\[nrt]){0,8}\\{1,7}")(?![<\\])[^"\\]{1,8192}`,
    "<secret>",
  ),
  shapeInAnyCase(
    "number of a secret name",
    secretHints,
    String.raw`(${secretName}\\{0,7}["'][ \t]{0,8}:[ \t]{0,8})[0-9]{1,64}`,
    "<secret>",
  ),
  // Forms, environment variables, headers and what people write.
  shapeInAnyCase(
    "value of a secret name",
    secretHints,
    String.raw`(${secretName}[ \t]{0,4}[=:][ \t]{0,4}(?:\\{0,7}["'])?)(?!<)(?!(?:Bearer|Basic) )[^\s"'&,;<>\\]{3,4096}`,
    "<secret>",
  ),
];
