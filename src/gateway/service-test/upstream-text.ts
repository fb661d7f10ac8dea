// What a service said, fit to be shown: short, one line, and without the keys that it was sent.
import { shortText } from "../../lib/short-text.ts";

const longestText = 2_000;
/** Of secrets; shorter ones are parts of ordinary words. */
const shortestSecret = 4;

/** @param secrets keys and header values of the service */
export function upstreamText(text: string, secrets: readonly string[]): string {
  let shown = text;
  const forms = secrets
    .flatMap((secret) => (secret.length < shortestSecret ? [] : formsOf(secret)))
    .toSorted((left, right) => right.length - left.length);
  for (const form of forms) shown = shown.replaceAll(form, "[secret]");
  return shortText(
    shown
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- they would act on a terminal
      .replaceAll(/[\0-\x1f\x7f]+/gu, " ")
      .trim(),
    longestText,
  );
}

/** How a secret may stand in a text that quotes it. */
function formsOf(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [secret, quoted, secret.replaceAll("/", "\\/"), encodeURIComponent(secret.toWellFormed())];
}
