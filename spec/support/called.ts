// A vitest setup file that records the operations that each spec sends to the engine and the conveniences that it calls.

import { TestRunner } from "vitest";
import { Client } from "../../lib/client.js";
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

interface Opening {
  open(this: Client, declaration: { name: string }, ...rest: unknown[]): unknown;
}

const connection = Object.getPrototypeOf(Client.prototype) as Opening; // the class that sends every request
const { open } = connection;
connection.open = function (declaration, ...rest) {
  note(declaration.name);
  return open.call(this, declaration, ...rest);
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
