/**
 * The program that runs in the network namespace of an engine, by the Node.js of the engine itself: it connects to containers for those
 * who ask on a socket, and passes the questions of containers for names on. It ends with the engine.
 *
 * It is a text because it runs without the rest of the package, whatever form that is in.
 */
export const relayScript = String.raw`
const net = require("node:net");
const dgram = require("node:dgram");
const resolvers = new Map();

// each connection begins with a line that says where to; the answer is "+", or "-" and the code of the error
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  let head = "";
  const read = (chunk) => {
    head += chunk.toString("latin1");
    if (!head.endsWith("\n")) return;
    client.off("data", read).pause();
    const target = net.connect({ ...JSON.parse(head), allowHalfOpen: true, noDelay: true });
    client.once("close", () => target.destroy());
    let isConnected = false;
    target.once("connect", () => {
      isConnected = true;
      client.write("+");
      client.pipe(target).pipe(client);
    });
    target.on("error", (error) => (isConnected ? client.destroy() : client.end("-" + error.code)));
  };
  client.on("data", read).on("error", () => client.destroy());
});

function resolve(address) {
  const socket = dgram.createSocket(address.includes(":") ? "udp6" : "udp4");
  const done = (error) => process.send({ resolving: address, error: error && error.message });
  socket.on("error", done);
  socket.on("message", (question, { address: from, port }) => process.send({ question: question.toString("base64"), address, from, port }));
  socket.bind(53, address, () => done());
  resolvers.set(address, socket);
}

process.on("message", ({ resolve: address, stop, answer, at, to, port }) => {
  if (address) resolve(address);
  if (stop) resolvers.get(stop)?.close();
  if (answer) resolvers.get(at)?.send(Buffer.from(answer, "base64"), port, to);
});
process.on("disconnect", () => process.exit());
server.listen(process.argv[1], () => process.send({ listening: true }));
`;
