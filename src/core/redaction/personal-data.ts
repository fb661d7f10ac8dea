// What tells who somebody is and can be told by its shape, as a table: addresses, telephone numbers, numbers of identity
// documents and bank cards. Numbers with a checksum are masked only when it holds.
import type { Shape } from "./secret-shapes.ts";

/** Neither a digit nor part of a longer number stands before or behind it. */
export const before = String.raw`(?<![0-9A-Za-z_]|[0-9][.-])`;
export const behind = String.raw`(?![0-9A-Za-z_]|[.][0-9])`;

/** GB 11643-1999: weights of the first 17 digits, and what the sum modulo 11 ends with. */
const residentWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const residentCheck = "10X98765432";

function isResidentId(value: string): boolean {
  const sum = residentWeights.reduce((total, weight, index) => total + weight * Number(value[index]), 0);
  return residentCheck[sum % 11] === value[17]?.toUpperCase();
}

/** ISO/IEC 7812-1, annex B: Luhn's formula. */
export function isCardNumber(value: string): boolean {
  const digits = value.replaceAll(/[ -]/g, "");
  if (digits.length < 13 || digits.length > 19) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export const personalShapes: readonly Shape[] = [
  // RFC 5321, 4.1.2, as far as anybody uses it.
  {
    name: "e-mail address",
    hints: ["@"],
    pattern:
      /(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
    mask: "<email>",
  },
  // Region, date of birth, order and check digit.
  {
    name: "Chinese resident identity number",
    hints: [""],
    pattern: new RegExp(
      `${before}[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]${behind}`,
      "g",
    ),
    mask: "<id-number>",
    holds: isResidentId,
  },
  // Issuers of payment cards begin with 2 to 6 (ISO/IEC 7812-1); UnionPay with 62.
  {
    name: "bank card number",
    hints: [""],
    pattern: new RegExp(`${before}[2-6][0-9]{3}(?:[ -]?[0-9]{4}){2}(?:[ -]?[0-9]{1,4}){0,2}${behind}`, "g"),
    mask: "<bank-card>",
    holds: isCardNumber,
  },
  {
    name: "mobile telephone number of China",
    hints: ["1"],
    pattern: new RegExp(
      String.raw`(?<![0-9A-Za-z_]|[0-9][.-])(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}${behind}`,
      "g",
    ),
    mask: "<phone>",
  },
  // E.164: at most 15 digits behind the plus.
  {
    name: "international telephone number",
    hints: ["+"],
    pattern: new RegExp(String.raw`(?<![0-9A-Za-z_+/])\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}${behind}`, "g"),
    mask: "<phone>",
  },
];
