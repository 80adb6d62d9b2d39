import { Readable } from "node:stream";
import type { Client } from "../../lib/client.js";
import { compareVersions } from "../../lib/wire/api-version.js";
import { isKnown } from "../../lib/core/fields/fields.js";
import type { OperationDescription, OptionDescription } from "../../lib/index.js";

/** A call of one of the client's methods. */
interface SampleCall {
  method: string;
  /** Its options: those that the operation cannot do without, and perhaps one in question. */
  options: () => Record<string, unknown>;
}

/** A call that only some versions of the API know. */
export interface GatedCall extends SampleCall {
  /** What it is about: the method, or after a point one of its options, a filter, or a part of the body. */
  name: string;
  /** The first version that knows all that is in it. */
  since: string | undefined;
  /** The first version that no longer does. */
  removed: string | undefined;
}

/** What some methods need beside the options that they cannot do without, or in place of a sample. */
const given: Readonly<Record<string, () => Record<string, unknown>>> = {
  buildImage: () => ({ inputStream: Readable.from([]) }),
  configurePlugin: () => ({ settings: [] }),
  createConfig: () => ({ data: "x" }),
  createExec: () => ({ cmd: ["true"] }),
  createPlugin: () => ({ inputStream: Readable.from([]) }),
  importImage: () => ({ inputStream: Readable.from([]) }),
  joinSwarm: () => ({ remoteAddrs: [], joinToken: "x" }),
  loadImage: () => ({ inputStream: Readable.from([]) }),
  unlockSwarm: () => ({ unlockKey: "x" }),
  updateVolume: () => ({ spec: {}, version: 1 }),
  uploadToContainer: () => ({ inputStream: Readable.from([]) }),
};

/** What an option takes that no sample fits. */
const fitting: Readonly<Record<string, unknown>> = { "createExec.env": ["A=b"] };

/** What is sent in any version: the question by which the version is found out. */
const unversioned = new Set(["pingHead"]);

const samples: Readonly<Record<OptionDescription["encoding"], unknown>> = {
  text: "x",
  boolean: true,
  integer: 1,
  decimal: 1,
  timestamp: 1,
  repeat: ["x"],
  "json-array": [],
  "json-map": {},
  "json-map-nullable": {},
  "json-filters": {},
  "platform-string": "linux/amd64",
  "platform-json": "linux/amd64",
  "repeat-platform-json": "linux/amd64",
  json: {},
  header: { username: "x", password: "x" },
  none: undefined,
};

/** An object, or a list, with something at a path such as `Mounts[].BindOptions.NonRecursive`. */
function nested(path: string, value: unknown): unknown {
  const [, name, lists = "", rest] = /^([^.[]+)((?:\[\])*)\.?(.*)$/.exec(path) ?? [];
  if (name === undefined) return value;
  let inner = rest ? nested(rest, value) : value;
  for (let depth = lists.length / 2; depth > 0; depth--) inner = [inner];
  return { [name]: inner };
}

/** The value of an option in which there is nothing but one part; undefined when the option cannot have it. */
function valueWith({ in: place, key }: OptionDescription, part: string): unknown {
  if (place !== "body") return { [part]: "x" };
  if (key === "") return nested(part, "x");
  return part.startsWith(`${key}.`) ? nested(part.slice(key.length + 1), "x") : undefined;
}

/** The part itself, and those in which it lies. */
function within(part: string, { in: place }: OptionDescription): string[] {
  if (place !== "body") return [part];
  const steps = part.split(".");
  return steps.flatMap((_, index) => {
    const path = steps.slice(0, index + 1).join(".");
    return path.endsWith("[]") ? [path.slice(0, -2)] : [path];
  });
}

const latest = (...versions: (string | undefined)[]): string | undefined =>
  versions.reduce((last, version) => {
    if (version === undefined || (last !== undefined && compareVersions(version, last) < 0)) return last;
    return version;
  }, undefined);

/** The options that an operation cannot do without. */
const plainOptions =
  ({ name, options }: Pick<OperationDescription, "name" | "options">) =>
  (): Record<string, unknown> => {
    const required = options.filter((description) => description.required);
    return { ...Object.fromEntries(required.map(({ option, encoding }) => [option, samples[encoding]])), ...given[name]?.() };
  };

/** A call of an operation with no more options than it needs. */
export const plainCall = (operation: OperationDescription): SampleCall => ({
  method: operation.name,
  options: plainOptions(operation),
});

/** Every call that not every version of the API knows: operations, options, filters and parts of bodies. */
export function* gatedCalls(operations: readonly OperationDescription[]): Generator<GatedCall> {
  for (const { name: method, since: operationSince, options } of operations) {
    if (unversioned.has(method)) continue;
    const base = plainOptions({ name: method, options });
    if (operationSince !== undefined) {
      yield { method, name: method, options: base, since: operationSince, removed: undefined };
    }
    for (const description of options) {
      const { option, encoding, since, removed, parts = {}, removedParts = {} } = description;
      if (since !== undefined || removed !== undefined) {
        const call = () => ({ ...base(), [option]: fitting[`${method}.${option}`] ?? samples[encoding] });
        yield { method, name: `${method}.${option}`, options: call, since: latest(operationSince, since), removed };
      }
      for (const part of new Set([...Object.keys(parts), ...Object.keys(removedParts)])) {
        const value = valueWith(description, part);
        if (value === undefined) continue;
        const call = () => ({ ...base(), [option]: value });
        const needed = latest(operationSince, since, ...within(part, description).map((path) => parts[path]));
        yield {
          method,
          name: `${method}.${option}.${part}`,
          options: call,
          since: needed,
          removed: removedParts[part] ?? removed,
        };
      }
    }
  }
}

/** Makes the call, as far as to its first answer. */
export async function attempt(client: Client, { method, options }: SampleCall): Promise<unknown> {
  const methods = client as unknown as Record<string, (options: object) => unknown>; // every operation is a method
  const result = methods[method]?.call(client, options());
  const isGenerator = typeof result === "object" && result !== null && Symbol.asyncIterator in result && "next" in result;
  return isGenerator ? (result as AsyncGenerator).next() : result; // the one thing with both
}

/** Whether a version knows all that is in a call. */
export const isKnownIn = (version: string, call: GatedCall): boolean => isKnown(version, call);
