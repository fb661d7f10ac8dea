// The refusals of a multipart form. Must not know how it is read.
import { GatewayError } from "../core/errors.ts";
import { maxHeaderBytes, maxValueBytes, type FieldName } from "./form-limits.ts";

export function malformedForm(what: string): GatewayError {
  return new GatewayError("invalid_request", { message: `The multipart body is malformed: ${what}.` });
}

export function textOnBoundary(): GatewayError {
  return malformedForm("a boundary is followed by other text on its line");
}

export function headersTooLong(): GatewayError {
  return malformedForm(`the headers of a part are longer than ${maxHeaderBytes} bytes`);
}

export function valueTooLong(field: FieldName): GatewayError {
  return badField(field, `is longer than ${maxValueBytes} bytes`);
}

export function badField(field: FieldName, what: string): GatewayError {
  return new GatewayError("invalid_request", { message: `\`${field}\` ${what}.`, param: field });
}
