// A vitest setup file that records the operations that each spec sends to the engine and the conveniences that it calls.

import { AsyncLocalStorage } from "node:async_hooks";
import { TestRunner } from "vitest";
import { Client } from "../../lib/client.js";
import { HttpClient } from "../../lib/transport/http-client.js";
import { conveniences } from "./operation-names.js";

declare module "vitest" {
  interface TaskMeta {
    /** Names of the client methods that the spec called. */
    called?: string[];
  }
}

function note(name: string): void {
  const spec = TestRunner.getCurrentTest();
  // calls from cleanup do not count
  if (spec?.result?.state !== "run" || spec.meta.called?.includes(name)) return;
  spec.meta.called = [...(spec.meta.called ?? []), name];
}

/**
 * The name of the operation that is being sent. The requests themselves name the method that the user called, which may combine
 * operations.
 */
const declared = new AsyncLocalStorage<string>();

interface Opening {
  open(this: Client, declaration: { name: string }, ...rest: unknown[]): unknown;
}

const connection = Object.getPrototypeOf(Client.prototype) as Opening; // the class that sends every request
const { open } = connection;
connection.open = function (declaration, ...rest) {
  return declared.run(declaration.name, () => open.call(this, declaration, ...rest));
};

const { send } = HttpClient.prototype;
HttpClient.prototype.send = function (this: HttpClient, exchange, head, payload) {
  const operation = declared.getStore();
  // version negotiation sends requests as well
  const isQuestion = /^(?!.*\/v[\d.]+\/version$).*\/(?:_ping|version)$/.test(head.path) && !operation?.startsWith("ping");
  if (operation !== undefined && !isQuestion) note(operation);
  return send.call(this, exchange, head, payload);
};

for (const name of conveniences()) {
  const property = Object.getOwnPropertyDescriptor(Client.prototype, name);
  const method = property?.value as (...args: unknown[]) => unknown; // mixins have only methods
  const noted = function (this: Client, ...args: unknown[]): unknown {
    note(name);
    return method.apply(this, args);
  };
  Object.defineProperty(Client.prototype, name, { ...property, value: noted });
}
