// Personal data by the kinds that checks of content look for, as a table. What redaction knows already is taken from it.
// Every repetition is bounded. Knows nothing of what is configured.
import { isIP } from "node:net";
import { before, behind, isCardNumber, personalShapes } from "./personal-data.ts";
import { secretShapes, type Shape } from "./secret-shapes.ts";

/** A shape that is found by itself; what redaction calls it does not matter. */
export type PersonalShape = Pick<Shape, "pattern" | "holds" | "hints">;

export interface PersonalKind {
  readonly shapes: readonly PersonalShape[];
  /** Longest text of it that is expected, in characters. */
  readonly longest: number;
}

function known(name: string): PersonalShape {
  const row = personalShapes.find((each) => each.name === name);
  if (row === undefined) throw new Error(`no shape ${name}`);
  return row;
}

function shape(
  pattern: string,
  holds?: (value: string) => boolean,
  hints: readonly string[] = [""],
): PersonalShape {
  return { pattern: new RegExp(pattern, "g"), hints, ...(holds === undefined ? {} : { holds }) };
}

/** Issuers by the first digits and the number of digits (ISO/IEC 7812-1; the schemes' own tables). */
const issuers: readonly (readonly [first: number, last: number, lengths: readonly number[]])[] = [
  [4, 4, [13, 16, 19]],
  [51, 55, [16]],
  [2221, 2720, [16]],
  [34, 34, [15]],
  [37, 37, [15]],
  [300, 305, [14, 16]],
  [36, 36, [14, 16]],
  [38, 39, [14, 16]],
  [6011, 6011, [16, 17, 18, 19]],
  [644, 649, [16, 17, 18, 19]],
  [65, 65, [16, 17, 18, 19]],
  [3528, 3589, [16, 17, 18, 19]],
];

function isCreditCard(value: string): boolean {
  const digits = value.replaceAll(/[ -]/g, "");
  const isIssued = issuers.some(([first, last, lengths]) => {
    const start = Number(digits.slice(0, String(first).length));
    return start >= first && start <= last && lengths.includes(digits.length);
  });
  return isIssued && isCardNumber(digits) && !/^(\d)\1*$/.test(digits);
}

/** Length of an IBAN by country (SWIFT, IBAN registry, release 98). */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 " +
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 " +
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((row) => [row.slice(0, 2), Number(row.slice(2))]),
);

/** ISO 13616: modulo 97 over the digits, letters as 10 to 35. */
function isIban(value: string): boolean {
  const text = value.replaceAll(" ", "").toUpperCase();
  if (ibanLengths[text.slice(0, 2)] !== text.length) return false;
  let rest = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const number = Number.parseInt(character, 36);
    rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
  }
  return rest === 1;
}

/** Addresses of one's own machine, of none and of all, and what reads as a version, are nobody's. */
function isHostAddress(value: string): boolean {
  if (isIP(value) !== 4) return false;
  const parts = value.split(".").map(Number);
  const [first = 0] = parts;
  return (
    first !== 0 && first !== 127 && !parts.every((part) => part < 10) && !parts.every((part) => part === 255)
  );
}

function isHostAddress6(value: string): boolean {
  const groups = value.split(":").filter((group) => group !== "");
  return groups.length >= 3 && isIP(value) === 6;
}

function hasDigit(value: string): boolean {
  return /[0-9]/.test(value);
}

/** First signs of Chinese number plates. */
export const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/** Without I and O, which look like digits. */
const plate = "A-HJ-NP-Z";

export const personalKinds = {
  email: { shapes: [known("e-mail address")], longest: 320 },
  phone: {
    shapes: [
      known("international telephone number"),
      // North American Numbering Plan: area and exchange begin with 2 to 9; written in groups, else it is any number.
      shape(
        String.raw`(?<![0-9A-Za-z_+/.-])(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}(?![0-9A-Za-z_-]|[.][0-9])`,
      ),
    ],
    longest: 48,
  },
  "cn-phone": {
    shapes: [
      known("mobile telephone number of China"),
      // Area code and number of a line.
      shape(
        String.raw`(?<![0-9A-Za-z_]|[0-9][.-])(?:\+?86[ -]?)?\(?0(?:10|2[0-9]|[3-9][0-9]{2})[)-] ?[2-8][0-9]{6,7}(?![0-9A-Za-z_]|[.-][0-9])`,
      ),
    ],
    longest: 24,
  },
  "cn-resident-id": { shapes: [known("Chinese resident identity number")], longest: 18 },
  "cn-bank-card": {
    // UnionPay.
    shapes: [
      shape(`${before}62[0-9]{2}(?:[ -]?[0-9]{4}){2}(?:[ -]?[0-9]{1,4}){1,2}${behind}`, (value) =>
        isUnionPay(value),
      ),
    ],
    longest: 23,
  },
  "credit-card": {
    shapes: [
      shape(`${before}[2-6][0-9]{3}(?:[ -]?[0-9]{4}){2}(?:[ -]?[0-9]{1,4}){0,2}${behind}`, isCreditCard),
      // American Express and Diners Club are written in groups of four, six, and five or four.
      shape(`${before}3[0-9]{3}[ -]?[0-9]{6}[ -]?[0-9]{4,5}${behind}`, isCreditCard),
    ],
    longest: 23,
  },
  iban: {
    shapes: [
      shape(
        String.raw`(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}(?: ?[0-9A-Za-z]{4}){2,7}(?: ?[0-9A-Za-z]{1,3})?(?![0-9A-Za-z])`,
        isIban,
      ),
    ],
    longest: 42,
  },
  "us-ssn": {
    // Social Security Administration, since 2011: no area 000, 666 or from 900, no group 00, no serial 0000.
    shapes: [
      shape(
        `${before}(?!000|666|9)[0-9]{3}([- ])(?!00)[0-9]{2}\\1(?!0000)[0-9]{4}(?![0-9A-Za-z_-]|[.][0-9])`,
      ),
    ],
    longest: 11,
  },
  "ip-address": {
    shapes: [
      shape(
        String.raw`(?<![0-9A-Za-z_.-]|[vV]ersion )(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z_-]|\.[0-9A-Za-z])`,
        isHostAddress,
      ),
      shape("(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])", isHostAddress6, [
        ":",
      ]),
    ],
    longest: 45,
  },
  "passport-cn": {
    // GA/T 704: ordinary, official, diplomatic and service passports, and the newer electronic ones.
    shapes: [
      shape(
        `(?<![0-9A-Za-z_-])(?:[EGeg][0-9]{8}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{7}|(?:DE|SE|PE)[0-9]{7})(?![0-9A-Za-z_-])`,
      ),
    ],
    longest: 9,
  },
  "license-plate-cn": {
    // GA 36: five places; vehicles of new energy have six.
    shapes: [
      shape(
        `[${provinces}][${plate}][·• ]?(?:[DF][${plate}0-9][0-9]{4}|[0-9]{5}[DF]|[${plate}0-9]{4}[${plate}0-9挂学警港澳])(?![0-9A-Za-z])`,
        hasDigit,
      ),
    ],
    longest: 9,
  },
  secret: { shapes: secretShapes, longest: 512 },
} as const satisfies Readonly<Record<string, PersonalKind>>;

function isUnionPay(value: string): boolean {
  const length = value.replaceAll(/[ -]/g, "").length;
  return length >= 16 && isCardNumber(value);
}

/** Where a kind stands in a text. */
export function personalSpans(kind: PersonalKind, text: string): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  const lower = kind.shapes.some(({ hints }) => hints[0] !== "") ? text.toLowerCase() : "";
  for (const { pattern, hints, holds } of kind.shapes) {
    if (hints[0] !== "" && !hints.some((hint) => lower.includes(hint))) continue;
    for (const match of text.matchAll(pattern)) {
      const value = match[0];
      if (holds?.(value) === false) continue;
      spans.push({ start: match.index, end: match.index + value.length });
    }
  }
  return spans;
}
