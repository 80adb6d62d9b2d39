import type { PackEntry } from "../../archive/pack-entries.js";
import type { Clock } from "../clock.js";
import type { Containers } from "../containers/containers.js";
import type { EventLog } from "../events/event-log.js";
import type { Program } from "../runtime/program/program.js";
import type { ImageStore } from "../store/images.js";
import type { Volumes } from "../volumes/volumes.js";

/** What tests change directly. */
export interface TestedState {
  readonly clock: Clock;
  readonly containers: Containers;
  readonly events: EventLog;
  readonly images: ImageStore;
  readonly volumes: Volumes;
  /** Returns a shell and small programs that containers can run, as files of an image. */
  readonly basePrograms: () => Promise<PackEntry[]>;
  /** Whether containers run JavaScript functions. */
  readonly runsPrograms: boolean;
  /** Registers a program, also for the time after a restart or a reset. */
  readonly register: (name: string, program: Program) => void;
}
