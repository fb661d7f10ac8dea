import { expect, test } from "vitest";
import {
  moderationDimensions,
  moderationField,
  personalDataKinds,
} from "../../../../../src/resources/moderation.ts";
import { checkTypes, dimensions, fieldsOfCheck, newCheck, personalKinds, withField } from "./check-fields.ts";

const filledIn: Readonly<Record<string, unknown>> = {
  keywords: ["x"],
  pattern: "x",
  service: "s",
  model: "m",
  accessKeyId: "id",
  accessKeySecret: "secret",
  url: "https://judge.example/x",
};

test.each(checkTypes)("a new check of type %s holds the defaults of the resource", (type) => {
  const made = newCheck(type, []);
  const open = Object.keys(filledIn).filter(
    (field) => field in made && made[field] !== "omni-moderation-latest",
  );
  const check = open.reduce((each, field) => withField(each, field, filledIn[field]), made);
  const least = Object.fromEntries(
    Object.entries(check).filter(([field]) => ["name", "type", ...open].includes(field)),
  );
  const [parsed] = moderationField.parse({ checks: [least] }).checks;
  expect(check).toEqual(parsed);
  expect(fieldsOfCheck[type]).toBeDefined();
});

test("what can be chosen is what the resource knows", () => {
  expect(dimensions).toEqual(moderationDimensions);
  expect(personalKinds).toEqual(personalDataKinds);
});

test("a new check has a name that none has", () => {
  expect(newCheck("regex", ["regex", "regex-2"]).name).toBe("regex-3");
});
