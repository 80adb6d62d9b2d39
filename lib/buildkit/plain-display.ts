import { StringDecoder } from "node:string_decoder";
import type { BuildTrace, BuildVertex, BuildVertexStatus } from "../types/build-trace.js";

/** How long a step keeps the floor, in milliseconds. */
const FLOOR = 5_000;

/** How much a status has to advance before it is printed again. */
const STRIDE = 0.05;

/** How many of the last lines of a failed step are repeated at the end. */
const LAST_LINES = 10;

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Formats an amount in decimal units. */
function amount(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(2)}${units[unit] ?? ""}`;
}

/** Formats the time since the start of a step. */
function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : 1);
}

const secondsBetween = (from: Date | undefined, to: Date | undefined): number =>
  from && to ? Math.max(0, to.getTime() - from.getTime()) / 1000 : 0;

/** What is known of a step. */
class Step {
  readonly number: number;
  vertex: BuildVertex;
  /** The first start. */
  started: Date | undefined;
  readonly #printed = new Map<string, { current: number; time: number; isDone: boolean }>();
  readonly #decoders = new Map<number, StringDecoder>();
  #rest = "";
  /** The lines that wait to be printed. */
  waiting: string[] = [];
  readonly last: string[] = [];
  isEnded = false;

  constructor(number: number, vertex: BuildVertex) {
    this.number = number;
    this.vertex = vertex;
  }

  get isRunning(): boolean {
    return this.vertex.started !== undefined && this.vertex.completed === undefined;
  }

  print(text: string): void {
    this.waiting.push(`#${this.number} ${text}`);
  }

  log(stream: number, data: Buffer, time: Date | undefined): void {
    let decoder = this.#decoders.get(stream);
    if (!decoder) this.#decoders.set(stream, (decoder = new StringDecoder()));
    const lines = (this.#rest + decoder.write(data)).split("\n");
    this.#rest = lines.pop() ?? "";
    const at = elapsed(secondsBetween(this.started, time) * 1000);
    for (const line of lines) this.#line(`${at} ${line.replace(/\r$/, "")}`);
  }

  /** Prints the last line, which has no end. */
  endLog(): void {
    if (this.#rest !== "") this.#line(`${elapsed(secondsBetween(this.started, this.vertex.completed) * 1000)} ${this.#rest}`);
    this.#rest = "";
  }

  status({ id, current, total, started, completed }: BuildVertexStatus): void {
    const before = this.#printed.get(id);
    const now = Date.now();
    const isDone = completed !== undefined;
    if (before && (before.isDone || !isDone)) {
      const advanced = total > 0 ? (current - before.current) / total : 0;
      if (before.isDone || (advanced < STRIDE && now - before.time < FLOOR)) return;
    }
    this.#printed.set(id, { current, time: now, isDone });
    const figures = total > 0 ? `${amount(current)} / ${amount(total)}` : current > 0 ? amount(current) : "";
    const time = secondsBetween(started, completed);
    this.print(
      [id, figures, ...(time > 0.01 ? [`${time.toFixed(1)}s`] : []), ...(isDone ? ["done"] : [])].filter(Boolean).join(" "),
    );
  }

  #line(text: string): void {
    this.print(text);
    this.last.push(text);
    if (this.last.length > LAST_LINES) this.last.shift();
  }
}

/** Prints a BuildKit build as lines of text, as `docker build --progress plain` does. */
export class PlainDisplay {
  readonly #steps = new Map<string, Step>();
  #floor: Step | undefined;
  #since = 0;
  #hasPrinted = false;

  /** Returns the lines for the changes of a build. */
  render(trace: BuildTrace): string {
    const touched = new Set<Step>();
    for (const vertex of trace.vertexes) touched.add(this.#merge(vertex));
    const stepOf = (digest: string): Step | undefined => {
      const step = this.#steps.get(digest);
      if (step) touched.add(step);
      return step;
    };
    for (const status of trace.statuses) stepOf(status.vertex)?.status(status);
    for (const { vertex, message } of trace.warnings) stepOf(vertex)?.print(`WARN: ${message}`);
    for (const { vertex, stream, data, timestamp } of trace.logs) stepOf(vertex)?.log(stream, data, timestamp);
    const completed = [...touched].filter(({ vertex, isEnded }) => vertex.completed && !isEnded);
    completed.sort((a, b) => Number(a.vertex.completed) - Number(b.vertex.completed));
    let text = "";
    if (this.#floor?.isEnded === false && completed.includes(this.#floor)) text += this.#end(this.#floor);
    for (const step of completed) if (!step.isEnded) text += this.#end(step);
    return text + this.#printRunning(touched);
  }

  /** Returns what the docker command repeats after the end of a failed build. */
  summary(digest: string | undefined): string {
    const failed = [...this.#steps.values()].filter(({ vertex }) => vertex.error !== "" && vertex.digest === digest);
    return failed.map(({ vertex, last }) => ["------", ` > ${vertex.name}:`, ...last, "------", ""].join("\n")).join("");
  }

  #merge(vertex: BuildVertex): Step {
    let step = this.#steps.get(vertex.digest);
    if (!step) this.#steps.set(vertex.digest, (step = new Step(this.#steps.size + 1, vertex)));
    step.started ??= vertex.started;
    step.vertex = vertex;
    if (vertex.started && !vertex.completed) step.isEnded = false;
    return step;
  }

  /** Lets a running step print what waits, unless another one keeps the floor. */
  #printRunning(touched: ReadonlySet<Step>): string {
    const floor = this.#floor;
    if (floor?.isRunning && Date.now() - this.#since < FLOOR) return this.#print(floor);
    const next = [...touched].reverse().find((step) => step.isRunning && step !== floor) ?? floor;
    return next?.isRunning ? this.#print(next) : "";
  }

  #end(step: Step): string {
    const { vertex } = step;
    step.endLog();
    if (vertex.error.endsWith("context canceled")) step.print("CANCELED");
    else if (vertex.error !== "") step.print(`ERROR: ${vertex.error}`);
    else if (vertex.cached) step.print("CACHED");
    else step.print(`DONE ${secondsBetween(step.started, vertex.completed).toFixed(1)}s`);
    const text = this.#print(step);
    step.isEnded = true;
    this.#floor = undefined;
    return text;
  }

  /** Gives a step the floor, and returns what it has to say. */
  #print(step: Step): string {
    let text = "";
    if (this.#floor !== step) {
      if (this.#floor?.isEnded === false) text += `#${this.#floor.number} ...\n`;
      text += `${this.#hasPrinted ? "\n" : ""}#${step.number} ${step.vertex.name}\n`;
      this.#floor = step;
      this.#since = Date.now();
      this.#hasPrinted = true;
    }
    for (const line of step.waiting) text += `${line}\n`;
    step.waiting = [];
    return text;
  }
}
