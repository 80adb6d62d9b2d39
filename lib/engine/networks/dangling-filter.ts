import { badRequest } from "../engine-error.js";
import type { Filters } from "../server/query.js";

const meanings: Readonly<Record<string, boolean>> = { "1": true, true: true, "0": false, false: false };

/**
 * Returns the flag in the filter `dangling` of networks, whose words Docker reads in its own way; undefined without it.
 *
 * @throws an {@link EngineError} with status 400 for values other than `true`, `1`, `false` and `0`, and for several.
 */
export function danglingFilter(filters: Filters): boolean | undefined {
  const [value, ...others] = filters.get("dangling") ?? [];
  if (value === undefined) return undefined;
  if (others.length > 0) throw badRequest('got more than one value for filter key "dangling"');
  const meaning = Object.hasOwn(meanings, value) ? meanings[value] : undefined;
  if (meaning === undefined)
    throw badRequest(`invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
  return meaning;
}
