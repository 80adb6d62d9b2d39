import { type Client, NoSuchImageError } from "../../index.js";

/** Does what needs an image. If the engine does not have the image, pulls it and does it again. */
export async function withImage<T>(client: Client, image: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NoSuchImageError)) throw error;
  }
  await client.pullImage({ repository: image }, { signal });
  return work();
}
