/** The metadata of a call. */
export class Metadata {
  readonly #values = new Map<string, string[]>();

  /**
   * @param raw - the names and values of the headers in turn, as Node received them: it joins repeated headers with commas, which
   * their values may contain, and reads their bytes as Latin-1.
   */
  constructor(raw: readonly string[]) {
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = (raw[at] ?? "").toLowerCase();
      const value = Buffer.from(raw[at + 1] ?? "", "latin1").toString();
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
    }
  }

  /** Returns all values of a name. Values that are not ASCII arrive percent-encoded from Docker 26 on, and raw before. */
  all(name: string): string[] {
    const values = this.#values.get(name) ?? [];
    return this.#values.get(`${name}-encoded`)?.[0] === "1" ? values.map(decoded) : values;
  }

  /** Returns the first value of a name; undefined if there is none. */
  first(name: string): string | undefined {
    return this.all(name)[0];
  }
}

/** Decodes a value in the form encoding of queries. What cannot be decoded stays as it is. */
function decoded(value: string): string {
  return new URLSearchParams(`v=${value.replaceAll("&", "%26")}`).get("v") ?? value;
}
