import { errorMessage } from "../../wire/realm.js";
import type { ContainerFiles, ContainerHost } from "./container-host.js";
import type { ContainerRecord } from "./record.js";

/** What of a container outlives the engine: its record and its files. */
export class KeptContainer {
  /** What is kept over a restart of the engine. */
  readonly record: ContainerRecord;
  readonly #host: ContainerHost;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(record: ContainerRecord, host: ContainerHost) {
    this.record = record;
    this.#host = host;
  }

  /** ID. */
  get id(): string {
    return this.record.id;
  }

  /** Its links as `inspect` shows them; null if it has none. */
  get linkTexts(): string[] | null {
    return this.#host.linkTexts(this.record);
  }

  /** The variables of its processes that describe the containers to which it has links. */
  get linkedEnvironment(): string[] {
    return this.#host.linkedEnvironment(this.record);
  }

  /** All its names: its own, and those by which other containers link to it. */
  get names(): string[] {
    return this.#host.namesOf(this.record);
  }

  /** Its files. */
  files(): Promise<ContainerFiles> {
    return this.#host.files(this.record);
  }

  /** Runs what must not happen at the same time as another change of this container. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined); // the caller gets the error
    return result;
  }

  /** Emits an event about this container. */
  emit(action: string, attributes: Readonly<Record<string, string>> = {}): void {
    const { config, name } = this.record;
    const labels = config.Labels ?? {};
    this.#host.events.emit("container", action, this.id, { ...labels, ...attributes, image: config.Image ?? "", name });
  }

  /** Keeps the record over a restart of the engine. */
  save(): Promise<void> {
    return this.#host.save(this.record);
  }

  /** Keeps what it wrote over a restart of the engine, with its record. */
  keepFiles(): Promise<void> {
    return this.#host.keepFiles(this.record, () => this.save());
  }

  /** Changes settings and keeps them. If that fails, they are as before. */
  async change(settings: Partial<Pick<ContainerRecord, "hostConfig" | "links" | "name" | "networks">>): Promise<void> {
    const { hostConfig, links, name, networks } = this.record;
    Object.assign(this.record, settings);
    try {
      await this.save();
    } catch (error) {
      Object.assign(this.record, { hostConfig, links, name, networks });
      throw error;
    }
  }

  /** Does what must not keep a container from running or ending, on a full disk for example. */
  protected async attempt(what: string, work: () => Promise<void> | void): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#host.report(`${what} of container ${this.id}: ${errorMessage(error)}`);
      return false;
    }
  }

  /** Keeps a state that the container has already, whether that succeeds or not. */
  async saveState(): Promise<void> {
    await this.attempt("record", () => this.save());
  }
}
