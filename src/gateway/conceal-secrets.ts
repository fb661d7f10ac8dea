// Takes a service's secrets out of its own words, in the encodings that errors echo keys in. Must not know where they go.

/** Texts from here on were cut by whoever read them: a secret may have lost its end. */
const maybeCutChars = 900;
/** So much of a secret at the end of a text that was cut is taken for one. */
const leastPrefix = 4;
const shown = "[secret]";

/** By list of secrets, which stays the same until a token is learnt. */
const known = new WeakMap<readonly string[], readonly string[]>();

/** @param text words of a service, whole or cut short */
export function concealed(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const spelling of spellingsOf(secrets)) clean = clean.replaceAll(spelling, shown);
  return text.length < maybeCutChars ? clean : withoutCutSecret(clean, spellingsOf(secrets));
}

function withoutCutSecret(text: string, spellings: readonly string[]): string {
  let cutAt = text.length;
  for (const spelling of spellings) {
    const longest = Math.min(spelling.length - 1, text.length);
    for (let length = longest; length >= leastPrefix; length -= 1) {
      if (!text.endsWith(spelling.slice(0, length))) continue;
      cutAt = Math.min(cutAt, text.length - length);
      break;
    }
  }
  return cutAt === text.length ? text : text.slice(0, cutAt) + shown;
}

function spellingsOf(secrets: readonly string[]): readonly string[] {
  const made = known.get(secrets);
  if (made !== undefined) return made;
  const spellings = [...new Set(secrets.flatMap((secret) => spellingsOfOne(secret)))];
  // What holds another one goes first.
  spellings.sort((left, right) => right.length - left.length);
  known.set(secrets, spellings);
  return spellings;
}

function spellingsOfOne(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  const allPercent = percent.replace(/[-_.!~*'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  const hex = bytes.toString("hex");
  return [
    secret,
    escaped,
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    allPercent,
    allPercent.replace(/%[0-9a-f]{2}/g, (code) => code.toUpperCase()),
    hex,
    hex.toUpperCase(),
    ...base64Of(bytes),
  ];
}

/** Wherever the secret begins within what was encoded: the letters that depend on nothing but it. */
function base64Of(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let before = 0; before < 3; before += 1) {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((whole.length * 8) / 6);
    for (const coding of ["base64", "base64url"] as const)
      texts.push(whole.toString(coding).slice(start, end));
  }
  return texts.filter((text) => text.length >= leastPrefix * 2);
}
