import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A file that is served. */
export interface ServedFile {
  /** Media type. By default it is not sent. */
  readonly type?: string;
  /** Content. */
  readonly content: Buffer | string;
}

/** Serves files by their paths for the rest of the test. Returns the address. */
export async function fileServer(files: Readonly<Record<string, ServedFile>>): Promise<string> {
  const server = createServer(({ url = "/" }, response) => {
    const { type, content } = files[url] ?? {};
    const headers = { ...(type === undefined ? {} : { "content-type": type }), "last-modified": "Thu, 01 Jan 2026 00:00:01 GMT" };
    response.writeHead(content === undefined ? 404 : 200, headers).end(content ?? "gone");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
