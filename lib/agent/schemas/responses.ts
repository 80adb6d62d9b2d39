import * as z from "zod";
import { guest } from "./guest.js";

const count = z.int().nonnegative();

/** The answer of methods about one guest. */
export const guestResponse = z
  .object({
    guest: guest.describe("The guest with its state after the call."),
    action: z.string().optional().describe("Always empty. Sent by JSON-RPC 1.0, where some methods had it."),
    message: z.string().optional().describe("A remark, such as that the guest was running before."),
  })
  .meta({ id: "GuestResponse", description: "The answer of methods about one guest." });

/** The answer of methods about containers. */
export const containerResponse = z
  .object({
    containers: z
      .array(z.looseObject({ Id: z.string(), Name: z.string() }).meta({ tsType: "ContainerInspect" }))
      .describe("What the engine returns for an inspection of each container."),
  })
  .meta({ id: "ContainerResponse", description: "The answer of methods about containers." });

/** An image of the agent's host. */
export const image = z
  .object({
    id: z.string().describe("ID or name of the image."),
    type: z.string().describe("Always container."),
    volume: z.string().optional().describe("Volume of images of virtual machines. Never sent."),
    snapshot: z.string().optional().describe("Snapshot of images of virtual machines. Never sent."),
    size: count.describe("Size in whole MB, rounded down."),
    status: z.string().optional().describe("A remark of the engine about the image."),
  })
  .meta({ id: "Image", description: "An image of the agent's host." });

/** The answer of methods about images. */
export const imageResponse = z
  .object({ images: z.array(image).describe("The images.") })
  .meta({ id: "ImageResponse", description: "The answer of methods about images." });

export type GuestResponse = z.infer<typeof guestResponse>;
export type Image = z.infer<typeof image>;
export type ImageResponse = z.infer<typeof imageResponse>;
