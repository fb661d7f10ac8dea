// The schema of how people sign in to the console: with a password, or by an OpenID provider.
import { z } from "zod";
import { httpUrlField, nameField, strict } from "./field.ts";
import { secret } from "./secret.ts";
import { roles } from "./user.ts";

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;

/** What tells who somebody is must not travel in clear, except on the machine itself. */
export const issuerField = httpUrlField.superRefine((text, context) => {
  const url = URL.parse(text);
  if (url === null) return;
  if (url.protocol === "http:" && !loopback.test(url.hostname))
    context.addIssue({ code: "custom", message: "must be https, unless it is on this machine" });
  if (url.search !== "" || url.hash !== "")
    context.addIssue({ code: "custom", message: 'must not hold "?" or "#"' });
});

const publicUrlField = httpUrlField.superRefine((text, context) => {
  const url = URL.parse(text);
  if (url !== null && (url.pathname !== "/" || /[?#]/u.test(text)))
    context.addIssue({ code: "custom", message: "must be scheme, host and port alone" });
});

const resourceGroups = z.array(nameField).optional().describe("Where; absent = everywhere.");

export const oidcProviderSchema = strict({
  name: nameField.describe("Name of the provider; part of the redirect URI."),
  label: z.string().min(1).max(64).optional().describe("Text of its button; absent = the name."),
  issuer: issuerField.describe("Its address, as its discovery document gives it."),
  clientId: z.string().min(1).max(256).describe("Name of this gateway at the provider."),
  clientSecret: secret().optional().describe("Its secret there; absent for a client without one."),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/u, "must be a scope without spaces"))
    .max(20)
    .default(["openid", "profile", "email"])
    .describe("What is asked for; openid always is."),
  usernameClaim: z
    .enum(["preferred_username", "email", "sub"])
    .default("preferred_username")
    .describe("What a user is named after. Who he is, issuer and sub alone tell."),
  roleClaim: z
    .string()
    .min(1)
    .max(128)
    .default("roles")
    .describe("Claim that lists roles or groups; dots lead into objects, such as `realm_access.roles`."),
  roles: z
    .array(
      strict({
        value: z.string().min(1).max(256).describe("What stands in the claim."),
        role: z.enum(roles).describe("What it gives."),
        resourceGroups,
      }),
    )
    .max(200)
    .default([])
    .describe("Who gets which role; all that match count together."),
  defaultRole: z
    .enum(roles)
    .optional()
    .describe("Role everywhere of whoever matches nothing; absent = he is refused."),
}).describe("A provider of identities.");

const sessionsField = strict({
  idleMinutes: z
    .number()
    .int()
    .min(1)
    .max(10_080)
    .default(30)
    .describe("Minutes without use after which a session ends."),
  maxHours: z
    .number()
    .int()
    .min(1)
    .max(720)
    .default(12)
    .describe("Hours after which it ends, however much it is used."),
});

export const signInField = strict({
  password: z.boolean().default(true).describe("Whether users may sign in with a password."),
  publicUrl: publicUrlField
    .optional()
    .describe("Where browsers reach the console, such as https://gateway.example.com. Needed with oidc."),
  oidc: z.array(oidcProviderSchema).max(10).default([]).describe("Providers to sign in by."),
  sessions: sessionsField.prefault({}).describe("How long somebody stays signed in."),
}).superRefine((value, context) => {
  const fault = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: "custom", path, message });
  if (value.oidc.length > 0 && value.publicUrl === undefined)
    fault(["publicUrl"], "is needed with oidc: providers send browsers back to it");
  if (value.oidc.length === 0 && !value.password)
    fault(["password"], "cannot be off without a provider: nobody could sign in");
  const names = new Set<string>();
  for (const [index, { name }] of value.oidc.entries()) {
    if (names.has(name)) fault(["oidc", index, "name"], "is given twice");
    names.add(name);
  }
});

export type SignInSettings = z.output<typeof signInField>;
export type OidcProvider = z.output<typeof oidcProviderSchema>;
