// Names of headers, query parameters and cookies (RFC 9110, 5.6.2).
import { z } from "zod";

export const fieldName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/u, "must be a header or parameter name");
