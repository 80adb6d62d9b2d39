import type { IncomingMessage } from "node:http";
import { clearTimeout, setTimeout } from "../wire/clock.js";

/** Why the body of a request was not read. */
export class BodyError extends Error {
  override name = "BodyError";
  /** The HTTP status for it. */
  readonly status: 408 | 413 | 415;

  constructor(status: 408 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

/** Limits of the body of a request. */
export interface BodyLimits {
  /** The most bytes. */
  readonly bytes: number;
  /** How long no byte may arrive, in milliseconds. */
  readonly idle: number;
}

/**
 * Reads the body of a request.
 *
 * @throws a {@link BodyError} if it is compressed, longer than the limit, or stops arriving. Resolves to `undefined` if the caller
 * closes the connection before its end.
 */
export async function readBody(request: IncomingMessage, { bytes, idle }: BodyLimits): Promise<Buffer | undefined> {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity")
    throw new BodyError(415, `a body with the content encoding ${JSON.stringify(encoding)} is not supported`);
  const tooLarge = (): BodyError => new BodyError(413, `the body is longer than ${bytes} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > bytes) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      request.removeAllListeners("data");
      outcome();
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => settle(() => reject(new BodyError(408, `no byte of the body arrived for ${idle} ms`))), idle);
    };
    wait();
    request.on("data", (chunk: Buffer) => {
      wait();
      length += chunk.length;
      if (length > bytes) {
        settle(() => reject(tooLarge()));
        return;
      }
      chunks.push(chunk);
    });
    request.once("end", () => settle(() => resolve(Buffer.concat(chunks))));
    request.once("close", () => settle(() => resolve(undefined)));
    request.once("error", () => settle(() => resolve(undefined)));
  });
}
