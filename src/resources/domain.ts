// The schema of a domain: a host name that clients call.
import { z } from "zod";
import { hostNameField, strict } from "./field.ts";
import { secret } from "./secret.ts";

const certificateField = z.union(
  [
    strict({
      certFile: z.string().min(1).describe("Path of a PEM file with the certificate chain."),
      keyFile: z.string().min(1).describe("Path of a PEM file with the private key."),
    }),
    strict({
      cert: z.string().min(1).describe("The certificate chain, PEM."),
      key: secret().describe("The private key, PEM."),
    }),
  ],
  { error: "must have certFile and keyFile, or cert and key" },
);

export const domainSchema = strict({
  name: hostNameField.describe(
    "Host name: exact, wildcard such as `*.example.com` (one or more labels), or `*` (any host, always exists). Stored lower-case as A-labels without trailing dot.",
  ),
  certificate: certificateField.optional().describe("Certificate for HTTPS."),
  forceHttps: z.boolean().default(false).describe("Answer plain HTTP with a redirect to HTTPS."),
  description: z.string().max(1024).default("").describe("Free text."),
}).describe("A host name that clients call.");
