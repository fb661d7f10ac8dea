// What is read of a multipart form, and how much of it. Must hold nothing but that.

/** Parts that are read; all others only pass. */
export type FieldName = "model" | "stream";

/** Headers of one part at most, in bytes. */
export const maxHeaderBytes = 16_384;
export const maxParts = 1_000;
/** Longest value of a part that is read, in bytes. */
export const maxValueBytes = 4_096;

/** Short text parts that say where a service puts an upload, and what it belongs to (ComfyUI). */
export const uploadFields: ReadonlySet<string> = new Set(["overwrite", "subfolder", "type", "original_ref"]);

/** All short text parts that are read beside model and stream; `n`: how many images are ordered. */
export const notedFields: ReadonlySet<string> = new Set([...uploadFields, "n"]);
