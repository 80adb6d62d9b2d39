/** How long a start took, in milliseconds: on this machine as busy as it is, and of the processor. */
interface StartTime {
  readonly wall: number;
  readonly cpu: number;
}

/** The longest time of the processor that a restart may take, in milliseconds. */
const LONGEST_RESTART = 2_000;

/** The report of a run. */
export class Report {
  readonly #counts = new Map<string, number>();
  readonly #restarts: StartTime[] = [];
  readonly #notes: string[] = [];
  /** The number of faults. */
  faults = 0;

  /** Reports a fault. */
  fault(text: string): void {
    this.faults += 1;
    console.log(`FAULT ${text}`);
  }

  /** Shows how far the run is, on a terminal. */
  progress(text: string): void {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}`);
  }

  /** Notes how long a restart took. */
  restarted(time: StartTime): void {
    this.#restarts.push(time);
    if (time.cpu > LONGEST_RESTART) this.fault(`a restart took ${Math.round(time.cpu)} ms of the processor`);
  }

  /** Counts something. */
  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Adds a line to the summary. */
  note(text: string): void {
    this.#notes.push(text);
  }

  /** Prints the summary. */
  print(name: string): void {
    console.log(`\n${name}: ${this.faults} faults`);
    if (this.#restarts.length > 0)
      console.log(`  ${this.#restarts.length} restarts: ${this.#times("wall")}; ${this.#times("cpu")}`);
    for (const [counted, count] of this.#counts) console.log(`  ${counted}: ${count}`);
    for (const text of this.#notes) console.log(`  ${text}`);
  }

  #times(kind: keyof StartTime): string {
    const sorted = this.#restarts.map((time) => time[kind]).toSorted((one, other) => one - other);
    const at = (part: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
    return `${kind} median ${at(0.5)} ms, longest ${at(1)} ms`;
  }
}
