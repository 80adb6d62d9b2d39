import type { ImageConfig, ImageInspect } from "../../types/image.js";
import type { ImageHistoryItem } from "../../types/image-results.js";
import { EngineError } from "../engine-error.js";
import { parseTime } from "./image-config.js";
import { secondsOf } from "./image-list.js";
import type { ImageStore, StoredImage } from "./images.js";
import { digestsAmong, tagsAmong } from "./references.js";

/** The time that Docker shows if there is none. */
const NO_TIME = "0001-01-01T00:00:00Z";

/** The settings that inspect always shows, with the values of those that are not set. */
const emptySettings = {
  Cmd: null,
  Entrypoint: null,
  Env: null,
  Labels: null,
  OnBuild: null,
  User: "",
  Volumes: null,
  WorkingDir: "",
};

/** The settings that inspect shows if they are set. */
const optionalSettings = ["ArgsEscaped", "ExposedPorts", "Healthcheck", "Shell", "StopSignal"] as const;

/** The settings of containers that inspect also shows before API 1.50, with the values that they always have. */
const containerSettings = {
  AttachStderr: false,
  AttachStdin: false,
  AttachStdout: false,
  Domainname: "",
  Hostname: "",
  Image: "",
  OpenStdin: false,
  StdinOnce: false,
  Tty: false,
};

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0);

function settingsOf(config: ImageConfig, minor: number): ImageConfig {
  const shown: Record<string, unknown> = { ...(minor < 50 && containerSettings), ...emptySettings };
  for (const key of Object.keys(shown)) shown[key] = config[key as keyof ImageConfig] ?? shown[key];
  for (const key of optionalSettings) if (isSet(config[key])) shown[key] = config[key];
  return shown; // null for lists that are not set, as the engine has it
}

/**
 * Returns the answer of inspect.
 *
 * @param store - the images.
 * @param image - the image.
 * @param driver - the name of the storage driver.
 * @param minor - the number after the point of the API version, which decides about members that were removed.
 */
export function inspectImage(store: ImageStore, image: StoredImage, driver: string, minor = 51): ImageInspect {
  const { config } = image;
  const names = store.references.of(image.id);
  const layers = config.rootfs.diff_ids ?? [];
  return {
    Id: image.id,
    RepoTags: tagsAmong(names),
    RepoDigests: digestsAmong(names),
    Parent: image.parent ?? "",
    Comment: (config.comment ?? "") || (config.history?.at(-1)?.comment ?? ""),
    ...((config.created !== undefined || minor < 44) && { Created: config.created ?? NO_TIME }),
    ...(minor < 45 && { Container: config.container ?? "" }),
    // the settings of a container that most images do not have
    ...(minor < 45 && {
      ContainerConfig: config.container_config ?? settingsOf({}, minor),
    }),
    DockerVersion: config.docker_version ?? "",
    Author: config.author ?? "",
    Architecture: config.architecture ?? "",
    ...(config.variant !== undefined && config.variant !== "" && { Variant: config.variant }),
    Os: config.os ?? "",
    ...(isSet(config["os.version"]) && { OsVersion: config["os.version"] ?? "" }),
    Size: image.size,
    ...(minor < 44 && { VirtualSize: image.size }),
    GraphDriver: { Data: {}, Name: driver },
    RootFS: { Type: "layers", ...(layers.length > 0 && { Layers: layers }) },
    Metadata: { LastTagTime: image.lastTagged ?? NO_TIME },
    Config: config.config ? settingsOf(config.config, minor) : null,
  };
}

/**
 * Returns the steps of an image, newest first. A step has the ID of the image that it created, if that is on this engine, or
 * else `<missing>`.
 *
 * @param store - the images.
 * @param image - the image.
 * @throws {@link EngineError} when the configuration of the image contradicts itself.
 */
export function imageHistory(store: ImageStore, image: StoredImage): ImageHistoryItem[] {
  let layer = 0;
  const steps = (image.config.history ?? []).map((step): ImageHistoryItem => {
    const size = step.empty_layer ? 0 : image.layers[layer++]?.size;
    if (size === undefined) throw new EngineError(500, "too many non-empty layers in History section");
    return {
      Comment: step.comment ?? "",
      Created: secondsOf(parseTime(step.created)),
      CreatedBy: step.created_by ?? "",
      Id: "<missing>",
      Size: size,
      Tags: null as unknown as string[], // as the engine has it
    };
  });
  steps.reverse();
  let at: StoredImage | undefined = image;
  for (const step of steps) {
    if (!at) break;
    const tags = tagsAmong(store.references.of(at.id));
    step.Id = at.id;
    if (tags.length > 0) step.Tags = tags;
    at = at.parent === undefined ? undefined : store.get(at.parent);
  }
  return steps;
}
