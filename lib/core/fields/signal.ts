import { Signal, type SignalName } from "../../types/signal.js";
import type { TextField, Versions } from "./field.js";
import { text } from "./query.js";

/** A signal in an option: a member of {@link Signal}, its name, or another name that the engine knows. @category Containers */
export type SignalOption = Signal | SignalName | (string & {});

const names = new Map<number, string>();
for (const [name, number] of Object.entries(Signal)) if (!names.has(number)) names.set(number, name);

/** A signal. Numbers are sent as names, because numbers differ between platforms. */
export const signal = (key: string, versions?: Versions): TextField<SignalOption> => ({
  ...text(key, versions),
  expects: "a signal number or name",
  encode: (v) => {
    if (typeof v === "string") return v;
    return Number.isInteger(v) && v > 0 ? (names.get(v) ?? String(v)) : undefined;
  },
});
