/**
 * Returns the options that Node's `http` needs to connect to an engine.
 *
 * @param {string} endpoint - `unix:///path` or `tcp://host:port`.
 */
export function address(endpoint) {
  const { protocol, pathname, hostname, port } = new URL(endpoint);
  if (protocol === "unix:") return { socketPath: decodeURIComponent(pathname) };
  if (protocol === "tcp:" || protocol === "http:") return { host: hostname, port: Number(port) };
  throw new Error(`the benchmarks support only unix:// and tcp:// endpoints, not ${endpoint}`);
}
