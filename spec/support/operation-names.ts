import { Client } from "../../lib/client.js";
import { describeOperations } from "../../lib/core/operation.js";

/** An operation of the Engine API. */
export interface OperationName {
  name: string;
  /** API version that introduced it; undefined for the oldest. */
  since?: string | undefined;
}

const byName = (one: string, other: string) => (one < other ? -1 : 1);

/** The client's operations, in the order of their names. */
export const operationNames = (): OperationName[] =>
  describeOperations()
    .map(({ name, since }) => ({ name, since }))
    .sort((one, other) => byName(one.name, other.name));

/** Members of the client that are not called from outside. */
const own = ["constructor", "queueEvents"];

/** The client's methods that combine operations. */
export function conveniences(): string[] {
  const others = new Set([...own, ...describeOperations().map(({ name }) => name)]);
  return Object.getOwnPropertyNames(Client.prototype)
    .filter((name) => !others.has(name))
    .sort(byName);
}
