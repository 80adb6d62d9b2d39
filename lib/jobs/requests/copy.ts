/** Copies output until it ends, or until nobody waits for more. */
export async function copy(
  output: AsyncIterable<Uint8Array> | undefined,
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  if (!output) return;
  try {
    for await (const chunk of output) await write(chunk);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
