import { describe, expect, it } from "vitest";
import "../../../lib/index.js";
import { describeOperations } from "../../../lib/core/operation.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { plainCall } from "../../support/gates.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

/** Options with one or more image references that are split before they are sent. */
const split: Readonly<Record<string, readonly string[]>> = {
  buildImage: ["name"],
  commitContainer: ["repository"],
  exportImages: ["names"],
  importImage: ["repository"],
  pullImage: ["repository", "tag"],
  pushImage: ["tag"],
  tagImage: ["repo"],
};

const options = describeOperations().flatMap((operation) =>
  operation.options
    .filter(({ option, encoding }) => encoding === "reference" || split[operation.name]?.includes(option))
    .map(({ option }) => ({ operation, option })),
);

describe("options with an image reference", () => {
  it.each(["inspectImage", "removeImage", "pullImage", "pushImage", "inspectDistribution", "installPlugins", "inspectPlugins"])(
    "exist in %s",
    (name) => {
      expect(options.map(({ operation }) => operation.name)).toContain(name);
    },
  );

  it.each(options)("$operation.name rejects an invalid $option before it sends anything", async ({ operation, option }) => {
    const { client, lines } = await recordingDaemon({ status: 200, body: "" });
    const method = client[operation.name as keyof typeof client] as unknown as (options: object) => Promise<unknown>;
    for (const value of ["a b", "a:b:c", "a\u0000", "-x:"]) {
      const wanted = { ...plainCall(operation).options(), [option]: value };
      const error = await Promise.resolve(method.call(client, wanted)).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(error).toMatchObject({ option, operation: operation.name });
      expect((error as Error).message).toContain(`option "${option}" has `);
    }
    expect(lines()).toEqual([]);
  });

  it.each([
    ["createContainer", { config: { Image: "Busybox" } }, 'Image of option "config" has the upper-case letter "B"'],
    [
      "createService",
      { spec: { TaskTemplate: { ContainerSpec: { Image: "app:" } } } },
      'TaskTemplate.ContainerSpec.Image of option "spec" has an empty tag',
    ],
    [
      "updateService",
      { id: "s", version: 1, spec: { TaskTemplate: { ContainerSpec: { Image: "0".repeat(64) } } } },
      'TaskTemplate.ContainerSpec.Image of option "spec" is an image ID',
    ],
    ["runContainer", { image: "busybox:" }, 'Image of option "config" has an empty tag'],
  ] as const)("%s rejects an invalid image in its body", async (name, wanted, message) => {
    const { client, lines } = await recordingDaemon({ status: 200, body: "{}" });
    const method = client[name] as (options: object) => Promise<unknown>;
    const error = await method.call(client, wanted).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect((error as Error).message).toContain(message);
    expect(lines()).toEqual([]);
  });
});
