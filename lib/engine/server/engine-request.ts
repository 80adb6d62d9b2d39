import { IncomingMessage } from "node:http";

/** A request whose body can be observed while its route reads it. */
export class EngineRequest extends IncomingMessage {
  /** Called with each part of the body; on a hijacked connection, also with the input that follows. */
  onBody: ((part: Buffer) => void) | undefined;

  override push(part: Buffer | null, encoding?: BufferEncoding): boolean {
    if (part) this.onBody?.(part);
    return super.push(part, encoding);
  }
}
