/** A request that the embedded registry refuses. */
export class RegistryFault extends Error {
  /** Status code of the response. */
  readonly status: number;
  /** Code of the error, such as `BLOB_UNKNOWN`. */
  readonly code: string;
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "RegistryFault";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
