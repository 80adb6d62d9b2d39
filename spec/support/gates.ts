import { Readable } from "node:stream";
import type { Client } from "../../lib/client.js";
import { isKnown } from "../../lib/core/fields/fields.js";
import type { CallOptions, OperationDescription, OptionDescription } from "../../lib/index.js";
import { compareVersions } from "../../lib/wire/api-version.js";

/** A call to a client method. */
interface SampleCall {
  method: string;
  /** Its options: the required ones and, where it tests an option, that option. */
  options: () => Record<string, unknown>;
}

/** A call that only some API versions support. */
export interface GatedCall extends SampleCall {
  /** The method, such as `listImages`, optionally followed by an option and by a filter or body field. */
  name: string;
  /** The first version that supports the whole call. */
  since: string | undefined;
  /** The version that removed something in it. */
  removed: string | undefined;
}

/** Options that some methods need in addition to the required ones or in place of a sample value. */
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

/** Values of options that accept no sample value. */
const fitting: Readonly<Record<string, unknown>> = { "createExec.env": ["A=b"] };

/** Operations that every version has: the ping that negotiates the version. */
const unversioned = new Set(["pingHead"]);

const samples: Readonly<Record<OptionDescription["encoding"], unknown>> = {
  reference: "app",
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
  json: { x: "x" }, // an empty one requests nothing; no member has this name
  header: { username: "x", password: "x" },
  "input-stream": "",
  "output-stream": process.stdout,
  none: undefined,
};

/** Returns an object with a value at a path such as `Mounts[].BindOptions.NonRecursive`. */
function nested(path: string, value: unknown): unknown {
  const [, name, lists = "", rest] = /^([^.[]+)((?:\[\])*)\.?(.*)$/.exec(path) ?? [];
  if (name === undefined) return value;
  let inner = rest ? nested(rest, value) : value;
  for (let depth = lists.length / 2; depth > 0; depth--) inner = [inner];
  return { [name]: inner };
}

/** Returns an option's value with a single filter or field in it, or undefined if the option has no such field. */
function valueWith({ in: place, key }: OptionDescription, part: string): unknown {
  if (place !== "body") return { [part]: "x" };
  const list = [["x"]]; // a string is rejected where a list is expected
  if (key === "") return nested(part, list);
  return part.startsWith(`${key}.`) ? nested(part.slice(key.length + 1), list) : undefined;
}

/** Returns the path of a field and of every field that encloses it. */
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

/** Returns sample values of the required options. */
const plainOptions =
  ({ name, options }: Pick<OperationDescription, "name" | "options">) =>
  (): Record<string, unknown> => {
    const required = options.filter((description) => description.required);
    return {
      ...Object.fromEntries(required.map(({ option, encoding }) => [option, encoding === "json" ? {} : samples[encoding]])),
      ...given[name]?.(),
    };
  };

/** Returns a call with only the required options. */
export const plainCall = (operation: OperationDescription): SampleCall => ({
  method: operation.name,
  options: plainOptions(operation),
});

/** Yields a call for every operation, option, filter and body field that not every API version has. */
export function* gatedCalls(operations: readonly OperationDescription[]): Generator<GatedCall> {
  for (const { name: method, since: operationSince, options } of operations) {
    if (unversioned.has(method)) continue;
    const base = plainOptions({ name: method, options });
    if (operationSince !== undefined) {
      yield { method, name: method, options: base, since: operationSince, removed: undefined };
    }
    for (const description of options) {
      const { option, encoding, since, removed, parts = {}, removedParts = {} } = description;
      // what the method itself uses has no sample: the specs of the method try it
      const isSent = encoding !== "none";
      if (isSent && (since !== undefined || removed !== undefined)) {
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

/** Makes a call. If it returns a generator, awaits only the first value. */
export async function attempt(client: Client, { method, options }: SampleCall): Promise<unknown> {
  const methods = client as unknown as Record<string, (options: object, call: CallOptions) => unknown>; // every operation has a method
  const result = methods[method]?.call(client, options(), { unknownMembers: "send" });
  const isGenerator = typeof result === "object" && result !== null && Symbol.asyncIterator in result && "next" in result;
  return isGenerator ? (result as AsyncGenerator).next() : result; // only generators have both
}

/** Whether a version supports the whole call. */
export const isKnownIn = (version: string, call: GatedCall): boolean => isKnown(version, call);
