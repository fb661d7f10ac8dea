// What is data of a person, what only looks like it, and that no text makes the look slow.
import { describe, expect, test } from "vitest";
import { Readings } from "../../../lib/text-folding/readings.ts";
import { personalDataKinds } from "../../../resources/moderation.ts";
import type { CheckQuestion, Find } from "../check.ts";
import { localCheck } from "./local-check.ts";
import { personalDataFinder } from "./personal-data-check.ts";

type Kind = (typeof personalDataKinds)[number];

const question: CheckQuestion = {
  direction: "request",
  consumer: "c",
  requestId: "r",
  api: "chat",
  signal: new AbortController().signal,
};

function finds(text: string, kinds: readonly Kind[] = personalDataKinds): readonly Find[] {
  const config = { type: "personal-data", name: "data", on: ["request"], action: "mask", kinds } as const;
  const found = localCheck(config, personalDataFinder(config), new Readings()).text(text, question);
  if (!Array.isArray(found)) throw new Error("a local check answers at once");
  return found;
}

const found: readonly [kind: Kind, name: string, text: string, part: string][] = [
  ["email", "as it is", "write to ann.lee+x@mail.example.com.", "ann.lee+x@mail.example.com"],
  ["email", "in Chinese text", "邮箱ann@example.cn，谢谢", "ann@example.cn"],
  ["email", "in full width", "ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ"],
  ["email", "with a zero-width space", "ann@exam\u200bple.com", "ann@exam\u200bple.com"],
  ["email", "in percent", "mail=ann%40example.com", "ann%40example.com"],
  ["phone", "E.164", "call +44 20 7946 0958 now", "+44 20 7946 0958"],
  ["phone", "of the USA", "call (415) 555-2671.", "(415) 555-2671"],
  ["phone", "of the USA, with hyphens", "415-555-2671", "415-555-2671"],
  ["cn-phone", "mobile", "手机13812345678。", "13812345678"],
  ["cn-phone", "mobile, in full width", "手机１３８１２３４５６７８", "１３８１２３４５６７８"],
  ["cn-phone", "mobile, in digits of another script", "١٣٨١٢٣٤٥٦٧٨", "١٣٨١٢٣٤٥٦٧٨"],
  ["cn-phone", "mobile, in groups", "138 1234 5678", "138 1234 5678"],
  ["cn-phone", "of a line", "电话010-62345678", "010-62345678"],
  ["cn-resident-id", "with a digit", "身份证11010519491231002X", "11010519491231002X"],
  ["cn-bank-card", "of UnionPay", "卡号6222021234567890128", "6222021234567890128"],
  ["credit-card", "Visa", "4111 1111 1111 1111", "4111 1111 1111 1111"],
  ["credit-card", "Mastercard of the second range", "2223003122003222", "2223003122003222"],
  ["credit-card", "American Express", "3782 822463 10005", "3782 822463 10005"],
  ["credit-card", "Diners Club", "30569309025904", "30569309025904"],
  ["iban", "in groups", "IBAN GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"],
  ["iban", "in one", "DE89370400440532013000", "DE89370400440532013000"],
  ["us-ssn", "with hyphens", "SSN 536-22-8714", "536-22-8714"],
  ["ip-address", "of version 4", "from 203.0.113.77:8080", "203.0.113.77"],
  ["ip-address", "of version 6", "from 2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334"],
  ["passport-cn", "ordinary", "护照E12345678", "E12345678"],
  ["passport-cn", "newer", "passport EA1234567.", "EA1234567"],
  ["license-plate-cn", "usual", "车牌京A·12345", "京A·12345"],
  ["license-plate-cn", "new energy", "粤BD12345", "粤BD12345"],
  ["secret", "a key", "my key sk-abcdEFGH1234567890abcd is", "sk-abcdEFGH1234567890abcd"],
  ["secret", "a key in base64", Buffer.from("my key sk-abcdEFGH1234567890abcd").toString("base64"), ""],
];

const left: readonly [name: string, text: string][] = [
  ["an order number", "order 20240115123456789"],
  ["another order number", "order no. 4000-1234-5678-9011"],
  ["a time stamp", "2026-11-22T10:15:30.123Z"],
  ["a time of the day", "at 12:30:45"],
  ["milliseconds since 1970", "1763806530123"],
  ["a version", "version 10.20.30.40 and v1.2.3.4 and 1.2.3.4"],
  ["a UUID", "123e4567-e89b-12d3-a456-426614174000"],
  ["an address of the own machine", "http://127.0.0.1:8080 and 0.0.0.0"],
  ["a mask of a net", "255.255.255.255"],
  ["a resident identity number with a wrong check digit", "110105194912310021"],
  ["a card number with a wrong check digit", "4111 1111 1111 1112"],
  ["a card of no issuer", "9111111111111111"],
  ["an IBAN with a wrong check digit", "GB83 WEST 1234 5698 7654 32"],
  ["an IBAN of a wrong length", "DE8937040044053201300"],
  ["areas that no number has", "000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000"],
  ["names of C++", "std::vector<a::b>"],
  ["an address of a network card", "00:1B:44:11:3A:B7"],
  ["a price", "costs 12,345.67 or 1.234.567,89"],
  ["a digest", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["an ISBN", "ISBN 978-3-16-148410-0"],
  ["a handle", "ask @ann at the desk"],
  ["a province and letters", "京ABCDEFG"],
  ["a number behind the point", "3.14159265358979323846"],
  ["a telephone number inside a longer one", "913812345678901"],
];

describe("the check for personal data", () => {
  test.each(found)("finds %s: %s", (kind, _name, text, part) => {
    const [find] = finds(text, [kind]);
    expect(find).toMatchObject({ label: kind, dimension: "sensitive-data", risk: "high" });
    if (part !== "") expect(text.slice(find?.start, find?.end)).toBe(part);
  });

  test.each(left)("leaves %s", (_name, text) => {
    expect(finds(text)).toEqual([]);
  });

  test("has every kind", () => {
    const seen = new Set(found.map(([kind]) => kind));
    expect([...seen].toSorted()).toEqual([...personalDataKinds].toSorted());
  });

  test("finds the same wherever a piece begins before it", () => {
    const text = `${"so ".repeat(50)}4111 1111 1111 1111 and ann@example.com`;
    const places = (from: number): number[] => finds(text.slice(from)).map(({ start }) => start + from);
    for (let from = 0; from < 150; from += 3) expect(places(from)).toEqual(places(0));
  });

  test("tells each of many once", () => {
    expect(finds("ann@example.com, bob@example.com ann@example.com").length).toBe(3);
  });
});
