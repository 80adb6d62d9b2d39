import { agentMethods } from "./agent.js";
import { containerMethods } from "./containers.js";
import { guestMethods } from "./guests.js";
import { imageMethods } from "./images.js";
import type { Method } from "./method.js";
import { observingMethods } from "./observe.js";

/** All methods by name. Those of mdocker may also be called `MDocker.NAME`. */
export const methods = { ...containerMethods, ...guestMethods, ...imageMethods, ...observingMethods, ...agentMethods };

/** The name of a method. */
export type MethodName = keyof typeof methods;

/** Finds a method by either of its names. */
export function findMethod(asked: string): { name: MethodName; method: Method } | undefined {
  const name = asked.startsWith("MDocker.") ? asked.slice("MDocker.".length) : asked;
  if (!Object.hasOwn(methods, name) || (name !== asked && name.includes("."))) return undefined;
  const found = name as MethodName;
  return { name: found, method: methods[found] as unknown as Method }; // each with parameters of its own
}
