import type { Client } from "../../index.js";
import { hasEnded } from "../owner.js";
import { isUp, type Owned, roleName } from "./owned.js";

/** Puts new containers in the place of old ones, and finishes or undoes what a process that was killed has begun. */
export class Swap {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Puts a container in the place of another.
   *
   * @param next - ID of the new one, which has been created with the name for it.
   * @param current - the old one; undefined if there is none.
   * @throws what the engine says. The new one is gone then, and the old one is as it was.
   */
  async replace(id: string, next: string, current: Owned | undefined, isStarted: boolean): Promise<void> {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      if (current) {
        const old = current.containerId;
        if (isUp(current)) {
          undo.push(() => this.#client.startContainer({ id: old }));
          await this.#client.stopContainer({ id: old });
        }
        undo.push(() => this.#client.renameContainer({ id: old, name: roleName(id, "base") }));
        await this.#client.renameContainer({ id: old, name: roleName(id, "old") });
      }
      await this.#client.renameContainer({ id: next, name: roleName(id, "base") });
      if (isStarted) await this.#client.startContainer({ id: next });
    } catch (error) {
      await this.remove(next).catch(() => undefined); // what was wrong first is what the caller must know
      for (const step of undo.reverse()) await step().catch(() => undefined);
      throw error;
    }
    // what remains of it goes with the next start of the jobs
    if (current) await this.remove(current.containerId).catch(() => undefined);
  }

  /** Removes a container, if it exists. Its named volumes stay. */
  async remove(containerId: string): Promise<void> {
    try {
      await this.#client.removeContainer({ id: containerId, force: true, removeVolumes: true });
    } catch (error) {
      if ((error as { status?: unknown }).status !== 404) throw error;
    }
  }

  /**
   * Finishes or undoes the installation of a container, if the process that began it has ended.
   *
   * @param containers - all containers with the identifier.
   */
  async reconcile(id: string, containers: readonly Owned[]): Promise<void> {
    const inRole = (role: Owned["role"]): Owned | undefined => containers.find((container) => container.role === role);
    const [base, next, old] = [inRole("base"), inRole("next"), inRole("old")];
    const newest = next ?? base ?? old;
    if (!newest || !(await hasEnded(newest.definition.owner, newest.created))) return;
    if (next) await this.#undo(id, next, base, old);
    else if (base) await this.#finish(id, base, old);
    else await this.#client.renameContainer({ id: newest.containerId, name: roleName(id, "base") });
  }

  /** The new container had not taken over. */
  async #undo(id: string, next: Owned, base: Owned | undefined, old: Owned | undefined): Promise<void> {
    if (!base && old) await this.#client.renameContainer({ id: old.containerId, name: roleName(id, "base") });
    await this.remove(next.containerId);
    const restored = base ?? old;
    if (restored && next.definition.replacesRunning && !isUp(restored))
      await this.#client.startContainer({ id: restored.containerId });
  }

  /** The new container had taken over, but had perhaps not been started. */
  async #finish(id: string, base: Owned, old: Owned | undefined): Promise<void> {
    const isDue = base.state === "created" && base.definition.options.started === true;
    try {
      if (isDue) await this.#client.startContainer({ id: base.containerId });
    } catch (error) {
      if (!old) throw error;
      await this.remove(base.containerId);
      await this.#client.renameContainer({ id: old.containerId, name: roleName(id, "base") });
      if (base.definition.replacesRunning) await this.#client.startContainer({ id: old.containerId });
      return;
    }
    if (old) await this.remove(old.containerId);
  }
}
