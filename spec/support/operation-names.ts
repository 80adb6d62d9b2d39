import { Client } from "../../lib/client.js";
import { describeOperations } from "../../lib/core/operation.js";

/** An operation of the Engine API. */
export interface OperationName {
  name: string;
  /** API version that introduced it; undefined for the oldest. */
  since?: string | undefined;
}

const byName = (one: string, other: string) => (one < other ? -1 : 1);

/** Returns the client's operations, sorted by name. */
export const operationNames = (): OperationName[] =>
  describeOperations()
    .map(({ name, since }) => ({ name, since }))
    .sort((one, other) => byName(one.name, other.name));

/** Members of the client that users do not call. */
const own = ["constructor", "inspectInput", "inspected", "queueEvents"];

/** Returns the names of the client methods that combine operations. */
export function conveniences(): string[] {
  const others = new Set([...own, ...describeOperations().map(({ name }) => name)]);
  return Object.getOwnPropertyNames(Client.prototype)
    .filter((name) => !others.has(name))
    .sort(byName);
}
