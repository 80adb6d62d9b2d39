// The least that an application needs to decode output and messages. The baselines share it.

const STDERR = 2;
const HEADER = 8;

/** Writes the frames of a stream to the sink of each. */
export class Demultiplexer {
  #sinks;
  #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  #stream = 0;
  #left = 0;

  constructor(stdout, stderr) {
    this.#sinks = [stdout, stdout, stderr];
  }

  /** Writes a chunk to the sinks. Returns a sink that is full, if any. */
  take(chunk) {
    let full;
    for (let at = 0; at < chunk.length;) {
      if (this.#left > 0) {
        const end = Math.min(at + this.#left, chunk.length);
        const sink = this.#sinks[this.#stream];
        if (!sink.write(chunk.subarray(at, end))) full = sink;
        this.#left -= end - at;
        at = end;
      } else if (this.#headerLength === 0 && chunk.length - at >= HEADER) {
        this.#begin(chunk, at);
        at += HEADER;
      } else {
        const taken = chunk.copy(this.#header, this.#headerLength, at);
        at += taken;
        this.#headerLength += taken;
        if (this.#headerLength < HEADER) return full;
        this.#headerLength = 0;
        this.#begin(this.#header, 0);
      }
    }
    return full;
  }

  #begin(header, at) {
    this.#stream = header[at];
    if (this.#stream > STDERR) throw new Error(`invalid stream ${this.#stream} in a frame`);
    this.#left = header.readUInt32BE(at + 4);
  }

  end() {
    if (this.#left > 0 || this.#headerLength > 0) throw new Error("the output is truncated");
  }
}

/** Parses each line as JSON. */
export class JsonLines {
  #onMessage;
  #rest = Buffer.alloc(0);

  constructor(onMessage) {
    this.#onMessage = onMessage;
  }

  take(data) {
    const chunk = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    let at = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, at)) {
      this.#onMessage(JSON.parse(chunk.utf8Slice(at, end)));
      at = end + 1;
    }
    this.#rest = chunk.subarray(at);
  }
}
