import type { EventScope } from "../../types/event.js";
import type { TestedState } from "./tested-state.js";

/** An event that a test emits. */
export interface NewEngineEvent {
  /** Type of the object, such as `container`. */
  type: string;
  /** Action, such as `start`. */
  action: string;
  /** ID of the object; its name for volumes. */
  id: string;
  /** Attributes of the object. The default is none. */
  attributes?: Readonly<Record<string, string>>;
  /** Scope. The default is `local`. */
  scope?: EventScope;
}

/**
 * Emits events: `engine.events`.
 *
 * @category Embedded engine
 */
export class EngineEvents {
  readonly #state: () => TestedState;

  /** @internal */
  constructor(state: () => TestedState) {
    this.#state = state;
  }

  /** Emits an event to all listeners, with the time of the engine's clock. Nothing else changes. */
  emit({ type, action, id, attributes, scope }: NewEngineEvent): void {
    this.#state().events.emit(type, action, id, attributes, scope);
  }

  /** How many clients listen to events. */
  get listenerCount(): number {
    return this.#state().events.listenerCount;
  }
}
