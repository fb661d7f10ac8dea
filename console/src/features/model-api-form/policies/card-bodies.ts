// What is loaded when a card is opened: the fields of every policy.
export { AddressesBody, CorsBody } from "./network-bodies.tsx";
export { AuthBody } from "./auth-body.tsx";
export { CacheBody } from "./cache-body.tsx";
export { LimitsBody } from "./limits-body.tsx";
export { ModerationBody } from "./moderation-body.tsx";
export { ShapingBody } from "./shaping-body.tsx";
export { TransformBody } from "./transform-body.tsx";
export { TranslationBody } from "./translation-body.tsx";
