/** Follows an operation's progress as text, by callback and message by message, and awaits its result. */
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Client, StreamError } from "ts-dockerclient";

const client = Client.fromEnv();
const dockerfileContent = "FROM busybox\nRUN echo one\nRUN echo two\n";
try {
  // iterated: the loop receives every message, and the result can be awaited afterwards
  const building = client.buildImage({ dockerfileContent, noCache: true });
  let steps = 0;
  for await (const { stream } of building) if (/^step \d/i.test(stream ?? "")) steps += 1;
  const { imageId } = await building;
  console.log(`${steps} steps to ${imageId.slice(0, 15)}…`);

  // awaited: messages go to a callback or, as text, to a stream
  const archive = await buffer(await client.exportImage({ name: imageId }));
  await client.removeImage({ name: imageId });
  let messages = 0;
  const { images } = await client.loadImage({
    inputStream: Readable.from([archive]),
    onProgress: () => (messages += 1),
    outputStream: process.stdout,
  });
  console.log(`${messages > 0 ? "messages" : "no message"} while loading ${images.length} image`);
  await client.removeImage({ name: imageId });

  // a failure that the engine reports inside a successful response is an ordinary error
  const failing = { dockerfileContent: "FROM busybox\nRUN false\n", forceRmTmpContainer: true };
  await client.buildImage(failing).catch((error: unknown) => {
    if (error instanceof StreamError) console.log(error.message);
  });
} finally {
  await client.close();
}
