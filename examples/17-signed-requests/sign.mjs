// Signs one request and sends it: node sign.mjs URL BODY. Prints the status. Keys: ACCESS_KEY and SECRET_KEY.
import { createHash, createHmac } from "node:crypto";

const [address, body = ""] = process.argv.slice(2);
const { ACCESS_KEY: accessKey = "", SECRET_KEY: secretKey = "" } = process.env;
const url = new URL(address);
const method = body === "" ? "GET" : "POST";

const headers = {
  accept: "application/json",
  "content-md5": body === "" ? "" : createHash("md5").update(body).digest("base64"),
  "content-type": body === "" ? "" : "application/json",
  date: new Date().toUTCString(),
  "x-ca-key": accessKey,
};

// Of a parameter that is there twice the first value counts; an empty one is its name alone.
const parameters = new Map();
for (const [name, value] of url.searchParams) if (!parameters.has(name)) parameters.set(name, value);
const sorted = [...parameters].toSorted(([left], [right]) => (left < right ? -1 : 1));
const query = sorted.map(([name, value]) => (value === "" ? name : `${name}=${value}`)).join("&");

const text = [
  method,
  headers.accept,
  headers["content-md5"],
  headers["content-type"],
  headers.date,
  `x-ca-key:${accessKey}`,
  url.pathname + (query === "" ? "" : `?${query}`),
].join("\n");

const sent = Object.entries(headers).filter(([, value]) => value !== "");
const answer = await fetch(url, {
  method,
  headers: {
    ...Object.fromEntries(sent),
    "x-ca-signature-headers": "x-ca-key",
    "x-ca-signature-method": "HmacSHA256",
    "x-ca-signature": createHmac("sha256", secretKey).update(text).digest("base64"),
  },
  ...(body === "" ? {} : { body }),
});
await answer.text();
console.log(answer.status);
