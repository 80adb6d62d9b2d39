/** A promise that a spec settles. */
export interface Held<T> {
  readonly promise: Promise<T>;
  release(value: T): void;
  fail(error: unknown): void;
}

/** Returns a promise that a spec settles. */
export function held<T = void>(): Held<T> {
  let release!: Held<T>["release"];
  let fail!: Held<T>["fail"];
  const promise = new Promise<T>((resolve, reject) => {
    release = resolve;
    fail = reject;
  });
  promise.catch(() => undefined); // it may fail before anybody waits
  return { promise, release, fail };
}
