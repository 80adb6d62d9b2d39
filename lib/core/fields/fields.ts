export * from "./body.js";
export * from "./field.js";
export * from "./filters.js";
export * from "./headers.js";
export * from "./json.js";
export * from "./platform.js";
export * from "./query.js";
export * from "./signal.js";
