import type { StoredImage } from "../store/images.js";
import type { EventLog } from "./event-log.js";

/**
 * Adds an event about an image. It has the labels of the image, except for one that is deleted.
 *
 * @param events - the events of the engine.
 * @param action - what happened, such as `tag` or `pull`.
 * @param image - the image.
 * @param name - the name in the event. By default the ID.
 * @param id - the object of the event. Pulls and pushes have a name instead of an ID.
 */
export function emitImageEvent(events: EventLog, action: string, image: StoredImage, name = image.id, id = image.id): void {
  const labels = action === "delete" ? {} : image.config.config?.Labels;
  events.emit("image", action, id, { ...labels, name });
}
