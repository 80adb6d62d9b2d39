/**
 * The constructors of option fields: one for each encoding that the Engine API has.
 *
 * @example
 * ```ts
 * const fields: QueryFields<ListContainersOptions> = {
 *   all: flag("all"),
 *   limit: integer("limit"),
 *   filters: filters<ContainerFilters>(),
 * };
 * ```
 */
export * from "./body.js";
export * from "./field.js";
export * from "./filters.js";
export * from "./json.js";
export * from "./platform.js";
export * from "./query.js";
export * from "./reference.js";
export * from "./signal.js";
export * from "./stream.js";
