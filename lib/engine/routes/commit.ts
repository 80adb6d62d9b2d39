import type { ContainerConfig } from "../../types/container-config.js";
import type { ImageConfig } from "../../types/image.js";
import { applyChanges } from "../builder/apply-changes.js";
import { commitImage, imageSettings } from "../builder/commit-image.js";
import type { Clock } from "../clock.js";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { mergedConfig } from "../containers/create-config.js";
import { conflict } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { formatName, parseTarget } from "../store/image-reference.js";
import type { ImageStore, StoredImage } from "../store/images.js";

/** What the route of commits needs. */
export interface CommitParts {
  /** The containers. */
  readonly containers: Containers;
  /** The images. */
  readonly images: ImageStore;
  /** The time. */
  readonly clock: Clock;
  /** Version of the engine, which images record. */
  readonly version: string;
}

/** The route that makes images of containers. */
export function commitRoutes(parts: CommitParts): Route[] {
  return [{ method: "POST", path: "/commit", handle: (exchange) => commit(exchange, parts) }];
}

async function commit(exchange: Exchange, parts: CommitParts): Promise<void> {
  const { containers, images } = parts;
  const { query } = exchange;
  const body = await exchange.body<ContainerConfig>();
  const target = query.text("repo") === "" ? undefined : parseTarget(query.text("repo"), query.text("tag"));
  const container = containers.find(query.text("container"));
  const { status } = container.record.state;
  if (status === "removing" || status === "dead")
    throw conflict(`You cannot commit container ${container.id} which is ${status}`);
  const comment = query.text("comment") || query.text("m");
  const config = committedConfig(container, body, query.all("changes"));
  const pauses = query.flag("pause", true) && container.isRunning && status !== "paused";
  if (pauses) await container.pause();
  let image: StoredImage;
  try {
    image = await commitContainer(container, parts, { config, comment, author: query.text("author") });
  } finally {
    if (pauses) await container.unpause();
  }
  if (target) await images.tag(image, target);
  container.emit("commit", { comment, imageID: image.id, imageRef: target ? formatName(target) : "" });
  exchange.json({ Id: image.id }, 201);
}

/** Returns the settings of the image: those of the request with its changes, and those of the container that these leave open. */
function committedConfig({ id, record }: Container, body: ContainerConfig | undefined, changes: readonly string[]): ImageConfig {
  const own = imageSettings(record.config);
  const changed = applyChanges(body ? imageSettings(body) : own, changes);
  const request = { ...changed, HostConfig: {}, NetworkingConfig: {} };
  return imageSettings({
    ...mergedConfig(request, { config: own, rootfs: { type: "layers" } }, id, ""),
    OnBuild: changed.OnBuild,
  });
}

/** Makes an image of what a container wrote. */
export async function commitContainer(
  container: Container,
  { images, clock, version }: CommitParts,
  texts: { config: ImageConfig; comment: string; author: string },
): Promise<StoredImage> {
  const { record } = container;
  const { root } = await container.files();
  const base = images.get(record.image);
  if (!base) throw conflict(`the image ${record.image} of container ${record.id} was removed`);
  const command = [...(record.config.Entrypoint ?? []), ...(record.config.Cmd ?? [])].join(" ");
  return commitImage(images, { base, files: root, createdBy: command, now: clock.now(), version, ...texts });
}
