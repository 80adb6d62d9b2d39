// A vitest setup file that records the operations each spec sends to the engine and the conveniences it calls.

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

const { send } = HttpClient.prototype;
HttpClient.prototype.send = function (this: HttpClient, exchange, head, payload) {
  const { operation } = exchange;
  // requests of version negotiation carry the name of the operation that triggered it
  const isQuestion = /^(?!.*\/v[\d.]+\/version$).*\/(?:_ping|version)$/.test(head.path) && !operation.startsWith("ping");
  if (!isQuestion) note(operation);
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
