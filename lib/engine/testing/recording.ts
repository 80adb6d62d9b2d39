import { readFile } from "node:fs/promises";
import { publicBody, publicText } from "./credentials.js";

/** The first line of a recording. */
const HEAD = { format: "ts-dockerclient recording", version: 1 };

/** A step of an exchange, as a line of a recording. Of the members but `exchange` and `base64`, it has one. */
export interface RecordedStep {
  /** Number of the exchange, from 1. */
  readonly exchange: number;
  /** The request. */
  readonly request?: { readonly method: string; readonly target: string; readonly headers: Readonly<Record<string, string>> };
  /** Status and headers of the response; 101 for an upgrade. */
  readonly response?: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  /** A part of the body of the request; after an upgrade, input. */
  readonly input?: string;
  /** A part of the body of the response; after an upgrade, output. */
  readonly output?: string;
  /** Whether `input` or `output` is base64 rather than text. */
  readonly base64?: true;
  /** The end of the input or output, or of a connection that broke. */
  readonly end?: "input" | "output" | "connection";
}

/** Encodes bytes for a step. */
export function recordedBytes(name: "input" | "output", bytes: Buffer): Pick<RecordedStep, "input" | "output" | "base64"> {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? { [name]: text } : { [name]: bytes.toString("base64"), base64: true };
}

/** Decodes the bytes of a step. */
export function bytesOfStep({ input, output, base64 }: RecordedStep): Buffer {
  return Buffer.from(input ?? output ?? "", base64 ? "base64" : "utf8");
}

/** Returns the lines of a recording that precede its steps. */
export const recordingHead = (): string => `${JSON.stringify(HEAD)}\n`;

/** Reads a recording. @throws a `TypeError` if the file is not one. A last line that is incomplete is left out. */
export async function readRecording(file: string): Promise<RecordedStep[]> {
  const [first = "", ...lines] = (await readFile(file, "utf8")).split("\n");
  if (first !== JSON.stringify(HEAD)) throw new TypeError(`${file} is not a recording of this version`);
  lines.pop(); // what follows the last line feed
  return lines.map((line) => JSON.parse(line) as RecordedStep); // written by the recorder
}

/** Returns a path with its query, its values sorted by name and without credentials. */
export function publicTarget(target: string): string {
  const [path = "", search = ""] = /^([^?]*)\??(.*)$/s.exec(target)?.slice(1) ?? [];
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(search)) query.append(name, publicText(value));
  query.sort();
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** Removes the credentials from a body of JSON lines, part by part. An incomplete line waits for its end. */
export class PublicLines {
  #rest = Buffer.alloc(0);

  /** Returns the complete lines. */
  take(part: Buffer): Buffer {
    const bytes = Buffer.concat([this.#rest, part]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#rest = bytes.subarray(end);
    return publicBody(bytes.subarray(0, end));
  }

  /** Returns the last line, which has no end. */
  finish(): Buffer {
    return publicBody(this.#rest);
  }
}
