// How a request is signed: the text, and a call that signs itself. Pure; no secret ever stands in it.

/** The lines of the text that is signed, by what they hold. */
export const signedLines = [
  "METHOD",
  "Accept",
  "Content-MD5",
  "Content-Type",
  "Date",
  "header:value",
  "/path?name=value&other=value",
].join("\n");

/**
 * A shell script that signs one chat request with `MOONGATE_ACCESS_KEY` and `MOONGATE_SECRET_KEY`.
 * @param baseUrl with base path, without a trailing slash
 */
export function signedCall(baseUrl: string, model: string): string {
  const path = `${new URL(baseUrl).pathname.replace(/\/$/u, "")}/v1/chat/completions`;
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] });
  return [
    "date=$(TZ=GMT LC_ALL=C date '+%a, %d %b %Y %H:%M:%S GMT')",
    `text="POST\n*/*\n\napplication/json\n$date\n${path}"`,
    `signature=$(printf '%s' "$text" | openssl dgst -sha256 -hmac "$MOONGATE_SECRET_KEY" -binary | base64)`,
    [
      `curl "${baseUrl}/v1/chat/completions"`,
      '-H "accept: */*"',
      '-H "content-type: application/json"',
      '-H "date: $date"',
      '-H "x-ca-key: $MOONGATE_ACCESS_KEY"',
      '-H "x-ca-signature: $signature"',
      `-d '${body}'`,
    ].join(" \\\n  "),
  ].join("\n");
}
