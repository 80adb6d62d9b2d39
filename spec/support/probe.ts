import { expect, onTestFinished } from "vitest";
import type { CallOptions } from "../../lib/core/call-options.js";
import type { ClientOptions } from "../../lib/core/client-options.js";
import { Connection } from "../../lib/core/connection.js";
import { body, pathParam, text } from "../../lib/core/fields/fields.js";
import { type Operation, operation } from "../../lib/core/operation.js";
import type { RequestExtras } from "../../lib/core/request.js";

/** Options of the probe operations. */
export interface ProbeOptions {
  id?: string;
  q?: string | undefined;
  config?: object | undefined;
}

const fields = { id: pathParam, q: text("q"), config: body() };

/** A read-only operation. */
export const probeGet = operation<ProbeOptions>({ name: "probeGet", method: "GET", path: "/probe/{id}", fields });
/** An operation that changes state. */
export const probePost = operation<ProbeOptions>({ name: "probePost", method: "POST", path: "/probe/{id}", fields });
/** A long-running operation. */
export const probeFollow = operation<ProbeOptions>({
  name: "probeFollow",
  method: "GET",
  path: "/probe/{id}/follow",
  longRunning: true,
  fields,
});

/** An operation with a grace period in milliseconds as its option `q`, and without a time limit if `q` is unset. */
export const probeStop = operation<ProbeOptions>({
  name: "probeStop",
  method: "POST",
  path: "/probe/{id}/stop",
  slow: true,
  grace: ({ q }) => (q === undefined ? Infinity : Number(q)),
  fields,
});

/** A connection with public versions of its protected methods. */
export class Probe extends Connection {
  override open<O extends object>(declaration: Operation<O>, options: O, call?: CallOptions, extras?: RequestExtras) {
    return super.open(declaration, options, call, extras);
  }
  override send<O extends object>(declaration: Operation<O>, options: O, call?: CallOptions, extras?: RequestExtras) {
    return super.send(declaration, options, call, extras);
  }
  override json<T, O extends object>(declaration: Operation<O>, options: O, call?: CallOptions, extras?: RequestExtras) {
    return super.json<T, O>(declaration, options, call, extras);
  }
  override stream<O extends object>(declaration: Operation<O>, options: O, call?: CallOptions, extras?: RequestExtras) {
    return super.stream(declaration, options, call, extras);
  }
  override hijack<O extends object>(declaration: Operation<O>, options: O, call?: CallOptions, extras?: RequestExtras) {
    return super.hijack(declaration, options, call, extras);
  }
  override noteVersion(engine: string) {
    super.noteVersion(engine);
  }
  override get closing() {
    return super.closing;
  }
  /** A minimal read-only call. */
  get(call?: CallOptions, extras?: RequestExtras): Promise<number> {
    return this.send(probeGet, { id: "x" }, call, extras);
  }
  /** A minimal call that changes state. */
  post(call?: CallOptions, extras?: RequestExtras): Promise<number> {
    return this.send(probePost, { id: "x" }, call, extras);
  }
}

/** Creates a probe that is closed after the test. By default the API version is pinned, so that it sends no ping. */
export function probe(endpoint: string, options: ClientOptions = {}): Probe {
  const made = new Probe({ endpoint, apiVersion: "1.51", auth: false, ...options });
  onTestFinished(() => made.close());
  return made;
}

/** Returns the error that a promise rejects with. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`the promise resolved with ${String(value)}`);
    },
    (error: unknown) => error,
  );
}

/** Returns the kinds of the process's open timers, sockets and child processes. */
export function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /Timeout|Pipe|TCP|Process|TLS/.test(kind))
    .sort();
}

/** Returns the resources that were not open before. */
function added(before: readonly string[]): string[] {
  const known = [...before];
  return resources().filter((kind) => {
    const at = known.indexOf(kind);
    if (at !== -1) known.splice(at, 1);
    return at === -1;
  });
}

/**
 * Waits until no more resources are open than before: those of the test runner may have gone since. It uses no timer, which would
 * count as a resource.
 */
export async function expectResources(before: readonly string[]): Promise<void> {
  const deadline = Date.now() + 4000;
  while (added(before).length > 0 && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
  expect(added(before)).toEqual([]);
}
