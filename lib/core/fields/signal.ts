import { Signal, type SignalName } from "../../types/signal.js";
import { text, type TextField, type Versions } from "./fields.js";

/** A signal as options take it: one of {@link Signal}, its name, or whatever else the engine knows. @category Containers */
export type SignalOption = Signal | SignalName | (string & {});

const names = new Map<number, string>();
for (const [name, number] of Object.entries(Signal)) if (!names.has(number)) names.set(number, name);

/** A signal. Numbers are sent as names, which mean the same on every machine. */
export const signal = (key: string, versions?: Versions): TextField<SignalOption> => ({
  ...text(key, versions),
  expects: "a signal's number or name",
  encode: (v) => {
    if (typeof v === "string") return v;
    return Number.isInteger(v) && v > 0 ? (names.get(v) ?? String(v)) : undefined;
  },
});
