import type { Client, FrameStream } from "../../index.js";

/** What a line of a log begins with when the swarm says which task has written it. */
const DETAILS = /^(?:\S*,)?com\.docker\.swarm\.task\.id=([a-z0-9]+)\S* /;

/** A part of the output of one task, or of one of its streams. */
interface Piece {
  readonly source: string;
  readonly data: Uint8Array;
}

/** Splits a line of a log with details into the ID of the task and the text. */
export function splitDetails(line: string): { readonly task: string | undefined; readonly text: string } {
  const [details = "", task] = DETAILS.exec(line) ?? [];
  return { task, text: line.slice(details.length) };
}

/**
 * Returns the output of a service whose tasks end. What is followed may lack the end of it, which is read again when the tasks have
 * ended.
 *
 * @param isSingle - whether there is one task: lines of several begin with the ID of the task.
 * @param ended - aborted when all tasks have ended.
 */
export async function* taskOutput(
  client: Client,
  id: string,
  isSingle: boolean,
  ended: AbortSignal,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = async (follow: boolean, until: AbortSignal): Promise<AsyncIterable<Piece>> => {
    const output = await client.serviceLogs({ id, stdout: true, stderr: true, follow, details: !isSingle }, { signal: until });
    return isSingle ? ofStreams(output) : ofTasks(output);
  };
  const seen = new Map<string, number>();
  try {
    for await (const { source, data } of await pieces(true, AbortSignal.any([ended, signal]))) {
      seen.set(source, (seen.get(source) ?? 0) + data.length);
      yield data;
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  }
  for await (const { source, data } of await pieces(false, signal)) {
    const skipped = Math.min(seen.get(source) ?? 0, data.length);
    seen.set(source, (seen.get(source) ?? 0) - skipped);
    if (skipped < data.length) yield data.subarray(skipped);
  }
}

async function* ofStreams(output: FrameStream): AsyncGenerator<Piece> {
  for await (const { stream, data } of output) yield { source: stream, data };
}

async function* ofTasks(output: FrameStream): AsyncGenerator<Piece> {
  for await (const { stream, line } of output.lines()) {
    const { task = "", text } = splitDetails(line);
    yield { source: `${stream} ${task}`, data: Buffer.from(`${task.slice(0, 8)} | ${text}\n`) };
  }
}
