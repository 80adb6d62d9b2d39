import { Readable, Writable } from "node:stream";
import { types } from "node:util";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { Progress, reportNext } from "../streams/progress.js";
import { ignoreLateError } from "../wire/quiet.js";
import type { CallOptions, Timeouts } from "./call-options.js";
import { calledAs, callerOf, reportTo } from "./caller.js";
import { isRecord, typeOf } from "./fields/fields.js";
import { memberProblem, type Problem } from "./member-check.js";
import { nearestName, suggestion } from "./names.js";
import { type Signature, signatureOf } from "./signatures.js";

const callNames = Object.keys({ signal: 1, timeout: 1, timeouts: 1, headers: 1, unknownMembers: 1 } satisfies Record<
  keyof CallOptions,
  1
>);
const timeoutNames = Object.keys({ connect: 1, headers: 1, inactivity: 1, total: 1 } satisfies Record<keyof Timeouts, 1>);

/** Returns the names of the members that are not undefined. */
export const presentNames = (value: object): string[] =>
  Object.keys(value).filter((name) => (value as Readonly<Record<string, unknown>>)[name] !== undefined);

/**
 * Returns the message for a value that was passed in place of the options.
 *
 * @param option - the option that a string was most likely meant for.
 */
export function notOptions(call: string, given: unknown, option: string | undefined): string {
  const hint = typeof given === "string" && option !== undefined ? `: pass { ${option}: … }` : "";
  return `${call} expects an options object, not ${typeOf(given)}${hint}`;
}

function optionsProblem(method: string, signature: Signature, options: unknown, call: unknown): Problem | undefined {
  const { names, required, members } = signature;
  if (options === undefined)
    return required[0] === undefined ? undefined : [required[0], `${method} needs the option "${required[0]}"`];
  if (!isRecord(options)) return ["options", notOptions(method, options, required[0])];
  for (const name of presentNames(options)) {
    if (names.includes(name)) continue;
    if (callNames.includes(name))
      return [name, `${method} has no option "${name}": it is a setting of the call; pass it in the second argument`];
    return [name, `${method} has no option "${name}"${suggestion(name, names)}`];
  }
  const sendsUnknown = isRecord(call) && call.unknownMembers === "send";
  for (const option of Object.keys(members)) {
    const problem = memberProblem(method, members, [option, options[option]], () => sendsUnknown);
    if (problem) return problem;
  }
  return undefined;
}

function callProblem(method: string, { names, afterListener }: Signature, call: unknown): Problem | undefined {
  if (call === undefined) return undefined;
  if (afterListener) return ["call", `${method} accepts no settings of the call: removeEventListener ends the stream`];
  if (typeof call !== "object" || call === null) return ["call", `${method}: the second argument must be an object of settings`];
  if ("aborted" in call) return ["signal", `${method}: pass the signal as { signal } in the second argument`];
  const unknown = presentNames(call).find((name) => !callNames.includes(name));
  if (unknown !== undefined) {
    const isOption = names.includes(unknown) && nearestName(unknown, callNames) === undefined;
    const hint = isOption ? `: it is an option of ${method}; pass it in the first argument` : suggestion(unknown, callNames);
    return [unknown, `${method}: the call has no setting "${unknown}"${hint}`];
  }
  const { timeouts, unknownMembers } = call as CallOptions;
  if (unknownMembers !== undefined && !["send", "reject"].includes(unknownMembers))
    return ["unknownMembers", `${method}: unknownMembers must be "reject" or "send"`];
  const timeout = isRecord(timeouts) ? presentNames(timeouts).find((name) => !timeoutNames.includes(name)) : undefined;
  return timeout === undefined
    ? undefined
    : [`timeouts.${timeout}`, `${method}: there is no timeout "${timeout}"${suggestion(timeout, timeoutNames)}`];
}

/** Whether a method returns an async iterator. */
const isGenerator = (method: Method): boolean => Object.prototype.toString.call(method) === "[object AsyncGeneratorFunction]";

/** Returns an error in the form of the method's result: a failing `Progress`, async iterator or promise. */
function rejected(method: Method, { hasProgress }: Signature, error: InvalidOptionError): unknown {
  if (hasProgress) return new Progress({}, () => Promise.reject(error));
  if (!isGenerator(method)) return Promise.reject(error);
  return (async function* () {
    yield await Promise.reject(error);
  })();
}

/** Wraps the result of a method so that its errors name the method, and include the caller's line in their stacks. */
function reporting(name: string, result: unknown): unknown {
  const report = <T>(outcome: Promise<T>): Promise<T> => reportTo(name, outcome);
  if (types.isPromise(result)) return report(result);
  if (result instanceof Progress) return result.reportThrough(report);
  return reportNext(result as AsyncIterator<unknown>, report); // the only other kind of result
}

/** Ignores errors of the streams in the options of a rejected call: a file that cannot be opened emits its error afterwards. */
function ignoreStreams(options: unknown): void {
  for (const value of isRecord(options) ? Object.values(options) : []) {
    if (value instanceof Readable || value instanceof Writable) ignoreLateError(value);
  }
}

/** The methods that are already wrapped: a mixin may itself consist of mixins. */
const checking = new WeakSet<Method>();

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Wraps a method of the client so that it checks the names in its options and call settings first, and so that its errors name
 * it. A method without a {@link Signature} runs unchecked.
 */
export function checked(name: string, method: Method): Method {
  if (checking.has(method)) return method;
  const outer: Method = function (...args) {
    const signature = signatureOf(name);
    if (!signature) return method.apply(this, args);
    const before = args.slice(0, signature.afterListener ? 1 : 0);
    const [options, call] = args.slice(before.length) as [unknown, CallOptions | undefined]; // checked next
    const problem = optionsProblem(name, signature, options, call) ?? callProblem(name, signature, call);
    if (!problem && callerOf(call) !== undefined) return method.call(this, options, call);
    if (problem) ignoreStreams(options);
    const result = problem
      ? rejected(method, signature, new InvalidOptionError(...problem, { operation: name }))
      : method.call(this, ...before, options, calledAs(name, call));
    return reporting(name, result);
  };
  checking.add(outer);
  return Object.defineProperty(outer, "name", { value: name });
}
