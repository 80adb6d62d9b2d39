import type { Clock } from "../clock.js";
import type { Containers } from "../containers/containers.js";
import type { EventLog } from "../events/event-log.js";
import { loginToRegistry } from "../registry/login.js";
import type { ImageStore } from "../store/images.js";
import type { EngineFacts } from "../system/engine-facts.js";
import type { Volumes } from "../volumes/volumes.js";
import { diskUsageOf } from "./disk-usage.js";
import type { SystemSources } from "./system.js";

/** The objects that are counted. */
export interface CountedObjects {
  readonly clock: Clock;
  readonly containers: Containers;
  readonly events: EventLog;
  readonly images: ImageStore;
  readonly volumes: Volumes;
}

/** Returns what the routes of the system need. */
export function systemSources(facts: EngineFacts, objects: CountedObjects): SystemSources {
  const { clock, containers, events, images, volumes } = objects;
  const count = (...statuses: string[]): number =>
    containers.all().filter(({ record }) => statuses.includes(record.state.status)).length;
  return {
    facts,
    counts: () => ({
      running: count("running", "restarting"),
      paused: count("paused"),
      stopped: count("created", "exited", "dead", "removing"),
      images: images.all().size,
      listeners: events.listenerCount,
      now: clock.now(),
    }),
    usage: diskUsageOf({ images, containers, volumes, clock }),
    login: ({ identityToken, password, serverAddress, username }) =>
      loginToRegistry(
        { identitytoken: identityToken, password, serveraddress: serverAddress, username },
        { insecureRegistries: facts.insecureRegistries },
      ),
  };
}
