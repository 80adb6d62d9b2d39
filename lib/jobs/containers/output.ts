/** Returns the bytes of a container's output. */
export async function* bytesOf(frames: AsyncIterable<{ readonly data: Uint8Array }>): AsyncGenerator<Uint8Array> {
  for await (const { data } of frames) yield data;
}
