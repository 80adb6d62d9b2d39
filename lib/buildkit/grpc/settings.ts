/** How much a peer may send before it is acknowledged. Node's 64 KiB halve the speed of exports. */
export const WINDOW = 1024 * 1024;

/**
 * The settings of both sides of HTTP/2. A `.dockerignore` file arrives as one header for each of its patterns; Node's default of
 * 128 headers would end the build.
 */
export const HTTP2_OPTIONS = {
  maxHeaderListPairs: 100_000,
  settings: { maxHeaderListSize: 16 * 1024 * 1024, initialWindowSize: WINDOW, enablePush: false },
} as const;
